/* calendar.c - bank holidays by division: a sorted array and a count for each year.
 *
 * The array is sorted by day, then by division, and holds a pair once. A few hundred entries are
 * searched by halving; insertion moves memory, which is nothing at this size. */
/* SPDX-License-Identifier: MIT */
#include "domain/calendar.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fault.h"

enum {
	YEARS = CALENDAR_YEAR_MAX - CALENDAR_YEAR_MIN + 1,
};

struct entry {
	struct day day;
	unsigned division;
	char title[CALENDAR_TITLE_MAX];
};

struct calendar {
	struct entry *entries; /* owned */
	size_t n;
	size_t room;
	uint16_t counts[YEARS][CALENDAR_DIVISION_COUNT]; /* entries of a year */
	char *hash; /* owned; "" until it is asked for: working it out costs more than a deadline */
};

static const struct {
	unsigned division;
	const char *word;
} divisions_known[CALENDAR_DIVISION_COUNT] = {
	{ CALENDAR_ENGLAND_WALES, "england-and-wales" },
	{ CALENDAR_SCOTLAND, "scotland" },
	{ CALENDAR_NORTHERN_IRELAND, "northern-ireland" },
};

const char *calendar_division_word(unsigned division)
{
	for (size_t i = 0; i < CALENDAR_DIVISION_COUNT; i++) {
		if (divisions_known[i].division == division)
			return divisions_known[i].word;
	}
	return NULL;
}

unsigned calendar_division_of(const char *word)
{
	for (size_t i = 0; i < CALENDAR_DIVISION_COUNT; i++) {
		if (strcmp(divisions_known[i].word, word) == 0)
			return divisions_known[i].division;
	}
	return 0;
}

int calendar_new(struct calendar **ret)
{
	struct calendar *cal = calloc(1, sizeof(*cal));

	if (!cal)
		return -ENOMEM;
	cal->hash = calloc(1, DIGEST_HEX_MAX);
	if (!cal->hash) {
		free(cal);
		return -ENOMEM;
	}
	*ret = cal;
	return 0;
}

struct calendar *calendar_free(struct calendar *cal)
{
	if (!cal)
		return NULL;
	free(cal->entries);
	free(cal->hash);
	free(cal);
	return NULL;
}

void calendar_freep(struct calendar **cal)
{
	*cal = calendar_free(*cal);
}

static int compare(struct day day, unsigned division, const struct entry *e)
{
	int order = day_compare(day, e->day);

	return order ? order : (division > e->division) - (division < e->division);
}

/* The place of the first entry not before (@day, @division): where it is or would go. */
static size_t place_of(const struct calendar *cal, struct day day, unsigned division)
{
	size_t low = 0, high = cal->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(day, division, &cal->entries[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct calendar *cal, size_t place, struct day day, unsigned division)
{
	return place < cal->n && compare(day, division, &cal->entries[place]) == 0;
}

static bool is_title(const char *title)
{
	size_t n = strnlen(title, CALENDAR_TITLE_MAX);

	if (n == 0 || n == CALENDAR_TITLE_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char) title[i] < ' ' || title[i] == 0x7f)
			return false;
	}
	return true;
}

static int check(struct day day, unsigned division, const char *title, struct fault *f)
{
	int year = day_to_civil(day).year;

	if (!calendar_division_word(division))
		return fault_set(f, -EINVAL, "bank holiday of no one division");
	if (!is_title(title))
		return fault_set(f, -EINVAL,
			"title is empty, longer than %d bytes or holds control characters",
			CALENDAR_TITLE_MAX - 1);
	if (year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX)
		return fault_set(f, -ERANGE, "year is outside %d to %d", CALENDAR_YEAR_MIN,
			CALENDAR_YEAR_MAX);
	return 0;
}

/* Makes room for @more entries. */
static int reserve(struct calendar *cal, size_t more, struct fault *f)
{
	size_t room = cal->room ? cal->room : 64;
	struct entry *entries;

	if (more > CALENDAR_ENTRIES_MAX - cal->n)
		return fault_set(f, -E2BIG, "more than %d bank holidays", CALENDAR_ENTRIES_MAX);
	if (cal->n + more <= cal->room)
		return 0;

	while (room < cal->n + more)
		room *= 2;
	entries = reallocarray(cal->entries, room, sizeof(*entries));
	if (!entries)
		return fault_set(f, -ENOMEM, "no memory for the calendar");
	cal->entries = entries;
	cal->room = room;
	return 0;
}

static uint16_t *count_of(struct calendar *cal, struct day day, unsigned division)
{
	int year = day_to_civil(day).year;
	size_t i = 0;

	while (divisions_known[i].division != division)
		i++;
	return &cal->counts[year - CALENDAR_YEAR_MIN][i];
}

/* Puts a checked entry that is not there at its place; room is reserved. */
static void insert(
	struct calendar *cal, size_t place, struct day day, unsigned division, const char *title)
{
	struct entry *e = &cal->entries[place];

	memmove(e + 1, e, (cal->n - place) * sizeof(*e));
	*e = (struct entry){ .day = day, .division = division };
	memcpy(e->title, title, strlen(title) + 1);
	cal->n++;
	++*count_of(cal, day, division);
	cal->hash[0] = '\0';
}

int calendar_add(
	struct calendar *cal, struct day day, unsigned division, const char *title, struct fault *f)
{
	size_t place;
	int r;

	r = check(day, division, title, f);
	if (r < 0)
		return r;
	place = place_of(cal, day, division);
	if (is_at(cal, place, day, division))
		return 0;
	r = reserve(cal, 1, f);
	if (r < 0)
		return r;
	insert(cal, place, day, division, title);
	return 1;
}

int calendar_merge(struct calendar *cal, const struct calendar *other, struct fault *f)
{
	size_t missing = 0;
	int r;

	for (size_t i = 0; i < other->n; i++) {
		const struct entry *e = &other->entries[i];

		missing += !is_at(cal, place_of(cal, e->day, e->division), e->day, e->division);
	}

	/* All that can fail comes first, so that a failure leaves @cal as it was. */
	r = reserve(cal, missing, f);
	if (r < 0)
		return r;
	for (size_t i = 0; i < other->n; i++) {
		const struct entry *e = &other->entries[i];
		size_t place = place_of(cal, e->day, e->division);

		if (!is_at(cal, place, e->day, e->division))
			insert(cal, place, e->day, e->division, e->title);
	}
	return 0;
}

size_t calendar_count(const struct calendar *cal)
{
	return cal->n;
}

struct calendar_entry calendar_at(const struct calendar *cal, size_t place)
{
	const struct entry *e = &cal->entries[place];

	assert(place < cal->n);
	return (struct calendar_entry){ .day = e->day, .division = e->division, .title = e->title };
}

unsigned calendar_find(
	const struct calendar *cal, unsigned divisions, struct day day, const char **ret_title)
{
	unsigned found = 0;

	for (size_t i = place_of(cal, day, 0); i < cal->n; i++) {
		const struct entry *e = &cal->entries[i];

		if (day_compare(e->day, day) != 0)
			break;
		if (!(e->division & divisions))
			continue;
		if (!found && ret_title)
			*ret_title = e->title;
		found |= e->division;
	}
	return found;
}

static bool covers_year(const struct calendar *cal, unsigned divisions, int year)
{
	if (year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX || !(divisions & CALENDAR_UK))
		return false;
	for (size_t i = 0; i < CALENDAR_DIVISION_COUNT; i++) {
		if ((divisions & divisions_known[i].division) &&
			cal->counts[year - CALENDAR_YEAR_MIN][i] < CALENDAR_YEAR_ENTRIES)
			return false;
	}
	return true;
}

bool calendar_covers(const struct calendar *cal, unsigned divisions, struct day day)
{
	return covers_year(cal, divisions, day_to_civil(day).year);
}

int calendar_covers_from(const struct calendar *cal, unsigned divisions, struct day *ret)
{
	for (int year = CALENDAR_YEAR_MIN; year <= CALENDAR_YEAR_MAX; year++) {
		if (covers_year(cal, divisions, year))
			return day_from_civil(year, 1, 1, ret);
	}
	return -ENOENT;
}

int calendar_covers_until(const struct calendar *cal, unsigned divisions, struct day *ret)
{
	for (int year = CALENDAR_YEAR_MAX; year >= CALENDAR_YEAR_MIN; year--) {
		if (covers_year(cal, divisions, year))
			return day_from_civil(year, 12, 31, ret);
	}
	return -ENOENT;
}

static void digest_line(struct digest *d, const struct entry *e)
{
	const char *word = calendar_division_word(e->division);
	char iso[DAY_ISO_MAX];

	digest_update(d, day_iso(e->day, iso), DAY_ISO_MAX - 1);
	digest_update(d, " ", 1);
	digest_update(d, word, strlen(word));
	digest_update(d, "\n", 1);
}

int calendar_hash(const struct calendar *cal, char ret_hex[static DIGEST_HEX_MAX])
{
	CLEANUP(digest_freep) struct digest *d = NULL;

	if (!cal->hash[0]) {
		d = digest_new();
		if (!d)
			return -ENOMEM;
		for (size_t i = 0; i < cal->n; i++)
			digest_line(d, &cal->entries[i]);
		digest_final(d, cal->hash);
	}
	memcpy(ret_hex, cal->hash, DIGEST_HEX_MAX);
	return 0;
}
