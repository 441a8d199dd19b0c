/* test_imap.c - the IMAP adapter against servers that misbehave. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/imap.h"
#include "adapters/imap_frame.h"
#include "adapters/imap_internal.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "tests/support/imap_script.h"

#define HELLO	       IMAP_SCRIPT_HELLO
#define SELECT(exists) IMAP_SCRIPT_SELECT(exists)
#define SIZES(uid)                                                                                 \
	"C:UID FETCH " uid " (UID INTERNALDATE RFC822.SIZE)",                                      \
		"S:* 1 FETCH (UID " uid                                                            \
		" INTERNALDATE \"01-May-2026 10:00:00 +0100\" RFC822.SIZE 10)",                    \
		"S:%t OK done"

enum {
	SILENCE_MS = 100,
	MANY = 120000,
	PATIENCE_MS = 400, /* for a server that is meant to be silent; others answer at once */
};

static int64_t now_us(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct imap_options options_for(const char *url)
{
	return (struct imap_options){
		.url = url, .plaintext = true, .stop_fd = -1, .now_us = now_us
	};
}

/* One server, one connection to it. */
struct scene {
	struct imap_script server;
	const char *const *scripts[2];
	struct imap *imap;
	struct imap_folder folder;
};

static void open_scene(struct scene *s, const char *const *script)
{
	struct fault f = { 0 };
	struct imap_options options;

	*s = (struct scene){ .scripts = { script, NULL } };
	imap_script_start(&s->server, s->scripts);
	options = options_for(s->server.url);
	if (imap_open(&options, &s->imap, &f) < 0)
		fail_msg("imap_open: %s", f.text);
}

static void select_inbox(struct scene *s)
{
	struct fault f = { 0 };

	if (imap_select(s->imap, "INBOX", false, &s->folder, &f) < 0)
		fail_msg("imap_select: %s", f.text);
}

static void close_scene(struct scene *s)
{
	s->imap = imap_close(s->imap);
	assert_int_equal(imap_script_end(&s->server), 0);
}

/* Reads one mail by its UID. Return: as imap_bodies(). */
static int read_one(struct scene *s, uint32_t uid, struct imap_mail *ret, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset set = { 0 };
	struct imap_mail mails[IMAP_BATCH_MAX];
	size_t n = 0;
	int r;

	assert_int_equal(uidset_add(&set, uid, uid), 0);
	r = imap_sizes(s->imap, &set, false, mails, &n, f);
	if (r < 0)
		return r;
	assert_int_equal(n, 1);
	*ret = mails[0];
	return imap_bodies(s->imap, ret, 1, IMAP_PART_WHOLE, 1000000, f);
}

static void assert_bytes(const struct imap_mail *mail, const char *expected)
{
	struct sealed bytes;

	assert_true(mail->fd >= 0);
	assert_int_equal(sealed_map(mail->fd, 1000000, &bytes, NULL), 0);
	assert_int_equal(bytes.n, strlen(expected));
	assert_memory_equal(bytes.bytes, expected, bytes.n);
	assert_int_equal(mail->bytes, bytes.n);
	sealed_unmap(&bytes);
}

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
		struct scene s;
		int r;

		print_message("%s\n", row->reason);
		assert_true(asprintf(&say, "S-%s%%t OK done\r\n", row->answer) > 0);
		const char *const script[] = { HELLO, SELECT("5"), SIZES("3"),
			"C:UID FETCH 3 (UID BODY.PEEK[[]])", say, "H:", NULL };

		open_scene(&s, script);
		select_inbox(&s);
		r = read_one(&s, 3, &mail, &f);
		assert_int_equal(r, row->result);
		assert_int_equal(imap_is_usable(s.imap), row->result == 0);
		if (row->bytes)
			assert_bytes(&mail, row->bytes);
		else
			assert_int_equal(mail.fd, -1);
		imap_mails_done(&mail, 1);
		close_scene(&s);
	}
}

static void test_sizes_and_date(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), SIZES("3"),
		"C:UID FETCH 3 (UID BODY.PEEK[[]])", "S:* 1 FETCH (UID 3 BODY[] {2}", "S-ab)\r\n",
		"S:%t OK done", "H:", NULL };
	struct imap_mail mail = { .fd = -1 };
	struct scene s;

	(void) state;
	open_scene(&s, script);
	select_inbox(&s);
	assert_int_equal(s.folder.uidvalidity, 7);
	assert_int_equal(s.folder.uidnext, 100);
	assert_int_equal(s.folder.exists, 5);
	assert_false(s.folder.read_only);
	assert_int_equal(read_one(&s, 3, &mail, NULL), 0);
	assert_int_equal(mail.size, 10);
	assert_int_equal(mail.internaldate, 1777626000); /* 2026-05-01 09:00:00 UTC */
	imap_mails_done(&mail, 1);
	close_scene(&s);
}

/* A NO after some of the mails must not make the others look as if they had vanished. */
static void test_refused_half_way(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), SIZES("3"),
		"C:UID FETCH 3 (UID BODY.PEEK[[]])", "S:* 1 FETCH (UID 4 BODY[] {2}", "S-ab)\r\n",
		"S:%t NO [SERVERBUG] no", "C:NOOP", "S:%t OK done", "H:", NULL };
	struct imap_mail mail = { .fd = -1 };
	struct fault f = { 0 };
	struct scene s;

	(void) state;
	open_scene(&s, script);
	select_inbox(&s);
	assert_int_equal(read_one(&s, 3, &mail, &f), -EBUSY);
	assert_int_equal(f.transient, true);
	assert_true(imap_is_usable(s.imap));
	assert_int_equal(imap_command(s.imap, "NOOP", "NOOP", &f), 0);
	close_scene(&s);
}

/* ---- the ends of a stream ---------------------------------------------------------------------- */

struct end_row {
	const char *reason;
	const char *say;
	int result;
	enum fault_kind kind;
};

static const struct end_row end_rows[] = {
	{ "end of file inside a literal", "S-* 1 FETCH (UID 3 BODY[] {10}\r\n0123", -ECONNRESET,
		FAULT_NETWORK },
	{ "end of file inside a line", "S-* 1 FETCH (UID 3 BO", -ECONNRESET, FAULT_NETWORK },
	{ "end of file instead of an answer", "S-", -ECONNRESET, FAULT_NETWORK },
	{ "another tag", "S-zz OK done\r\n", -EPROTO, FAULT_PROTOCOL },
	{ "BAD", "S-%t BAD what\r\n", -EREMOTEIO, FAULT_PROTOCOL },
	{ "BAD behind other lines", "S-* 1 FETCH (FLAGS ())\r\n* 6 EXISTS\r\n%t BAD what\r\n",
		-EREMOTEIO, FAULT_PROTOCOL },
	{ "BAD to another command", "S-* 6 EXISTS\r\nzz BAD what\r\n", -EPROTO, FAULT_PROTOCOL },
	{ "a literal that looks like BAD",
		"S-* 1 FETCH (UID 4 BODY[] {9}\r\n5 BAD no\n)\r\nzz OK done\r\n", -EPROTO,
		FAULT_PROTOCOL },
	{ "NO", "S-%t NO no\r\n", -EREMOTEIO, FAULT_PROTOCOL },
	{ "NO [LIMIT]", "S-%t NO [LIMIT] slower\r\n", -EBUSY, FAULT_NETWORK },
	{ "NO [UNAVAILABLE]", "S-%t NO [UNAVAILABLE] later\r\n", -EBUSY, FAULT_NETWORK },
	{ "NO [INUSE]", "S-%t NO [INUSE] later\r\n", -EBUSY, FAULT_NETWORK },
	{ "another UIDVALIDITY", "S-* OK [UIDVALIDITY 8] new\r\n%t OK done\r\n", -ESTALE,
		FAULT_NETWORK },
};

static void test_ends(void **state)
{
	(void) state;
	for (size_t k = 0; k < sizeof end_rows / sizeof end_rows[0]; k++) {
		const struct end_row *row = &end_rows[k];
		const char *const script[] = { HELLO, SELECT("5"), SIZES("3"), "C:UID FETCH*",
			row->say, "X:", NULL };
		struct imap_mail mail = { .fd = -1 };
		struct fault f = { 0 };
		struct scene s;

		print_message("%s\n", row->reason);
		open_scene(&s, script);
		select_inbox(&s);
		assert_int_equal(read_one(&s, 3, &mail, &f), row->result);
		assert_int_equal(f.kind, row->kind);
		assert_int_equal(
			imap_is_usable(s.imap), row->result == -EREMOTEIO || row->result == -EBUSY);
		assert_int_equal(mail.fd, -1);
		close_scene(&s);
	}
}

/* ---- a server that goes silent ----------------------------------------------------------------- */

static int give_select(struct scene *s, struct fault *f)
{
	return imap_select(s->imap, "Junk", false, &s->folder, f);
}

static int give_search(struct scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	return imap_search(s->imap, 1, &uids, f);
}

static int give_search_id(struct scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	return imap_search_id(s->imap, "<a@b>", 0, &uids, f);
}

static int give_sizes(struct scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct imap_mail mails[IMAP_BATCH_MAX];
	size_t n;

	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	return imap_sizes(s->imap, &uids, true, mails, &n, f);
}

static int give_bodies(struct scene *s, struct fault *f)
{
	struct imap_mail mail = { .uid = 3, .size = 10, .fd = -1 };
	int r = imap_bodies(s->imap, &mail, 1, IMAP_PART_WHOLE, 1000, f);

	assert_int_equal(mail.fd, -1);
	return r;
}

static int give_list(struct scene *s, struct fault *f)
{
	CLEANUP(imap_list_done) struct imap_list list = { 0 };

	return imap_list(s->imap, &list, f);
}

static int give_noop(struct scene *s, struct fault *f)
{
	return imap_noop(s->imap, f);
}

static int give_keyword(struct scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	return imap_keyword(s->imap, &uids, "$FoiCase", f);
}

static int give_move(struct scene *s, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };

	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	return imap_move(s->imap, &uids, "Done", f);
}

static int give_append(struct scene *s, struct fault *f)
{
	return imap_append(s->imap, "Sent", "abc", 3, f);
}

static int give_wait(struct scene *s, struct fault *f)
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
	int (*give)(struct scene *s, struct fault *f);
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
		struct scene s;
		int64_t begun;

		print_message("%s\n", silent_rows[k].reason);
		open_scene(&s, silent_rows[k].script);
		select_inbox(&s);
		s.imap->stream.patience_ms = SILENCE_MS;
		begun = now_us();
		assert_int_equal(silent_rows[k].give(&s, &f), -ETIMEDOUT);
		assert_true(now_us() - begun >= SILENCE_MS * 1000);
		assert_int_equal(f.kind, FAULT_NETWORK);
		assert_true(f.transient);
		assert_false(imap_is_usable(s.imap));
		close_scene(&s);
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

static void expect_ok(int r, const struct fault *f)
{
	if (r < 0)
		fail_msg("%s", f->text);
}

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
	struct scene s;

	(void) state;
	memcpy(noise + 2, unasked, sizeof unasked);
	open_scene(&s, script);
	select_inbox(&s);
	assert_int_equal(s.folder.exists, 5);
	expect_ok(imap_search(s.imap, 1, &uids, &f), &f);
	assert_int_equal(uidset_count(&uids), 1);
	expect_ok(read_one(&s, 3, &mail, &f), &f);
	assert_bytes(&mail, "ab");
	imap_mails_done(&mail, 1);
	expect_ok(give_keyword(&s, &f), &f);
	expect_ok(give_move(&s, &f), &f);
	expect_ok(give_append(&s, &f), &f);
	expect_ok(give_wait(&s, &f), &f);
	close_scene(&s);
}

static void test_stop_ends_every_wait(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), "C:UID SEARCH ALL", "H:", NULL };
	struct fault f = { 0 };
	struct uidset uids = { 0 };
	struct scene s;
	int ends[2];

	(void) state;
	open_scene(&s, script);
	select_inbox(&s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	s.imap->stream.stop_fd = ends[0];
	(void) close(ends[1]);
	assert_int_equal(imap_search(s.imap, 1, &uids, &f), -ECANCELED);
	(void) close(ends[0]);
	close_scene(&s);
}

/* A server that sends one line for ever is cut off long before memory is short. */
static void test_huge_line(void **state)
{
	static char line[100 * 1000];
	const char *const script[] = { HELLO, SELECT("5"), "C:NOOP", line, line, "H:", NULL };
	struct fault f = { 0 };
	struct scene s;

	(void) state;
	memset(line, 'a', sizeof line - 1);
	line[0] = 'S';
	line[1] = '-';
	open_scene(&s, script);
	select_inbox(&s);
	imap_begin_plain(s.imap);
	assert_int_equal(imap_command(s.imap, "NOOP", "NOOP", &f), -EMSGSIZE);
	assert_int_equal(f.kind, FAULT_PROTOCOL);
	close_scene(&s);
}

/* ---- opening ------------------------------------------------------------------------------------- */

struct open_row {
	const char *reason;
	const char *user;
	enum fault_kind kind;
	int result;
	const char *const *script;
};

static const char *const script_refused[] = { "S:* OK ready", "C:CAPABILITY",
	"S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:LOGIN*", "S:%t NO [AUTHENTICATIONFAILED] no",
	"H:", NULL };
static const char *const script_busy[] = { "S:* OK ready", "C:CAPABILITY",
	"S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:LOGIN*",
	"S:%t NO [UNAVAILABLE] the directory is away", "H:", NULL };
static const char *const script_limit[] = { "S:* BYE [LIMIT] too many connections", "H:", NULL };
static const char *const script_late_bye[] = { "S:* OK ready", "C:CAPABILITY",
	"S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:LOGIN*", "S:* BYE going down", "X:", NULL };
static const char *const script_sentence[] = { "S:* OK ready", "C:CAPABILITY",
	"S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:LOGIN*", "S:%t NO LIMIT is no code",
	"H:", NULL };
static const char *const script_bye[] = { "S:* BYE too many connections", "H:", NULL };
static const char *const script_smtp[] = { "S:220 mail.example.org ESMTP", "H:", NULL };
static const char *const script_silent[] = { "H:", NULL };
static const char *const script_silent_greeted[] = { "S:* OK ready", "C:CAPABILITY", "H:", NULL };
static const char *const script_silent_login[] = { "S:* OK ready", "C:CAPABILITY",
	"S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:LOGIN*", "H:", NULL };
static const char *const script_silent_later[] = { "S:* OK ready", "C:CAPABILITY",
	"S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:CAPABILITY", "H:", NULL };
static const char *const script_closed[] = { "X:", NULL };
static const char *const script_closed_later[] = { "S:* OK ready", "C:CAPABILITY",
	"S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:CAPABILITY", "X:", NULL };

static const struct open_row open_rows[] = {
	{ "login refused", "foi", FAULT_AUTH, -EACCES, script_refused },
	{ "login refused in words", "foi", FAULT_AUTH, -EACCES, script_sentence },
	{ "the server cannot ask who we are now", "foi", FAULT_NETWORK, -EBUSY, script_busy },
	{ "BYE for a greeting", NULL, FAULT_NETWORK, -EBUSY, script_bye },
	{ "BYE [LIMIT] for a greeting", NULL, FAULT_NETWORK, -EBUSY, script_limit },
	{ "BYE for a login", "foi", FAULT_NETWORK, -EBUSY, script_late_bye },
	{ "no IMAP server", NULL, FAULT_NETWORK, -ETIMEDOUT, script_smtp },
	{ "no greeting", NULL, FAULT_NETWORK, -ETIMEDOUT, script_silent },
	{ "silent behind the greeting", NULL, FAULT_NETWORK, -ETIMEDOUT, script_silent_greeted },
	{ "silent at the login", "foi", FAULT_NETWORK, -ETIMEDOUT, script_silent_login },
	{ "silent behind the login", NULL, FAULT_NETWORK, -ETIMEDOUT, script_silent_later },
	{ "closed at once", NULL, FAULT_NETWORK, -ECONNRESET, script_closed },
	{ "closed after the login", NULL, FAULT_NETWORK, -ECONNRESET, script_closed_later },
};

static void test_open_fails(void **state)
{
	(void) state;
	for (size_t k = 0; k < sizeof open_rows / sizeof open_rows[0]; k++) {
		const struct open_row *row = &open_rows[k];
		const char *const *const scripts[] = { row->script, NULL };
		struct imap_script server;
		struct imap_options options;
		struct fault f = { 0 };
		struct imap *imap = NULL;

		print_message("%s\n", row->reason);
		imap_script_start(&server, scripts);
		options = options_for(server.url);
		options.user = row->user;
		options.patience_ms = row->result == -ETIMEDOUT ? PATIENCE_MS : 0;
		options.secret = row->user ? "wrong" : NULL;
		assert_int_equal(imap_open(&options, &imap, &f), row->result);
		assert_int_equal(f.kind, row->kind);
		assert_non_null(strstr(f.text, "127.0.0.1:"));
		assert_null(strstr(f.text, "foi"));
		assert_null(imap);
		assert_int_equal(imap_script_end(&server), 0);
	}
}

static void test_starttls_is_required(void **state)
{
	static const char *const script[] = { "S:* OK ready", "C:CAPABILITY",
		"S:* CAPABILITY IMAP4rev1", "S:%t OK done", "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct imap_script server;
	struct imap_options options;
	struct fault f = { 0 };
	struct imap *imap = NULL;

	(void) state;
	imap_script_start(&server, scripts);
	options = options_for(server.url);
	options.plaintext = false;
	options.user = "foi";
	options.secret = "secret";
	assert_int_equal(imap_open(&options, &imap, &f), -EPROTONOSUPPORT);
	assert_int_equal(f.kind, FAULT_TLS);
	assert_int_equal(imap_script_end(&server), 0);
}

static void test_nowhere(void **state)
{
	static const struct {
		const char *url;
		bool plaintext;
		enum fault_kind kind;
	} rows[] = {
		{ "imap://imap.example.org", true, FAULT_CONFIG },
		{ "http://127.0.0.1", false, FAULT_CONFIG },
		{ "nonsense with spaces", false, FAULT_CONFIG },
		{ "imaps://nowhere.invalid", false, FAULT_NETWORK },
		{ "imaps://127.0.0.1:1", false, FAULT_NETWORK },
	};

	(void) state;
	for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
		struct imap_options options = options_for(rows[k].url);
		struct fault f = { 0 };
		struct imap *imap = NULL;

		print_message("%s\n", rows[k].url);
		options.plaintext = rows[k].plaintext;
		assert_true(imap_open(&options, &imap, &f) < 0);
		assert_int_equal(f.kind, rows[k].kind);
	}
}

/* ---- folders ---------------------------------------------------------------------------------------- */

static void test_folder_cannot_be_opened(void **state)
{
	static const char *const script[] = { HELLO, "C:SELECT \"Junk &AOQ- \\\"x\\\"\"",
		"S:%t NO [NONEXISTENT] no", "C:EXAMINE \"INBOX\"", "S:* 1 EXISTS",
		"S:%t OK [READ-ONLY] done", "H:", NULL };
	struct imap_folder folder;
	struct fault f = { 0 };
	struct scene s;

	(void) state;
	open_scene(&s, script);
	assert_int_equal(imap_select(s.imap, "Junk \xc3\xa4 \"x\"", false, &folder, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_MISSING);
	assert_true(imap_is_usable(s.imap));
	assert_int_equal(imap_select(s.imap, "INBOX", true, &folder, &f), -EPROTO);
	assert_non_null(strstr(f.text, "UIDVALIDITY"));
	close_scene(&s);
}

static void test_search(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), "C:UID SEARCH ALL",
		"S:* SEARCH 3 1 2", "S:* 6 EXISTS", "S:* SEARCH 9", "S:%t OK done",
		"C:UID SEARCH UID 10:[*]", "S:* SEARCH 9", "S:%t OK done",
		"C:UID SEARCH SINCE 30-Apr-2026", "S:* SEARCH 4 5", "S:%t OK done", "H:", NULL };
	CLEANUP(freep) char *text = NULL;
	struct uidset uids = { 0 };
	struct scene s;

	(void) state;
	open_scene(&s, script);
	select_inbox(&s);
	assert_int_equal(imap_search(s.imap, 1, &uids, NULL), 0);
	assert_int_equal(uidset_text(&uids, &text), 0);
	assert_string_equal(text, "1:3,9");
	assert_int_equal(imap_exists(s.imap), 6);
	uidset_done(&uids);
	assert_int_equal(imap_search(s.imap, 10, &uids, NULL), 0);
	assert_int_equal(uids.n, 0);
	assert_int_equal(imap_search_since(s.imap, 1777626000, &uids, NULL), 0);
	uidset_done(&uids);
	close_scene(&s);
}

/* Every second UID: no two of them make a range. */
static void test_search_of_many(void **state)
{
	char *line = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&line, &n);
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct fault f = { 0 };
	struct scene s;
	int64_t begun;

	(void) state;
	assert_non_null(to);
	(void) fputs("S:* SEARCH", to);
	for (unsigned k = 1; k <= MANY; k++)
		(void) fprintf(to, " %u", 4000000000U + 2 * k);
	(void) fclose(to);
	const char *const script[] = { HELLO, SELECT("120000"), "C:UID SEARCH ALL", line,
		"S:%t OK done", "H:", NULL };
	open_scene(&s, script);
	select_inbox(&s);
	begun = now_us();
	expect_ok(imap_search(s.imap, 1, &uids, &f), &f);
	print_message("%d UIDs in %d ms\n", MANY, (int) ((now_us() - begun) / 1000));
	assert_int_equal(uids.n, MANY);
	close_scene(&s);
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
		struct scene s;

		print_message("%s\n", row->reason);
		open_scene(&s, row->script);
		select_inbox(&s);
		if (row->result == -ETIMEDOUT)
			s.imap->stream.patience_ms = PATIENCE_MS;
		assert_int_equal(imap_wait(s.imap, -1, 5, 200, &wake, &heard, &f), row->result);
		assert_int_equal(wake, row->wake);
		assert_int_equal(row->wake == IMAP_WAKE_MAIL, heard > 0);
		close_scene(&s);
	}
}

static void test_wait_for_the_channel(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), "C:IDLE", "S:+ idling", "C-DONE",
		"S:%t OK done", "H:", NULL };
	enum imap_wake wake = IMAP_WAKE_TIME;
	int64_t heard = -1;
	struct scene s;
	int ends[2];

	(void) state;
	open_scene(&s, script);
	select_inbox(&s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(imap_wait(s.imap, ends[0], 5, 20000, &wake, &heard, NULL), 0);
	assert_int_equal(wake, IMAP_WAKE_CHANNEL);
	assert_int_equal(heard, 0);
	(void) close(ends[0]);
	(void) close(ends[1]);
	close_scene(&s);
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
		struct scene s;

		print_message("%s\n", move_rows[k].reason);
		assert_int_equal(uidset_add(&uids, 3, 4), 0);
		open_scene(&s, move_rows[k].script);
		select_inbox(&s);
		assert_int_equal(imap_move(s.imap, &uids, "Done", NULL), move_rows[k].result);
		close_scene(&s);
	}
}

static void test_keyword(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"),
		"C:UID STORE 3 +FLAGS.SILENT ($FoiCase)", "S:%t OK done", "C:UID STORE*",
		"S:%t NO [CANNOT] no", "H:", NULL };
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct scene s;

	(void) state;
	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	open_scene(&s, script);
	select_inbox(&s);
	assert_int_equal(imap_keyword(s.imap, &uids, "$FoiCase", NULL), 0);
	assert_int_equal(imap_keyword(s.imap, &uids, "$FoiCase", NULL), -EREMOTEIO);
	assert_int_equal(imap_keyword(s.imap, &uids, "a) (\\Deleted", NULL), -EINVAL);
	close_scene(&s);
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
		struct scene s;

		print_message("%s\n", row->reason);
		open_scene(&s, script);
		select_inbox(&s);
		assert_int_equal(imap_keyword(s.imap, &uids, "$FoiCase", NULL), row->result);
		if (!row->is_tried)
			assert_int_equal(imap_noop(s.imap, NULL), 0);
		close_scene(&s);
	}
}

static void test_move_out_of_a_folder_for_reading(void **state)
{
	static const char *const script[] = { HELLO, "C:SELECT \"INBOX\"", "S:* 5 EXISTS",
		"S:* OK [UIDVALIDITY 7] ok", "S:%t OK [READ-ONLY] done", "C:NOOP", "S:%t OK done",
		"H:", NULL };
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct scene s;

	(void) state;
	assert_int_equal(uidset_add(&uids, 3, 3), 0);
	open_scene(&s, script);
	select_inbox(&s);
	assert_true(s.folder.read_only);
	assert_int_equal(imap_move(s.imap, &uids, "Done", NULL), -EREMOTEIO);
	assert_int_equal(imap_noop(s.imap, NULL), 0);
	close_scene(&s);
}

static void test_append(void **state)
{
	static const char *const script[] = { HELLO, "C:APPEND \"Sent\" (\\Seen) {7}",
		"S-* 3 EXISTS\r\n+ go on\r\n", "B:", "S:* 4 EXISTS", "S:%t OK done",
		"C:APPEND \"Sent\" (\\Seen) {7}", "S:%t NO [OVERQUOTA] no", "H:", NULL };
	struct scene s;

	(void) state;
	open_scene(&s, script);
	assert_int_equal(imap_append(s.imap, "Sent", "a\nb\r\nc", 6, NULL), 0);
	assert_int_equal(imap_append(s.imap, "Sent", "a\nb\r\nc", 6, NULL), -EREMOTEIO);
	assert_true(imap_is_usable(s.imap));
	close_scene(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_sizes_and_date),
		cmocka_unit_test(test_refused_half_way),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_silence_ends_at_the_deadline),
		cmocka_unit_test(test_unasked_lines_anywhere),
		cmocka_unit_test(test_stop_ends_every_wait),
		cmocka_unit_test(test_huge_line),
		cmocka_unit_test(test_open_fails),
		cmocka_unit_test(test_starttls_is_required),
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_folder_cannot_be_opened),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_search_of_many),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_wait_for_the_channel),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_keyword),
		cmocka_unit_test(test_keyword_that_is_not_kept),
		cmocka_unit_test(test_move_out_of_a_folder_for_reading),
		cmocka_unit_test(test_append),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
