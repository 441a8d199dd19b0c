/* register_sole.h - one mailbox, one daemon: of two on this machine the second is refused, also where
 * each has a store of its own. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_SOLE_H
#define DAEMON_REGISTER_SOLE_H

#include "adapters/config.h"
#include "base/fault.h"

struct register_state;

/**
 * sole_take - claim the mailboxes of @conf, beside those that are claimed already.
 *
 * Return: 0; -EBUSY another daemon watches one of them, which @f names; nothing more is claimed then.
 */
int sole_take(struct register_state *reg, const struct config *conf, struct fault *f);

/* The first claim of a start; a refusal is told to the journal. --observe changes nothing, so it may
 * look on: it claims nothing. */
int sole_begin(struct register_state *reg);

/* Gives up those that @conf does not name. NULL: all. */
void sole_give_up(struct register_state *reg, const struct config *conf);

#endif
