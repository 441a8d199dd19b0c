/* test_imap_connect.c - IMAP: how a connection begins and how it ends. */
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
		options = imap_scene_options(server.url);
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
	options = imap_scene_options(server.url);
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
		struct imap_options options = imap_scene_options(rows[k].url);
		struct fault f = { 0 };
		struct imap *imap = NULL;

		print_message("%s\n", rows[k].url);
		options.plaintext = rows[k].plaintext;
		assert_true(imap_open(&options, &imap, &f) < 0);
		assert_int_equal(f.kind, rows[k].kind);
	}
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
		struct imap_scene s;

		print_message("%s\n", row->reason);
		imap_scene_open(&s, script);
		imap_scene_select_inbox(&s);
		assert_int_equal(imap_scene_read_one(&s, 3, &mail, &f), row->result);
		assert_int_equal(f.kind, row->kind);
		assert_int_equal(
			imap_is_usable(s.imap), row->result == -EREMOTEIO || row->result == -EBUSY);
		assert_int_equal(mail.fd, -1);
		imap_scene_close(&s);
	}
}

static void test_stop_ends_every_wait(void **state)
{
	static const char *const script[] = { HELLO, SELECT("5"), "C:UID SEARCH ALL", "H:", NULL };
	struct fault f = { 0 };
	struct uidset uids = { 0 };
	struct imap_scene s;
	int ends[2];

	(void) state;
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	s.imap->stream.stop_fd = ends[0];
	(void) close(ends[1]);
	assert_int_equal(imap_search(s.imap, 1, &uids, &f), -ECANCELED);
	(void) close(ends[0]);
	imap_scene_close(&s);
}

/* A server that sends one line for ever is cut off long before memory is short. */
static void test_huge_line(void **state)
{
	static char line[100 * 1000];
	const char *const script[] = { HELLO, SELECT("5"), "C:NOOP", line, line, "H:", NULL };
	struct fault f = { 0 };
	struct imap_scene s;

	(void) state;
	memset(line, 'a', sizeof line - 1);
	line[0] = 'S';
	line[1] = '-';
	imap_scene_open(&s, script);
	imap_scene_select_inbox(&s);
	imap_begin_plain(s.imap);
	assert_int_equal(imap_command(s.imap, "NOOP", "NOOP", &f), -EMSGSIZE);
	assert_int_equal(f.kind, FAULT_PROTOCOL);
	imap_scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_stop_ends_every_wait),
		cmocka_unit_test(test_huge_line),
		cmocka_unit_test(test_open_fails),
		cmocka_unit_test(test_starttls_is_required),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
