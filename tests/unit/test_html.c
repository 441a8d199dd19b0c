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
	{ "a number beyond Unicode", "a&#3690987520;b",
		"a\xEF\xBF\xBD"
		"b\n" },
	{ "inline marks", "re<b>qu</b>est <a href=\"x\">here</a>", "request here\n" },
	{ "lists", "<ul><li>one</li><li>two</li></ul>", "- one\n- two\n" },
	{ "numbers", "<ol><li>one</li><li><p>two</p></li></ol>", "1. one\n2. two\n" },
	{ "numbers from another one", "<ol start=\"7\"><li>one<li>two</ol>", "7. one\n8. two\n" },
	{ "a start that is no number", "<ol start=\"-1x\"><li>one</ol>", "1. one\n" },
	{ "lists in lists", "<ol><li>one<ul><li>a</li></ul></li><li>two</li></ol>",
		"1. one\n- a\n2. two\n" },
	{ "an empty item", "<ol><li></li><li>two</li></ol>", "1.\n2. two\n" },
	{ "an item without a list", "<li>one</li>", "- one\n" },
	{ "a link", "<a href=\"https://example.org/x\">here</a>.",
		"here <https://example.org/x>.\n" },
	{ "a link that says where it leads",
		"<a href=\"https://www.example.org/\"><b>example.org</b></a>", "example.org\n" },
	{ "a link around a picture", "<a href=\"https://example.org/\"><img src=x></a>a", "a\n" },
	{ "a link to an address", "<a href=\"mailto:jo@example.org\">Jo</a>", "Jo\n" },
	{ "a link within the page", "<a href=\"#x\">up</a>", "up\n" },
	{ "a link with a program", "<a href=\"javascript:x()\">up</a>", "up\n" },
	{ "a link to a scheme alone", "<a href=\"http://\">up</a>", "up\n" },
	{ "a link to the start of a scheme", "<a href=\"ht\">up</a>", "up\n" },
	{ "a link without an address", "<a name=x>up</a>", "up\n" },
	{ "a link with tags in it", "<a href=\"https://a/<b>\">up</a>", "up\n" },
	{ "a link with references", "<a href=\"https://a/?b&amp;c\">up</a>",
		"up <https://a/?b&c>\n" },
	{ "a hidden link", "<a href=\"https://example.org/x\" hidden>here</a>x", "x\n" },
	{ "a link that is never closed", "<a href=\"https://example.org/x\">here", "here\n" },
	{ "an end of no link", "here</a>", "here\n" },
	{ "elements without an end", "a<embed hidden>b<area hidden>c", "abc\n" },
	{ "what Word keeps for itself", "a<xml><o:p>b</o:p></xml>c", "ac\n" },
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
	{ "a reference to a number over all bounds", "a&#x88888888;b",
		"a\xEF\xBF\xBD"
		"b\n" },
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
		struct html_over over;
		char *have = NULL;
		size_t n = 0;

		assert_int_equal(
			html_to_text(texts[i].html, strlen(texts[i].html), 1000, &have, &n, &over),
			0);
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
	{ "where a list starts", "<ol class=x start=3><li>x</ol>", "<ol start=3><li>x</li></ol>" },
	{ "a link's address", "<a href='http://a/&lt;'>x</a>",
		"<span>x &lt;http://a/&lt;&gt;</span>" },
	{ "upper case", "<DIV>x</DIV>", "<div>x</div>" },
	{ "paragraphs without an end", "<p>a<p>b<div>c", "<p>a</p><p>b</p><div>c" },
	{ "items without an end, a list in one of them", "<ul><li>a<ul><li>b<li>c</ul><li>d",
		"<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d" },
	{ "rows and cells without an end", "<table><tr><td>a<td><p>b<tr><td>c",
		"<table><tr><td>a</td><td><p>b</p></td></tr><tr><td>c" },
	{ "a table in a cell ends nothing around it", "<table><tr><td><table><tr><td>a",
		"<table><tr><td><table><tr><td>a" },
	{ "the end of a paragraph that has ended already", "<p>a<p>b</p></p>c",
		"<p>a</p><p>b</p>c" },
	{ "ends that cross", "<b><p>a</b>b</p>c", "<span><p>a</p></span>bc" },
	{ "a hidden paragraph without an end hides no other", "<p hidden>a<p>b",
		"<p hidden>a</p><p>b" },
};

static void test_reduced(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof reduced / sizeof reduced[0]; i++) {
		struct html_over over;
		char *have = NULL;
		size_t n = 0;

		assert_int_equal(
			html_reduce(reduced[i].html, strlen(reduced[i].html), &have, &n, &over), 0);
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
	struct html_over over;
	char *have = NULL;
	size_t have_n = 0;

	(void) state;
	assert_non_null(html);
	for (size_t i = 0; i < n; i++)
		memcpy(html + i * 5, "<div>", 6);
	assert_int_equal(html_reduce(html, n * 5, &have, &have_n, &over), 0);
	assert_int_equal(count(have, "<div>"), HTML_DEPTH_MAX);
	assert_int_equal(over.is_too_deep, true);
	assert_int_equal(over.is_too_many, false);
	free(have);
	for (size_t i = 0; i < n; i++)
		memcpy(html + i * 5, i % 2 ? "</p>x" : "<p >x", 6);
	assert_int_equal(html_reduce(html, n * 5, &have, &have_n, &over), 0);
	assert_in_range(count(have, "<p>") + count(have, "</p>"), HTML_TAGS_MAX, HTML_TAGS_MAX + 1);
	assert_int_equal(count(have, "x"), n);
	assert_int_equal(over.is_too_deep, false);
	assert_int_equal(over.is_too_many, true);
	free(have);
	assert_int_equal(html_to_text("caf\xC3\xA9", 5, 4, &have, &have_n, &over), 0);
	assert_string_equal(have, "caf");
	assert_int_equal(over.is_cut, true);
	free(have);
	free(html);
}

/* Ends that HTML lets a writer leave out make no page deep. */
static void test_long_is_not_deep(void **state)
{
	static const char *const tags[] = { "<p>", "<ul><p>", "<li>", "<tr><td><p>", "<td>" };

	(void) state;
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
		char html[HTML_DEPTH_MAX * 20] = "";
		struct html_over over;
		char *have = NULL;
		size_t n = 0;
		size_t unit = strlen(tags[i]);

		for (size_t k = 0; k <= HTML_DEPTH_MAX; k++)
			memcpy(html + k * unit, tags[i], unit + 1);
		assert_int_equal(html_reduce(html, strlen(html), &have, &n, &over), 0);
		assert_int_equal(over.is_too_deep, tags[i][1] == 'u');
		free(have);
	}
}

/* The set that a page names itself. */
static void test_charset(void **state)
{
	static const struct row rows[] = {
		{ "HTML5", "<meta charset=\"koi8-r\">", "koi8-r" },
		{ "HTML4", "<META content='text/html; charset=koi8-r' http-equiv=x>", "koi8-r" },
		{ "no quotes", "<meta charset = koi8-r />", "koi8-r" },
		{ "the second meta", "<meta name=x><meta charset=koi8-r>", "koi8-r" },
		{ "UTF-16 that cannot be", "<meta charset=utf-16le>", "utf-8" },
		{ "no value", "<meta charset>", "" },
		{ "no end", "<meta charset=koi8-r", "" },
		{ "no meta", "<p charset=koi8-r>", "" },
		{ "too long",
			"<meta charset=0123456789012345678901234567890123456789012345678901234567"
			"890123456789>",
			"" },
		{ "nothing", "", "" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char have[HTML_CHARSET_MAX];

		html_charset(rows[i].html, strlen(rows[i].html), have);
		if (strcmp(have, rows[i].wanted) != 0)
			fail_msg("%s: \"%s\"", rows[i].why, have);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_reduced),
		cmocka_unit_test(test_charset),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_long_is_not_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
