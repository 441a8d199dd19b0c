/* foictl_list.c - the list of cases and the state of the daemon as tables. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "daemon/foictl_case.h"

enum {
	CELL_MAX = 80,
};

static const struct table_column list_columns[] = {
	{ "REFERENCE", false, false },
	{ "KIND", false, false },
	{ "RECEIVED", true, false },
	{ "LAST DAY", true, false },
	{ "LEFT", true, false },
	{ "STATE", false, false },
	{ "SUBJECT", false, true },
};

enum {
	LIST_COLUMNS = sizeof list_columns / sizeof *list_columns,
};

/* "5", "today", "2 late": the column's title says of what. */
static void left_cell(const json_t *row, char buf[static CELL_MAX])
{
	const json_t *left = json_object_get(row, "days_left");
	json_int_t n = json_integer_value(left);
	bool is_overdue = json_is_true(json_object_get(row, "overdue"));

	buf[0] = '\0';
	if (!json_is_integer(left))
		return; /* no clock runs */
	if (n < 0)
		(void) snprintf(buf, CELL_MAX, "%" JSON_INTEGER_FORMAT " late", -n);
	else if (n == 0)
		(void) snprintf(buf, CELL_MAX, "%s", is_overdue ? "late" : "today");
	else
		(void) snprintf(buf, CELL_MAX, "%" JSON_INTEGER_FORMAT, n);
}

static int add_row(struct table *t, const json_t *row)
{
	bool has_flags = json_array_size(json_object_get(row, "flags")) > 0;
	bool is_provisional = json_is_true(json_object_get(row, "provisional"));
	char received[FOICTL_DATE_MAX];
	char due[FOICTL_DATE_MAX];
	char due_cell[FOICTL_DATE_MAX + 2];
	char left[CELL_MAX];
	char state[CELL_MAX];
	const char *cells[LIST_COLUMNS] = { foictl_text(row, "reference"), foictl_text(row, "kind"),
		foictl_day_short(foictl_text(row, "received"), received), due_cell, left, state,
		foictl_text(row, "subject") };

	left_cell(row, left);
	(void) snprintf(due_cell, sizeof due_cell, "%s%s",
		foictl_day_short(foictl_text(row, "due"), due), is_provisional ? "*" : " ");
	(void) snprintf(
		state, sizeof state, "%.40s%s", foictl_text(row, "state"), has_flags ? " !" : "");
	return table_add(t, cells, foictl_tone(row));
}

static bool has_any(const json_t *rows, bool (*is_so)(const json_t *row))
{
	const json_t *row;

	for (size_t i = 0; (row = json_array_get(rows, i)) != NULL; i++)
		if (is_so(row))
			return true;
	return false;
}

static bool is_provisional(const json_t *row)
{
	return json_is_true(json_object_get(row, "provisional"));
}

static bool is_flagged(const json_t *row)
{
	return json_array_size(json_object_get(row, "flags")) > 0;
}

int foictl_list_page(const json_t *rows, const struct table_page *page)
{
	CLEANUP(table_freep) struct table *t = table_new(list_columns, LIST_COLUMNS);
	const json_t *row;

	if (!t)
		return -ENOMEM;
	for (size_t i = 0; (row = json_array_get(rows, i)) != NULL; i++)
		if (add_row(t, row) < 0)
			return -ENOMEM;
	if (json_array_size(rows) == 0) {
		(void) fputs("No cases.\n", page->out);
		return 0;
	}
	table_print(t, page);
	if (has_any(rows, is_provisional))
		(void) fputs("* provisional: do not tell it to anyone yet\n", page->out);
	if (has_any(rows, is_flagged))
		(void) fputs("! something to look at: foictl show REFERENCE\n", page->out);
	return 0;
}

static void line(const struct table_page *page, const char *label, const char *value)
{
	(void) fprintf(page->out, "%-14s", label);
	table_paragraph(page, 14, value);
}

/* @before: what stands in front of the numbers. */
static void count_line(
	const struct table_page *page, const char *label, const char *before, json_t *counts)
{
	char value[400] = "";
	size_t n = (size_t) snprintf(value, sizeof value, "%.80s", before);
	size_t begin = n;

	for (void *i = json_object_iter(counts); i && n < sizeof value;
		i = json_object_iter_next(counts, i))
		if (json_integer_value(json_object_iter_value(i)) > 0)
			n += (size_t) snprintf(value + n, sizeof value - n,
				"%s%" JSON_INTEGER_FORMAT " %s", n > begin ? ", " : "",
				json_integer_value(json_object_iter_value(i)),
				json_object_iter_key(i));
	if (n == begin)
		(void) snprintf(value + n, sizeof value - n, "none");
	line(page, label, value);
}

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* What waits for a person among our mails. */
static void unsent_line(const struct table_page *page, const json_t *outgoing)
{
	json_int_t failed = number(outgoing, "failed");
	json_int_t held = number(outgoing, "held");
	enum table_tone tone = failed > 0 ? TABLE_LATE : TABLE_SOON;
	char value[200];

	if (failed + held == 0)
		return;
	(void) snprintf(value, sizeof value,
		"%" JSON_INTEGER_FORMAT " given up, %" JSON_INTEGER_FORMAT " held: foictl outbox",
		failed, held);
	(void) fputs(table_tone_on(page, tone), page->out);
	line(page, "Not sent", value);
	(void) fputs(table_tone_off(page, tone), page->out);
}

/* "20 seconds", "2 minutes", "3 hours", "5 days". */
static void age_text(json_int_t seconds, char *buf, size_t room)
{
	static const struct {
		json_int_t seconds;
		const char *one;
	} units[] = {
		{ 86400, "day" },
		{ 3600, "hour" },
		{ 60, "minute" },
		{ 1, "second" },
	};
	size_t i = 0;

	while (i + 1 < sizeof units / sizeof *units && seconds < units[i].seconds)
		i++;
	(void) snprintf(buf, room, "%" JSON_INTEGER_FORMAT " %s%s", seconds / units[i].seconds,
		units[i].one, seconds / units[i].seconds == 1 ? "" : "s");
}

/* "looked at 2 minutes ago (14 Jun 2018, 10:30)" */
static void look_text(const json_t *m, char *buf, size_t room)
{
	const char *look = foictl_text(m, "last_look");
	const json_t *age = json_object_get(m, "age");
	char at[FOICTL_DATE_MAX];
	char ago[CELL_MAX];

	buf[0] = '\0';
	if (!*look)
		return;
	if (!json_is_integer(age)) {
		(void) snprintf(buf, room, ", looked at %s", foictl_instant(look, at));
		return;
	}
	age_text(json_integer_value(age), ago, sizeof ago);
	(void) snprintf(buf, room, ", looked at %s ago (%s)", ago, foictl_instant(look, at));
}

/* "30 mails taken in: 20 request, 10 automatic" */
static void mailbox_counts(const struct table_page *page, const json_t *m)
{
	char label[CELL_MAX];
	json_int_t waiting = number(m, "to_take");

	(void) snprintf(label, sizeof label,
		"%" JSON_INTEGER_FORMAT " mail%s taken in: ", number(m, "mails"),
		number(m, "mails") == 1 ? "" : "s");
	count_line(page, "", label, json_object_get(m, "fates"));
	(void) snprintf(label, sizeof label, "%" JSON_INTEGER_FORMAT " wait%s to be taken in",
		waiting, waiting == 1 ? "s" : "");
	line(page, "", label);
	count_line(page, "", "Not sent yet: ", json_object_get(m, "unsent"));
}

static void mailbox_line(const struct table_page *page, const json_t *m)
{
	const char *trouble = foictl_text(m, "trouble");
	bool is_connected = json_is_true(json_object_get(m, "connected"));
	bool is_failing = json_is_true(json_object_get(m, "failing"));
	char look[200];
	char value[800];
	enum table_tone tone = is_connected && !is_failing && !*trouble ? TABLE_PLAIN : TABLE_LATE;

	look_text(m, look, sizeof look);
	(void) snprintf(value, sizeof value, "%.40s: %s%s%s%s%.500s", foictl_text(m, "name"),
		is_connected ? "connected" : "not connected", look,
		is_failing ? "; no mail can be taken in" : "", *trouble ? "; " : "", trouble);
	(void) fputs(table_tone_on(page, tone), page->out);
	line(page, "Mailbox", value);
	(void) fputs(table_tone_off(page, tone), page->out);
	if (json_object_get(m, "mails")) /* a daemon of before does not tell */
		mailbox_counts(page, m);
}

void foictl_status_page(const json_t *status, const struct table_page *page)
{
	const json_t *mailboxes = json_object_get(status, "mailboxes");
	const json_t *troubles = json_object_get(status, "troubles");
	const char *until = foictl_text(status, "calendar_until");
	const char *backup = foictl_text(status, "last_backup");
	const json_t *entry;
	char at[FOICTL_DATE_MAX];
	char value[200];

	(void) snprintf(value, sizeof value, "%.40s, running since %s",
		foictl_text(status, "version"), foictl_instant(foictl_text(status, "started"), at));
	line(page, "foimaild", value);
	for (size_t i = 0; (entry = json_array_get(mailboxes, i)) != NULL; i++)
		mailbox_line(page, entry);
	(void) snprintf(value, sizeof value,
		"%" JSON_INTEGER_FORMAT " open, %" JSON_INTEGER_FORMAT
		" in triage, %" JSON_INTEGER_FORMAT
		" waiting for the requester, %" JSON_INTEGER_FORMAT " ended",
		number(status, "open"), number(status, "triage"), number(status, "waiting"),
		number(status, "ended"));
	line(page, "Cases", value);
	if (number(status, "overdue") > 0) {
		(void) snprintf(value, sizeof value,
			"%" JSON_INTEGER_FORMAT ": foictl list --overdue",
			number(status, "overdue"));
		(void) fputs(table_tone_on(page, TABLE_LATE), page->out);
		line(page, "Overdue", value);
		(void) fputs(table_tone_off(page, TABLE_LATE), page->out);
	}
	count_line(page, "Mails", "", json_object_get(status, "fates"));
	count_line(page, "Ours", "", json_object_get(status, "outgoing"));
	unsent_line(page, json_object_get(status, "outgoing"));
	line(page, "Bank holidays", *until ? foictl_day(until, at) : "not known");
	line(page, "Last backup", *backup ? foictl_instant(backup, at) : "none: foictl backup");
	for (size_t i = 0; (entry = json_array_get(troubles, i)) != NULL; i++)
		line(page, "Trouble", json_is_string(entry) ? json_string_value(entry) : "");
}
