/* fetch_batch.c - bring what register wants, in batches that it and we can hold.
 *
 * Sizes are asked first. A batch is cut by count, by bytes and by the credit that register gave;
 * what is over mail_bytes_max comes cut. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/fetch_internal.h"

enum {
	BATCH_BYTES = 4 * 1024 * 1024,
	BATCH_MIN = 16,		    /* a batch is not begun with less credit than that */
	CREDIT_MS = 10 * 60 * 1000, /* register may be busy; it is asked again after that */
	SLACK_MS = 60 * 1000,	    /* beside the network's time: a busy machine */
};

void fetch_want_done(struct fetch_want *w)
{
	w->n_known = 0;
	uidset_done(&w->uids);
	uidset_done(&w->careful);
	uidset_done(&w->header_only);
}

static uint64_t bytes_of(const struct fetch *p, const struct imap_mail *mail)
{
	return mail->size < p->mail_bytes_max ? mail->size : p->mail_bytes_max;
}

/* ---- what is told of one mail ------------------------------------------------------------- */

json_t *fetch_describe(const char *type, struct fetch *p, const struct imap_mail *mail)
{
	json_t *record = fetch_record(type, p->selected);

	if (json_object_set_new(record, "uid", json_integer(mail->uid)) < 0 ||
		json_object_set_new(record, "internaldate", json_integer(mail->internaldate)) < 0 ||
		json_object_set_new(record, "size", json_integer((json_int_t) mail->size)) < 0) {
		json_decref(record);
		return NULL;
	}
	return record;
}

int fetch_send_mail(struct fetch *p, const struct imap_mail *mail, bool is_cut, int64_t heard_us,
	struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = fetch_describe("mail", p, mail);

	if (json_object_set_new(record, "truncated", json_boolean(is_cut)) < 0 ||
		json_object_set_new(record, "junk", json_boolean(p->selected->junk)) < 0 ||
		json_object_set_new(record, "heard_us", json_integer(heard_us)) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	p->flights[p->n_flights++] = (struct fetch_flight){
		.folder = p->selected,
		.uidvalidity = p->selected->uidvalidity,
		.uid = mail->uid,
		.bytes = mail->bytes,
	};
	p->flight_bytes += mail->bytes;
	return fetch_send(p, TAKE_PTR(record), mail->fd, f);
}

static int send_gone(struct fetch *p, uint32_t uid, struct fault *f)
{
	json_t *record = fetch_record("gone", p->selected);

	if (json_object_set_new(record, "uid", json_integer(uid)) < 0) {
		json_decref(record);
		record = NULL;
	}
	return fetch_send(p, record, -1, f);
}

/* ---- one command -------------------------------------------------------------------------- */

int fetch_announce(struct fetch *p, const struct imap_mail *mails, size_t n, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	json_t *record = fetch_record("step", p->selected);
	json_int_t ms = imap_bodies_ms(mails, n, p->mail_bytes_max) + SLACK_MS;
	int r = 0;

	for (size_t k = 0; r == 0 && k < n; k++)
		r = uidset_add(&uids, mails[k].uid, mails[k].uid);
	if (r < 0 || json_object_set_new(record, "what", json_string("reading mails")) < 0 ||
		json_object_set_new(record, "ms", json_integer(ms)) < 0 ||
		json_object_set_new(record, "internaldate", json_integer(mails[0].internaldate)) <
			0 ||
		json_object_set_new(record, "size", json_integer((json_int_t) mails[0].size)) < 0) {
		json_decref(record);
		return fault_set(f, -ENOMEM, "memory is short");
	}
	return fetch_send_text(p, record, &uids, f);
}

/* Reads @n mails in one command and hands them over. @ret_missing: how many did not come. */
static int read_mails(struct fetch *p, struct imap_mail *mails, size_t n, enum imap_part part,
	int64_t heard_us, size_t *ret_missing, struct fault *f)
{
	int answer;
	int r = fetch_announce(p, mails, n, f);

	if (r < 0)
		return r;
	answer = imap_bodies(p->imap, mails, n, part, p->mail_bytes_max, f);
	if (answer < 0 && answer != -EREMOTEIO)
		return answer;
	*ret_missing = 0;
	for (size_t k = 0; k < n; k++) {
		if (mails[k].fd < 0) {
			++*ret_missing;
			continue;
		}
		r = fetch_send_mail(p, &mails[k], part != IMAP_PART_WHOLE, heard_us, f);
		if (r < 0)
			return r;
	}
	return 0;
}

/* As read_mails(); what did not come is asked for once more, alone, and then looked for. */
static int carry(struct fetch *p, struct imap_mail *mails, size_t n, enum imap_part part,
	int64_t heard_us, struct fault *f)
{
	size_t missing = 0;
	int r = read_mails(p, mails, n, part, heard_us, &missing, f);

	if (missing > 0 && n > 1)
		for (size_t k = 0; r == 0 && k < n; k++) {
			size_t still = 0;

			if (mails[k].fd < 0)
				r = read_mails(p, &mails[k], 1, part, heard_us, &still, f);
		}
	if (r == 0 && missing > 0)
		r = fetch_settle_missing(p, mails, n, part, heard_us, f);
	imap_mails_done(mails, n);
	return r;
}

/* ---- credit ------------------------------------------------------------------------------- */

/* How many of the mails go now. 0: more credit is needed. */
static size_t fitting(const struct fetch *p, const struct imap_mail *mails, size_t n)
{
	size_t room = FETCH_CREDIT - p->n_flights;
	uint64_t bytes = 0;
	size_t k;

	if (room < n && room < BATCH_MIN)
		return 0;
	for (k = 0; k < n && k < room; k++) {
		bytes += bytes_of(p, &mails[k]);
		if (bytes > BATCH_BYTES || bytes + p->flight_bytes > FETCH_CREDIT_BYTES)
			break;
	}
	/* A mail larger than every bound travels alone. */
	if (k == 0 && (p->n_flights == 0 ||
			      bytes_of(p, &mails[0]) + p->flight_bytes <= FETCH_CREDIT_BYTES))
		return 1;
	return k;
}

static int wait_credit(
	struct fetch *p, const struct imap_mail *mails, size_t n, size_t *ret, struct fault *f)
{
	for (;;) {
		int r = fetch_take(p, 0, f);

		if (r == 0)
			r = fetch_tell(p, f);
		if (r < 0)
			return r;
		*ret = fitting(p, mails, n);
		if (*ret > 0)
			return 0;
		r = fetch_step(p, "waiting for credit", CREDIT_MS, f);
		if (r == 0)
			r = fetch_take(p, CREDIT_MS, f);
		if (r < 0)
			return r;
	}
}

/* Whole mails first, as many as go at once; a long one alone and cut. */
static size_t same_part(
	const struct fetch *p, const struct imap_mail *mails, size_t n, enum imap_part *ret)
{
	size_t k = 0;

	*ret = mails[0].size > p->mail_bytes_max ? IMAP_PART_BEGIN : IMAP_PART_WHOLE;
	if (*ret == IMAP_PART_BEGIN)
		return 1;
	while (k < n && mails[k].size <= p->mail_bytes_max)
		k++;
	return k;
}

static int bring_sized(
	struct fetch *p, struct imap_mail *mails, size_t n, int64_t heard_us, struct fault *f)
{
	while (n > 0) {
		enum imap_part part;
		size_t now = same_part(p, mails, n, &part);
		int r = wait_credit(p, mails, now, &now, f);

		if (r == 0)
			r = carry(p, mails, now, part, heard_us, f);
		if (r < 0)
			return r;
		mails += now;
		n -= now;
	}
	return 0;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static int send_all_gone(struct fetch *p, struct uidset *asked, const struct imap_mail *mails,
	size_t n, struct fault *f)
{
	for (size_t k = 0; k < asked->n; k++) {
		for (uint64_t uid = asked->ranges[k].first; uid <= asked->ranges[k].last; uid++) {
			size_t at = 0;
			int r;

			while (at < n && mails[at].uid != uid)
				at++;
			if (at < n)
				continue;
			r = send_gone(p, (uint32_t) uid, f);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int fetch_head(const struct uidset *s, uint32_t max, struct uidset *ret)
{
	int r = 0;

	for (size_t k = 0; r == 0 && k < s->n && max > 0; k++) {
		uint32_t first = s->ranges[k].first;
		uint32_t more = s->ranges[k].last - first;

		more = more < max - 1 ? more : max - 1;
		r = uidset_add(ret, first, first + more);
		max -= more + 1;
	}
	return r;
}

/* A server that makes nothing sensible of the question for Message-IDs is not asked it again: they are
 * for mails that vanish only. */
static int ask_with_ids(struct fetch *p, const struct uidset *asked, struct imap_mail *mails,
	size_t *ret_n, struct fault *f)
{
	int r = p->has_no_ids ? -ENOTSUP : imap_sizes(p->imap, asked, true, mails, ret_n, f);

	if (r == 0)
		return 0;
	if (!p->has_no_ids && f->kind == FAULT_PROTOCOL)
		p->has_no_ids = true;
	return p->has_no_ids && imap_is_usable(p->imap)
		       ? imap_sizes(p->imap, asked, false, mails, ret_n, f)
		       : r;
}

static int ask_sizes(struct fetch *p, struct uidset *from, uint32_t max, struct imap_mail *mails,
	size_t *ret_n, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset asked = { 0 };
	int r = fetch_head(from, max, &asked);

	if (r == 0)
		r = uidset_subtract(from, &asked);
	if (r < 0)
		return fault_set(f, r, "memory is short");
	r = fetch_step(p, "asking for sizes", IMAP_COMMAND_MS, f);
	if (r == 0)
		r = ask_with_ids(p, &asked, mails, ret_n, f);
	return r < 0 ? r : send_all_gone(p, &asked, mails, *ret_n, f);
}

/* One at a time, so that the one which kills us is known. */
static int bring_alone(
	struct fetch *p, struct uidset *uids, bool header_only, int64_t heard_us, struct fault *f)
{
	while (uids->n > 0) {
		struct imap_mail mails[IMAP_BATCH_MAX];
		enum imap_part part;
		size_t n = 0;
		int r = ask_sizes(p, uids, 1, mails, &n, f);

		if (r < 0)
			return r;
		if (n == 0)
			continue;
		(void) same_part(p, mails, 1, &part); /* one, by its argument */
		r = wait_credit(p, mails, 1, &n, f);
		if (r == 0)
			r = carry(p, mails, 1, header_only ? IMAP_PART_HEADER : part, heard_us, f);
		if (r < 0)
			return r;
	}
	return 0;
}

int fetch_bring(struct fetch *p, int64_t heard_us, struct fault *f)
{
	struct fetch_want *w = &p->want;
	int r;

	while (w->uids.n > 0) {
		struct imap_mail mails[IMAP_BATCH_MAX];
		size_t n = 0;

		r = ask_sizes(p, &w->uids, IMAP_BATCH_MAX, mails, &n, f);
		if (r == 0)
			r = bring_sized(p, mails, n, heard_us, f);
		if (r < 0)
			return r;
	}
	r = bring_alone(p, &w->careful, false, heard_us, f);
	return r < 0 ? r : bring_alone(p, &w->header_only, true, heard_us, f);
}
