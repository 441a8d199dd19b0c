/* fuzz_config.c - any bytes as foimaild.conf.
 *
 * It is taken, or refused with something to read; what is told stands on one line. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/config.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "tests/fuzz/fuzz.h"

/* What was told of one file. */
struct told {
	unsigned mistakes;
	unsigned doubts;
};

static void tell(void *context, const char *text)
{
	struct told *told = context;

	REQUIRE(*text && fuzz_is_one_line(text));
	if (strstr(text, "warning: "))
		told->doubts++;
	else
		told->mistakes++;
}

static void check(const struct config *c)
{
	REQUIRE(c->n_mailboxes > 0 && c->n_mailboxes <= CONFIG_MAILBOXES_MAX);
	REQUIRE(c->n_forms <= CONFIG_FORMS_MAX);
	for (size_t i = 0; i < c->n_mailboxes; i++) {
		const struct config_mailbox *m = &c->mailboxes[i];

		REQUIRE(strchr(m->address, '@') && fuzz_is_one_line(m->address));
		REQUIRE(*m->name && *m->url && m->folders.n > 0);
		REQUIRE(m->folders.n + m->junk_folders.n <= CONFIG_LIST_MAX);
		for (size_t k = 0; k < i; k++)
			REQUIRE(strcmp(m->name, c->mailboxes[k].name) != 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	CLEANUP(config_freep) struct config *c = NULL;
	CLEANUP(closep) int fd = sealed_new("fuzz", bytes, n);
	struct told told = { 0 };
	struct fault f = { 0 };
	char path[32];
	int r;

	REQUIRE(fd >= 0);
	(void) snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* fits */
	r = config_load(path, tell, &told, &c, &f);
	REQUIRE((r == 0) == (c != NULL));
	REQUIRE(r == 0 || (r == f.code && *f.text));
	/* Too long a file is told by its fault alone. */
	REQUIRE((r < 0) == (told.mistakes > 0) || n > CONFIG_BYTES_MAX);
	if (c)
		check(c);
	return 0;
}
