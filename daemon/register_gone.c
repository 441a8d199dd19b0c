/* register_gone.c - mails that the server showed and that vanished before they were read, also
 * while the daemon did not run.
 *
 * A person or a program moved or deleted them. The authority has received them all the same, so each
 * gets its row and a case is opened from what the server told, as for a mail that nobody can read:
 * every UID that was ever shown has one fate.
 *
 * Law: FOI 2000 s.10(1) (the clock starts on receipt). */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/register_internal.h"
#include "daemon/register_shown.h"

bool watch_is_wanted(const struct watch_folder *folder, uint32_t uidvalidity, uint32_t uid)
{
	return folder->epoch.id != 0 && folder->uidvalidity != 0 &&
	       uidvalidity == folder->uidvalidity && uidset_has(&folder->wanted, uid);
}

static int lose(struct watch *w, struct watch_folder *folder, uint32_t uid, int64_t internaldate,
	uint64_t size)
{
	journal_write(w->reg->journal, &(struct journal_event){ .kind = JOURNAL_MAIL_GONE,
					       .mailbox = w->conf->name,
					       .folder = folder->name,
					       .uid = uid });
	return watch_give_up(w, folder, uid, internaldate, size);
}

int watch_take_gone(struct watch *w, struct watch_folder *folder, const json_t *record, int *passed,
	struct fault *f)
{
	int64_t uidvalidity;
	int64_t uid = 0;
	int64_t internaldate = 0;
	int64_t size = 0;
	int r = channel_number(record, "uidvalidity", 1, UINT32_MAX, &uidvalidity, f);

	(void) passed; /* none is expected; the caller closes it */
	if (r == 0)
		r = channel_number(record, "uid", 1, UINT32_MAX, &uid, f);
	if (r == 0)
		r = channel_number(record, "internaldate", 0, INT64_MAX, &internaldate, f);
	if (r == 0)
		r = channel_number(record, "size", 0, INT64_MAX, &size, f);
	if (r < 0)
		return r;
	if (!watch_is_wanted(folder, (uint32_t) uidvalidity, (uint32_t) uid))
		return fault_set(f, -EBADMSG, "mail UID %u was not asked for", (uint32_t) uid);
	return lose(w, folder, (uint32_t) uid, internaldate, (uint64_t) size);
}

static int lose_all(struct watch *w, struct watch_folder *folder, const struct uidset *gone)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < gone->n; i++)
		for (uint64_t uid = gone->ranges[i].first; r == 0 && uid <= gone->ranges[i].last;
			uid++)
			r = lose(w, folder, (uint32_t) uid, 0, 0);
	return r;
}

/* What was shown, has no row, is not on its way to one, and is not in @seen. */
static int find_absent(const struct watch *w, const struct watch_folder *folder,
	const struct uidset *seen, struct uidset *ret)
{
	CLEANUP(uidset_done) struct uidset on_way = { 0 };
	int r = uidset_merge(ret, &folder->shown);

	if (r == 0)
		r = uidset_subtract(ret, seen);
	if (r == 0)
		r = watch_on_way(w, folder, &on_way);
	return r < 0 ? r : uidset_subtract(ret, &on_way);
}

/* Leaves of @gone what has no row: nothing is missed that is there. */
static int drop_rows(const struct watch *w, const struct watch_folder *folder, struct uidset *gone,
	struct fault *f)
{
	CLEANUP(uidset_done) struct uidset rows = { 0 };
	int r;

	if (gone->n == 0)
		return 0;
	r = store_uids(w->reg->store, folder->epoch.id, gone->ranges[0].first, &rows, f);
	return r < 0 ? r : uidset_subtract(gone, &rows);
}

/* A server that fails over may show an empty folder for a moment: only what two complete lists in
 * turn do not show has vanished. What comes back is wanted again. */
int watch_find_gone(
	struct watch *w, struct watch_folder *folder, const struct uidset *seen, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset absent = { 0 };
	CLEANUP(uidset_done) struct uidset first = { 0 };
	CLEANUP(uidset_done) struct uidset gone = { 0 };
	int r = find_absent(w, folder, seen, &absent);

	if (r == 0)
		r = uidset_merge(&first, &absent);
	if (r == 0)
		r = uidset_subtract(&first, &folder->missing);
	if (r == 0)
		r = uidset_merge(&gone, &absent);
	if (r == 0)
		r = uidset_subtract(&gone, &first);
	if (r < 0)
		return fault_set(f, r, "no memory for the mails that vanished");
	r = drop_rows(w, folder, &gone, f);
	if (r < 0)
		return r;
	uidset_done(&folder->missing);
	folder->missing = first;
	first = (struct uidset){ 0 };
	r = lose_all(w, folder, &gone);
	return r < 0 ? fault_set(f, r, "no memory for the mails that vanished") : 0;
}
