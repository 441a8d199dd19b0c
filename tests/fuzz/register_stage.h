/* register_stage.h - register with fake workers and a real store, anew for every input. */
/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_REGISTER_STAGE_H
#define FUZZ_REGISTER_STAGE_H

#include "daemon/register_internal.h"

/* Opens what is opened once. Aborts when it cannot. */
void register_stage_open(void);

/* A register as it is when it has just started, with a store that holds nothing but its calendar.
 * Return: it; until register_stage_end(). */
struct register_state *register_stage_begin(void);

/* Frees it, and takes back what it wrote. */
void register_stage_end(void);

/* What must hold whenever register waits for an event. */
void register_stage_check(const struct register_state *reg);

#endif
