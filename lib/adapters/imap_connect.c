/* imap_connect.c - an authenticated connection to an IMAP server, opened by libcurl.
 *
 * CURLOPT_CONNECT_ONLY with an imap URL does name, TCP, TLS or STARTTLS, and the login with what
 * the server offers; the stream is then ours.
 *
 * Security: libcurl verifies chain and host name before it sends a name or a secret. The texts of
 * faults name host and port only; what a server says to a login is never repeated. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "adapters/imap_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

enum {
	KEEPALIVE_SEC = 120, /* below the usual NAT timeout of five minutes */
};

/* A URL taken apart. */
struct target {
	bool is_tls; /* imaps */
	char host[256];
	char port[8];
};

static void curl_freep(char **p)
{
	curl_free(*p);
}

static void curl_urlp(CURLU **u)
{
	curl_url_cleanup(*u);
}

static void curl_easyp(CURL **c)
{
	if (*c)
		curl_easy_cleanup(*c);
}

static int copy_part(CURLU *u, CURLUPart part, char *to, size_t room)
{
	CLEANUP(curl_freep) char *text = NULL;
	int n;

	if (curl_url_get(u, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return -EINVAL;
	n = snprintf(to, room, "%s", text);
	return n > 0 && (size_t) n < room ? 0 : -EINVAL;
}

static int read_url(const char *url, struct target *ret, struct fault *f)
{
	CLEANUP(curl_urlp) CURLU *u = curl_url();
	char scheme[8];

	if (!u)
		return fault_set(f, -ENOMEM, "memory is short");
	if (curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
		copy_part(u, CURLUPART_SCHEME, scheme, sizeof scheme) < 0 ||
		(strcmp(scheme, "imap") != 0 && strcmp(scheme, "imaps") != 0) ||
		copy_part(u, CURLUPART_HOST, ret->host, sizeof ret->host) < 0 ||
		copy_part(u, CURLUPART_PORT, ret->port, sizeof ret->port) < 0)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"the mailbox's url must be imaps://host[:port] or imap://host[:port]");
	ret->is_tls = strcmp(scheme, "imaps") == 0;
	return 0;
}

static bool is_loopback(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
	       strcmp(host, "[::1]") == 0;
}

/* How one of libcurl's results is told. */
struct mapping {
	CURLcode curl;
	enum fault_kind kind;
	int code;
	const char *text; /* ends the sentence that host:port begins */
};

static const struct mapping mappings[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, FAULT_NETWORK, -EHOSTUNREACH,
		"the host's name is unknown: check url and the DNS" },
	{ CURLE_COULDNT_RESOLVE_PROXY, FAULT_NETWORK, -EHOSTUNREACH,
		"the proxy's name is unknown: check the proxy and the DNS" },
	{ CURLE_COULDNT_CONNECT, FAULT_NETWORK, -ECONNREFUSED,
		"no connection: is the server running, the port right, the firewall open?" },
	{ CURLE_OPERATION_TIMEDOUT, FAULT_NETWORK, -ETIMEDOUT,
		"no answer in time: is the server overloaded, or a firewall silent?" },
	{ CURLE_PEER_FAILED_VERIFICATION, FAULT_TLS, -EKEYREJECTED,
		"the server's certificate is not accepted: expired, of another name, or not "
		"signed by a trusted authority; renew it, or set ca_file" },
	{ CURLE_SSL_CACERT_BADFILE, FAULT_TLS, -EKEYREJECTED,
		"the file of trusted authorities cannot be read: check ca_file" },
	{ CURLE_USE_SSL_FAILED, FAULT_TLS, -EPROTONOSUPPORT,
		"the server does not offer STARTTLS: use imaps:// or enable it there" },
	{ CURLE_SSL_CONNECT_ERROR, FAULT_TLS, -EPROTO,
		"no TLS session: does the port speak TLS at once (imaps://) or STARTTLS "
		"(imap://), and TLS 1.2 or newer?" },
	{ CURLE_LOGIN_DENIED, FAULT_AUTH, -EACCES,
		"the server refused the login: check user and credential; the next attempt "
		"waits, so that the account is not locked" },
	{ CURLE_WEIRD_SERVER_REPLY, FAULT_PROTOCOL, -EPROTO,
		"no IMAP server, or it refused to serve: check the port" },
};

static bool is_code_byte(char c)
{
	return isalpha((unsigned char) c) || c == '-';
}

/* What the server said last to end or refuse the conversation. */
struct last_word {
	bool is_bye;
	char code[24]; /* in brackets behind NO or BYE (RFC 5530); "": none */
};

/* Called by libcurl with each line of the server's. */
static size_t hear_line(char *line, size_t one, size_t n, void *context)
{
	struct last_word *last = context;
	size_t tag = 0;
	size_t at;
	size_t k = 0;

	(void) one; /* 1, always */
	while (tag < n && line[tag] != ' ')
		tag++;
	at = tag + 1;
	if (n > at + 3 && strncasecmp(line + at, "BYE", 3) == 0 && line[0] == '*')
		last->is_bye = true;
	else if (n <= at + 3 || strncasecmp(line + at, "NO ", 3) != 0)
		return n;
	for (at += 3; at < n && (line[at] == ' ' || line[at] == '['); at++)
		;
	for (; at + k < n && k + 1 < sizeof last->code && is_code_byte(line[at + k]); k++)
		last->code[k] = line[at + k];
	last->code[k] = '\0';
	if (at + k == n || line[at + k] != ']')
		last->code[0] = '\0'; /* a word of a sentence */
	return n;
}

/* A server that has no room or no time is not one that knows us not: the account is in no danger. */
static int map_busy(const struct last_word *last, const char *place, struct fault *f)
{
	if (imap_is_busy(last->code))
		return fault_set_kind(f, FAULT_NETWORK, -EBUSY,
			"%s: the server is busy [%s]: it is asked again later", place, last->code);
	if (last->is_bye)
		return fault_set_kind(f, FAULT_NETWORK, -EBUSY,
			"%s: the server said BYE: are there too many connections, or does it go "
			"down?",
			place);
	return 0;
}

static int map_failure(CURLcode c, const char *place, const char *detail, struct fault *f)
{
	for (size_t i = 0; i < sizeof mappings / sizeof mappings[0]; i++) {
		const struct mapping *m = &mappings[i];

		if (m->curl != c)
			continue;
		if (m->kind == FAULT_TLS && *detail)
			return fault_set_kind(
				f, m->kind, m->code, "%s: %s (%s)", place, m->text, detail);
		return fault_set_kind(f, m->kind, m->code, "%s: %s", place, m->text);
	}
	if (c == CURLE_ABORTED_BY_CALLBACK)
		return fault_set(f, -ECANCELED, "%s: stopped", place);
	if (c == CURLE_OUT_OF_MEMORY)
		return fault_set(f, -ENOMEM, "memory is short");
	return fault_set_kind(f, FAULT_NETWORK, -ECONNRESET,
		"%s: the connection was lost before the login was done (%s)", place,
		curl_easy_strerror(c));
}

/* Called by libcurl about once a second. */
static int is_stopped(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct pollfd fd = { .fd = *(const int *) context, .events = 0 };

	(void) a, (void) b, (void) c, (void) d; /* no progress to show */
	return fd.fd >= 0 && poll(&fd, 1, 0) > 0;
}

static CURLcode set_login(CURL *c, const struct imap_options *o)
{
	CURLcode r;

	if (!o->user || !*o->user)
		return CURLE_OK;
	r = curl_easy_setopt(c, CURLOPT_USERNAME, o->user);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_PASSWORD, o->secret ? o->secret : "");
	return r;
}

static CURLcode set_tls(CURL *c, const struct imap_options *o)
{
	long use = o->plaintext ? CURLUSESSL_NONE : CURLUSESSL_ALL;
	CURLcode r = curl_easy_setopt(c, CURLOPT_USE_SSL, use);

	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	if (r == CURLE_OK && o->ca_file && *o->ca_file)
		r = curl_easy_setopt(c, CURLOPT_CAINFO, o->ca_file);
	return r;
}

static CURLcode set_rest(CURL *c, const struct imap_options *o, const char *url)
{
	long ms = o->patience_ms > 0 ? (long) o->patience_ms : IMAP_CONNECT_MS;
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_CONNECT_ONLY, 1 },
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_NOPROGRESS, 0 },
		{ CURLOPT_CONNECTTIMEOUT_MS, ms },
		{ CURLOPT_TIMEOUT_MS, ms },
		{ CURLOPT_TCP_NODELAY, 1 },
		{ CURLOPT_TCP_KEEPALIVE, 1 },
		{ CURLOPT_TCP_KEEPIDLE, KEEPALIVE_SEC },
		{ CURLOPT_TCP_KEEPINTVL, KEEPALIVE_SEC },
	};
	CURLcode r = curl_easy_setopt(c, CURLOPT_URL, url);

	for (size_t i = 0; r == CURLE_OK && i < sizeof numbers / sizeof numbers[0]; i++)
		r = curl_easy_setopt(c, numbers[i].option, numbers[i].value);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, is_stopped);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_XFERINFODATA, (void *) (uintptr_t) &o->stop_fd);
	return r;
}

/* No callback's context must outlive the call; recv and send do not run it. */
static CURLcode perform(CURL *c, char *detail, struct last_word *last)
{
	CURLcode r = curl_easy_setopt(c, CURLOPT_ERRORBUFFER, detail);

	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, hear_line);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_HEADERDATA, last);
	if (r == CURLE_OK)
		r = curl_easy_perform(c);

	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_NOPROGRESS, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_ERRORBUFFER, NULL);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, NULL);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_HEADERDATA, NULL);
	return r;
}

int imap_connect(const struct imap_options *options, char ret_place[IMAP_PLACE_MAX], CURL **ret,
	struct fault *f)
{
	CLEANUP(curl_easyp) CURL *curl = NULL;
	CLEANUP(freep) char *line = NULL;
	struct target t;
	char url[IMAP_PLACE_MAX + 16];
	char detail[CURL_ERROR_SIZE] = "";
	struct last_word last = { 0 };
	CURLcode c;
	int r;

	r = read_url(options->url, &t, f);
	if (r < 0)
		return r;
	(void) snprintf(ret_place, IMAP_PLACE_MAX, "%s:%s", t.host, t.port); /* fits by its parts */
	if (options->plaintext && !is_loopback(t.host))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"%s: tls = off is for this very machine (localhost) only", ret_place);
	(void) snprintf(url, sizeof url, "%s://%s", t.is_tls ? "imaps" : "imap", ret_place);
	curl = curl_easy_init();
	if (!curl)
		return fault_set(f, -ENOMEM, "memory is short");
	c = set_rest(curl, options, url);
	if (c == CURLE_OK)
		c = set_tls(curl, options);
	if (c == CURLE_OK)
		c = set_login(curl, options);
	if (c == CURLE_OK)
		c = perform(curl, detail, &last);
	if (c != CURLE_OK) {
		r = map_busy(&last, ret_place, f);
		if (r < 0)
			return r;
		if (text_one_line(detail, 160, &line) < 0)
			return fault_set(f, -ENOMEM, "memory is short");
		return map_failure(c, ret_place, line, f);
	}
	*ret = curl;
	curl = NULL;
	return 0;
}
