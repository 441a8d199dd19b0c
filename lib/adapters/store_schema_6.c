/* store_schema_6.c - the sixth migration: a copy of a store knows that it is one.
 *
 * What the tables are for stands at the top of store_schema.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

const char *const store_schema_6[] = {
	STORE_RECOVERING_TABLE,

	"PRAGMA user_version = 6;",
	NULL,
};
