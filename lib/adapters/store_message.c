/* store_message.c - mails as they are recorded.
 *
 * Security: texts, names and addresses are the sender's. They are bounded by letter.h, reach SQL
 * only as bound values, and go into no fault. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store.h"

#include <errno.h>

#include <jansson.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

static void json_freep(json_t **json)
{
	json_decref(*json);
}

/* A JSON text of @s. Evidence may have been cut in the middle of a character, and jansson takes
 * nothing but UTF-8. NULL: no memory. */
static json_t *json_line(const char *s)
{
	CLEANUP(freep) char *line = NULL;

	if (text_one_line(s, LETTER_VALUE_MAX, &line) < 0)
		return NULL;
	return json_string(line);
}

/* [{"rule": "...", "evidence": "..."}, ...] as heap text; NULL: no memory. */
static char *reasons_text(const struct triage_verdict *v)
{
	CLEANUP(json_freep) json_t *array = json_array();

	for (size_t i = 0; i < v->n_reasons; i++) {
		json_t *one = json_pack("{s:o, s:o}", "rule", json_line(v->reasons[i].rule),
			"evidence", json_line(v->reasons[i].evidence));

		if (json_array_append_new(array, one) < 0)
			return NULL;
	}
	return json_dumps(array, JSON_COMPACT);
}

/* [{"hint": "...", "evidence": "..."}, ...] as heap text; NULL: no memory. */
static char *hints_text(const struct hint_list *list)
{
	CLEANUP(json_freep) json_t *array = json_array();

	for (size_t i = 0; list && i < list->n; i++) {
		json_t *one = json_pack("{s:s, s:o}", "hint", hint_word(list->hints[i].kind),
			"evidence", json_line(list->hints[i].evidence));

		if (json_array_append_new(array, one) < 0)
			return NULL;
	}
	return json_dumps(array, JSON_COMPACT);
}

/* ["...", ...] as heap text; NULL: no memory. */
static char *warnings_text(const struct letter *l)
{
	CLEANUP(json_freep) json_t *array = json_array();

	for (size_t i = 0; l && i < l->n_warnings; i++)
		if (json_array_append_new(array, json_line(l->warnings[i])) < 0)
			return NULL;
	return json_dumps(array, JSON_COMPACT);
}

static const struct letter_address no_address = { .name = "", .mailbox = "" };

static const struct letter_address *first_from(const struct letter *l)
{
	return l && l->n_from > 0 ? &l->from[0] : &no_address;
}

/* Return: 1 added; 0 the row is there already. */
static int add_row(struct store *s, const struct store_message *m, struct fault *f)
{
	const struct letter *l = m->letter;
	const struct letter_address *from = first_from(l);

	return STORE_RUN(s, STORE_SQL_MESSAGE_ADD, f, store_int(m->epoch), store_int(m->uid),
		store_text(fate_word(m->verdict->fate)), store_int(m->first_seen),
		store_int(m->internaldate), store_id(m->gateway), store_uint(m->size),
		store_day(m->received), store_int(m->is_receipt_disputed),
		store_int(m->verdict->is_suspect), store_int(l != NULL), store_id(m->case_id),
		store_id(m->duplicate_of), store_key_text(l ? l->message_id : NULL),
		store_key_text(l ? l->content : NULL), store_int(l ? l->date : 0),
		store_text(from->mailbox), store_text(from->name),
		store_key_text(m->platform_message));
}

static int add_text(struct store *s, int64_t id, const struct store_message *m, struct fault *f)
{
	const struct letter *l = m->letter;
	CLEANUP(freep) char *reasons = reasons_text(m->verdict);
	CLEANUP(freep) char *warnings = warnings_text(l);
	CLEANUP(freep) char *hints = hints_text(m->hints);

	if (!reasons || !warnings || !hints)
		return store_out_of_memory(s, f);
	return STORE_RUN(s, STORE_SQL_MESSAGE_TEXT_ADD, f, store_int(id),
		store_text(l ? l->subject : NULL), store_text(l ? l->text : NULL),
		store_text(l ? l->new_text : NULL), store_text(reasons), store_text(warnings),
		store_text(hints));
}

static int add_attachments(struct store *s, int64_t id, const struct letter *l, struct fault *f)
{
	for (size_t i = 0; l && i < l->n_attachments; i++) {
		const struct letter_attachment *a = &l->attachments[i];
		int r = STORE_RUN(s, STORE_SQL_ATTACHMENT_ADD, f, store_int(id),
			store_int((int64_t) i + 1), store_text(a->name), store_text(a->type),
			store_uint(a->bytes), store_text(a->sha256));

		if (r < 0)
			return r;
	}
	return 0;
}

static int add_raw(struct store *s, int64_t id, const struct store_message *m, struct fault *f)
{
	if (!m->raw)
		return 0;
	return STORE_RUN(s, STORE_SQL_RAW_ADD, f, store_int(id), store_blob(m->raw, m->raw_bytes));
}

int store_message_add(
	struct store *s, const struct store_message *m, int64_t *ret_id, struct fault *f)
{
	int64_t id;
	int r;

	r = add_row(s, m, f);
	if (r < 0)
		return r;
	if (r == 0)
		return fault_set_kind(f, FAULT_STORE, -EEXIST, "UID %u has a row already", m->uid);
	id = store_last_id(s);
	r = STORE_RUN(s, STORE_SQL_FATE_COUNT, f, store_text(fate_word(m->verdict->fate)));
	if (r < 0)
		return r;
	r = STORE_RUN(s, STORE_SQL_MAILBOX_FATE_COUNT, f, store_int(m->epoch),
		store_text(fate_word(m->verdict->fate)));
	if (r < 0)
		return r;
	r = add_text(s, id, m, f);
	if (r < 0)
		return r;
	r = add_attachments(s, id, m->letter, f);
	if (r < 0)
		return r;
	r = add_raw(s, id, m, f);
	if (r < 0)
		return r;
	*ret_id = id;
	return 0;
}

int store_message_case(struct store *s, int64_t message, int64_t case_id, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_MESSAGE_CASE, f, store_int(message), store_int(case_id));

	if (r < 0)
		return r;
	return r > 0 ? 0 : fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such message");
}
