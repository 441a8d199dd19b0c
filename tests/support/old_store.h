/* old_store.h - a store as the first release left it, and what is in it. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_OLD_STORE_H
#define SUPPORT_OLD_STORE_H

#include "adapters/store_internal.h"
#include "tests/support/store_fixture.h"

enum {
	OLD_STORE_TABLES_MAX = 40,
	OLD_STORE_SQL_MAX = 2048,
	OLD_STORE_DUMP_MAX = 16 * 1024,
};

/* Each table of the old schema: a query that shows all of it, and what it showed. */
struct old_store_snapshot {
	char queries[OLD_STORE_TABLES_MAX][OLD_STORE_SQL_MAX];
	char *shown[OLD_STORE_TABLES_MAX]; /* owned */
	size_t n;
};

/* Replaces the fixture's new store by an old one: six cases that differ in their acknowledgement. */
void old_store_make(struct store_fixture *x);

/* Opens it by this program, which migrates it. */
void old_store_migrate(struct store_fixture *x);

/* ---- by hand, past the module ---------------------------------------------------------------- */

sqlite3 *old_store_open(const struct store_fixture *x);
void old_store_close(sqlite3 *db);
void old_store_run(sqlite3 *db, const char *sql);

/* The first row of a query as one text, "NULL" for none, is @wanted. */
void old_store_expect(sqlite3 *db, const char *sql, const char *wanted);

void old_store_snapshot(struct store_fixture *x, struct old_store_snapshot *ret);
void old_store_snapshot_done(struct old_store_snapshot *s);
/* Nothing of it is gone or changed. */
void old_store_expect_snapshot(sqlite3 *db, const struct old_store_snapshot *s);
/* It has the old schema still, and nothing of it is gone or changed. */
void old_store_expect_old(struct store_fixture *x, const struct old_store_snapshot *s);

#endif
