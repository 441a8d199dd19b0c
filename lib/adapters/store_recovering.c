/* store_recovering.c - the mark of a store that is a copy, put in place of the one that was used. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include "base/cleanup.h"

int store_recovering(struct store *s, int64_t *ret_since, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = store_query_params(s, STORE_SQL_RECOVERING, NULL, 0, &q, f);
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r < 0)
		return r;
	*ret_since = r > 0 ? sqlite3_column_int64(q, 0) : 0;
	return 0;
}

int store_recovering_begin(struct store *s, int64_t since, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_RECOVERING_BEGIN, f, store_int(since));

	return r < 0 ? r : 0;
}

int store_recovering_end(struct store *s, struct fault *f)
{
	int r = store_run_params(s, STORE_SQL_RECOVERING_END, NULL, 0, f);

	return r < 0 ? r : 0;
}
