/* store_schema_9.c - the ninth migration: officers hold, release and retry what is to be sent.
 *
 * What the tables are for stands at the top of store_schema.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

const char *const store_schema_9[] = {
	/* held_for is from here on why it was held last; 'late' of one that is queued says that a
	 * person let it go all the same. */
	"ALTER TABLE outbox ADD COLUMN queued_at INTEGER NOT NULL DEFAULT 0;",
	"UPDATE outbox SET queued_at = created_at;",
	"CREATE INDEX outbox_left ON outbox (id) WHERE state <> 'sent';",

	"PRAGMA user_version = 9;",
	NULL,
};
