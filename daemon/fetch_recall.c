/* fetch_recall.c - our own mails, for a register whose store is a copy of before.
 *
 * Before any folder is looked at, each mail whose Message-ID, References or In-Reply-To may be ours
 * is brought to register, from the Sent folder and from the watched ones. Nothing in it is judged
 * here: the parse role reads it, and register verifies the tokens. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "daemon/fetch_internal.h"
#include "domain/token.h"

enum {
	SEARCH_MS = 15 * 60 * 1000, /* a server without an index reads every header */
	SLACK_MS = 60 * 1000,
};

static bool goes_on(const struct fetch *p)
{
	return !p->is_closed && imap_is_usable(p->imap);
}

/* Adds to @ret those of @some whose Message-ID looks like ours. */
static int pick_own(struct fetch *p, const struct uidset *some, struct uidset *ret, struct fault *f)
{
	struct imap_mail mails[IMAP_BATCH_MAX] = { 0 };
	size_t n = 0;
	int r = fetch_step(p, "looking at Message-IDs", IMAP_COMMAND_MS, f);

	if (r == 0)
		r = imap_sizes(p->imap, some, true, mails, &n, f);
	for (size_t k = 0; r == 0 && k < n; k++)
		if (strncmp(mails[k].message_id, TOKEN_BEGIN, strlen(TOKEN_BEGIN)) == 0 &&
			uidset_add(ret, mails[k].uid, mails[k].uid) < 0)
			return fault_set(f, -ENOMEM, "memory is short");
	return r;
}

/* Where the server searches no headers: by the Message-ID of each mail. */
static int find_by_ids(struct fetch *p, struct uidset *ret, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset all = { 0 };
	int r = fetch_step(p, "listing a folder", SEARCH_MS, f);

	if (r == 0)
		r = imap_search(p->imap, 1, &all, f);
	while (r == 0 && all.n > 0) {
		CLEANUP(uidset_done) struct uidset some = { 0 };

		r = fetch_head(&all, IMAP_BATCH_MAX, &some);
		if (r == 0)
			r = pick_own(p, &some, ret, f);
		if (r == 0)
			r = uidset_subtract(&all, &some);
	}
	return r;
}

static int find_own(struct fetch *p, struct uidset *ret, struct fault *f)
{
	int r = fetch_step(p, "looking for our own mails", SEARCH_MS, f);

	if (r == 0)
		r = imap_search_token(p->imap, TOKEN_BEGIN, ret, f);
	return r < 0 && goes_on(p) ? find_by_ids(p, ret, f) : r;
}

static int send_one(struct fetch *p, const struct imap_mail *mail, bool is_sent, struct fault *f)
{
	return fetch_send(p,
		json_pack("{s:s, s:b, s:b, s:I}", "type", "recall", "sent", (int) is_sent,
			"truncated", (int) (mail->bytes >= FETCH_RECALL_BYTES), "internaldate",
			(json_int_t) mail->internaldate),
		mail->fd, f);
}

/* @ret_missing: set where a mail did not come. */
static int read_some(struct fetch *p, const struct uidset *some, bool is_sent, bool *ret_missing,
	struct fault *f)
{
	struct imap_mail mails[IMAP_BATCH_MAX];
	size_t n = 0;
	int answer = 0;
	int r = fetch_step(p, "asking for sizes", IMAP_COMMAND_MS, f);

	if (r == 0)
		r = imap_sizes(p->imap, some, false, mails, &n, f);
	if (r == 0)
		r = fetch_step(p, "reading our own mails",
			imap_bodies_ms(mails, n, FETCH_RECALL_BYTES) + SLACK_MS, f);
	if (r == 0 && n > 0)
		answer = imap_bodies(p->imap, mails, n, IMAP_PART_BEGIN, FETCH_RECALL_BYTES, f);
	if (r == 0 && answer < 0 && answer != -EREMOTEIO)
		r = answer;
	for (size_t k = 0; r == 0 && k < n; k++) {
		*ret_missing = *ret_missing || mails[k].fd < 0;
		if (mails[k].fd >= 0)
			r = send_one(p, &mails[k], is_sent, f);
	}
	imap_mails_done(mails, n);
	return r;
}

/* register takes so many before it wants more. */
static int pause_scan(struct fetch *p, struct fault *f)
{
	int r = fetch_send(p, json_pack("{s:s}", "type", "paused"), -1, f);

	return r < 0 ? r : fetch_await(p, "on", f);
}

/* @ret_whole: everything of ours in the folder was brought. */
static int scan(struct fetch *p, const char *name, bool is_sent, bool *ret_whole, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_folder told;
	bool is_missing = false;
	int r = fetch_step(p, "opening a folder", IMAP_COMMAND_MS, f);

	*ret_whole = false;
	if (r == 0)
		r = imap_select(p->imap, name, true, &told, f);
	if (r == -ENOENT && goes_on(p))
		return 0;
	if (r == 0)
		r = find_own(p, &uids, f);
	while (r == 0 && uids.n > 0) {
		CLEANUP(uidset_done) struct uidset some = { 0 };

		r = fetch_head(&uids, IMAP_BATCH_MAX, &some);
		if (r == 0)
			r = read_some(p, &some, is_sent, &is_missing, f);
		if (r == 0)
			r = pause_scan(p, f);
		if (r == 0)
			r = uidset_subtract(&uids, &some);
	}
	*ret_whole = r == 0 && !is_missing;
	return r;
}

int fetch_recall(struct fetch *p, struct fault *f)
{
	bool is_whole = false; /* of the Sent folder */
	bool other;
	int r = 0;

	if (!p->recall)
		return 0;
	if (*p->sent_folder)
		r = scan(p, p->sent_folder, true, &is_whole, f);
	for (size_t k = 0; r == 0 && k < p->n_folders; k++)
		if (strcmp(p->folders[k].name, p->sent_folder) != 0)
			r = scan(p, p->folders[k].name, false, &other, f);
	p->selected = NULL;
	if (r == 0)
		r = fetch_send(p,
			json_pack("{s:s, s:b}", "type", "recalled", "sent", (int) is_whole), -1, f);
	if (r < 0)
		return r;
	p->recall = false;
	return fetch_await(p, "on", f);
}
