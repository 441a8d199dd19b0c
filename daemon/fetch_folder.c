/* fetch_folder.c - look at one folder: open it, see what is there, bring what is wanted.
 *
 * Some servers show a lower UID late, so every look sees the last 1,000 again as a set; all of them
 * are compared on connect, hourly, and when the number of mails does not fit. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/cleanup.h"
#include "daemon/fetch_internal.h"

enum {
	SEARCH_AGAIN_MAX = 2,
	DOUBT_SEC = 3 * 86400,
	SEARCH_MS = 15 * 60 * 1000, /* of the longest list of UIDs over the slowest line */
};

static const int64_t full_every_us = (int64_t) 3600 * 1000 * 1000;

/* ---- open ----------------------------------------------------------------------------------- */

static void forget(struct fetch_folder *folder)
{
	uidset_done(&folder->known);
	folder->full_us = 0;
}

static int send_folder(struct fetch *p, const struct imap_folder *told, struct fault *f)
{
	json_t *record = fetch_record("folder", p->selected);

	if (json_object_set_new(record, "uidnext", json_integer(told->uidnext)) < 0 ||
		json_object_set_new(record, "exists", json_integer(told->exists)) < 0) {
		json_decref(record);
		record = NULL;
	}
	return fetch_send(p, record, -1, f);
}

/* Adds to @old those of some mails that came before the instant that was asked for. */
static int find_old(struct fetch *p, const struct uidset *uids, struct uidset *old, struct fault *f)
{
	struct imap_mail mails[IMAP_BATCH_MAX];
	size_t n = 0;
	int r = fetch_step(p, "looking at dates", IMAP_COMMAND_MS, f);

	if (r == 0)
		r = imap_sizes(p->imap, uids, false, mails, &n, f);
	for (size_t k = 0; r == 0 && k < n; k++)
		if (mails[k].internaldate < p->since &&
			uidset_add(old, mails[k].uid, mails[k].uid) < 0)
			return fault_set(f, -ENOMEM, "memory is short");
	return r;
}

/* Takes out of @uids what is older than the instant. Two zones differ by 26 hours at most, so only
 * the mails of the first days are in doubt. */
static int drop_old(struct fetch *p, struct uidset *uids, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset sure = { 0 };
	CLEANUP(uidset_done) struct uidset doubt = { 0 };
	CLEANUP(uidset_done) struct uidset old = { 0 };
	int r = imap_search_since(p->imap, p->since + DOUBT_SEC, &sure, f);

	for (size_t k = 0; r == 0 && k < uids->n; k++)
		r = uidset_add(&doubt, uids->ranges[k].first, uids->ranges[k].last);
	if (r == 0)
		r = uidset_subtract(&doubt, &sure);
	while (r == 0 && doubt.n > 0) {
		CLEANUP(uidset_done) struct uidset some = { 0 };

		r = fetch_head(&doubt, IMAP_BATCH_MAX, &some);
		if (r == 0)
			r = find_old(p, &some, &old, f);
		if (r == 0)
			r = uidset_subtract(&doubt, &some);
	}
	return r < 0 ? r : uidset_subtract(uids, &old);
}

static int send_backlog(struct fetch *p, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	int r;

	if (p->since == 0)
		return 0;
	r = fetch_step(p, "searching by date", 2 * SEARCH_MS, f);
	if (r == 0)
		r = imap_search_since(p->imap, p->since, &uids, f);
	if (r == 0)
		r = drop_old(p, &uids, f);
	if (r < 0)
		return r;
	return fetch_send_set(p, fetch_record("backlog", p->selected), &uids, f);
}

/* Return: 0; -ENOENT it cannot be opened. */
static int open_folder(struct fetch *p, struct fetch_folder *folder, struct fault *f)
{
	struct imap_folder told;
	int r = fetch_step(p, "opening a folder", IMAP_COMMAND_MS, f);

	if (r < 0)
		return r;
	p->selected = NULL;
	folder->is_open = false;
	r = imap_select(p->imap, folder->name, !p->change, &told, f);
	if (r < 0)
		return r;
	if (told.uidvalidity != folder->uidvalidity) {
		forget(folder);
		uidset_done(&folder->untold); /* these UIDs name nothing any more */
	}
	folder->uidvalidity = told.uidvalidity;
	folder->is_open = true;
	p->selected = folder;
	r = send_folder(p, &told, f);
	if (r == 0)
		r = fetch_await(p, "look", f);
	return r < 0 ? r : send_backlog(p, f);
}

/* ---- what is there --------------------------------------------------------------------------- */

/* The UID from which on about FETCH_RECENT_UIDS are known. */
static uint32_t recent_first(const struct uidset *known)
{
	uint32_t left = FETCH_RECENT_UIDS;

	for (size_t k = known->n; k > 0; k--) {
		const struct uidset_range *range = &known->ranges[k - 1];

		if (range->last - range->first >= left - 1)
			return range->last - left + 1;
		left -= range->last - range->first + 1;
		if (left == 0)
			return range->first;
	}
	return 1;
}

/* Replaces what is known from @first on by @seen. */
static int learn(struct fetch_folder *folder, uint32_t first, const struct uidset *seen)
{
	CLEANUP(uidset_done) struct uidset old = { 0 };
	int r = uidset_add(&old, first, UINT32_MAX);

	if (r == 0)
		r = uidset_subtract(&folder->known, &old);
	for (size_t k = 0; r == 0 && k < seen->n; k++)
		r = uidset_add(&folder->known, seen->ranges[k].first, seen->ranges[k].last);
	return r;
}

static int search(struct fetch *p, uint32_t first, struct uidset *ret, struct fault *f)
{
	int r = fetch_step(p, "listing a folder", SEARCH_MS, f);

	uidset_done(ret);
	if (r == 0)
		r = imap_search(p->imap, first, ret, f);
	if (r == 0 && learn(p->selected, first, ret) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	return r;
}

static bool is_fitting(const struct fetch *p)
{
	return uidset_count(&p->selected->known) == imap_exists(p->imap);
}

static int see(struct fetch *p, struct uidset *ret, bool *ret_full, struct fault *f)
{
	struct fetch_folder *folder = p->selected;
	int64_t now_us = fetch_now_us();
	bool is_due = folder->full_us == 0 || now_us - folder->full_us >= full_every_us;
	uint32_t first = is_due ? 1 : recent_first(&folder->known);
	int r = search(p, first, ret, f);

	/* A mail may come while the server answers: EXISTS then counts it, the list does not, and
	 * no later EXISTS would tell of it. A server whose count never fits is not asked for ever. */
	for (unsigned k = 0; r == 0 && !is_fitting(p) && k < SEARCH_AGAIN_MAX; k++) {
		first = 1;
		r = search(p, first, ret, f);
	}
	if (r < 0)
		return r;
	if (first == 1)
		folder->full_us = now_us;
	folder->exists = imap_exists(p->imap);
	/* A list that is shorter than the server's own count is not called complete. */
	*ret_full = first == 1 && uidset_count(ret) >= folder->exists;
	return 0;
}

static int send_seen(struct fetch *p, const struct uidset *uids, bool is_full, struct fault *f)
{
	json_t *record = fetch_record("seen", p->selected);

	if (json_object_set_new(record, "exists", json_integer(p->selected->exists)) < 0 ||
		json_object_set_new(record, "full", json_boolean(is_full)) < 0) {
		json_decref(record);
		record = NULL;
	}
	return fetch_send_set(p, record, uids, f);
}

static int send_cycle(struct fetch *p, struct fault *f)
{
	json_t *record = fetch_record("cycle", p->selected);

	if (json_object_set_new(record, "exists", json_integer(p->selected->exists)) < 0) {
		json_decref(record);
		record = NULL;
	}
	return fetch_send(p, record, -1, f);
}

/* ---- are they still the same? ---------------------------------------------------------------------- */

static bool is_another(const struct fetch_want *w, const struct imap_mail *now)
{
	for (size_t k = 0; k < w->n_known; k++)
		/* Either alone may be a server's whim: a zone, a guessed size. */
		if (w->known[k].uid == now->uid)
			return w->known[k].internaldate != now->internaldate &&
			       w->known[k].size != now->size;
	return false;
}

/* @ret: whether a UID that register knows names another mail now. */
static int check_known(struct fetch *p, bool *ret, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_mail mails[IMAP_BATCH_MAX];
	size_t n = 0;
	int r = 0;

	*ret = false;
	for (size_t k = 0; r == 0 && k < p->want.n_known; k++)
		r = uidset_add(&uids, p->want.known[k].uid, p->want.known[k].uid);
	if (r < 0)
		return fault_set(f, r, "memory is short");
	if (uids.n == 0)
		return 0;
	r = fetch_step(p, "comparing what is known", IMAP_COMMAND_MS, f);
	if (r == 0)
		r = imap_sizes(p->imap, &uids, false, mails, &n, f);
	for (size_t k = 0; r == 0 && k < n; k++)
		*ret = *ret || is_another(&p->want, &mails[k]);
	return r;
}

/* ---- the look -------------------------------------------------------------------------------- */

/* Return: 0; 1 the folder has to be opened again; negative errno. */
static int look_selected(struct fetch *p, int64_t heard_us, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	bool is_full = false;
	bool is_reused = false;
	int r;

	p->seek_left_us = FETCH_SEEK_US;
	r = see(p, &uids, &is_full, f);
	if (r == 0)
		r = send_seen(p, &uids, is_full, f);
	uidset_done(&uids);
	if (r == 0)
		r = fetch_await(p, "want", f);
	if (r == 0)
		r = check_known(p, &is_reused, f);
	if (r == 0 && is_reused) {
		fetch_want_done(&p->want);
		r = fetch_send(p, fetch_record("reused", p->selected), -1, f);
		return r < 0 ? r : 1;
	}
	if (r == 0)
		r = fetch_bring(p, heard_us, f);
	if (r == 0)
		r = fetch_tell(p, f);
	return r < 0 ? r : send_cycle(p, f);
}

int fetch_look(struct fetch *p, struct fetch_folder *folder, int64_t heard_us, struct fault *f)
{
	int r = 0;

	if (p->selected != folder)
		r = open_folder(p, folder, f);
	if (r == -ENOENT && imap_is_usable(p->imap))
		return fetch_send_fault(p, folder, f);
	if (r == 0)
		r = look_selected(p, heard_us, f);
	if (r != 1)
		return r;
	forget(folder);
	uidset_done(&folder->untold); /* these UIDs name other mails now */
	r = open_folder(p, folder, f);
	if (r == 0)
		r = look_selected(p, heard_us, f);
	if (r == 1)
		return fault_set_kind(f, FAULT_PROTOCOL, -EPROTO,
			"the server's UIDs name one mail now and another then");
	return r;
}
