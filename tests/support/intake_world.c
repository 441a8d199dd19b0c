/* intake_world.c - a small authority with a real store. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/intake_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "adapters/store_internal.h"
#include "tests/support/letter_builder.h"

static const char configuration[] = "[authority]\n"
				    "name = Example Constabulary\n"
				    "received_by = mx.authority.example.org\n"
				    "templates = " FOIMAILD_CONF "\n"
				    "[mailbox foi]\n"
				    "address = foi@authority.example.org\n"
				    "url = imap://127.0.0.1:1143\n"
				    "tls = off\n"
				    "auth = none\n"
				    "acknowledge_within = 3 days\n"
				    "[mailbox eir]\n"
				    "address = eir@authority.example.org\n"
				    "url = imap://127.0.0.1:1143\n"
				    "tls = off\n"
				    "auth = none\n"
				    "regime = eir\n"
				    "acknowledge = hold\n"
				    "[store]\n"
				    "path = register.db\n"
				    "[calendar]\n"
				    "files = " FOIMAILD_CONF "/bank-holidays.json\n"
				    "[senders]\n"
				    "colleagues = authority.example.org\n"
				    "regulators = commissioner.example.org\n"
				    "partners = partner.example.org\n"
				    "ignored = alerts@example.com\n"
				    "platforms = asks.example.net\n";

static void load(struct intake_world *w)
{
	char path[128];
	struct fault f = { 0 };
	FILE *file;

	(void) snprintf(path, sizeof path, "%s/foimaild.conf", w->fixture->folder);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(configuration, file) >= 0);
	assert_int_equal(fclose(file), 0);
	store_fixture_expect(config_load(path, NULL, NULL, &w->conf, &f), &f);
	assert_int_equal(calendar_new(&w->calendar), 0);
	store_fixture_expect(
		holidays_load(w->conf->calendar_files.entries[0], w->calendar, &f), &f);
	store_fixture_expect(templates_load(w->conf, &w->templates, &f), &f);
}

int intake_world_setup(void **state)
{
	struct intake_world *w = calloc(1, sizeof *w);
	void *fixture;

	assert_non_null(w);
	assert_int_equal(store_fixture_setup(&fixture), 0);
	w->fixture = fixture;
	load(w);
	w->in = (struct intake){ .store = w->fixture->store,
		.conf = w->conf,
		.calendar = w->calendar,
		.templates = w->templates };
	w->now = INTAKE_WORLD_NOW;
	*state = w;
	return 0;
}

int intake_world_teardown(void **state)
{
	struct intake_world *w = *state;
	void *fixture = w->fixture;

	templates_free(w->templates);
	calendar_free(w->calendar);
	config_free(w->conf);
	letter_free(w->letter);
	free(w);
	return store_fixture_teardown(&fixture);
}

int64_t intake_world_folder(struct intake_world *w, size_t mailbox, const char *folder)
{
	struct store_folder row;
	struct fault f = { 0 };
	int64_t id;

	store_fixture_expect(store_begin(w->in.store, &f), &f);
	store_fixture_expect(store_folder(w->in.store, w->conf->mailboxes[mailbox].name, folder,
				     w->now, &row, &f),
		&f);
	store_fixture_expect(
		store_epoch_add(w->in.store, row.id, 78, 1, NULL, w->now, &id, &f), &f);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
	return id;
}

static int take(struct intake_world *w, const struct letter *letter)
{
	struct intake_mail mail = w->mail;
	struct fault f = { 0 };
	int r;

	mail.epoch = mail.epoch ? mail.epoch : w->fixture->epoch;
	mail.uid = ++w->uid;
	mail.first_seen = w->now;
	mail.letter = letter;
	if (mail.internaldate == 0)
		mail.internaldate = w->now - 60;
	mail.raw = "x";
	mail.raw_bytes = 1;
	store_fixture_expect(store_begin(w->in.store, &f), &f);
	r = intake_take(&w->in, &mail, w->now, &w->out, &f);
	if (r < 0)
		print_message("%s\n", f.text);
	return r;
}

static void commit(struct intake_world *w, int r)
{
	struct fault f = { 0 };

	assert_int_equal(r, 0);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
}

int intake_world_try(struct intake_world *w, const char *headers, const char *text)
{
	letter_free(w->letter);
	w->letter = letter_builder_new(headers, text, NULL);
	if (!*w->letter->message_id && !w->is_nameless) {
		free(w->letter->message_id);
		assert_true(asprintf(&w->letter->message_id, "<%u@example.net>", w->uid) > 0);
	}
	digest_sha256(text, strlen(text), w->letter->content);
	return take(w, w->letter);
}

void intake_world_take(struct intake_world *w, const char *headers, const char *text)
{
	commit(w, intake_world_try(w, headers, text));
}

void intake_world_take_unreadable(struct intake_world *w)
{
	commit(w, take(w, NULL));
}

int64_t intake_world_number(struct intake_world *w, const char *sql)
{
	return store_fixture_number(w->fixture, sql);
}

const char *intake_world_text(struct intake_world *w, const char *sql)
{
	static char text[64 * 1024];
	sqlite3_stmt *statement;

	assert_int_equal(sqlite3_prepare_v2(w->in.store->db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	(void) snprintf(text, sizeof text, "%s", (const char *) sqlite3_column_text(statement, 0));
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	return text;
}

void intake_world_expect_text(struct intake_world *w, const char *sql, const char *expected)
{
	assert_string_equal(intake_world_text(w, sql), expected);
}

void intake_world_expect_day(struct day d, const char *iso)
{
	char buf[DAY_ISO_MAX];

	assert_string_equal(day_iso(d, buf), iso);
}
