/* fuzz_config.c - any bytes as foimaild.conf. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapters/config.h"
#include "base/cleanup.h"
#include "base/sealed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void tell(void *context, const char *text)
{
	*(unsigned *) context += *text != '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	CLEANUP(config_freep) struct config *c = NULL;
	CLEANUP(closep) int fd = sealed_new("fuzz", bytes, n);
	unsigned told = 0;
	char path[32];
	int r;

	if (fd < 0)
		return 0;
	(void) snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	r = config_load(path, tell, &told, &c, NULL);
	/* Taken, or refused with something to read; too long a file is told by its fault. */
	if ((r == 0) != (c != NULL) || (r < 0 && told == 0 && n <= CONFIG_BYTES_MAX))
		abort();
	return 0;
}
