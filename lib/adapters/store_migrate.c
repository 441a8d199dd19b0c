/* store_migrate.c - make the schema, or lead an older one to this program's. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <errno.h>

enum {
	APPLICATION_ID = 0x464f494d, /* "FOIM", as in the first migration */
};

/* Number of the newest schema. */
static int newest(void)
{
	int n = 0;

	while (store_migrations[n])
		n++;
	return n;
}

/* The one number that a statement without values yields. */
static int read_number(struct store *s, const char *sql, int64_t *ret, struct fault *f)
{
	sqlite3_stmt *statement = NULL;
	int code;

	errno = 0;
	code = sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(statement, 0);
	(void) sqlite3_finalize(statement); /* repeats what the step told */
	if (code != SQLITE_ROW)
		return store_fail(s, code, "the store could not be read", f);
	return 0;
}

/* Return: the version, 0 for an empty file; -EBADMSG; -EPROTO. */
static int schema_version(struct store *s, struct fault *f)
{
	int64_t application = 0;
	int64_t version = 0;
	int64_t tables = 0;
	int r;

	r = read_number(s, "SELECT count(*) FROM sqlite_schema", &tables, f);
	if (r < 0)
		return r;
	r = read_number(s, "PRAGMA application_id", &application, f);
	if (r < 0)
		return r;
	r = read_number(s, "PRAGMA user_version", &version, f);
	if (r < 0)
		return r;
	if (tables == 0 && application == 0 && version == 0)
		return 0;
	if (application != APPLICATION_ID || version < 1)
		return fault_set_kind(
			f, FAULT_STORE, -EBADMSG, "the database belongs to another program");
	if (version > newest())
		return fault_set_kind(f, FAULT_STORE, -EPROTO,
			"the database was written by a newer version of this program (schema %lld, "
			"this one knows %d)",
			(long long) version, newest());
	return (int) version;
}

static int migrate(struct store *s, const char *const *statements, struct fault *f)
{
	for (; *statements; statements++) {
		int r = store_exec(s, *statements, "the tables could not be made", f);

		if (r < 0)
			return r;
	}
	return 0;
}

int store_schema_prepare(struct store *s, struct fault *f)
{
	int version = schema_version(s, f);

	if (version < 0)
		return version;
	for (int i = version; i < newest(); i++) {
		int r = migrate(s, store_migrations[i], f);

		if (r < 0)
			return r;
	}
	return 0;
}

int store_schema_look(struct store *s, int *ret_old, struct fault *f)
{
	int version = schema_version(s, f);

	if (version < 0)
		return version;
	*ret_old = version < newest() ? version : 0;
	return 0;
}

int store_schema_check(struct store *s, struct fault *f)
{
	int version = schema_version(s, f);

	if (version < 0)
		return version;
	if (version < newest())
		return fault_set_kind(f, FAULT_STORE, -EPROTO,
			"the database has an older schema: the daemon must open it once");
	return 0;
}
