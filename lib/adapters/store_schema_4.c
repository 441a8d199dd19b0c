/* store_schema_4.c - the fourth migration: acknowledgements are counted, and say why they are held.
 *
 * What the tables are for stands at the top of store_schema.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

const char *const store_schema_4[] = {
	/* counted_as: the sender whose acknowledgement it is. held_for: why it was held when it was
	 * made, '' if it was not; it stays when an officer releases it, so that what a person sends
	 * counts against no limit. */
	"ALTER TABLE outbox ADD COLUMN counted_as TEXT NOT NULL DEFAULT '';",
	"ALTER TABLE outbox ADD COLUMN held_for TEXT NOT NULL DEFAULT '';",
	"UPDATE outbox SET counted_as = lower(recipient) WHERE kind = 'acknowledgement';",
	"UPDATE outbox SET held_for = 'officer' WHERE state = 'held';",
	"DROP INDEX outbox_recipient;",
	/* Neither has the state in it: to mark a mail as sent changes no index of the two. */
	"CREATE INDEX outbox_counted ON outbox (counted_as, held_for, created_at)"
	" WHERE kind = 'acknowledgement';",
	"CREATE INDEX outbox_made ON outbox (held_for, created_at)"
	" WHERE kind = 'acknowledgement';",

	/* Seen before, for mails that have no Message-ID. */
	"CREATE INDEX message_nameless ON message (content, sender, date, internaldate)"
	" WHERE message_id IS NULL;",

	"PRAGMA user_version = 4;",
	NULL,
};
