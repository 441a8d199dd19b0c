/* uidset.c - sets of IMAP UIDs. */
/* SPDX-License-Identifier: MIT */
#include "base/uidset.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void uidset_init(struct uidset *s)
{
	*s = (struct uidset){ 0 };
}

void uidset_done(struct uidset *s)
{
	if (!s)
		return;
	free(s->ranges);
	uidset_init(s);
}

/* Index of the first range that ends at @uid or later; s->n if there is none. */
static size_t locate(const struct uidset *s, uint32_t uid)
{
	size_t low = 0;
	size_t high = s->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->ranges[middle].last < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int make_room(struct uidset *s)
{
	size_t room = s->room ? s->room * 2 : 8;
	struct uidset_range *ranges;

	if (s->n < s->room)
		return 0;
	ranges = reallocarray(s->ranges, room, sizeof *ranges);
	if (!ranges)
		return -ENOMEM;
	s->ranges = ranges;
	s->room = room;
	return 0;
}

int uidset_add(struct uidset *s, uint32_t first, uint32_t last)
{
	size_t from;
	size_t to;
	int r;

	if (first == 0 || first > last)
		return -EINVAL;
	/* Everything from @from up to, not including, @to overlaps or touches the new range. */
	from = locate(s, first - 1);
	for (to = from; to < s->n && (last == UINT32_MAX || s->ranges[to].first <= last + 1);
		to++) {
		if (s->ranges[to].first < first)
			first = s->ranges[to].first;
		if (s->ranges[to].last > last)
			last = s->ranges[to].last;
	}
	if (from == to) {
		r = make_room(s);
		if (r < 0)
			return r;
		memmove(s->ranges + from + 1, s->ranges + from, (s->n - from) * sizeof *s->ranges);
		s->n++;
	} else {
		memmove(s->ranges + from + 1, s->ranges + to, (s->n - to) * sizeof *s->ranges);
		s->n -= to - from - 1;
	}
	s->ranges[from] = (struct uidset_range){ first, last };
	return 0;
}

int uidset_merge(struct uidset *s, const struct uidset *other)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < other->n; i++)
		r = uidset_add(s, other->ranges[i].first, other->ranges[i].last);
	return r;
}

/* Adds to @out what is left of @range when @other is taken away. */
static int add_rest(struct uidset *out, struct uidset_range range, const struct uidset *other)
{
	uint64_t next = range.first;

	for (size_t i = locate(other, range.first); i < other->n; i++) {
		const struct uidset_range *cut = &other->ranges[i];

		if (cut->first > range.last)
			break;
		if (cut->first > next) {
			int r = uidset_add(out, (uint32_t) next, cut->first - 1);

			if (r < 0)
				return r;
		}
		next = (uint64_t) cut->last + 1;
	}
	return next <= range.last ? uidset_add(out, (uint32_t) next, range.last) : 0;
}

int uidset_subtract(struct uidset *s, const struct uidset *other)
{
	struct uidset rest = { 0 };

	for (size_t i = 0; i < s->n; i++) {
		int r = add_rest(&rest, s->ranges[i], other);

		if (r < 0) {
			uidset_done(&rest);
			return r;
		}
	}
	uidset_done(s);
	*s = rest;
	return 0;
}

bool uidset_has(const struct uidset *s, uint32_t uid)
{
	size_t i = locate(s, uid);

	return i < s->n && s->ranges[i].first <= uid;
}

uint64_t uidset_count(const struct uidset *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += (uint64_t) s->ranges[i].last - s->ranges[i].first + 1;
	return n;
}

/* One number at @text, at most @end. Return: the place behind it; NULL: none or over 32 bits. */
static const char *number(const char *text, const char *end, uint32_t *ret)
{
	uint64_t value = 0;
	const char *p = text;

	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		value = value * 10 + (uint64_t) (*p - '0');
		if (value > UINT32_MAX)
			return NULL;
	}
	*ret = (uint32_t) value;
	return p == text ? NULL : p;
}

/* One "n" or "n:m" (either may be the larger, RFC 3501 s.9), put behind the others of @s. */
static const char *range(const char *p, const char *end, struct uidset *s, int *ret)
{
	uint32_t first = 0;
	uint32_t last;

	*ret = -EINVAL;
	p = number(p, end, &first);
	last = first;
	if (p && p < end && *p == ':')
		p = number(p + 1, end, &last);
	if (!p || first == 0 || last == 0)
		return NULL;
	*ret = make_room(s);
	if (*ret == 0)
		s->ranges[s->n++] = first <= last ? (struct uidset_range){ first, last }
						  : (struct uidset_range){ last, first };
	return p;
}

/* All ranges of the text, in its order, which may overlap. */
static int read_ranges(const char *text, const char *end, struct uidset *s)
{
	int r = 0;

	for (const char *p = text; p < end; p++) {
		p = range(p, end, s, &r);
		if (r == 0 && p < end && (*p != ',' || p + 1 == end))
			r = -EINVAL;
		if (r < 0)
			return r;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint32_t first = ((const struct uidset_range *) a)->first;
	uint32_t other = ((const struct uidset_range *) b)->first;

	return (first > other) - (first < other);
}

/* Sorted before it is joined: a megabyte of UIDs that fall would else move all that are there for
 * each of them. */
int uidset_parse(const char *text, size_t n, struct uidset *ret)
{
	struct uidset raw = { 0 };
	struct uidset s = { 0 };
	int r = read_ranges(text, text + n, &raw);

	if (r == 0 && raw.n > 0)
		qsort(raw.ranges, raw.n, sizeof *raw.ranges, compare);
	for (size_t i = 0; r == 0 && i < raw.n; i++)
		r = uidset_add(&s, raw.ranges[i].first, raw.ranges[i].last);
	uidset_done(&raw);
	if (r < 0)
		uidset_done(&s);
	else
		*ret = s;
	return r;
}

int uidset_text(const struct uidset *s, char **ret)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++) {
		const struct uidset_range *one = &s->ranges[i];

		(void) fprintf(out, "%s%" PRIu32, i ? "," : "", one->first); /* fclose tells */
		if (one->last > one->first)
			(void) fprintf(out, ":%" PRIu32, one->last);
	}
	if (fclose(out) != 0) {
		free(text);
		return -ENOMEM;
	}
	*ret = text;
	return 0;
}
