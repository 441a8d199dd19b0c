/* test_exemption.c - the exemptions of each law, and the ways in which officers cite them. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "domain/exemption.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
	const char *why;
	enum statute_regime regime;
	const char *text;
	const char *citation;
	const char *row;
} spellings[] = {
	{ "as the project writes it", STATUTE_FOIA, "s.31(1)(a)", "s.31(1)(a)", "s.31" },
	{ "a bare number", STATUTE_FOIA, "31(1)", "s.31(1)", "s.31" },
	{ "a word", STATUTE_FOIA, "section 31", "s.31", "s.31" },
	{ "glued", STATUTE_FOIA, "s31", "s.31", "s.31" },
	{ "a space behind the point", STATUTE_FOIA, "S. 31 (1) ( a )", "s.31(1)(a)", "s.31" },
	{ "spaces around", STATUTE_FOIA, "  sec. 43(2) ", "s.43(2)", "s.43" },
	{ "a section with a letter", STATUTE_FOIA, "22a", "s.22A", "s.22A" },
	{ "no section of another letter", STATUTE_FOIA, "s.22(1)", "s.22(1)", "s.22" },
	{ "a subsection with a letter", STATUTE_FOIA, "s.40(3b)", "s.40(3B)", "s.40(3B)" },
	{ "paragraphs are small", STATUTE_FOIA, "SECTION 36(2)(B)(II)", "s.36(2)(b)(ii)", "s.36" },
	{ "a regulation", STATUTE_EIR, "reg 12(5)(e)", "reg 12(5)(e)", "reg 12(5)(e)" },
	{ "a bare regulation", STATUTE_EIR, "12(4)(b)", "reg 12(4)(b)", "reg 12(4)(b)" },
	{ "a long word", STATUTE_EIR, "Regulation 13", "reg 13", "reg 13" },
	{ "points", STATUTE_EIR, "reg. 13(1)", "reg 13(1)", "reg 13" },
	{ "one letter", STATUTE_EIR, "r.12(3)", "reg 12(3)", "reg 12(3)" },
	{ "a paragraph without a subsection", STATUTE_FOISA, "s.30(b)(i)", "s.30(b)(i)", "s.30" },
	{ "the most specific row", STATUTE_FOISA, "36(2)", "s.36(2)", "s.36(2)" },
};

static void every_spelling_is_read(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(spellings); i++) {
		const struct exemption *row = NULL;
		char citation[EXEMPTION_MAX] = "";
		struct fault f = { 0 };

		if (exemption_parse(spellings[i].regime, spellings[i].text, citation, &row, &f) !=
			0)
			fail_msg("%s: %s", spellings[i].why, f.text);
		assert_string_equal(citation, spellings[i].citation);
		assert_string_equal(row->number, spellings[i].row);
		assert_int_equal(row->regime, spellings[i].regime);
	}
}

static const struct {
	const char *why;
	enum statute_regime regime;
	const char *text;
	int code;
	const char *near; /* in the fault's text */
} refusals[] = {
	{ "nothing", STATUTE_FOIA, "", -EINVAL, "s.31(1)(a)" },
	{ "a word alone", STATUTE_FOIA, "section", -EINVAL, "s.31(1)(a)" },
	{ "a title", STATUTE_FOIA, "law enforcement", -EINVAL, "s.31(1)(a)" },
	{ "two at once", STATUTE_FOIA, "s.31 and s.40", -EINVAL, "s.31(1)(a)" },
	{ "a group left open", STATUTE_FOIA, "31(1", -EINVAL, "s.31(1)(a)" },
	{ "an empty group", STATUTE_FOIA, "31()", -EINVAL, "s.31(1)(a)" },
	{ "a long group", STATUTE_FOIA, "31(abcde)", -EINVAL, "s.31(1)(a)" },
	{ "a long number", STATUTE_FOIA, "3100", -EINVAL, "s.31(1)(a)" },
	{ "too many groups", STATUTE_FOIA, "31(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)", -EINVAL,
		"s.31(1)(a)" },
	{ "a regulation of an Act", STATUTE_FOIA, "reg 31", -EINVAL, "s.31(1)(a)" },
	{ "a section of the Regulations", STATUTE_EIR, "s.12(3)", -EINVAL, "reg 12(5)(e)" },
	{ "behind a sign", STATUTE_FOIA, "-31", -EINVAL, "s.31(1)(a)" },
	{ "certificates are no exemption", STATUTE_FOIA, "s.25", -ENOENT,
		"near it are s.24 and s.26" },
	{ "the cost limit is none", STATUTE_FOIA, "12", -ENOENT, "the nearest is s.21" },
	{ "behind Part II", STATUTE_FOIA, "s.45", -ENOENT, "the nearest is s.44" },
	{ "no such letter", STATUTE_FOIA, "s.22B", -ENOENT, "near it are s.22A and s.23" },
	{ "no such paragraph", STATUTE_EIR, "12(5)(h)", -ENOENT, "reg 12(5)(a) to reg 12(5)(g)" },
	{ "nothing chosen", STATUTE_EIR, "12(4)", -ENOENT, "reg 12(4)(a) to reg 12(4)(e)" },
	{ "not even a paragraph", STATUTE_EIR, "reg 12", -ENOENT, "reg 12(3) to reg 12(5)(g)" },
	{ "a section of the other Act", STATUTE_FOISA, "s.42", -ENOENT, "the nearest is s.41" },
	{ "below Part 2", STATUTE_FOISA, "s.24", -ENOENT, "the nearest is s.25" },
	{ "subject access", STATUTE_SAR, "s.40", -ENOENT, "no exemptions" },
};

static void what_is_none_is_refused_with_what_is_near(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		const struct exemption *row = NULL;
		char citation[EXEMPTION_MAX] = "kept";
		struct fault f = { 0 };
		int r = exemption_parse(refusals[i].regime, refusals[i].text, citation, &row, &f);

		if (r != refusals[i].code || !strstr(f.text, refusals[i].near))
			fail_msg("%s: %d %s", refusals[i].why, r, f.text);
		assert_int_equal(f.code, refusals[i].code);
		assert_string_equal(citation, "kept");
		assert_null(row);
	}
}

static const struct {
	enum statute_regime regime;
	const char *text;
	bool is_qualified;
	const char *law_deny;
} rows[] = {
	/* FOI 2000 s.2(3) names the absolute ones. */
	{ STATUTE_FOIA, "21", false, NULL },
	{ STATUTE_FOIA, "22", true, "FOI 2000 s.22(2)" },
	{ STATUTE_FOIA, "22A", true, "FOI 2000 s.22A(2)" },
	{ STATUTE_FOIA, "23", false, "FOI 2000 s.23(5)" },
	{ STATUTE_FOIA, "24", true, "FOI 2000 s.24(2)" },
	{ STATUTE_FOIA, "26", true, "FOI 2000 s.26(3)" },
	{ STATUTE_FOIA, "27", true, "FOI 2000 s.27(4)" },
	{ STATUTE_FOIA, "28", true, "FOI 2000 s.28(3)" },
	{ STATUTE_FOIA, "29", true, "FOI 2000 s.29(2)" },
	{ STATUTE_FOIA, "30", true, "FOI 2000 s.30(3)" },
	{ STATUTE_FOIA, "31", true, "FOI 2000 s.31(3)" },
	{ STATUTE_FOIA, "32", false, "FOI 2000 s.32(3)" },
	{ STATUTE_FOIA, "33", true, "FOI 2000 s.33(3)" },
	{ STATUTE_FOIA, "34", false, "FOI 2000 s.34(2)" },
	{ STATUTE_FOIA, "35", true, "FOI 2000 s.35(3)" },
	{ STATUTE_FOIA, "36", true, "FOI 2000 s.36(3)" },
	{ STATUTE_FOIA, "37", true, "FOI 2000 s.37(2)" },
	{ STATUTE_FOIA, "37(1)(a)", false, "FOI 2000 s.37(2)" },
	{ STATUTE_FOIA, "37(1)(aa)", false, "FOI 2000 s.37(2)" },
	{ STATUTE_FOIA, "37(1)(ab)", false, "FOI 2000 s.37(2)" },
	{ STATUTE_FOIA, "37(1)(ac)", true, "FOI 2000 s.37(2)" },
	{ STATUTE_FOIA, "37(1)(ad)", true, "FOI 2000 s.37(2)" },
	{ STATUTE_FOIA, "37(1)(b)", true, "FOI 2000 s.37(2)" },
	{ STATUTE_FOIA, "38", true, "FOI 2000 s.38(2)" },
	{ STATUTE_FOIA, "39", true, "FOI 2000 s.39(2)" },
	{ STATUTE_FOIA, "40", false, "FOI 2000 s.40(5B)" },
	{ STATUTE_FOIA, "40(1)", false, "FOI 2000 s.40(5A)" },
	{ STATUTE_FOIA, "40(2)", false, "FOI 2000 s.40(5B)" },
	{ STATUTE_FOIA, "40(3A)(a)", false, "FOI 2000 s.40(5B)" },
	{ STATUTE_FOIA, "40(3A)(b)", false, "FOI 2000 s.40(5B)" },
	{ STATUTE_FOIA, "40(3B)", true, "FOI 2000 s.40(5B)" },
	{ STATUTE_FOIA, "40(4A)(a)", true, "FOI 2000 s.40(5B)" },
	{ STATUTE_FOIA, "41", false, "FOI 2000 s.41(2)" },
	{ STATUTE_FOIA, "42", true, "FOI 2000 s.42(2)" },
	{ STATUTE_FOIA, "43", true, "FOI 2000 s.43(3)" },
	{ STATUTE_FOIA, "44", false, "FOI 2000 s.44(2)" },
	/* EIR 2004 reg 12(1)(b): all of 12(4) and 12(5). */
	{ STATUTE_EIR, "12(3)", false, "EIR 2004 reg 13(5A)" },
	{ STATUTE_EIR, "12(4)(a)", true, NULL },
	{ STATUTE_EIR, "12(4)(b)", true, NULL },
	{ STATUTE_EIR, "12(4)(c)", true, NULL },
	{ STATUTE_EIR, "12(4)(d)", true, NULL },
	{ STATUTE_EIR, "12(4)(e)", true, NULL },
	{ STATUTE_EIR, "12(5)(a)", true, "EIR 2004 reg 12(6)" },
	{ STATUTE_EIR, "12(5)(b)", true, NULL },
	{ STATUTE_EIR, "12(5)(c)", true, NULL },
	{ STATUTE_EIR, "12(5)(d)", true, NULL },
	{ STATUTE_EIR, "12(5)(e)", true, NULL },
	{ STATUTE_EIR, "12(5)(f)", true, NULL },
	{ STATUTE_EIR, "12(5)(g)", true, NULL },
	{ STATUTE_EIR, "13", false, "EIR 2004 reg 13(5A)" },
	{ STATUTE_EIR, "13(2A)", false, "EIR 2004 reg 13(5A)" },
	{ STATUTE_EIR, "13(2B)", true, "EIR 2004 reg 13(5A)" },
	{ STATUTE_EIR, "13(3A)", true, "EIR 2004 reg 13(5A)" },
	/* FOISA 2002 s.2(2) names the absolute ones; s.18 the sections that may be denied. */
	{ STATUTE_FOISA, "25", false, NULL },
	{ STATUTE_FOISA, "26", false, NULL },
	{ STATUTE_FOISA, "27(1)", true, NULL },
	{ STATUTE_FOISA, "27(2)", true, NULL },
	{ STATUTE_FOISA, "28", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "29", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "30", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "31", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "32", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "33", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "34", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "35", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "36", true, NULL },
	{ STATUTE_FOISA, "36(1)", true, NULL },
	{ STATUTE_FOISA, "36(2)", false, NULL },
	{ STATUTE_FOISA, "37", false, NULL },
	{ STATUTE_FOISA, "38", false, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "38(1)(a)", false, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "38(1)(b)", false, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "38(2B)", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "38(3A)", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "39", true, NULL },
	{ STATUTE_FOISA, "39(1)", true, "FOISA 2002 s.18" },
	{ STATUTE_FOISA, "39(2)", true, NULL },
	{ STATUTE_FOISA, "40", true, NULL },
	{ STATUTE_FOISA, "41", true, "FOISA 2002 s.18" },
};

static void each_exemption_is_what_the_law_says(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct exemption *row = NULL;
		char citation[EXEMPTION_MAX];

		if (exemption_parse(rows[i].regime, rows[i].text, citation, &row, NULL) != 0)
			fail_msg("%s is not there", rows[i].text);
		if (row->is_qualified != rows[i].is_qualified)
			fail_msg("%s: the public interest test is wrong", citation);
		if (rows[i].law_deny)
			assert_string_equal(row->law_deny, rows[i].law_deny);
		else
			assert_null(row->law_deny);
		assert_int_not_equal(strlen(row->title), 0);
	}
}

/* No section is left out, and none is there twice: what is between the first and the last. */
static void no_section_is_missing(void **state)
{
	static const struct {
		enum statute_regime regime;
		unsigned first, last, missing; /* missing: FOI 2000 s.25 is about certificates */
	} parts[] = { { STATUTE_FOIA, 21, 44, 25 }, { STATUTE_FOISA, 25, 41, 0 } };

	(void) state;
	for (size_t i = 0; i < COUNT(parts); i++)
		for (unsigned n = 1; n < 100; n++) {
			bool is_there =
				n >= parts[i].first && n <= parts[i].last && n != parts[i].missing;
			const struct exemption *row;
			char citation[EXEMPTION_MAX];
			char text[8];

			(void) snprintf(text, sizeof text, "%u", n);
			assert_int_equal(
				exemption_parse(parts[i].regime, text, citation, &row, NULL),
				is_there ? 0 : -ENOENT);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_is_read),
		cmocka_unit_test(what_is_none_is_refused_with_what_is_near),
		cmocka_unit_test(each_exemption_is_what_the_law_says),
		cmocka_unit_test(no_section_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
