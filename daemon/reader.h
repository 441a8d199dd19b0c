/* reader.h - reading one mail behind the wall, for a program that is not the daemon. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_READER_H
#define DAEMON_READER_H

#include <stdbool.h>

#include "base/fault.h"
#include "domain/letter.h"

enum {
	READER_SECONDS = 30,
};

/**
 * reader_read - the letter in a raw mail.
 * @mail: sealed memfd; stays the caller's
 *
 * Starts this very program as the parse role, as the daemon does, gives it the mail and takes its
 * answer. A mail that kills its reader is tried again without its body, as the daemon would.
 *
 * Return: 0; -ENODATA no reader survives it: the daemon would open a case as unreadable; other
 *         negative errno.
 */
int reader_read(int mail, bool truncated, struct letter **ret, struct fault *f);

#endif
