/* io.c - whole reads and writes of a descriptor that blocks. */
/* SPDX-License-Identifier: MIT */
#include "base/io.h"

#include <errno.h>
#include <unistd.h>

int io_read(int fd, char *buf, size_t room, size_t *ret_n)
{
	size_t n = 0;

	while (n < room) {
		ssize_t got = read(fd, buf + n, room - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t) got;
	}
	*ret_n = n;
	return 0;
}

int io_write(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		bytes += done;
		n -= (size_t) done;
	}
	return 0;
}
