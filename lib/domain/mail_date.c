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

static const char *month(const char *p, unsigned *ret)
{
	p = skip(p);
	for (unsigned i = 0; i < 12; i++) {
		if (strncasecmp(p, months[i], 3) == 0) {
			*ret = i + 1;
			return p + 3;
		}
	}
	return NULL;
}

/* RFC 5322 s.4.3: 00 to 49 are of this century, 50 to 99 and three digits count from 1900. */
static unsigned full_year(unsigned year, unsigned digits)
{
	if (digits >= 4)
		return year;
	return digits == 2 && year < 50 ? year + 2000 : year + 1900;
}

static const char *date(const char *p, struct fields *ret)
{
	unsigned digits;

	p = skip(p);
	if ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z')) {
		p = strchr(p, ','); /* the weekday says nothing that the date does not */
		if (!p)
			return NULL;
		p++;
	}
	p = number(p, 2, &ret->day, NULL);
	if (p)
		p = month(p, &ret->month);
	if (p)
		p = number(p, 4, &ret->year, &digits);
	if (p)
		ret->year = full_year(ret->year, digits);
	return p;
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

/* Seconds ahead of UTC; an unknown zone is +0000. -EINVAL only for numbers out of range. */
static int zone(const char *p, int *ret)
{
	unsigned value;
	unsigned digits;

	p = skip(p);
	*ret = 0;
	if (*p == '+' || *p == '-') {
		if (!number(p + 1, 4, &value, &digits) || digits != 4 || value % 100 > 59)
			return -EINVAL;
		*ret = (int) (value / 100 * 3600 + value % 100 * 60) * (*p == '-' ? -1 : 1);
		return 0;
	}
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (text_has_prefix_ci(p, zones[i].name))
			*ret = zones[i].hours * 3600;
	return 0;
}

int mail_date_parse(const char *text, int64_t *ret)
{
	char buf[LOOKED_AT_MAX + 1];
	struct fields f = { 0 };
	const char *p = buf;
	struct day day;

	(void) snprintf(buf, sizeof buf, "%s", text); /* what is behind the bound is no date */
	p = date(p, &f);
	if (p)
		p = clock_time(p, &f);
	if (!p || zone(p, &f.offset_sec) < 0)
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
