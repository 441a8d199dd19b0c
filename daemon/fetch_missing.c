/* fetch_missing.c - mails that the server showed and did not give.
 *
 * Either it refuses them, or somebody moved or deleted them in the milliseconds before they were
 * read. A mail that was moved is looked for by its Message-ID in all folders that the server lists,
 * for a bounded time, and is then brought as if it had stayed. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "daemon/fetch_internal.h"

enum {
	SLACK_MS = 60 * 1000,
};

/* Which of them the folder still holds, by the server's word after it was given the chance to tell
 * what was taken away (RFC 2180 s.4.1). */
static int ask_again(struct fetch *p, const struct imap_mail *mails, size_t n, struct uidset *ret,
	struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_mail again[IMAP_BATCH_MAX];
	size_t n_again = 0;
	int r = fetch_step(p, "asking what is missing", 2 * IMAP_COMMAND_MS, f);

	for (size_t k = 0; r == 0 && k < n; k++)
		if (mails[k].fd < 0 && uidset_add(&uids, mails[k].uid, mails[k].uid) < 0)
			return fault_set(f, -ENOMEM, "memory is short");
	if (r < 0 || uids.n == 0)
		return r;
	r = imap_noop(p->imap, f);
	if (r == 0)
		r = imap_sizes(p->imap, &uids, false, again, &n_again, f);
	for (size_t k = 0; r == 0 && k < n_again; k++)
		if (uidset_add(ret, again[k].uid, again[k].uid) < 0)
			return fault_set(f, -ENOMEM, "memory is short");
	return r;
}

static bool is_sought(const struct imap_mail *mail, const struct uidset *present)
{
	return mail->fd < 0 && *mail->message_id && !uidset_has(present, mail->uid);
}

static bool is_any_sought(const struct fetch *p, const struct imap_mail *mails, size_t n,
	const struct uidset *present)
{
	for (size_t k = 0; p->seek_left_us > 0 && k < n; k++)
		if (is_sought(&mails[k], present))
			return true;
	return false;
}

/* Reads it from where it was found. @uid: there. */
static int read_found(
	struct fetch *p, uint32_t uid, struct imap_mail *mail, enum imap_part part, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_mail found[IMAP_BATCH_MAX] = { 0 };
	size_t n = 0;
	int r = uidset_add(&uids, uid, uid);

	if (r == 0)
		r = imap_sizes(p->imap, &uids, true, found, &n, f);
	/* SEARCH finds parts of a Message-ID too. */
	if (r < 0 || n == 0 || strcmp(found[0].message_id, mail->message_id) != 0 ||
		(part == IMAP_PART_WHOLE && found[0].size > p->mail_bytes_max))
		return r;
	r = fetch_announce(p, mail, 1, f);
	if (r == 0)
		r = imap_bodies(p->imap, found, 1, part, p->mail_bytes_max, f);
	mail->fd = TAKE_FD(found[0].fd);
	mail->bytes = found[0].bytes;
	return r;
}

static int seek_here(struct fetch *p, struct imap_mail *mail, enum imap_part part, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	int r = fetch_step(p, "looking for a mail that vanished", 3 * IMAP_COMMAND_MS, f);

	if (r == 0)
		r = imap_search_id(p->imap, mail->message_id, mail->internaldate, &uids, f);
	if (r == 0 && uids.n > 0)
		r = read_found(p, uids.ranges[uids.n - 1].last, mail, part, f);
	/* What one folder refuses another may give. */
	return r < 0 && !p->is_closed && imap_is_usable(p->imap) ? 0 : r;
}

static int seek_in(struct fetch *p, const char *listed, struct imap_mail *mails, size_t n,
	const struct uidset *present, enum imap_part part, struct fault *f)
{
	int r = fetch_step(p, "opening another folder", IMAP_COMMAND_MS, f);

	if (r == 0)
		r = imap_glance(p->imap, listed, f);
	if (r < 0)
		return !p->is_closed && imap_is_usable(p->imap) ? 0 : r;
	for (size_t k = 0; r == 0 && k < n; k++)
		if (is_sought(&mails[k], present))
			r = seek_here(p, &mails[k], part, f);
	return r;
}

/* Back to the folder that is being looked at. */
static int open_again(struct fetch *p, struct fault *f)
{
	struct imap_folder told = { 0 };
	int r = fetch_step(p, "opening a folder", IMAP_COMMAND_MS, f);

	if (r == 0)
		r = imap_select(p->imap, p->selected->name, !p->change, &told, f);
	if (r < 0 || told.uidvalidity == p->selected->uidvalidity)
		return r;
	return fault_set_kind(f, FAULT_NETWORK, -ESTALE, "the folder was made anew meanwhile");
}

static int seek(struct fetch *p, struct imap_mail *mails, size_t n, const struct uidset *present,
	enum imap_part part, struct fault *f)
{
	CLEANUP(imap_list_done) struct imap_list list = { 0 };
	int64_t begun_us = fetch_now_us();
	int64_t left_us = p->seek_left_us;
	int r;

	if (!is_any_sought(p, mails, n, present))
		return 0;
	r = fetch_step(p, "listing the folders", IMAP_COMMAND_MS + SLACK_MS, f);
	if (r == 0)
		r = imap_list(p->imap, &list, f);
	if (r < 0)
		return !p->is_closed && imap_is_usable(p->imap) ? 0 : r;
	for (size_t k = 0; r == 0 && k < list.n && is_any_sought(p, mails, n, present); k++) {
		if (!imap_is_listed_as(p->selected->name, list.names[k]))
			r = seek_in(p, list.names[k], mails, n, present, part, f);
		p->seek_left_us = left_us - (fetch_now_us() - begun_us);
	}
	return r < 0 ? r : open_again(p, f);
}

int fetch_settle_missing(struct fetch *p, struct imap_mail *mails, size_t n, enum imap_part part,
	int64_t heard_us, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset sent = { 0 };
	CLEANUP(uidset_done) struct uidset present = { 0 };
	int r = 0;

	for (size_t k = 0; r == 0 && k < n; k++)
		if (mails[k].fd >= 0)
			r = uidset_add(&sent, mails[k].uid, mails[k].uid);
	if (r < 0)
		return fault_set(f, r, "memory is short");
	r = ask_again(p, mails, n, &present, f);
	if (r == 0)
		r = seek(p, mails, n, &present, part, f);
	for (size_t k = 0; r == 0 && k < n; k++) {
		if (uidset_has(&sent, mails[k].uid))
			continue;
		if (mails[k].fd >= 0)
			r = fetch_send_mail(p, &mails[k], part != IMAP_PART_WHOLE, heard_us, f);
		else
			r = fetch_send(p,
				fetch_describe(
					uidset_has(&present, mails[k].uid) ? "refused" : "gone", p,
					&mails[k]),
				-1, f);
	}
	return r;
}
