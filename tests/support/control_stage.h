/* control_stage.h - the local socket of a register that has a store, and peers of it. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_CONTROL_STAGE_H
#define SUPPORT_CONTROL_STAGE_H

#include <stdio.h>

#include "daemon/control_internal.h"
#include "daemon/register_internal.h"
#include "tests/support/intake_world.h"

#define CONTROL_STAGE_CASES "org.foimaild.Cases."

/* register, as far as control needs it. */
struct control_stage {
	struct intake_world *world;
	struct register_options options;
	struct register_state reg;
	struct journal *journal;
	FILE *lines; /* what was told to the journal; owned */
	struct control *control;
};

/* For cmocka_unit_test_setup_teardown(): *state is a struct control_stage. */
int control_stage_setup(void **state);
int control_stage_teardown(void **state);

void control_stage_listen(struct control_stage *s);

/* A peer with those rights, by a pair of sockets; its end does not block. Return: that end. */
int control_stage_join(struct control_stage *s, bool read, bool act);

/* One turn of the loop. */
void control_stage_turn(struct control_stage *s);

/* What the daemon says next, without its NUL, until the next call; "" when it closed the
 * connection. */
const char *control_stage_hear(struct control_stage *s, int fd);

/* The answer to a call. */
const char *control_stage_ask(struct control_stage *s, int fd, const char *call);

void control_stage_expect(const char *answer, const char *words);

/* Whether a line of the journal holds @words. */
bool control_stage_has_told(struct control_stage *s, const char *words);

#endif
