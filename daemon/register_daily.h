/* register_daily.h - what register does once on each working day: reminders, mails to officers. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_DAILY_H
#define DAEMON_REGISTER_DAILY_H

#include <stdbool.h>

#include "base/fault.h"

struct register_state;

int daily_new(struct register_state *reg, struct fault *f);
void daily_free(struct register_state *reg);

/* The workers were started: looks soon whether a run is due, with the configuration of now. */
void daily_begin(struct register_state *reg);

/* --once: whether the run of today is still to be made; then it is under way. */
bool daily_is_pending(struct register_state *reg);

#endif
