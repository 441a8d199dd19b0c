/* exemption.c - the exemptions as a table, and how officers cite them. */
/* SPDX-License-Identifier: MIT */
#include "domain/exemption.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"

enum {
	SECTION_MAX = 4, /* "22A" and the NUL */
	GROUP_MAX = 5,	 /* "viii" and the NUL */
	ABSOLUTE = false,
	QUALIFIED = true,
};

#define FOI(number, title, qualified, deny)                                                        \
	{                                                                                          \
		STATUTE_FOIA, "s." number, title, qualified, "FOI 2000 s." deny                    \
	}
#define EIR(number, title, qualified, deny)                                                        \
	{                                                                                          \
		STATUTE_EIR, "reg " number, title, qualified, deny                                 \
	}
#define FOISA(number, title, qualified, deny)                                                      \
	{                                                                                          \
		STATUTE_FOISA, "s." number, title, qualified, deny                                 \
	}

/* FOISA 2002 s.18 gives one power to neither confirm nor deny, for the sections that it names. */
#define FOISA_DENY    "FOISA 2002 s.18"
#define EIR_DENY_DATA "EIR 2004 reg 13(5A)"

/* In the order of each law, which is the order in which a fault looks for neighbours. */
static const struct exemption exemptions[] = {
	{ STATUTE_FOIA, "s.21", "Information accessible by other means", ABSOLUTE, NULL },
	FOI("22", "Information intended for future publication", QUALIFIED, "22(2)"),
	FOI("22A", "Research", QUALIFIED, "22A(2)"),
	FOI("23", "Bodies dealing with security matters", ABSOLUTE, "23(5)"),
	FOI("24", "National security", QUALIFIED, "24(2)"),
	FOI("26", "Defence", QUALIFIED, "26(3)"),
	FOI("27", "International relations", QUALIFIED, "27(4)"),
	FOI("28", "Relations within the United Kingdom", QUALIFIED, "28(3)"),
	FOI("29", "The economy", QUALIFIED, "29(2)"),
	FOI("30", "Investigations and proceedings", QUALIFIED, "30(3)"),
	FOI("31", "Law enforcement", QUALIFIED, "31(3)"),
	FOI("32", "Court records", ABSOLUTE, "32(3)"),
	FOI("33", "Audit functions", QUALIFIED, "33(3)"),
	FOI("34", "Parliamentary privilege", ABSOLUTE, "34(2)"),
	FOI("35", "Formulation of government policy", QUALIFIED, "35(3)"),
	FOI("36", "Prejudice to effective conduct of public affairs", QUALIFIED, "36(3)"),
	FOI("37", "Communications with the Royal Family, and honours", QUALIFIED, "37(2)"),
	FOI("37(1)(a)", "Communications with the Sovereign", ABSOLUTE, "37(2)"),
	FOI("37(1)(aa)", "Communications with the heir to the Throne", ABSOLUTE, "37(2)"),
	FOI("37(1)(ab)", "Communications with one who became Sovereign or heir", ABSOLUTE, "37(2)"),
	FOI("38", "Health and safety", QUALIFIED, "38(2)"),
	FOI("39", "Environmental information", QUALIFIED, "39(2)"),
	FOI("40", "Personal information", ABSOLUTE, "40(5B)"),
	FOI("40(1)", "Personal information of the requester", ABSOLUTE, "40(5A)"),
	FOI("40(2)", "Personal information of others", ABSOLUTE, "40(5B)"),
	FOI("40(3A)", "Personal information: data protection principles", ABSOLUTE, "40(5B)"),
	FOI("40(3B)", "Personal information: objection to processing", QUALIFIED, "40(5B)"),
	FOI("40(4A)", "Personal information: withheld from its subject", QUALIFIED, "40(5B)"),
	FOI("41", "Information provided in confidence", ABSOLUTE, "41(2)"),
	FOI("42", "Legal professional privilege", QUALIFIED, "42(2)"),
	FOI("43", "Commercial interests", QUALIFIED, "43(3)"),
	FOI("44", "Prohibitions on disclosure", ABSOLUTE, "44(2)"),

	EIR("12(3)", "Personal data of others", ABSOLUTE, EIR_DENY_DATA),
	EIR("12(4)(a)", "Information not held", QUALIFIED, NULL),
	EIR("12(4)(b)", "Request manifestly unreasonable", QUALIFIED, NULL),
	EIR("12(4)(c)", "Request formulated in too general a manner", QUALIFIED, NULL),
	EIR("12(4)(d)", "Unfinished documents or incomplete data", QUALIFIED, NULL),
	EIR("12(4)(e)", "Internal communications", QUALIFIED, NULL),
	EIR("12(5)(a)", "International relations, defence, national security or public safety",
		QUALIFIED, "EIR 2004 reg 12(6)"),
	EIR("12(5)(b)", "The course of justice, fair trial or an inquiry", QUALIFIED, NULL),
	EIR("12(5)(c)", "Intellectual property rights", QUALIFIED, NULL),
	EIR("12(5)(d)", "Confidentiality of proceedings", QUALIFIED, NULL),
	EIR("12(5)(e)", "Confidentiality of commercial or industrial information", QUALIFIED, NULL),
	EIR("12(5)(f)", "Interests of the person who provided the information", QUALIFIED, NULL),
	EIR("12(5)(g)", "Protection of the environment", QUALIFIED, NULL),
	EIR("13", "Personal data of others", ABSOLUTE, EIR_DENY_DATA),
	EIR("13(2B)", "Personal data: objection to processing", QUALIFIED, EIR_DENY_DATA),
	EIR("13(3A)", "Personal data: withheld from its subject", QUALIFIED, EIR_DENY_DATA),

	FOISA("25", "Information otherwise accessible", ABSOLUTE, NULL),
	FOISA("26", "Prohibitions on disclosure", ABSOLUTE, NULL),
	FOISA("27", "Information intended for future publication", QUALIFIED, NULL),
	FOISA("27(2)", "Research", QUALIFIED, NULL),
	FOISA("28", "Relations within the United Kingdom", QUALIFIED, FOISA_DENY),
	FOISA("29", "Formulation of Scottish Administration policy", QUALIFIED, FOISA_DENY),
	FOISA("30", "Prejudice to effective conduct of public affairs", QUALIFIED, FOISA_DENY),
	FOISA("31", "National security and defence", QUALIFIED, FOISA_DENY),
	FOISA("32", "International relations", QUALIFIED, FOISA_DENY),
	FOISA("33", "Commercial interests and the economy", QUALIFIED, FOISA_DENY),
	FOISA("34", "Investigations and proceedings", QUALIFIED, FOISA_DENY),
	FOISA("35", "Law enforcement", QUALIFIED, FOISA_DENY),
	FOISA("36", "Confidentiality", QUALIFIED, NULL),
	FOISA("36(2)", "Actionable breach of confidence", ABSOLUTE, NULL),
	FOISA("37", "Court records", ABSOLUTE, NULL),
	FOISA("38", "Personal information", ABSOLUTE, FOISA_DENY),
	FOISA("38(2B)", "Personal information: objection to processing", QUALIFIED, FOISA_DENY),
	FOISA("38(3A)", "Personal information: withheld from its subject", QUALIFIED, FOISA_DENY),
	FOISA("39", "Health, safety and the environment", QUALIFIED, NULL),
	FOISA("39(1)", "Health and safety", QUALIFIED, FOISA_DENY),
	FOISA("39(2)", "Environmental information", QUALIFIED, NULL),
	FOISA("40", "Audit functions", QUALIFIED, NULL),
	FOISA("41", "Communications with the Royal Family, and honours", QUALIFIED, FOISA_DENY),
};

#undef FOI
#undef EIR
#undef FOISA

/* What stands before the number; the longer word of two that begin alike comes first. */
static const char *const section_words[] = { "sections", "section", "sect", "sec", "ss", "s",
	NULL };
static const char *const regulation_words[] = { "regulations", "regulation", "regs", "reg", "r",
	NULL };

static const struct form {
	const char *const *words;
	const char *prefix; /* of a citation in its one form */
} forms[STATUTE_REGIME_COUNT] = {
	[STATUTE_FOIA] = { section_words, "s." },
	[STATUTE_EIR] = { regulation_words, "reg " },
	[STATUTE_FOISA] = { section_words, "s." },
};

/* ---- reading ---------------------------------------------------------------------------------- */

static const char *skip_spaces(const char *s)
{
	return s + strspn(s, " \t");
}

/* Past "section", "s." and their kin; a bare number is a citation too. */
static const char *skip_word(const char *s, const char *const *words)
{
	s = skip_spaces(s);
	for (; *words; words++) {
		size_t n = strlen(*words);

		if (!text_has_prefix_ci(s, *words))
			continue;
		s += n;
		s += *s == '.';
		return skip_spaces(s);
	}
	return s;
}

/* Takes digits and letters from @s. A number with a letter is written "22A"; a letter, "(a)".
 * Return: bytes taken; 0: there are none, or too many. */
static size_t take_piece(const char *s, char *ret, size_t room)
{
	bool is_number = isdigit((unsigned char) *s);
	size_t n = 0;

	for (; isalnum((unsigned char) s[n]); n++) {
		if (n + 1 == room)
			return 0;
		ret[n] = (char) (is_number ? toupper((unsigned char) s[n])
					   : tolower((unsigned char) s[n]));
	}
	ret[n] = '\0';
	return n;
}

/* Reads "(1)" with spaces as they come. Return: what follows; NULL: no such group. */
static const char *take_group(const char *s, char ret[GROUP_MAX])
{
	size_t n;

	if (*s != '(')
		return NULL;
	s = skip_spaces(s + 1);
	n = take_piece(s, ret, GROUP_MAX);
	s = skip_spaces(s + n);
	return n > 0 && *s == ')' ? skip_spaces(s + 1) : NULL;
}

/* The one form of @text into @ret. Return: 0; -EINVAL. */
static int normalise(const struct form *form, const char *text, char ret[static EXEMPTION_MAX])
{
	const char *s = skip_word(text, form->words);
	char piece[GROUP_MAX];
	size_t length;
	size_t n;

	if (!isdigit((unsigned char) *s))
		return -EINVAL;
	n = take_piece(s, piece, SECTION_MAX);
	if (n == 0)
		return -EINVAL;
	length = (size_t) snprintf(ret, EXEMPTION_MAX, "%s%s", form->prefix, piece); /* fits */
	for (s = skip_spaces(s + n); *s;) {
		s = take_group(s, piece);
		if (!s)
			return -EINVAL;
		length += (size_t) snprintf(ret + length, EXEMPTION_MAX - length, "(%s)", piece);
		if (length >= EXEMPTION_MAX)
			return -EINVAL;
	}
	return 0;
}

/* ---- finding ---------------------------------------------------------------------------------- */

static const struct exemption *end_of_table(void)
{
	return exemptions + sizeof exemptions / sizeof *exemptions;
}

/* Whether @inner lies in @outer, or is it: "s.31(1)(a)" in "s.31", but not "s.22A" in "s.22". */
static bool is_within(const char *inner, const char *outer)
{
	size_t n = strlen(outer);

	return strncmp(inner, outer, n) == 0 && (inner[n] == '\0' || inner[n] == '(');
}

/* The most specific row that @citation lies in; NULL: none. */
static const struct exemption *find(enum statute_regime regime, const char *citation)
{
	const struct exemption *best = NULL;

	for (const struct exemption *e = exemptions; e < end_of_table(); e++)
		if (e->regime == regime && is_within(citation, e->number) &&
			(!best || strlen(e->number) > strlen(best->number)))
			best = e;
	return best;
}

/* First and last row within @citation, cut shorter until there is one: the paragraphs of
 * reg 12(5) for "reg 12(5)(h)". Return: whether there is any. */
static bool find_siblings(enum statute_regime regime, const char *citation,
	const struct exemption **ret_first, const struct exemption **ret_last)
{
	char outer[EXEMPTION_MAX];
	char *cut = outer;
	bool is_found = false;

	(void) snprintf(outer, sizeof outer, "%s", citation); /* fits */
	while (!is_found && cut) {
		for (const struct exemption *e = exemptions; e < end_of_table(); e++) {
			if (e->regime != regime || !is_within(e->number, outer))
				continue;
			if (!is_found)
				*ret_first = e;
			*ret_last = e;
			is_found = true;
		}
		cut = strrchr(outer, '(');
		if (cut)
			*cut = '\0';
	}
	return is_found;
}

/* The number of section or regulation in a citation. */
static unsigned leading_number(const char *citation)
{
	const char *s = citation + strcspn(citation, "0123456789");
	unsigned n = 0;

	for (; isdigit((unsigned char) *s); s++)
		n = n * 10 + (unsigned) (*s - '0'); /* at most SECTION_MAX digits */
	return n;
}

/* The rows on either side of a section that is not in the table; NULL at an end of it. */
static void find_neighbours(enum statute_regime regime, const char *citation,
	const struct exemption **ret_before, const struct exemption **ret_after)
{
	unsigned wanted = leading_number(citation);

	*ret_before = NULL;
	*ret_after = NULL;
	for (const struct exemption *e = exemptions; e < end_of_table(); e++) {
		if (e->regime != regime)
			continue;
		if (leading_number(e->number) <= wanted) {
			*ret_before = e;
		} else {
			*ret_after = e;
			return;
		}
	}
}

static int refuse(enum statute_regime regime, const char *citation, struct fault *f)
{
	const char *law = statute_of(regime)->name;
	const struct exemption *a = NULL;
	const struct exemption *b = NULL;

	if (find_siblings(regime, citation, &a, &b))
		return fault_set(f, -ENOENT, "%s is no exemption of the %s; there are %s to %s",
			citation, law, a->number, b->number);
	find_neighbours(regime, citation, &a, &b);
	if (a && b)
		return fault_set(f, -ENOENT, "%s is no exemption of the %s; near it are %s and %s",
			citation, law, a->number, b->number);
	return fault_set(f, -ENOENT, "%s is no exemption of the %s; the nearest is %s", citation,
		law, (a ? a : b)->number);
}

int exemption_parse(enum statute_regime regime, const char *text, char ret[static EXEMPTION_MAX],
	const struct exemption **ret_row, struct fault *f)
{
	const struct form *form = &forms[regime];
	const struct exemption *row;
	char citation[EXEMPTION_MAX];

	if (!form->words)
		return fault_set(f, -ENOENT, "there are no exemptions here for the %s",
			statute_of(regime)->name);
	if (normalise(form, text, citation) < 0)
		return fault_set(f, -EINVAL, "not a citation of the %s; write it like %s",
			statute_of(regime)->name,
			regime == STATUTE_EIR ? "reg 12(5)(e)" : "s.31(1)(a)");
	row = find(regime, citation);
	if (!row)
		return refuse(regime, citation, f);
	memcpy(ret, citation, sizeof citation);
	*ret_row = row;
	return 0;
}
