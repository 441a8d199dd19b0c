/* intake_world.h - a small authority with a real store, for tests of what is done with a mail. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_INTAKE_WORLD_H
#define SUPPORT_INTAKE_WORLD_H

#include "domain/calendar.h"
#include "flow/intake.h"
#include "tests/support/store_fixture.h"

enum {
	INTAKE_WORLD_NOW = 1526462100, /* 2018-05-16 09:15 UTC */
};

struct intake_world {
	struct store_fixture *fixture;
	struct config *conf; /* may be changed by a test */
	struct calendar *calendar;
	struct templates *templates;
	struct intake in;
	int64_t now; /* of the next mail; its first sight, and its INTERNALDATE a minute before */
	uint32_t uid;
	struct intake_mail
		mail;	  /* what the next mail is like; letter and UID are filled in, and the
				  * epoch unless it is given */
	bool is_nameless; /* the next mail has no Message-ID but one of its headers' */
	struct intake_outcome out;
	struct letter *letter; /* of the last mail, owned */
};

/* For cmocka_unit_test_setup_teardown(): *state is a struct intake_world. Mailbox 0 is
 * foi@authority.example.org under FOIA, mailbox 1 eir@authority.example.org under EIR. */
int intake_world_setup(void **state);
int intake_world_teardown(void **state);

/* The epoch of a folder that is watched from now on: for world->mail.epoch. */
int64_t intake_world_folder(struct intake_world *w, size_t mailbox, const char *folder);

/* A letter of its own Message-ID comes in and is committed: world->out. */
void intake_world_take(struct intake_world *w, const char *headers, const char *text);

/* The same, up to the commit: the caller ends the transaction. Return: of intake_take(). */
int intake_world_try(struct intake_world *w, const char *headers, const char *text);

/* A mail that nobody could read. */
void intake_world_take_unreadable(struct intake_world *w);

/* A number that a static query yields. */
int64_t intake_world_number(struct intake_world *w, const char *sql);

/* The text that a static query yields; until the next call. */
const char *intake_world_text(struct intake_world *w, const char *sql);

/* Asserts that text, and a day. */
void intake_world_expect_text(struct intake_world *w, const char *sql, const char *expected);
void intake_world_expect_day(struct day d, const char *iso);

#endif
