/* register_verify.h - whether the store is still what was written: asked after an unclean stop, and
 * once a week. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_VERIFY_H
#define DAEMON_REGISTER_VERIFY_H

#include <stdbool.h>

#include "base/fault.h"

struct register_state;

/* Notes in the store that an unclean stop is still to be looked into, so that no further stop, nor
 * --once, makes it forgotten. */
int verify_new(struct register_state *reg, struct fault *f);
void verify_free(struct register_state *reg);

/* The start is over: looks whether it is time, and goes on doing so. */
void verify_begin(struct register_state *reg);

/* Damage was met at work: how far it goes is found out at once. */
void verify_suspect(struct register_state *reg);

void verify_stop(struct register_state *reg);
bool verify_is_running(const struct register_state *reg);
bool verify_is_late(const struct register_state *reg);

#endif
