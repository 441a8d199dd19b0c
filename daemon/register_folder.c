/* register_folder.c - which UIDs of a folder are new.
 *
 * State is keyed by (mailbox, folder, UIDVALIDITY, UID), never by \Seen: people read this mailbox
 * too. The first UIDVALIDITY of a folder gets a baseline: UIDs from there on are wanted, whatever
 * their dates. Older ones are wanted only as far as `start` says.
 *
 * Where the baseline cannot be taken at once (the server was away at the first start), or the
 * server made a new UIDVALIDITY, mail may have come meanwhile that UIDs alone cannot tell from old
 * mail. Then everything whose INTERNALDATE is not before our first start is wanted: better a mail
 * looked at twice, which is found to be a duplicate by its content, than one that is lost. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/fetch.h"
#include "daemon/register_internal.h"
#include "daemon/register_shown.h"

enum {
	SET_BYTES_MAX = 64 * 1024 * 1024, /* text of a set: as many scattered UIDs as fetch lists */
	CAREFUL_MAX = 64,		  /* UIDs named in one "want" */
};

struct watch_folder *watch_folder_find(struct watch *w, const char *name)
{
	for (size_t i = 0; i < w->n_folders; i++)
		if (strcmp(w->folders[i].name, name) == 0)
			return &w->folders[i];
	return NULL;
}

/* The store cannot be asked now: fetch is ended and started again after a while, and asks again. */
static int put_off(struct watch *w, const struct fault *why)
{
	struct register_state *reg = w->reg;

	register_store_trouble(reg, why);
	w->reg->is_baseline_late = true;
	worker_kill(w->fetch, WORKER_ENDED_ASKED);
	return 0;
}

static int receive_set(int passed, struct uidset *ret, struct fault *f)
{
	CLEANUP(sealed_unmap) struct sealed text = { 0 };
	int r = sealed_map(passed, SET_BYTES_MAX, &text, f);

	if (r < 0)
		return r;
	r = uidset_parse(text.bytes, text.n, ret);
	return r < 0 ? fault_set(f, r, "a set of UIDs is malformed") : 0;
}

/* ---- baseline -------------------------------------------------------------------------------- */

/* The instant from which older mail is wanted; 0: the baseline alone decides. */
static int64_t backlog_since(const struct watch *w, const struct watch_folder *folder)
{
	if (w->conf->start == CONFIG_START_ALL)
		return 0;
	if (w->conf->start == CONFIG_START_DATE)
		return day_start(w->conf->start_date);
	return folder->is_first && !w->reg->is_baseline_late && !folder->has_epochs
		       ? 0
		       : folder->created_at;
}

static int begin(struct watch *w, struct fault *f)
{
	/* A turn opens and ends its own transaction: none is open between events. */
	return store_begin(w->reg->store, f);
}

static int add_epoch(struct watch *w, struct watch_folder *folder, uint32_t baseline,
	const struct uidset *backlog, struct fault *f)
{
	struct store *s = w->reg->store;
	int64_t id;
	int r = begin(w, f);

	if (r == 0)
		r = store_epoch_add(s, folder->id, folder->uidvalidity, baseline, backlog,
			register_now(w->reg), &id, f);
	if (r == 0)
		r = store_commit(s, f);
	if (r < 0) {
		store_rollback(s);
		return r;
	}
	return store_epoch(s, folder->id, folder->uidvalidity, &folder->epoch, f);
}

/* Takes the baseline and says how many older mails are left alone. */
static int take_baseline(
	struct watch *w, struct watch_folder *folder, const struct uidset *backlog, struct fault *f)
{
	uint32_t baseline = w->conf->start == CONFIG_START_ALL ? 1 : folder->uidnext;
	uint64_t wanted = uidset_count(backlog);
	uint64_t left = baseline == 1 ? 0 : folder->exists;
	int r = add_epoch(w, folder, baseline, backlog, f);

	if (r < 0)
		return r;
	journal_write(w->reg->journal, &(struct journal_event){ .kind = JOURNAL_BASELINE,
					       .mailbox = w->conf->name,
					       .folder = folder->name,
					       .has_count = true,
					       .count = left > wanted ? left - wanted : 0 });
	folder->has_epochs = true;
	return 0;
}

int watch_find_row(struct watch *w, struct watch_folder *folder, struct fault *f)
{
	struct store *s = w->reg->store;
	struct store_folder row = { 0 };
	int r;

	if (folder->id != 0)
		return 0;
	r = begin(w, f);
	if (r == 0)
		r = store_folder(s, w->conf->name, folder->name, register_now(w->reg), &row, f);
	if (r == 0)
		r = store_commit(s, f);
	if (r < 0) {
		store_rollback(s);
		return r;
	}
	folder->id = row.id;
	folder->created_at = row.created_at;
	folder->has_epochs = row.has_epochs;
	folder->is_first = row.created_at >= w->reg->started_at;
	return 0;
}

/* Answers fetch. One that was told to stop meanwhile needs no answer. */
static int answer(struct watch *w, json_t *record, int passed, struct fault *f)
{
	int r = worker_send(w->fetch, record, passed);

	return r == 0 || r == -ESRCH ? 0 : fault_set(f, r, "fetch cannot be answered");
}

static int send_look(
	struct watch *w, const struct watch_folder *folder, int64_t since, struct fault *f)
{
	return answer(w,
		json_pack("{s:s, s:s, s:I, s:I}", "type", "look", "folder", folder->name,
			"uidvalidity", (json_int_t) folder->uidvalidity, "since",
			(json_int_t) since),
		-1, f);
}

/* Finds the epoch, or begins to make it. @ret_since: the instant of a backlog to be asked for; 0:
 * none. A server that does not tell UIDNEXT gets its baseline from what it shows next. */
static int settle_epoch(
	struct watch *w, struct watch_folder *folder, int64_t *ret_since, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset none = { 0 };
	int r = watch_find_row(w, folder, f);

	*ret_since = 0;
	if (r == 0)
		r = store_epoch(w->reg->store, folder->id, folder->uidvalidity, &folder->epoch, f);
	if (r != 0)
		return r < 0 ? r : 0;
	if (folder->has_epochs)
		journal_write(w->reg->journal,
			&(struct journal_event){ .kind = JOURNAL_UIDVALIDITY_CHANGED,
				.mailbox = w->conf->name,
				.folder = folder->name });
	*ret_since = backlog_since(w, folder);
	if (*ret_since != 0 || folder->uidnext == 0)
		return 0;
	return take_baseline(w, folder, &none, f);
}

int watch_take_folder(
	struct watch *w, struct watch_folder *folder, const json_t *record, struct fault *f)
{
	struct fault why = { 0 };
	int64_t uidvalidity;
	int64_t uidnext = 0;
	int64_t exists = 0;
	int64_t since = 0;
	int r = channel_number(record, "uidvalidity", 1, UINT32_MAX, &uidvalidity, f);

	if (r == 0)
		r = channel_number(record, "uidnext", 0, UINT32_MAX, &uidnext, f);
	if (r == 0)
		r = channel_number(record, "exists", 0, UINT32_MAX, &exists, f);
	if (r < 0)
		return r;
	/* It comes again whenever the folder is opened again. */
	if (folder->uidvalidity != (uint32_t) uidvalidity || folder->epoch.id == 0) {
		store_epoch_done(&folder->epoch);
		uidset_done(&folder->backlog);
		uidset_done(&folder->told);
		folder->epoch = (struct store_epoch){ 0 };
		folder->uidvalidity = (uint32_t) uidvalidity;
		folder->uidnext = (uint32_t) uidnext;
		folder->exists = (uint64_t) exists;
	}
	folder->is_check_due = true;
	if (folder->wanted_in != (uint32_t) uidvalidity) {
		/* These UIDs name nothing any more; the folder's mails are found by their dates. */
		uidset_done(&folder->wanted);
		uidset_done(&folder->shown);
		uidset_done(&folder->unsaved);
		uidset_done(&folder->missing);
		folder->wanted_in = (uint32_t) uidvalidity;
	}
	if (folder->epoch.id == 0) {
		r = settle_epoch(w, folder, &since, &why);
		if (r == 0)
			r = watch_recall(w, folder, &why);
	}
	if (r == 0)
		r = untold_tell_again(w, folder, &why);
	if (r < 0)
		return put_off(w, &why);
	return send_look(w, folder, since, f);
}

int watch_take_backlog(struct watch *w, struct watch_folder *folder, int passed, struct fault *f)
{
	(void) w;
	if (folder->uidvalidity == 0 || folder->epoch.id != 0)
		return fault_set(f, -EBADMSG, "a backlog that was not asked for");
	uidset_done(&folder->backlog);
	return receive_set(passed, &folder->backlog, f);
}

/* Completes the baseline of a folder that has none yet, now that its UIDs are known. */
static int complete_baseline(
	struct watch *w, struct watch_folder *folder, const struct uidset *seen, struct fault *f)
{
	if (folder->epoch.id != 0)
		return 0;
	if (folder->uidnext == 0)
		folder->uidnext = seen->n > 0 && seen->ranges[seen->n - 1].last < UINT32_MAX
					  ? seen->ranges[seen->n - 1].last + 1
					  : 1;
	return take_baseline(w, folder, &folder->backlog, f);
}

/* ---- what is wanted -------------------------------------------------------------------------- */

/* Leaves of @seen what is above the baseline or in the backlog. */
static int keep_eligible(const struct watch_folder *folder, struct uidset *seen)
{
	CLEANUP(uidset_done) struct uidset old = { 0 };
	int r = 0;

	if (folder->epoch.baseline > 1)
		r = uidset_add(&old, 1, folder->epoch.baseline - 1);
	if (r == 0)
		r = uidset_subtract(&old, &folder->epoch.backlog);
	if (r == 0)
		r = uidset_subtract(seen, &old);
	return r;
}

/* What @set and @wanted share, as text of at most CAREFUL_MAX ranges; the rest comes next time. */
static int shared_text(const struct uidset *set, const struct uidset *wanted, char **ret)
{
	CLEANUP(uidset_done) struct uidset shared = { 0 };

	for (size_t i = 0; i < set->n && shared.n < CAREFUL_MAX; i++) {
		for (uint64_t uid = set->ranges[i].first; uid <= set->ranges[i].last; uid++) {
			int r = uidset_has(wanted, (uint32_t) uid)
					? uidset_add(&shared, (uint32_t) uid, (uint32_t) uid)
					: 0;

			if (r < 0)
				return r;
		}
	}
	return uidset_text(&shared, ret);
}

/* @known: list of what fetch compares with what the server tells now. Taken over. */
static int send_want(
	struct watch *w, const struct watch_folder *folder, json_t *known, struct fault *f)
{
	bool is_any_missing = false;
	CLEANUP(channel_record_freep) json_t *owned = known;
	CLEANUP(freep) char *text = NULL;
	CLEANUP(freep) char *careful = NULL;
	CLEANUP(freep) char *header_only = NULL;
	CLEANUP(closep) int set = -1;
	int r = watch_is_any_missing(w, folder, &is_any_missing);

	if (r == 0)
		r = uidset_text(&folder->wanted, &text);
	if (r == 0)
		r = shared_text(&folder->careful, &folder->wanted, &careful);
	if (r == 0)
		r = shared_text(&folder->header_only, &folder->wanted, &header_only);
	if (r != 0)
		return fault_set(f, r, "no memory for a set of UIDs");
	set = sealed_new("wanted", text, strlen(text));
	if (set < 0)
		return fault_set(f, set, "a set of UIDs cannot be handed over");
	return answer(w,
		json_pack("{s:s, s:s, s:I, s:s, s:s, s:O, s:b}", "type", "want", "folder",
			folder->name, "uidvalidity", (json_int_t) folder->uidvalidity, "careful",
			careful, "header_only", header_only, "known", owned, "again",
			(int) is_any_missing),
		set, f);
}

int watch_take_seen(
	struct watch *w, struct watch_folder *folder, int passed, bool is_full, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset seen = { 0 };
	CLEANUP(channel_record_freep) json_t *known = json_array();
	struct fault why = { 0 };
	uint32_t last = 0;
	int r = receive_set(passed, &seen, f);

	if (r < 0)
		return r;
	if (folder->uidvalidity == 0)
		return fault_set(f, -EBADMSG, "UIDs of a folder that was not opened");
	r = complete_baseline(w, folder, &seen, &why);
	if (r == 0 && is_full)
		r = watch_find_gone(w, folder, &seen, &why);
	if (r == 0)
		r = keep_eligible(folder, &seen);
	if (r == 0)
		r = watch_add_known(w, folder, &seen, known, &why);
	if (r == 0)
		r = watch_drop_known(w, folder, &seen, &last, &why);
	if (r < 0)
		return put_off(w, &why);
	r = watch_expect(w, folder, &seen, last);
	if (r < 0)
		return fault_set(f, r, "no memory for a set of UIDs");
	r = send_want(w, folder, TAKE_PTR(known), f);
	watch_save_shown(w, folder);
	return r;
}

/* What was wanted is not forgotten: one that has vanished when fetch is back is told by that. */
void watch_forget(struct watch *w)
{
	for (size_t i = 0; i < w->n_folders; i++) {
		uidset_done(&w->folders[i].in_hand);
		w->folders[i].uidvalidity = 0;
		w->folders[i].is_cycled = false;
	}
	w->n_credit = 0;
	w->n_copies = 0;
}
