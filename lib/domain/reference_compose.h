/* reference_compose.h - what the two halves of reference.h share; nobody else includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_REFERENCE_COMPOSE_H
#define DOMAIN_REFERENCE_COMPOSE_H

#include "domain/reference.h"

struct reference_values {
	uint64_t seq;
	unsigned year;	/* 2018 */
	unsigned month; /* 1 to 12; 0: the template has none */
};

/* The reference with these values. Return: 0; -EOVERFLOW. */
int reference_compose(const struct reference_template *t, const struct reference_values *values,
	char ret[static REFERENCE_MAX]);

#endif
