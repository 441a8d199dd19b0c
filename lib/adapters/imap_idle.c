/* imap_idle.c - wait for new mail (RFC 2177). */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>

#include "adapters/imap_internal.h"

/* One wait: what the caller knows, and until when. */
struct waiting {
	int channel;
	uint32_t exists;
	int64_t until_us;
};

static bool has_news(const struct imap *i, const struct waiting *w)
{
	return imap_exists(i) != w->exists || i->has_expunged;
}

/* Reads what came while the news fails to appear. Each look has bounds of its own, since a server
 * may say "still here" for as long as it likes. */
static int look(
	struct imap *i, struct waiting *w, enum imap_wake *ret, int64_t *ret_heard, struct fault *f)
{
	mailstream *above = i->session->imap_stream;

	while (!has_news(i, w)) {
		bool is_channel = false;
		const char *line;
		int r = imap_stream_wait(
			&i->stream, above, w->channel, w->until_us, &is_channel, ret_heard);

		if (r < 0)
			return imap_lost(i, "IDLE", i->stream.end, f);
		if (r == 0) {
			*ret = is_channel ? IMAP_WAKE_CHANNEL : IMAP_WAKE_TIME;
			*ret_heard = 0;
			return 0;
		}
		imap_begin_plain(i);
		r = imap_hear_line(i, "IDLE", &line, f);
		if (r < 0)
			return r;
	}
	*ret = IMAP_WAKE_MAIL;
	return 0;
}

/* Without IDLE the server tells only when asked: the caller's own looks are the poll. */
static int rest(struct imap *i, const struct waiting *w, enum imap_wake *ret, struct fault *f)
{
	bool is_channel = false;
	int64_t heard;
	int r = imap_stream_wait(
		&i->stream, i->session->imap_stream, w->channel, w->until_us, &is_channel, &heard);

	if (r < 0)
		return imap_lost(i, "waiting", i->stream.end, f);
	*ret = is_channel ? IMAP_WAKE_CHANNEL : r > 0 ? IMAP_WAKE_MAIL : IMAP_WAKE_TIME;
	return 0;
}

static int idle(
	struct imap *i, struct waiting *w, enum imap_wake *ret, int64_t *ret_heard, struct fault *f)
{
	enum imap_wake wake = IMAP_WAKE_TIME;
	int64_t heard = i->stream.now_us(); /* news may stand before the "+" */
	int r;

	imap_begin_plain(i);
	r = imap_say(i, "IDLE", "IDLE", f);
	if (r < 0)
		return r;
	r = imap_hear(i, "IDLE", true, f);
	if (r == -EREMOTEIO) {
		/* A gateway in front of the server offers what that does not do. */
		i->has_idle = false;
		return rest(i, w, ret, f);
	}
	if (r < 0)
		return r;
	r = look(i, w, &wake, &heard, f);
	if (r < 0)
		return r;
	imap_begin_plain(i);
	r = imap_say_more(i, "IDLE", "DONE", 4, f);
	if (r < 0)
		return r;
	r = imap_hear(i, "IDLE", false, f);
	if (r < 0)
		return r;
	*ret = has_news(i, w) ? IMAP_WAKE_MAIL : wake;
	if (*ret == IMAP_WAKE_MAIL)
		*ret_heard = heard > 0 ? heard : i->stream.now_us();
	return 0;
}

int imap_wait(struct imap *i, int channel, uint32_t exists, unsigned ms, enum imap_wake *ret,
	int64_t *ret_heard, struct fault *f)
{
	struct waiting w = { .channel = channel, .exists = exists };

	if (ms > IMAP_IDLE_MS)
		ms = IMAP_IDLE_MS;
	w.until_us = i->stream.now_us() + (int64_t) ms * 1000;
	*ret_heard = 0;
	if (has_news(i, &w)) {
		*ret = IMAP_WAKE_MAIL;
		return 0;
	}
	imap_begin_plain(i);
	return i->has_idle ? idle(i, &w, ret, ret_heard, f) : rest(i, &w, ret, f);
}
