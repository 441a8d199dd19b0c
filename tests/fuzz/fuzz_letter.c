/* fuzz_letter.c - any bytes as a mail, and as the record of a letter.
 *
 * Every letter that the reader makes passes the checks of the record's decoder and comes out of it
 * the same; it is UTF-8 throughout and keeps to its bounds. What was read before changes nothing. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "adapters/letter_record.h"
#include "base/text.h"
#include "domain/letter.h"
#include "tests/fuzz/fuzz.h"

enum {
	READ_TWICE_OF = 8, /* one mail of so many */
};

static struct letter_reader *reader;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return letter_reader_new(&reader, NULL);
}

/* A letter's record; its bytes are owned. */
struct record {
	char *at;
	size_t n;
};

static struct record encode(const struct letter *l)
{
	struct record record = { 0 };

	REQUIRE(letter_record_encode(l, &record.at, &record.n) == 0);
	REQUIRE(record.n <= LETTER_RECORD_MAX);
	return record;
}

static struct record read_mail(const uint8_t *bytes, size_t n, struct letter **ret)
{
	REQUIRE(letter_parse(reader, (const char *) bytes, n, n % 2 == 1, ret, NULL) == 0);
	return encode(*ret);
}

/* Whether they are the same; the second is freed. */
static bool is_same(struct record record, struct record again)
{
	bool is_it = again.n == record.n && memcmp(again.at, record.at, record.n) == 0;

	free(again.at);
	return is_it;
}

static void check_addresses(const struct letter_address *a, size_t n)
{
	REQUIRE(n <= LETTER_ADDRESSES_MAX);
	for (size_t i = 0; i < n; i++)
		REQUIRE(fuzz_is_one_line(a[i].name) && fuzz_is_one_line(a[i].mailbox));
}

static void check_ids(char *const *ids, size_t n)
{
	REQUIRE(n <= LETTER_IDS_MAX);
	for (size_t i = 0; i < n; i++)
		REQUIRE(fuzz_is_one_line(ids[i]) && ids[i][0] == '<' && strchr(ids[i], '>'));
}

static void check_attachment(const struct letter_attachment *a)
{
	REQUIRE(strlen(a->name) <= LETTER_NAME_MAX && fuzz_is_one_line(a->name));
	REQUIRE(!strpbrk(a->name, "/\\"));
	REQUIRE(fuzz_is_one_line(a->type));
}

static void check_texts(const struct letter *l)
{
	REQUIRE(strlen(l->text) <= LETTER_TEXT_MAX && text_is_utf8(l->text, strlen(l->text)));
	REQUIRE(strlen(l->new_text) <= strlen(l->text));
	REQUIRE(text_is_utf8(l->new_text, strlen(l->new_text)));
	REQUIRE(!strchr(l->text, '\r'));
	REQUIRE(fuzz_is_one_line(l->subject) && fuzz_is_one_line(l->message_id));
	for (size_t i = 0; i < l->n_warnings; i++)
		REQUIRE(fuzz_is_one_line(l->warnings[i]));
}

static void check(const struct letter *l)
{
	check_texts(l);
	check_addresses(l->from, l->n_from);
	check_addresses(l->reply_to, l->n_reply_to);
	check_addresses(l->to, l->n_to);
	check_ids(l->in_reply_to, l->n_in_reply_to);
	check_ids(l->references, l->n_references);
	check_ids(l->embedded_ids, l->n_embedded_ids);
	REQUIRE(l->n_headers <= LETTER_HEADERS_MAX);
	for (size_t i = 0; i < l->n_headers; i++)
		REQUIRE(fuzz_is_one_line(l->headers[i].value));
	for (size_t i = 0; i < l->n_attachments; i++)
		check_attachment(&l->attachments[i]);
}

/* There and back again it says the same. */
static void carry(struct record record)
{
	struct letter *back = NULL;

	REQUIRE(letter_record_decode(record.at, record.n, &back, NULL) == 0);
	REQUIRE(is_same(record, encode(back)));
	letter_free(back);
}

static void read_again(const uint8_t *bytes, size_t n, struct record record)
{
	struct letter *l = NULL;

	REQUIRE(is_same(record, read_mail(bytes, n, &l)));
	letter_free(l);
}

/* What another process may claim. */
static void take_record(const uint8_t *bytes, size_t n)
{
	struct letter *l = NULL;
	struct record record;

	if (letter_record_decode((const char *) bytes, n, &l, NULL) < 0)
		return;
	record = encode(l);
	carry(record);
	free(record.at);
	letter_free(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct letter *l = NULL;
	struct record record = read_mail(bytes, n, &l);

	check(l);
	carry(record);
	if (n % READ_TWICE_OF == 0)
		read_again(bytes, n, record);
	free(record.at);
	letter_free(l);
	take_record(bytes, n);
	return 0;
}
