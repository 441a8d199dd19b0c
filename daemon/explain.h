/* explain.h - `foictl explain FILE`: what the daemon would do with a mail, and why. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_EXPLAIN_H
#define DAEMON_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "domain/hint.h"
#include "domain/letter.h"
#include "domain/matching.h"
#include "domain/triage.h"

/* Everything that is shown. All borrowed. */
struct explanation {
	const struct letter *letter;
	const struct matching_keys *keys;
	const struct triage_verdict *verdict;
	const struct hint_list *hints;
	bool is_assumed; /* no store was asked */
};

/* The command; argv[0] is "explain". Return: exit status. */
int explain_command(int argc, char **argv, FILE *out, FILE *err);

/* The explanation for a person. Return: 0; -EIO @out cannot be written. */
int explain_print(const struct explanation *e, FILE *out);

/* The same as one JSON object. Return: 0; -ENOMEM; -EIO. */
int explain_print_json(const struct explanation *e, FILE *out);

#endif
