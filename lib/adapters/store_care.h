/* store_care.h - what keeps a store well over the years: its log cut, looked over, copied. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_CARE_H
#define ADAPTERS_STORE_CARE_H

#include "adapters/store.h"

enum {
	STORE_LOG_BYTES_MAX = 64 << 20, /* of the WAL, beyond which readers crowd it */
	STORE_BACKUP_NAME_MAX = 64,	/* of a backup's name, with the NUL */
};

/**
 * store_is_crowded - whether so many read, one beginning before the other has ended, that the log of
 * what is written could not be cut for long.
 *
 * Tries to cut it, without waiting. As long as it is true no further reader should begin: when those
 * that are there have ended it is cut. Inside a transaction it is false.
 */
bool store_is_crowded(struct store *s);

/**
 * store_check - read all of the store, and find out whether it is what was written.
 *
 * Takes about ten seconds a gigabyte, and holds a view of the database as long: for a reader.
 *
 * Return: 0; -EUCLEAN (FAULT_STORE_DAMAGED) it is not, the text says where; others.
 */
int store_check(struct store *s, struct fault *f);

/**
 * store_copy - copy the store, as it is at one moment, to a file of its own.
 * @path: replaced if it is there, when the copy is whole and on the disk
 * @now:  what the copy is marked with, see store_recovering()
 *
 * The copy is read over before it counts. Its mode is 0600. The store may be written to meanwhile
 * by others. Where it fails "PATH.part" is removed.
 *
 * Return: 0; -EUCLEAN the store, or the copy of it, is damaged; others with the fault kinds above.
 */
int store_copy(struct store *s, const char *path, int64_t now, struct fault *f);

/* Whether a backup may have that name: letters, digits, "-", "_" and ".", a letter or digit first. */
bool store_backup_is_name(const char *name);

/* Where the backup of that name of the store at @store is: "backup/NAME.db" in the same folder. The
 * caller's to free(); NULL when memory is short. */
char *store_backup_path(const char *store, const char *name);

/**
 * store_backup - store_copy() to the folder of backups, which is made if there is none.
 * @s:     a reader, so that the writer goes on meanwhile
 * @store: the path of @s
 *
 * What attempts that were killed have left in the folder is removed first. None is begun where the
 * file system has not an eighth more space than it takes, so that it is not the copy that stops
 * intake.
 *
 * Return: 0; -EINVAL (FAULT_OTHER) @name is none; -EEXIST (FAULT_OTHER) there is one of that name,
 *         which is never replaced; -ENOSPC; as store_copy().
 */
int store_backup(
	struct store *s, const char *store, const char *name, int64_t now, struct fault *f);

/**
 * store_recovering - whether this store is a copy that was put in place of the one that was used.
 * @ret_since: when the copy was made: what was done later, numbers given and mails sent, may be
 *             unknown to it; 0: it is no copy, or it has recovered
 *
 * store_copy() marks what it makes, a backup and a copy that is kept before a migration alike.
 */
int store_recovering(struct store *s, int64_t *ret_since, struct fault *f);

/* Marks the store as a copy of that instant; one that is marked keeps its mark, for it is older.
 * Inside a transaction, as the next. */
int store_recovering_begin(struct store *s, int64_t since, struct fault *f);

/* Nothing that was done after the copy is missing any more. */
int store_recovering_end(struct store *s, struct fault *f);

/* From here on every store_begin() is refused, with FAULT_STORE_DAMAGED: to write to a damaged file
 * damages more of it. Reading goes on. A file "PATH.damaged" marks it, and store_open() refuses it as
 * long as that is there. */
void store_distrust(struct store *s);

#endif
