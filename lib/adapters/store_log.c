/* store_log.c - the write-ahead log is kept in bounds, whoever reads. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_care.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

static int64_t log_bytes(const struct store *s)
{
	CLEANUP(freep) char *path = NULL;
	struct stat st;

	if (asprintf(&path, "%s-wal", s->path) < 0) {
		path = NULL;
		return 0;
	}
	return stat(path, &st) < 0 ? 0 : st.st_size;
}

bool store_is_crowded(struct store *s)
{
	if (s->in_transaction || log_bytes(s) <= STORE_LOG_BYTES_MAX)
		return false;
	(void) sqlite3_busy_timeout(s->db, 0);
	/* Of no matter where it fails: the next transaction tells what is wrong. */
	(void) store_exec(s, "PRAGMA wal_checkpoint(TRUNCATE)", "the log could not be cut", NULL);
	(void) sqlite3_busy_timeout(s->db, STORE_BUSY_MSEC);
	return log_bytes(s) > STORE_LOG_BYTES_MAX;
}
