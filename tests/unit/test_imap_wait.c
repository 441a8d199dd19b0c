/* test_imap_wait.c - IMAP: waiting for new mail, a server that has gone silent, and one that talks unasked. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/imap.h"
#include "adapters/imap_internal.h"
#include "base/cleanup.h"
#include "tests/support/imap_scene.h"

enum {
	SILENCE_MS = 100,
};

/* ---- waiting ------------------------------------------------------------------------------------------ */

struct wait_row {
	const char *reason;
	enum imap_wake wake;
	int result;
	const char *const *script;
};

static const char *const wait_one_segment[] = { HELLO, SELECT("5"), "C:IDLE",
	"S-+ idling\r\n* 6 EXISTS\r\n", "C-DONE", "S:%t OK done", "H:", NULL };
static const char *const wait_before_plus[] = { HELLO, SELECT("5"), "C:IDLE",
	"S-* 6 EXISTS\r\n+ idling\r\n", "C-DONE", "S:%t OK done", "H:", NULL };
static const char *const wait_in_two[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling",
	"S-* OK still here\r\n* 6 EX", "S:ISTS", "C-DONE", "S:%t OK done", "H:", NULL };
static const char *const wait_expunge[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling",
	"S:* 2 EXPUNGE", "C-DONE", "S:* 5 EXISTS", "S:%t OK done", "H:", NULL };
static const char *const wait_quiet[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling",
	"S:* 5 EXISTS", "S:* 0 RECENT", "S:* 1 FETCH (FLAGS (\\Seen))", "C-DONE", "S:%t OK done",
	"H:", NULL };
static const char *const wait_after_done[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling", "C-DONE",
	"S:* 6 EXISTS", "S:%t OK done", "H:", NULL };
static const char *const wait_eof[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling", "X:", NULL };
static const char *const wait_bye[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling",
	"S:* BYE going down", "H:", NULL };
static const char *const wait_no[] = { HELLO, SELECT("5"), "C:IDLE", "S:%t NO no", "H:", NULL };
static const char *const wait_bad[] = { HELLO, SELECT("5"), "C:IDLE", "S:%t BAD what", "H:", NULL };
static const char *const wait_half_dead[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling",
	"H:", NULL };
static const char *const wait_silent[] = { HELLO, SELECT("5"), "C:IDLE", "H:", NULL };
static const char *const wait_without[] = { IMAP_SCRIPT_HELLO_AS("MOVE"), SELECT("5"), "H:", NULL };
static const char *const wait_without_eof[] = { IMAP_SCRIPT_HELLO_AS("MOVE"), SELECT("5"),
	"X:", NULL };

static const struct wait_row wait_rows[] = {
	{ "the + and EXISTS in one segment", IMAP_WAKE_MAIL, 0, wait_one_segment },
	{ "EXISTS before the +", IMAP_WAKE_MAIL, 0, wait_before_plus },
	{ "EXISTS in two pieces", IMAP_WAKE_MAIL, 0, wait_in_two },
	{ "one taken away, one come: the same number", IMAP_WAKE_MAIL, 0, wait_expunge },
	{ "nothing new", IMAP_WAKE_TIME, 0, wait_quiet },
	{ "EXISTS after DONE", IMAP_WAKE_MAIL, 0, wait_after_done },
	{ "end of file after the +", IMAP_WAKE_TIME, -ECONNRESET, wait_eof },
	{ "BYE", IMAP_WAKE_TIME, -ECONNRESET, wait_bye },
	{ "IDLE refused: as if it was not offered", IMAP_WAKE_TIME, 0, wait_no },
	{ "IDLE not understood", IMAP_WAKE_TIME, 0, wait_bad },
	{ "DONE unanswered: a NAT has dropped the connection", IMAP_WAKE_TIME, -ETIMEDOUT,
		wait_half_dead },
	{ "no + ever", IMAP_WAKE_TIME, -ETIMEDOUT, wait_silent },
	{ "no IDLE offered", IMAP_WAKE_TIME, 0, wait_without },
	{ "no IDLE offered, end of file", IMAP_WAKE_TIME, -ECONNRESET, wait_without_eof },
};

static void test_wait(void **state)
{
	(void) state;
	for (size_t k = 0; k < sizeof wait_rows / sizeof wait_rows[0]; k++) {
		const struct wait_row *row = &wait_rows[k];
		enum imap_wake wake = IMAP_WAKE_TIME;
		int64_t heard = -1;
		struct fault f = { 0 };
		struct imap_scene s;

		print_message("%s\n", row->reason);
		imap_scene_open(&s, row->script);
		imap_scene_select_inbox(&s);
		if (row->result == -ETIMEDOUT)
			s.imap->stream.patience_ms = PATIENCE_MS;
		assert_int_equal(imap_wait(s.imap, -1, 5, 200, &wake, &heard, &f), row->result);
		assert_int_equal(wake, row->wake);
		assert_int_equal(row->wake == IMAP_WAKE_MAIL, heard > 0);
		imap_scene_close(&s);
	}
}

static void test_wait_for_the_channel(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling", "C-DONE",
		"S:%t OK done", "H:", NULL };
	enum imap_wake wake = IMAP_WAKE_TIME;
	int64_t heard = -1;
	struct imap_scene s;
	int ends[2];

	(void) state;
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(imap_wait(s.imap, ends[0], 5, 20000, &wake, &heard, NULL), 0);
	assert_int_equal(wake, IMAP_WAKE_CHANNEL);
	assert_int_equal(heard, 0);
	(void) close(ends[0]);
	(void) close(ends[1]);
	imap_scene_close(&s);
}

/* ---- a server that goes silent ----------------------------------------------------------------- */

static int give_select(struct imap_scene *s, struct fault *f)
{
	return imap_select(s->imap, "Junk", false, &s->folder, f);
}

static int give_search(struct imap_scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	return imap_search(s->imap, 1, &uids, f);
}

static int give_search_id(struct imap_scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	return imap_search_id(s->imap, "<a@b>", 0, &uids, f);
}

static int give_sizes(struct imap_scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_mail mails[IMAP_BATCH_MAX];
	size_t n;

	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	return imap_sizes(s->imap, &uids, true, mails, &n, f);
}

static int give_bodies(struct imap_scene *s, struct fault *f)
{
	struct imap_mail mail = { .uid = 3, .size = 10, .fd = -1 };
	int r = imap_bodies(s->imap, &mail, 1, IMAP_PART_WHOLE, 1000, f);

	assert_int_equal(mail.fd, -1);
	return r;
}

static int give_list(struct imap_scene *s, struct fault *f)
{
	CLEANUP(imap_list_done) struct imap_list list = { 0 };

	return imap_list(s->imap, &list, f);
}

static int give_noop(struct imap_scene *s, struct fault *f)
{
	return imap_noop(s->imap, f);
}

static int give_keyword(struct imap_scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	return imap_keyword(s->imap, &uids, "$FoiCase", f);
}

static int give_move(struct imap_scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	return imap_move(s->imap, &uids, "Done", f);
}

static int give_append(struct imap_scene *s, struct fault *f)
{
	return imap_append(s->imap, "Sent", "abc", 3, f);
}

static int give_wait(struct imap_scene *s, struct fault *f)
{
	enum imap_wake wake;
	int64_t heard;

	return imap_wait(s->imap, -1, 5, 50, &wake, &heard, f);
}

#define MOVES_BY_HAND IMAP_SCRIPT_HELLO_AS("IDLE UIDPLUS"), SELECT("5")
#define COPIED	      "C:UID COPY*", "S:%t OK done"

static const char *const silent_select[] = { HELLO, SELECT("5"), "C:SELECT*", "S:* 1 EXISTS",
	"H:", NULL };
static const char *const silent_search[] = { HELLO, SELECT("5"), "C:UID SEARCH*", "H:", NULL };
static const char *const silent_list_of_uids[] = { HELLO, SELECT("5"), "C:UID SEARCH*",
	"S-* SEARCH 1 2 ", "H:", NULL };
static const char *const silent_sizes[] = { HELLO, SELECT("5"), "C:UID FETCH*", "H:", NULL };
static const char *const silent_literal[] = { HELLO, SELECT("5"), "C:UID FETCH*",
	"S-* 1 FETCH (UID 3 BODY[] {10}\r\n0123", "H:", NULL };
static const char *const silent_tag[] = { HELLO, SELECT("5"), "C:UID FETCH*",
	"S-* 1 FETCH (UID 3 BODY[] {3}\r\nabc)\r\n", "H:", NULL };
static const char *const silent_list[] = { HELLO, SELECT("5"), "C:LIST*", "S:* LIST () NIL a",
	"H:", NULL };
static const char *const silent_noop[] = { HELLO, SELECT("5"), "C:NOOP", "H:", NULL };
static const char *const silent_store[] = { HELLO, SELECT("5"), "C:UID STORE*", "H:", NULL };
static const char *const silent_move[] = { HELLO, SELECT("5"), "C:UID MOVE*", "H:", NULL };
static const char *const silent_copy[] = { MOVES_BY_HAND, "C:UID COPY*", "H:", NULL };
static const char *const silent_deleted[] = { MOVES_BY_HAND, COPIED, "C:UID STORE*", "H:", NULL };
static const char *const silent_expunge[] = { MOVES_BY_HAND, COPIED, "C:UID STORE*", "S:%t OK done",
	"C:UID EXPUNGE*", "H:", NULL };
static const char *const silent_plus[] = { HELLO, SELECT("5"), "C:APPEND*", "H:", NULL };
static const char *const silent_append[] = { HELLO, SELECT("5"), "C:APPEND*", "S:+ go",
	"B:", "H:", NULL };
static const char *const silent_idle[] = { HELLO, SELECT("5"), "C:IDLE", "H:", NULL };
static const char *const silent_done[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling", "C-DONE",
	"H:", NULL };

static const struct {
	const char *reason;
	int (*give)(struct imap_scene *s, struct fault *f);
	const char *const *script;
} silent_rows[] = {
	{ "in the answer to SELECT", give_select, silent_select },
	{ "at SEARCH", give_search, silent_search },
	{ "in the list of UIDs", give_search, silent_list_of_uids },
	{ "at SEARCH for a Message-ID", give_search_id, silent_search },
	{ "at FETCH of sizes", give_sizes, silent_sizes },
	{ "at FETCH of bodies", give_bodies, silent_sizes },
	{ "in a literal", give_bodies, silent_literal },
	{ "before the tag that ends a FETCH", give_bodies, silent_tag },
	{ "in LIST", give_list, silent_list },
	{ "at NOOP", give_noop, silent_noop },
	{ "at STORE", give_keyword, silent_store },
	{ "at MOVE", give_move, silent_move },
	{ "at COPY", give_move, silent_copy },
	{ "at STORE behind COPY", give_move, silent_deleted },
	{ "at EXPUNGE", give_move, silent_expunge },
	{ "before the + of APPEND", give_append, silent_plus },
	{ "behind the mail of APPEND", give_append, silent_append },
	{ "before the + of IDLE", give_wait, silent_idle },
	{ "behind DONE", give_wait, silent_done },
};

/* Each step ends within its bound, and the connection with it. */
static void test_silence_ends_at_the_deadline(void **state)
{
	(void) state;
	for (size_t k = 0; k < sizeof silent_rows / sizeof silent_rows[0]; k++) {
		struct fault f = { 0 };
		struct imap_scene s;
		int64_t begun;

		print_message("%s\n", silent_rows[k].reason);
		imap_scene_open(&s, silent_rows[k].script);
		imap_scene_select_inbox(&s);
		s.imap->stream.patience_ms = SILENCE_MS;
		begun = imap_scene_now_us();
		assert_int_equal(silent_rows[k].give(&s, &f), -ETIMEDOUT);
		assert_true(imap_scene_now_us() - begun >= SILENCE_MS * 1000);
		assert_int_equal(f.kind, FAULT_NETWORK);
		assert_true(f.transient);
		assert_false(imap_is_usable(s.imap));
		imap_scene_close(&s);
	}
}

/* ---- what nobody asked for --------------------------------------------------------------------- */

/* Lines that a server may say in any answer (RFC 3501 s.5.2, s.7); none of them is an answer. */
static const char unasked[] =
	"* CAPABILITY IMAP4rev1 IDLE\r\n* NO [ALERT] Mailbox is at 98% of its quota\r\n"
	"* BAD strange line\r\n* OK [HIGHESTMODSEQ 12] ok\r\n* OK [X-NEW (a b)] news\r\n"
	"* FLAGS (\\Answered \\Seen $Junk)\r\n* OK [PERMANENTFLAGS (\\*)] ok\r\n"
	"* LIST (\\Marked) \"/\" Junk\r\n* LSUB () \".\" a.b\r\n"
	"* STATUS Junk (MESSAGES 7 UIDNEXT 9)\r\n* 5 EXISTS\r\n* 0 RECENT\r\n"
	"* 2 FETCH (FLAGS (\\Seen $x) UID 9)\r\n* 3 FETCH (FLAGS ())\r\n";

static void test_unasked_lines_anywhere(void **state)
{
	static char noise[sizeof unasked + 2] = "S-";
	const char *const script[] = { HELLO, "C:SELECT*", noise, "S:* 5 EXISTS",
		"S:* OK [UIDVALIDITY 7] ok", noise, "S:%t OK done", "C:UID SEARCH*", noise,
		"S:* SEARCH 3", noise, "S:%t OK done", "C:UID FETCH*", noise,
		"S:* 1 FETCH (UID 3 INTERNALDATE \"01-May-2026 10:00:00 +0100\" RFC822.SIZE 2)",
		noise, "S:%t OK done", "C:UID FETCH*", noise,
		"S-* 1 FETCH (UID 3 BODY[] {2}\r\nab)\r\n", noise, "S:%t OK done", "C:UID STORE*",
		noise, "S:%t OK done", "C:UID MOVE*", noise, "S:%t OK done", "C:APPEND*", noise,
		"S:+ go", "B:", noise, "S:%t OK done", "C:IDLE", noise, "S:+ idling", noise,
		"C-DONE", noise, "S:%t OK done", "H:", NULL };
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_mail mail = { .fd = -1 };
	struct fault f = { 0 };
	struct imap_scene s;

	(void) state;
	memcpy(noise + 2, unasked, sizeof unasked);
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	assert_int_equal(s.folder.exists, 5);
	imap_scene_expect_ok(imap_search(s.imap, 1, &uids, &f), &f);
	assert_int_equal(uidset_count(&uids), 1);
	imap_scene_expect_ok(imap_scene_read_one(&s, 3, &mail, &f), &f);
	imap_scene_assert_bytes(&mail, "ab");
	imap_mails_done(&mail, 1);
	imap_scene_expect_ok(give_keyword(&s, &f), &f);
	imap_scene_expect_ok(give_move(&s, &f), &f);
	imap_scene_expect_ok(give_append(&s, &f), &f);
	imap_scene_expect_ok(give_wait(&s, &f), &f);
	imap_scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silence_ends_at_the_deadline),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_wait_for_the_channel),
		cmocka_unit_test(test_unasked_lines_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
