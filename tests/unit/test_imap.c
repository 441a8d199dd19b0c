/* test_imap.c - IMAP: bodies and sizes, folders and searches, keywords, moves and copies. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/imap.h"
#include "adapters/imap_internal.h"
#include "base/cleanup.h"
#include "tests/support/imap_scene.h"

enum {
	MANY = 120000,
};

/* ---- bodies ---------------------------------------------------------------------------------- */

struct body_row {
	const char *reason;
	const char *answer;
	const char *bytes; /* NULL: not read */
	int result;
};

static const struct body_row body_rows[] = {
	{ "the UID after the literal", "* 1 FETCH (BODY[] {10}\r\n0123456789 UID 3)\r\n",
		"0123456789", 0 },
	{ "flags that nobody asked for",
		"* 1 FETCH (FLAGS (\\Seen))\r\n* 2 EXISTS\r\n* 1 FETCH (UID 3 BODY[] "
		"{10}\r\n0123456789)\r\n* 9 RECENT\r\n",
		"0123456789", 0 },
	{ "a body in quotes", "* 1 FETCH (UID 3 BODY[] \"short\")\r\n", "short", 0 },
	{ "an empty literal for a mail of ten bytes: it was expunged elsewhere",
		"* 1 FETCH (UID 3 BODY[] {0}\r\n)\r\n", NULL, 0 },
	{ "an EXPUNGE before", "* 4 EXPUNGE\r\n* 1 FETCH (UID 3 BODY[] {2}\r\nab)\r\n", "ab", 0 },
	{ "NIL is no body", "* 1 FETCH (UID 3 BODY[] NIL)\r\n", NULL, 0 },
	{ "another mail's body", "* 1 FETCH (UID 4 BODY[] {2}\r\nab)\r\n", NULL, 0 },
	{ "nothing at all", "", NULL, 0 },
	{ "a literal far over the announced size", "* 1 FETCH (UID 3 BODY[] {99999999}\r\n", NULL,
		-EMSGSIZE },
	{ "a literal over what a number can hold",
		"* 1 FETCH (UID 3 BODY[] {99999999999999999999}\r\n", NULL, -EMSGSIZE },
	{ "parentheses without end",
		"* 1 FETCH (BODYSTRUCTURE "
		"(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((",
		NULL, -EMSGSIZE },
	{ "BYE in the middle", "* BYE going down\r\n", NULL, -ECONNRESET },
	{ "no IMAP", "* 1 FETCH what\r\n", NULL, -EPROTO },
};

static void test_bodies(void **state)
{
	(void) state;
	for (size_t k = 0; k < sizeof body_rows / sizeof body_rows[0]; k++) {
		const struct body_row *row = &body_rows[k];
		CLEANUP(freep) char *say = NULL;
		struct imap_mail mail = { .fd = -1 };
		struct fault f = { 0 };
		struct imap_scene s;
		int r;

		print_message("%s\n", row->reason);
		assert_true(asprintf(&say, "S-%s%%t OK done\r\n", row->answer) > 0);
		const char *const script[] = { HELLO, SELECT("5"), SIZES("3"),
			"C:UID FETCH 3 (UID BODY.PEEK[[]])", say, "H:", NULL };

		imap_scene_open(&s, script);
		imap_scene_select_inbox(&s);
		r = imap_scene_read_one(&s, 3, &mail, &f);
		assert_int_equal(r, row->result);
		assert_int_equal(imap_is_usable(s.imap), row->result == 0);
		if (row->bytes)
			imap_scene_assert_bytes(&mail, row->bytes);
		else
			assert_int_equal(mail.fd, -1);
		imap_mails_done(&mail, 1);
		imap_scene_close(&s);
	}
}

static void test_sizes_and_date(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), SIZES("3"),
		"C:UID FETCH 3 (UID BODY.PEEK[[]])", "S:* 1 FETCH (UID 3 BODY[] {2}", "S-ab)\r\n",
		"S:%t OK done", "H:", NULL };
	struct imap_mail mail = { .fd = -1 };
	struct imap_scene s;

	(void) state;
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	assert_int_equal(s.folder.uidvalidity, 7);
	assert_int_equal(s.folder.uidnext, 100);
	assert_int_equal(s.folder.exists, 5);
	assert_false(s.folder.read_only);
	assert_int_equal(imap_scene_read_one(&s, 3, &mail, NULL), 0);
	assert_int_equal(mail.size, 10);
	assert_int_equal(mail.internaldate, 1777626000); /* 2026-05-01 09:00:00 UTC */
	imap_mails_done(&mail, 1);
	imap_scene_close(&s);
}

/* A NO after some of the mails must not make the others look as if they had vanished. */
static void test_refused_half_way(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), SIZES("3"),
		"C:UID FETCH 3 (UID BODY.PEEK[[]])", "S:* 1 FETCH (UID 4 BODY[] {2}", "S-ab)\r\n",
		"S:%t NO [SERVERBUG] no", "C:NOOP", "S:%t OK done", "H:", NULL };
	struct imap_mail mail = { .fd = -1 };
	struct fault f = { 0 };
	struct imap_scene s;

	(void) state;
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	assert_int_equal(imap_scene_read_one(&s, 3, &mail, &f), -EBUSY);
	assert_int_equal(f.transient, true);
	assert_true(imap_is_usable(s.imap));
	assert_int_equal(imap_command(s.imap, "NOOP", "NOOP", &f), 0);
	imap_scene_close(&s);
}

/* ---- folders ---------------------------------------------------------------------------------------- */

static void test_folder_cannot_be_opened(void **state)
{
	static const char *const script[] = { HELLO, "C:SELECT \"Junk &AOQ- \\\"x\\\"\"",
		"S:%t NO [NONEXISTENT] no", "C:EXAMINE \"INBOX\"", "S:* 1 EXISTS",
		"S:%t OK [READ-ONLY] done", "H:", NULL };
	struct imap_folder folder;
	struct fault f = { 0 };
	struct imap_scene s;

	(void) state;
	imap_scene_open(&s, script);
	assert_int_equal(imap_select(s.imap, "Junk \xc3\xa4 \"x\"", false, &folder, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_MISSING);
	assert_true(imap_is_usable(s.imap));
	assert_int_equal(imap_select(s.imap, "INBOX", true, &folder, &f), -EPROTO);
	assert_non_null(strstr(f.text, "UIDVALIDITY"));
	imap_scene_close(&s);
}

static void test_search(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), "C:UID SEARCH ALL",
		"S:* SEARCH 3 1 2", "S:* 6 EXISTS", "S:* SEARCH 9", "S:%t OK done",
		"C:UID SEARCH UID 10:[*]", "S:* SEARCH 9", "S:%t OK done",
		"C:UID SEARCH SINCE 30-Apr-2026", "S:* SEARCH 4 5", "S:%t OK done", "H:", NULL };
	CLEANUP(freep) char *text = NULL;
	struct uidset uids = { 0 };
	struct imap_scene s;

	(void) state;
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	assert_int_equal(imap_search(s.imap, 1, &uids, NULL), 0);
	assert_int_equal(uidset_text(&uids, &text), 0);
	assert_string_equal(text, "1:3,9");
	assert_int_equal(imap_exists(s.imap), 6);
	uidset_done(&uids);
	assert_int_equal(imap_search(s.imap, 10, &uids, NULL), 0);
	assert_int_equal(uids.n, 0);
	assert_int_equal(imap_search_since(s.imap, 1777626000, &uids, NULL), 0);
	uidset_done(&uids);
	imap_scene_close(&s);
}

/* Every second UID: no two of them make a range. */
static void test_search_of_many(void **state)
{
	char *line = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&line, &n);
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct fault f = { 0 };
	struct imap_scene s;
	int64_t begun;

	(void) state;
	assert_non_null(to);
	(void) fputs("S:* SEARCH", to);
	for (unsigned k = 1; k <= MANY; k++)
		(void) fprintf(to, " %u", 4000000000U + 2 * k);
	(void) fclose(to);
	const char *const script[] = { HELLO, SELECT("120000"), "C:UID SEARCH ALL", line,
		"S:%t OK done", "H:", NULL };
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	begun = imap_scene_now_us();
	imap_scene_expect_ok(imap_search(s.imap, 1, &uids, &f), &f);
	print_message("%d UIDs in %d ms\n", MANY, (int) ((imap_scene_now_us() - begun) / 1000));
	assert_int_equal(uids.n, MANY);
	imap_scene_close(&s);
	free(line);
}

static const struct {
	const char *utf8;
	const char *wire; /* NULL: refused */
} name_rows[] = {
	{ "INBOX", "\"INBOX\"" },
	{ "a&b", "\"a&-b\"" },
	{ "Entw\xc3\xbcrfe", "\"Entw&APw-rfe\"" },
	{ "\xe5\x8f\xb0\xe5\x8c\x97", "\"&U,BTFw-\"" }, /* the example of RFC 3501 s.5.1.3 */
	{ "x\xf0\x9f\x93\xac", "\"x&2D3c7A-\"" },
	{ "back\\slash", "\"back\\\\slash\"" },
	{ "", NULL },
	{ "two\r\nA1 DELETE INBOX", NULL },
	{ "\xff", NULL },
};

static void test_names(void **state)
{
	(void) state;
	for (size_t k = 0; k < sizeof name_rows / sizeof name_rows[0]; k++) {
		CLEANUP(freep) char *wire = NULL;
		int r = imap_name(name_rows[k].utf8, &wire, NULL);

		assert_int_equal(r, name_rows[k].wire ? 0 : -EINVAL);
		if (name_rows[k].wire)
			assert_string_equal(wire, name_rows[k].wire);
	}
}

/* ---- changes --------------------------------------------------------------------------------------------- */

struct change_row {
	const char *reason;
	const char *const *script;
	int result;
};

static const char *const move_move[] = { HELLO, SELECT("5"), "C:UID MOVE 3:4 \"Done\"",
	"S:* 3 EXPUNGE", "S:* 3 EXPUNGE", "S:%t OK done", "H:", NULL };
static const char *const move_uidplus[] = { IMAP_SCRIPT_HELLO_AS("UIDPLUS"), SELECT("5"),
	"C:UID COPY 3:4 \"Done\"", "S:%t OK done", "C:UID STORE 3:4 +FLAGS.SILENT (\\Deleted)",
	"S:%t OK done", "C:UID EXPUNGE 3:4", "S:%t OK done", "H:", NULL };
static const char *const move_plain[] = { IMAP_SCRIPT_HELLO_AS("IDLE"), SELECT("5"),
	"C:UID COPY 3:4 \"Done\"", "S:%t OK done", "C:UID STORE 3:4 +FLAGS.SILENT (\\Deleted)",
	"S:%t OK done", "H:", NULL };
static const char *const move_refused[] = { IMAP_SCRIPT_HELLO_AS("UIDPLUS"), SELECT("5"),
	"C:UID COPY 3:4 \"Done\"", "S:%t NO [TRYCREATE] no", "H:", NULL };

static const struct change_row move_rows[] = {
	{ "MOVE", move_move, 0 },
	{ "no MOVE: these and no others are expunged", move_uidplus, 0 },
	{ "no UIDPLUS either: nothing is expunged", move_plain, 0 },
	{ "COPY refused: nothing is taken away", move_refused, -EREMOTEIO },
};

static void test_move(void **state)
{
	(void) state;
	for (size_t k = 0; k < sizeof move_rows / sizeof move_rows[0]; k++) {
		CLEANUP(uidset_done) struct uidset uids = { 0 };
		struct imap_scene s;

		print_message("%s\n", move_rows[k].reason);
		assert_int_equal(uidset_add(&uids, 3, 4), 0);
		imap_scene_open(&s, move_rows[k].script);
		imap_scene_select_inbox(&s);
		assert_int_equal(imap_move(s.imap, &uids, "Done", NULL), move_rows[k].result);
		imap_scene_close(&s);
	}
}

static void test_keyword(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"),
		"C:UID STORE 3 +FLAGS.SILENT ($FoiCase)", "S:%t OK done", "C:UID STORE*",
		"S:%t NO [CANNOT] no", "H:", NULL };
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_scene s;

	(void) state;
	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	assert_int_equal(imap_keyword(s.imap, &uids, "$FoiCase", NULL), 0);
	assert_int_equal(imap_keyword(s.imap, &uids, "$FoiCase", NULL), -EREMOTEIO);
	assert_int_equal(imap_keyword(s.imap, &uids, "a) (\\Deleted", NULL), -EINVAL);
	imap_scene_close(&s);
}

struct kept_row {
	const char *reason;
	const char *flags; /* what SELECT tells */
	int result;
	bool is_tried;
};

static const struct kept_row kept_rows[] = {
	{ "any keyword", "S:* OK [PERMANENTFLAGS (\\Seen \\*)] ok", 0, true },
	{ "this one, among others", "S:* OK [PERMANENTFLAGS ($Junk $foicase)] ok", 0, true },
	{ "no new ones", "S:* OK [PERMANENTFLAGS (\\Deleted \\Seen $Junk)] ok", -EREMOTEIO, false },
	{ "a folder for reading", "S:* OK [READ-ONLY] ok", -EREMOTEIO, false },
};

static void test_keyword_that_is_not_kept(void **state)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	(void) state;
	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	for (size_t k = 0; k < sizeof kept_rows / sizeof kept_rows[0]; k++) {
		const struct kept_row *row = &kept_rows[k];
		const char *const script[] = { HELLO, "C:SELECT \"INBOX\"", "S:* 5 EXISTS",
			"S:* OK [UIDVALIDITY 7] ok", row->flags, "S:%t OK done",
			row->is_tried ? "C:UID STORE 3 +FLAGS.SILENT ($FoiCase)" : "C:NOOP",
			"S:%t OK done", "H:", NULL };
		struct imap_scene s;

		print_message("%s\n", row->reason);
		imap_scene_open(&s, script);
		imap_scene_select_inbox(&s);
		assert_int_equal(imap_keyword(s.imap, &uids, "$FoiCase", NULL), row->result);
		if (!row->is_tried)
			assert_int_equal(imap_noop(s.imap, NULL), 0);
		imap_scene_close(&s);
	}
}

static void test_move_out_of_a_folder_for_reading(void **state)
{
	static const char *const script[] = { HELLO, "C:SELECT \"INBOX\"", "S:* 5 EXISTS",
		"S:* OK [UIDVALIDITY 7] ok", "S:%t OK [READ-ONLY] done", "C:NOOP", "S:%t OK done",
		"H:", NULL };
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_scene s;

	(void) state;
	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	assert_true(s.folder.read_only);
	assert_int_equal(imap_move(s.imap, &uids, "Done", NULL), -EREMOTEIO);
	assert_int_equal(imap_noop(s.imap, NULL), 0);
	imap_scene_close(&s);
}

static void test_append(void **state)
{
	static const char *const script[] = { HELLO, "C:APPEND \"Sent\" (\\Seen) {7}",
		"S-* 3 EXISTS\r\n+ go on\r\n", "B:", "S:* 4 EXISTS", "S:%t OK done",
		"C:APPEND \"Sent\" (\\Seen) {7}", "S:%t NO [OVERQUOTA] no", "H:", NULL };
	struct imap_scene s;

	(void) state;
	imap_scene_open(&s, script);
	assert_int_equal(imap_append(s.imap, "Sent", "a\nb\r\nc", 6, NULL), 0);
	assert_int_equal(imap_append(s.imap, "Sent", "a\nb\r\nc", 6, NULL), -EREMOTEIO);
	assert_true(imap_is_usable(s.imap));
	imap_scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_sizes_and_date),
		cmocka_unit_test(test_refused_half_way),
		cmocka_unit_test(test_folder_cannot_be_opened),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_search_of_many),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_keyword),
		cmocka_unit_test(test_keyword_that_is_not_kept),
		cmocka_unit_test(test_move_out_of_a_folder_for_reading),
		cmocka_unit_test(test_append),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
