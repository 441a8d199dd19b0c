/* query.c - the query role: reads the store beside the writer, for answers that may be long. */
/* SPDX-License-Identifier: MIT */
#include "daemon/query.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "adapters/store_calendar.h"
#include "adapters/store_care.h"
#include "adapters/store_outbox.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/case_json.h"
#include "daemon/outbox_json.h"

enum {
	PATH_BYTES_MAX = 4096,
	WORD_MAX = 32,
};

/* One question while it is answered. */
struct query {
	int channel;
	struct store *store;
	struct calendar *calendar;
	struct case_json_clock clock;
	bool has_replies; /* the caller may see what mail servers said */
	struct fault *fault;
};

static int send_row(void *context, const struct store_case_row *row)
{
	struct query *q = context;
	CLEANUP(channel_record_freep)
	json_t *record = json_pack("{s:s, s:o, s:s}", "type", "row", "case",
		case_json_row(row, &q->clock), "cursor", row->cursor);

	if (!record)
		return fault_set(q->fault, -ENOMEM, "no memory for a case");
	return channel_send(q->channel, record, -1, q->fault);
}

/* The number of a word, STORE_ANY for "". */
static int read_kind(const json_t *begin, int *ret, struct fault *f)
{
	enum case_kind kind;
	const char *word;
	int r = channel_text(begin, "kind", WORD_MAX, &word, f);

	*ret = STORE_ANY;
	if (r < 0 || !*word)
		return r;
	r = case_kind_of(word, &kind);
	*ret = (int) kind;
	return r < 0 ? fault_set(f, r, "there is no such kind of case") : 0;
}

static int read_state(const json_t *begin, int *ret, struct fault *f)
{
	enum foi_case_state state;
	const char *word;
	int r = channel_text(begin, "state", WORD_MAX, &word, f);

	*ret = STORE_LIVE;
	if (r < 0 || !*word || strcmp(word, "live") == 0)
		return r;
	*ret = STORE_ANY;
	if (strcmp(word, "any") == 0)
		return 0;
	r = foi_case_state_of(word, &state);
	*ret = (int) state;
	return r < 0 ? fault_set(f, r, "there is no such state of a case") : 0;
}

static int read_filter(const json_t *begin, struct store_filter *ret, struct fault *f)
{
	const char *today = "";
	int64_t limit = 0;
	int r = read_kind(begin, &ret->kind, f);

	if (r == 0)
		r = read_state(begin, &ret->state, f);
	if (r == 0)
		r = channel_text(begin, "today", DAY_ISO_MAX, &today, f);
	if (r == 0)
		r = channel_text(begin, "cursor", STORE_CURSOR_MAX, &ret->after, f);
	if (r == 0)
		r = channel_number(begin, "limit", 1, STORE_PAGE_MAX, &limit, f);
	if (r < 0)
		return r;
	ret->limit = (size_t) limit;
	ret->is_overdue = json_is_true(json_object_get(begin, "overdue"));
	r = day_parse(today, &ret->today);
	return r < 0 ? fault_set(f, r, "today is no date") : 0;
}

static int load_calendar(struct query *q, struct fault *f)
{
	int r = calendar_new(&q->calendar);

	return r < 0 ? fault_set(f, r, "no memory for the calendar")
		     : store_calendar_load(q->store, q->calendar, f);
}

/* A page of cases. */
static int answer_list(struct query *q, const json_t *begin, struct fault *f)
{
	struct store_filter filter;
	int r = read_filter(begin, &filter, f);

	if (r == 0)
		r = load_calendar(q, f);
	if (r < 0)
		return r;
	q->clock = (struct case_json_clock){ .calendar = q->calendar, .today = filter.today };
	q->fault = f;
	return store_list(q->store, &filter, send_row, q, f);
}

static int send_mail(void *context, const struct store_outbox_entry *e)
{
	struct query *q = context;
	char cursor[STORE_CURSOR_MAX];
	json_t *record;
	int r;

	(void) snprintf(cursor, sizeof cursor, "%" PRId64, e->id); /* fits */
	record = json_pack("{s:s, s:o, s:s}", "type", "row", "mail",
		outbox_json_row(e, q->has_replies), "cursor", cursor);
	if (!record)
		return fault_set(q->fault, -ENOMEM, "no memory for a mail");
	r = channel_send(q->channel, record, -1, q->fault);
	json_decref(record);
	return r;
}

static int read_mail_state(const json_t *begin, int *ret, struct fault *f)
{
	enum store_outbox_state state;
	const char *word;
	int r = channel_text(begin, "state", WORD_MAX, &word, f);

	*ret = STORE_ANY;
	if (r < 0 || strcmp(word, "any") == 0)
		return r;
	r = store_outbox_state_of(word, &state, f);
	*ret = (int) state;
	return r < 0 ? fault_set(f, -EINVAL, "there is no such state of a mail") : 0;
}

/* The id of the last row. */
static int read_mail_cursor(const json_t *begin, int64_t *ret, struct fault *f)
{
	const char *cursor;
	uint64_t id = 0;
	int r = channel_text(begin, "cursor", STORE_CURSOR_MAX, &cursor, f);

	if (r == 0 && *cursor && text_uint(cursor, 1, INT64_MAX, &id) < 0)
		r = fault_set(f, -EINVAL, "the cursor is none of ours");
	*ret = (int64_t) id;
	return r;
}

/* A page of mails that are not sent. */
static int answer_outbox(struct query *q, const json_t *begin, struct fault *f)
{
	struct store_outbox_filter filter = { 0 };
	int64_t limit = 0;
	int r = read_mail_state(begin, &filter.state, f);

	if (r == 0)
		r = read_mail_cursor(begin, &filter.after, f);
	if (r == 0)
		r = channel_number(begin, "limit", 1, STORE_PAGE_MAX, &limit, f);
	if (r < 0)
		return r;
	filter.limit = (size_t) limit;
	q->has_replies = json_is_true(json_object_get(begin, "replies"));
	q->fault = f;
	return store_outbox_list(q->store, &filter, send_mail, q, f);
}

static int answer_check(struct query *q, const json_t *begin, struct fault *f)
{
	(void) begin; /* the store itself is all that it asks for */
	return store_check(q->store, f);
}

static int answer_backup(struct query *q, const json_t *begin, struct fault *f)
{
	const char *path = "";
	const char *name = "";
	int64_t now = 0;
	int r = channel_text(begin, "store", PATH_BYTES_MAX, &path, f);

	if (r == 0)
		r = channel_text(begin, "name", STORE_BACKUP_NAME_MAX, &name, f);
	if (r == 0)
		r = channel_number(begin, "now", 1, INT64_MAX, &now, f);
	return r < 0 ? r : store_backup(q->store, path, name, now, f);
}

static const struct {
	const char *what;
	int (*answer)(struct query *q, const json_t *begin, struct fault *f);
} questions[] = {
	{ "list", answer_list },
	{ "outbox", answer_outbox },
	{ "check", answer_check },
	{ "backup", answer_backup },
};

static int answer(struct query *q, const json_t *begin, struct fault *f)
{
	const char *path = "";
	const char *what = "";
	int r = channel_text(begin, "store", PATH_BYTES_MAX, &path, f);

	if (r == 0)
		r = channel_text(begin, "what", WORD_MAX, &what, f);
	if (r == 0)
		r = store_open_reader(path, &q->store, f);
	if (r < 0)
		return r;
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (strcmp(questions[i].what, what) == 0)
			return questions[i].answer(q, begin, f);
	return fault_set(f, -EBADMSG, "there is no such question");
}

static int finish(const struct query *q, int r, const struct fault *f)
{
	CLEANUP(channel_record_freep)
	json_t *last = r < 0 ? channel_fault_record("fault", f) : json_pack("{s:s}", "type", "end");

	return last && channel_send(q->channel, last, -1, NULL) == 0 && r == 0 ? EXIT_SUCCESS
									       : EXIT_FAILURE;
}

int query_main(int channel)
{
	CLEANUP(channel_record_freep) json_t *begin = NULL;
	CLEANUP(closep) int passed = -1;
	struct query q = { .channel = channel };
	struct fault f = { 0 };
	int r = channel_receive(channel, &begin, &passed, &f);

	if (r == 0)
		return EXIT_SUCCESS; /* nobody wants to know any more */
	if (r > 0 && strcmp(channel_type(begin), "begin") != 0)
		r = fault_set(&f, -EBADMSG, "the first record is no begin");
	if (r > 0)
		r = answer(&q, begin, &f);
	if (r < 0)
		f.code = r;
	r = finish(&q, r < 0 ? r : 0, &f);
	store_close(q.store);
	calendar_free(q.calendar);
	return r;
}
