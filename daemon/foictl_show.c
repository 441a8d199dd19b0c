/* foictl_show.c - what the daemon answered, as pages that people read.
 *
 * Security: subjects, names and texts are what anybody wrote in a mail; all of them go through
 *           table_add(), table_paragraph() or text_one_line(), which make them safe. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/foictl_page.h"
#include "domain/hold.h"
#include "domain/statute.h"

enum {
	DEEPER = 6,
	TEXT_LINES_MAX = 60, /* of one mail; --json has all */
};

/* "Name <address>", either, or "". */
static void person(const char *name, const char *address, char buf[static FOICTL_VALUE_MAX])
{
	(void) snprintf(
		buf, FOICTL_VALUE_MAX, *name && *address ? "%s <%s>" : "%s%s", name, address);
}

/* "20 working days, FOIA"; subject access counts a month. */
static void show_count(const json_t *deadline, const struct table_page *page)
{
	bool is_code = strcmp(foictl_text(deadline, "rule"), "s45code") == 0;
	json_int_t days = foictl_number(deadline, "working_days");
	enum statute_regime regime;

	if (statute_regime_parse(foictl_text(deadline, "regime"), &regime) < 0)
		return;
	if (days == 0)
		foictl_field(
			page, "Counted", "a calendar month, %s", statute_of(regime)->short_name);
	else
		foictl_field(page, "Counted", "%" JSON_INTEGER_FORMAT " working days, %s%s", days,
			statute_of(regime)->short_name, is_code ? ", rule of the s.45 Code" : "");
}

static void show_last_day(const json_t *row, const struct table_page *page)
{
	bool is_waiting = strcmp(foictl_text(row, "state"), "waiting") == 0;
	char due[FOICTL_DATE_MAX];
	char left[FOICTL_DATE_MAX];
	enum table_tone tone = foictl_tone(row);

	(void) foictl_left(row, left);
	(void) fputs(table_tone_on(page, tone), page->out);
	foictl_field(page, is_waiting ? "Waits until" : "Last day", "%s%s%s%s",
		foictl_day(foictl_text(row, "due"), due), *left ? ", " : "", left,
		json_is_true(json_object_get(row, "provisional"))
			? " (provisional: do not tell it to anyone yet)"
			: "");
	(void) fputs(table_tone_off(page, tone), page->out);
}

static void show_clock(
	const json_t *row, const json_t *deadlines, bool is_one, const struct table_page *page)
{
	const json_t *last = json_array_get(deadlines, json_array_size(deadlines) - 1);
	const char *state = foictl_text(row, "state");
	bool has_ended = strcmp(state, "answered") == 0 || strcmp(state, "closed") == 0;
	char received[FOICTL_DATE_MAX];

	foictl_field(page, "Received", "%s", foictl_day(foictl_text(row, "received"), received));
	if (!has_ended)
		show_last_day(row, page);
	if (last && is_one)
		show_count(last, page);
	if (json_array_size(deadlines) > 1 && is_one)
		foictl_field(
			page, "", "computed %zu times: --json has all", json_array_size(deadlines));
}

static void show_links(const json_t *links, const struct table_page *page)
{
	const json_t *link;

	for (size_t i = 0; (link = json_array_get(links, i)) != NULL; i++)
		foictl_field(page, "Linked", "%s (%s)", foictl_text(link, "reference"),
			foictl_text(link, "how"));
}

static void show_summary(const json_t *c, const struct table_page *page)
{
	const json_t *row = json_object_get(c, "summary");
	const json_t *parts = json_object_get(c, "parts");
	CLEANUP(freep) char *reference = NULL;
	char value[FOICTL_VALUE_MAX];

	if (text_one_line(foictl_text(row, "reference"), FOICTL_VALUE_MAX, &reference) < 0)
		return;
	(void) fprintf(page->out, "%s%s%s  %s, %s\n", table_tone_on(page, TABLE_STRONG), reference,
		table_tone_off(page, TABLE_STRONG), foictl_text(row, "kind"),
		foictl_text(row, "state"));
	foictl_field(page, "Subject", "%s", foictl_text(row, "subject"));
	person(foictl_text(c, "requester_name"), foictl_text(c, "requester"), value);
	foictl_field(page, "Requester", "%s", value);
	show_clock(row, json_object_get(c, "deadlines"), json_array_size(parts) <= 1, page);
	if (json_array_size(parts) == 1)
		foictl_part_fields(json_array_get(parts, 0), page);
	foictl_field(page, "Authority", "%s", foictl_text(row, "authority"));
	foictl_field(page, "Mailbox", "%s", foictl_text(row, "mailbox"));
	foictl_join(json_object_get(row, "flags"), value);
	foictl_field(page, "Look at", "%s", value);
	show_links(json_object_get(c, "linked"), page);
	for (size_t i = 0; json_array_size(parts) > 1 && i < json_array_size(parts); i++)
		foictl_part_page(json_array_get(parts, i), page);
}

/* What an officer may want to know, of all mails. It decides nothing. */
static void show_hints(const json_t *messages, const struct table_page *page)
{
	const json_t *message;
	const json_t *hint;
	bool is_first = true;

	for (size_t i = 0; (message = json_array_get(messages, i)) != NULL; i++) {
		const json_t *hints = json_object_get(message, "hints");

		for (size_t k = 0; (hint = json_array_get(hints, k)) != NULL; k++) {
			if (is_first)
				foictl_heading(page, "Worth a look");
			is_first = false;
			foictl_indented(page, FOICTL_INDENT, foictl_text(hint, "evidence"));
		}
	}
}

/* "" for a word that is none, or none that this program knows. */
static const char *held_why(const char *word)
{
	enum hold hold;

	return hold_of(word, &hold) < 0 ? "" : hold_why(hold);
}

static void show_outgoing(const json_t *list, const struct table_page *page)
{
	const json_t *o;
	char value[FOICTL_VALUE_MAX];
	char at[FOICTL_DATE_MAX];

	for (size_t i = 0; (o = json_array_get(list, i)) != NULL; i++) {
		const char *sent = foictl_text(o, "sent");
		const char *next = foictl_text(o, "next_try");
		const char *due = foictl_text(o, "due_told");

		(void) snprintf(value, sizeof value, "Our %.60s", foictl_text(o, "kind"));
		foictl_heading(page, value);
		foictl_field(page, "State", "%s%s%s", foictl_text(o, "state"), *sent ? " " : "",
			*sent ? foictl_instant(sent, at) : "");
		foictl_field(page, "To", "%s", foictl_text(o, "to"));
		if (*due)
			foictl_field(page, "Told", "last day %s", foictl_day(due, at));
		foictl_field(page,
			strcmp(foictl_text(o, "state"), "held") == 0 ? "Held" : "Was held", "%s",
			held_why(foictl_text(o, "held")));
		if (foictl_number(o, "tries") > 0)
			foictl_field(
				page, "Tries", "%" JSON_INTEGER_FORMAT, foictl_number(o, "tries"));
		if (*next)
			foictl_field(page, "Next try", "%s", foictl_instant(next, at));
		if (foictl_number(o, "code") > 0)
			foictl_field(page, "Server said", "%" JSON_INTEGER_FORMAT " %s %s",
				foictl_number(o, "code"), foictl_text(o, "status"),
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
			foictl_indented(page, DEEPER, line);
		s += n + (s[n] == '\n');
	}
	if (*s || json_is_true(json_object_get(message, "text_cut")))
		foictl_indented(page, DEEPER, "[the text goes on]");
}

static void show_evidence(const json_t *message, const struct table_page *page)
{
	const char *gateway = foictl_text(message, "gateway");
	char seen[FOICTL_DATE_MAX];
	char server[FOICTL_DATE_MAX];
	char ours[FOICTL_DATE_MAX];

	foictl_field(page, "Evidence", "server %s; seen %s%s%s",
		foictl_instant(foictl_text(message, "internaldate"), server),
		foictl_instant(foictl_text(message, "first_seen"), seen),
		*gateway ? "; gateway " : "", *gateway ? foictl_instant(gateway, ours) : "");
	foictl_field(page, "Where", "%s, UID %" JSON_INTEGER_FORMAT, foictl_text(message, "folder"),
		foictl_number(message, "uid"));
}

static void show_message(const json_t *m, const struct table_page *page)
{
	const json_t *reasons = json_object_get(m, "reasons");
	const json_t *attachments = json_object_get(m, "attachments");
	const json_t *entry;
	char value[FOICTL_VALUE_MAX];
	char at[FOICTL_DATE_MAX];

	(void) snprintf(value, sizeof value, "Mail of %s",
		foictl_instant(foictl_text(m, "internaldate"), at));
	foictl_heading(page, value);
	person(foictl_text(m, "from_name"), foictl_text(m, "from"), value);
	foictl_field(page, "From", "%s", value);
	foictl_field(page, "Subject", "%s", foictl_text(m, "subject"));
	foictl_field(page, "Taken as", "%s", foictl_text(m, "fate"));
	for (size_t i = 0; (entry = json_array_get(reasons, i)) != NULL; i++)
		foictl_field(page, i == 0 ? "Because" : "", "%s", foictl_text(entry, "evidence"));
	show_evidence(m, page);
	foictl_join(json_object_get(m, "warnings"), value);
	foictl_field(page, "Warnings", "%s", value);
	for (size_t i = 0; (entry = json_array_get(attachments, i)) != NULL; i++)
		foictl_field(page, i == 0 ? "Attached" : "",
			"%s, %s, %" JSON_INTEGER_FORMAT " bytes",
			*foictl_text(entry, "name") ? foictl_text(entry, "name") : "(no name)",
			foictl_text(entry, "type"), foictl_number(entry, "bytes"));
	(void) fputc('\n', page->out);
	show_text(m, page);
}

/* " (undone by move 18)" */
static void other_move(const json_t *event, char buf[static FOICTL_DATE_MAX])
{
	json_int_t undone = foictl_number(event, "undone");
	json_int_t undoes = foictl_number(event, "undoes");

	buf[0] = '\0';
	if (undone)
		(void) snprintf(
			buf, FOICTL_DATE_MAX, " (undone by move %" JSON_INTEGER_FORMAT ")", undone);
	else if (undoes)
		(void) snprintf(
			buf, FOICTL_DATE_MAX, " (of move %" JSON_INTEGER_FORMAT ")", undoes);
}

static void show_event(const json_t *event, const struct table_page *page)
{
	const char *why = foictl_text(event, "why");
	char value[FOICTL_VALUE_MAX];
	char at[FOICTL_DATE_MAX];
	char move[FOICTL_DATE_MAX] = "";
	char other[FOICTL_DATE_MAX];

	if (json_is_object(json_object_get(event, "details")))
		(void) snprintf(move, sizeof move, "move %" JSON_INTEGER_FORMAT " ",
			foictl_number(event, "id")); /* fits */
	other_move(event, other);
	(void) snprintf(value, sizeof value, "%s  %s, %s%s%s%s%s",
		foictl_instant(foictl_text(event, "at"), at), foictl_text(event, "actor"), move,
		foictl_text(event, "what"), other, *why ? ": " : "", why);
	foictl_indented(page, FOICTL_INDENT, value);
}

static void show_history(const json_t *events, const struct table_page *page)
{
	foictl_heading(page, "History");
	for (size_t i = 0; i < json_array_size(events); i++)
		show_event(json_array_get(events, i), page);
}

void foictl_show_page(const json_t *c, const struct table_page *page)
{
	const json_t *messages = json_object_get(c, "messages");
	const json_t *message;

	show_summary(c, page);
	show_hints(messages, page);
	show_outgoing(json_object_get(c, "outgoing"), page);
	for (size_t i = 0; (message = json_array_get(messages, i)) != NULL; i++)
		show_message(message, page);
	show_history(json_object_get(c, "events"), page);
}
