/* foictl_part.c - a part of a case, as `foictl show` has it. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "daemon/foictl_page.h"
#include "domain/foi_outcome.h"
#include "domain/statute.h"

const char *foictl_outcome(const char *word)
{
	enum foi_outcome outcome;

	return foi_outcome_parse(word, &outcome) < 0 ? word : foi_outcome_of(outcome)->title;
}

bool foictl_rests_on_exemptions(const char *word)
{
	enum foi_outcome outcome;

	return foi_outcome_parse(word, &outcome) == 0 && foi_outcome_of(outcome)->needs_exemption;
}

/* Both last days of an extension to weigh the public interest. */
static void show_extension(const json_t *part, const struct table_page *page)
{
	const char *notice = foictl_text(part, "notice");
	const char *final = foictl_text(part, "final");
	char day[FOICTL_DATE_MAX];

	if (*notice)
		foictl_field(page, "Notice by", "%s (FOI 2000 s.17(1))", foictl_day(notice, day));
	if (*final)
		foictl_field(page, "Answer by", "%s (FOI 2000 s.10(3))", foictl_day(final, day));
}

void foictl_part_fields(const json_t *part, const struct table_page *page)
{
	const char *outcome = foictl_text(part, "outcome");
	const char *ended = foictl_text(part, "ended");
	char value[FOICTL_VALUE_MAX];
	char day[FOICTL_DATE_MAX];

	show_extension(part, page);
	foictl_field(page,
		*ended && !foictl_rests_on_exemptions(outcome) ? "Considered" : "Exemptions", "%s",
		foictl_exemptions(json_object_get(part, "exemptions"), value));
	if (*ended)
		foictl_field(
			page, "Ended", "%s: %s", foictl_day(ended, day), foictl_outcome(outcome));
}

void foictl_part_page(const json_t *part, const struct table_page *page)
{
	const char *due = foictl_text(part, "due");
	bool is_waiting = strcmp(foictl_text(part, "state"), "waiting") == 0;
	enum statute_regime regime;
	char value[FOICTL_VALUE_MAX];
	char day[FOICTL_DATE_MAX];

	(void) snprintf(value, sizeof value, "Part %" JSON_INTEGER_FORMAT,
		foictl_number(part, "number")); /* fits */
	foictl_heading(page, value);
	foictl_field(page, "Question", "%s", foictl_text(part, "question"));
	foictl_field(page, "Authority", "%s", foictl_text(part, "authority"));
	foictl_field(page, "State", "%s", foictl_text(part, "state"));
	if (statute_regime_parse(foictl_text(part, "regime"), &regime) == 0)
		foictl_field(page, "Law", "%s", statute_of(regime)->name);
	if (*due)
		foictl_field(
			page, is_waiting ? "Waits until" : "Last day", "%s", foictl_day(due, day));
	foictl_part_fields(part, page);
}
