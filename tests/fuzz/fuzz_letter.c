/* fuzz_letter.c - the reader and the record of a letter, on bytes of a fuzzer's making.
 *
 * Also proves that every letter the reader makes passes the checks of the record's decoder. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/letter_record.h"
#include "domain/letter.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct letter_reader *reader;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return letter_reader_new(&reader, NULL);
}

static void carry(const struct letter *l)
{
	struct letter *back = NULL;
	char *record = NULL;
	size_t n = 0;

	if (letter_record_encode(l, &record, &n) < 0)
		abort();
	if (letter_record_decode(record, n, &back, NULL) < 0)
		abort();
	if (strcmp(back->content, l->content) != 0)
		abort();
	letter_free(back);
	free(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct letter *l = NULL;
	struct letter *back = NULL;

	if (letter_parse(reader, (const char *) bytes, n, false, &l, NULL) < 0)
		abort();
	carry(l);
	letter_free(l);
	/* The same bytes as a record: what another process may claim. */
	if (letter_record_decode((const char *) bytes, n, &back, NULL) == 0)
		letter_free(back);
	return 0;
}
