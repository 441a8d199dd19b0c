/* cleanup.h - scope-bound release of what a function owns. */
/* SPDX-License-Identifier: MIT */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

/* Runs @function(&variable) when the variable goes out of scope, on every way out. */
#define CLEANUP(function) __attribute__((cleanup(function)))

/* The pointer in @p, which is set to NULL: ownership moves to the caller's result. */
#define TAKE_PTR(p)                                                                                \
	__extension__({                                                                            \
		__typeof__(p) take_ptr_ = (p);                                                     \
		(p) = NULL;                                                                        \
		take_ptr_;                                                                         \
	})

/* The descriptor in @fd, which is set to -1. */
#define TAKE_FD(fd)                                                                                \
	__extension__({                                                                            \
		int take_fd_ = (fd);                                                               \
		(fd) = -1;                                                                         \
		take_fd_;                                                                          \
	})

static inline void freep(void *p)
{
	free(*(void **) p);
}

static inline void closep(const int *fd)
{
	if (*fd >= 0)
		(void) close(*fd); /* nothing was written through it that fsync did not prove */
}

#endif
