/* test_fetch_trouble.c - fetch: several folders, refused logins, servers that hang up, wrong orders. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/fetch_internal.h"
#include "tests/support/fetch_scene.h"

/* ---- several folders, other trouble --------------------------------------------------------------------- */

#define OPEN(name, exists)                                                                         \
	"C:SELECT \"" name "\"", "S:* " exists " EXISTS", "S:* OK [UIDVALIDITY 7] ok",             \
		"S:* OK [UIDNEXT 100] ok", "S:%t OK done"

static void look_at(struct fetch_scene *s, const char *folder, const char *seen)
{
	CLEANUP(closep) int fd = sealed_new("want", "", 0);

	fetch_scene_expect(s, "folder");
	assert_string_equal(json_string_value(json_object_get(s->record, "folder")), folder);
	fetch_scene_give_look(s, folder, 0);
	fetch_scene_expect_set(s, "seen", seen);
	fetch_scene_give(s,
		json_pack("{s:s, s:s, s:i}", "type", "want", "folder", folder, "uidvalidity", 7),
		fd);
	fetch_scene_expect(s, "cycle");
}

static void test_folders(void **state)
{
	static const char *const script[] = { HELLO, OPEN("INBOX", "1"), ALL("1"),
		"C:SELECT \"Gone\"", "S:%t NO [NONEXISTENT] no", OPEN("Junk", "1"), ALL("5"),
		OPEN("INBOX", "1"), "C:UID SEARCH ALL", "S:* SEARCH 1", OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts,
		"{\"folders\":[{\"name\":\"INBOX\",\"junk\":false},{\"name\":\"Gone\"},"
		"{\"name\":\"Junk\",\"junk\":true}]}");
	look_at(&s, "INBOX", "1");
	fetch_scene_expect(&s, "fault");
	assert_string_equal(json_string_value(json_object_get(s.record, "folder")), "Gone");
	assert_string_equal(json_string_value(json_object_get(s.record, "kind")), "missing");
	look_at(&s, "Junk", "5");
	look_at(&s, "INBOX", "1");
	fetch_scene_close(&s);
}

/* Without a connection every append is answered, and the end of the channel is no less the end. */
static void test_back_off(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), "C:UID SEARCH ALL", "X:", NULL };
	const char *const *const scripts[] = { script, NULL };
	CLEANUP(closep) int copy = sealed_new("copy", "copy", 4);
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_expect(&s, "folder");
	fetch_scene_give_look(&s, "INBOX", 0);
	fetch_scene_expect(&s, "fault");
	assert_string_equal(json_string_value(json_object_get(s.record, "kind")), "network");
	assert_string_equal(json_string_value(json_object_get(s.record, "folder")), "");
	fetch_scene_give(&s, json_pack("{s:s, s:i}", "type", "append", "id", 3), copy);
	fetch_scene_expect(&s, "unfiled");
	fetch_scene_close(&s);
}

/* How long fetch says that it waits until the next attempt, without the slack of a step. */
static int64_t expect_pause(struct fetch_scene *s)
{
	const char *what = "";

	while (strcmp(what, "waiting before the next attempt") != 0) {
		fetch_scene_drop(s);
		assert_int_equal(channel_receive(s->channel, &s->record, &s->passed, NULL), 1);
		what = strcmp(channel_type(s->record), "step") == 0
			       ? json_string_value(json_object_get(s->record, "what"))
			       : "";
	}
	return fetch_scene_number(s, "ms") - 30 * 1000;
}

#define LOGIN(answer)                                                                              \
	"S:* OK ready", "C:CAPABILITY", "S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:LOGIN*",    \
		answer, "X:", NULL

/* Each pause is up to a quarter longer, so that many daemons do not come back at one instant. */
static void test_pauses(void **state)
{
	static const char *const refused[] = { LOGIN("S:%t NO [AUTHENTICATIONFAILED] no") };
	static const char *const busy[] = { LOGIN("S:%t NO [UNAVAILABLE] later") };
	static const struct {
		const char *reason;
		const char *const *script;
		const char *kind;
		int pause_ms;
	} rows[] = {
		{ "a login that is refused: accounts get locked", refused, "auth", 300 * 1000 },
		{ "a server that is busy", busy, "network", 5 * 1000 },
	};

	(void) state;
	for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
		const char *const *const scripts[] = { rows[k].script, NULL };
		struct fetch_scene s;

		print_message("%s\n", rows[k].reason);
		fetch_scene_open(
			&s, scripts, "{\"auth\":\"password\",\"user\":\"foi\",\"secret\":\"x\"}");
		fetch_scene_expect(&s, "fault");
		assert_string_equal(
			json_string_value(json_object_get(s.record, "kind")), rows[k].kind);
		assert_in_range(expect_pause(&s), rows[k].pause_ms, rows[k].pause_ms * 5 / 4);
		fetch_scene_close(&s);
	}
}

/* What a person does about it takes longer each time that it was not seen. */
static void test_refused_again(void **state)
{
	static const struct fault refused = { .kind = FAULT_AUTH };
	static const struct fault lost = { .kind = FAULT_NETWORK };
	static const struct {
		const char *reason;
		unsigned before_ms;
		const struct fault *fault;
		unsigned pause_ms;
	} rows[] = {
		{ "refused again", 300 * 1000, &refused, 600 * 1000 },
		{ "and again, up to an hour", 2400 * 1000, &refused, 3600 * 1000 },
		{ "and no longer", 3600 * 1000, &refused, 3600 * 1000 },
		{ "refused after an outage", 20 * 1000, &refused, 300 * 1000 },
		{ "an outage after it is an outage", 3600 * 1000, &lost, 300 * 1000 },
	};

	(void) state;
	for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
		print_message("%s\n", rows[k].reason);
		assert_int_equal(
			fetch_next_pause(rows[k].before_ms, rows[k].fault), rows[k].pause_ms);
	}
}

/* A server that lets us in and hangs up each time is asked less and less often. */
static void test_hangs_up_again_and_again(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), "C:IDLE",
		"S:* BYE enough", "X:", NULL };
	const char *const *const scripts[] = { script, script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	for (int pause_ms = 5000; pause_ms <= 10000; pause_ms *= 2) {
		fetch_scene_begin_cycle(&s, "1", "");
		fetch_scene_expect(&s, "cycle");
		fetch_scene_expect(&s, "fault");
		assert_in_range(expect_pause(&s), pause_ms, pause_ms * 5 / 4);
	}
	fetch_scene_close(&s);
}

static void test_comes_back(void **state)
{
	static const char *const first[] = { HELLO, SELECT("1"), "C:UID SEARCH ALL", "X:", NULL };
	static const char *const second[] = { HELLO, SELECT("1"), ALL("1"), "H:", NULL };
	const char *const *const scripts[] = { first, second, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_expect(&s, "folder");
	fetch_scene_give_look(&s, "INBOX", 0);
	fetch_scene_expect(&s, "fault");
	fetch_scene_begin_cycle(&s, "1", "");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
}

static void test_a_wrong_record_ends_it(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_expect(&s, "folder");
	fetch_scene_give_look(&s, "Junk", 0);
	fetch_scene_drop(&s);
	while (channel_receive(s.channel, &s.record, &s.passed, NULL) == 1)
		fetch_scene_drop(&s);
	fetch_scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_back_off),
		cmocka_unit_test(test_pauses),
		cmocka_unit_test(test_refused_again),
		cmocka_unit_test(test_hangs_up_again_and_again),
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_a_wrong_record_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
