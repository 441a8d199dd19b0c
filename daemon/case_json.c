/* case_json.c - cases in the shapes of the Varlink interface. */
/* SPDX-License-Identifier: MIT */
#include "daemon/case_json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "adapters/store_view.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "domain/statute.h"

char *case_json_instant(int64_t instant, char buf[static CASE_JSON_INSTANT_MAX])
{
	int64_t days = instant >= 0 ? instant / 86400 : (instant - 86399) / 86400;
	int64_t rest = instant - days * 86400;
	char iso[DAY_ISO_MAX];

	(void) snprintf(buf, CASE_JSON_INSTANT_MAX, "%.10sT%02d:%02d:%02dZ",
		day_iso((struct day){ (int32_t) days }, iso), (int) (rest / 3600),
		(int) (rest / 60 % 60), (int) (rest % 60)); /* fits */
	return buf;
}

/* The instant, or null for 0. */
static json_t *instant_or_null(int64_t instant)
{
	char buf[CASE_JSON_INSTANT_MAX];

	return instant == 0 ? json_null() : json_string(case_json_instant(instant, buf));
}

/* The text, or null for "". */
static json_t *text_or_null(const char *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *day_json(struct day day)
{
	char buf[DAY_ISO_MAX];

	return json_string(day_iso(day, buf));
}

static json_t *flags_json(unsigned flags)
{
	json_t *array = json_array();

	for (unsigned bit = 1; array && bit <= FOI_CASE_FLAG_LAST; bit <<= 1) {
		const char *word = (flags & bit) ? foi_case_flag_word(bit) : NULL;

		if (word && json_array_append_new(array, json_string(word)) < 0)
			return json_decref(array), NULL;
	}
	return array;
}

json_t *case_json_row(const struct store_case_row *row, const struct case_json_clock *clock)
{
	bool is_running = foi_case_is_running(row->state);
	int left =
		statute_working_days_between(row->regime, clock->calendar, clock->today, row->due);
	char opened[CASE_JSON_INSTANT_MAX];

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:b, s:o, s:s, s:o, s:o,"
			 " s:o, s:s}",
		"reference", row->reference, "kind", case_kind_word(row->kind), "state",
		foi_case_state_word(row->state), "regime", statute_of(row->regime)->key,
		"authority", row->authority, "mailbox", row->mailbox, "received",
		day_json(row->received), "due", day_json(row->due), "provisional",
		(int) row->is_provisional, "overdue",
		(int) (is_running && day_compare(row->due, clock->today) < 0), "days_left",
		is_running ? json_integer(left) : json_null(), "subject", row->subject, "flags",
		flags_json(row->flags), "parent", text_or_null(row->parent_reference),
		"acknowledgement", text_or_null(row->acknowledgement), "opened",
		case_json_instant(row->opened_at, opened));
}

/* ---- one whole case -------------------------------------------------------------------------- */

/* A Case while it is put together. */
struct building {
	const struct case_json_clock *clock;
	int64_t id;
	json_t *summary;
	json_t *requester;
	json_t *requester_name;
	json_t *lists[5];	 /* deadlines, messages, outgoing, events, linked */
	json_t *by_message[512]; /* borrowed: attachments arrays, in the order of messages */
	int64_t message_ids[512];
	size_t n_messages;
};

enum {
	LIST_DEADLINES,
	LIST_MESSAGES,
	LIST_OUTGOING,
	LIST_EVENTS,
	LIST_LINKED,
};

static int append(json_t *array, json_t *value)
{
	return json_array_append_new(array, value) < 0 ? -ENOMEM : 0;
}

static int take_row(void *context, const struct store_case_row *row)
{
	struct building *b = context;

	b->id = row->id;
	b->summary = case_json_row(row, b->clock);
	b->requester = text_or_null(row->requester);
	b->requester_name = text_or_null(row->requester_name);
	return b->summary && b->requester && b->requester_name ? 0 : -ENOMEM;
}

static int take_deadline(void *context, const struct store_deadline_row *row)
{
	struct building *b = context;
	const struct foi_case_deadline *d = &row->deadline;
	char at[CASE_JSON_INSTANT_MAX];

	return append(b->lists[LIST_DEADLINES],
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:o, s:b, s:s}", "computed",
			case_json_instant(row->at, at), "part", row->part, "authority",
			row->authority, "regime", statute_of(d->regime)->key, "rule",
			statute_rule_key(d->rule), "working_days", (int) d->working_days,
			"received", day_json(d->received), "due", day_json(d->due), "provisional",
			(int) d->is_provisional, "calendar_hash", d->calendar_hash));
}

/* At most CASE_JSON_TEXT_MAX bytes of @text, cut at a character's edge. */
static json_t *cut_text(const char *text, bool *ret_cut)
{
	size_t n = strnlen(text, CASE_JSON_TEXT_MAX + 1);

	*ret_cut = n > CASE_JSON_TEXT_MAX;
	if (*ret_cut)
		n = CASE_JSON_TEXT_MAX;
	while (*ret_cut && n > 0 && ((unsigned char) text[n] & 0xC0) == 0x80)
		n--;
	return json_stringn(text, n);
}

/* An array that the store kept as JSON text; [] where it is none. */
static json_t *stored_array(const char *text)
{
	json_t *array = json_loads(text, 0, NULL);

	if (json_is_array(array))
		return array;
	json_decref(array);
	return json_array();
}

static int take_message(void *context, const struct store_message_row *row)
{
	struct building *b = context;
	json_t *attachments = json_array();
	char seen[CASE_JSON_INSTANT_MAX];
	char internal[CASE_JSON_INSTANT_MAX];
	bool is_cut;
	json_t *text = cut_text(*row->new_text ? row->new_text : row->text, &is_cut);
	json_t *message = json_pack(
		"{s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:b, s:o,"
		" s:o, s:o, s:o}",
		"mailbox", row->mailbox, "folder", row->folder, "uidvalidity",
		(json_int_t) row->uidvalidity, "uid", (json_int_t) row->uid, "fate",
		fate_word(row->fate), "first_seen", case_json_instant(row->first_seen, seen),
		"internaldate", case_json_instant(row->internaldate, internal), "gateway",
		instant_or_null(row->gateway), "received", day_json(row->received), "from",
		row->from, "from_name", row->from_name, "subject", row->subject, "message_id",
		row->message_id, "text", text, "text_cut", (int) is_cut, "reasons",
		stored_array(row->reasons), "hints", stored_array(row->hints), "warnings",
		stored_array(row->warnings), "attachments", attachments);

	if (b->n_messages < sizeof b->message_ids / sizeof *b->message_ids) {
		b->message_ids[b->n_messages] = row->id;
		b->by_message[b->n_messages++] = attachments;
	}
	return append(b->lists[LIST_MESSAGES], message);
}

static int take_attachment(void *context, const struct store_attachment_row *row)
{
	struct building *b = context;

	for (size_t i = 0; i < b->n_messages; i++)
		if (b->message_ids[i] == row->message)
			return append(b->by_message[i],
				json_pack("{s:s, s:s, s:I, s:s}", "name", row->name, "type",
					row->type, "bytes", (json_int_t) row->bytes, "sha256",
					row->sha256));
	return 0;
}

/* The number, or null for 0. */
static json_t *number_or_null(int64_t n)
{
	return n ? json_integer((json_int_t) n) : json_null();
}

/* The object that the store kept as JSON text; null where there is none. */
static json_t *stored_object(const char *text)
{
	json_t *object = json_loads(text, 0, NULL);

	return object ? object : json_null();
}

static int take_event(void *context, const struct store_event_row *row)
{
	struct building *b = context;
	char at[CASE_JSON_INSTANT_MAX];

	return append(b->lists[LIST_EVENTS],
		json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id",
			(json_int_t) row->id, "at", case_json_instant(row->at, at), "actor",
			row->actor, "what", row->what, "why", row->why, "part",
			number_or_null(row->part), "day",
			row->has_day ? day_json(row->day) : json_null(), "details",
			stored_object(row->details), "undoes", number_or_null(row->undoes),
			"undone", number_or_null(row->undone)));
}

static int take_outbox(void *context, const struct store_outbox_view *row)
{
	struct building *b = context;
	char created[CASE_JSON_INSTANT_MAX];

	return append(b->lists[LIST_OUTGOING],
		json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			"kind", row->kind, "state", store_outbox_state_word(row->state), "to",
			row->to, "message_id", row->message_id, "tries", (int) row->tries,
			"created", case_json_instant(row->created_at, created), "sent",
			instant_or_null(row->sent_at), "next_try",
			row->state == STORE_OUTBOX_QUEUED ? instant_or_null(row->next_try)
							  : json_null(),
			"code", row->code ? json_integer(row->code) : json_null(), "status",
			text_or_null(row->status), "reply", text_or_null(row->reply), "due_told",
			row->tells_due ? day_json(row->due_told) : json_null(), "held",
			text_or_null(hold_word(row->hold))));
}

static int take_linked(void *context, const char *reference, const char *how)
{
	struct building *b = context;

	return append(
		b->lists[LIST_LINKED], json_pack("{s:s, s:s}", "reference", reference, "how", how));
}

static const struct store_case_view case_view = {
	.message = take_message,
	.attachment = take_attachment,
	.event = take_event,
	.deadline = take_deadline,
	.outbox = take_outbox,
	.linked = take_linked,
};

static int collect(struct store *s, const char *reference, struct building *b, struct fault *f)
{
	int r;

	for (size_t i = 0; i < sizeof b->lists / sizeof *b->lists; i++) {
		b->lists[i] = json_array();
		if (!b->lists[i])
			return -ENOMEM;
	}
	r = store_get(s, reference, take_row, b, f);
	if (r <= 0)
		return r;
	r = store_view(s, b->id, &case_view, b, f);
	return r < 0 ? r : 1;
}

int case_json_get(struct store *s, const char *reference, const struct case_json_clock *clock,
	json_t **ret, struct fault *f)
{
	CLEANUP(freep) struct building *b = calloc(1, sizeof *b);
	json_t *object;
	int r;

	if (!b)
		return fault_set(f, -ENOMEM, "no memory for a case");
	b->clock = clock;
	r = collect(s, reference, b, f);
	/* json_pack() takes every "o" over, also when it fails for one that is NULL. */
	object = json_pack("{s:o?, s:o?, s:o?, s:o?, s:o?, s:o?, s:o?, s:o?}", "summary",
		b->summary, "requester", b->requester, "requester_name", b->requester_name,
		"deadlines", b->lists[LIST_DEADLINES], "messages", b->lists[LIST_MESSAGES],
		"outgoing", b->lists[LIST_OUTGOING], "events", b->lists[LIST_EVENTS], "linked",
		b->lists[LIST_LINKED]);
	if (r == 1 && object) {
		*ret = object;
		return 1;
	}
	json_decref(object);
	return r == 1 ? fault_set(f, -ENOMEM, "no memory for a case") : r;
}
