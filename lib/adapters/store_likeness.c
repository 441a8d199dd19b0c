/* store_likeness.c - which mail that opened a case says nearly the same as another.
 *
 * Only mails are compared that share a band of their sketches, and of those with one band the
 * newest STORE_LIKE_BAND_MAX: a look costs at most four times as many rows, however many mails of a
 * campaign there are. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store.h"

#include <stdio.h>
#include <string.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

int store_likeness_add(struct store *s, int64_t message, const struct likeness *l, struct fault *f)
{
	uint8_t bytes[LIKENESS_BYTES];
	int r;

	likeness_pack(l, bytes);
	r = STORE_RUN(s, STORE_SQL_LIKENESS_ADD, f, store_int(message),
		store_int(likeness_band(l, 0)), store_int(likeness_band(l, 1)),
		store_int(likeness_band(l, 2)), store_int(likeness_band(l, 3)),
		store_blob(bytes, sizeof bytes));
	return r < 0 ? r : 0;
}

/* What has been found so far: the nearest, and how many others are near. */
struct nearest {
	struct hint_like like;
	size_t n_near;
};

/* Compares with the row that @q stands on; rows come with the newest first. */
static int compare_row(sqlite3_stmt *q, const struct likeness *l, const char *sender,
	struct nearest *n, struct fault *f)
{
	const char *reference = store_column_text(q, 1);
	struct likeness other;
	unsigned alike;

	if (sqlite3_column_bytes(q, 0) != LIKENESS_BYTES)
		return store_damaged(f, "sketch of a mail");
	if (strlen(reference) >= sizeof n->like.reference)
		return store_damaged(f, "reference");
	likeness_unpack(sqlite3_column_blob(q, 0), &other);
	alike = likeness_compare(l, &other);
	n->n_near += alike >= LIKENESS_NEAR;
	if (alike < LIKENESS_NEAR || alike <= n->like.alike)
		return 0;
	n->like.alike = alike;
	n->like.is_same_sender = text_is_equal_ci(store_column_text(q, 2), sender);
	(void) snprintf(n->like.reference, sizeof n->like.reference, "%s", reference);
	return 0;
}

int store_like(struct store *s, const struct likeness *l, const char *sender, struct hint_like *ret,
	struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	struct nearest n = { .n_near = 0 };
	int r;

	r = STORE_QUERY(s, STORE_SQL_LIKE, &q, f, store_int(likeness_band(l, 0)),
		store_int(likeness_band(l, 1)), store_int(likeness_band(l, 2)),
		store_int(likeness_band(l, 3)), store_int(STORE_LIKE_BAND_MAX));
	while (r >= 0 && (r = store_step(s, q, f)) > 0)
		r = compare_row(q, l, sender, &n, f);
	if (r < 0)
		return r;
	n.like.n_more = n.n_near > 0 ? n.n_near - 1 : 0;
	*ret = n.like;
	return n.n_near > 0;
}
