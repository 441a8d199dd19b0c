/* store_copy.c - a whole copy of the store in one file, for a backup or before a migration. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_care.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

int store_fail_path(const char *path, struct fault *f)
{
	int error = errno;

	return fault_set_kind(f,
		error == ENOSPC || error == EDQUOT ? FAULT_STORE_FULL : FAULT_STORE, -error,
		"%s: %s", path, strerrordesc_np(error));
}

static int copy_pages(struct store *from, struct store *to, struct fault *f)
{
	sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");
	int code;

	if (!backup)
		return store_fail(to, sqlite3_errcode(to->db), "a copy could not be begun", f);
	errno = 0;
	/* All at once: in steps it would begin anew each time a mail comes in. */
	code = sqlite3_backup_step(backup, -1);
	(void) sqlite3_backup_finish(backup); /* repeats what the step told */
	return code == SQLITE_DONE ? 0 : store_fail(to, code, "the store could not be copied", f);
}

/* In the copy alone. Its schema may be an older one than this program's, of before a migration. */
static int mark(struct store *to, int64_t now, struct fault *f)
{
	int r = store_begin(to, f);

	if (r == 0)
		r = store_exec(to, STORE_RECOVERING_TABLE, "a copy could not be marked", f);
	if (r == 0)
		r = store_recovering_begin(to, now, f);
	if (r == 0)
		r = store_exec(to, STORE_RECOVERY_TABLE " UPDATE recovery SET is_known = 0;",
			"a copy could not be marked", f);
	return r == 0 ? store_commit(to, f) : r;
}

/* A copy that nobody has read may be one of damage. */
static int fill(struct store *from, const char *path, int64_t now, struct fault *f)
{
	CLEANUP(store_closep) struct store *to = NULL;
	int r;

	r = store_open_plain(path, &to, f);
	if (r == 0)
		r = copy_pages(from, to, f);
	/* One file, that needs no other beside it. */
	if (r == 0)
		r = store_exec(to, "PRAGMA journal_mode = DELETE", "a copy could not be closed", f);
	if (r == 0)
		r = mark(to, now, f);
	return r < 0 ? r : store_check(to, f);
}

int store_sync_folder(const char *path, struct fault *f)
{
	CLEANUP(freep) char *copy = strdup(path);
	CLEANUP(closep) int fd = -1;

	if (!copy)
		return fault_set(f, -ENOMEM, "out of memory");
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return store_fail_path(path, f);
	return 0;
}

static int put_in_place(const char *part, const char *path, struct fault *f)
{
	CLEANUP(closep) int fd = open(part, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0 || rename(part, path) < 0)
		return store_fail_path(path, f);
	/* Also the name is on the disk when this returns 0. */
	return store_sync_folder(path, f);
}

int store_copy(struct store *s, const char *path, int64_t now, struct fault *f)
{
	CLEANUP(freep) char *part = NULL;
	int r;

	if (asprintf(&part, "%s.part", path) < 0) {
		part = NULL;
		return fault_set(f, -ENOMEM, "out of memory");
	}
	if (unlink(part) < 0 && errno != ENOENT) /* of an attempt that was killed */
		return store_fail_path(part, f);
	r = fill(s, part, now, f);
	if (r == 0)
		r = put_in_place(part, path, f);
	if (r < 0)
		(void) unlink(part); /* it may not be there; the fault tells what went wrong */
	return r;
}
