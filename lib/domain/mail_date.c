/* mail_date.c - the instant in a date-time of RFC 5322. */
/* SPDX-License-Identifier: MIT */
#include "domain/mail_date.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "domain/day.h"

enum {
	LOOKED_AT_MAX = 128,
};

static const char *const months[12] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
	"Sep", "Oct", "Nov", "Dec" };

static const char *const weekdays[7] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

/* Zone names of RFC 5322 s.4.3, and BST: British mailers of old wrote it. Hours ahead of UTC. */
static const struct {
	const char *name;
	int hours;
} zones[] = {
	{ "UT", 0 },
	{ "GMT", 0 },
	{ "Z", 0 },
	{ "BST", 1 },
	{ "EST", -5 },
	{ "EDT", -4 },
	{ "CST", -6 },
	{ "CDT", -5 },
	{ "MST", -7 },
	{ "MDT", -6 },
	{ "PST", -8 },
	{ "PDT", -7 },
};

/* Fields of a date-time while it is read. */
struct fields {
	unsigned day;
	unsigned month;
	unsigned year;
	unsigned hour;
	unsigned minute;
	unsigned second;
	int offset_sec;
};

/* Behind white space and comments, which may be nested and quote their brackets (RFC 5322
 * s.3.2.2). */
static const char *skip(const char *p)
{
	unsigned depth = 0;

	for (; *p; p++) {
		if (depth > 0 && *p == '\\' && p[1])
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (depth == 0 && *p != ' ' && *p != '\t' && *p != '\r' && *p != '\n')
			break;
	}
	return p;
}

/* A number of at most @digits digits. Return: the place behind it; NULL: there is none. */
static const char *number(const char *p, unsigned digits, unsigned *ret, unsigned *ret_digits)
{
	unsigned value = 0;
	unsigned n = 0;

	p = skip(p);
	for (; n < digits && p[n] >= '0' && p[n] <= '9'; n++)
		value = value * 10 + (unsigned) (p[n] - '0');
	*ret = value;
	if (ret_digits)
		*ret_digits = n;
	return n > 0 ? p + n : NULL;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Behind a word and the full stop that may shorten it. */
static const char *word_end(const char *p)
{
	while (is_letter(*p))
		p++;
	return *p == '.' ? p + 1 : p;
}

/* "May", "Sept.", "June" */
static const char *month(const char *p, unsigned *ret)
{
	p = skip(p);
	for (unsigned i = 0; i < 12; i++) {
		if (strncasecmp(p, months[i], 3) == 0) {
			*ret = i + 1;
			return word_end(p);
		}
	}
	return NULL;
}

/* Behind one of @marks, if it stands there. */
static const char *pass(const char *p, const char *marks)
{
	p = skip(p);
	return *p && strchr(marks, *p) ? p + 1 : p;
}

/* RFC 5322 s.4.3: 00 to 49 are of this century, 50 to 99 and three digits count from 1900. */
static unsigned full_year(unsigned year, unsigned digits)
{
	if (digits >= 4)
		return year;
	return digits == 2 && year < 50 ? year + 2000 : year + 1900;
}

static const char *clock_time(const char *p, struct fields *ret)
{
	p = number(p, 2, &ret->hour, NULL);
	if (!p || *(p = skip(p)) != ':')
		return NULL;
	p = number(p + 1, 2, &ret->minute, NULL);
	if (!p || *skip(p) != ':')
		return p;
	return number(skip(p) + 1, 2, &ret->second, NULL);
}

/* "+0100" or "+01:00" */
static int offset(const char *p, int *ret)
{
	unsigned value;
	unsigned minutes;
	unsigned digits;
	const char *rest = number(p + 1, 4, &value, &digits);

	if (rest && digits == 2 && *rest == ':' && number(rest + 1, 2, &minutes, &digits) &&
		digits == 2) {
		value = value * 100 + minutes;
		digits = 4;
	}
	if (!rest || digits != 4 || value % 100 > 59)
		return -EINVAL;
	*ret = (int) (value / 100 * 3600 + value % 100 * 60) * (*p == '-' ? -1 : 1);
	return 0;
}

/* Seconds ahead of UTC; an unknown zone is +0000. -EINVAL only for numbers out of range. */
static int zone(const char *p, int *ret)
{
	p = skip(p);
	*ret = 0;
	/* "GMT+0100" says what is added to GMT. */
	if (text_has_prefix_ci(p, "GMT") || text_has_prefix_ci(p, "UTC"))
		p += p[3] == '+' || p[3] == '-' ? 3 : 0;
	if (*p == '+' || *p == '-')
		return offset(p, ret);
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (text_has_prefix_ci(p, zones[i].name))
			*ret = zones[i].hours * 3600;
	return 0;
}

static int time_and_zone(const char *p, struct fields *ret)
{
	p = clock_time(p, ret);
	return p ? zone(p, &ret->offset_sec) : -EINVAL;
}

static const char *year(const char *p, struct fields *ret)
{
	unsigned digits;

	p = number(p, 4, &ret->year, &digits);
	if (p)
		ret->year = full_year(ret->year, digits);
	return p;
}

/* RFC 5322: "16 May 2018 09:12:01 +0000"; old programs write hyphens between. */
static int day_first(const char *p, struct fields *ret)
{
	p = number(p, 2, &ret->day, NULL);
	if (p)
		p = month(pass(p, "-"), &ret->month);
	if (p)
		p = year(pass(p, "-,"), ret);
	return p ? time_and_zone(p, ret) : -EINVAL;
}

/* ISO 8601: "2018-05-16T09:12:01Z" */
static int year_first(const char *p, struct fields *ret)
{
	p = number(p, 4, &ret->year, NULL);
	if (p && *p == '-')
		p = number(p + 1, 2, &ret->month, NULL);
	if (p && *p == '-')
		p = number(p + 1, 2, &ret->day, NULL);
	else
		p = NULL;
	return p ? time_and_zone(*p == 'T' ? p + 1 : p, ret) : -EINVAL;
}

/* "May 16, 2018 09:12:01 +0000", and C's own "May 16 09:12:01 BST 2018" with the year last. */
static int month_first(const char *p, struct fields *ret)
{
	const char *rest;

	p = month(p, &ret->month);
	if (p)
		p = number(p, 2, &ret->day, NULL);
	if (!p)
		return -EINVAL;
	p = pass(p, ",");
	rest = year(p, ret);
	if (rest && *skip(rest) != ':')
		return time_and_zone(rest, ret);
	p = clock_time(p, ret);
	if (!p)
		return -EINVAL;
	rest = skip(word_end(skip(p)));
	if (!year(rest, ret))
		return -EINVAL;
	/* The zone stands before the year or, as a number, behind it. */
	return zone(is_letter(*skip(p)) ? p : year(rest, ret), &ret->offset_sec);
}

static bool is_month(const char *p)
{
	unsigned ignored;

	return month(p, &ignored) != NULL;
}

static bool is_year(const char *p)
{
	unsigned ignored;
	unsigned digits;

	return number(p, 4, &ignored, &digits) && digits == 4;
}

/* The weekday says nothing that the date does not. */
static int date_time(const char *p, struct fields *ret)
{
	p = skip(p);
	if (is_letter(*p) && !is_month(p))
		p = pass(word_end(p), ",");
	p = skip(p);
	if (is_letter(*p))
		return month_first(p, ret);
	return is_year(p) ? year_first(p, ret) : day_first(p, ret);
}

int mail_date_parse(const char *text, int64_t *ret)
{
	char buf[LOOKED_AT_MAX + 1];
	struct fields f = { 0 };
	struct day day;

	(void) snprintf(buf, sizeof buf, "%s", text); /* what is behind the bound is no date */
	if (date_time(buf, &f) < 0)
		return -EINVAL;
	/* A leap second is taken for the second after it (RFC 5322 s.3.3 allows 60). */
	if (f.hour > 23 || f.minute > 59 || f.second > 60)
		return -EINVAL;
	if (day_from_civil((int) f.year, f.month, f.day, &day) < 0)
		return -EINVAL;
	*ret = (int64_t) day.n * 86400 + f.hour * 3600 + f.minute * 60 + f.second - f.offset_sec;
	return 0;
}

char *mail_date_text(int64_t instant, char buf[static MAIL_DATE_TEXT_MAX])
{
	struct day_time t = day_london_time(instant);
	struct day_civil c = day_to_civil(t.day);

	(void) snprintf(buf, MAIL_DATE_TEXT_MAX, "%s, %u %s %04d %02u:%02u:%02u +%02d00",
		weekdays[day_weekday(t.day) - 1], c.dayofmonth, months[c.month - 1], c.year, t.hour,
		t.minute, t.second, t.offset_sec / 3600); /* fits: every field is bounded */
	return buf;
}
