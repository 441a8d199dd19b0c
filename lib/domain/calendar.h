/* calendar.h - the bank holidays of the United Kingdom, by division, and how far they are known.
 *
 * Pure: no file and no network (adapters/holidays.h reads them). Days are only ever added, never
 * replaced or dropped: a feed that forgot a year must not take holidays away from open cases.
 *
 * Life: calendar_new(), calendar_add() or calendar_merge(), questions, calendar_free(). */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_CALENDAR_H
#define DOMAIN_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "domain/day.h"

struct fault;
struct calendar;

/* Divisions of the Banking and Financial Dealings Act 1971, as bits of a mask. */
enum {
	CALENDAR_ENGLAND_WALES = 1,
	CALENDAR_SCOTLAND = 2,
	CALENDAR_NORTHERN_IRELAND = 4,
	CALENDAR_UK = 7, /* all of them */
	CALENDAR_DIVISION_COUNT = 3,
};

enum {
	CALENDAR_YEAR_MIN = 1990,
	CALENDAR_YEAR_MAX = 2199,
	CALENDAR_ENTRIES_MAX = 8192, /* pairs of day and division; 28 years are 800 */
	CALENDAR_TITLE_MAX = 96,     /* bytes with the NUL */

	/* Entries of one division that make a year known. Each division has at least eight bank
	 * holidays a year; one proclaimed day alone (2 June 2022 was announced in 2020) must not
	 * make the rest of its year look as if it had none. */
	CALENDAR_YEAR_ENTRIES = 8,
};

/* One bank holiday of one division. */
struct calendar_entry {
	struct day day;
	unsigned division; /* one bit */
	const char *title; /* UTF-8; borrowed from the calendar */
};

/* An empty calendar, which knows no year. Return: 0 or -ENOMEM. */
int calendar_new(struct calendar **ret);
struct calendar *calendar_free(struct calendar *cal);
void calendar_freep(struct calendar **cal);

/**
 * calendar_add - make a day a bank holiday of one division.
 * @division: exactly one bit
 * @title:    UTF-8, copied; one line
 *
 * A day that is there already stays with its title.
 *
 * Return: 1 added; 0 was there; -EINVAL not one division, or a title that is empty, too long or
 *         holds control characters; -ERANGE outside CALENDAR_YEAR_MIN to CALENDAR_YEAR_MAX;
 *         -E2BIG CALENDAR_ENTRIES_MAX reached; -ENOMEM.
 */
int calendar_add(struct calendar *cal, struct day day, unsigned division, const char *title,
	struct fault *f);

/* Adds all of @other; on failure @cal is as before. Return: 0; -E2BIG; -ENOMEM. */
int calendar_merge(struct calendar *cal, const struct calendar *other, struct fault *f);

/* Number of entries, and the entry of a place below it, sorted by day, then division. */
size_t calendar_count(const struct calendar *cal);
struct calendar_entry calendar_at(const struct calendar *cal, size_t place);

/* Which of @divisions keep @day as a bank holiday, as a mask; 0: none. When not 0, @ret_title
 * (may be NULL) is the title of the first of them, borrowed from the calendar. */
unsigned calendar_find(
	const struct calendar *cal, unsigned divisions, struct day day, const char **ret_title);

/* Whether the year of @day is known for every one of @divisions. */
bool calendar_covers(const struct calendar *cal, unsigned divisions, struct day day);

/* The first and the last day of all years known for every one of @divisions (there may be gaps:
 * calendar_covers() tells). Return: 0; -ENOENT no year is known. */
int calendar_covers_from(const struct calendar *cal, unsigned divisions, struct day *ret);
int calendar_covers_until(const struct calendar *cal, unsigned divisions, struct day *ret);

/**
 * calendar_hash - the fingerprint stored with every date computed from this calendar.
 *
 * SHA-256 over one line "2018-05-28 england-and-wales\n" an entry, sorted by day and then by
 * division in the order of the bits. Titles are left out: they change no deadline.
 *
 * Return: 0 or -ENOMEM.
 */
int calendar_hash(const struct calendar *cal, char ret_hex[static DIGEST_HEX_MAX]);

/* GOV.UK's word for one division, "england-and-wales"; NULL if @division is not one bit. */
const char *calendar_division_word(unsigned division);

/* The division of GOV.UK's word; 0 for any other. */
unsigned calendar_division_of(const char *word);

#endif
