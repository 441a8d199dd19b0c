/* fetch_scene.h - a fetch process between a scripted server and a register played by the test. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_FETCH_SCENE_H
#define TESTS_SUPPORT_FETCH_SCENE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>

#include "tests/support/imap_script.h"

/* Pieces of a script: what is asked, and what the server answers. */
#define HELLO	       IMAP_SCRIPT_HELLO
#define SELECT(exists) IMAP_SCRIPT_SELECT(exists)
#define ALL(uids)      "C:UID SEARCH ALL", "S:* SEARCH " uids, "S:%t OK done"
#define SIZE(uid, size)                                                                            \
	"S:* 1 FETCH (UID " uid " INTERNALDATE \"01-May-2026 10:00:00 +0000\" RFC822.SIZE " size ")"
#define SIZES(uids)                                                                                \
	"C:UID FETCH " uids                                                                        \
	" (UID INTERNALDATE RFC822.SIZE BODY.PEEK[[]HEADER.FIELDS (MESSAGE-ID)]<0.512>)"
#define SIZES_ALONE(uids) "C:UID FETCH " uids " (UID INTERNALDATE RFC822.SIZE)"
#define NOOP		  "C:NOOP", "S:%t OK done"
#define IDLE		  "C:IDLE", "S:+ idling"
#define DONE		  "C-DONE", "S:%t OK done"
#define OK		  "S:%t OK done"

/* A fetch process, its server, and our end of the channel. */
struct fetch_scene {
	struct imap_script server;
	pid_t fetch;
	int channel;
	json_t *record; /* the last one taken */
	int passed;
};

/* @changes: members of "begin" that differ, JSON; NULL: none. */
void fetch_scene_open(
	struct fetch_scene *s, const char *const *const *scripts, const char *changes);
void fetch_scene_drop(struct fetch_scene *s);
int64_t fetch_scene_number(const struct fetch_scene *s, const char *key);

/* Takes the next record that is no step; a step must announce a time that register believes. */
const char *fetch_scene_take(struct fetch_scene *s);
void fetch_scene_expect(struct fetch_scene *s, const char *type);

/* Until fetch is about to wait for mail; then it gives IDLE, whatever we send. */
void fetch_scene_expect_idle(struct fetch_scene *s);
void fetch_scene_expect_set(struct fetch_scene *s, const char *type, const char *set);
bool fetch_scene_is_set(const struct fetch_scene *s, const char *key);
void fetch_scene_expect_mail(struct fetch_scene *s, int64_t uid, const char *text);
void fetch_scene_give(struct fetch_scene *s, json_t *record, int passed);
void fetch_scene_give_look(struct fetch_scene *s, const char *folder, int since);
void fetch_scene_give_want(
	struct fetch_scene *s, const char *set, const char *careful, const char *header);
void fetch_scene_give_done(struct fetch_scene *s, const char *set);

/* Hangs up, as register does; fetch must follow at once, and the server be content. */
void fetch_scene_close(struct fetch_scene *s);

/* Up to the answer to the first "seen". */
void fetch_scene_begin_cycle(struct fetch_scene *s, const char *seen, const char *want);

#endif
