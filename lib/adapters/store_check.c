/* store_check.c - whether the store is still what was written to it. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_care.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

enum {
	WHERE_BYTES_MAX = 200,
};

/* What SQLite says of a damage names tables and pages; it may have several lines. */
static int damaged(const char *where, struct fault *f)
{
	CLEANUP(freep) char *line = NULL;

	if (text_one_line(where, WHERE_BYTES_MAX, &line) < 0)
		return fault_set(f, -ENOMEM, "out of memory");
	return fault_set_kind(
		f, FAULT_STORE_DAMAGED, -EUCLEAN, "the database file is damaged: %s", line);
}

int store_check(struct store *s, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	const char *said;
	int r;

	r = store_query_params(s, STORE_SQL_CHECK, NULL, 0, &q, f);
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r < 0)
		return r;
	said = r > 0 ? store_column_text(q, 0) : "no answer";
	return strcmp(said, "ok") == 0 ? 0 : damaged(said, f);
}

/* The name of the mark goes with those of the store's other files, so that who moves all of them
 * aside takes it along. */
static char *mark_path(const struct store *s)
{
	char *path = NULL;

	return asprintf(&path, "%s.damaged", s->path) < 0 ? NULL : path;
}

int store_check_mark(const struct store *s, struct fault *f)
{
	CLEANUP(freep) char *path = mark_path(s);

	if (!path)
		return fault_set(f, -ENOMEM, "out of memory");
	if (access(path, F_OK) < 0)
		return 0;
	return fault_set_kind(f, FAULT_STORE_DAMAGED, -EUCLEAN,
		"%s was found damaged before, as %s marks", s->path, path);
}

void store_distrust(struct store *s)
{
	CLEANUP(freep) char *path = mark_path(s);
	int fd;

	s->is_distrusted = true;
	if (!path)
		return; /* the next start finds the damage itself */
	fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0)
		(void) close(fd); /* empty: nothing to lose */
}
