/* store_folder.c - watched folders, their UIDVALIDITYs, and the UIDs that have a row. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store.h"

#include <errno.h>
#include <string.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

enum {
	KNOWN_LOOKED_AT = 10000, /* rows; mails that were moved away have them too */
};

/* Return: 1 with @ret; 0 there is none. */
static int find_folder(struct store *s, const char *mailbox, const char *folder,
	struct store_folder *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = STORE_QUERY(s, STORE_SQL_FOLDER, &q, f, store_text(mailbox), store_text(folder));
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r <= 0)
		return r;
	*ret = (struct store_folder){
		.id = sqlite3_column_int64(q, 0),
		.created_at = sqlite3_column_int64(q, 1),
		.has_epochs = sqlite3_column_int(q, 2) != 0,
	};
	return 1;
}

int store_folder(struct store *s, const char *mailbox, const char *folder, int64_t now,
	struct store_folder *ret, struct fault *f)
{
	int r;

	r = find_folder(s, mailbox, folder, ret, f);
	if (r != 0)
		return r < 0 ? r : 0;
	r = STORE_RUN(s, STORE_SQL_MAILBOX_ADD, f, store_text(mailbox));
	if (r < 0)
		return r;
	r = STORE_RUN(s, STORE_SQL_FOLDER_ADD, f, store_text(mailbox), store_text(folder),
		store_int(now));
	if (r < 0)
		return r;
	*ret = (struct store_folder){ .id = store_last_id(s), .created_at = now };
	return 0;
}

static int column_uids(sqlite3_stmt *q, int column, struct uidset *ret, struct fault *f)
{
	const char *text = store_column_text(q, column);
	int r = uidset_parse(text, strlen(text), ret);

	if (r == -ENOMEM)
		return fault_set(f, r, "out of memory");
	return r < 0 ? store_damaged(f, "list of UIDs") : 0;
}

int store_epoch(struct store *s, int64_t folder, uint32_t uidvalidity, struct store_epoch *ret,
	struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	struct store_epoch epoch = { .uidvalidity = uidvalidity };
	int r;

	r = STORE_QUERY(s, STORE_SQL_EPOCH, &q, f, store_int(folder), store_int(uidvalidity));
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r <= 0)
		return r;
	epoch.id = sqlite3_column_int64(q, 0);
	epoch.baseline = (uint32_t) sqlite3_column_int64(q, 1); /* CHECK holds its range */
	r = column_uids(q, 2, &epoch.backlog, f);
	if (r < 0)
		return r;
	*ret = epoch;
	return 1;
}

void store_epoch_done(struct store_epoch *e)
{
	if (e)
		uidset_done(&e->backlog);
}

int store_epoch_add(struct store *s, int64_t folder, uint32_t uidvalidity, uint32_t baseline,
	const struct uidset *backlog, int64_t now, int64_t *ret_id, struct fault *f)
{
	CLEANUP(freep) char *text = NULL;
	int r;

	if (backlog) {
		r = uidset_text(backlog, &text);
		if (r < 0)
			return fault_set(f, r, "out of memory");
	}
	r = STORE_RUN(s, STORE_SQL_EPOCH_ADD, f, store_int(folder), store_int(uidvalidity),
		store_int(baseline), store_text(text), store_int(now));
	if (r < 0)
		return r;
	*ret_id = store_last_id(s);
	return 0;
}

int store_uids(struct store *s, int64_t epoch, uint32_t from, struct uidset *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	int r;

	r = STORE_QUERY(s, STORE_SQL_UIDS, &q, f, store_int(epoch), store_int(from));
	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0) {
		uint32_t uid = (uint32_t) sqlite3_column_int64(q, 0);

		if (uidset_add(&uids, uid, uid) < 0) /* no UID is 0: CHECK */
			return fault_set(f, -ENOMEM, "out of memory");
	}
	if (r < 0)
		return r;
	*ret = uids;
	uidset_init(&uids);
	return 0;
}

int store_epoch_retire(struct store *s, int64_t epoch, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_EPOCH_RETIRE, f, store_int(epoch));

	return r < 0 ? r : 0;
}

int store_known(struct store *s, int64_t epoch, const struct uidset *seen,
	struct store_known ret[STORE_KNOWN_MAX], size_t *ret_n, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	size_t n = 0;
	int r = STORE_QUERY(s, STORE_SQL_KNOWN, &q, f, store_int(epoch));

	for (unsigned k = 0; r >= 0 && n < STORE_KNOWN_MAX && k < KNOWN_LOOKED_AT; k++) {
		uint32_t uid;

		r = store_step(s, q, f);
		if (r <= 0)
			break;
		uid = (uint32_t) sqlite3_column_int64(q, 0);
		if (uidset_has(seen, uid))
			ret[n++] = (struct store_known){ .uid = uid,
				.internaldate = sqlite3_column_int64(q, 1),
				.size = sqlite3_column_int64(q, 2) };
	}
	*ret_n = n;
	return r < 0 ? r : 0;
}

int store_untold(struct store *s, int64_t epoch, struct uidset *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	struct uidset none = { 0 };
	int r = STORE_QUERY(s, STORE_SQL_UNTOLD, &q, f, store_int(epoch));

	if (r >= 0)
		r = store_step(s, q, f);
	if (r > 0)
		return column_uids(q, 0, ret, f);
	if (r == 0)
		*ret = none;
	return r;
}

int store_untold_set(struct store *s, int64_t epoch, const struct uidset *uids, struct fault *f)
{
	CLEANUP(freep) char *text = NULL;
	int r;

	if (uids->n == 0) {
		r = STORE_RUN(s, STORE_SQL_UNTOLD_CLEAR, f, store_int(epoch));
		return r < 0 ? r : 0;
	}
	r = uidset_text(uids, &text);
	if (r < 0)
		return fault_set(f, r, "out of memory");
	r = STORE_RUN(s, STORE_SQL_UNTOLD_SET, f, store_int(epoch), store_text(text));
	return r < 0 ? r : 0;
}
