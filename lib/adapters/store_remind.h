/* store_remind.h - what reminders and the mails to officers are made from, and what was given.
 *
 * A reminder is a row of (case, last day, step). It is written in the transaction in which it is
 * decided, and a row can be there once only: so no reminder comes twice, whatever stops the daemon. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_REMIND_H
#define ADAPTERS_STORE_REMIND_H

#include "adapters/store.h"

enum {
	/* Of a case that waits for its requester: the time to clarify or pay is over. Below every
	 * step of a clock that runs. */
	STORE_REMIND_LAPSE = -1000000,
	/* What was given so far ahead of now was given by a clock that was wrong. */
	STORE_REMIND_AHEAD_SEC = 7 * 86400,
};

/* A case that is neither answered nor closed; texts live until the callback returns. */
struct store_remind_case {
	int64_t id;
	const char *reference;
	enum foi_case_state state;
	enum statute_regime regime;
	struct day due;
	bool has_told;
	struct day told; /* what the requester was told, while it means the clock that runs */
	int64_t opened_at;
	bool is_touched; /* a person did something with it; asked for cases in triage only */
};
typedef int store_remind_case_taker(void *context, const struct store_remind_case *row);

/* A place in the order of last days; zero bytes: the start. */
struct store_remind_place {
	struct day due;
	int64_t id;
};

/* Live cases behind @after, at most @max, the earliest last day first. A negative result of @take
 * ends the walk with it. Return: number of rows. */
int store_remind_cases(struct store *s, const struct store_remind_place *after, size_t max,
	store_remind_case_taker *take, void *context, struct fault *f);

/**
 * store_remind_use - give a reminder, if it was not given yet.
 * @due:  the date that it is about; another date has reminders of its own
 * @step: working days before that date, below 0 behind it; STORE_REMIND_LAPSE
 *
 * A step behind which another was given (a smaller number) is used up too, so that what was missed
 * does not come later. One of more than STORE_REMIND_AHEAD_SEC after @at is taken back first: else a
 * clock that was months ahead for an hour would use up all that is to come.
 *
 * Return: 1 it is given now; 0 it was given, or is used up; the store's faults.
 */
int store_remind_use(
	struct store *s, int64_t case_id, struct day due, int step, int64_t at, struct fault *f);

/* ---- once a day ------------------------------------------------------------------------------- */

/* What is done once a day, and up to which mail and case it looked. */
struct store_daily {
	struct day day;
	int64_t at;
	int64_t last_message;
	int64_t last_case;
};

/* When @name was done last. Return: 1 with @ret; 0 never. */
int store_daily(struct store *s, const char *name, struct store_daily *ret, struct fault *f);
int store_daily_done(
	struct store *s, const char *name, struct day day, int64_t at, struct fault *f);

/* ---- numbers and lists for officers ---------------------------------------------------------- */

/* Mails by fate and cases that came behind @since (zero bytes: all). */
int store_remind_news(struct store *s, const struct store_daily *since, uint64_t fates[FATE_COUNT],
	uint64_t *ret_cases, struct fault *f);

/* Acknowledgements on their way, and since when the oldest is; 0: there are none. */
int store_remind_unsent(struct store *s, uint64_t *ret_n, int64_t *ret_oldest, struct fault *f);

typedef int store_remind_mail_taker(
	void *context, const char *reference, int64_t created_at, enum hold hold);

/* Live cases whose acknowledgement is held, all of them, the oldest first. */
int store_remind_held(
	struct store *s, store_remind_mail_taker *take, void *context, struct fault *f);

/* Live cases whose requester has no acknowledgement: it was refused, a report of its failure came
 * back, or there is no address. All of them, the oldest first; hold is HOLD_NONE. */
int store_remind_failed(
	struct store *s, store_remind_mail_taker *take, void *context, struct fault *f);

/* Whether a mail of that Message-ID was ever queued. Return: 1; 0. */
int store_remind_is_queued(struct store *s, const char *message_id, struct fault *f);

#endif
