/* foi_move.c - the moves as a table. */
/* SPDX-License-Identifier: MIT */
#include "domain/foi_move.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/fault.h"

enum {
	OF_REQUEST = 1 << CASE_REQUEST,
	OF_REVIEW = 1 << CASE_REVIEW,
	OF_BOTH = OF_REQUEST | OF_REVIEW,
	OPEN = 1 << FOI_CASE_OPEN,
	WAITING = 1 << FOI_CASE_WAITING,
	ANSWERED = 1 << FOI_CASE_ANSWERED,
	CLOSED = 1 << FOI_CASE_CLOSED,
	LIVE = OPEN | WAITING,
};

/* In the order of the regimes: FOIA, EIR, FOISA, subject access. */
#define LAW(foia, eir, foisa, sar)                                                                 \
	{                                                                                          \
		[STATUTE_FOIA] = (foia), [STATUTE_EIR] = (eir), [STATUTE_FOISA] = (foisa),         \
		[STATUTE_SAR] = (sar)                                                              \
	}
/* Facts of the file, for which no law needs to be asked. */
#define ANY_LAW LAW("", "", "", "")

static const struct foi_move_row moves[FOI_MOVE_COUNT] = {
	[FOI_MOVE_ACKNOWLEDGED] = {
		.word = "acknowledged",
		.title = "the receipt was acknowledged",
		.is_of_case = true,
		.may_daemon = true,
		.kinds = OF_BOTH,
		.from = LIVE | ANSWERED | CLOSED, /* it may have been held for long */
		.law = ANY_LAW, /* no law asks for it; OSIC and most authorities do */
	},
	[FOI_MOVE_CLARIFICATION_ASKED] = {
		.word = "clarification-asked",
		.title = "the requester was asked what exactly is wanted",
		.kinds = OF_REQUEST,
		.from = OPEN,
		.law = LAW("FOI 2000 s.1(3), s.10(6)(b)", "EIR 2004 reg 9(2)",
			"FOISA 2002 s.1(3)", NULL),
	},
	[FOI_MOVE_CLARIFIED] = {
		.word = "clarified",
		.title = "the requester has made it clear",
		.may_daemon = true, /* the clock runs whether or not a person has read it */
		.kinds = OF_REQUEST,
		.from = WAITING | OPEN, /* open: where particulars stop no clock */
		.law = LAW("FOI 2000 s.10(6)(b)", "EIR 2004 reg 9(4)", "FOISA 2002 s.1(3)", NULL),
	},
	[FOI_MOVE_FEE_ASKED] = {
		.word = "fee-asked",
		.title = "a fees notice was given",
		.kinds = OF_REQUEST,
		.from = OPEN,
		.may = FOI_DETAIL_TEXT,
		.text_is = "the amount",
		.law = LAW("FOI 2000 s.9, s.10(2)", "EIR 2004 reg 8", NULL, NULL),
	},
	[FOI_MOVE_FEE_PAID] = {
		.word = "fee-paid",
		.title = "the fee was received",
		.kinds = OF_REQUEST,
		.from = WAITING | OPEN,
		.may = FOI_DETAIL_TEXT,
		.text_is = "the amount",
		.law = LAW("FOI 2000 s.10(2)", "EIR 2004 reg 8", NULL, NULL),
	},
	[FOI_MOVE_EXEMPTION] = {
		.word = "exemption",
		.title = "exemptions are considered",
		.kinds = OF_BOTH,
		.from = LIVE,
		.needs = FOI_DETAIL_EXEMPTIONS,
		.law = LAW("FOI 2000 s.2", "EIR 2004 reg 12", "FOISA 2002 s.2", NULL),
	},
	[FOI_MOVE_EXTENDED_INTEREST] = {
		.word = "extended-public-interest",
		.title = "more time is taken to weigh the public interest",
		.kinds = OF_REQUEST,
		.from = OPEN,
		.may = FOI_DETAIL_EXEMPTIONS | FOI_DETAIL_UNTIL,
		.law = LAW("FOI 2000 s.10(3), s.17(2)", NULL, NULL, NULL),
	},
	[FOI_MOVE_NOTICE_GIVEN] = {
		.word = "notice-given",
		.title = "the refusal notice was given",
		.kinds = OF_REQUEST,
		.from = OPEN,
		.law = LAW("FOI 2000 s.17(1)", NULL, NULL, NULL),
	},
	[FOI_MOVE_EXTENDED_COMPLEX] = {
		.word = "extended-complex",
		.title = "the time was extended, complex and voluminous",
		.kinds = OF_REQUEST,
		.from = OPEN,
		.needs = FOI_DETAIL_REASONS,
		.law = LAW(NULL, "EIR 2004 reg 7(1)", NULL, NULL),
	},
	[FOI_MOVE_EXTENDED_REVIEW] = {
		.word = "extended-review",
		.title = "the review takes longer, it is complex",
		.kinds = OF_REVIEW,
		.from = OPEN,
		.law = LAW("s.45 Code of Practice 2018, section 5", NULL, NULL, NULL),
	},
	[FOI_MOVE_REGIME] = {
		.word = "regime",
		.title = "another law applies",
		.kinds = OF_BOTH,
		.from = OPEN,
		.needs = FOI_DETAIL_REGIME,
		.law = LAW("", "", "", NULL),
	},
	[FOI_MOVE_PART_ANSWERED] = {
		.word = "partly-answered",
		.title = "some of it was answered, the clock goes on",
		.kinds = OF_BOTH,
		.from = LIVE,
		.law = LAW("FOI 2000 s.10(1)", "EIR 2004 reg 5(2)", "FOISA 2002 s.10(1)",
			"UK GDPR art 12(3)"),
	},
	[FOI_MOVE_RESPONDED] = {
		.word = "responded",
		.title = "the answer left",
		.kinds = OF_BOTH,
		.from = LIVE,
		.needs = FOI_DETAIL_OUTCOME,
		.may = FOI_DETAIL_EXEMPTIONS,
		.law = LAW("FOI 2000 s.10(1)", "EIR 2004 reg 5(2)", "FOISA 2002 s.10(1)",
			"UK GDPR art 12(3)"),
	},
	[FOI_MOVE_WITHDRAWN] = {
		.word = "withdrawn",
		.title = "the requester withdrew it",
		.kinds = OF_BOTH,
		.from = LIVE,
		.law = ANY_LAW,
	},
	[FOI_MOVE_TRANSFERRED] = {
		.word = "transferred",
		.title = "it was transferred",
		.kinds = OF_REQUEST,
		.from = LIVE,
		.needs = FOI_DETAIL_TEXT,
		.text_is = "the authority that it was transferred to",
		.law = LAW("FOI 2000 s.1(1)(a), s.16", "EIR 2004 reg 10", "FOISA 2002 s.15", NULL),
	},
	[FOI_MOVE_HOLDING_TOLD] = {
		.word = "holding-told",
		.title = "the requester was told whether it is held",
		.kinds = OF_REQUEST,
		.from = LIVE,
		.law = LAW("FOI 2000 s.1(1)(a)", "EIR 2004 reg 12(4)(a)", "FOISA 2002 s.17", NULL),
	},
	[FOI_MOVE_LAPSED] = {
		.word = "lapsed",
		.title = "it lapsed, the requester did not clarify or pay",
		.kinds = OF_REQUEST,
		.from = WAITING,
		.law = LAW("FOI 2000 s.1(3), s.9(2)", "EIR 2004 reg 8, reg 9", "FOISA 2002 s.1(3)",
			NULL),
	},
	[FOI_MOVE_INVALID] = {
		.word = "invalid",
		.title = "it is not a valid request",
		.kinds = OF_REQUEST,
		.from = LIVE,
		/* The EIR ask for no form: a request may even be oral. */
		.law = LAW("FOI 2000 s.8(1)", NULL, "FOISA 2002 s.8(1)", NULL),
	},
	[FOI_MOVE_BUSINESS_AS_USUAL] = {
		.word = "business-as-usual",
		.title = "it was answered in the ordinary course of business",
		.kinds = OF_REQUEST,
		.from = LIVE,
		.law = LAW("FOI 2000 s.8 (ICO guidance)", "EIR 2004 reg 5 (ICO guidance)",
			"FOISA 2002 s.8", NULL),
	},
	[FOI_MOVE_SUBJECT_ACCESS] = {
		.word = "subject-access",
		.title = "it asks for the requester's own data",
		.kinds = OF_REQUEST,
		.from = LIVE,
		.law = LAW("FOI 2000 s.40(1)", "EIR 2004 reg 5(3)", "FOISA 2002 s.38(1)(a)", NULL),
	},
	[FOI_MOVE_NARROWED] = {
		.word = "narrowed",
		.title = "a narrowed request came, which is a new case",
		.is_of_case = true,
		.kinds = OF_REQUEST,
		.from = ANSWERED | CLOSED,
		.may = FOI_DETAIL_TEXT,
		.text_is = "the reference of the new case",
		.law = LAW("FOI 2000 s.12, s.16", NULL, "FOISA 2002 s.12, s.15", NULL),
	},
	[FOI_MOVE_PART_ADDED] = {
		.word = "part-added",
		.title = "a question is dealt with as a part of its own",
		.is_of_case = true,
		.kinds = OF_BOTH,
		.from = OPEN,
		.needs = FOI_DETAIL_TEXT,
		.may = FOI_DETAIL_AUTHORITY | FOI_DETAIL_REGIME,
		.text_is = "the question",
		.law = ANY_LAW,
	},
	[FOI_MOVE_CLOSED] = {
		.word = "closed",
		.title = "the file was closed",
		.is_of_case = true,
		.kinds = OF_BOTH,
		.from = ANSWERED,
		.law = ANY_LAW,
	},
	[FOI_MOVE_REGULATOR_OPENED] = {
		.word = "regulator-opened",
		.title = "the regulator looks at it",
		.is_of_case = true,
		.kinds = OF_BOTH,
		.from = LIVE | ANSWERED | CLOSED,
		.needs = FOI_DETAIL_TEXT,
		.text_is = "the regulator's reference",
		.law = LAW("FOI 2000 s.50", "EIR 2004 reg 18", "FOISA 2002 s.47", "UK GDPR art 77"),
	},
	[FOI_MOVE_REGULATOR_CLOSED] = {
		.word = "regulator-closed",
		.title = "the regulator has ended the matter",
		.is_of_case = true,
		.kinds = OF_BOTH,
		.from = LIVE | ANSWERED | CLOSED,
		.needs = FOI_DETAIL_TEXT,
		.text_is = "the regulator's reference",
		.law = LAW("FOI 2000 s.50", "EIR 2004 reg 18", "FOISA 2002 s.49", "UK GDPR art 77"),
	},
	[FOI_MOVE_UNDONE] = {
		.word = "undone",
		.title = "it was recorded by mistake",
		.is_of_case = true,
		.kinds = OF_BOTH,
		.from = LIVE | ANSWERED | CLOSED,
		.law = ANY_LAW,
	},
};

const struct foi_move_row *foi_move_of(enum foi_move move)
{
	assert(move < FOI_MOVE_COUNT);
	return &moves[move];
}

int foi_move_parse(const char *word, enum foi_move *ret)
{
	for (unsigned i = 0; i < FOI_MOVE_COUNT; i++) {
		if (strcmp(moves[i].word, word) == 0) {
			*ret = (enum foi_move) i;
			return 0;
		}
	}
	return -EINVAL;
}

/* What @d tells, as a mask. */
static unsigned told_by(const struct foi_details *d)
{
	return (d->has_until ? (unsigned) FOI_DETAIL_UNTIL : 0) |
	       (d->outcome != FOI_OUTCOME_NONE ? (unsigned) FOI_DETAIL_OUTCOME : 0) |
	       (d->n_exemptions > 0 ? (unsigned) FOI_DETAIL_EXEMPTIONS : 0) |
	       (d->text[0] ? (unsigned) FOI_DETAIL_TEXT : 0) |
	       (d->has_regime ? (unsigned) FOI_DETAIL_REGIME : 0) |
	       (d->authority[0] ? (unsigned) FOI_DETAIL_AUTHORITY : 0) |
	       (d->is_complex || d->is_voluminous ? (unsigned) FOI_DETAIL_REASONS : 0);
}

/* What one detail is called. */
static const char *detail_name(const struct foi_move_row *row, unsigned detail)
{
	static const struct {
		unsigned detail;
		const char *name;
	} names[] = {
		{ FOI_DETAIL_UNTIL, "the estimated date" },
		{ FOI_DETAIL_OUTCOME, "the outcome" },
		{ FOI_DETAIL_EXEMPTIONS, "an exemption" },
		{ FOI_DETAIL_REGIME, "the law that applies" },
		{ FOI_DETAIL_AUTHORITY, "an authority" },
		{ FOI_DETAIL_REASONS, "that it is complex and voluminous" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (detail & names[i].detail)
			return names[i].name;
	return row->text_is ? row->text_is : "a text";
}

static int check_details(
	const struct foi_move_row *row, const struct foi_details *d, struct fault *f)
{
	unsigned told = told_by(d);
	unsigned missing = row->needs & ~told;
	unsigned useless = told & ~(row->needs | row->may);

	if (missing)
		return fault_set(
			f, -EINVAL, "\"%s\" needs %s", row->word, detail_name(row, missing));
	if (useless)
		return fault_set(f, -EINVAL, "\"%s\" has no use for %s", row->word,
			detail_name(row, useless));
	return 0;
}

/* Why a move is not possible in @state. */
static const char *state_reason(enum foi_case_state state)
{
	static const char *const reasons[FOI_CASE_STATE_COUNT] = {
		[FOI_CASE_OPEN] = "its clock runs",
		[FOI_CASE_TRIAGE] = "it is in triage: a person must accept it first",
		[FOI_CASE_WAITING] = "its clock stands, the requester must clarify or pay first",
		[FOI_CASE_ANSWERED] = "it has been answered or has ended in another way",
		[FOI_CASE_CLOSED] = "it is closed",
	};

	return reasons[state];
}

int foi_move_check(const struct foi_move_record *m, enum case_kind kind, enum statute_regime regime,
	enum foi_case_state state, struct fault *f)
{
	const struct foi_move_row *row = foi_move_of(m->move);

	if (!(row->kinds & (1U << kind)))
		return fault_set(f, -EPERM, "\"%s\" is no move of a %s", row->word,
			kind == CASE_REVIEW ? "review" : "request");
	if (!row->law[regime])
		return fault_set(f, -EPERM, "\"%s\" is unknown to the %s", row->word,
			statute_of(regime)->name);
	if (!(row->from & (1U << state)))
		return fault_set(
			f, -EPERM, "\"%s\" is not possible: %s", row->word, state_reason(state));
	return check_details(row, &m->details, f);
}
