/* store_schema_5.c - the fifth migration: mails of which the server is still to be told.
 *
 * What the tables are for stands at the top of store_schema.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

const char *const store_schema_5[] = {
	"CREATE TABLE untold ("
	" epoch INTEGER PRIMARY KEY REFERENCES epoch (id),"
	" uids TEXT NOT NULL CHECK (uids <> '')) STRICT;",

	"PRAGMA user_version = 5;",
	NULL,
};
