/* foictl_move_help.c - `foictl record --help`: made from the tables, so that it has every move. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "daemon/foictl_move.h"
#include "domain/foi_move.h"

enum {
	WIDTH = 80,
	DEEPER = 6,
};

static const char usage[] =
	"usage: foictl record REFERENCE MOVE [--on DAY] [--part N | --every-part]\n"
	"                     [--why TEXT] [DETAIL]... [--json] [--socket PATH]\n"
	"\n"
	"Records what happened to a case, and says what follows for its last day. Nothing\n"
	"is ever changed or deleted: a mistake is taken back with foictl undo.\n"
	"  --on            the day on which it happened, as 2026-06-14; default today\n"
	"  --part          which part of the case, where more than one is still due\n"
	"  --every-part    all parts that are still due\n"
	"  --why           the reason, for the history\n"
	"Details, as the moves below need them:\n"
	"  --outcome       how the request was answered: one of the words at the end\n"
	"  --exemption     a section, as s.31(1) or reg 12(5)(e); may be given several\n"
	"                  times\n"
	"  --deny          a section by which it is neither confirmed nor denied that it\n"
	"                  is held; may be given several times\n"
	"  --until         the estimated date that the requester was given\n"
	"  --complex, --voluminous\n"
	"                  the two reasons for more time under the EIR; both are needed\n"
	"  --to            the authority that it was transferred to\n"
	"  --number        the regulator's reference\n"
	"  --question      the question of a part\n"
	"  --authority     the authority that a part is put to\n"
	"  --regime        the law: foia, eir or foisa\n"
	"  --text          any of these texts, or the amount of a fee\n";

static const char examples[] =
	"\n"
	"  foictl record 'FOI 001761/18' clarification-asked --on 2018-05-21\n"
	"  foictl record 'FOI 001761/18' extended-public-interest --exemption 31 \\\n"
	"         --until 2018-07-12\n"
	"  foictl record 'FOI 001761/18' responded --outcome part-granted --exemption 21 \\\n"
	"         --deny '24(2)' --on 2018-06-14\n"
	"  foictl record 'FOI 001761/18' transferred --to 'Example Council' --part 2\n";

/* The moves in the order of a case's life. */
static const struct group {
	const char *title;
	enum foi_move moves[12];
	size_t n;
} groups[] = {
	{ "What stops or moves the clock",
		{ FOI_MOVE_CLARIFICATION_ASKED, FOI_MOVE_CLARIFIED, FOI_MOVE_FEE_ASKED,
			FOI_MOVE_FEE_PAID, FOI_MOVE_EXTENDED_INTEREST, FOI_MOVE_NOTICE_GIVEN,
			FOI_MOVE_EXTENDED_COMPLEX, FOI_MOVE_EXTENDED_REVIEW, FOI_MOVE_REGIME,
			FOI_MOVE_SUBJECT_ACCESS },
		10 },
	{ "The answer",
		{ FOI_MOVE_EXEMPTION, FOI_MOVE_HOLDING_TOLD, FOI_MOVE_PART_ANSWERED,
			FOI_MOVE_RESPONDED },
		4 },
	{ "Other ends",
		{ FOI_MOVE_WITHDRAWN, FOI_MOVE_TRANSFERRED, FOI_MOVE_LAPSED, FOI_MOVE_INVALID,
			FOI_MOVE_BUSINESS_AS_USUAL },
		5 },
	{ "The file",
		{ FOI_MOVE_ACKNOWLEDGED, FOI_MOVE_PART_ADDED, FOI_MOVE_NARROWED, FOI_MOVE_CLOSED,
			FOI_MOVE_REGULATOR_OPENED, FOI_MOVE_REGULATOR_CLOSED },
		6 },
};

/* By which option a detail is told. */
static const struct {
	unsigned detail;
	const char *option;
} details[] = {
	{ FOI_DETAIL_OUTCOME, "--outcome WORD" },
	{ FOI_DETAIL_EXEMPTIONS, "--exemption SECTION..." },
	{ FOI_DETAIL_UNTIL, "--until DAY" },
	{ FOI_DETAIL_REASONS, "--complex --voluminous" },
	{ FOI_DETAIL_REGIME, "--regime LAW" },
	{ FOI_DETAIL_AUTHORITY, "--authority NAME" },
};

/* The option for the text of a move, where it has one of its own. */
static const struct {
	enum foi_move move;
	const char *option;
} texts[] = {
	{ FOI_MOVE_TRANSFERRED, "--to AUTHORITY" },
	{ FOI_MOVE_PART_ADDED, "--question TEXT" },
	{ FOI_MOVE_REGULATOR_OPENED, "--number REFERENCE" },
	{ FOI_MOVE_REGULATOR_CLOSED, "--number REFERENCE" },
};

static const char *text_option(enum foi_move move)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].move == move)
			return texts[i].option;
	return "--text TEXT";
}

static void add_option(const struct foi_move_row *row, unsigned detail, const char *option,
	char buf[static FOICTL_VALUE_MAX])
{
	size_t n = strlen(buf);

	if (row->needs & detail)
		(void) snprintf(buf + n, FOICTL_VALUE_MAX - n, " %s", option); /* fits */
	else if (row->may & detail)
		(void) snprintf(buf + n, FOICTL_VALUE_MAX - n, " [%s]", option); /* fits */
}

/* "title (law; law)"; a law twice is said once. */
static void say_law(const struct foi_move_row *row, char buf[static FOICTL_VALUE_MAX])
{
	const char *before = "";
	size_t n = (size_t) snprintf(buf, FOICTL_VALUE_MAX, "%s", row->title);
	bool is_begun = false;

	for (unsigned i = 0; i < STATUTE_REGIME_COUNT; i++) {
		const char *law = row->law[i];

		if (!law || !*law || strcmp(law, before) == 0)
			continue;
		n += (size_t) snprintf(buf + n, FOICTL_VALUE_MAX - n, "%s%s",
			is_begun ? "; " : " (", law); /* fits: the texts are ours */
		before = law;
		is_begun = true;
	}
	if (is_begun)
		(void) snprintf(buf + n, FOICTL_VALUE_MAX - n, ")");
}

static void show_move(enum foi_move move, const struct table_page *page)
{
	const struct foi_move_row *row = foi_move_of(move);
	char text[FOICTL_VALUE_MAX];

	(void) snprintf(text, sizeof text, "%s", row->word);
	for (size_t i = 0; i < sizeof details / sizeof *details; i++)
		add_option(row, details[i].detail, details[i].option, text);
	if (move != FOI_MOVE_NARROWED) /* the daemon fills in the new reference */
		add_option(row, FOI_DETAIL_TEXT, text_option(move), text);
	foictl_indented(page, FOICTL_INDENT, text);
	say_law(row, text);
	foictl_indented(page, DEEPER, text);
}

static void show_outcomes(bool is_of_review, const char *title, const struct table_page *page)
{
	char text[FOICTL_VALUE_MAX] = "";
	size_t n = 0;

	for (unsigned i = 0; i < FOI_OUTCOME_COUNT; i++) {
		const struct foi_outcome_row *row = foi_outcome_of((enum foi_outcome) i);

		if (row->is_answer && row->is_of_review == is_of_review)
			n += (size_t) snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "",
				row->word); /* fits: the words are ours */
	}
	(void) fprintf(page->out, "\n%s:\n", title);
	foictl_indented(page, FOICTL_INDENT, text);
}

int foictl_record_help(FILE *out)
{
	const struct table_page page = { .out = out, .width = WIDTH };

	(void) fputs(usage, out);
	for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
		(void) fprintf(out, "\n%s:\n", groups[g].title);
		for (size_t i = 0; i < groups[g].n; i++)
			show_move(groups[g].moves[i], &page);
	}
	show_outcomes(false, "Outcomes of a request", &page);
	show_outcomes(true, "Outcomes of a review", &page);
	return fputs(examples, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
}
