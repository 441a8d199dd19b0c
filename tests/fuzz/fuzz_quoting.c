/* fuzz_quoting.c - any text as a mail's, of which the writer's own words are asked.
 *
 * Cutting only cuts: what stays are lines of the text in their order, and never more bytes than
 * before (the record's bound on new_text depends on it). */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/quoting.h"
#include "tests/fuzz/fuzz.h"

/* The line behind the one of @text that is @line; NULL: there is none. A line may have been cut to
 * the words in it. */
static const char *find_line(const char *text, const char *line, size_t n)
{
	const char *found = memmem(text, strlen(text), line, n);
	const char *end = found ? strchr(found + n, '\n') : NULL;

	return end ? end + 1 : found ? found + n + strlen(found + n) : NULL;
}

static void check(const char *text, const char *once)
{
	REQUIRE(strlen(once) <= strlen(text));
	REQUIRE(!text_is_utf8(text, strlen(text)) || text_is_utf8(once, strlen(once)));
	while (*once) {
		size_t n = strcspn(once, "\n");

		text = n > 0 ? find_line(text, once, n) : text;
		REQUIRE(text);
		once += n + (once[n] == '\n');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = fuzz_text(bytes, n);
	char *once = NULL;

	REQUIRE(quoting_new_text(text, &once) == 0);
	check(text, once);
	free(once);
	free(text);
	return 0;
}
