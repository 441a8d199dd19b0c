/* test_html.c - the text of pages, and what of a page reaches the parser. */
/* SPDX-License-Identifier: MIT */
#include "domain/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const char *why;
	const char *html;
	const char *wanted;
};

static const struct row texts[] = {
	{ "nothing", "", "" },
	{ "no markup", "just words", "just words\n" },
	{ "paragraphs", "<p>one</p><p>two</p>", "one\n\ntwo\n" },
	{ "divisions", "<div>one</div><div>two</div>", "one\ntwo\n" },
	{ "line breaks", "one<br>two<br><br>three", "one\ntwo\n\nthree\n" },
	{ "white space", "  one \n\t two  ", "one two\n" },
	{ "hard spaces", "one&nbsp;two&#160;&#160;three", "one two  three\n" },
	{ "references", "&lt;b&gt; &amp; &pound;5 &#8217; &eacute;", "<b> & £5 ’ é\n" },
	{ "inline marks", "re<b>qu</b>est <a href=\"x\">here</a>", "request here\n" },
	{ "lists", "<ul><li>one</li><li>two</li></ul>", "- one\n- two\n" },
	{ "tables", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n" },
	{ "preformatted", "<pre>a  b\n c</pre>", "a  b\n c\n" },
	{ "scripts", "a<script>if (1<2) b();</script>c", "ac\n" },
	{ "a script that is never closed", "a<script>b", "a\n" },
	{ "styles and titles", "<head><title>t</title><style>p{}</style></head>x", "x\n" },
	{ "comments", "a<!-- b > c -->d<!-->e", "ade\n" },
	{ "Outlook's conditions", "a<!--[if mso]>b<![endif]-->c<![if !mso]>d<![endif]>", "acd\n" },
	{ "display:none", "a<div style=\"color:red; DISPLAY : none\">b</div>c", "ac\n" },
	{ "visibility:hidden", "a<span style='visibility:hidden'>b</span>c", "ac\n" },
	{ "font-size:0", "a<font style=\"font-size:0px\">b</font>c", "ac\n" },
	{ "font-size:0.9em is seen", "a<span style=\"font-size:0.9em\">b</span>c", "abc\n" },
	{ "the attribute hidden", "a<p hidden>b</p>c", "ac\n" },
	{ "hidden within hidden", "<div hidden>a<div>b</div>c</div>d", "d\n" },
	{ "invisible marks",
		"a\xE2\x80\x8C\xC2\xAD"
		"b",
		"ab\n" },
	{ "quoted mail", "new<blockquote type=\"cite\"><p>one</p><p>two</p></blockquote>",
		"new\n\n> one\n\n> two\n" },
	{ "quoted mail in quoted mail",
		"<blockquote class=gmail_quote>a<blockquote "
		"class=gmail_quote>b</blockquote></blockquote>",
		"> a\n\n>> b\n" },
	{ "an indented text is no quote", "<blockquote>a</blockquote>", "a\n" },
	{ "a rule", "a<hr>b", "a\n________________________________\nb\n" },
	{ "less-than in words", "1 < 2 and a<3", "1 < 2 and a<3\n" },
	{ "a tag that is never closed", "a<p title=\"b", "a\n" },
	{ "an attribute that holds a tag", "<p title=\"<script>\">a</p>", "a\n" },
	{ "ends without starts", "a</div></p></b>b", "ab\n" },
	{ "UTF-8", "caf\xC3\xA9 \xF0\x9F\x90\x88", "café 🐈\n" },
	{ "broken UTF-8",
		"a\xFF"
		"b",
		"a\xEF\xBF\xBD"
		"b\n" },
};

static void test_texts(void **state)
{
	unsigned wrong = 0;

	(void) state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		char *have = NULL;
		size_t n = 0;

		assert_int_equal(
			html_to_text(texts[i].html, strlen(texts[i].html), 1000, &have, &n), 0);
		if (strcmp(have, texts[i].wanted) != 0) {
			print_error("%s: \"%s\"\n", texts[i].why, have);
			wrong++;
		}
		free(have);
	}
	assert_int_equal(wrong, 0);
}

static const struct row reduced[] = {
	{ "attributes go", "<p class=a id=b onclick=\"c\">x</p>", "<p>x</p>" },
	{ "formatting becomes a span", "<b><i>x</i></b>", "<span><span>x</span></span>" },
	{ "hidden stays", "<b style=\"display:none\">x</b>", "<span hidden>x</span>" },
	{ "an end without a start goes", "</div>x", "x" },
	{ "a lone mark is escaped", "a < b", "a &lt; b" },
	{ "what only a cheated reader would see", "<p \"a=b>c\">d</p>", "<p>c\">d</p>" },
	{ "upper case", "<DIV>x</DIV>", "<div>x</div>" },
};

static void test_reduced(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof reduced / sizeof reduced[0]; i++) {
		char *have = NULL;
		size_t n = 0;

		assert_int_equal(
			html_reduce(reduced[i].html, strlen(reduced[i].html), &have, &n), 0);
		if (strcmp(have, reduced[i].wanted) != 0)
			fail_msg("%s: \"%s\"", reduced[i].why, have);
		free(have);
	}
}

static size_t count(const char *text, const char *needle)
{
	size_t n = 0;

	for (; (text = strstr(text, needle)) != NULL; text++)
		n++;
	return n;
}

/* Whatever is sent, the parser sees a bounded number of tags, and not too many open. */
static void test_bounds(void **state)
{
	size_t n = 500000;
	char *html = malloc(n * 5 + 1);
	char *have = NULL;
	size_t have_n = 0;

	(void) state;
	assert_non_null(html);
	for (size_t i = 0; i < n; i++)
		memcpy(html + i * 5, "<div>", 6);
	assert_int_equal(html_reduce(html, n * 5, &have, &have_n), 0);
	assert_int_equal(count(have, "<div>"), HTML_DEPTH_MAX);
	free(have);
	for (size_t i = 0; i < n; i++)
		memcpy(html + i * 5, i % 2 ? "</p>x" : "<p >x", 6);
	assert_int_equal(html_reduce(html, n * 5, &have, &have_n), 0);
	assert_in_range(count(have, "<p>") + count(have, "</p>"), HTML_TAGS_MAX, HTML_TAGS_MAX + 1);
	assert_int_equal(count(have, "x"), n);
	free(have);
	assert_int_equal(html_to_text("caf\xC3\xA9", 5, 4, &have, &have_n), 0);
	assert_string_equal(have, "caf");
	free(have);
	free(html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_reduced),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
