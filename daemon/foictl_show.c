/* foictl_show.c - what the daemon answered, as pages that people read.
 *
 * Security: subjects, names and texts are what anybody wrote in a mail; all of them go through
 *           table_add(), table_paragraph() or text_one_line(), which make them safe. */
/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/foictl_case.h"

enum {
	LABEL = 14, /* columns of a label */
	INDENT = 2,
	DEEPER = 6,
	TEXT_LINES_MAX = 60, /* of one mail; --json has all */
	VALUE_MAX = 1000,
};

static void heading(const struct table_page *page, const char *text)
{
	(void) fprintf(page->out, "\n%s%s%s\n", table_tone_on(page, TABLE_STRONG), text,
		table_tone_off(page, TABLE_STRONG));
}

/* "  Label       text, broken and indented"; nothing when the text is empty. */
static void field(const struct table_page *page, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void field(const struct table_page *page, const char *label, const char *format, ...)
{
	char value[VALUE_MAX];
	va_list ap;

	va_start(ap, format);
	(void) vsnprintf(value, sizeof value, format, ap); /* cut: a screen holds no more */
	va_end(ap);
	if (!*value)
		return;
	(void) fprintf(page->out, "%*s%-*s", INDENT, "", LABEL - INDENT, label);
	table_paragraph(page, LABEL, value);
}

static void indented(const struct table_page *page, unsigned indent, const char *text)
{
	(void) fprintf(page->out, "%*s", (int) indent, "");
	table_paragraph(page, indent, text);
}

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* "Name <address>", either, or "". */
static void person(const char *name, const char *address, char buf[static VALUE_MAX])
{
	(void) snprintf(buf, VALUE_MAX, *name && *address ? "%s <%s>" : "%s%s", name, address);
}

static void join(const json_t *list, char buf[static VALUE_MAX])
{
	const json_t *entry;
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; (entry = json_array_get(list, i)) != NULL; i++)
		if (n < VALUE_MAX && json_is_string(entry))
			n += (size_t) snprintf(buf + n, VALUE_MAX - n, "%s%s", n ? ", " : "",
				json_string_value(entry));
}

static void show_clock(const json_t *row, const json_t *deadlines, const struct table_page *page)
{
	const json_t *last = json_array_get(deadlines, json_array_size(deadlines) - 1);
	const char *rule = foictl_text(last, "rule");
	char regime[16];
	char received[FOICTL_DATE_MAX];
	char due[FOICTL_DATE_MAX];
	char left[FOICTL_DATE_MAX];
	enum table_tone tone = foictl_tone(row);

	(void) foictl_left(row, left);
	(void) snprintf(regime, sizeof regime, "%s", foictl_text(row, "regime"));
	for (char *s = regime; *s; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char) (*s - 'a' + 'A');
	field(page, "Received", "%s", foictl_day(foictl_text(row, "received"), received));
	(void) fputs(table_tone_on(page, tone), page->out);
	field(page, "Last day", "%s%s%s%s", foictl_day(foictl_text(row, "due"), due),
		*left ? ", " : "", left,
		json_is_true(json_object_get(row, "provisional"))
			? " (provisional: do not tell it to anyone yet)"
			: "");
	(void) fputs(table_tone_off(page, tone), page->out);
	if (last)
		field(page, "Counted", "%" JSON_INTEGER_FORMAT " working days, %s%s",
			number(last, "working_days"), regime,
			strcmp(rule, "s45code") == 0 ? ", rule of the s.45 Code" : "");
	if (json_array_size(deadlines) > 1)
		field(page, "", "computed %zu times: --json has all", json_array_size(deadlines));
}

static void show_links(const json_t *links, const struct table_page *page)
{
	const json_t *link;

	for (size_t i = 0; (link = json_array_get(links, i)) != NULL; i++)
		field(page, "Linked", "%s (%s)", foictl_text(link, "reference"),
			foictl_text(link, "how"));
}

static void show_summary(const json_t *c, const struct table_page *page)
{
	const json_t *row = json_object_get(c, "summary");
	CLEANUP(freep) char *reference = NULL;
	char value[VALUE_MAX];

	if (text_one_line(foictl_text(row, "reference"), VALUE_MAX, &reference) < 0)
		return;
	(void) fprintf(page->out, "%s%s%s  %s, %s\n", table_tone_on(page, TABLE_STRONG), reference,
		table_tone_off(page, TABLE_STRONG), foictl_text(row, "kind"),
		foictl_text(row, "state"));
	field(page, "Subject", "%s", foictl_text(row, "subject"));
	person(foictl_text(c, "requester_name"), foictl_text(c, "requester"), value);
	field(page, "Requester", "%s", value);
	show_clock(row, json_object_get(c, "deadlines"), page);
	field(page, "Authority", "%s", foictl_text(row, "authority"));
	field(page, "Mailbox", "%s", foictl_text(row, "mailbox"));
	join(json_object_get(row, "flags"), value);
	field(page, "Look at", "%s", value);
	show_links(json_object_get(c, "linked"), page);
}

static void show_outgoing(const json_t *list, const struct table_page *page)
{
	const json_t *o;
	char value[VALUE_MAX];
	char at[FOICTL_DATE_MAX];

	for (size_t i = 0; (o = json_array_get(list, i)) != NULL; i++) {
		const char *sent = foictl_text(o, "sent");
		const char *next = foictl_text(o, "next_try");
		const char *due = foictl_text(o, "due_told");

		(void) snprintf(value, sizeof value, "Our %.60s", foictl_text(o, "kind"));
		heading(page, value);
		field(page, "State", "%s%s%s", foictl_text(o, "state"), *sent ? " " : "",
			*sent ? foictl_instant(sent, at) : "");
		field(page, "To", "%s", foictl_text(o, "to"));
		if (*due)
			field(page, "Told", "last day %s", foictl_day(due, at));
		if (number(o, "tries") > 0)
			field(page, "Tries", "%" JSON_INTEGER_FORMAT, number(o, "tries"));
		if (*next)
			field(page, "Next try", "%s", foictl_instant(next, at));
		if (number(o, "code") > 0)
			field(page, "Server said", "%" JSON_INTEGER_FORMAT " %s %s",
				number(o, "code"), foictl_text(o, "status"),
				foictl_text(o, "reply"));
	}
}

/* The lines of a mail's text. Each is made safe alone, since the line ends are wanted. */
static void show_text(const json_t *message, const struct table_page *page)
{
	const char *s = foictl_text(message, "text");
	unsigned lines = 0;

	for (; *s && lines < TEXT_LINES_MAX; lines++) {
		size_t n = strcspn(s, "\n");
		CLEANUP(freep) char *line = strndup(s, n);

		if (line)
			indented(page, DEEPER, line);
		s += n + (s[n] == '\n');
	}
	if (*s || json_is_true(json_object_get(message, "text_cut")))
		indented(page, DEEPER, "[the text goes on]");
}

static void show_evidence(const json_t *message, const struct table_page *page)
{
	const char *gateway = foictl_text(message, "gateway");
	char seen[FOICTL_DATE_MAX];
	char server[FOICTL_DATE_MAX];
	char ours[FOICTL_DATE_MAX];

	field(page, "Evidence", "server %s; seen %s%s%s",
		foictl_instant(foictl_text(message, "internaldate"), server),
		foictl_instant(foictl_text(message, "first_seen"), seen),
		*gateway ? "; gateway " : "", *gateway ? foictl_instant(gateway, ours) : "");
	field(page, "Where", "%s, UID %" JSON_INTEGER_FORMAT, foictl_text(message, "folder"),
		number(message, "uid"));
}

static void show_message(const json_t *m, const struct table_page *page)
{
	const json_t *reasons = json_object_get(m, "reasons");
	const json_t *attachments = json_object_get(m, "attachments");
	const json_t *entry;
	char value[VALUE_MAX];
	char at[FOICTL_DATE_MAX];

	(void) snprintf(value, sizeof value, "Mail of %s",
		foictl_instant(foictl_text(m, "internaldate"), at));
	heading(page, value);
	person(foictl_text(m, "from_name"), foictl_text(m, "from"), value);
	field(page, "From", "%s", value);
	field(page, "Subject", "%s", foictl_text(m, "subject"));
	field(page, "Taken as", "%s", foictl_text(m, "fate"));
	for (size_t i = 0; (entry = json_array_get(reasons, i)) != NULL; i++)
		field(page, i == 0 ? "Because" : "", "%s", foictl_text(entry, "evidence"));
	show_evidence(m, page);
	join(json_object_get(m, "warnings"), value);
	field(page, "Warnings", "%s", value);
	for (size_t i = 0; (entry = json_array_get(attachments, i)) != NULL; i++)
		field(page, i == 0 ? "Attached" : "", "%s, %s, %" JSON_INTEGER_FORMAT " bytes",
			foictl_text(entry, "name"), foictl_text(entry, "type"),
			number(entry, "bytes"));
	(void) fputc('\n', page->out);
	show_text(m, page);
}

static void show_history(const json_t *events, const struct table_page *page)
{
	const json_t *event;
	char value[VALUE_MAX];
	char at[FOICTL_DATE_MAX];

	heading(page, "History");
	for (size_t i = 0; (event = json_array_get(events, i)) != NULL; i++) {
		(void) snprintf(value, sizeof value, "%s  %s, %s%s%s",
			foictl_instant(foictl_text(event, "at"), at), foictl_text(event, "actor"),
			foictl_text(event, "what"), *foictl_text(event, "why") ? ": " : "",
			foictl_text(event, "why"));
		indented(page, INDENT, value);
	}
}

void foictl_show_page(const json_t *c, const struct table_page *page)
{
	const json_t *messages = json_object_get(c, "messages");
	const json_t *message;

	show_summary(c, page);
	show_outgoing(json_object_get(c, "outgoing"), page);
	for (size_t i = 0; (message = json_array_get(messages, i)) != NULL; i++)
		show_message(message, page);
	show_history(json_object_get(c, "events"), page);
}
