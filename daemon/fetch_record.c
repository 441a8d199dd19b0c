/* fetch_record.c - the records of the fetch role, in and out.
 *
 * Records are taken only between two IMAP commands, so that an append can be carried out where it
 * is met. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/fetch_internal.h"

enum {
	STEP_SLACK_MS = 30 * 1000,  /* a busy machine is no stuck process */
	ANSWER_MS = 10 * 60 * 1000, /* register may be busy; it is asked again after that */
	SET_BYTES_MAX = 64 * 1024 * 1024,
	SET_TEXT_MAX = CHANNEL_RECORD_MAX,
};

/* ---- out --------------------------------------------------------------------------------- */

int fetch_send(struct fetch *p, json_t *record, int passed, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *owned = record;
	int r;

	if (!owned)
		return fault_set(f, -ENOMEM, "memory is short");
	r = channel_send(p->channel, owned, passed, f);
	if (r == -EPIPE)
		p->is_closed = true;
	return r;
}

int fetch_step(struct fetch *p, const char *what, uint64_t ms, struct fault *f)
{
	return fetch_send(p,
		json_pack("{s:s, s:s, s:I}", "type", "step", "what", what, "ms",
			(json_int_t) ms + STEP_SLACK_MS),
		-1, f);
}

json_t *fetch_record(const char *type, const struct fetch_folder *folder)
{
	return json_pack("{s:s, s:s, s:I}", "type", type, "folder", folder->name, "uidvalidity",
		(json_int_t) folder->uidvalidity);
}

int fetch_send_set(struct fetch *p, json_t *record, const struct uidset *set, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *owned = record;
	CLEANUP(freep) char *text = NULL;
	CLEANUP(closep) int fd = -1;

	if (uidset_text(set, &text) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	fd = sealed_new("uids", text, strlen(text));
	if (fd < 0)
		return fault_set(f, fd, "a set of UIDs cannot be handed over");
	return fetch_send(p, TAKE_PTR(owned), fd, f);
}

int fetch_send_text(struct fetch *p, json_t *record, const struct uidset *set, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *owned = record;
	CLEANUP(freep) char *text = NULL;

	if (uidset_text(set, &text) < 0 || json_object_set_new(owned, "set", json_string(text)) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	return fetch_send(p, TAKE_PTR(owned), -1, f);
}

int fetch_send_fault(struct fetch *p, const struct fetch_folder *folder, const struct fault *what)
{
	CLEANUP(channel_record_freep) json_t *record = channel_fault_record("fault", what);

	if (json_object_set_new(record, "folder", json_string(folder ? folder->name : "")) < 0)
		return -ENOMEM;
	return fetch_send(p, TAKE_PTR(record), -1, NULL);
}

/* ---- in ---------------------------------------------------------------------------------- */

static int read_member_set(
	const json_t *record, const char *key, struct uidset *ret, struct fault *f)
{
	const char *text;
	int r;

	if (!json_object_get(record, key))
		return 0;
	r = channel_text(record, key, SET_TEXT_MAX, &text, f);
	if (r < 0)
		return r;
	r = uidset_parse(text, strlen(text), ret);
	return r < 0 ? fault_set(f, r, "%s is no set of UIDs", key) : 0;
}

static int read_passed_set(int fd, struct uidset *ret, struct fault *f)
{
	struct sealed text;
	int r = sealed_map(fd, SET_BYTES_MAX, &text, f);

	if (r < 0)
		return r;
	r = uidset_parse(text.bytes, text.n, ret);
	sealed_unmap(&text);
	return r < 0 ? fault_set(f, r, "the passed bytes are no set of UIDs") : 0;
}

/* Whether the record is about the folder that is open. */
static int check_place(struct fetch *p, const json_t *record, struct fault *f)
{
	const char *name;
	int64_t uidvalidity;
	int r = channel_text(record, "folder", CHANNEL_RECORD_MAX, &name, f);

	if (r < 0)
		return r;
	r = channel_number(record, "uidvalidity", 1, UINT32_MAX, &uidvalidity, f);
	if (r < 0)
		return r;
	if (!p->selected || strcmp(name, p->selected->name) != 0 ||
		uidvalidity != p->selected->uidvalidity)
		return fault_set(f, -EBADMSG, "an answer about another folder");
	return 0;
}

static int take_look(struct fetch *p, const json_t *record, int passed, struct fault *f)
{
	int r = check_place(p, record, f);

	(void) passed; /* none is expected, none is used */
	return r < 0 ? r : channel_number(record, "since", 0, INT64_MAX, &p->since, f);
}

static int read_known(const json_t *record, struct fetch_want *w, struct fault *f)
{
	const json_t *list = json_object_get(record, "known");
	size_t n = json_array_size(list);
	int r = 0;

	if (n > FETCH_KNOWN_MAX)
		return fault_set(f, -EBADMSG, "want: too many known ones");
	for (size_t k = 0; r == 0 && k < n; k++) {
		const json_t *entry = json_array_get(list, k);
		int64_t uid;
		int64_t size = 0;

		r = channel_number(entry, "uid", 1, UINT32_MAX, &uid, f);
		if (r == 0)
			r = channel_number(
				entry, "internaldate", 0, INT64_MAX, &w->known[k].internaldate, f);
		if (r == 0)
			r = channel_number(entry, "size", 0, INT64_MAX, &size, f);
		if (r < 0)
			return r;
		w->known[k].uid = (uint32_t) uid;
		w->known[k].size = (uint64_t) size;
	}
	w->n_known = n;
	return r;
}

static int take_want(struct fetch *p, const json_t *record, int passed, struct fault *f)
{
	struct fetch_want *w = &p->want;
	int r = check_place(p, record, f);

	fetch_want_done(w);
	if (r == 0)
		r = read_passed_set(passed, &w->uids, f);
	if (r == 0)
		r = read_known(record, w, f);
	if (r == 0)
		r = read_member_set(record, "careful", &w->careful, f);
	if (r == 0)
		r = read_member_set(record, "header_only", &w->header_only, f);
	if (r < 0)
		return r;
	if (json_is_true(json_object_get(record, "again")))
		p->selected->full_us = 0;
	if (uidset_subtract(&w->uids, &w->careful) < 0 ||
		uidset_subtract(&w->uids, &w->header_only) < 0 ||
		uidset_subtract(&w->careful, &w->header_only) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	return 0;
}

static int take_done(struct fetch *p, const json_t *record, int passed, struct fault *f)
{
	(void) passed; /* none is expected, none is used */
	return fetch_done(p, record, f);
}

static int take_on(struct fetch *p, const json_t *record, int passed, struct fault *f)
{
	(void) p; /* that it came says all */
	(void) record;
	(void) passed;
	(void) f;
	return 0;
}

static const struct taker {
	const char *type;
	bool is_answer; /* only when awaited */
	int (*take)(struct fetch *p, const json_t *record, int passed, struct fault *f);
} takers[] = {
	{ "look", true, take_look },
	{ "want", true, take_want },
	{ "on", true, take_on },
	{ "done", false, take_done },
	{ "append", false, fetch_append },
};

static int dispatch(struct fetch *p, const json_t *record, int passed, struct fault *f)
{
	const char *type = channel_type(record);

	for (size_t k = 0; k < sizeof takers / sizeof takers[0]; k++) {
		const struct taker *t = &takers[k];
		int r;

		if (strcmp(type, t->type) != 0)
			continue;
		if (t->is_answer && (!p->awaited || strcmp(p->awaited, type) != 0))
			break;
		r = t->take(p, record, passed, f);
		if (r == 0 && t->is_answer)
			p->awaited = NULL;
		return r;
	}
	return fault_set(f, -EBADMSG, "a record of type %.32s is out of place", type);
}

static int take_one(struct fetch *p, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(closep) int passed = -1;
	int r = channel_receive(p->channel, &record, &passed, f);

	if (r == 0) {
		p->is_closed = true;
		return fault_set(f, -EPIPE, "register is gone");
	}
	if (r > 0)
		r = dispatch(p, record, passed, f);
	/* A record that cannot be is no matter of the connection: this process ends. */
	if (r < 0)
		p->is_closed = true;
	return r;
}

int fetch_take(struct fetch *p, uint64_t ms, struct fault *f)
{
	int64_t until_us = fetch_now_us() + (int64_t) ms * 1000;

	for (;;) {
		struct pollfd fd = { .fd = p->channel, .events = POLLIN };
		int64_t left_us = until_us - fetch_now_us();
		int n = poll(&fd, 1, left_us > 0 ? (int) (left_us / 1000 + 1) : 0);
		int r = 0;

		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return fault_set(f, -errno, "waiting for register failed");
		if (n > 0)
			r = take_one(p, f);
		if (r < 0)
			return r;
		if (n > 0)
			until_us = 0; /* what is left is taken without a wait */
	}
}

int fetch_await(struct fetch *p, const char *type, struct fault *f)
{
	p->awaited = type;
	while (p->awaited) {
		int r = fetch_step(p, "waiting for register", ANSWER_MS, f);

		if (r == 0)
			r = fetch_take(p, ANSWER_MS, f);
		if (r < 0)
			return r;
	}
	return 0;
}
