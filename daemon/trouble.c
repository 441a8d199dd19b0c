/* trouble.c - how often a lasting trouble is worth a line in the journal. */
/* SPDX-License-Identifier: MIT */
#include "daemon/trouble.h"

static enum trouble_news tell(struct trouble *t, enum trouble_news news, int64_t now_sec)
{
	t->last = now_sec;
	t->told = 1U << t->kind;
	return news;
}

enum trouble_news trouble_meet(struct trouble *t, enum fault_kind kind, int64_t now_sec)
{
	t->kind = kind;
	if (!t->on) {
		t->on = true;
		t->since = now_sec;
		return tell(t, TROUBLE_BEGAN, now_sec);
	}
	/* A clock set back must not silence the trouble until it has caught up. */
	if (now_sec < t->last || now_sec - t->last >= TROUBLE_REPEAT_SEC)
		return tell(t, TROUBLE_LASTS, now_sec);
	if (t->told & 1U << kind)
		return TROUBLE_QUIET;
	t->told |= 1U << kind;
	return TROUBLE_CHANGED;
}

int trouble_end(struct trouble *t, int64_t now_sec, int64_t *ret_lasted_sec)
{
	int64_t lasted = now_sec - t->since;

	if (!t->on)
		return 0;
	*t = (struct trouble){ 0 };
	*ret_lasted_sec = lasted > 0 ? lasted : 0;
	return 1;
}
