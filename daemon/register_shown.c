/* register_shown.c - the UIDs that a folder showed and that have no row yet.
 *
 * Each is noted in the store while fetch brings its mail: one that is deleted or moved away while the
 * daemon does not run is then missed at the next start (register_gone.c). The note is written behind the
 * order to fetch, so that the disk and the server work at the same time and a lone mail waits for
 * the slower of the two only.
 *
 * What an earlier look should have shown, or brought, is taken in like anything new, and told. */
/* SPDX-License-Identifier: MIT */
#include "daemon/register_shown.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "adapters/store_shown.h"
#include "base/cleanup.h"

/* ---- what is known of them -------------------------------------------------------------------- */

int watch_on_way(const struct watch *w, const struct watch_folder *folder, struct uidset *ret)
{
	const struct mail *m;
	int r = 0;

	TAILQ_FOREACH(m, &w->reg->mails, entries)
	{
		if (r == 0 && m->folder == folder && m->epoch == folder->epoch.id)
			r = uidset_add(ret, m->uid, m->uid);
	}
	return r;
}

int watch_recall(struct watch *w, struct watch_folder *folder, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset noted = { 0 };
	int r;

	if (folder->epoch.id == 0)
		return 0;
	r = store_shown(w->reg->store, folder->epoch.id, &noted, f);
	if (r < 0)
		return r;
	r = uidset_merge(&folder->shown, &noted);
	return r < 0 ? fault_set(f, r, "no memory for what was shown") : 0;
}

int watch_drop_known(struct watch *w, const struct watch_folder *folder, struct uidset *seen,
	uint32_t *ret_last, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset known = { 0 };
	int r;

	*ret_last = 0;
	if (seen->n == 0)
		return 0;
	r = store_uids(w->reg->store, folder->epoch.id, seen->ranges[0].first, &known, f);
	if (r < 0)
		return r;
	r = watch_on_way(w, folder, &known);
	if (r == 0)
		r = uidset_subtract(seen, &known);
	if (r < 0)
		return fault_set(f, r, "no memory for a set of UIDs");
	if (known.n > 0)
		*ret_last = known.ranges[known.n - 1].last;
	return 0;
}

void watch_has_row(const struct mail *m)
{
	CLEANUP(uidset_done) struct uidset one = { 0 };

	m->watch->n_rows++;
	/* Short of memory it stays: register_gone.c asks for rows before it misses one. */
	if (m->epoch == m->folder->epoch.id && uidset_add(&one, m->uid, m->uid) == 0)
		(void) uidset_subtract(&m->folder->shown, &one);
}

/* ---- differences ------------------------------------------------------------------------------- */

/* How many of @uids are below @last. */
static uint64_t count_below(const struct uidset *uids, uint32_t last)
{
	uint64_t n = 0;

	for (size_t i = 0; i < uids->n && uids->ranges[i].first < last; i++)
		n += (uids->ranges[i].last < last ? uids->ranges[i].last : last - 1) -
		     uids->ranges[i].first + 1;
	return n;
}

/* How many of @uids are in @other too. */
static int count_shared(const struct uidset *uids, const struct uidset *other, uint64_t *ret)
{
	CLEANUP(uidset_done) struct uidset rest = { 0 };
	int r = uidset_merge(&rest, uids);

	if (r == 0)
		r = uidset_subtract(&rest, other);
	*ret = uidset_count(uids) - uidset_count(&rest);
	return r;
}

static void tell(
	const struct watch *w, const struct watch_folder *folder, uint64_t n_late, uint64_t n_left)
{
	char detail[80];

	if (n_late + n_left == 0)
		return;
	(void) snprintf(detail, sizeof detail, "%" PRIu64 " shown late, %" PRIu64 " not brought",
		n_late, n_left); /* fits */
	journal_write(w->reg->journal, &(struct journal_event){ .kind = JOURNAL_RECONCILED,
					       .mailbox = w->conf->name,
					       .folder = folder->name,
					       .has_count = true,
					       .count = n_late + n_left,
					       .detail = detail });
}

/* The highest UID that is known already. */
static uint32_t highest(const struct watch_folder *folder, uint32_t last)
{
	const struct uidset *shown = &folder->shown;
	uint32_t other = shown->n > 0 ? shown->ranges[shown->n - 1].last : 0;

	return last > other ? last : other;
}

int watch_expect(struct watch *w, struct watch_folder *folder, struct uidset *wanted, uint32_t last)
{
	CLEANUP(uidset_done) struct uidset fresh = { 0 };
	uint64_t n_left = 0;
	int r = uidset_merge(&fresh, wanted);

	/* After a look that ended before its time they are asked for again as a matter of course. */
	if (r == 0 && folder->is_cycled)
		r = count_shared(wanted, &folder->wanted, &n_left);
	if (r == 0)
		r = uidset_subtract(&fresh, &folder->shown);
	if (r == 0)
		r = uidset_merge(&folder->unsaved, &fresh);
	if (r < 0)
		return r;
	tell(w, folder, count_below(&fresh, highest(folder, last)), n_left);
	uidset_done(&folder->wanted);
	folder->wanted = *wanted;
	*wanted = (struct uidset){ 0 };
	folder->is_cycled = false;
	return uidset_merge(&folder->shown, &fresh);
}

int watch_is_any_missing(const struct watch *w, const struct watch_folder *folder, bool *ret)
{
	CLEANUP(uidset_done) struct uidset rest = { 0 };
	CLEANUP(uidset_done) struct uidset on_way = { 0 };
	int r = uidset_merge(&rest, &folder->shown);

	if (r == 0)
		r = uidset_subtract(&rest, &folder->wanted);
	if (r == 0)
		r = watch_on_way(w, folder, &on_way);
	if (r == 0)
		r = uidset_subtract(&rest, &on_way);
	*ret = rest.n > 0;
	return r;
}

/* ---- the note ---------------------------------------------------------------------------------- */

static int save(struct watch *w, const struct watch_folder *folder, struct fault *f)
{
	struct store *s = w->reg->store;
	int r = store_begin(s, f);

	if (r == 0)
		r = store_shown_add(s, folder->epoch.id, &folder->unsaved, register_now(w->reg),
			folder->shown.ranges[0].first, f);
	if (r == 0)
		r = store_commit(s, f);
	if (r < 0)
		store_rollback(s);
	return r;
}

void watch_save_shown(struct watch *w, struct watch_folder *folder)
{
	struct fault f = { 0 };

	if (folder->unsaved.n == 0 || folder->shown.n == 0)
		return;
	/* Mails are brought all the same, and the next look tries it again. */
	if (save(w, folder, &f) < 0)
		register_store_trouble(w->reg, &f);
	else
		uidset_done(&folder->unsaved);
}
