/* test_letter.c - reading any mail: one trouble a file in tests/mail.
 *
 * Each NAME.eml has a NAME.expect: lines that must stand in the letter as dump() writes it, or, with
 * "!" before them, must not. Lines that start with "#" say why the file is there. */
/* SPDX-License-Identifier: MIT */
#include "domain/letter.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/support/letter_fixture.h"

#define MAIL_DIR FOIMAILD_TESTS "/mail"

static void dump_list(FILE *out, const char *word, char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void) fprintf(out, "%s: %s\n", word, list[i]);
}

static void dump_addresses(FILE *out, const char *word, const struct letter_address *a, size_t n)
{
	(void) fprintf(out, "n_%s: %zu\n", word, n);
	for (size_t i = 0; i < n; i++)
		(void) fprintf(out, "%s: %s <%s>\n", word, a[i].name, a[i].mailbox);
}

static void dump_marks(FILE *out, const struct letter *l)
{
	const struct {
		const char *word;
		bool is_set;
	} marks[] = {
		{ "truncated", l->marks.is_truncated },
		{ "encrypted", l->marks.is_encrypted },
		{ "signed", l->marks.is_signed },
		{ "calendar", l->marks.is_calendar },
		{ "disposition", l->marks.is_disposition },
		{ "from_html", l->marks.text_from_html },
		{ "forward", l->marks.has_forward },
		{ "report", l->delivery.is_report },
	};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (marks[i].is_set)
			(void) fprintf(out, "mark: %s\n", marks[i].word);
}

static void dump_text(FILE *out, const char *word, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		(void) fprintf(out, "%s: %.*s\n", word, (int) n, text);
		text += n + (text[n] == '\n');
	}
}

/* The letter as lines, with a line end before the first. */
static char *dump(const struct letter *l)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	(void) fprintf(out, "\nsubject: %s\nid: %s\ndate: %lld\n", l->subject, l->message_id,
		(long long) l->date);
	dump_addresses(out, "from", l->from, l->n_from);
	dump_addresses(out, "reply_to", l->reply_to, l->n_reply_to);
	dump_addresses(out, "to", l->to, l->n_to);
	dump_list(out, "in_reply_to", l->in_reply_to, l->n_in_reply_to);
	dump_list(out, "reference", l->references, l->n_references);
	dump_list(out, "embedded", l->embedded_ids, l->n_embedded_ids);
	dump_list(out, "warning", l->warnings, l->n_warnings);
	(void) fprintf(
		out, "n_attachments: %zu\nn_warnings: %zu\n", l->n_attachments, l->n_warnings);
	for (size_t i = 0; i < l->n_attachments; i++)
		(void) fprintf(out, "attachment: %s|%s|%llu|%.8s\n", l->attachments[i].name,
			l->attachments[i].type, (unsigned long long) l->attachments[i].bytes,
			l->attachments[i].sha256);
	(void) fprintf(out, "delivery: %s %s\n", l->delivery.action, l->delivery.status);
	dump_marks(out, l);
	dump_text(out, "text", l->text);
	dump_text(out, "new", l->new_text);
	assert_int_equal(fclose(out), 0);
	return text;
}

static char *read_file(const char *name, size_t *ret_n)
{
	char path[512];
	FILE *in;
	char *bytes = malloc(1024 * 1024);

	assert_non_null(bytes);
	(void) snprintf(path, sizeof path, MAIL_DIR "/%s", name);
	in = fopen(path, "rb");
	if (!in)
		fail_msg("%s cannot be opened", path);
	*ret_n = fread(bytes, 1, 1024 * 1024 - 1, in);
	bytes[*ret_n] = '\0';
	(void) fclose(in);
	return bytes;
}

/* Return: how many lines are not as expected. */
static unsigned check_lines(const char *name, char *expect, const char *have)
{
	unsigned wrong = 0;
	char *rest = expect;
	char *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		char wanted[1024];
		bool is_unwanted = line[0] == '!';

		if (line[0] == '\0' || line[0] == '#')
			continue;
		(void) snprintf(wanted, sizeof wanted, "\n%s\n", line + is_unwanted);
		if ((strstr(have, wanted) != NULL) == is_unwanted)
			wrong++;
		else
			continue;
		print_error("%s: %s \"%s\" in:%s\n", name, is_unwanted ? "unwanted" : "missing",
			line + is_unwanted, have);
	}
	return wrong;
}

static unsigned check_file(struct letter_reader *reader, const char *name)
{
	char expect_name[256];
	size_t n = 0;
	size_t m = 0;
	char *mail = read_file(name, &n);
	char *expect;
	char *have;
	struct letter *l = NULL;
	unsigned wrong;

	(void) snprintf(
		expect_name, sizeof expect_name, "%.*s.expect", (int) strlen(name) - 4, name);
	expect = read_file(expect_name, &m);
	assert_int_equal(letter_parse(reader, mail, n, false, &l, NULL), 0);
	have = dump(l);
	wrong = check_lines(name, expect, have);
	free(have);
	free(expect);
	free(mail);
	letter_free(l);
	return wrong;
}

static void test_files(void **state)
{
	DIR *dir = opendir(MAIL_DIR);
	struct dirent *entry;
	unsigned count = 0;
	unsigned wrong = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (!text_has_suffix_ci(entry->d_name, ".eml"))
			continue;
		wrong += check_file(*state, entry->d_name);
		count++;
	}
	(void) closedir(dir);
	assert_int_equal(wrong, 0);
	if (count < 60)
		fail_msg("only %u letters were found", count);
}

/* A mail of repeated pieces. */
/* The content's digest names what was said, not how a server packed it. */
static void test_content(void **state)
{
	static const struct {
		const char *why;
		const char *a;
		const char *b;
		bool is_same;
	} rows[] = {
		{ "encodings differ",
			"Subject: =?utf-8?q?Caf=C3=A9?=\r\n"
			"Content-Transfer-Encoding: quoted-printable\r\n\r\na=\r\nb  \r\n",
			"Received: x\nSubject: =?utf-8?b?Q2Fmw6k=?=\n\nab\n", true },
		{ "a word differs", "Subject: a\r\n\r\none\r\n", "Subject: a\r\n\r\ntwo\r\n",
			false },
		{ "the subject differs", "Subject: a\r\n\r\none\r\n", "Subject: b\r\n\r\none\r\n",
			false },
		{ "words move between subject and text", "Subject: a b\r\n\r\nc\r\n",
			"Subject: a\r\n\r\nb c\r\n", false },
		{ "an attachment differs", "Content-Type: a/b\r\n\r\none\r\n",
			"Content-Type: a/b\r\n\r\ntwo\r\n", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct letter *a = NULL;
		struct letter *b = NULL;

		assert_int_equal(
			letter_parse(*state, rows[i].a, strlen(rows[i].a), false, &a, NULL), 0);
		assert_int_equal(
			letter_parse(*state, rows[i].b, strlen(rows[i].b), false, &b, NULL), 0);
		if ((strcmp(a->content, b->content) == 0) != rows[i].is_same)
			fail_msg("wrong: %s", rows[i].why);
		letter_free(a);
		letter_free(b);
	}
}

static void test_header_access(void **state)
{
	static const char mail[] =
		"Precedence: Bulk\r\nX-Kind: notbulky\r\nX-KIND: bulk, a\r\n\r\n";
	struct letter *l = NULL;

	assert_int_equal(letter_parse(*state, mail, sizeof mail - 1, false, &l, NULL), 0);
	assert_string_equal(letter_header(l, "precedence"), "Bulk");
	assert_null(letter_header(l, "Precedenc"));
	assert_int_equal(letter_has_header_word(l, "Precedence", "bulk"), 1);
	assert_int_equal(letter_has_header_word(l, "x-kind", "bulk"), 1);
	assert_int_equal(letter_has_header_word(l, "x-kind", "bulky"), 0);
	assert_string_equal(letter_sender(l), "");
	letter_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_header_access),
	};

	return cmocka_run_group_tests(tests, letter_fixture_setup, letter_fixture_teardown);
}
