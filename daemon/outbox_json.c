/* outbox_json.c - mails of ours that are not sent, in the shape of the Varlink interface. */
/* SPDX-License-Identifier: MIT */
#include "daemon/outbox_json.h"

#include "daemon/case_json.h"

static json_t *text_or_null(const char *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *instant_or_null(int64_t instant)
{
	char buf[CASE_JSON_INSTANT_MAX];

	return instant == 0 ? json_null() : json_string(case_json_instant(instant, buf));
}

json_t *outbox_json_row(const struct store_outbox_entry *e, bool has_reply)
{
	bool is_held = e->state == STORE_OUTBOX_HELD;
	char due[DAY_ISO_MAX];

	return json_pack("{s:I, s:o, s:s, s:s, s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
		(json_int_t) e->id, "reference", text_or_null(e->reference), "mailbox", e->mailbox,
		"kind", e->kind, "state", store_outbox_state_word(e->state), "held",
		is_held ? text_or_null(hold_word(e->hold)) : json_null(), "tries",
		(json_int_t) e->tries, "created", instant_or_null(e->created_at), "next_try",
		instant_or_null(e->next_try), "code", e->code ? json_integer(e->code) : json_null(),
		"status", text_or_null(e->status), "reply",
		has_reply ? text_or_null(e->reply) : json_null(), "due_told",
		e->tells_due ? json_string(day_iso(e->due_told, due)) : json_null());
}
