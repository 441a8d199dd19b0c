/* store.c - open, lock and close the store; transactions. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

/* synchronous=FULL: a commit is on the disk before the mail server is told (design, invariant 3).
 * mmap_size=0: an I/O error is a result code and no SIGBUS. temp_store=MEMORY: no mail is spilled
 * into a temporary file. recursive_triggers: REPLACE cannot pass by the triggers that keep history.
 * The WAL is checkpointed at 8 MiB and cut to 16 MiB, so that a long reader costs no disk for ever. */
static const char *const writer_pragmas[] = {
	"PRAGMA journal_mode = WAL",
	"PRAGMA synchronous = FULL",
	"PRAGMA foreign_keys = ON",
	"PRAGMA recursive_triggers = ON",
	"PRAGMA wal_autocheckpoint = 2048",
	"PRAGMA journal_size_limit = 16777216",
	"PRAGMA secure_delete = ON",
	NULL,
};

static const char *const common_pragmas[] = {
	"PRAGMA trusted_schema = OFF",
	"PRAGMA cell_size_check = ON",
	"PRAGMA mmap_size = 0",
	"PRAGMA temp_store = MEMORY",
	"PRAGMA cache_size = -8192",
	NULL,
};

static int run_pragmas(struct store *s, const char *const *pragmas, struct fault *f)
{
	for (; *pragmas; pragmas++) {
		int r = store_exec(s, *pragmas, "the store could not be set up", f);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Missing directory and missing right are told apart here, before SQLite's one CANTOPEN. */
static int fail_file(int error, const char *path, struct fault *f)
{
	return fault_set_kind(f,
		error == ENOENT			     ? FAULT_MISSING
		: error == ENOSPC || error == EDQUOT ? FAULT_STORE_FULL
						     : FAULT_STORE,
		-error, "%s: %s", path,
		error == ENOENT ? "the directory is not there" : strerrordesc_np(error));
}

/* Takes PATH.lock. The descriptor has no close-on-exec flag on purpose: the workers inherit it, and
 * as long as one of them lives no new daemon starts beside it. */
static int take_lock(struct store *s, const char *path, struct fault *f)
{
	CLEANUP(freep) char *lock = NULL;

	if (asprintf(&lock, "%s.lock", path) < 0) {
		lock = NULL;
		return fault_set(f, -ENOMEM, "out of memory");
	}
	s->lock_fd = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	if (s->lock_fd < 0)
		return fail_file(errno, lock, f);
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return fail_file(errno, lock, f);
	return fault_set_kind(f, FAULT_STORE_BUSY, -EBUSY,
		"%s is held by another daemon, or by a worker of one that has not ended", lock);
}

/* SQLite would make it with mode 0644. An existing file is not opened here: closing it again would
 * drop the POSIX locks that another connection of this process has on it. */
static int make_file(const char *path, struct fault *f)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && errno != EEXIST)
		return fail_file(errno, path, f);
	if (fd >= 0)
		(void) close(fd); /* empty: nothing to lose */
	return 0;
}

static int open_database(struct store *s, const char *path, int flags, struct fault *f)
{
	int code;

	errno = 0;
	code = sqlite3_open_v2(
		path, &s->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

	if (!s->db)
		return fault_set(f, -ENOMEM, "out of memory");
	if (code != SQLITE_OK)
		return store_fail(s, code, path, f);
	/* None of these can fail on an open connection. */
	(void) sqlite3_busy_timeout(s->db, STORE_BUSY_MSEC);
	(void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	(void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	(void) sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	return run_pragmas(s, common_pragmas, f);
}

/* Key and dirty mark, of the row that the caller's transaction or file must have. */
static int read_meta(struct store *s, bool *ret_found, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *statement = NULL;
	int r;

	r = store_query_params(s, STORE_SQL_META, NULL, 0, &statement, f);
	if (r < 0)
		return r;
	r = store_step(s, statement, f);
	if (r < 0)
		return r;
	*ret_found = r == 1;
	if (r == 0)
		return 0;
	if (sqlite3_column_bytes(statement, 0) != DIGEST_KEY_BYTES)
		return store_damaged(f, "key");
	memcpy(s->key, sqlite3_column_blob(statement, 0), DIGEST_KEY_BYTES);
	s->was_clean = sqlite3_column_int(statement, 1) == 0;
	return 0;
}

static int make_meta(struct store *s, int64_t now, struct fault *f)
{
	int r;

	r = digest_random(s->key, sizeof s->key);
	if (r < 0)
		return fault_set(f, r, "no random bytes from the kernel");
	s->was_clean = true;
	return STORE_RUN(
		s, STORE_SQL_META_ADD, f, store_blob(s->key, sizeof s->key), store_int(now));
}

/* Schema, key and dirty mark, in one transaction: a kill leaves an empty file or a whole store. */
static int prepare_store(struct store *s, int64_t now, struct fault *f)
{
	bool found = false;
	int r;

	r = store_begin(s, f);
	if (r < 0)
		return r;
	r = store_schema_prepare(s, f);
	if (r < 0)
		return r;
	r = read_meta(s, &found, f);
	if (r < 0)
		return r;
	r = found ? STORE_RUN(s, STORE_SQL_META_DIRTY, f, store_int(1), store_int(now))
		  : make_meta(s, now, f);
	if (r < 0)
		return r;
	r = store_commit(s, f);
	if (r < 0)
		return r;
	s->is_ready = true;
	return 0;
}

static struct store *store_new(void)
{
	struct store *s = calloc(1, sizeof *s);

	if (s)
		s->lock_fd = -1;
	return s;
}

int store_open_plain(const char *path, struct store **ret, struct fault *f)
{
	CLEANUP(store_closep) struct store *s = store_new();
	int r;

	if (!s)
		return fault_set(f, -ENOMEM, "out of memory");
	r = make_file(path, f);
	if (r == 0)
		r = open_database(s, path, SQLITE_OPEN_READWRITE, f);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(s);
	return 0;
}

/* What a migration does cannot be taken back, and the program of before cannot read it. */
static int keep_old(struct store *s, int schema, int64_t now, struct fault *f)
{
	CLEANUP(freep) char *path = NULL;

	if (asprintf(&path, "%s.schema-%d", s->path, schema) < 0) {
		path = NULL;
		return fault_set(f, -ENOMEM, "out of memory");
	}
	return store_copy(s, path, now, f);
}

int store_open(const char *path, int64_t now, struct store **ret, struct fault *f)
{
	CLEANUP(store_closep) struct store *s = store_new();
	int old = 0;
	int r;

	if (!s)
		return fault_set(f, -ENOMEM, "out of memory");
	s->path = strdup(path);
	if (!s->path)
		return fault_set(f, -ENOMEM, "out of memory");
	r = take_lock(s, path, f);
	if (r < 0)
		return r;
	r = store_check_mark(s, f);
	if (r < 0)
		return r;
	r = make_file(path, f);
	if (r < 0)
		return r;
	r = open_database(s, path, SQLITE_OPEN_READWRITE, f);
	if (r < 0)
		return r;
	/* Nobody waits for us yet, and a start that fails is worse than one that is late. */
	(void) sqlite3_busy_timeout(s->db, STORE_START_BUSY_MSEC);
	/* Looked at before the journal mode is set, which writes: another program's file is left
	 * as it is. */
	r = store_schema_look(s, &old, f);
	if (r < 0)
		return r;
	r = old == 0 ? 0 : keep_old(s, old, now, f);
	if (r < 0)
		return r;
	r = run_pragmas(s, writer_pragmas, f);
	if (r < 0)
		return r;
	r = prepare_store(s, now, f);
	if (r < 0)
		return r;
	(void) sqlite3_busy_timeout(s->db, STORE_BUSY_MSEC);
	*ret = TAKE_PTR(s);
	return 0;
}

int store_open_reader(const char *path, struct store **ret, struct fault *f)
{
	CLEANUP(store_closep) struct store *s = store_new();
	bool found = false;
	int r;

	if (!s)
		return fault_set(f, -ENOMEM, "out of memory");
	s->is_reader = true;
	r = open_database(s, path, SQLITE_OPEN_READONLY, f);
	if (r < 0)
		return r;
	r = store_schema_check(s, f);
	if (r < 0)
		return r;
	r = read_meta(s, &found, f);
	if (r < 0)
		return r;
	if (!found)
		return store_damaged(f, "key");
	*ret = TAKE_PTR(s);
	return 0;
}

/* A mark that cannot be set leaves the store marked as not closed, and the next start looks it
 * over: that is the safe side. */
static void mark_clean(struct store *s)
{
	if (store_begin(s, NULL) < 0)
		return;
	if (STORE_RUN(s, STORE_SQL_META_DIRTY, NULL, store_int(0), store_id(0)) < 0) {
		store_rollback(s);
		return;
	}
	(void) store_commit(s, NULL);
}

struct store *store_close(struct store *s)
{
	if (!s)
		return NULL;
	store_rollback(s);
	if (s->is_ready)
		mark_clean(s);
	for (size_t i = 0; i < STORE_SQL_COUNT; i++)
		(void) sqlite3_finalize(s->statements[i]); /* repeats an error told before */
	(void) sqlite3_close_v2(s->db); /* checkpoints; the WAL is kept if it cannot */
	closep(&s->lock_fd);
	explicit_bzero(s->key, sizeof s->key);
	free(s->path);
	free(s);
	return NULL;
}

void store_closep(struct store **s)
{
	*s = store_close(*s);
}

bool store_was_clean(const struct store *s)
{
	return s->was_clean;
}

const uint8_t *store_key(const struct store *s)
{
	return s->key;
}

int store_begin(struct store *s, struct fault *f)
{
	int r;

	if (s->in_transaction)
		return fault_set_kind(f, FAULT_STORE, -EALREADY, "a transaction is open already");
	if (s->is_distrusted)
		return fault_set_kind(f, FAULT_STORE_DAMAGED, -EUCLEAN,
			"the database file is damaged, nothing more is written to it");
	r = store_exec(s, s->is_reader ? "BEGIN" : "BEGIN IMMEDIATE",
		"a transaction could not be begun", f);
	if (r < 0)
		return r;
	s->in_transaction = true;
	s->is_spoiled = false;
	return 0;
}

int store_commit(struct store *s, struct fault *f)
{
	int r;

	if (!s->in_transaction)
		return fault_set_kind(f, FAULT_STORE, -EPERM, "no transaction is open");
	if (s->is_spoiled || sqlite3_get_autocommit(s->db)) {
		store_rollback(s);
		return fault_set_kind(f, FAULT_STORE, -ECANCELED,
			"nothing was committed, since a call before it failed");
	}
	r = store_exec(s, "COMMIT", "a transaction could not be committed", f);
	if (r < 0) {
		store_rollback(s);
		return r;
	}
	s->in_transaction = false;
	return 0;
}

void store_rollback(struct store *s)
{
	s->in_transaction = false;
	s->is_spoiled = false;
	if (s->db && !sqlite3_get_autocommit(s->db))
		(void) sqlite3_exec(
			s->db, "ROLLBACK", NULL, NULL, NULL); /* in-memory; cannot fail */
}

bool store_is_open(const struct store *s)
{
	return s->in_transaction;
}
