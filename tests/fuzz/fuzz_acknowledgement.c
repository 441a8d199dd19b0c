/* fuzz_acknowledgement.c - any bytes as a template, and any words of a requester beside it.
 *
 * The first byte is the kind; the first line holds the requester's address, Message-ID and the
 * authority's words, apart by tabs; the rest is the template. Whatever they are, the mail has seven
 * bits and short lines, our own reader finds in it what we put there, and nobody else is written to. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "domain/acknowledgement.h"
#include "domain/letter.h"
#include "domain/mail_encoding.h"
#include "tests/fuzz/fuzz.h"

#define OUR_ID "<foi.m.FOI_000042/26.0f@authority.example.org>"

enum {
	LINE_BYTES_MAX = 998, /* RFC 5322 s.2.1.1 */
};

static struct letter_reader *reader;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return letter_reader_new(&reader, NULL);
}

static void check_bytes(const char *mail, size_t n)
{
	size_t column = 0;

	REQUIRE(strlen(mail) == n);
	for (size_t i = 0; i < n; i++) {
		REQUIRE((unsigned char) mail[i] < 127);
		REQUIRE(mail[i] != '\n' || (i > 0 && mail[i - 1] == '\r'));
		REQUIRE(mail[i] != '\r' || mail[i + 1] == '\n');
		column = mail[i] == '\n' ? 0 : column + 1;
		REQUIRE(column <= LINE_BYTES_MAX + 1);
	}
}

static void check_mail(const struct acknowledgement *a, const char *mail, size_t n)
{
	struct letter *l = NULL;

	check_bytes(mail, n);
	REQUIRE(letter_parse(reader, mail, n, false, &l, NULL) == 0);
	REQUIRE(strcmp(l->message_id, OUR_ID) == 0);
	REQUIRE(strcmp(letter_sender(l), a->from) == 0);
	/* None at all where the address needs more than seven bits. */
	REQUIRE(l->n_to == 0 || (l->n_to == 1 && text_is_equal_ci(l->to[0].mailbox, a->to)));
	REQUIRE(l->n_attachments == 0 && !letter_header(l, "Bcc") && !letter_header(l, "Cc"));
	REQUIRE(letter_header(l, "Auto-Submitted"));
	letter_free(l);
}

static char *next_word(char **rest)
{
	char *word = *rest ? strsep(rest, "\t") : NULL;

	return word ? word : "";
}

static void build(const struct acknowledgement_template *t, char *words)
{
	const char *to = next_word(&words);
	const char *id = next_word(&words);
	const char *ours = next_word(&words);
	struct acknowledgement a = { .template = t,
		.words = { .authority = ours,
			.emergency = "",
			.formats = ours,
			.privacy_notice = "",
			.regulator = "Example Commissioner",
			.contact = ours },
		.from = "foi@authority.example.org",
		.from_name = ours,
		.to = to,
		.reference = "FOI 000042/26",
		.parent = "",
		.received = { .n = 20500 },
		.due = { .n = 20528 },
		.working_days = 20,
		.date = 1771200000,
		.message_id = OUR_ID,
		.thread_token = "<foi.t.FOI_000042/26.0f@authority.example.org>",
		.in_reply_to = id,
		.references = &id,
		.n_references = 1 };
	struct fault f = { 0 };
	char *mail = NULL;
	size_t n = 0;
	int r = acknowledgement_build(&a, &mail, &n, &f);

	if (r == 0)
		check_mail(&a, mail, n);
	else
		REQUIRE(r == -EINVAL && *f.text);
	free(mail);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const uint8_t *at = bytes + 1;
	struct acknowledgement_template *t = NULL;
	struct fault f = { 0 };
	char *words;
	size_t n_words;
	int r;

	if (n < 2)
		return 0;
	words = fuzz_line(&at, bytes + n, &n_words);
	r = acknowledgement_template_parse((const char *) at, (size_t) (bytes + n - at), "fuzz",
		(enum acknowledgement_kind)(bytes[0] % ACKNOWLEDGEMENT_KIND_COUNT), &t, &f);
	if (r == 0)
		build(t, words);
	else
		REQUIRE(r == -EINVAL && *f.text && fuzz_is_one_line(f.text));
	acknowledgement_template_free(t);
	free(words);
	return 0;
}
