/* reference.h - reference numbers: how they are made and how they are found in mail. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_REFERENCE_H
#define DOMAIN_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "domain/day.h"

enum {
	REFERENCE_MAX = 64,	   /* bytes of a reference with its NUL */
	REFERENCE_PIECES_MAX = 16, /* literals and fields of a template */
};

enum reference_field {
	REFERENCE_LITERAL,
	REFERENCE_SEQ,	  /* {seq} or {seq:6}: the counter, filled with zeros to that width */
	REFERENCE_YEAR_2, /* {yy} */
	REFERENCE_YEAR_4, /* {yyyy} */
	REFERENCE_MONTH,  /* {mm} */
};

struct reference_piece {
	enum reference_field field;
	unsigned width;	  /* of REFERENCE_SEQ; 0: not filled */
	char literal[32]; /* of REFERENCE_LITERAL */
};

/* A parsed template such as "FOI {seq:6}/{yy}"; plain data, nothing to free. */
struct reference_template {
	struct reference_piece pieces[REFERENCE_PIECES_MAX];
	size_t n;
};

/**
 * reference_template_parse - read a template.
 *
 * Allowed literals: letters, digits, space and - / . : so that a reference can stand in a subject,
 * a Message-ID and a file name. Exactly one {seq}; it needs a letter or another field before it.
 *
 * Return: 0; -EINVAL with the place and what is allowed there, also where references would be too
 *         long, or could not be found again by reference_find().
 */
int reference_template_parse(const char *text, struct reference_template *ret, struct fault *f);

/**
 * reference_format - the reference with that number.
 * @when: gives year and month (the day of receipt or of logging, as configured)
 *
 * Return: 0; -EOVERFLOW it does not fit in REFERENCE_MAX.
 */
int reference_format(const struct reference_template *t, uint64_t seq, struct day when,
	char ret[static REFERENCE_MAX]);

/* One reference found in a text. */
struct reference_hit {
	char reference[REFERENCE_MAX]; /* canonical: as the template writes it */
	size_t offset;		       /* first byte in the text */
	size_t length;
};

/**
 * reference_find - references of a template in a text, in any spelling that people use.
 * @text: UTF-8; may be NULL
 * @max:  room in @ret
 *
 * Letter case, zeros, the separator ("/", "-", space, no-break space, nothing), brackets and one
 * line end inside may differ. "FOI 2018/1761", "section 12/18", "IC-181036-K2B7" are not ours.
 *
 * Return: number of hits, at most @max, each reference once.
 * Security: @text comes from anyone; time is linear.
 */
size_t reference_find(const struct reference_template *t, const char *text,
	struct reference_hit *ret, size_t max);

/* The counter in a reference as the template writes it, and its year (0: the template has none).
 * Return: 0; -ENOENT it is none of the template's. */
int reference_read(const struct reference_template *t, const char *reference, uint64_t *ret_seq,
	unsigned *ret_year);

#endif
