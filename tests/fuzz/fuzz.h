/* fuzz.h - what the fuzz targets share.
 *
 * A target is one file fuzz_NAME.c with the entry points of libFuzzer. `make fuzz` links it with
 * libFuzzer; `make check` links it with replay.c, which feeds it the files that are kept in
 * corpus/NAME and regressions/NAME. Its bounds and other seeds stand in targets.txt. */
/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Only where a target has something to open once. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Every target. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* What must hold for every input; where it does not, the run ends as by a crash. */
#define REQUIRE(condition) fuzz_require((condition), #condition, __FILE__, __LINE__)

void fuzz_require(bool holds, const char *condition, const char *file, int line);

/* A heap copy ended by a NUL, which a sanitizer sees overrun. Aborts when memory is short. */
char *fuzz_text(const uint8_t *bytes, size_t n);

/* The part of [*at, @end) before the next line end, which is passed over, as a heap copy ended by a
 * NUL; its length in @ret_n. NULL: nothing is left. */
char *fuzz_line(const uint8_t **at, const uint8_t *end, size_t *ret_n);

/* One of the forms that a target reads. */
struct fuzz_reader {
	char kind; /* the first byte of its inputs */
	void (*read)(const char *s, size_t n);
};

/* Gives all but the first byte, as fuzz_text(), to the reader that the first byte chooses, if there is one. */
void fuzz_choose(
	const struct fuzz_reader *readers, size_t n_readers, const uint8_t *bytes, size_t n);

/* Whether the text is UTF-8 on one line without control characters. */
bool fuzz_is_one_line(const char *text);

#endif
