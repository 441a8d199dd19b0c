/* store_backup.c - copies of the store in a folder beside it, each under a name. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_care.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

enum {
	MEGABYTE = 1000000,
};

/* ASCII, whatever the locale: the name is typed by another person than the one who restores. */
static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool store_backup_is_name(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n >= STORE_BACKUP_NAME_MAX || !is_letter_or_digit(name[0]))
		return false;
	for (size_t i = 1; i < n; i++)
		if (!is_letter_or_digit(name[i]) && !strchr("-_.", name[i]))
			return false;
	return true;
}

char *store_backup_path(const char *store, const char *name)
{
	CLEANUP(freep) char *copy = strdup(store);
	char *path;

	if (!copy || asprintf(&path, "%s/backup/%s.db", dirname(copy), name) < 0)
		return NULL;
	return path;
}

static int make_folder(const char *folder, struct fault *f)
{
	if (mkdir(folder, 0700) == 0)
		return store_sync_folder(folder, f);
	return errno == EEXIST ? 0 : store_fail_path(folder, f);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text);
	size_t n_end = strlen(end);

	return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

static void close_folder(DIR **folder)
{
	if (*folder)
		(void) closedir(*folder); /* it was only read */
}

/* Of attempts that were killed, whatever their names: each may be as large as the store. */
static int remove_parts(const char *path, struct fault *f)
{
	CLEANUP(close_folder) DIR *folder = opendir(path);
	const struct dirent *entry;

	if (!folder)
		return store_fail_path(path, f);
	while ((entry = readdir(folder)) != NULL) {
		const char *name = entry->d_name;

		if (!ends_with(name, ".db.part") && !ends_with(name, ".db.part-journal"))
			continue;
		if (unlinkat(dirfd(folder), name, 0) < 0 && errno != ENOENT)
			return store_fail_path(path, f);
	}
	return 0;
}

static int make_ready(const char *path, struct fault *f)
{
	CLEANUP(freep) char *copy = strdup(path);
	const char *folder;
	int r;

	if (!copy)
		return fault_set(f, -ENOMEM, "out of memory");
	folder = dirname(copy);
	r = make_folder(folder, f);
	if (r == 0)
		r = remove_parts(folder, f);
	if (r < 0)
		return r;
	return access(path, F_OK) == 0
		       ? fault_set(f, -EEXIST, "there is a backup of that name already: %s", path)
		       : 0;
}

/* 0 where there is no such file: a WAL need not be. */
static uint64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : (uint64_t) st.st_size;
}

static int check_room(const char *store, const char *path, struct fault *f)
{
	CLEANUP(freep) char *wal = NULL;
	CLEANUP(freep) char *folder = strdup(path);
	struct statvfs disk;
	uint64_t need;
	uint64_t room;

	if (!folder || asprintf(&wal, "%s-wal", store) < 0) {
		wal = NULL;
		return fault_set(f, -ENOMEM, "out of memory");
	}
	if (statvfs(dirname(folder), &disk) < 0)
		return store_fail_path(path, f);
	need = size_of(store) + size_of(wal);
	need += need / 8;
	room = (uint64_t) disk.f_bavail * disk.f_frsize;
	if (need <= room)
		return 0;
	return fault_set_kind(f, FAULT_STORE_FULL, -ENOSPC,
		"no space left for a backup: it needs %.1f MB, and %.1f MB are free",
		(double) need / MEGABYTE, (double) room / MEGABYTE);
}

int store_backup(struct store *s, const char *store, const char *name, int64_t now, struct fault *f)
{
	CLEANUP(freep) char *path = NULL;
	int r;

	if (!store_backup_is_name(name))
		return fault_set(f, -EINVAL, "no backup may have that name");
	path = store_backup_path(store, name);
	if (!path)
		return fault_set(f, -ENOMEM, "out of memory");
	r = make_ready(path, f);
	if (r == 0)
		r = check_room(store, path, f);
	return r < 0 ? r : store_copy(s, path, now, f);
}
