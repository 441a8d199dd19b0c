/* register_shown.h - the UIDs that a folder showed and that have no row yet. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_SHOWN_H
#define DAEMON_REGISTER_SHOWN_H

#include "daemon/register_internal.h"

/* Adds the UIDs of @folder whose mails are brought and not committed. Return: 0; -ENOMEM. */
int watch_on_way(const struct watch *w, const struct watch_folder *folder, struct uidset *ret);
/* What an earlier life or connection was shown and has no row. */
int watch_recall(struct watch *w, struct watch_folder *folder, struct fault *f);
/* Takes away what has a row and what is on its way to one. @ret_last: the highest of these; 0: none. */
int watch_drop_known(struct watch *w, const struct watch_folder *folder, struct uidset *seen,
	uint32_t *ret_last, struct fault *f);
/* Makes @wanted what is wanted, and empties it. Tells what should have come before: UIDs below
 * @last that were never shown, and those that were asked for in vain. Return: 0; -ENOMEM. */
int watch_expect(
	struct watch *w, struct watch_folder *folder, struct uidset *wanted, uint32_t last);
/* @ret: whether one that was shown is neither wanted nor on its way. Return: 0; -ENOMEM. */
int watch_is_any_missing(const struct watch *w, const struct watch_folder *folder, bool *ret);
void watch_save_shown(struct watch *w, struct watch_folder *folder);
void watch_has_row(const struct mail *m);

#endif
