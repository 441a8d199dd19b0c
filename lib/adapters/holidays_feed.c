/* holidays_feed.c - fetches a file of bank holidays over HTTPS. */
/* SPDX-License-Identifier: MIT */
#include "adapters/holidays_feed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "adapters/curl_fault.h"
#include "adapters/holidays.h"
#include "base/bytes.h"
#include "base/cleanup.h"

enum {
	CONNECT_MS = 30 * 1000,
	SLOW_BYTES = 100, /* a second, for ... */
	SLOW_SEC = 30,	  /* ... so long, is no connection */
	REDIRECTS_MAX = 3,
	PLACE_MAX = 256,
	HEADER_MAX = HOLIDAYS_FEED_TAG_MAX + 32,
};

/* One request while it is made. */
struct feed {
	CURL *easy;		 /* owned */
	struct curl_slist *head; /* owned; header lines of ours */
	struct bytes body;	 /* bounded by HOLIDAYS_FILE_MAX */
	char place[PLACE_MAX];	 /* the host, for faults */
};

static void feed_done(struct feed *feed)
{
	curl_easy_cleanup(feed->easy);
	curl_slist_free_all(feed->head);
	bytes_done(&feed->body);
}

static void curl_freep(char **p)
{
	curl_free(*p);
}

static void curl_urlp(CURLU **u)
{
	curl_url_cleanup(*u);
}

/* The host that a person knows the feed by. */
static void name_place(const char *url, char place[static PLACE_MAX])
{
	CLEANUP(curl_urlp) CURLU *u = curl_url();
	CLEANUP(curl_freep) char *host = NULL;

	(void) snprintf(place, PLACE_MAX, "the address of the bank holidays"); /* fits */
	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		(void) snprintf(place, PLACE_MAX, "%s", host); /* no longer than a name may be */
}

/* Returns less than it was given when the bound is passed, which ends the transfer. */
static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
	struct feed *feed = context;

	bytes_add(&feed->body, bytes, size * n);
	return feed->body.is_cut || feed->body.is_starved ? 0 : size * n;
}

static int add_header(struct feed *feed, const char *name, const char *value)
{
	char line[HEADER_MAX];
	struct curl_slist *longer;

	if (!*value)
		return 0;
	(void) snprintf(line, sizeof line, "%s: %s", name, value); /* fits by HEADER_MAX */
	longer = curl_slist_append(feed->head, line);
	if (!longer)
		return -ENOMEM;
	feed->head = longer;
	return 0;
}

/* HTTPS alone, on every step of the way. */
static CURLcode set_way(CURL *e, const struct holidays_feed_request *request)
{
	CURLcode c = curl_easy_setopt(e, CURLOPT_URL, request->url);

	if (c == CURLE_OK)
		c = curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https");
	if (c == CURLE_OK)
		c = curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	if (c == CURLE_OK && *request->ca_file)
		c = curl_easy_setopt(e, CURLOPT_CAINFO, request->ca_file);
	return c;
}

static CURLcode set_up(struct feed *feed, const struct holidays_feed_request *request)
{
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_FOLLOWLOCATION, 1 },
		{ CURLOPT_MAXREDIRS, REDIRECTS_MAX },
		{ CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS },
		{ CURLOPT_TIMEOUT_MS, HOLIDAYS_FEED_MS },
		{ CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES },
		{ CURLOPT_LOW_SPEED_TIME, SLOW_SEC },
		{ CURLOPT_MAXFILESIZE, HOLIDAYS_FILE_MAX },
		/* Nothing is unpacked: a few bytes could become gigabytes. */
		{ CURLOPT_HTTP_CONTENT_DECODING, 0 },
		{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	};
	CURLcode c = set_way(feed->easy, request);

	for (size_t i = 0; c == CURLE_OK && i < sizeof numbers / sizeof numbers[0]; i++)
		c = curl_easy_setopt(feed->easy, numbers[i].option, numbers[i].value);
	if (c == CURLE_OK)
		c = curl_easy_setopt(feed->easy, CURLOPT_USERAGENT, "foimaild/" FOIMAILD_VERSION);
	if (c == CURLE_OK)
		c = curl_easy_setopt(feed->easy, CURLOPT_HTTPHEADER, feed->head);
	if (c == CURLE_OK)
		c = curl_easy_setopt(feed->easy, CURLOPT_WRITEFUNCTION, take_body);
	if (c == CURLE_OK)
		c = curl_easy_setopt(feed->easy, CURLOPT_WRITEDATA, feed);
	return c;
}

/* What else than curl_fault() knows can go wrong on the way to a file. Return: 0 nothing of it. */
static int transfer_fault(const struct feed *feed, CURLcode c, struct fault *f)
{
	int r = 0;

	if (c == CURLE_FILESIZE_EXCEEDED || feed->body.is_cut)
		r = fault_set_kind(f, FAULT_PROTOCOL, -EMSGSIZE,
			"%s: the answer is longer than the %d bytes that bank holidays may take",
			feed->place, HOLIDAYS_FILE_MAX);
	else if (feed->body.is_starved)
		r = fault_set(f, -ENOMEM, "no memory for the bank holidays");
	else if (c == CURLE_TOO_MANY_REDIRECTS)
		r = fault_set_kind(f, FAULT_PROTOCOL, -EPROTO,
			"%s: sends us on more than %d times; check [calendar] url", feed->place,
			REDIRECTS_MAX);
	else if (c == CURLE_UNSUPPORTED_PROTOCOL)
		r = fault_set_kind(f, FAULT_PROTOCOL, -EPROTO,
			"%s: sends us on to an address that is not https://; check [calendar] url",
			feed->place);
	else if (c == CURLE_PARTIAL_FILE)
		r = fault_set_kind(f, FAULT_NETWORK, -ECONNRESET,
			"%s: the connection ended in the middle of the answer", feed->place);
	if (f && r < 0)
		f->transient = true;
	return r;
}

static const struct {
	long first;
	long last;
	enum fault_kind kind;
	int error;
	bool transient;
	const char *text;
} statuses[] = {
	{ 401, 401, FAULT_PROTOCOL, EACCES, false, "wants a login; check [calendar] url" },
	{ 403, 403, FAULT_PROTOCOL, EACCES, false, "refuses us; check [calendar] url" },
	{ 404, 404, FAULT_MISSING, ENOENT, false, "has no such file; check [calendar] url" },
	{ 410, 410, FAULT_MISSING, ENOENT, false, "has that file no more; check [calendar] url" },
	{ 429, 429, FAULT_PROTOCOL, EPROTO, true, "was asked too often, and wants us to wait" },
	{ 400, 499, FAULT_PROTOCOL, EPROTO, false, "does not understand us" },
	{ 500, 599, FAULT_PROTOCOL, EPROTO, true, "is out of order" },
};

static int status_fault(const struct feed *feed, long status, struct fault *f)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		if (status < statuses[i].first || status > statuses[i].last)
			continue;
		(void) fault_set_kind(f, statuses[i].kind, -statuses[i].error,
			"%s: the server %s (HTTP %ld)", feed->place, statuses[i].text, status);
		if (f)
			f->transient = statuses[i].transient;
		return -statuses[i].error;
	}
	return fault_set_kind(f, FAULT_PROTOCOL, -EPROTO,
		"%s: the server answers with neither the file nor an error (HTTP %ld)", feed->place,
		status);
}

/* A header of the last answer that can be given back as it is; "" when there is none. */
static void copy_header(CURL *easy, const char *name, char to[static HOLIDAYS_FEED_TAG_MAX])
{
	struct curl_header *header;

	to[0] = '\0';
	if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
		strlen(header->value) >= HOLIDAYS_FEED_TAG_MAX)
		return;
	for (const char *s = header->value; *s; s++)
		if (*s < ' ' || *s > '~')
			return;
	memcpy(to, header->value, strlen(header->value) + 1);
}

static int take_answer(struct feed *feed, const struct holidays_feed_request *request,
	struct holidays_feed_answer *ret, struct fault *f)
{
	struct holidays_feed_answer a = { 0 };
	long status = 0;
	int r;

	(void) curl_easy_getinfo(feed->easy, CURLINFO_RESPONSE_CODE, &status); /* 0 is no status */
	a.is_unchanged = status == 304 && (*request->etag || *request->modified);
	if (status != 200 && !a.is_unchanged)
		return status_fault(feed, status, f);
	copy_header(feed->easy, "ETag", a.etag);
	copy_header(feed->easy, "Last-Modified", a.modified);
	r = a.is_unchanged ? 0 : bytes_take(&feed->body, &a.bytes, &a.n);
	if (r < 0)
		return fault_set(f, r, "no memory for the bank holidays");
	*ret = a;
	return 0;
}

static int get(struct feed *feed, const struct holidays_feed_request *request,
	struct holidays_feed_answer *ret, struct fault *f)
{
	CURLcode c;
	int r = add_header(feed, "If-None-Match", request->etag);

	if (r == 0)
		r = add_header(feed, "If-Modified-Since", request->modified);
	feed->easy = r == 0 ? curl_easy_init() : NULL;
	if (!feed->easy)
		return fault_set(f, -ENOMEM, "no memory to ask for the bank holidays");
	c = set_up(feed, request);
	if (c == CURLE_OK)
		c = curl_easy_perform(feed->easy);
	if (c == CURLE_OK)
		return take_answer(feed, request, ret, f);
	r = transfer_fault(feed, c, f);
	return r < 0 ? r : curl_fault(f, c, feed->easy, feed->place);
}

int holidays_feed_get(const struct holidays_feed_request *request, struct holidays_feed_answer *ret,
	struct fault *f)
{
	CLEANUP(feed_done) struct feed feed = { 0 };

	if (strlen(request->etag) >= HOLIDAYS_FEED_TAG_MAX ||
		strlen(request->modified) >= HOLIDAYS_FEED_TAG_MAX)
		return fault_set(f, -EINVAL, "a tag of the bank holidays is too long");
	bytes_init(&feed.body, HOLIDAYS_FILE_MAX);
	name_place(request->url, feed.place);
	return get(&feed, request, ret, f);
}

void holidays_feed_done(struct holidays_feed_answer *a)
{
	if (!a)
		return;
	free(a->bytes);
	*a = (struct holidays_feed_answer){ 0 };
}
