/* store_calendar.h - the bank holidays in force, and what is known of GOV.UK's feed.
 *
 * What is in force is worked out from the configured files and the corrections that the feed has
 * brought, and kept whole, so that a file that cannot be read any more costs nothing. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_CALENDAR_H
#define ADAPTERS_STORE_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

#include "adapters/store.h"
#include "domain/calendar.h"
#include "domain/calendar_change.h"

enum {
	STORE_CALENDAR_TAG_MAX = 256, /* bytes of an ETag or a date, with the NUL */
	STORE_CALENDAR_URL_MAX = 2048,
};

/* Adds the days in force to @cal: none, if no calendar was ever saved. */
int store_calendar_load(struct store *s, struct calendar *cal, struct fault *f);

/**
 * store_calendar_correct - what is in force by these files and the corrections.
 * @files: the union of the configured files
 * @ret:   new; free with calendar_free()
 *
 * The days of @files without those that a correction takes away, and with those that one adds.
 */
int store_calendar_correct(
	struct store *s, const struct calendar *files, struct calendar **ret, struct fault *f);

/* One change of what is in force, for the history that is never changed. */
struct store_calendar_change {
	int64_t at;
	const char *actor; /* "daemon", or "uid 1000 (name)" */
	const char *old_hash;
	const char *new_hash;
	const char *why; /* English for an officer */
};

/* Saves @cal as what is in force, in place of what was, with a line of the history. */
int store_calendar_save(struct store *s, const struct calendar *cal,
	const struct store_calendar_change *change, struct fault *f);

/* Keeps each day of @c as a correction: a later one of the same day and division replaces it. */
int store_calendar_correction(
	struct store *s, const struct calendar_change *c, int64_t at, struct fault *f);

/* ---- the feed -------------------------------------------------------------------------------- */

struct store_calendar_feed {
	char url[STORE_CALENDAR_URL_MAX];  /* that gave the next two */
	char etag[STORE_CALENDAR_TAG_MAX]; /* of the last answer that could be read; "" : none */
	char modified[STORE_CALENDAR_TAG_MAX];
	int64_t asked_at;			    /* 0: never */
	int64_t answered_at;			    /* 0: never */
	char pending_hash[DIGEST_HEX_MAX];	    /* SHA-256 of what waits; "" : nothing does */
	char pending_why[CALENDAR_CHANGE_TEXT_MAX]; /* a sentence a line */
};

int store_calendar_feed(struct store *s, struct store_calendar_feed *ret, struct fault *f);
int store_calendar_asked(struct store *s, int64_t at, struct fault *f);

/* @url answered; "" for what it did not say. */
int store_calendar_answered(struct store *s, const char *url, const char *etag,
	const char *modified, int64_t at, struct fault *f);

/* The next answer is to be a whole one. */
int store_calendar_forget(struct store *s, struct fault *f);

/* An answer waits for an officer, in place of any that did. */
int store_calendar_pend(struct store *s, const char *bytes, size_t n, const char *hash,
	const char *why, struct fault *f);

/* An answer was taken, by itself or by an officer: it is what the next one is compared with, and
 * nothing waits any more. */
int store_calendar_take(struct store *s, const char *bytes, size_t n, struct fault *f);

/* The bytes of what waits, or of what was taken last. Return: 1 with a heap copy in @ret; 0 there is
 * none. */
int store_calendar_pending(struct store *s, char **ret, size_t *ret_n, struct fault *f);
int store_calendar_taken(struct store *s, char **ret, size_t *ret_n, struct fault *f);

#endif
