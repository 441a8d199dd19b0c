/* foictl_service.h - a service that gives foictl the answer that a test wants. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_FOICTL_SERVICE_H
#define SUPPORT_FOICTL_SERVICE_H

#include <stddef.h>
#include <stdio.h>

enum {
	FOICTL_SERVICE_WORDS_MAX = 16,
};

struct foictl_result {
	int status;
	char *out; /* owned */
	char *err; /* owned */
};

void foictl_result_done(struct foictl_result *r);

typedef int foictl_command(int argc, char **argv, FILE *out, FILE *err);

/* For cmocka_run_group_tests(): a socket in a folder of its own. */
int foictl_service_setup(void **state);
int foictl_service_teardown(void **state);

/* Runs a command of words up to NULL on the service's socket; nobody answers there. */
void foictl_service_run(foictl_command *c, const char *const *words, struct foictl_result *ret);

/* The same with a service that gets the call @expected, or the test fails, and says @answer, of @n
 * bytes with its NUL. */
void foictl_service_ask(foictl_command *c, const char *const *words, const char *expected,
	const char *answer, size_t n, struct foictl_result *ret);

#endif
