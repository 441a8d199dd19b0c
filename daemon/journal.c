/* journal.c - what the daemon tells its administrator, one record an outcome. */
/* SPDX-License-Identifier: MIT */
#include "daemon/journal.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>

/* The place in this file says nothing to an administrator. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "base/cleanup.h"
#include "daemon/journal_record.h"

enum {
	FIELDS_OF_OURS = 3, /* MESSAGE, PRIORITY, SYSLOG_IDENTIFIER */
};

struct journal {
	int fd; /* borrowed */
	bool native;
	bool debug;
	bool bare; /* a terminal: no "<6>" */
};

static const char *const level_words[] = {
	[LOG_ERR] = "ERR",
	[LOG_WARNING] = "WARNING",
	[LOG_INFO] = "INFO",
	[LOG_DEBUG] = "DEBUG",
};

/* Whether @fd is the stream that systemd connected to the journal, and not since sent elsewhere:
 * $JOURNAL_STREAM holds its device and inode (systemd.exec(5)). */
static bool is_journal_stream(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64];
	struct stat st;

	if (!stream || fstat(fd, &st) < 0)
		return false;
	(void) snprintf(own, sizeof own, "%ju:%ju", (uintmax_t) st.st_dev, (uintmax_t) st.st_ino);
	return strcmp(stream, own) == 0;
}

int journal_open(int fd, bool lines, bool debug, struct journal **ret, struct fault *f)
{
	struct journal *j = calloc(1, sizeof *j);

	if (!j)
		return fault_set(f, -ENOMEM, "no memory for the journal");
	j->fd = fd;
	j->native = !lines && is_journal_stream(fd);
	j->debug = debug;
	j->bare = isatty(fd) == 1;
	*ret = j;
	return 0;
}

struct journal *journal_close(struct journal *j)
{
	free(j);
	return NULL;
}

void journal_closep(struct journal **j)
{
	*j = journal_close(*j);
}

static void write_line(const struct journal *j, const struct journal_record *r)
{
	const char *level = level_words[r->priority];

	/* Nobody is left to be told of a failure here. */
	if (j->bare)
		(void) dprintf(j->fd, "%s %s\n", level, r->line);
	else
		(void) dprintf(j->fd, "<%d>%s %s\n", r->priority, level, r->line);
}

static int send_record(const struct journal_record *r)
{
	char message[JOURNAL_LINE_MAX + sizeof "MESSAGE="];
	char priority[sizeof "PRIORITY=0"];
	char identifier[] = "SYSLOG_IDENTIFIER=foimaild";
	struct iovec iov[JOURNAL_FIELDS_MAX + FIELDS_OF_OURS];
	int n = 0;

	(void) snprintf(message, sizeof message, "MESSAGE=%s", r->line);	    /* fits */
	(void) snprintf(priority, sizeof priority, "PRIORITY=%d", r->priority & 7); /* fits */
	iov[n++] = (struct iovec){ .iov_base = message, .iov_len = strlen(message) };
	iov[n++] = (struct iovec){ .iov_base = priority, .iov_len = strlen(priority) };
	iov[n++] = (struct iovec){ .iov_base = identifier, .iov_len = strlen(identifier) };
	for (size_t i = 0; i < r->n; i++) {
		/* sd_journal_sendv() only reads, though an iovec cannot say so. */
		iov[n].iov_base = (void *) (uintptr_t) r->fields[i];
		iov[n++].iov_len = strlen(r->fields[i]);
	}
	return sd_journal_sendv(iov, n);
}

void journal_write(const struct journal *j, const struct journal_event *e)
{
	struct journal_record r;

	if (e->kind == JOURNAL_DEBUG && !j->debug)
		return;
	journal_record_build(e, &r);
	if (!j->native || send_record(&r) < 0)
		write_line(j, &r);
}

void journal_trouble(const struct journal *j, const struct journal_event *e,
	const struct fault *fault, struct trouble *t, int64_t now_sec)
{
	struct journal_event told = *e;

	if (trouble_meet(t, fault->kind, now_sec) == TROUBLE_QUIET) {
		told.kind = JOURNAL_DEBUG;
		told.detail = "failed again";
	}
	told.fault = fault;
	told.lasted_sec = now_sec > t->since ? now_sec - t->since : 0;
	journal_write(j, &told);
}

void journal_relief(
	const struct journal *j, const struct journal_event *e, struct trouble *t, int64_t now_sec)
{
	struct journal_event told = *e;

	if (trouble_end(t, now_sec, &told.lasted_sec) == 1)
		journal_write(j, &told);
}
