/* fuzz_html.c - any bytes as an HTML page.
 *
 * The text is UTF-8 without NUL within its bound, and what reaches the parser is bounded in tags. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/html.h"
#include "tests/fuzz/fuzz.h"

enum {
	TEXT_MAX = 16 * 1024,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct html_over over;
	char *reduced = NULL;
	char *text = NULL;
	size_t n_reduced = 0;
	size_t n_text = 0;
	size_t tags = 0;

	REQUIRE(html_reduce((const char *) bytes, n, &reduced, &n_reduced, &over) == 0);
	for (size_t i = 0; i < n_reduced; i++)
		tags += reduced[i] == '<';
	REQUIRE(tags <= HTML_TAGS_MAX);
	free(reduced);

	REQUIRE(html_to_text((const char *) bytes, n, TEXT_MAX, &text, &n_text, &over) == 0);
	REQUIRE(n_text <= TEXT_MAX && strlen(text) == n_text);
	REQUIRE(text_is_utf8(text, n_text));
	REQUIRE(!strchr(text, '\r'));
	free(text);
	return 0;
}
