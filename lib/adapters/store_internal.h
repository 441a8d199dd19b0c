/* store_internal.h - what the files of the store share; nobody else includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_INTERNAL_H
#define ADAPTERS_STORE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "adapters/store_care.h"
#include "domain/day.h"

/* Every statement of the store; its text stands in the store_sql_SUBJECT.c that it belongs to. */
enum store_sql {
	STORE_SQL_META,
	STORE_SQL_CHECK,
	STORE_SQL_META_ADD,
	STORE_SQL_META_DIRTY,
	STORE_SQL_RECOVERING,
	STORE_SQL_RECOVERING_BEGIN,
	STORE_SQL_RECOVERING_END,
	STORE_SQL_MAILBOX_ADD,
	STORE_SQL_FOLDER,
	STORE_SQL_FOLDER_ADD,
	STORE_SQL_EPOCH,
	STORE_SQL_EPOCH_ADD,
	STORE_SQL_EPOCH_RETIRE,
	STORE_SQL_UNTOLD,
	STORE_SQL_UNTOLD_SET,
	STORE_SQL_UNTOLD_CLEAR,
	STORE_SQL_UIDS,
	STORE_SQL_KNOWN,
	STORE_SQL_SHOWN,
	STORE_SQL_SHOWN_ADD,
	STORE_SQL_SHOWN_AT,
	STORE_SQL_SHOWN_FORGET,
	STORE_SQL_FATE_COUNT,
	STORE_SQL_MAILBOX_FATE_COUNT,
	STORE_SQL_MESSAGE_ADD,
	STORE_SQL_MESSAGE_TEXT_ADD,
	STORE_SQL_MESSAGE_CASE,
	STORE_SQL_RAW_ADD,
	STORE_SQL_ATTACHMENT_ADD,
	STORE_SQL_SEEN_SAME,
	STORE_SQL_SEEN,
	STORE_SQL_SEEN_NAMELESS_SAME,
	STORE_SQL_SEEN_NAMELESS,
	STORE_SQL_SEEN_PLATFORM,
	STORE_SQL_LIKENESS_ADD,
	STORE_SQL_LIKE,
	STORE_SQL_CASE_BY_REFERENCE,
	STORE_SQL_CASE_BY_PLATFORM,
	STORE_SQL_CASE_BY_ID,
	STORE_SQL_NUMBER_NEXT,
	STORE_SQL_AUTHORITY_ADD,
	STORE_SQL_CASE_ADD,
	STORE_SQL_REFERENCE_ADD,
	STORE_SQL_PART_ADD,
	STORE_SQL_PART_AUTHORITY_ADD,
	STORE_SQL_DEADLINE_ADD,
	STORE_SQL_PARTY_ADD,
	STORE_SQL_THREAD_KEY_ADD,
	STORE_SQL_LINK_ADD,
	STORE_SQL_CASE_FLAG,
	STORE_SQL_CASE_UNFLAG,
	STORE_SQL_CASE_ANSWER,
	STORE_SQL_EVENT_ADD,
	STORE_SQL_FILE,
	STORE_SQL_FILE_FIND,
	STORE_SQL_FILE_PARTS,
	STORE_SQL_FILE_MOVES,
	STORE_SQL_MOVE_ADD,
	STORE_SQL_PART_AUTHORITY_COPY,
	STORE_SQL_PART_SET,
	STORE_SQL_CASE_SET,
	STORE_SQL_UNCHECKED,
	STORE_SQL_OUTBOX_ADD,
	STORE_SQL_CASE_TOLD,
	STORE_SQL_CASE_UNTOLD,
	STORE_SQL_OUTBOX_MAIL_ADD,
	STORE_SQL_OUTBOX_DUE,
	STORE_SQL_OUTBOX_NEXT,
	STORE_SQL_OUTBOX_STATE,
	STORE_SQL_OUTBOX_MARK,
	STORE_SQL_OUTBOX_REQUEUE,
	STORE_SQL_OUTBOX_UNFILED,
	STORE_SQL_OUTBOX_FILED,
	STORE_SQL_OUTBOX_COUNT_TO,
	STORE_SQL_OUTBOX_COUNT,
	STORE_SQL_OUTBOX_GET,
	STORE_SQL_OUTBOX_LIST,
	STORE_SQL_OUTBOX_LIST_STATE,
	STORE_SQL_OUTBOX_HOLD,
	STORE_SQL_OUTBOX_AGAIN,
	STORE_SQL_COUNT_FATES,
	STORE_SQL_COUNT_MAILBOX_FATES,
	STORE_SQL_COUNT_MAILBOX_UNSENT,
	STORE_SQL_COUNT_MAILS,
	STORE_SQL_COUNT_LIVE,
	STORE_SQL_COUNT_CASES,
	STORE_SQL_COUNT_OVERDUE,
	STORE_SQL_COUNT_UNSENT,
	STORE_SQL_COUNT_OUTBOX,
	STORE_SQL_LIST_LIVE,
	STORE_SQL_LIST_STATE,
	STORE_SQL_LIST_ENDED,
	STORE_SQL_LIST_ALL,
	STORE_SQL_GET,
	STORE_SQL_VIEW_MESSAGES,
	STORE_SQL_VIEW_ATTACHMENTS,
	STORE_SQL_VIEW_EVENTS,
	STORE_SQL_VIEW_DEADLINES,
	STORE_SQL_VIEW_OUTBOX,
	STORE_SQL_VIEW_LINKED,
	STORE_SQL_CALENDAR,
	STORE_SQL_CALENDAR_CLEAR,
	STORE_SQL_CALENDAR_ADD,
	STORE_SQL_CALENDAR_ADDED,
	STORE_SQL_CALENDAR_REMOVED,
	STORE_SQL_CALENDAR_CORRECTION_ADD,
	STORE_SQL_CALENDAR_CHANGE_ADD,
	STORE_SQL_CALENDAR_FEED,
	STORE_SQL_CALENDAR_ASKED,
	STORE_SQL_CALENDAR_ANSWERED,
	STORE_SQL_CALENDAR_FORGET,
	STORE_SQL_CALENDAR_PEND,
	STORE_SQL_CALENDAR_TAKE,
	STORE_SQL_CALENDAR_PENDING,
	STORE_SQL_CALENDAR_TAKEN,
	STORE_SQL_REMIND_CASES,
	STORE_SQL_REMIND_UNGIVE,
	STORE_SQL_REMIND_USE,
	STORE_SQL_DAILY,
	STORE_SQL_DAILY_DONE,
	STORE_SQL_REMIND_FATES,
	STORE_SQL_REMIND_OPENED,
	STORE_SQL_REMIND_UNSENT,
	STORE_SQL_REMIND_HELD,
	STORE_SQL_REMIND_FAILED,
	STORE_SQL_REMIND_QUEUED,
	STORE_SQL_RECALLED_ADD,
	STORE_SQL_RECALLED_FIND,
	STORE_SQL_RECALLED_FIND_NAMELESS,
	STORE_SQL_RECALLED_NEXT,
	STORE_SQL_RECALLED_USE,
	STORE_SQL_RECALLED_COUNT,
	STORE_SQL_OUTBOX_PROVE,
	STORE_SQL_OUTBOX_PROVE_FILED,
	STORE_SQL_NUMBER_RAISE,
	STORE_SQL_RECOVERY,
	STORE_SQL_RECOVERY_SET,
	STORE_SQL_RECOVERY_NOTE,
	STORE_SQL_COUNT,
};

/* The texts by subject; NULL where another table has the statement's. */
extern const char *const store_sql_mail[STORE_SQL_COUNT];
extern const char *const store_sql_case[STORE_SQL_COUNT];
extern const char *const store_sql_outbox[STORE_SQL_COUNT];
extern const char *const store_sql_list[STORE_SQL_COUNT];
extern const char *const store_sql_calendar[STORE_SQL_COUNT];
extern const char *const store_sql_recall[STORE_SQL_COUNT];

/* The text of a statement; static. */
const char *store_sql_text(enum store_sql sql);

struct store {
	char *path;				   /* owned; NULL for a reader */
	sqlite3 *db;				   /* owned */
	sqlite3_stmt *statements[STORE_SQL_COUNT]; /* owned; NULL: not prepared yet */
	int lock_fd;				   /* owned; -1 for a reader */
	bool is_reader;
	bool is_ready; /* the schema is there and the dirty mark is ours to clear */
	bool was_clean;
	bool is_distrusted;  /* nothing more is written to it */
	bool in_transaction; /* between store_begin() and its end */
	bool is_spoiled;     /* a call of this transaction failed: it must not be committed */
	unsigned walks;	     /* callbacks that are being handed rows */
	uint8_t key[DIGEST_KEY_BYTES];
};

/* ---- store_statement.c ----------------------------------------------------------------------- */

enum store_param_type {
	STORE_PARAM_NULL,
	STORE_PARAM_INT,
	STORE_PARAM_TEXT,
	STORE_PARAM_BLOB,
	STORE_PARAM_DAY,
};

/* One value of a statement. What it points at must live until the statement is released. */
struct store_param {
	enum store_param_type type;
	int64_t number;
	const char *text;
	size_t n;
	char day[DAY_ISO_MAX];
};

struct store_param store_int(int64_t value);
struct store_param store_uint(uint64_t value);	     /* above INT64_MAX: INT64_MAX */
struct store_param store_id(int64_t id);	     /* 0 is NULL */
struct store_param store_text(const char *text);     /* NULL is "" */
struct store_param store_key_text(const char *text); /* NULL and "" are NULL */
struct store_param store_blob(const void *bytes, size_t n);
struct store_param store_day(struct day day);
struct store_param store_no_day(void);

/* Runs a statement that yields no rows. Return: number of rows it changed; negative errno. */
int store_run_params(struct store *s, enum store_sql sql, const struct store_param *params,
	size_t n, struct fault *f);

/* Readies a query; store_step() it, and store_release() it always. */
int store_query_params(struct store *s, enum store_sql sql, const struct store_param *params,
	size_t n, sqlite3_stmt **ret, struct fault *f);

/* As functions with the values behind: STORE_RUN(s, sql, f, store_int(1), ...). The values live
 * as long as the block they stand in. */
#define STORE_PARAMS(...)                                                                          \
	(const struct store_param[]){ __VA_ARGS__ },                                               \
		sizeof(const struct store_param[]){ __VA_ARGS__ } / sizeof(struct store_param)
#define STORE_RUN(s, sql, f, ...) store_run_params(s, sql, STORE_PARAMS(__VA_ARGS__), f)
#define STORE_QUERY(s, sql, ret, f, ...)                                                           \
	store_query_params(s, sql, STORE_PARAMS(__VA_ARGS__), ret, f)

/* Return: 1 a row is there; 0 no more; negative errno. */
int store_step(struct store *s, sqlite3_stmt *statement, struct fault *f);

void store_releasep(sqlite3_stmt **statement);

/* Runs SQL of ours that is no write to a table: pragmas, the making of tables, transactions. @doing
 * as for store_fail(). */
int store_exec(struct store *s, const char *sql, const char *doing, struct fault *f);

/* The id of the row that the last insertion made. */
int64_t store_last_id(const struct store *s);

const char *store_column_text(sqlite3_stmt *statement, int column); /* NULL reads as "" */
int store_column_day(sqlite3_stmt *statement, int column, struct day *ret, struct fault *f);

/* A word of ours that is none, a day that is none: the file was changed by another hand. */
int store_damaged(struct fault *f, const char *what);

/**
 * store_fail - turn SQLite's result code into a fault, and spoil the transaction.
 * @code: extended result code
 * @doing: what could not be done, "a transaction could not be committed"
 */
int store_fail(struct store *s, int code, const char *doing, struct fault *f);

/* The same for memory that ran short between two statements. Return: -ENOMEM. */
int store_out_of_memory(struct store *s, struct fault *f);

/* ---- store.c --------------------------------------------------------------------------------- */

/* Opens a file, made if it is not there, as it is: without the lock, a schema, or the WAL. */
int store_open_plain(const char *path, struct store **ret, struct fault *f);

/* ---- store_check.c --------------------------------------------------------------------------- */

/* Return: 0; -EUCLEAN an earlier life found the store damaged, and nobody has put it right. */
int store_check_mark(const struct store *s, struct fault *f);

/* ---- store_copy.c ---------------------------------------------------------------------------- */

/* Fails with what errno says of @path. */
int store_fail_path(const char *path, struct fault *f);

/* Puts on the disk that @path is in its folder. */
int store_sync_folder(const char *path, struct fault *f);

/* ---- store_view.c ---------------------------------------------------------------------------- */

/* Several queries that must see one moment of the database. @ret_own: to be given to the end. */
int store_view_begin(struct store *s, bool *ret_own, struct fault *f);
void store_view_end(struct store *s, bool is_own);

/* ---- store_schema_2.c and its successors ----------------------------------------------------- */

extern const char *const store_schema_2[];
extern const char *const store_schema_3[];
extern const char *const store_schema_4[];
extern const char *const store_schema_5[];
extern const char *const store_schema_6[];
extern const char *const store_schema_7[];
extern const char *const store_schema_8[];
extern const char *const store_schema_9[];

/* A table and no column of meta, so that a copy of any older schema can have it too: the program of
 * that schema does not look at it, and the migration finds it there. */
#define STORE_RECOVERING_TABLE                                                                     \
	"CREATE TABLE IF NOT EXISTS recovering ("                                                  \
	" id INTEGER PRIMARY KEY CHECK (id = 1),"                                                  \
	" since INTEGER NOT NULL) STRICT;"

/* The same of how far a recovery has come: a copy of one that was half way begins anew.
 * is_known: the highest numbers are. hold_before: mail that came before may have been acknowledged by
 * the store that was lost, and nothing tells which. */
#define STORE_RECOVERY_TABLE                                                                       \
	"CREATE TABLE IF NOT EXISTS recovery ("                                                    \
	" id INTEGER PRIMARY KEY CHECK (id = 1),"                                                  \
	" is_known INTEGER NOT NULL DEFAULT 0 CHECK (is_known IN (0, 1)),"                         \
	" hold_before INTEGER NOT NULL DEFAULT 0) STRICT;"

/* ---- store_schema.c and store_migrate.c ------------------------------------------------------ */

/* The steps from an empty file to the newest schema, ended by NULL; each a list of statements ended
 * by NULL. */
extern const char *const *const store_migrations[];

/* Makes or migrates the schema inside the caller's transaction. Return: 0; -EPROTO newer; -EBADMSG
 * no store of ours. */
int store_schema_prepare(struct store *s, struct fault *f);

/* Whether store_schema_prepare() would have a chance; writes nothing. @ret_old: the schema that it
 * would migrate, 0: none. */
int store_schema_look(struct store *s, int *ret_old, struct fault *f);

/* As above, but the schema must be there and current. */
int store_schema_check(struct store *s, struct fault *f);

#endif
