/* fuzz.c - what the fuzz targets share. */
/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void fuzz_require(bool holds, const char *condition, const char *file, int line)
{
	if (holds)
		return;
	(void) fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

char *fuzz_text(const uint8_t *bytes, size_t n)
{
	char *text = malloc(n + 1);

	REQUIRE(text);
	if (n > 0)
		memcpy(text, bytes, n);
	text[n] = '\0';
	return text;
}

char *fuzz_line(const uint8_t **at, const uint8_t *end, size_t *ret_n)
{
	const uint8_t *start = *at;
	const uint8_t *line_end;

	if (start == end)
		return NULL;
	line_end = memchr(start, '\n', (size_t) (end - start));
	*at = line_end ? line_end + 1 : end;
	*ret_n = (size_t) ((line_end ? line_end : end) - start);
	return fuzz_text(start, *ret_n);
}

void fuzz_choose(
	const struct fuzz_reader *readers, size_t n_readers, const uint8_t *bytes, size_t n)
{
	char *s;

	if (n == 0)
		return;
	s = fuzz_text(bytes + 1, n - 1);
	for (size_t i = 0; i < n_readers; i++)
		if ((uint8_t) readers[i].kind == bytes[0])
			readers[i].read(s, n - 1);
	free(s);
}

bool fuzz_is_one_line(const char *text)
{
	for (const char *s = text; *s; s++)
		if ((unsigned char) *s < ' ' || *s == 0x7F)
			return false;
	return text_is_utf8(text, strlen(text));
}
