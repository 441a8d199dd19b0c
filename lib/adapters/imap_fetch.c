/* imap_fetch.c - the mails of a folder: their sizes, their bytes.
 *
 * Security: asks for UID, INTERNALDATE, RFC822.SIZE, the Message-ID and BODY.PEEK[] only; never for structures,
 * which outsiders shape and libetpan reads recursively. Bodies stream into memfds and are bounded
 * by what was announced. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "adapters/imap_internal.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/sealed.h"

enum {
	SLACK = 1024 * 1024, /* Exchange only guesses RFC822.SIZE */
	ANSWER_BYTES = 1024, /* of a FETCH answer beside the body */
};

/* ---- what one FETCH answer holds --------------------------------------------------------- */

struct answer {
	uint32_t uid; /* 0: an answer that nobody asked for */
	bool has_date;
	bool has_size;
	struct imap_mail mail;
	const struct mailimap_msg_att_body_section *section; /* NULL: none */
};

/* Return: 0; -EINVAL no such instant. */
static int instant(const struct mailimap_date_time *d, int64_t *ret)
{
	struct tm tm = { .tm_year = d->dt_year - 1900,
		.tm_mon = d->dt_month - 1,
		.tm_mday = d->dt_day,
		.tm_hour = d->dt_hour,
		.tm_min = d->dt_min,
		.tm_sec = d->dt_sec };
	int zone_minutes = d->dt_zone / 100 * 60 + d->dt_zone % 100;

	if (d->dt_year < 1970 || d->dt_year > 9999 || d->dt_month < 1 || d->dt_month > 12 ||
		d->dt_day < 1 || d->dt_day > 31 || d->dt_hour > 23 || d->dt_min > 59 ||
		d->dt_sec > 60 || d->dt_hour < 0 || d->dt_min < 0 || d->dt_sec < 0 ||
		zone_minutes < -24 * 60 || zone_minutes > 24 * 60)
		return -EINVAL;
	*ret = (int64_t) timegm(&tm) - (int64_t) zone_minutes * 60;
	return 0;
}

static void read_static(const struct mailimap_msg_att_static *item, struct answer *a)
{
	if (item->att_type == MAILIMAP_MSG_ATT_UID)
		a->uid = item->att_data.att_uid;
	if (item->att_type == MAILIMAP_MSG_ATT_INTERNALDATE && item->att_data.att_internal_date)
		a->has_date = instant(item->att_data.att_internal_date, &a->mail.internaldate) == 0;
	if (item->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) {
		a->mail.size = item->att_data.att_rfc822_size;
		a->has_size = true;
	}
	if (item->att_type == MAILIMAP_MSG_ATT_BODY_SECTION)
		a->section = item->att_data.att_body_section;
}

static struct answer read_answer(const struct mailimap_msg_att *att)
{
	struct answer a = { .mail = { .fd = -1 } };

	for (clistiter *at = clist_begin(att->att_list); at; at = clist_next(at)) {
		const struct mailimap_msg_att_item *item = clist_content(at);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC)
			read_static(item->att_data.att_static, &a);
	}
	a.mail.uid = a.uid;
	return a;
}

/* ---- sizes ------------------------------------------------------------------------------- */

static int by_uid(const void *a, const void *b)
{
	uint32_t x = ((const struct imap_mail *) a)->uid;
	uint32_t y = ((const struct imap_mail *) b)->uid;

	return x < y ? -1 : x > y;
}

static bool has_uid(const struct imap_mail *mails, size_t n, uint32_t uid)
{
	for (size_t k = 0; k < n; k++)
		if (mails[k].uid == uid)
			return true;
	return false;
}

/* Bytes that may stand in a quoted string of a command as they are; none that would end it. */
static bool is_id_byte(char c)
{
	return isalnum((unsigned char) c) || (c != '\0' && strchr("!#$&'*+-/=?^_`{|}~.@:", c));
}

/* "Message-ID: <a@b>" and what may stand around it. One of odd bytes is not known. */
static void take_id(
	const struct mailimap_msg_att_body_section *section, char ret[IMAP_MESSAGE_ID_MAX])
{
	const char *text = section ? section->sec_body_part : NULL;
	const char *from = text ? memchr(text, '<', section->sec_length) : NULL;
	size_t left = from ? section->sec_length - (size_t) (from - text) : 0;
	size_t n = 1;

	while (n < left && n < IMAP_MESSAGE_ID_MAX - 2 && is_id_byte(from[n]))
		n++;
	if (n < 2 || n >= left || from[n] != '>')
		return;
	memcpy(ret, from, n + 1);
	ret[n + 1] = '\0';
}

/* Answers to other questions (flags that somebody changed) lie among ours. */
static size_t take_sizes(struct imap *i, const struct uidset *uids, struct imap_mail *mails)
{
	const clist *list = i->session->imap_response_info->rsp_fetch_list;
	size_t n = 0;

	for (clistiter *at = list ? clist_begin(list) : NULL; at; at = clist_next(at)) {
		struct answer a = read_answer(clist_content(at));

		if (!a.has_size || !a.has_date || !uidset_has(uids, a.uid))
			continue;
		if (n == IMAP_BATCH_MAX || has_uid(mails, n, a.uid))
			continue;
		take_id(a.section, a.mail.message_id);
		mails[n++] = a.mail;
	}
	qsort(mails, n, sizeof *mails, by_uid);
	return n;
}

/* Servers cut what was asked for as "<0.512>" themselves; one that does not is cut off. */
static const char sizes_words[] = "UID INTERNALDATE RFC822.SIZE";
static const char id_words[] = " BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]<0.512>";

int imap_sizes(struct imap *i, const struct uidset *uids, bool with_ids,
	struct imap_mail ret_mails[IMAP_BATCH_MAX], size_t *ret_n, struct fault *f)
{
	CLEANUP(freep) char *set = NULL;
	int r;

	if (uidset_text(uids, &set) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	imap_begin_plain(i);
	r = imap_commandf(
		i, "FETCH", f, "UID FETCH %s (%s%s)", set, sizes_words, with_ids ? id_words : "");
	if (r < 0)
		return r;
	*ret_n = take_sizes(i, uids, ret_mails);
	return 0;
}

/* ---- bodies ------------------------------------------------------------------------------ */

/* One literal on its way into a memfd. libetpan names it by its section, not by its UID, which
 * may come after the body. */
struct body {
	const struct mailimap_msg_att_body_section *section;
	int fd; /* owned */
	uint64_t bytes;
};

struct bodies {
	struct body body[IMAP_BATCH_MAX];
	size_t n;
	int error; /* negative errno of the memfd; 0: none */
};

static struct body *body_of(struct bodies *b, const struct mailimap_msg_att_body_section *section)
{
	for (size_t k = b->n; k > 0; k--)
		if (b->body[k - 1].section == section)
			return &b->body[k - 1];
	return NULL;
}

static int add_body(
	struct bodies *b, const struct mailimap_msg_att_body_section *section, struct body **ret)
{
	int fd;

	if (b->n == IMAP_BATCH_MAX)
		return -E2BIG;
	fd = sealed_create("mail");
	if (fd < 0)
		return fd;
	b->body[b->n] = (struct body){ .section = section, .fd = fd };
	*ret = &b->body[b->n++];
	return 0;
}

/* libetpan's handler: a piece of a literal has come. */
static bool on_bytes(int type, struct mailimap_msg_att_body_section *section, const char *bytes,
	size_t n, void *context)
{
	struct bodies *b = context;
	struct body *body = body_of(b, section);

	(void) type; /* only body sections come this way */
	if (!body)
		b->error = add_body(b, section, &body);
	if (b->error == 0)
		b->error = io_write(body->fd, bytes, n);
	if (b->error == 0)
		body->bytes += n;
	return b->error == 0;
}

/* A body that came in quotes, or empty, never went through the handler. NIL is no body. */
static int take_quoted(
	struct bodies *b, const struct mailimap_msg_att_body_section *section, struct body **ret)
{
	int r;

	if (!section->sec_body_part)
		return 0;
	r = add_body(b, section, ret);
	if (r < 0)
		return r;
	(*ret)->bytes = section->sec_length;
	return io_write((*ret)->fd, section->sec_body_part, section->sec_length);
}

static struct imap_mail *mail_of(struct imap_mail *mails, size_t n, uint32_t uid)
{
	for (size_t k = 0; k < n; k++)
		if (mails[k].uid == uid)
			return &mails[k];
	return NULL;
}

static int take_bodies(
	struct imap *i, struct bodies *b, struct imap_mail *mails, size_t n, struct fault *f)
{
	const clist *list = i->session->imap_response_info->rsp_fetch_list;

	for (clistiter *at = list ? clist_begin(list) : NULL; at; at = clist_next(at)) {
		struct answer a = read_answer(clist_content(at));
		struct imap_mail *mail = mail_of(mails, n, a.uid);
		struct body *body = a.section ? body_of(b, a.section) : NULL;
		int r = 0;

		if (!mail || !a.section || mail->fd >= 0)
			continue;
		if (!body)
			r = take_quoted(b, a.section, &body);
		if (r == 0 && body)
			r = sealed_finish(body->fd);
		if (r < 0)
			return fault_set(f, r, "a mail cannot be kept in memory");
		/* RFC 2180 s.4.1.3: so some servers answer for a mail that was expunged elsewhere. */
		if (!body || (body->bytes == 0 && mail->size > 0))
			continue;
		mail->fd = TAKE_FD(body->fd);
		mail->bytes = body->bytes;
	}
	return 0;
}

static const char *const part_words[] = {
	[IMAP_PART_WHOLE] = "BODY.PEEK[]",
	[IMAP_PART_BEGIN] = "BODY.PEEK[]",
	[IMAP_PART_HEADER] = "BODY.PEEK[HEADER]",
};

static void begin_bodies(struct imap *i, const struct imap_mail *mails, size_t n,
	enum imap_part part, uint64_t bytes_max)
{
	struct imap_bounds bounds = { .line = SLACK, .literal = bytes_max + SLACK, .total = SLACK };

	for (size_t k = 0; k < n; k++) {
		uint64_t most = part == IMAP_PART_WHOLE ? mails[k].size * 2 + SLACK : bytes_max;

		bounds.total += most + ANSWER_BYTES;
	}
	imap_begin(i, imap_bodies_ms(mails, n, bytes_max), &bounds);
}

static int set_of(const struct imap_mail *mails, size_t n, char **ret, struct fault *f)
{
	struct uidset uids = { 0 };
	int r = 0;

	for (size_t k = 0; r == 0 && k < n; k++)
		r = uidset_add(&uids, mails[k].uid, mails[k].uid);
	if (r == 0)
		r = uidset_text(&uids, ret);
	uidset_done(&uids);
	return r < 0 ? fault_set(f, r, "memory is short") : 0;
}

static int ask_bodies(
	struct imap *i, const char *set, enum imap_part part, uint64_t bytes_max, struct fault *f)
{
	char range[32] = "";

	if (part != IMAP_PART_WHOLE)
		(void) snprintf(range, sizeof range, "<0.%" PRIu64 ">", bytes_max); /* fits */
	return imap_commandf(
		i, "FETCH", f, "UID FETCH %s (UID %s%s)", set, part_words[part], range);
}

int imap_bodies(struct imap *i, struct imap_mail *mails, size_t n, enum imap_part part,
	uint64_t bytes_max, struct fault *f)
{
	CLEANUP(freep) char *set = NULL;
	struct bodies b = { 0 };
	int answer;
	int r = set_of(mails, n, &set, f);

	if (r < 0)
		return r;
	if (part == IMAP_PART_HEADER)
		bytes_max = IMAP_HEADER_MAX;
	begin_bodies(i, mails, n, part, bytes_max);
	mailimap_set_msg_body_handler(i->session, on_bytes, &b);
	answer = ask_bodies(i, set, part, bytes_max, f);
	mailimap_set_msg_body_handler(i->session, NULL, NULL);
	/* What came whole before a NO is as good as any. */
	if (imap_is_usable(i))
		r = take_bodies(i, &b, mails, n, f);
	for (size_t k = 0; k < b.n; k++)
		closep(&b.body[k].fd);
	if (b.error < 0)
		return fault_set(f, b.error, "a mail cannot be kept in memory");
	return r < 0 ? r : answer;
}

void imap_mails_done(struct imap_mail *mails, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		closep(&mails[k].fd);
		mails[k].fd = -1;
	}
}
