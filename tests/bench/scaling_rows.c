/* scaling_rows.c - what a sender may repeat to keep a reader busy, one trouble a row.
 *
 * A row is as long as the bound of what it repeats lets it be: behind that, more would cost
 * nothing. */
/* SPDX-License-Identifier: MIT */
#include "domain/letter.h"
#include "tests/bench/scaling.h"

#define FIELD 65000U   /* of one header field, FIELD_VALUE_MAX is looked at */
#define VALUE 8000U    /* of one structured value, MIME_VALUE_MAX is */
#define TEXT  1000000U /* below LETTER_TEXT_MAX */
#define MAIL  8000000U /* nothing bounds it but the length of the mail */

#define FROM	 "From: jane@example.org\r\n"
#define PLAIN	 FROM "\r\n"
#define HTML	 FROM "Content-Type: text/html\r\n\r\n"
#define MIXED	 FROM "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define FLOWED	 FROM "Content-Type: text/plain; format=flowed\r\n\r\n"
#define BASE64	 FROM "Content-Transfer-Encoding: base64\r\n\r\n"
#define LINES_10 "\n\n\n\n\n\n\n\n\n\n"
#define LINES_100                                                                                  \
	LINES_10 LINES_10 LINES_10 LINES_10 LINES_10 LINES_10 LINES_10 LINES_10 LINES_10 LINES_10
#define LINES_1000                                                                                 \
	LINES_100 LINES_100 LINES_100 LINES_100 LINES_100 LINES_100 LINES_100 LINES_100 LINES_100  \
		LINES_100
#define WORD_100                                                                                   \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                                       \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG_WORD                                                                                  \
	WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100  \
		WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100 WORD_100   \
			WORD_100
#define BODY "\r\n\r\nhello\r\n"

const struct scaling_row scaling_rows[] = {
	/* ---- header ------------------------------------------------------------------------- */
	{ "one long line", FROM "X-Long: ", "0123456789abcdef", BODY, MAIL },
	{ "one field of many lines", FROM "X-Long: ", "a\r\n ", BODY, MAIL },
	{ "many fields", FROM, "X-A: b\r\n", "\r\n", MAIL },
	{ "many lines that are no field, each before one that is", FROM, "x\r\nX-A: b\r\n", "\r\n",
		MAIL },
	{ "many blanks before a colon", FROM "X-A", " ", ": b" BODY, MAIL },
	{ "many blanks in a subject", FROM "Subject: a", " ", "b" BODY, FIELD },
	{ "many fields of blanks", FROM, "Subject:                                  \r\n", "\r\n",
		MAIL },
	{ "many dates that are none", FROM, "Date: ((((((((((((((((((((((\r\n", "\r\n", MAIL },
	/* ---- encoded words ------------------------------------------------------------------ */
	{ "encoded words", FROM "Subject: ", "=?utf-8?q?a=C3=A9?= ", BODY, FIELD },
	{ "encoded words that never end", FROM "Subject: ", "=?a?q?b", BODY, FIELD },
	{ "encoded words of nothing", FROM "Subject: ", "=?a?q?", BODY, FIELD },
	{ "encoded words of sets that nobody knows", FROM "Subject: ",
		"=?xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?q?a?="
		"=?-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?q?a?=",
		BODY, FIELD },
	{ "encoded words without an encoding", FROM "Subject: ", "=?", BODY, FIELD },
	{ "encoded words of one digit", FROM "Subject: ", "=?utf-8?b?Q?=", BODY, FIELD },
	{ "encoded words of alternate sets",
		FROM "Subject: ", "=?koi8-r?q?a?= =?iso-2022-jp?q?b?= ", BODY, FIELD },
	{ "encoded words of blanks", FROM "Subject: ", "=?utf-8?q?____?= ", BODY, FIELD },
	/* ---- addresses ---------------------------------------------------------------------- */
	{ "brackets that open", "From: ", "(", BODY, FIELD },
	{ "angle brackets that open", "From: ", "<", BODY, FIELD },
	{ "angle brackets of nothing", "From: a", "<>", "@example.org" BODY, FIELD },
	{ "quotes", "From: ", "\"", BODY, FIELD },
	{ "quotes within angle brackets", "From: <", "\"\"", "@example.org>" BODY, FIELD },
	{ "backslashes within quotes", "From: \"", "\\", BODY, FIELD },
	{ "colons behind an address", "From: a@example.org", ":", BODY, FIELD },
	{ "colons behind a long address", "From: " LONG_WORD LONG_WORD "@example.org", ":", BODY,
		FIELD },
	{ "groups", "From: ", "a:;", BODY, FIELD },
	{ "commas", "From: ", ",", BODY, FIELD },
	{ "at signs", "From: ", "@", BODY, FIELD },
	{ "addresses", FROM "To: ", "a%u@example.org, ", BODY, FIELD },
	{ "fields of addresses that are none", FROM, "To: someone @ example\r\n", "\r\n", MAIL },
	/* ---- Message-IDs -------------------------------------------------------------------- */
	{ "references", FROM "References: ", "<%u@example.org> ", BODY, FIELD },
	{ "references that open", FROM "References: ", "<", BODY, FIELD },
	{ "fields of references", FROM, "References: <%u@example.org>\r\n", "\r\n", MAIL },
	{ "references that never close", FROM "References: ", "<a", BODY, FIELD },
	{ "Message-IDs in the text", PLAIN, "Message-ID: <%u@example.org>\r\n", "", TEXT },
	/* ---- parts -------------------------------------------------------------------------- */
	{ "parts", MIXED, "--b\r\n\r\nx\r\n", "", MAIL },
	{ "lines that nearly are a boundary",
		FROM "Content-Type: multipart/mixed; "
		     "boundary=\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"\r\n\r\n",
		"--bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbB\r\n", "", MAIL },
	{ "boundaries with blanks behind them", MIXED "--b\r\n\r\n--b", " ", "x\r\n", MAIL },
	{ "lines of hyphens", MIXED "--b\r\n\r\n", "--\n", "", MAIL },
	{ "multiparts within each other", FROM,
		"Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n", "", MAIL },
	{ "mails within each other", FROM, "Content-Type: message/rfc822\r\n\r\n", "", MAIL },
	{ "mails beside each other", MIXED,
		"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n", "", MAIL },
	{ "texts of blank lines, one instead of the other",
		FROM "Content-Type: multipart/alternative; boundary=b\r\n\r\n",
		"--b\r\n\r\n" LINES_1000 LINES_1000, "", TEXT },
	{ "fields of a delivery report",
		FROM "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
		     "Content-Type: message/delivery-status\r\n\r\n",
		"x\r\nAction: failed\r\n\r\n", "", FIELD },
	/* ---- structured values -------------------------------------------------------------- */
	{ "continuations of a name", FROM "Content-Disposition: attachment; ", "filename*%u=a; ",
		BODY, VALUE },
	{ "one continuation, many times", FROM "Content-Disposition: attachment; ",
		"filename*1*=%%41; ", BODY, VALUE },
	{ "parameters without a value", FROM "Content-Type: text/plain; ", "a;", BODY, VALUE },
	{ "quotes in parameters", FROM "Content-Type: text/plain; a=", "\"", BODY, VALUE },
	{ "blanks in a type", FROM "Content-Type: text", " ", "/plain" BODY, VALUE },
	{ "names of attachments", MIXED,
		"--b\r\nContent-Type: a/b; name=\"a/b/c/d/e/f/g/h/i/j/k/l\"\r\n\r\n\r\n", "",
		MAIL },
	/* ---- transfer encodings ------------------------------------------------------------- */
	{ "base64 of errors", BASE64, "!Q=!\r\n", "", MAIL },
	{ "base64 of padding", BASE64, "=", "", MAIL },
	{ "base64, a digit a line", BASE64, "Q\r\n", "", MAIL },
	{ "quoted-printable of errors", FROM "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		"= ", "", MAIL },
	{ "quoted-printable of blanks", FROM "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		"=                               x", "", MAIL },
	{ "uuencode", FROM "Content-Transfer-Encoding: x-uuencode\r\n\r\n", "#86)C\r\n", "", MAIL },
	{ "uuencode that begins", PLAIN, "begin 644 x\r\n", "", TEXT },
	{ "uuencode that never ends", PLAIN, "begin 644 x.txt\r\n#86)C\r\n", "", TEXT },
	{ "uuencode that ends", PLAIN, "begin 644 x.txt\r\n#86)C\r\nend\r\n", "", TEXT },
	{ "octets that are no UTF-8", PLAIN, "\xE2\x82", "", TEXT },
	{ "a set with states", FROM "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n",
		"\x1B$B\x1B(B", "", TEXT },
	{ "octets that are no UTF-16", FROM "Content-Type: text/plain; charset=utf-16le\r\n\r\n",
		"\xD8\xD8\xD8\xD8", "", TEXT },
	/* ---- HTML --------------------------------------------------------------------------- */
	{ "tags", HTML, "<p>a</p>", "", TEXT },
	{ "tags that open", HTML, "<div>", "", TEXT },
	{ "tags that close", HTML, "</div>", "", TEXT },
	{ "tags without an end", HTML, "<a ", "", TEXT },
	{ "brackets", HTML, "<", "", TEXT },
	{ "attributes", HTML "<p ", "a%u=b ", ">", TEXT },
	{ "styles", HTML, "<p style='color:red;display:none;display:none;display:none'>a</p>", "",
		TEXT },
	{ "entities", HTML, "&amp;", "", TEXT },
	{ "entities that are none", HTML, "&amplifications", "", TEXT },
	{ "entities of one letter", HTML, "&", "", TEXT },
	{ "numbers of characters", HTML, "&#65;", "", TEXT },
	{ "numbers of characters that never end", HTML "&#", "0", "", TEXT },
	{ "numbers of no character", HTML, "&#99999999", "", TEXT },
	{ "comments", HTML, "<!---->", "", TEXT },
	{ "comments that never end", HTML, "<!--", "", TEXT },
	{ "scripts that never end", HTML, "<script>", "", TEXT },
	{ "ends of a script that are none", HTML "<script>", "</scripT", "", TEXT },
	{ "links", HTML, "<a href=http://example.org/>x</a>", "", TEXT },
	{ "links that never end", HTML, "<a href=http://example.org/>x", "", TEXT },
	{ "one link of many tags", HTML "<a href=http://example.org/>", "<i>", "</a>", TEXT },
	{ "formatting that never ends", HTML, "<b id=x><p>x", "", TEXT },
	{ "tables within each other", HTML, "<table><tr><td>x", "", TEXT },
	{ "words within a table", HTML "<table>", "x<tr>", "", TEXT },
	{ "lists within each other", HTML, "<ol><li>", "", TEXT },
	{ "quotes within each other", HTML, "<blockquote type=cite>x<br>", "", TEXT },
	{ "preformatted line ends", HTML "<pre>", "\n", "x</pre>", TEXT },
	{ "hard blanks", HTML, "&nbsp; ", "", TEXT },
	/* ---- text --------------------------------------------------------------------------- */
	{ "one long line of text", PLAIN, "word ", "", TEXT },
	{ "blank lines", PLAIN, "\n", "x", TEXT },
	{ "blanks", PLAIN, " ", "x", TEXT },
	{ "blanks before each line end", PLAIN, "x                                 \n", "", TEXT },
	{ "carriage returns", PLAIN "\n", "\r", "", TEXT },
	{ "flowed lines", FLOWED, "a \n", "", TEXT },
	{ "flowed quotes", FLOWED, ">>>>>>>>>>>>>>>>>>>>>>>>a \n", "", TEXT },
	{ "flowed quotes, each deeper", FLOWED, ">%u \n>> \n", "", TEXT },
	{ "one flowed quote", FLOWED, ">", "", TEXT },
	{ "enriched text", FROM "Content-Type: text/enriched\r\n\r\n", "<param>a", "", TEXT },
	{ "enriched brackets", FROM "Content-Type: text/enriched\r\n\r\n", "<a", "", TEXT },
	{ "signed lines", PLAIN "-----BEGIN PGP SIGNED MESSAGE-----\n\n", "- -\n", "", TEXT },
	{ "signatures by PGP", PLAIN,
		"-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n", "",
		TEXT },
	/* ---- what is quoted ----------------------------------------------------------------- */
	{ "one line of quotes", PLAIN, ">", "\n", TEXT },
	{ "lines of quotes", PLAIN, ">>>>>>>>>>>>>>>>\n", "", TEXT },
	{ "initials", PLAIN, "jr> x\n", "", TEXT },
	{ "bars", PLAIN, "| x |\n", "", TEXT },
	{ "signatures", PLAIN, "-- \nx\n", "", TEXT },
	{ "rules", PLAIN, "__________\n", "x", TEXT },
	{ "titles", PLAIN, "-----Original Message-----\n> x\n", "", TEXT },
	{ "bare titles", PLAIN, "Original Message\n", "", TEXT },
	{ "headers of old mail", PLAIN, "From: a\nTo: b\nSubject: c\n", "", TEXT },
	{ "labels on one line", PLAIN, "From: a@example.org To: b Sent: ", "", TEXT },
	{ "attributions", PLAIN, "On 1 June 2026 at 10:00, Jane wrote:\n> x\n", "", TEXT },
	{ "attributions that are none", PLAIN, "Jane wrote at 10:00 on 1/6/2026\nx:\n", "", TEXT },
	{ "notices in one paragraph", PLAIN, "This email and any\n", "", TEXT },
	{ "notices", PLAIN, "This email and any\n\n", "", TEXT },
	{ "notices that ask", PLAIN, "Important\n\nCould you\n\n", "", TEXT },
	{ "review notices in one paragraph", PLAIN, "Your right to request a review\n", "I ask\n",
		TEXT },
	{ "review notices", PLAIN, "Your right to request a review\n\nx\n\n", "I ask\n", TEXT },
	{ "review advice", PLAIN, "If you are dissatisfied\n\n", "", TEXT },
	{ "banners", PLAIN, "Caution\n\n", "", TEXT },
	{ "wrapped banners", PLAIN, "Caution: this email\noriginated outside and\n", "", TEXT },
	{ "devices", PLAIN, "Sent from my telephone\n", "", TEXT },
	{ "numbers", PLAIN, "1.1.1.1.", "", TEXT },
	/* ---- what is asked of the words ------------------------------------------------------ */
	{ "references of ours", PLAIN, "FOI %u/26 ", "", TEXT },
	{ "references of ours that never end", PLAIN, "FOI ref no request ", "", TEXT },
	{ "references of others", PLAIN, "FOI-%u ", "", TEXT },
	{ "questions", PLAIN, "could you please provide? ", "", TEXT },
	{ "mails that were passed on", PLAIN, "From: Jane\nx\nx\nx\nx\nx\nx\nx\n", "", TEXT },
	{ "authorities", PLAIN, "Example Borough Council ", "", TEXT },
	{ "names", PLAIN, "Yours faithfully\nJane Example\n", "", TEXT },
	{ "results of checks", FROM "Authentication-Results: ", "mx.example.org; dmarc=fail; ",
		"\r\n\r\nhello\r\n", FIELD },
};

const size_t scaling_rows_n = sizeof scaling_rows / sizeof scaling_rows[0];
