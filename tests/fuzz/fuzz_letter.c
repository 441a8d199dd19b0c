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

static char *encode(const struct letter *l)
{
	char *record = NULL;
	size_t n = 0;

	REQUIRE(letter_record_encode(l, &record, &n) == 0);
	REQUIRE(n <= LETTER_RECORD_MAX && strlen(record) == n);
	return record;
}

static char *read_mail(const uint8_t *bytes, size_t n, struct letter **ret)
{
	REQUIRE(letter_parse(reader, (const char *) bytes, n, n % 2 == 1, ret, NULL) == 0);
	return encode(*ret);
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
static void carry(const char *record)
{
	struct letter *back = NULL;
	char *again;

	REQUIRE(letter_record_decode(record, strlen(record), &back, NULL) == 0);
	again = encode(back);
	REQUIRE(strcmp(again, record) == 0);
	free(again);
	letter_free(back);
}

static void read_again(const uint8_t *bytes, size_t n, const char *record)
{
	struct letter *l = NULL;
	char *again = read_mail(bytes, n, &l);

	REQUIRE(strcmp(again, record) == 0);
	free(again);
	letter_free(l);
}

/* What another process may claim. */
static void take_record(const uint8_t *bytes, size_t n)
{
	struct letter *l = NULL;
	char *record;

	if (letter_record_decode((const char *) bytes, n, &l, NULL) < 0)
		return;
	record = encode(l);
	carry(record);
	free(record);
	letter_free(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct letter *l = NULL;
	char *record = read_mail(bytes, n, &l);

	check(l);
	carry(record);
	if (n % READ_TWICE_OF == 0)
		read_again(bytes, n, record);
	free(record);
	letter_free(l);
	take_record(bytes, n);
	return 0;
}
