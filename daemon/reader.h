/* reader.h - reading one mail behind the wall, for a program that is not the daemon. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_READER_H
#define DAEMON_READER_H

#include <stdbool.h>

#include "base/fault.h"
#include "domain/letter.h"

/**
 * reader_read - the letter in a raw mail.
 * @mail: sealed memfd; stays the caller's
 *
 * Starts this very program as the parse role, as the daemon does, gives it the mail and takes its
 * answer. A mail that its reader does not read goes down the same ladder as in the daemon
 * (ladder.h), and its letter says so.
 *
 * Return: 0; -ENODATA none of its readers survives it: the daemon would open a case as unreadable;
 *         -EIO there is no reader; other negative errno.
 */
int reader_read(int mail, bool truncated, struct letter **ret, struct fault *f);

#endif
