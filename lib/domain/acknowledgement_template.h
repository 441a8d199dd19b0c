/* acknowledgement_template.h - a checked template and its filling in; shared by the two halves of
 * acknowledgement.h, nobody else includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_ACKNOWLEDGEMENT_TEMPLATE_H
#define DOMAIN_ACKNOWLEDGEMENT_TEMPLATE_H

#include <stdio.h>

#include "domain/acknowledgement.h"

struct acknowledgement_template {
	enum acknowledgement_kind kind;
	char *subject; /* owned; one line with fields */
	char *body;    /* owned; without comments */
};

/* A field: its word, the kinds of mail that may use it (1 << kind), and how it is written. */
struct acknowledgement_field {
	const char *word;
	unsigned kinds;
	void (*write)(const struct acknowledgement *a, FILE *out);
};

/* The field "{word}" at @s; @ret_n is its length with both braces. NULL: there is none. */
const struct acknowledgement_field *acknowledgement_field_at(const char *s, size_t *ret_n);

/* Subject and body with their fields filled in, heap texts to be freed by the caller. A paragraph
 * of the body that uses an empty field is left out. Return: 0; -ENOMEM. */
int acknowledgement_fill_subject(const struct acknowledgement *a, char **ret);
int acknowledgement_fill_body(const struct acknowledgement *a, char **ret);

#endif
