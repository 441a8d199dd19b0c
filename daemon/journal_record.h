/* journal_record.h - an event as the journal's fields and as one line. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_JOURNAL_RECORD_H
#define DAEMON_JOURNAL_RECORD_H

#include <stddef.h>

#include "daemon/journal.h"

enum {
	JOURNAL_LINE_MAX = 2048,
	JOURNAL_FIELD_MAX = 384,
	JOURNAL_FIELDS_MAX = 24,
};

struct journal_record {
	int priority;
	char line[JOURNAL_LINE_MAX]; /* "WORD key=value...: sentence", one line */
	char fields[JOURNAL_FIELDS_MAX][JOURNAL_FIELD_MAX]; /* "FOI_REF=FOI 001761/18" */
	size_t n;
};

/* What is too long is cut; control characters become '?', so that a record stays one line. */
void journal_record_build(const struct journal_event *e, struct journal_record *ret);

#endif
