/* config_try.c - what a configuration that a test writes is answered with. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/config_try.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

int config_try_set_up(void **state)
{
	struct config_try *t = calloc(1, sizeof *t);

	if (!t)
		return -1;
	*state = t;
	(void) snprintf(t->folder, sizeof t->folder, "/tmp/foi-config-XXXXXX");
	if (!mkdtemp(t->folder))
		return -1;
	(void) snprintf(t->path, sizeof t->path, "%s/c", t->folder);
	return 0;
}

int config_try_tear_down(void **state)
{
	struct config_try *t = *state;
	int r;

	(void) unlink(t->path); /* a test may have written nothing */
	r = rmdir(t->folder);
	free(t);
	return r;
}

static void tell(void *context, const char *text)
{
	struct config_try *t = context;
	const char *place = strstr(text, t->path);
	const char *rest = place ? place + strlen(t->path) : text;
	int n = snprintf(t->text + t->n, sizeof t->text - t->n, "%.*s%s\n",
		place ? (int) (place - text) : 0, text, rest);

	assert_true(n > 0 && (size_t) n < sizeof t->text - t->n);
	t->n += (size_t) n;
	t->mistakes += strncmp(text, "warning: ", 9) != 0;
}

int config_try_bytes(struct config_try *t, const void *bytes, size_t n, struct config **ret)
{
	struct fault f = { 0 };
	FILE *file = fopen(t->path, "w");
	int r;

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	t->text[0] = '\0';
	t->n = 0;
	t->mistakes = 0;
	r = config_load(t->path, tell, t, ret, &f);
	if (r < 0)
		assert_int_equal(f.code, r);
	return r;
}

int config_try(struct config_try *t, const char *text, struct config **ret)
{
	return config_try_bytes(t, text, strlen(text), ret);
}
