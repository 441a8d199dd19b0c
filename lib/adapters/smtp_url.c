/* smtp_url.c - the address of the mail server, checked. */
/* SPDX-License-Identifier: MIT */
#include "adapters/smtp_url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/cleanup.h"
#include "base/text.h"

static void curl_url_freep(CURLU **u)
{
	curl_url_cleanup(*u);
}

static void curl_textp(char **text)
{
	curl_free(*text);
}

/* libcurl never asks a name server about "localhost", so the name is as good as the addresses. */
static bool is_loopback(const char *host)
{
	return text_is_equal_ci(host, "localhost") || strncmp(host, "127.", 4) == 0 ||
	       strcmp(host, "[::1]") == 0;
}

/* A host name or an address literal, RFC 5321 s.4.1.1.1. */
static bool is_local_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-[]:";

	return strlen(name) <= 255 && strspn(name, allowed) == strlen(name);
}

static int refuse(struct fault *f, const char *why)
{
	return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "[smtp] %s", why);
}

static int check(CURLU *u, const char *url, bool plaintext, struct fault *f)
{
	CLEANUP(curl_textp) char *scheme = NULL;
	CLEANUP(curl_textp) char *host = NULL;
	CLEANUP(curl_textp) char *user = NULL;

	if (curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
		curl_url_get(u, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return refuse(f, "url: write smtp://HOST:PORT or smtps://HOST:PORT");
	if (strcmp(scheme, "smtp") != 0 && strcmp(scheme, "smtps") != 0)
		return refuse(f, "url: the scheme is neither smtp nor smtps");
	if (curl_url_get(u, CURLUPART_USER, &user, 0) == CURLUE_OK)
		return refuse(f, "url: user and password do not belong in it; use user and "
				 "credential");
	if (plaintext && !is_loopback(host))
		return refuse(f, "tls: a connection without TLS is only possible to this machine "
				 "(localhost, 127.0.0.1 or [::1])");
	return 0;
}

static int place_of(CURLU *u, char **ret)
{
	CLEANUP(curl_textp) char *host = NULL;
	CLEANUP(curl_textp) char *port = NULL;

	if (curl_url_get(u, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
		curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return -ENOMEM;
	return asprintf(ret, "%s:%s", host, port) < 0 ? -ENOMEM : 0;
}

static int text_of(CURLU *u, const char *local_name, struct smtp_url *ret)
{
	CLEANUP(curl_textp) char *whole = NULL;
	CLEANUP(freep) char *place = NULL;

	if (curl_url_set(u, CURLUPART_PATH, local_name, 0) != CURLUE_OK ||
		curl_url_get(u, CURLUPART_URL, &whole, 0) != CURLUE_OK || place_of(u, &place) < 0)
		return -ENOMEM;
	ret->url = strdup(whole);
	if (!ret->url)
		return -ENOMEM;
	ret->place = TAKE_PTR(place);
	return 0;
}

int smtp_url_parse(const char *url, const char *local_name, bool plaintext, struct smtp_url *ret,
	struct fault *f)
{
	CLEANUP(curl_url_freep) CURLU *u = curl_url();
	int r;

	if (!u)
		return fault_set(f, -ENOMEM, "no memory for the url of [smtp]");
	if (!is_local_name(local_name))
		return refuse(f, "the name for EHLO is no host name");
	r = check(u, url, plaintext, f);
	if (r < 0)
		return r;
	if (text_of(u, local_name, ret) < 0)
		return fault_set(f, -ENOMEM, "no memory for the url of [smtp]");
	return 0;
}

void smtp_url_done(struct smtp_url *u)
{
	free(u->url);
	free(u->place);
	*u = (struct smtp_url){ 0 };
}
