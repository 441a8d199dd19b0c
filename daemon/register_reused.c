/* register_reused.c - UIDs that the server gave away a second time.
 *
 * A mail server that was restored from a backup has its old UIDVALIDITY and its old UIDNEXT: what comes
 * next gets UIDs that have rows here, and would be taken for mail that is known. (RFC 3501 s.2.3.1.1
 * forbids it; a Maildir copied back does it.) So whenever a folder is opened the last known mails are
 * compared with what the server tells of their UIDs now. Where one is another mail the folder is taken as one
 * made anew: its mails are read again and told apart by content. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/register_internal.h"

int watch_add_known(struct watch *w, struct watch_folder *folder, const struct uidset *seen,
	json_t *want, struct fault *f)
{
	struct store_known known[STORE_KNOWN_MAX];
	size_t n = 0;
	int r;

	if (!folder->is_check_due)
		return 0;
	r = store_known(w->reg->store, folder->epoch.id, seen, known, &n, f);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		if (json_array_append_new(
			    want, json_pack("{s:I, s:I, s:I}", "uid", (json_int_t) known[i].uid,
					  "internaldate", (json_int_t) known[i].internaldate,
					  "size", (json_int_t) known[i].size)) < 0)
			return fault_set(f, -ENOMEM, "no memory for what is known");
	folder->is_check_due = false;
	return 0;
}

static int retire(struct watch *w, struct watch_folder *folder, struct fault *f)
{
	struct store *s = w->reg->store;
	int r = store_begin(s, f);

	if (r == 0)
		r = store_epoch_retire(s, folder->epoch.id, f);
	if (r == 0)
		r = store_commit(s, f);
	if (r < 0)
		store_rollback(s);
	return r;
}

/* fetch opens the folder again behind this, and is told then what is wanted of it. */
int watch_take_reused(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	int64_t uidvalidity;
	struct fault why = { 0 };
	int r = channel_number(record, "uidvalidity", 1, UINT32_MAX, &uidvalidity, f);

	(void) passed; /* none is expected; the caller closes it */
	if (r < 0)
		return r;
	if (folder->epoch.id == 0 || uidvalidity != folder->uidvalidity)
		return fault_set(f, -EBADMSG, "UIDs of a folder that is not open");
	r = retire(w, folder, &why);
	if (r < 0) {
		register_store_trouble(w->reg, &why);
		worker_kill(w->fetch, WORKER_ENDED_ASKED);
		return 0;
	}
	store_epoch_done(&folder->epoch);
	folder->epoch = (struct store_epoch){ 0 };
	folder->uidvalidity = 0;
	uidset_done(&folder->told);
	uidset_done(&folder->wanted);
	uidset_done(&folder->shown);
	uidset_done(&folder->unsaved);
	uidset_done(&folder->missing);
	return 0;
}
