/* moves.h - record what happened to a case, and keep what follows from it.
 *
 * Every function runs inside the caller's transaction (store_begin() to store_commit()); after a
 * failure that transaction must be rolled back. Nothing here talks to the network, reads the clock
 * or writes to the journal. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_MOVES_H
#define FLOW_MOVES_H

#include "adapters/config.h"
#include "adapters/store_history.h"
#include "domain/calendar.h"

enum {
	MOVES_WHY_MAX = 1024, /* bytes of an officer's reason */
};

/* What moves work with; all borrowed. */
struct moves {
	struct store *store;
	const struct config *conf;
	const struct calendar *calendar;
};

/* A move that somebody wants to record. Texts are borrowed. */
struct moves_order {
	const char *reference; /* any that the case ever bore */
	enum foi_move move;
	unsigned part;	    /* 0: the only live one; of a move of the whole case always 0 */
	bool is_every_part; /* all parts that have not ended yet */
	bool has_day;	    /* else today */
	struct day day;
	int64_t undoes; /* FOI_MOVE_UNDONE: id of the move; 0: the last one */
	struct foi_details details;
	const char *actor; /* "uid 1000 (jane)", or "daemon" */
	bool is_person;
	const char *why; /* the officer's reason; "" : none was given */
};

/* What came of it; plain data. */
struct moves_result {
	int64_t case_id;
	enum case_kind kind;
	char reference[REFERENCE_MAX]; /* the one that the case bears now */
	int64_t ids[FOI_PARTS_MAX];    /* of the moves recorded, one a part */
	size_t n_ids;
	enum foi_case_state state;
	bool has_due; /* some clock runs, or the requester's time does */
	struct day due;
	bool is_provisional;
	char opened[REFERENCE_MAX]; /* FOI_MOVE_NARROWED: the new case; else "" */
	struct day opened_received;
	struct day opened_due;
};

/**
 * moves_record - record one move.
 * @now: seconds UTC
 *
 * Exemptions in @o are normalised under the law of each part. All parts of one order are recorded
 * or none is.
 *
 * Law:    see domain/foi_move.h.
 * Return: 0; -ENOENT (FAULT_MISSING) no such case, or no such move to undo; -EPERM the move is not
 *         possible, with the reason; -EINVAL something in the order is wrong or missing, with what;
 *         -E2BIG a bound; the store's faults.
 */
int moves_record(const struct moves *in, const struct moves_order *o, int64_t now,
	struct moves_result *ret, struct fault *f);

/* The acknowledgement has left: a line of the history, which changes no clock; an officer need not
 * look after it any more. */
int moves_acknowledged(struct store *s, int64_t case_id, int64_t at, struct fault *f);

/* The mail server will never take it: a line of the history, and the case is marked for an officer.
 * @code, @status: of the server's last answer; 0 and "" where there was none. */
int moves_not_acknowledged(struct store *s, int64_t case_id, int64_t at, int code,
	const char *status, struct fault *f);

/**
 * moves_clarify - a mail of the requester's came to a case that waits for clarification.
 * @day: of its receipt
 *
 * The clock starts anew on every part that waits for it, because it does so in law whether or not a
 * person has read the mail; where it was none, an officer undoes the move.
 *
 * Law:    FOI 2000 s.10(6)(b); EIR 2004 reg 9(4).
 * Return: 1 a clock was started (@ret); 0 the case does not wait for clarification; the store's
 *         faults.
 */
int moves_clarify(const struct moves *in, const char *reference, struct day day, int64_t now,
	struct moves_result *ret, struct fault *f);

/* Whether a part of the case waits for clarification that was asked for by @day. Return: 1; 0; the
 * store's faults. */
int moves_waits(const struct moves *in, const char *reference, struct day day, struct fault *f);

/* A last day that a recount has changed. */
struct moves_change {
	int64_t case_id;
	char reference[REFERENCE_MAX];
	enum case_kind kind;
	struct day old_due;
	struct day due;
	bool is_provisional;
	bool is_told; /* the requester was told another day, which is kept: */
	struct day told;
};

/**
 * moves_recount - count one case anew, after the calendar has changed.
 * @why: what changed, for the history
 *
 * The parts are marked as counted with this calendar whether or not their days moved. Old and new
 * day go into the history, and a further deadline is kept; the day that the requester was told
 * stays, and the case is flagged where it is another.
 *
 * Return: 1 the case's last day or a part's has changed (@ret); 0 nothing has; negative errno.
 */
int moves_recount(const struct moves *in, int64_t case_id, const char *why, int64_t now,
	struct moves_change *ret, struct fault *f);

/**
 * moves_load - a case as it stands, for showing.
 *
 * Return: 0 with @ret_file (store_file_free() it) and @ret_status; -ENOENT; the store's faults.
 */
int moves_load(const struct moves *in, const char *reference, struct store_file **ret_file,
	struct foi_status *ret_status, struct fault *f);

/* The law as the configuration has it, on the day of @now. */
struct foi_law moves_law(const struct moves *in, int64_t now);

#endif
