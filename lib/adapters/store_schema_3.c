/* store_schema_3.c - the third migration: hints, and sketches by which mails are compared.
 *
 * What the tables are for stands at the top of store_schema.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

const char *const store_schema_3[] = {
	/* Beside the text that they quote, so that they are erased with it. */
	"ALTER TABLE message_text ADD COLUMN hints TEXT NOT NULL DEFAULT '[]';",

	"CREATE TABLE likeness ("
	" message INTEGER PRIMARY KEY REFERENCES message (id),"
	" band_1 INTEGER NOT NULL,"
	" band_2 INTEGER NOT NULL,"
	" band_3 INTEGER NOT NULL,"
	" band_4 INTEGER NOT NULL,"
	" sketch BLOB NOT NULL CHECK (length(sketch) = 128)) STRICT;",
	"CREATE INDEX likeness_1 ON likeness (band_1, message);",
	"CREATE INDEX likeness_2 ON likeness (band_2, message);",
	"CREATE INDEX likeness_3 ON likeness (band_3, message);",
	"CREATE INDEX likeness_4 ON likeness (band_4, message);",

	"PRAGMA user_version = 3;",
	NULL,
};
