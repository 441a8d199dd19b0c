/* imap_search.c - which mails a folder holds, all or some of them. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "adapters/imap_internal.h"
#include "base/cleanup.h"

enum {
	UID_BYTES = 11,		    /* ten digits and a space */
	UIDS_MAX = 4 * 1000 * 1000, /* mails of one folder that we can look at */
	SLACK = 1024 * 1024,
	DAY_SEC = 24 * 60 * 60,
	DATE_MAX = 32,
};

static int take_search(struct imap *i, uint32_t first, struct uidset *ret, struct fault *f)
{
	const clist *found = i->session->imap_response_info->rsp_search_result;
	struct uidset uids = { 0 };

	for (clistiter *at = found ? clist_begin(found) : NULL; at; at = clist_next(at)) {
		uint32_t uid = *(const uint32_t *) clist_content(at);

		/* "n:*" names the last mail even when that is below n (RFC 3501 s.6.4.8). */
		if (uid < first || uid == 0)
			continue;
		if (uidset_add(&uids, uid, uid) < 0) {
			uidset_done(&uids);
			return fault_set(f, -ENOMEM, "memory is short");
		}
	}
	*ret = uids;
	return 0;
}

static void begin_search(struct imap *i)
{
	uint32_t exists = imap_exists(i);
	uint64_t line = SLACK + (uint64_t) (exists < UIDS_MAX ? exists : UIDS_MAX) * UID_BYTES;
	const struct imap_bounds bounds = { .line = line, .literal = 0, .total = line + SLACK };

	i->has_expunged = false; /* the answer tells */
	imap_begin(i, imap_transfer_ms(line), &bounds);
}

int imap_search(struct imap *i, uint32_t first, struct uidset *ret, struct fault *f)
{
	int r;

	begin_search(i);
	if (first <= 1)
		r = imap_command(i, "SEARCH", "UID SEARCH ALL", f);
	else
		r = imap_commandf(i, "SEARCH", f, "UID SEARCH UID %" PRIu32 ":*", first);
	return r < 0 ? r : take_search(i, first, ret, f);
}

/* " SINCE ..." with the day before @since: it goes by the date in the zone of each INTERNALDATE, and
 * a day early is never late. "" where there is no such day. */
static int since_text(int64_t since, char ret[DATE_MAX], struct fault *f)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	time_t day = (time_t) (since - DAY_SEC);
	struct tm tm;

	*ret = '\0';
	if (since <= DAY_SEC)
		return 0;
	if (!gmtime_r(&day, &tm) || tm.tm_year > 9999 - 1900)
		return fault_set(f, -ERANGE, "an instant is out of range");
	(void) snprintf(ret, DATE_MAX, " SINCE %d-%s-%04d", tm.tm_mday, months[tm.tm_mon],
		tm.tm_year + 1900); /* fits */
	return 0;
}

int imap_search_since(struct imap *i, int64_t since, struct uidset *ret, struct fault *f)
{
	char date[DATE_MAX];
	int r = since_text(since, date, f);

	if (r < 0)
		return r;
	if (!*date)
		return imap_search(i, 1, ret, f);
	begin_search(i);
	r = imap_commandf(i, "SEARCH", f, "UID SEARCH%s", date);
	return r < 0 ? r : take_search(i, 1, ret, f);
}

int imap_search_id(
	struct imap *i, const char *message_id, int64_t since, struct uidset *ret, struct fault *f)
{
	char date[DATE_MAX];
	int r = since_text(since, date, f);

	if (r < 0)
		return r;
	begin_search(i);
	r = imap_commandf(
		i, "SEARCH", f, "UID SEARCH%s HEADER MESSAGE-ID \"%s\"", date, message_id);
	return r < 0 ? r : take_search(i, 1, ret, f);
}

int imap_search_token(struct imap *i, const char *text, struct uidset *ret, struct fault *f)
{
	int r;

	begin_search(i);
	r = imap_commandf(i, "SEARCH", f,
		"UID SEARCH OR HEADER MESSAGE-ID \"%s\" OR HEADER REFERENCES \"%s\""
		" HEADER IN-REPLY-TO \"%s\"",
		text, text, text);
	return r < 0 ? r : take_search(i, 1, ret, f);
}
