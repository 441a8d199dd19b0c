/* calendar_change_text.c - a change of the bank holidays in an officer's words. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "domain/calendar_change_private.h"

enum {
	PIECE_MAX = 160,
	ROOM_FOR_MORE = 40, /* "; and 1234 more" */
};

/* A text that grows by whole pieces. */
struct writing {
	char *buf; /* borrowed; CALENDAR_CHANGE_TEXT_MAX bytes */
	size_t n;
	unsigned left_out;
};

static void write_piece(struct writing *w, const char *between, const char *piece)
{
	size_t n = strlen(between) + strlen(piece);

	if (w->left_out > 0 || w->n + n + ROOM_FOR_MORE > CALENDAR_CHANGE_TEXT_MAX) {
		w->left_out++;
		return;
	}
	(void) snprintf(w->buf + w->n, CALENDAR_CHANGE_TEXT_MAX - w->n, "%s%s", between, piece);
	w->n += n;
}

static char *finish(struct writing *w, const char *between)
{
	if (w->left_out > 0)
		(void) snprintf(w->buf + w->n, CALENDAR_CHANGE_TEXT_MAX - w->n, "%sand %u more",
			between, w->left_out); /* ROOM_FOR_MORE */
	return w->buf;
}

/* "Scotland and Northern Ireland". */
static const char *divisions_text(unsigned divisions)
{
	static const char *const texts[CALENDAR_UK + 1] = {
		[CALENDAR_ENGLAND_WALES] = "England and Wales",
		[CALENDAR_SCOTLAND] = "Scotland",
		[CALENDAR_NORTHERN_IRELAND] = "Northern Ireland",
		[CALENDAR_ENGLAND_WALES | CALENDAR_SCOTLAND] = "England and Wales, Scotland",
		[CALENDAR_ENGLAND_WALES | CALENDAR_NORTHERN_IRELAND] =
			"England and Wales, Northern Ireland",
		[CALENDAR_SCOTLAND | CALENDAR_NORTHERN_IRELAND] = "Scotland, Northern Ireland",
		[CALENDAR_UK] = "all parts of the UK",
	};

	return texts[divisions & CALENDAR_UK];
}

/* All divisions in which the day of @first comes, or goes, as it does there. 0: an earlier place
 * has told of it. */
static unsigned divisions_at(const struct calendar_change *c, size_t first)
{
	const struct calendar_change_day *d = &c->days[first];
	unsigned divisions = 0;
	size_t i = first;

	while (i > 0 && day_compare(c->days[i - 1].day, d->day) == 0)
		i--;
	for (; i < c->n && day_compare(c->days[i].day, d->day) == 0; i++) {
		const struct calendar_change_day *other = &c->days[i];

		if (other->is_removed != d->is_removed || other->is_grave != d->is_grave)
			continue;
		if (i < first)
			return 0;
		divisions |= other->division;
	}
	return divisions;
}

static void write_days(struct writing *w, const struct calendar_change *c, bool is_removed)
{
	const char *word = is_removed ? "dropped" : "added";
	bool is_first = true;

	for (size_t i = 0; i < c->n; i++) {
		unsigned divisions = c->days[i].is_removed == is_removed ? divisions_at(c, i) : 0;
		char date[DAY_TEXT_MAX];
		char piece[PIECE_MAX];

		if (!divisions)
			continue;
		(void) snprintf(piece, sizeof piece, "%s%s%s (%s)", is_first ? word : "",
			is_first ? " " : "", day_text(c->days[i].day, DAY_ENGLISH, date),
			divisions_text(divisions)); /* fits */
		write_piece(w, w->n == 0 ? "" : is_first ? "; " : ", ", piece);
		is_first = false;
	}
}

char *calendar_change_what(
	const struct calendar_change *c, char buf[static CALENDAR_CHANGE_TEXT_MAX])
{
	struct writing w = { .buf = buf };

	buf[0] = '\0';
	write_days(&w, c, false);
	write_days(&w, c, true);
	return finish(&w, ", ");
}

/* A sentence on each row of years with the same divisions of @years. */
static void write_years(struct writing *w, const unsigned char *years, const char *sentence)
{
	for (int year = CALENDAR_YEAR_MIN; year <= CALENDAR_YEAR_MAX; year++) {
		unsigned divisions = years[year - CALENDAR_YEAR_MIN];
		int until = year;
		char piece[PIECE_MAX];
		char end[16] = "";

		if (!divisions)
			continue;
		while (until < CALENDAR_YEAR_MAX &&
			years[until + 1 - CALENDAR_YEAR_MIN] == divisions)
			until++;
		if (until > year)
			(void) snprintf(end, sizeof end, " to %d", until); /* fits */
		(void) snprintf(piece, sizeof piece, "%s %d%s for %s", sentence, year, end,
			divisions_text(divisions)); /* fits */
		write_piece(w, w->n ? "\n" : "", piece);
		year = until;
	}
}

static void write_grave(struct writing *w, const struct calendar_change *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct calendar_change_day *d = &c->days[i];
		unsigned divisions = d->is_grave ? divisions_at(c, i) : 0;
		char date[DAY_TEXT_MAX];
		char piece[PIECE_MAX];

		if (!divisions)
			continue;
		(void) snprintf(piece, sizeof piece, "it %s %s (%s), %s",
			d->is_removed ? "drops" : "adds",
			day_text_weekday(d->day, DAY_ENGLISH, date), divisions_text(divisions),
			d->is_past ? "which has come already"
				   : "which is within 14 days"); /* fits */
		write_piece(w, w->n ? "\n" : "", piece);
	}
}

char *calendar_change_why(
	const struct calendar_change *c, char buf[static CALENDAR_CHANGE_TEXT_MAX])
{
	struct writing w = { .buf = buf };

	buf[0] = '\0';
	write_years(&w, c->lost, "it no longer has the days of");
	write_years(&w, c->crowded, "it has more days than any year ever had in");
	write_grave(&w, c);
	return finish(&w, "\n");
}
