/* sealed.h - bytes handed from one process to another in a sealed memfd.
 *
 * The giver writes and seals; the receiver checks the seals and the size before it maps, so that
 * neither a shrinking file (SIGBUS) nor a later write can reach it. */
/* SPDX-License-Identifier: MIT */
#ifndef BASE_SEALED_H
#define BASE_SEALED_H

#include <stddef.h>

#include "base/fault.h"

/* Bytes of another process, mapped for reading. */
struct sealed {
	const char *bytes; /* mapped; "" when n is 0 */
	size_t n;
};

/* An empty memfd that may be written and later sealed. Return: descriptor or negative errno. */
int sealed_create(const char *name);

/* Adds all four seals (SEAL, SHRINK, GROW, WRITE). Return: 0 or negative errno. */
int sealed_finish(int fd);

/* A sealed memfd holding @n bytes. Return: descriptor or negative errno. */
int sealed_new(const char *name, const void *bytes, size_t n);

/**
 * sealed_map - look at what another process gave.
 * @fd:  stays the caller's
 * @max: more bytes than this are refused
 *
 * Return: 0, then sealed_unmap() it; -EPERM a seal is missing or it is no memfd; -EMSGSIZE too
 *         long; other negative errno.
 * Security: @fd comes from a process that may be in an attacker's hands.
 */
int sealed_map(int fd, size_t max, struct sealed *ret, struct fault *f);

void sealed_unmap(struct sealed *s); /* NULL and empty are fine */

#endif
