/* sealed.c - bytes handed from one process to another in a sealed memfd. */
/* SPDX-License-Identifier: MIT */
#include "base/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

int sealed_create(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	return fd < 0 ? -errno : fd;
}

int sealed_finish(int fd)
{
	return fcntl(fd, F_ADD_SEALS, ALL_SEALS) < 0 ? -errno : 0;
}

int sealed_new(const char *name, const void *bytes, size_t n)
{
	CLEANUP(closep) int fd = sealed_create(name);
	int r;

	if (fd < 0)
		return fd;
	r = io_write(fd, bytes, n);
	if (r < 0)
		return r;
	r = sealed_finish(fd);
	if (r < 0)
		return r;
	return TAKE_FD(fd);
}

int sealed_map(int fd, size_t max, struct sealed *ret, struct fault *f)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);
	void *bytes;

	if (seals < 0 || (seals & ALL_SEALS) != ALL_SEALS)
		return fault_set(f, -EPERM, "a buffer from another process is not sealed");
	if (fstat(fd, &st) < 0)
		return fault_set(f, -errno, "a buffer from another process cannot be examined");
	if (st.st_size < 0 || (uintmax_t) st.st_size > max)
		return fault_set(f, -EMSGSIZE, "a buffer of %jd bytes is over the limit of %zu",
			(intmax_t) st.st_size, max);
	if (st.st_size == 0) {
		*ret = (struct sealed){ .bytes = "", .n = 0 };
		return 0;
	}
	bytes = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return fault_set(f, -errno, "a buffer from another process cannot be mapped");
	*ret = (struct sealed){ .bytes = bytes, .n = (size_t) st.st_size };
	return 0;
}

void sealed_unmap(struct sealed *s)
{
	if (s && s->n > 0)
		(void) munmap((void *) (uintptr_t) s->bytes, s->n); /* ours: cannot fail */
	if (s)
		*s = (struct sealed){ 0 };
}
