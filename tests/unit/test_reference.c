/* test_reference.c - reference numbers: templates, filling in, finding. */
/* SPDX-License-Identifier: MIT */
#include "domain/reference.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct reference_template parsed(const char *text)
{
	struct reference_template t = { .n = 0 };

	assert_int_equal(reference_template_parse(text, &t, NULL), 0);
	return t;
}

static void templates_are_checked(void **state)
{
	static const struct {
		const char *why;
		const char *text;
		int result;
	} rows[] = {
		{ "the default", "FOI {seq:6}/{yy}", 0 },
		{ "year first, as the Cabinet Office", "FOI{yyyy}/{seq:5}", 0 },
		{ "month of logging, as the Met had it", "{yyyy}{mm}{seq:7}", 0 },
		{ "a bare counter is every number", "{seq}", -EINVAL },
		{ "a counter and a year is every date", "{seq}-{yy}", -EINVAL },
		{ "no counter at all", "FOI {yy}", -EINVAL },
		{ "two counters", "FOI {seq}/{seq}", -EINVAL },
		{ "unknown field", "FOI {num}/{yy}", -EINVAL },
		{ "open brace", "FOI {seq", -EINVAL },
		{ "width of a year", "FOI {seq}/{yy:3}", -EINVAL },
		{ "width 0", "FOI {seq:0}", -EINVAL },
		{ "width beyond sense", "FOI {seq:13}", -EINVAL },
		{ "a character that no Message-ID holds", "FOI@{seq}", -EINVAL },
		{ "a letter beyond ASCII", "F\xC3\x96I {seq}", -EINVAL },
		{ "a line end", "FOI\n{seq}", -EINVAL },
		{ "a space at the end", "FOI {seq} ", -EINVAL },
		{ "nothing", "", -EINVAL },
		{ "a digit behind the counter", "F{seq}16F", -EINVAL },
		{ "longer than a reference can be",
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ{yyyy}ABCDEFGHIJKLMNOPQRSTUVWXYZ{seq:12}",
			-EINVAL },
		{ "a literal too long to keep", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ {seq}",
			-EINVAL },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct reference_template t;
		struct fault f = { .code = 0 };

		if (reference_template_parse(rows[i].text, &t, &f) != rows[i].result)
			fail_msg("%s", rows[i].why);
		if (rows[i].result < 0)
			assert_true(f.text[0] != '\0');
	}
}

static void numbers_are_filled_in(void **state)
{
	static const struct {
		const char *template;
		uint64_t seq;
		const char *want;
	} rows[] = {
		{ "FOI {seq:6}/{yy}", 1761, "FOI 001761/18" },
		{ "FOI {seq:6}/{yy}", 12345678, "FOI 12345678/18" },
		{ "FOI-{seq}-{yyyy}", 120, "FOI-120-2018" },
		{ "{yyyy}{mm}{seq:7}", 941, "2018060000941" },
		{ "FOI{yyyy}/{seq:5}", 15063, "FOI2018/15063" },
	};
	struct day when;

	(void) state;
	assert_int_equal(day_from_civil(2018, 6, 4, &when), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct reference_template t = parsed(rows[i].template);
		char text[REFERENCE_MAX];

		assert_int_equal(reference_format(&t, rows[i].seq, when, text), 0);
		assert_string_equal(text, rows[i].want);
	}
}

static void a_reference_too_long_is_refused(void **state)
{
	struct reference_template t = parsed("ABCDEFGHIJKLMNOPQRSTUVWXYZ{yyyy}"
					     "ABCDEFGHIJKLMNOPQRSTU{seq}");
	struct day when = { .n = 0 };
	char text[REFERENCE_MAX] = "unchanged";

	(void) state;
	assert_int_equal(reference_format(&t, 1000000000000, when, text), -EOVERFLOW);
	assert_string_equal(text, "unchanged");
}

struct spelling {
	const char *why;
	const char *text;
	const char *want; /* NULL: no reference in it */
};

static void check_spellings(const char *template, const struct spelling *rows, size_t n)
{
	struct reference_template t = parsed(template);

	for (size_t i = 0; i < n; i++) {
		struct reference_hit hits[2];
		size_t found = reference_find(&t, rows[i].text, hits, 2);

		if (found != (rows[i].want ? 1 : 0))
			fail_msg("%s: %zu found in '%s'%s%s", rows[i].why, found, rows[i].text,
				found ? ", first " : "", found ? hits[0].reference : "");
		if (found && strcmp(hits[0].reference, rows[i].want) != 0)
			fail_msg("%s: '%s'", rows[i].why, hits[0].reference);
	}
}

#define CHECK_SPELLINGS(template, rows)                                                            \
	check_spellings(template, rows, sizeof rows / sizeof rows[0])

static void every_spelling_is_found(void **state)
{
	static const struct spelling rows[] = {
		{ "as we write it", "FOI 001761/18", "FOI 001761/18" },
		{ "in a subject", "Re: Your request - FOI 001761/18", "FOI 001761/18" },
		{ "no space, hyphen", "FOI001761-18", "FOI 001761/18" },
		{ "small letters, no zeros", "foi 1761/18", "FOI 001761/18" },
		{ "hyphens throughout", "FOI-1761-18", "FOI 001761/18" },
		{ "no-break space",
			"FOI\xC2\xA0"
			"001761/18",
			"FOI 001761/18" },
		{ "in brackets", "[FOI 001761/18]", "FOI 001761/18" },
		{ "number in brackets", "FOI [001761/18]", "FOI 001761/18" },
		{ "behind a bracket and text", "Thanks (FOI 001761/18).", "FOI 001761/18" },
		{ "split behind the letters", "your letter FOI\n001761/18", "FOI 001761/18" },
		{ "split behind the slash", "your letter FOI 001761/\r\n18", "FOI 001761/18" },
		{ "split in quoted mail", "> your letter FOI\n> > 001761/18", "FOI 001761/18" },
		{ "nothing between", "FOI00176118", "FOI 001761/18" },
		{ "only blanks between", "foi 001761 18", "FOI 001761/18" },
		{ "spaces around the slash", "FOI 001761 / 18", "FOI 001761/18" },
		{ "no-break hyphen",
			"FOI 001761\xE2\x80\x91"
			"18",
			"FOI 001761/18" },
		{ "en dash",
			"FOI 001761\xE2\x80\x93"
			"18",
			"FOI 001761/18" },
		{ "underscores of a file name", "FOI_001761_18.pdf", "FOI 001761/18" },
		{ "year written out", "FOI 1761/2018", "FOI 001761/18" },
		{ "colon", "FOI: 001761/18", "FOI 001761/18" },
		{ "FOI ref", "FOI ref. 1761/18", "FOI 001761/18" },
		{ "FOI request ref no", "FOI Request Ref No: 001761/18", "FOI 001761/18" },
		{ "one zero too many", "FOI 0001761/18", "FOI 001761/18" },
		{ "an end of a sentence", "It is FOI 001761/18. 3 questions follow",
			"FOI 001761/18" },
		{ "initials behind it", "FOI 001761/18/ab", "FOI 001761/18" },
		{ "behind curly quotes",
			"\xE2\x80\x9C"
			"FOI 001761/18\xE2\x80\x9D",
			"FOI 001761/18" },
		{ "directly behind re:", "re:FOI 001761/18", "FOI 001761/18" },
		{ "points between the letters", "F.O.I. 001761/18", "FOI 001761/18" },
		{ "points, and none behind the last", "f.o.i 1761/18", "FOI 001761/18" },
		{ "twice the same", "FOI 001761/18 is FOI1761-18", "FOI 001761/18" },
	};

	(void) state;
	CHECK_SPELLINGS("FOI {seq:6}/{yy}", rows);
}

static void look_alikes_are_not_ours(void **state)
{
	static const struct spelling rows[] = {
		{ "a section", "section 12/18", NULL },
		{ "two points between the letters", "F..O.I 001761/18", NULL },
		{ "another authority's, year first", "FOI 2018/1761", NULL },
		{ "another authority's, glued", "FOI2023/15063", NULL },
		{ "a span of years", "FOI 2018/2019 statistics", NULL },
		{ "the Commissioner's", "IC-181036-K2B7", NULL },
		{ "the Commissioner's, old", "FS50267838", NULL },
		{ "another body's prefix", "WBC-FOI-001761/18", NULL },
		{ "another body's form", "01/FOI/18/001234", NULL },
		{ "a date", "my FOI 12/10/2018", NULL },
		{ "a date of short year", "my FOI 12/10/18", NULL },
		{ "a date without marks", "FOI 20180917", NULL },
		{ "a request with a date", "my FOI request 9-11", NULL },
		{ "inside a word", "BUFFOI 001761/18", NULL },
		{ "inside a word of another script",
			"\xC3\x89"
			"FOI 001761/18",
			NULL },
		{ "a year of three digits", "FOI 001761/181", NULL },
		{ "a letter at the end", "FOI 001761/18a", NULL },
		{ "a year before there was an Act", "FOI 001761/1066", NULL },
		{ "number zero", "FOI 000000/18", NULL },
		{ "two lines that have nothing in common", "about FOI 1761\n18 people asked",
			NULL },
		{ "a blank line between", "FOI\n\n001761/18", NULL },
		{ "a counter of twenty digits", "FOI 00000000000000001761/18", NULL },
		{ "the Act", "FOI Act 2000", NULL },
		{ "nothing behind", "FOI", NULL },
		{ "cut behind the slash", "FOI 001761/", NULL },
		{ "no text", NULL, NULL },
	};

	(void) state;
	CHECK_SPELLINGS("FOI {seq:6}/{yy}", rows);
}

static void other_templates_are_found(void **state)
{
	static const struct spelling cabinet[] = {
		{ "as written", "FOI2023/15063", "FOI2023/15063" },
		{ "a space", "FOI 2023/15063", "FOI2023/15063" },
		{ "glued", "foi202315063", "FOI2023/15063" },
		{ "short year", "FOI 23/15063", "FOI2023/15063" },
		{ "the default's form", "FOI 001761/18", NULL },
	};
	static const struct spelling met[] = {
		{ "as written", "our ref 2018060000941.", "2018060000941" },
		{ "no such month", "2018130000941", NULL },
		{ "one digit short", "201806000094", NULL },
		{ "a telephone number", "02070000000941", NULL },
	};
	static const struct spelling short_year[] = {
		{ "year before the counter", "R180042", "R180042" },
		{ "too short", "R18004", NULL },
	};

	(void) state;
	CHECK_SPELLINGS("FOI{yyyy}/{seq:5}", cabinet);
	CHECK_SPELLINGS("{yyyy}{mm}{seq:7}", met);
	CHECK_SPELLINGS("R{yy}{seq:4}", short_year);
}

static void several_are_found_in_order(void **state)
{
	struct reference_template t = parsed("FOI {seq:6}/{yy}");
	const char *text = "see FOI 1/26, FOI 2/26, FOI 000001/26 and FOI 3/26";
	struct reference_hit hits[3];

	(void) state;
	assert_int_equal(reference_find(&t, text, hits, 3), 3);
	assert_string_equal(hits[0].reference, "FOI 000001/26");
	assert_string_equal(hits[1].reference, "FOI 000002/26");
	assert_string_equal(hits[2].reference, "FOI 000003/26");
	assert_int_equal(hits[0].offset, 4);
	assert_int_equal(hits[0].length, strlen("FOI 1/26"));
	assert_int_equal(reference_find(&t, text, hits, 2), 2);
}

/* What we write ourselves is always found again. */
static void every_format_is_found_again(void **state)
{
	static const char *const templates[] = { "FOI {seq:6}/{yy}", "IR {seq:6}/{yy}",
		"FOI{yyyy}/{seq:5}", "{yyyy}{mm}{seq:7}", "FOI-{seq}-{yyyy}",
		"F.{seq:4}:{mm}.{yy}" };
	struct day when;

	(void) state;
	assert_int_equal(day_from_civil(2026, 11, 23, &when), 0);
	for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++) {
		struct reference_template t = parsed(templates[i]);

		for (uint64_t seq = 1; seq < 3000000; seq = seq * 3 + 1) {
			char text[REFERENCE_MAX];
			struct reference_hit hit;

			assert_int_equal(reference_format(&t, seq, when, text), 0);
			if (reference_find(&t, text, &hit, 1) != 1)
				fail_msg("'%s' is not found", text);
			assert_string_equal(hit.reference, text);
		}
	}
}

static void time_is_linear(void **state)
{
	struct reference_template t = parsed("FOI {seq:6}/{yy}");
	size_t n = 1024 * 1024;
	char *text = malloc(n + 1);
	struct reference_hit hit;

	(void) state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[i] = "FOI 1 "[i % 6];
	text[n] = '\0';
	assert_int_equal(reference_find(&t, text, &hit, 1), 0);
	memset(text, '1', n);
	assert_int_equal(reference_find(&t, text, &hit, 1), 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_checked),
		cmocka_unit_test(numbers_are_filled_in),
		cmocka_unit_test(a_reference_too_long_is_refused),
		cmocka_unit_test(every_spelling_is_found),
		cmocka_unit_test(look_alikes_are_not_ours),
		cmocka_unit_test(other_templates_are_found),
		cmocka_unit_test(several_are_found_in_order),
		cmocka_unit_test(every_format_is_found_again),
		cmocka_unit_test(time_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
