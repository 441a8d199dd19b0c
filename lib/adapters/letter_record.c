/* letter_record.c - a letter as a record, for the way from the parse process to register: reading it.
 *
 * A record is three texts, each ended by a NUL: a JSON object, the letter's text, its new text. Both
 * are long and would take more time as JSON than to read the mail. Members of the object carry the
 * names of struct letter's other members; headers and addresses are lists in which two texts stand
 * for one. Every member is always there, so that a missing one is a broken record.
 *
 * Security: decoding trusts nothing: the parse process may be in an attacker's hands. */
/* SPDX-License-Identifier: MIT */
#include "adapters/letter_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	DEPTH_MAX = 8, /* of JSON; ours has three */
	MAILBOX_MAX = 1024,
	ID_MAX = 1024,
	TYPE_MAX = 128,
	WARNING_MAX = 256,
};

static void unrefp(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

/* A string of at most @max bytes without NUL as a heap copy. jansson has checked the UTF-8. */
static int get_text(const json_t *j, size_t max, char **ret)
{
	const char *text = json_string_value(j);

	if (!text || json_string_length(j) > max || strlen(text) != json_string_length(j))
		return -EBADMSG;
	*ret = strdup(text);
	return *ret ? 0 : -ENOMEM;
}

static int replace_text(const json_t *record, const char *key, size_t max, char **text)
{
	char *copy;
	int r = get_text(json_object_get(record, key), max, &copy);

	if (r < 0)
		return r;
	free(*text);
	*text = copy;
	return 0;
}

/* A text of fixed room, NUL included. */
static int get_word(const json_t *j, char *ret, size_t room)
{
	CLEANUP(freep) char *text = NULL;
	int r = get_text(j, room - 1, &text);

	if (r < 0)
		return r;
	memcpy(ret, text, strlen(text) + 1);
	return 0;
}

/* A digest: 64 digits. */
static int get_digest(const json_t *j, char ret[static DIGEST_HEX_MAX])
{
	int r = get_word(j, ret, DIGEST_HEX_MAX);

	if (r < 0)
		return r;
	return strspn(ret, "0123456789abcdef") == DIGEST_HEX_MAX - 1 ? 0 : -EBADMSG;
}

static int get_flag(const json_t *j, bool *ret)
{
	if (!json_is_boolean(j))
		return -EBADMSG;
	*ret = json_is_true(j);
	return 0;
}

/* An array of at most @max items, with room for that many of @size in @ret. */
static int get_list(const json_t *record, const char *key, size_t max, size_t size,
	const json_t **ret_list, void *ret)
{
	const json_t *list = json_object_get(record, key);
	void *room;

	if (!json_is_array(list) || json_array_size(list) > max)
		return -EBADMSG;
	room = calloc(json_array_size(list) + 1, size);
	if (!room)
		return -ENOMEM;
	memcpy(ret, &room, sizeof room);
	*ret_list = list;
	return 0;
}

/* An array of pairs of texts, one behind the other; @size is that of what a pair becomes. */
static int get_pairs(const json_t *record, const char *key, size_t max, size_t size,
	const json_t **ret_list, void *ret)
{
	int r = get_list(record, key, 2 * max, size, ret_list, ret);

	return r == 0 && json_array_size(*ret_list) % 2 != 0 ? -EBADMSG : r;
}

static int get_pair(const json_t *list, size_t i, size_t max_first, char **first, size_t max_second,
	char **second)
{
	int r = get_text(json_array_get(list, 2 * i), max_first, first);

	return r < 0 ? r : get_text(json_array_get(list, 2 * i + 1), max_second, second);
}

/* In each list the count grows with the item, so that letter_free() finds what is there. */
static int decode_headers(const json_t *record, struct letter *l)
{
	const json_t *list;
	int r = get_pairs(
		record, "headers", LETTER_HEADERS_MAX, sizeof *l->headers, &list, &l->headers);

	for (size_t i = 0; r == 0 && i < json_array_size(list) / 2; i++) {
		struct letter_header *h = &l->headers[l->n_headers++];

		r = get_pair(list, i, LETTER_NAME_MAX, &h->name, LETTER_VALUE_MAX, &h->value);
	}
	return r;
}

static int decode_addresses(
	const json_t *record, const char *key, struct letter_address **ret, size_t *n)
{
	const json_t *list;
	int r = get_pairs(record, key, LETTER_ADDRESSES_MAX, sizeof **ret, &list, ret);

	for (size_t i = 0; r == 0 && i < json_array_size(list) / 2; i++) {
		struct letter_address *a = &(*ret)[(*n)++];

		r = get_pair(list, i, LETTER_NAME_MAX, &a->name, MAILBOX_MAX, &a->mailbox);
	}
	return r;
}

static int decode_texts(
	const json_t *record, const char *key, size_t max, size_t max_bytes, char ***ret, size_t *n)
{
	const json_t *list;
	int r = get_list(record, key, max, sizeof **ret, &list, ret);

	for (size_t i = 0; r == 0 && i < json_array_size(list); i++) {
		r = get_text(json_array_get(list, i), max_bytes, &(*ret)[i]);
		*n += r == 0;
	}
	return r;
}

static int decode_attachment(const json_t *j, struct letter_attachment *a)
{
	const json_t *bytes = json_object_get(j, "bytes");
	int r = get_text(json_object_get(j, "name"), LETTER_NAME_MAX, &a->name);

	if (r == 0)
		r = get_text(json_object_get(j, "type"), TYPE_MAX, &a->type);
	if (r == 0)
		r = get_digest(json_object_get(j, "sha256"), a->sha256);
	if (r < 0)
		return r;
	if (!json_is_integer(bytes) || json_integer_value(bytes) < 0)
		return -EBADMSG;
	a->bytes = (uint64_t) json_integer_value(bytes);
	return 0;
}

static int decode_attachments(const json_t *record, struct letter *l)
{
	const json_t *list;
	int r = get_list(record, "attachments", LETTER_ATTACHMENTS_MAX, sizeof *l->attachments,
		&list, &l->attachments);

	for (size_t i = 0; r == 0 && i < json_array_size(list); i++)
		r = decode_attachment(json_array_get(list, i), &l->attachments[l->n_attachments++]);
	return r;
}

static int decode_marks(const json_t *j, struct letter_marks *m)
{
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "is_truncated", &m->is_truncated },
		{ "is_encrypted", &m->is_encrypted },
		{ "is_signed", &m->is_signed },
		{ "is_calendar", &m->is_calendar },
		{ "is_disposition", &m->is_disposition },
		{ "text_from_html", &m->text_from_html },
		{ "has_forward", &m->has_forward },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof flags / sizeof flags[0]; i++)
		r = get_flag(json_object_get(j, flags[i].key), flags[i].flag);
	return r;
}

static int decode_delivery(const json_t *j, struct letter_delivery *d)
{
	int r = get_flag(json_object_get(j, "is_report"), &d->is_report);

	if (r == 0)
		r = get_word(json_object_get(j, "action"), d->action, sizeof d->action);
	return r < 0 ? r : get_word(json_object_get(j, "status"), d->status, sizeof d->status);
}

static int decode_lists(const json_t *record, struct letter *l)
{
	int r = decode_headers(record, l);

	if (r == 0)
		r = decode_addresses(record, "from", &l->from, &l->n_from);
	if (r == 0)
		r = decode_addresses(record, "reply_to", &l->reply_to, &l->n_reply_to);
	if (r == 0)
		r = decode_addresses(record, "to", &l->to, &l->n_to);
	if (r == 0)
		r = decode_texts(record, "in_reply_to", LETTER_IDS_MAX, ID_MAX, &l->in_reply_to,
			&l->n_in_reply_to);
	if (r == 0)
		r = decode_texts(record, "references", LETTER_IDS_MAX, ID_MAX, &l->references,
			&l->n_references);
	if (r == 0)
		r = decode_texts(record, "embedded_ids", LETTER_IDS_MAX, ID_MAX, &l->embedded_ids,
			&l->n_embedded_ids);
	if (r == 0)
		r = decode_texts(record, "warnings", LETTER_WARNINGS_MAX, WARNING_MAX, &l->warnings,
			&l->n_warnings);
	return r < 0 ? r : decode_attachments(record, l);
}

static int decode(const json_t *record, struct letter *l)
{
	const json_t *date = json_object_get(record, "date");
	int r = replace_text(record, "subject", LETTER_VALUE_MAX, &l->subject);

	if (r == 0)
		r = replace_text(record, "message_id", ID_MAX, &l->message_id);
	if (r == 0)
		r = get_digest(json_object_get(record, "content"), l->content);
	if (r == 0)
		r = decode_delivery(json_object_get(record, "delivery"), &l->delivery);
	if (r == 0)
		r = decode_marks(json_object_get(record, "marks"), &l->marks);
	if (r < 0)
		return r;
	if (!json_is_integer(date))
		return -EBADMSG;
	l->date = json_integer_value(date);
	return decode_lists(record, l);
}

/* Nesting of the text, strings skipped: jansson itself goes 2048 deep, on the stack. */
static bool is_too_deep(const char *bytes, size_t n)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '[' || c == '{') && ++depth > DEPTH_MAX)
			return true;
		else if (!in_string && (c == ']' || c == '}') && depth > 0)
			depth--;
	}
	return false;
}

/* One of the three texts of a record. */
struct run {
	const char *at;
	size_t n; /* without its NUL */
};

/* Takes the text at *@at and its NUL. */
static int take_run(const char **at, const char *end, size_t max, struct run *ret)
{
	const char *nul = memchr(*at, '\0', (size_t) (end - *at));

	if (!nul || (size_t) (nul - *at) > max)
		return -EBADMSG;
	*ret = (struct run){ *at, (size_t) (nul - *at) };
	*at = nul + 1;
	return 0;
}

static int take_text(const char **at, const char *end, char **text)
{
	struct run run;
	char *copy;
	int r = take_run(at, end, LETTER_TEXT_MAX, &run);

	if (r < 0 || !text_is_utf8(run.at, run.n))
		return -EBADMSG;
	copy = strndup(run.at, run.n);
	if (!copy)
		return -ENOMEM;
	free(*text);
	*text = copy;
	return 0;
}

static int decode_all(const char *bytes, size_t n, struct letter *l, struct fault *f)
{
	CLEANUP(unrefp) json_t *record = NULL;
	const char *end = bytes + n;
	struct run object;
	int r = take_run(&bytes, end, LETTER_RECORD_MAX, &object);

	if (r < 0 || is_too_deep(object.at, object.n))
		return fault_set(f, -EBADMSG, "a letter's record breaks its bounds");
	record = json_loadb(object.at, object.n, JSON_REJECT_DUPLICATES, NULL);
	if (!record)
		return fault_set(f, -EBADMSG, "a letter's record is no JSON");
	r = decode(record, l);
	if (r == 0)
		r = take_text(&bytes, end, &l->text);
	if (r == 0)
		r = take_text(&bytes, end, &l->new_text);
	if (r == 0 && bytes != end)
		r = -EBADMSG;
	if (r == -ENOMEM)
		return fault_set(f, r, "no memory for a letter's record");
	return r < 0 ? fault_set(f, r, "a letter's record breaks its form") : 0;
}

int letter_record_decode(const char *bytes, size_t n, struct letter **ret, struct fault *f)
{
	CLEANUP(letter_freep) struct letter *l = letter_new();
	int r;

	if (!l)
		return fault_set(f, -ENOMEM, "no memory for a letter");
	r = decode_all(bytes, n, l, f);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(l);
	return 0;
}
