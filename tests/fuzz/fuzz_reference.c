/* fuzz_reference.c - entry point of libFuzzer: any template, any text. */
/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "domain/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The first line is a template (the default where it is none), the rest a text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct reference_template t;
	struct reference_hit hits[8];
	char *text = malloc(n + 1);
	char *rest;
	size_t found;

	if (!text)
		return 0;
	memcpy(text, bytes, n);
	text[n] = '\0';
	rest = strchr(text, '\n');
	if (rest)
		*rest++ = '\0';
	if (reference_template_parse(text, &t, NULL) < 0 &&
		reference_template_parse("FOI {seq:6}/{yy}", &t, NULL) < 0)
		abort();
	found = reference_find(&t, rest ? rest : text, hits, 8);
	assert(found <= 8);
	for (size_t i = 0; i < found; i++)
		assert(hits[i].length > 0 && hits[i].reference[0]);
	free(text);
	return 0;
}
