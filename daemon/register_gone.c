/* register_gone.c - mails that the server showed and that vanished before they were read.
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

/* What of @set is not in @other. */
static int without(const struct uidset *set, const struct uidset *other, struct uidset *ret)
{
	int r = uidset_merge(ret, set);

	return r < 0 ? r : uidset_subtract(ret, other);
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

/* A server that fails over may show an empty folder for a moment: only what two complete lists in
 * turn do not show has vanished. What comes back is wanted again. */
int watch_find_gone(
	struct watch *w, struct watch_folder *folder, const struct uidset *seen, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset gone = { 0 };
	CLEANUP(uidset_done) struct uidset missing = { 0 };
	int r = without(&folder->missing, seen, &gone);

	if (r == 0)
		r = without(&folder->wanted, seen, &missing);
	if (r == 0)
		r = lose_all(w, folder, &gone);
	if (r < 0)
		return fault_set(f, r, "no memory for the mails that vanished");
	uidset_done(&folder->missing);
	folder->missing = missing;
	missing = (struct uidset){ 0 };
	return 0;
}
