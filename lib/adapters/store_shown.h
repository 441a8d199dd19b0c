/* store_shown.h - the UIDs that a server has shown, until each has its row.
 *
 * They are noted when they are learnt, before their mails are read: one that is deleted or moved away
 * while the daemon does not run is missed at the next start. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_SHOWN_H
#define ADAPTERS_STORE_SHOWN_H

#include "adapters/store.h"

/**
 * store_shown_add - note UIDs of an epoch.
 * @now:  when they were shown
 * @from: the lowest UID without a row; what was noted of lower ones only is forgotten
 */
int store_shown_add(struct store *s, int64_t epoch, const struct uidset *uids, int64_t now,
	uint32_t from, struct fault *f);

/* Those that were noted and have no row. uidset_done() @ret. */
int store_shown(struct store *s, int64_t epoch, struct uidset *ret, struct fault *f);

/* When @uid was shown first. Return: 1 with @ret; 0 it was not noted, or that is forgotten. */
int store_shown_at(struct store *s, int64_t epoch, uint32_t uid, int64_t *ret, struct fault *f);

#endif
