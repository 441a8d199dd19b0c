/* fuzz_reference.c - any template, any text, and the answer to a letter that bore a reference.
 *
 * The first line is a template (the default where it is none), the rest a text. A reference that is
 * found stands in the text; one that a template wrote is found again. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/reference.h"
#include "tests/fuzz/fuzz.h"

enum {
	HITS_MAX = 8,
	SUBJECT_MAX = REFERENCE_MAX + 16,
};

static void check_hits(const struct reference_template *t, const char *text)
{
	struct reference_hit hits[HITS_MAX];
	size_t n = reference_find(t, text, hits, HITS_MAX);

	REQUIRE(n <= HITS_MAX);
	for (size_t i = 0; i < n; i++) {
		REQUIRE(hits[i].length > 0 && hits[i].reference[0]);
		REQUIRE(hits[i].offset + hits[i].length <= strlen(text));
		REQUIRE(fuzz_is_one_line(hits[i].reference));
		for (size_t k = 0; k < i; k++)
			REQUIRE(strcmp(hits[i].reference, hits[k].reference) != 0);
	}
}

/* What we wrote, in the subject of an answer. */
static void check_answer(const struct reference_template *t, const char *text)
{
	struct day when = { .n = 17000 + (int) (strlen(text) % 4000) };
	uint64_t seq = 1 + strlen(text) * 7919 % 100000;
	struct reference_hit hits[HITS_MAX];
	char reference[REFERENCE_MAX];
	char subject[SUBJECT_MAX];

	/* "FOI 2018/2019" is a span of years: a counter without zeros passes through some of them. */
	if (seq >= 1990 && seq <= 2099)
		return;
	REQUIRE(reference_format(t, seq, when, reference) == 0);
	(void) snprintf(subject, sizeof subject, "Re: %s", reference); /* fits */
	REQUIRE(reference_find(t, subject, hits, HITS_MAX) == 1);
	REQUIRE(strcmp(hits[0].reference, reference) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct reference_template t;
	struct fault f = { 0 };
	char *text = fuzz_text(bytes, n);
	char *rest = strchr(text, '\n');

	if (rest)
		*rest++ = '\0';
	if (reference_template_parse(text, &t, &f) < 0) {
		REQUIRE(*f.text);
		REQUIRE(reference_template_parse("FOI {seq:6}/{yy}", &t, NULL) == 0);
	}
	check_hits(&t, rest ? rest : text);
	check_answer(&t, rest ? rest : text);
	free(text);
	return 0;
}
