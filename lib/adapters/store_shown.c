/* store_shown.c - the UIDs that a server has shown, until each has its row. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_shown.h"

#include <errno.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

int store_shown_add(struct store *s, int64_t epoch, const struct uidset *uids, int64_t now,
	uint32_t from, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_SHOWN_FORGET, f, store_int(epoch), store_int(from));

	for (size_t i = 0; r >= 0 && i < uids->n; i++)
		r = STORE_RUN(s, STORE_SQL_SHOWN_ADD, f, store_int(epoch),
			store_int(uids->ranges[i].first), store_int(uids->ranges[i].last),
			store_int(now));
	return r < 0 ? r : 0;
}

/* All that is noted of @epoch, with a row or without. */
static int read_noted(struct store *s, int64_t epoch, struct uidset *noted, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = STORE_QUERY(s, STORE_SQL_SHOWN, &q, f, store_int(epoch));

	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0)
		if (uidset_add(noted, (uint32_t) sqlite3_column_int64(q, 0),
			    (uint32_t) sqlite3_column_int64(q, 1)) < 0) /* CHECK holds both */
			return fault_set(f, -ENOMEM, "out of memory");
	return r;
}

int store_shown(struct store *s, int64_t epoch, struct uidset *ret, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset noted = { 0 };
	CLEANUP(uidset_done) struct uidset rows = { 0 };
	int r = read_noted(s, epoch, &noted, f);

	if (r == 0 && noted.n > 0)
		r = store_uids(s, epoch, noted.ranges[0].first, &rows, f);
	if (r < 0)
		return r;
	if (uidset_subtract(&noted, &rows) < 0)
		return fault_set(f, -ENOMEM, "out of memory");
	*ret = noted;
	uidset_init(&noted);
	return 0;
}

int store_shown_at(struct store *s, int64_t epoch, uint32_t uid, int64_t *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = STORE_QUERY(s, STORE_SQL_SHOWN_AT, &q, f, store_int(epoch), store_int(uid));

	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r > 0)
		*ret = sqlite3_column_int64(q, 0);
	return r;
}
