/* feed.c - the feed role: asks for the bank holidays once, and ends.
 *
 * Straight-line and blocking. Security: what the server sends is bounded by holidays_feed, and
 * read here first, where a reader that dies costs nothing. */
/* SPDX-License-Identifier: MIT */
#include "daemon/feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "adapters/holidays.h"
#include "adapters/holidays_feed.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "base/sealed.h"
#include "domain/calendar.h"

enum {
	TEXT_MAX = 4096,
	MARGIN_MS = 10 * 1000, /* for what is not the network: a loaded machine */
};

static int announce(int channel, struct fault *f)
{
	CLEANUP(channel_record_freep)
	json_t *record = json_pack("{s:s, s:s, s:i}", "type", "step", "what", "ask", "ms",
		(int) HOLIDAYS_FEED_MS + MARGIN_MS);

	if (!record)
		return fault_set(f, -ENOMEM, "no memory for a record");
	return channel_send(channel, record, -1, f);
}

static int read_begin(const json_t *begin, struct holidays_feed_request *ret, struct fault *f)
{
	int r = strcmp(channel_type(begin), "begin") == 0
			? 0
			: fault_set(f, -EBADMSG, "the first record is no begin");

	if (r == 0)
		r = channel_text(begin, "url", TEXT_MAX, &ret->url, f);
	if (r == 0)
		r = channel_text(begin, "ca_file", TEXT_MAX, &ret->ca_file, f);
	if (r == 0)
		r = channel_text(begin, "etag", TEXT_MAX, &ret->etag, f);
	if (r == 0)
		r = channel_text(begin, "modified", TEXT_MAX, &ret->modified, f);
	return r;
}

/* A file that is none is the server's trouble: it may be whole again at the next asking. */
static int check(const struct holidays_feed_answer *a, const char *url, struct fault *f)
{
	CLEANUP(calendar_freep) struct calendar *cal = NULL;
	int r = calendar_new(&cal);

	if (r < 0)
		return fault_set(f, r, "no memory for a calendar");
	r = holidays_parse(a->bytes, a->n, url, cal, f);
	if (r < 0) {
		f->kind = FAULT_PROTOCOL;
		f->transient = true;
	}
	return r;
}

static int send_answer(int channel, const struct holidays_feed_answer *a, struct fault *f)
{
	CLEANUP(channel_record_freep)
	json_t *record = json_pack("{s:s, s:s, s:s}", "type",
		a->is_unchanged ? "unchanged" : "file", "etag", a->etag, "modified", a->modified);
	CLEANUP(closep) int file = -1;

	if (!record)
		return fault_set(f, -ENOMEM, "no memory for a record");
	if (a->is_unchanged)
		return channel_send(channel, record, -1, f);
	file = sealed_new("bank-holidays", a->bytes, a->n);
	if (file < 0)
		return fault_set(f, file, "no memory to hand the bank holidays over");
	return channel_send(channel, record, file, f);
}

static int answer(int channel, const json_t *begin, struct fault *f)
{
	CLEANUP(holidays_feed_done) struct holidays_feed_answer a = { 0 };
	struct holidays_feed_request request;
	int r = read_begin(begin, &request, f);

	if (r == 0)
		r = announce(channel, f);
	if (r == 0)
		r = holidays_feed_get(&request, &a, f);
	if (r == 0 && !a.is_unchanged)
		r = check(&a, request.url, f);
	return r < 0 ? r : send_answer(channel, &a, f);
}

static int send_fault(int channel, const struct fault *fault)
{
	CLEANUP(channel_record_freep) json_t *record = channel_fault_record("fault", fault);

	return record ? channel_send(channel, record, -1, NULL) : -ENOMEM;
}

int feed_main(int channel)
{
	CLEANUP(channel_record_freep) json_t *begin = NULL;
	CLEANUP(closep) int passed = -1;
	struct fault f = { 0 };
	int r = channel_receive(channel, &begin, &passed, &f);

	if (r == 0)
		return EXIT_SUCCESS; /* nobody wants to know any more */
	if (r > 0)
		r = answer(channel, begin, &f);
	if (r < 0)
		r = send_fault(channel, &f);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
