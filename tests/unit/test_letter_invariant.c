/* test_letter_invariant.c - what holds for every letter, whole, cut off and damaged.
 *
 * Each mail of tests/mail is read whole, cut at many places, and with single bytes changed: none is
 * refused, and what comes out is UTF-8 on lines that a terminal can show. */
/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/letter.h"

#define MAIL_DIR FOIMAILD_TESTS "/mail"

enum {
	MAIL_MAX = 256 * 1024,
	CUTS = 200, /* of each mail */
	CHANGES = 200,
};

static void check_line(const char *mail, const char *what, const char *line)
{
	char *shown = NULL;

	assert_int_equal(text_one_line(line, strlen(line) + 1, &shown), 0);
	if (strcmp(shown, line) != 0)
		fail_msg("%s: %s is no clean line: \"%s\"", mail, what, line);
	free(shown);
}

/* Controls of a terminal and marks that turn words around. */
static bool is_clean(const char *text)
{
	for (const unsigned char *p = (const unsigned char *) text; *p; p++) {
		if ((*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7F)
			return false;
		if (p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0)
			return false;
		if (p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0xA8 && p[2] <= 0xAE)
			return false;
		if (p[0] == 0xE2 && p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9)
			return false;
	}
	return text_is_utf8(text, strlen(text));
}

static void check_addresses(const char *mail, const struct letter_address *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		check_line(mail, "an address's name", a[i].name);
		check_line(mail, "an address", a[i].mailbox);
		assert_non_null(strchr(a[i].mailbox, '@'));
	}
}

static void check_ids(const char *mail, char *const *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_line(mail, "an identifier", ids[i]);
}

static void check_letter(const char *mail, const struct letter *l)
{
	check_line(mail, "the subject", l->subject);
	check_line(mail, "its identifier", l->message_id);
	check_ids(mail, l->in_reply_to, l->n_in_reply_to);
	check_ids(mail, l->references, l->n_references);
	check_ids(mail, l->embedded_ids, l->n_embedded_ids);
	check_addresses(mail, l->from, l->n_from);
	check_addresses(mail, l->reply_to, l->n_reply_to);
	check_addresses(mail, l->to, l->n_to);
	for (size_t i = 0; i < l->n_headers; i++)
		check_line(mail, l->headers[i].name, l->headers[i].value);
	for (size_t i = 0; i < l->n_attachments; i++) {
		check_line(mail, "a file's name", l->attachments[i].name);
		check_line(mail, "a file's type", l->attachments[i].type);
		if (strpbrk(l->attachments[i].name, "/\\"))
			fail_msg("%s: a path: \"%s\"", mail, l->attachments[i].name);
	}
	for (size_t i = 0; i < l->n_warnings; i++)
		check_line(mail, "a warning", l->warnings[i]);
	if (!is_clean(l->text) || !is_clean(l->new_text))
		fail_msg("%s: the text is not clean: \"%s\"", mail, l->text);
}

static void read_one(struct letter_reader *reader, const char *name, const char *mail, size_t n)
{
	struct letter *l = NULL;

	assert_int_equal(letter_parse(reader, mail, n, false, &l, NULL), 0);
	check_letter(name, l);
	letter_free(l);
}

static void read_variants(struct letter_reader *reader, const char *name, char *mail, size_t n)
{
	/* Bytes that mean something to one of the decoders. */
	static const char bytes[] = "\0\r\n\"\\()<>;:=?*'%-/\x1B\x80\xC2\xE2\xFF";

	read_one(reader, name, mail, n);
	for (size_t i = 0; i < CUTS; i++)
		read_one(reader, name, mail, n * i / CUTS);
	for (size_t i = 0; n > 0 && i < CHANGES; i++) {
		size_t at = (n - 1) * i / CHANGES;
		char kept = mail[at];

		mail[at] = bytes[i % (sizeof bytes - 1)];
		read_one(reader, name, mail, n);
		mail[at] = kept;
	}
}

static size_t read_file(const char *name, char *ret)
{
	char path[512];
	FILE *in;
	size_t n;

	(void) snprintf(path, sizeof path, MAIL_DIR "/%s", name);
	in = fopen(path, "rb");
	assert_non_null(in);
	n = fread(ret, 1, MAIL_MAX, in);
	assert_int_equal(fclose(in), 0);
	return n;
}

static void test_mails(void **state)
{
	struct letter_reader *reader = NULL;
	DIR *dir = opendir(MAIL_DIR);
	char *mail = malloc(MAIL_MAX);
	struct dirent *entry;

	(void) state;
	assert_non_null(dir);
	assert_non_null(mail);
	assert_int_equal(letter_reader_new(&reader, NULL), 0);
	while ((entry = readdir(dir)) != NULL)
		if (text_has_suffix_ci(entry->d_name, ".eml"))
			read_variants(reader, entry->d_name, mail, read_file(entry->d_name, mail));
	letter_reader_free(reader);
	free(mail);
	(void) closedir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
