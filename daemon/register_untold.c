/* register_untold.c - mails that are durable and of which the mail server is still to be told.
 *
 * Where the configuration asks for a keyword or a move (`after`), the UIDs of a turn are kept in its
 * transaction, and forgotten once fetch has said that the server was told. What is left is told anew
 * whenever the folder is opened: after a start, a death of fetch, a lost connection. To be told twice
 * changes nothing: the keyword is there already, and a mail that was moved has that UID no more. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/register_internal.h"

enum {
	RANGES_MAX = 500, /* of one record */
};

static bool is_to_be_told(const struct watch *w)
{
	return w->conf->after != CONFIG_AFTER_NONE && !w->reg->options->observe;
}

/* ---- inside a turn --------------------------------------------------------------------------- */

/* Adds those of the first @n mails that lie in @folder and got their row in this turn. */
static int add_new(const struct register_state *reg, const struct watch_folder *folder, size_t n,
	struct uidset *ret)
{
	const struct mail *m = TAILQ_FIRST(&reg->mails);
	int r = 0;

	for (; r == 0 && n > 0; n--, m = TAILQ_NEXT(m, entries))
		if (m->is_new && m->folder == folder && m->epoch == folder->epoch.id)
			r = uidset_add(ret, m->uid, m->uid);
	return r;
}

static int record_folder(
	struct watch *w, const struct watch_folder *folder, size_t n_mails, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset added = { 0 };
	CLEANUP(uidset_done) struct uidset untold = { 0 };
	struct store *s = w->reg->store;
	int r = is_to_be_told(w) ? add_new(w->reg, folder, n_mails, &added) : 0;

	if (r == 0 && added.n == 0 && folder->told.n == 0)
		return 0;
	if (r == 0)
		r = store_untold(s, folder->epoch.id, &untold, f);
	if (r == 0)
		r = uidset_merge(&untold, &added);
	if (r == 0)
		r = uidset_subtract(&untold, &folder->told);
	if (r == -ENOMEM)
		return fault_set(f, r, "no memory for a set of UIDs");
	return r < 0 ? r : store_untold_set(s, folder->epoch.id, &untold, f);
}

int untold_record(struct register_state *reg, size_t n_mails, struct fault *f)
{
	for (size_t i = 0; i < reg->n_watches; i++) {
		struct watch *w = &reg->watches[i];

		for (size_t k = 0; k < w->n_folders; k++) {
			int r = w->folders[k].epoch.id == 0
					? 0
					: record_folder(w, &w->folders[k], n_mails, f);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

void untold_recorded(struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		for (size_t k = 0; k < reg->watches[i].n_folders; k++)
			uidset_done(&reg->watches[i].folders[k].told);
}

bool untold_has_news(const struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		for (size_t k = 0; k < reg->watches[i].n_folders; k++)
			if (reg->watches[i].folders[k].told.n > 0)
				return true;
	return false;
}

/* ---- between fetch and register -------------------------------------------------------------- */

int untold_take_told(
	struct watch *w, struct watch_folder *folder, const json_t *record, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset told = { 0 };
	int64_t uidvalidity;
	const char *text = "";
	int r = channel_number(record, "uidvalidity", 1, UINT32_MAX, &uidvalidity, f);

	if (r == 0)
		r = channel_text(record, "set", CHANNEL_RECORD_MAX, &text, f);
	if (r < 0)
		return r;
	r = uidset_parse(text, strlen(text), &told);
	if (r == 0 && folder->epoch.id != 0 && uidvalidity == folder->uidvalidity)
		r = uidset_merge(&folder->told, &told);
	if (r < 0)
		return fault_set(f, r, "told: no set of UIDs");
	register_wake(w->reg);
	return 0;
}

static int send_some(struct watch *w, const struct watch_folder *folder, const struct uidset *some)
{
	CLEANUP(freep) char *text = NULL;
	int r = uidset_text(some, &text);

	if (r < 0)
		return r;
	return worker_send(w->fetch,
		json_pack("{s:s, s:s, s:I, s:s}", "type", "done", "folder", folder->name,
			"uidvalidity", (json_int_t) folder->uidvalidity, "set", text),
		-1);
}

static int send_all(struct watch *w, const struct watch_folder *folder, const struct uidset *untold)
{
	int r = 0;

	for (size_t from = 0; r == 0 && from < untold->n; from += RANGES_MAX) {
		size_t left = untold->n - from;
		/* Borrows the ranges. */
		struct uidset some = { .ranges = untold->ranges + from,
			.n = left < RANGES_MAX ? left : RANGES_MAX };

		r = send_some(w, folder, &some);
	}
	return r;
}

int untold_tell_again(struct watch *w, const struct watch_folder *folder, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset untold = { 0 };
	int r;

	if (!is_to_be_told(w) || folder->epoch.id == 0)
		return 0;
	r = store_untold(w->reg->store, folder->epoch.id, &untold, f);
	if (r < 0)
		return r;
	r = send_all(w, folder, &untold);
	/* One that was told to stop meanwhile needs nothing. */
	return r == 0 || r == -ESRCH ? 0 : fault_set(f, r, "fetch cannot be told what is durable");
}
