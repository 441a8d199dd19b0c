/* folder_stage.h - register with one mailbox and no process: what fetch says is said by the test. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_FOLDER_STAGE_H
#define SUPPORT_FOLDER_STAGE_H

#include "daemon/register_internal.h"
#include "tests/support/intake_world.h"

/* register with one mailbox and no process. */
struct folder_stage {
	struct intake_world *world;
	struct register_options options;
	struct register_state reg;
	struct watch *watch;
	struct watch_folder *folder;
	int log; /* memfd */
	struct fault fault;
};

/* For cmocka_unit_test_setup_teardown(): *state is a struct folder_stage. */
int folder_stage_set_up(void **state);
int folder_stage_tear_down(void **state);

/* The mailbox as after a restart of the daemon: all that is not in the store is forgotten. */
void folder_stage_restart(struct folder_stage *s);

/* How often @word is in the log, which is emptied. */
unsigned folder_stage_told(struct folder_stage *s, const char *word);

/* A record of fetch, which is freed; @passed is closed. Return: what register makes of it. */
int folder_stage_say(struct folder_stage *s, json_t *record, int passed);
void folder_stage_open_folder(struct folder_stage *s, int uidvalidity, int uidnext);
void folder_stage_see(struct folder_stage *s, const char *uids, bool is_full);
int folder_stage_gone(struct folder_stage *s, int uidvalidity, int uid);

void folder_stage_assert_wanted(const struct folder_stage *s, const char *uids);

/* All that is on its way becomes durable. Return: how many mails are recorded as unreadable. */
int64_t folder_stage_commit(struct folder_stage *s);

#endif
