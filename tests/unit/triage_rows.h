/* triage_rows.h - mails of our own making and what each of them is; the table of test_triage.c. */
/* SPDX-License-Identifier: MIT */
#ifndef UNIT_TRIAGE_ROWS_H
#define UNIT_TRIAGE_ROWS_H

#include "domain/triage.h"

/* The elements of the table stand in triage_rows_*.inc, one file a subject. */

/* What a letter has beside its words, and what the store says of it. */
enum row_mark {
	MARK_PDF = 1,
	MARK_DOCX = 2,
	MARK_PNG = 4,
	MARK_SAME_ID = 8,
	MARK_CALENDAR = 16,
	MARK_ENCRYPTED = 32,
	MARK_JUNK = 64,
	MARK_RECEIPT = 128,
	MARK_FAILED = 256,
	MARK_DELAYED = 512,
	MARK_DELIVERED = 1024,
	MARK_EMBEDDED = 2048,
	MARK_SEEN = 4096,
	MARK_SENT_AGAIN = 8192,
	MARK_TRUNCATED = 16384,
};

struct row {
	const char *why; /* what the row stands for */
	const char *headers;
	const char *text;
	const char *new_text; /* NULL: all of @text */
	unsigned marks;
	enum fate fate;
	bool clock;
	enum acknowledge acknowledge;
	const char *opens; /* "review+request" */
	const char *rule;  /* must be among the reasons; NULL: any */
};

static const struct row rows[] = {
#include "tests/unit/triage_rows_request.inc"
#include "tests/unit/triage_rows_doubt.inc"
#include "tests/unit/triage_rows_review.inc"
#include "tests/unit/triage_rows_case.inc"
#include "tests/unit/triage_rows_robot.inc"
#include "tests/unit/triage_rows_report.inc"
};

#endif
