/* store_fixture.c - a store in a temporary folder, and mails and cases to put into it. */
/* SPDX-License-Identifier: MIT */
#include "store_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/store_internal.h"
#include "base/text.h"

static struct letter_address from = { .name = "Jane Example", .mailbox = "jane@example.org" };

static struct letter_attachment attachments[] = {
	{ .name = "questions.pdf", .type = "application/pdf", .bytes = 12345, .sha256 = "aa11" },
	{ .name = "", .type = "text/plain", .bytes = 7, .sha256 = "bb22" },
};

static char *warnings[] = { "The mail names a character set that is not known" };

static struct letter letter = {
	.from = &from,
	.n_from = 1,
	.subject = "Request for information",
	.message_id = "<one@example.org>",
	.date = 1526461200,
	.text = "Please tell me how many bicycles the force owns.",
	.new_text = "Please tell me how many bicycles the force owns.",
	.attachments = attachments,
	.n_attachments = 2,
	.warnings = warnings,
	.n_warnings = 1,
	.content = "c0ffee",
};

static struct triage_verdict verdict = {
	.fate = FATE_REQUEST,
	.reasons = { { .rule = "asks", .evidence = "asks \"how many\"" } },
	.n_reasons = 1,
};

void store_fixture_expect(int r, const struct fault *f)
{
	if (r < 0)
		fail_msg("%d: %s", r, f->text);
}

void store_fixture_fault(const struct fault *f, enum fault_kind kind, const char *part)
{
	assert_string_equal(fault_kind_word(f->kind), fault_kind_word(kind));
	if (!text_find_ci(f->text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, f->text);
}

struct day store_fixture_day(const char *iso)
{
	struct day d = { 0 };

	assert_int_equal(day_parse(iso, &d), 0);
	return d;
}

void store_fixture_epoch(struct store_fixture *x)
{
	struct store_folder folder;
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(
		store_folder(x->store, "foi", "INBOX", STORE_FIXTURE_NOW, &folder, &f), &f);
	store_fixture_expect(
		store_epoch_add(x->store, folder.id, 77, 1, NULL, STORE_FIXTURE_NOW, &x->epoch, &f),
		&f);
	store_fixture_expect(store_commit(x->store, &f), &f);
}

int store_fixture_setup(void **state)
{
	struct store_fixture *x = calloc(1, sizeof *x);
	struct fault f = { 0 };

	assert_non_null(x);
	(void) snprintf(x->folder, sizeof x->folder, "/tmp/foi-store-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	(void) snprintf(x->path, sizeof x->path, "%s/register.db", x->folder);
	store_fixture_expect(store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f), &f);
	store_fixture_epoch(x);
	*state = x;
	return 0;
}

static void remove_folder(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;

	assert_non_null(d);
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.' && unlinkat(dirfd(d), entry->d_name, 0) < 0) {
			char below[PATH_MAX];

			assert_int_equal(errno, EISDIR);
			(void) snprintf(below, sizeof below, "%s/%s", folder, entry->d_name);
			remove_folder(below);
		}
	(void) closedir(d);
	assert_int_equal(rmdir(folder), 0);
}

int store_fixture_teardown(void **state)
{
	struct store_fixture *x = *state;

	x->store = store_close(x->store);
	remove_folder(x->folder);
	free(x);
	return 0;
}

void store_fixture_reopen(struct store_fixture *x)
{
	struct fault f = { 0 };

	x->store = store_close(x->store);
	store_fixture_expect(store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f), &f);
}

struct store_message store_fixture_message(const struct store_fixture *x, uint32_t uid)
{
	static const char raw[] = "From: jane@example.org\r\n\r\nPlease tell me.\r\n";

	return (struct store_message){
		.epoch = x->epoch,
		.uid = uid,
		.first_seen = STORE_FIXTURE_NOW + 5,
		.internaldate = STORE_FIXTURE_NOW + 3,
		.gateway = STORE_FIXTURE_NOW + 2,
		.size = 4096,
		.letter = &letter,
		.verdict = &verdict,
		.platform_message = "",
		.received = store_fixture_day("2018-05-16"),
		.raw = raw,
		.raw_bytes = sizeof raw - 1,
	};
}

struct foi_case_opening store_fixture_opening(const char *reference)
{
	struct foi_case_opening c = {
		.kind = CASE_REQUEST,
		.state = FOI_CASE_OPEN,
		.mailbox = "foi",
		.authority = "Example Constabulary",
		.requester = "Jane@example.org",
		.requester_name = "Jane Example",
		.subject = "Request for information",
		.platform_address = "",
		.opened_at = STORE_FIXTURE_NOW + 6,
		.deadline = {
			.regime = STATUTE_FOIA,
			.rule = STATUTE_RULE_STATUTE,
			.working_days = 20,
			.received = store_fixture_day("2018-05-16"),
			.due = store_fixture_day("2018-06-14"),
			.calendar_hash = "ca1e",
		},
	};

	(void) snprintf(c.reference, sizeof c.reference, "%s", reference);
	return c;
}

int64_t store_fixture_case(struct store_fixture *x, uint32_t uid, const char *reference)
{
	struct store_message m = store_fixture_message(x, uid);
	struct foi_case_opening c = store_fixture_opening(reference);
	struct fault f = { 0 };
	int64_t id;

	store_fixture_expect(store_message_add(x->store, &m, &c.message, &f), &f);
	store_fixture_expect(store_case_add(x->store, &c, &id, &f), &f);
	store_fixture_expect(store_message_case(x->store, c.message, id, &f), &f);
	return id;
}

int64_t store_fixture_number(struct store_fixture *x, const char *sql)
{
	sqlite3_stmt *statement;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(x->store->db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	n = sqlite3_column_int64(statement, 0);
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	return n;
}

void store_fixture_run(struct store_fixture *x, const char *sql)
{
	assert_int_equal(sqlite3_exec(x->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

int store_fixture_fork(void (*child)(struct store_fixture *x), struct store_fixture *x)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		child(x);
		_exit(99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

void store_fixture_add_mails(struct store_fixture *x, uint32_t first, uint32_t n)
{
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	for (uint32_t uid = first; uid < first + n; uid++) {
		static char raw[8 * 1024];
		struct store_message m = store_fixture_message(x, uid);
		int64_t id;

		m.raw = raw;
		m.raw_bytes = sizeof raw;
		store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	}
	store_fixture_expect(store_commit(x->store, &f), &f);
}
