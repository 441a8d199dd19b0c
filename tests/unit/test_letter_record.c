/* test_letter_record.c - letters between processes: whole round trip, broken records refused. */
/* SPDX-License-Identifier: MIT */
#include "adapters/letter_record.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static const char mail[] =
	"From: Jane Example <jane@example.org>\r\n"
	"To: foi@example.net, b@example.net\r\n"
	"Reply-To: other@example.org\r\n"
	"Subject: =?utf-8?q?Caf=C3=A9?=\r\n"
	"Message-ID: <one@example.org>\r\n"
	"In-Reply-To: <two@example.net>\r\n"
	"References: <three@example.net> <two@example.net>\r\n"
	"Date: Mon, 1 Jun 2026 10:00:00 +0100\r\n"
	"Content-Type: multipart/report; boundary=b\r\n"
	"\r\n"
	"--b\r\n\r\nHow many \"quoted\" cats?\r\n"
	"--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
	"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <four@example.net>\r\n"
	"--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nPDF\r\n"
	"--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n";

static struct letter *read_mail(void)
{
	struct letter_reader *reader = NULL;
	struct letter *l = NULL;

	assert_int_equal(letter_reader_new(&reader, NULL), 0);
	assert_int_equal(letter_parse(reader, mail, sizeof mail - 1, true, &l, NULL), 0);
	letter_reader_free(reader);
	return l;
}

static void test_round_trip(void **state)
{
	struct letter *l = read_mail();
	struct letter *back = NULL;
	char *first = NULL;
	char *second = NULL;
	size_t n = 0;
	size_t m = 0;

	(void) state;
	assert_int_equal(letter_record_encode(l, &first, &n), 0);
	assert_int_equal(letter_record_decode(first, n, &back, NULL), 0);
	assert_int_equal(letter_record_encode(back, &second, &m), 0);
	assert_int_equal(n, m);
	assert_memory_equal(first, second, n);
	/* Spot checks: both ends agreeing on nothing at all would pass the above. */
	assert_string_equal(back->subject, "Café");
	assert_int_equal(back->n_headers, 9);
	assert_int_equal(back->n_to, 2);
	assert_string_equal(back->from[0].name, "Jane Example");
	assert_string_equal(back->reply_to[0].mailbox, "other@example.org");
	assert_string_equal(back->references[1], "<two@example.net>");
	assert_string_equal(back->embedded_ids[0], "<four@example.net>");
	assert_int_equal(back->date, 1780304400);
	assert_int_equal(back->n_attachments, 2);
	assert_string_equal(back->attachments[0].name, "a.pdf");
	assert_int_equal(back->attachments[0].bytes, 3);
	assert_string_equal(back->delivery.action, "failed");
	assert_int_equal(back->marks.is_truncated, 1);
	assert_int_equal(back->marks.is_calendar, 1);
	assert_int_equal(back->marks.is_signed, 0);
	assert_int_equal(back->n_warnings, l->n_warnings);
	assert_string_equal(back->content, l->content);
	assert_string_equal(back->text, l->text);
	assert_string_equal(back->new_text, "How many \"quoted\" cats?\n");
	free(first);
	free(second);
	letter_free(l);
	letter_free(back);
}

/* Sets the member at @path ("a.0.b") of @record to @value. */
static void put(json_t *record, const char *path, json_t *value)
{
	char copy[64];
	char *rest = copy;
	char *key;

	(void) snprintf(copy, sizeof copy, "%s", path);
	key = strsep(&rest, ".");
	while (rest) {
		record = json_is_array(record) ? json_array_get(record, (size_t) (key[0] - '0'))
					       : json_object_get(record, key);
		key = strsep(&rest, ".");
	}
	if (json_is_array(record))
		assert_int_equal(json_array_set_new(record, (size_t) (key[0] - '0'), value), 0);
	else
		assert_int_equal(json_object_set_new(record, key, value), 0);
}

static json_t *long_text(size_t n)
{
	char *text = malloc(n + 1);
	json_t *j;

	assert_non_null(text);
	memset(text, 'g', n);
	text[n] = '\0';
	j = json_string(text);
	free(text);
	return j;
}

static json_t *long_list(const char *item, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_loads(item, JSON_DECODE_ANY, NULL));
	return list;
}

static const struct broken {
	const char *why;
	const char *path;
	const char *value;  /* JSON; NULL: made from the next three */
	size_t text_length; /* a text of so many letters */
	const char *item;   /* or a list of @count of these */
	size_t count;
} broken[] = {
	{ "a subject must be text", "subject", "7", 0, NULL, 0 },
	{ "a member may not be null", "message_id", "null", 0, NULL, 0 },
	{ "a header's value over the bound", "headers.1", NULL, LETTER_VALUE_MAX + 1, NULL, 0 },
	{ "an id over the bound", "references.0", NULL, 1025, NULL, 0 },
	{ "too many headers", "headers", NULL, 0, "\"a\"", 2 * LETTER_HEADERS_MAX + 2 },
	{ "too many senders", "from", NULL, 0, "\"a\"", 2 * LETTER_ADDRESSES_MAX + 2 },
	{ "too many ids", "references", NULL, 0, "\"<a>\"", LETTER_IDS_MAX + 1 },
	{ "too many warnings", "warnings", NULL, 0, "\"a\"", LETTER_WARNINGS_MAX + 1 },
	{ "too many attachments", "attachments", NULL, 0,
		"{\"name\":\"\",\"type\":\"a/b\",\"bytes\":0,\"sha256\":"
		"\"0000000000000000000000000000000000000000000000000000000000000000\"}",
		LETTER_ATTACHMENTS_MAX + 1 },
	{ "an attachment without members", "attachments", "[{}]", 0, NULL, 0 },
	{ "a header without a value", "headers", "[\"a\",\"b\",\"c\"]", 0, NULL, 0 },
	{ "an address of one text", "from", "[\"a\"]", 0, NULL, 0 },
	{ "a list that is an object", "to", "{}", 0, NULL, 0 },
	{ "a size below zero", "attachments.0.bytes", "-1", 0, NULL, 0 },
	{ "a size that is no whole number", "attachments.0.bytes", "1.5", 0, NULL, 0 },
	{ "a digest too short", "attachments.0.sha256", "\"abc\"", 0, NULL, 0 },
	{ "a digest of wrong digits", "content", NULL, 64, NULL, 0 },
	{ "an action longer than its room", "delivery.action", "\"0123456789abcdef\"", 0, NULL, 0 },
	{ "a mark that is a number", "marks.is_signed", "1", 0, NULL, 0 },
	{ "a date that is text", "date", "\"now\"", 0, NULL, 0 },
	{ "marks that are a list", "marks", "[]", 0, NULL, 0 },
};

/* Whether a record of @json and what stands behind it (@n bytes) is taken. */
static int decode_as(const json_t *json, const char *behind, size_t n)
{
	char *text = json_dumps(json, 0);
	size_t length = strlen(text) + 1;
	char *record = malloc(length + n);
	struct letter *l = NULL;
	int r;

	assert_non_null(record);
	memcpy(record, text, length);
	memcpy(record + length, behind, n);
	r = letter_record_decode(record, length + n, &l, NULL);
	free(text);
	free(record);
	letter_free(l);
	return r;
}

static int decode_changed(const char *record, const struct broken *b)
{
	json_t *j = json_loads(record, 0, NULL);
	int r;

	if (b->value)
		put(j, b->path, json_loads(b->value, JSON_DECODE_ANY, NULL));
	else
		put(j, b->path, b->item ? long_list(b->item, b->count) : long_text(b->text_length));
	r = decode_as(j, "a\0b", 4);
	json_decref(j);
	return r;
}

static void test_broken_records(void **state)
{
	struct letter *l = read_mail();
	char *record = NULL;
	size_t n = 0;

	(void) state;
	assert_int_equal(letter_record_encode(l, &record, &n), 0);
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		if (decode_changed(record, &broken[i]) != -EBADMSG)
			fail_msg("accepted: %s", broken[i].why);
	}
	free(record);
	letter_free(l);
}

/* Every member must be there: leave each out in turn. */
static void test_missing_members(void **state)
{
	struct letter *l = read_mail();
	char *record = NULL;
	size_t n = 0;
	json_t *whole;
	const char *key;
	json_t *value;

	(void) state;
	assert_int_equal(letter_record_encode(l, &record, &n), 0);
	whole = json_loads(record, 0, NULL);
	json_object_foreach(whole, key, value)
	{
		json_t *less = json_copy(whole);

		json_object_del(less, key);
		if (decode_as(less, "a\0b", 4) != -EBADMSG)
			fail_msg("accepted without %s", key);
		json_decref(less);
	}
	json_decref(whole);
	free(record);
	letter_free(l);
}

/* The texts behind the object, with and without what must be there. */
static void test_texts(void **state)
{
	static const struct {
		const char *why;
		const char *behind;
		size_t n;
		int wanted;
	} rows[] = {
		{ "two texts", "a\0b", 4, 0 },
		{ "two that are empty", "\0", 2, 0 },
		{ "none", "", 0, -EBADMSG },
		{ "one", "a", 2, -EBADMSG },
		{ "one that is not ended", "a\0b", 3, -EBADMSG },
		{ "three", "a\0b\0c", 6, -EBADMSG },
		{ "text that is no UTF-8", "\xFF\0b", 4, -EBADMSG },
		{ "new text that is no UTF-8", "a\0\xED\xA0\x80", 6, -EBADMSG },
	};
	struct letter *l = read_mail();
	char *record = NULL;
	size_t n = 0;
	json_t *whole;

	(void) state;
	assert_int_equal(letter_record_encode(l, &record, &n), 0);
	whole = json_loads(record, 0, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (decode_as(whole, rows[i].behind, rows[i].n) != rows[i].wanted)
			fail_msg("%s", rows[i].why);
	json_decref(whole);
	free(record);
	letter_free(l);
}

/* The longest text is taken, one byte more is not. */
static void test_text_bounds(void **state)
{
	struct letter *l = read_mail();

	(void) state;
	for (size_t over = 0; over < 2; over++) {
		size_t length = LETTER_TEXT_MAX + over;
		struct letter *back = NULL;
		char *record = NULL;
		size_t n = 0;

		free(l->text);
		l->text = malloc(length + 1);
		assert_non_null(l->text);
		memset(l->text, 'g', length);
		l->text[length] = '\0';
		assert_int_equal(letter_record_encode(l, &record, &n), 0);
		assert_int_equal(letter_record_decode(record, n, &back, NULL), over ? -EBADMSG : 0);
		free(record);
		letter_free(back);
	}
	letter_free(l);
}

static void test_no_json(void **state)
{
	static const struct {
		const char *why;
		const char *text;
	} rows[] = {
		{ "nothing", "" },
		{ "a list", "[]" },
		{ "half an object", "{\"subject\":" },
		{ "no UTF-8", "{\"subject\":\"\xFF\"}" },
		{ "NUL in a text", "{\"subject\":\"a\\u0000b\"}" },
		{ "one key twice", "{\"subject\":\"\",\"subject\":\"\"}" },
		{ "deep nesting", "[[[[[[[[[[[[[[[[[[[[[[[[" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct letter *l = NULL;

		/* With its NUL, and without. */
		for (size_t k = 0; k < 2; k++)
			if (letter_record_decode(
				    rows[i].text, strlen(rows[i].text) + k, &l, NULL) != -EBADMSG)
				fail_msg("accepted: %s", rows[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_broken_records),
		cmocka_unit_test(test_missing_members),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_text_bounds),
		cmocka_unit_test(test_no_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
