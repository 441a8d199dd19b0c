/* scaling.h - mails that could cost more than their length: what the parts of the benchmark share. */
/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SCALING_H
#define BENCH_SCALING_H

#include <stddef.h>

/* A mail of repeated pieces. */
struct scaling_row {
	const char *why;
	const char *before;
	const char *piece; /* "%u" in it is its number */
	const char *after;
	size_t bytes; /* of the pieces in the longer of two mails */
};

extern const struct scaling_row scaling_rows[];
extern const size_t scaling_rows_n;

#endif
