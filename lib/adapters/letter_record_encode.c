/* letter_record_encode.c - a letter as a record; its form stands at the top of letter_record.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/letter_record.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/bytes.h"
#include "base/cleanup.h"

static void unrefp(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

/* In all of these NULL means that memory is short, which jansson passes on. */

static int add_pair(json_t *list, const char *first, const char *second)
{
	if (json_array_append_new(list, json_string(first)) < 0)
		return -1;
	return json_array_append_new(list, json_string(second));
}

static json_t *encode_headers(const struct letter *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n_headers; i++)
		if (add_pair(list, l->headers[i].name, l->headers[i].value) < 0)
			unrefp(&list);
	return list;
}

static json_t *encode_addresses(const struct letter_address *from, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		if (add_pair(list, from[i].name, from[i].mailbox) < 0)
			unrefp(&list);
	return list;
}

static json_t *encode_texts(char *const *from, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		if (json_array_append_new(list, json_string(from[i])) < 0)
			unrefp(&list);
	return list;
}

static json_t *encode_attachments(const struct letter *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n_attachments; i++) {
		const struct letter_attachment *a = &l->attachments[i];

		if (json_array_append_new(
			    list, json_pack("{s:s,s:s,s:I,s:s}", "name", a->name, "type", a->type,
					  "bytes", (json_int_t) a->bytes, "sha256", a->sha256)) < 0)
			unrefp(&list);
	}
	return list;
}

static json_t *encode_marks(const struct letter_marks *m)
{
	return json_pack("{s:b,s:b,s:b,s:b,s:b,s:b,s:b}", "is_truncated", m->is_truncated,
		"is_encrypted", m->is_encrypted, "is_signed", m->is_signed, "is_calendar",
		m->is_calendar, "is_disposition", m->is_disposition, "text_from_html",
		m->text_from_html, "has_forward", m->has_forward);
}

static json_t *encode(const struct letter *l)
{
	/* "o" takes the list over, also when packing fails, and refuses NULL. */
	return json_pack("{s:o,s:o,s:o,s:o,s:s,s:s,s:o,s:o,s:o,s:I,s:o,s:o,"
			 "s:{s:b,s:s,s:s},s:o,s:s}",
		"headers", encode_headers(l), "from", encode_addresses(l->from, l->n_from),
		"reply_to", encode_addresses(l->reply_to, l->n_reply_to), "to",
		encode_addresses(l->to, l->n_to), "subject", l->subject, "message_id",
		l->message_id, "in_reply_to", encode_texts(l->in_reply_to, l->n_in_reply_to),
		"references", encode_texts(l->references, l->n_references), "embedded_ids",
		encode_texts(l->embedded_ids, l->n_embedded_ids), "date", (json_int_t) l->date,
		"attachments", encode_attachments(l), "warnings",
		encode_texts(l->warnings, l->n_warnings), "delivery", "is_report",
		l->delivery.is_report, "action", l->delivery.action, "status", l->delivery.status,
		"marks", encode_marks(&l->marks), "content", l->content);
}

static int add_json(const char *text, size_t n, void *context)
{
	struct bytes *out = context;

	bytes_add(out, text, n);
	return out->is_starved ? -1 : 0;
}

int letter_record_encode(const struct letter *l, char **ret, size_t *ret_n)
{
	CLEANUP(unrefp) json_t *record = encode(l);
	CLEANUP(bytes_done) struct bytes out = { 0 };

	bytes_init(&out, SIZE_MAX); /* a letter is bounded already */
	if (!record || json_dump_callback(record, add_json, &out, JSON_COMPACT) < 0)
		return -ENOMEM;
	bytes_add_char(&out, '\0');
	bytes_add(&out, l->text, strlen(l->text) + 1);
	bytes_add(&out, l->new_text, strlen(l->new_text) + 1);
	return bytes_take(&out, ret, ret_n);
}
