/* test_attachment.c - names of attached files made harmless, and what they tell. */
/* SPDX-License-Identifier: MIT */
#include "domain/attachment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

enum {
	NAME_MAX_BYTES = 40,
};

struct name {
	const char *why;
	const char *raw;
	const char *name;
};

static const struct name names[] = {
	{ "plain", "request.pdf", "request.pdf" },
	{ "nothing", "", "" },
	{ "a path", "/etc/passwd", "passwd" },
	{ "a way up", "../../x.doc", "x.doc" },
	{ "a way up at the end", "x/..", "" },
	{ "the folder itself", ".", "" },
	{ "dots and blanks only", " . .. ", "" },
	{ "a folder", "dir/", "" },
	{ "Windows", "C:\\My Files\\x.doc", "x.doc" },
	{ "a drive without a folder", "c:x.doc", "x.doc" },
	{ "only a drive", "C:", "" },
	{ "UNC", "\\\\server\\share\\x.doc", "x.doc" },
	{ "a namespace", "\\\\?\\C:\\x.doc", "x.doc" },
	{ "both slashes", "a\\b/c\\d.pdf", "d.pdf" },
	{ "a hidden stream", "x.txt:evil.exe", "x.txt_evil.exe" },
	{ "a hidden file keeps its dot", ".profile", ".profile" },
	{ "ends that Windows drops", "x.exe. . ", "x.exe" },
	{ "device", "NUL", "_NUL" },
	{ "device with an ending", "com1.txt", "_com1.txt" },
	{ "device with a blank", "aux .pdf", "_aux .pdf" },
	{ "device of a drive", "C:\\con", "_con" },
	{ "no device", "console.pdf", "console.pdf" },
	{ "no port", "company.pdf", "company.pdf" },
	{ "line ends", "a\r\nb.pdf", "a b.pdf" },
	{ "escape sequences", "\x1B]0;owned\x07x.pdf", "]0;owned x.pdf" },
	{ "the second control block",
		"a\xC2\x9B"
		"31m.pdf",
		"a 31m.pdf" },
	{ "right-to-left override",
		"exe\xE2\x80\xAE"
		"fdp.x",
		"exefdp.x" },
	{ "zero width",
		"a\xE2\x80\x8B"
		"b\xEF\xBB\xBF.pdf",
		"ab.pdf" },
	{ "malformed UTF-8", "a\xFF.pdf", "a\xEF\xBF\xBD.pdf" },
	{ "a slash hidden by a mark", "a/\xE2\x80\x8B..", "" },
	{ "exactly as long as may be", "012345678901234567890123456789012345.pdf",
		"012345678901234567890123456789012345.pdf" },
};

static const struct name cut[] = {
	{ "too long, the ending stays", "0123456789012345678901234567890123456789x.pdf",
		"012345678901234567890123456789012345.pdf" },
	{ "cut at a character's edge", "01234567890123456789012345678901234\xC3\xA9\xC3\xA9.pdf",
		"01234567890123456789012345678901234.pdf" },
	{ "no ending", "0123456789012345678901234567890123456789abc",
		"0123456789012345678901234567890123456789" },
	{ "an ending that is none", "a.0123456789012345678901234567890123456789abc",
		"a.01234567890123456789012345678901234567" },
};

static void check_name(const struct name *row, int is_cut)
{
	char *name = NULL;

	print_message("%s\n", row->why);
	assert_int_equal(attachment_name(row->raw, NAME_MAX_BYTES, &name), is_cut);
	assert_string_equal(name, row->name);
	assert_int_equal(text_is_utf8(name, strlen(name)), 1);
	free(name);
}

static void test_names(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		check_name(&names[i], 0);
	for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++)
		check_name(&cut[i], 1);
}

static const struct {
	const char *why;
	const char *name;
	const char *type;
	uint64_t bytes;
	enum attachment_kind kind;
} kinds[] = {
	{ "PDF", "Request.PDF", "application/octet-stream", 100, ATTACHMENT_DOCUMENT },
	{ "Word", "letter.docx", "application/octet-stream", 100, ATTACHMENT_DOCUMENT },
	{ "OpenDocument by type", "x", "application/vnd.oasis.opendocument.text", 100,
		ATTACHMENT_DOCUMENT },
	{ "rich text", "x.rtf", "application/octet-stream", 100, ATTACHMENT_DOCUMENT },
	{ "Pages", "x.pages", "application/octet-stream", 100, ATTACHMENT_DOCUMENT },
	{ "an enclosed mail", "", "message/rfc822", 100, ATTACHMENT_DOCUMENT },
	{ "winmail.dat", "winmail.dat", "application/ms-tnef", 100, ATTACHMENT_DOCUMENT },
	{ "a scanned page", "scan.tif", "application/octet-stream", 100, ATTACHMENT_DOCUMENT },
	{ "a photographed page", "IMG_0001.JPG", "image/jpeg", 400000, ATTACHMENT_PICTURE },
	{ "a picture by type", "", "image/png", 400000, ATTACHMENT_PICTURE },
	{ "a small picture", "me.png", "image/png", 4000, ATTACHMENT_OTHER },
	{ "a picture of a signature", "image001.png", "image/png", 400000, ATTACHMENT_OTHER },
	{ "a logo", "Council_Logo.jpg", "image/jpeg", 400000, ATTACHMENT_OTHER },
	{ "an archive", "request.zip", "application/zip", 400000, ATTACHMENT_OTHER },
	{ "a card", "jane.vcf", "text/vcard", 400, ATTACHMENT_OTHER },
	{ "an invitation", "invite.ics", "text/calendar", 400, ATTACHMENT_OTHER },
};

static void test_kinds(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		print_message("%s\n", kinds[i].why);
		assert_int_equal(attachment_kind_of(kinds[i].name, kinds[i].type, kinds[i].bytes),
			kinds[i].kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
