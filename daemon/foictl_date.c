/* foictl_date.c - days, instants and days left as people read them. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "daemon/foictl_case.h"
#include "domain/day.h"

enum {
	SOON_DAYS = 3, /* working days: an answer has to be signed off */
	INSTANT_LENGTH = 20,
};

const char *foictl_text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static char *as_it_is(const char *s, char buf[static FOICTL_DATE_MAX])
{
	(void) snprintf(buf, FOICTL_DATE_MAX, "%s", s); /* a longer one is no date */
	return buf;
}

char *foictl_day(const char *iso, char buf[static FOICTL_DATE_MAX])
{
	struct day d;

	if (day_parse(iso, &d) < 0)
		return as_it_is(iso, buf);
	return day_text_weekday(d, DAY_ENGLISH, buf);
}

static char *short_day(struct day d, char buf[static FOICTL_DATE_MAX])
{
	struct day_civil c = day_to_civil(d);

	(void) snprintf(buf, FOICTL_DATE_MAX, "%u %.3s %d", c.dayofmonth,
		day_month_name(c.month, DAY_ENGLISH), c.year);
	return buf;
}

char *foictl_day_short(const char *iso, char buf[static FOICTL_DATE_MAX])
{
	struct day d;

	return day_parse(iso, &d) < 0 ? as_it_is(iso, buf) : short_day(d, buf);
}

/* Two digits of "2018-05-16T09:30:00Z" at @at. Return: -1 they are none. */
static int two_digits(const char *s, size_t at)
{
	char digits[3] = { s[at], s[at + 1], '\0' };
	uint64_t n;

	return text_uint(digits, 0, 60, &n) < 0 ? -1 : (int) n;
}

/* Return: 0; -1 another form. Only UTC is spoken on the socket. */
static int read_instant(const char *s, int64_t *ret)
{
	char date[DAY_ISO_MAX];
	struct day d;
	int hour;
	int minute;
	int second;

	if (strlen(s) != INSTANT_LENGTH || s[10] != 'T' || s[13] != ':' || s[16] != ':' ||
		s[19] != 'Z')
		return -1;
	(void) snprintf(date, sizeof date, "%.10s", s);
	hour = two_digits(s, 11);
	minute = two_digits(s, 14);
	second = two_digits(s, 17);
	if (day_parse(date, &d) < 0 || hour < 0 || minute < 0 || second < 0)
		return -1;
	*ret = (int64_t) d.n * 86400 + INT64_C(3600) * hour + INT64_C(60) * minute + second;
	return 0;
}

char *foictl_instant(const char *rfc3339, char buf[static FOICTL_DATE_MAX])
{
	struct day_time t;
	int64_t instant;
	size_t n;

	if (read_instant(rfc3339, &instant) < 0)
		return as_it_is(rfc3339, buf);
	t = day_london_time(instant);
	n = strlen(short_day(t.day, buf));
	(void) snprintf(buf + n, FOICTL_DATE_MAX - n, ", %02u:%02u", t.hour, t.minute);
	return buf;
}

char *foictl_left(const json_t *row, char buf[static FOICTL_DATE_MAX])
{
	const json_t *left = json_object_get(row, "days_left");
	bool is_overdue = json_is_true(json_object_get(row, "overdue"));
	json_int_t n = json_integer_value(left);
	json_int_t size = n < 0 ? -n : n;
	const char *s = size == 1 ? "" : "s";

	buf[0] = '\0';
	if (!json_is_integer(left))
		return buf;
	if (is_overdue && n >= 0)
		return as_it_is("late", buf); /* no working day has passed since */
	if (n == 0)
		return as_it_is("today", buf);
	(void) snprintf(buf, FOICTL_DATE_MAX, "%" JSON_INTEGER_FORMAT " working day%s %s", size, s,
		n < 0 ? "late" : "left");
	return buf;
}

enum table_tone foictl_tone(const json_t *row)
{
	const json_t *left = json_object_get(row, "days_left");

	if (!json_is_integer(left))
		return TABLE_PLAIN; /* no clock runs */
	if (json_is_true(json_object_get(row, "overdue")))
		return TABLE_LATE;
	return json_integer_value(left) <= SOON_DAYS ? TABLE_SOON : TABLE_PLAIN;
}
