/* store_statement.c - statements prepared once, their values, and what SQLite's errors mean. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

struct store_param store_int(int64_t value)
{
	return (struct store_param){ .type = STORE_PARAM_INT, .number = value };
}

struct store_param store_uint(uint64_t value)
{
	return store_int(value > INT64_MAX ? INT64_MAX : (int64_t) value);
}

struct store_param store_id(int64_t id)
{
	return id ? store_int(id) : (struct store_param){ .type = STORE_PARAM_NULL };
}

struct store_param store_text(const char *text)
{
	return (struct store_param){ .type = STORE_PARAM_TEXT, .text = text ? text : "" };
}

struct store_param store_key_text(const char *text)
{
	return text && *text ? store_text(text) : (struct store_param){ .type = STORE_PARAM_NULL };
}

struct store_param store_blob(const void *bytes, size_t n)
{
	return (struct store_param){ .type = STORE_PARAM_BLOB, .text = bytes, .n = n };
}

struct store_param store_day(struct day day)
{
	struct store_param param = { .type = STORE_PARAM_DAY };

	(void) day_iso(day, param.day);
	return param;
}

struct store_param store_no_day(void)
{
	return (struct store_param){ .type = STORE_PARAM_NULL };
}

/* errno values by which a file system says that it has no room; SQLite may wrap each in IOERR. */
static bool is_no_space(int code, int system_errno)
{
	if ((code & 0xff) == SQLITE_FULL)
		return true;
	return (code & 0xff) == SQLITE_IOERR &&
	       (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG);
}

struct meaning {
	int code; /* primary result code */
	enum fault_kind kind;
	int error; /* negative errno */
	const char *text;
};

static const struct meaning meanings[] = {
	{ SQLITE_BUSY, FAULT_STORE_BUSY, -EBUSY, "another process holds the database" },
	{ SQLITE_LOCKED, FAULT_STORE_BUSY, -EBUSY, "the database is in use" },
	{ SQLITE_NOMEM, FAULT_OTHER, -ENOMEM, "out of memory" },
	{ SQLITE_READONLY, FAULT_STORE, -EROFS, "the database cannot be written to" },
	{ SQLITE_PERM, FAULT_STORE, -EACCES, "permission denied" },
	{ SQLITE_AUTH, FAULT_STORE, -EACCES, "permission denied" },
	{ SQLITE_CORRUPT, FAULT_STORE_DAMAGED, -EUCLEAN, "the database file is damaged" },
	{ SQLITE_NOTADB, FAULT_STORE_DAMAGED, -EBADMSG, "the file is no database" },
	{ SQLITE_TOOBIG, FAULT_STORE, -EMSGSIZE, "a value is too large" },
	{ SQLITE_INTERRUPT, FAULT_STORE, -EINTR, "interrupted" },
};

/* CANTOPEN and IOERR tell the cause in errno only. */
static int fail_by_errno(int code, int system_errno, const char *doing, struct fault *f)
{
	int error = system_errno ? -system_errno : -EIO;

	if (error == -ENOENT)
		return fault_set_kind(f, FAULT_MISSING, error, "%s: no such file", doing);
	return fault_set_kind(f, FAULT_STORE, error, "%s: %s (%s)", doing, sqlite3_errstr(code),
		strerrordesc_np(-error) ? strerrordesc_np(-error) : "unknown error");
}

int store_fail(struct store *s, int code, const char *doing, struct fault *f)
{
	/* The callers set errno to 0 before they call SQLite 3.40: sqlite3_system_errno() is not
	 * renewed by a COMMIT that fails, and tells the cause of some failure before it. */
	int system_errno = errno ? errno : sqlite3_system_errno(s->db);
	int primary = code & 0xff;

	s->is_spoiled = s->in_transaction;
	if (is_no_space(code, system_errno))
		return fault_set_kind(f, FAULT_STORE_FULL, -ENOSPC, "%s: no space left", doing);
	if (primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR)
		return fail_by_errno(code, system_errno, doing, f);
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (meanings[i].code == primary)
			return fault_set_kind(f, meanings[i].kind, meanings[i].error, "%s: %s",
				doing, meanings[i].text);
	/* SQLite's own text names tables and columns, never values. */
	return fault_set_kind(f, FAULT_STORE, primary == SQLITE_CONSTRAINT ? -EINVAL : -EIO,
		"%s: %s", doing, sqlite3_errmsg(s->db));
}

int store_damaged(struct fault *f, const char *what)
{
	/* Not FAULT_STORE_DAMAGED: one row is spoiled, and those about it can be worked with. */
	return fault_set_kind(
		f, FAULT_STORE, -EUCLEAN, "the database holds a %s that is none", what);
}

/* What a call of our own does wrong; NULL: nothing. */
static const char *misuse(const struct store *s, sqlite3_stmt *statement, int *ret_error)
{
	*ret_error = -EDEADLK;
	if (sqlite3_stmt_busy(statement))
		return "a walk over rows was started inside itself";
	if (sqlite3_stmt_readonly(statement))
		return NULL;
	if (s->walks > 0)
		return "a write in the middle of a walk over rows";
	/* SQLite ends a transaction by itself after some errors: what came later would be
	 * committed statement by statement, and half of a mail could be kept. */
	*ret_error = -EPERM;
	return sqlite3_get_autocommit(s->db) ? "a write outside a transaction" : NULL;
}

static int check_use(struct store *s, sqlite3_stmt *statement, struct fault *f)
{
	int error = 0;
	const char *what = misuse(s, statement, &error);

	if (!what)
		return 0;
	s->is_spoiled = s->in_transaction;
	return fault_set_kind(f, FAULT_STORE, error, "%s", what);
}

int store_out_of_memory(struct store *s, struct fault *f)
{
	s->is_spoiled = s->in_transaction;
	return fault_set(f, -ENOMEM, "out of memory");
}

static int prepare(struct store *s, enum store_sql sql, sqlite3_stmt **ret, struct fault *f)
{
	int code;

	if (!s->statements[sql]) {
		errno = 0;
		code = sqlite3_prepare_v3(s->db, store_sql_text(sql), -1, SQLITE_PREPARE_PERSISTENT,
			&s->statements[sql], NULL);
		if (code != SQLITE_OK)
			return store_fail(s, code, "a statement could not be prepared", f);
	}
	*ret = s->statements[sql];
	return 0;
}

/* SQLITE_STATIC: the caller's bytes are read in place, a mail of 50 MiB is not copied. */
static int bind_one(sqlite3_stmt *statement, int place, const struct store_param *param)
{
	switch (param->type) {
	case STORE_PARAM_NULL:
		return sqlite3_bind_null(statement, place);
	case STORE_PARAM_INT:
		return sqlite3_bind_int64(statement, place, param->number);
	case STORE_PARAM_TEXT:
		return sqlite3_bind_text64(statement, place, param->text, strlen(param->text),
			SQLITE_STATIC, SQLITE_UTF8);
	case STORE_PARAM_BLOB:
		return sqlite3_bind_blob64(statement, place, param->text, param->n, SQLITE_STATIC);
	case STORE_PARAM_DAY:
		return sqlite3_bind_text64(statement, place, param->day, strlen(param->day),
			SQLITE_STATIC, SQLITE_UTF8);
	}
	return SQLITE_MISUSE;
}

void store_releasep(sqlite3_stmt **statement)
{
	if (!*statement)
		return;
	(void) sqlite3_reset(*statement);	   /* repeats the error that store_step() told */
	(void) sqlite3_clear_bindings(*statement); /* cannot fail */
	*statement = NULL;
}

int store_query_params(struct store *s, enum store_sql sql, const struct store_param *params,
	size_t n, sqlite3_stmt **ret, struct fault *f)
{
	sqlite3_stmt *statement = NULL;
	int r;

	r = prepare(s, sql, &statement, f);
	if (r < 0)
		return r;
	r = check_use(s, statement, f);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		int code = bind_one(statement, (int) i + 1, &params[i]);

		if (code != SQLITE_OK) {
			store_releasep(&statement);
			return store_fail(s, code, "a value could not be bound", f);
		}
	}
	*ret = statement;
	return 0;
}

int store_step(struct store *s, sqlite3_stmt *statement, struct fault *f)
{
	int code;

	errno = 0;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	return store_fail(s, code,
		sqlite3_stmt_readonly(statement) ? "the store could not be read"
						 : "the store could not be written",
		f);
}

int store_exec(struct store *s, const char *sql, const char *doing, struct fault *f)
{
	int code;

	errno = 0;
	code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : store_fail(s, code, doing, f);
}

int store_run_params(struct store *s, enum store_sql sql, const struct store_param *params,
	size_t n, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *statement = NULL;
	int r;

	r = store_query_params(s, sql, params, n, &statement, f);
	if (r < 0)
		return r;
	r = store_step(s, statement, f);
	if (r < 0)
		return r;
	return sqlite3_changes(s->db);
}

int64_t store_last_id(const struct store *s)
{
	return sqlite3_last_insert_rowid(s->db);
}

const char *store_column_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text ? (const char *) text : "";
}

int store_column_day(sqlite3_stmt *statement, int column, struct day *ret, struct fault *f)
{
	if (day_parse(store_column_text(statement, column), ret) < 0)
		return store_damaged(f, "day");
	return 0;
}
