/* io.h - whole reads and writes of a descriptor that blocks. */
/* SPDX-License-Identifier: MIT */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>

/**
 * io_read - what @fd gives until its end, at most @room bytes of it.
 * @room:  one more than the caller takes shows that there is more
 * @ret_n: bytes in @buf
 *
 * Return: 0; negative errno.
 */
int io_read(int fd, char *buf, size_t room, size_t *ret_n);

/* All of @bytes into a file or memfd; a part of them may be in it on failure.
 * Return: 0; negative errno. */
int io_write(int fd, const char *bytes, size_t n);

#endif
