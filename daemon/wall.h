/* wall.h - what a process that reads a stranger's mail may still do: compute, and answer. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_WALL_H
#define DAEMON_WALL_H

#include "base/fault.h"

/**
 * wall_raise - give up everything that reading a mail does not need, for good.
 *
 * Limits memory, stack, file size, descriptors and processor time, forbids core dumps, and loads a
 * filter of system calls. Allowed: reading and writing on open descriptors, passing descriptors,
 * memory that cannot be executed, memfds and their seals, waiting, the clock, random bytes, ending.
 * Opening a file gives EPERM (libraries cope with that); anything else kills the process.
 *
 * Everything that opens files must have happened before: character sets, locale, time zone.
 *
 * Under sanitizers the filter is wider, since their run-time needs more, and says so on standard
 * error: files and sockets stay out of reach.
 *
 * Return: 0; negative errno, and then the process must not read a mail.
 */
int wall_raise(struct fault *f);

#endif
