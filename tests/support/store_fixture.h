/* store_fixture.h - a store in a temporary folder, and mails and cases to put into it. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_STORE_FIXTURE_H
#define SUPPORT_STORE_FIXTURE_H

#include <sys/types.h>

#include "adapters/store.h"

enum {
	STORE_FIXTURE_NOW = 1526428800, /* 2018-05-16 00:00 UTC */
};

struct store_fixture {
	char folder[64];
	char path[96];
	struct store *store;
	int64_t epoch;
};

/* For cmocka_unit_test_setup_teardown(): *state is a struct store_fixture with a new store open
 * that has one epoch. */
int store_fixture_setup(void **state);
int store_fixture_teardown(void **state);

/* Gives the open, new store its epoch. */
void store_fixture_epoch(struct store_fixture *x);

/* Closes the store, if open, and opens it again. */
void store_fixture_reopen(struct store_fixture *x);

/* Asserts that a call worked; the fault's text is printed when not. */
void store_fixture_expect(int r, const struct fault *f);

/* Asserts the kind of a fault and a part of its text, letter case ignored. */
void store_fixture_fault(const struct fault *f, enum fault_kind kind, const char *part);

/* A readable request with that UID; every pointer in it is to static text. */
struct store_message store_fixture_message(const struct store_fixture *x, uint32_t uid);

/* A request of jane@example.org under FOIA, received 2018-05-16, due 2018-06-14. */
struct foi_case_opening store_fixture_opening(const char *reference);

/* Adds a mail and the case that it opens, inside the caller's transaction. Return: its id. */
int64_t store_fixture_case(struct store_fixture *x, uint32_t uid, const char *reference);

/* Adds @n mails of 8 KiB with the UIDs from @first on, in a transaction of their own. */
void store_fixture_add_mails(struct store_fixture *x, uint32_t first, uint32_t n);

struct day store_fixture_day(const char *iso);

/* The number that a static query yields on the fixture's store. */
int64_t store_fixture_number(struct store_fixture *x, const char *sql);

/* Changes the store by hand, past all that the module checks. */
void store_fixture_run(struct store_fixture *x, const char *sql);

/* Runs @child in a forked process, which must not return; gives its wait status. */
int store_fixture_fork(void (*child)(struct store_fixture *x), struct store_fixture *x);

#endif
