/* fuzz_quoting.c - cutting of quoted text, on bytes of a fuzzer's making. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "domain/quoting.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = strndup((const char *) bytes, n);
	char *once = NULL;

	if (!text || quoting_new_text(text, &once) < 0)
		abort();
	/* Cutting never adds: the record's bound on new_text depends on it. */
	if (strlen(once) > strlen(text))
		abort();
	free(once);
	free(text);
	return 0;
}
