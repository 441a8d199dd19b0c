/* triage_row.h - one mail of a table and what it is. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_TRIAGE_ROW_H
#define SUPPORT_TRIAGE_ROW_H

#include "domain/triage.h"

/* What a letter has beside its words, and what the store says of it. */
enum triage_row_mark {
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
	MARK_EMBEDDED = 2048, /* our mail about FOI 000012/26 is enclosed */
	MARK_SEEN = 4096,
	MARK_SENT_AGAIN = 8192,
	MARK_TRUNCATED = 16384,
	MARK_HARD = 32768, /* it looks like something else than what it is */
	MARK_PHOTO = 65536,
	MARK_HEADER_ONLY = 131072,
	MARK_SAME_WORDS = 262144,
};

struct triage_row {
	const char *why; /* what the row stands for */
	const char *headers;
	const char *text;
	const char *new_text; /* NULL: all of @text */
	unsigned marks;
	enum fate fate;
	bool clock;
	enum acknowledge acknowledge;
	const char *opens; /* "review+request" */
	const char *rules; /* with one space between, all among the reasons; NULL: any */
	const char *about; /* reference of the case; NULL: none */
};

/* The letter of @row with @more header lines before its own; "" : none. Free with letter_free(). */
struct letter *triage_row_letter(const struct triage_row *row, const char *more);

/* What @row is under @p, with @more header lines before its own. */
struct triage_verdict triage_row_judge(
	const struct triage_row *row, const struct triage_policy *p, const char *more);

/* Whether @v is what @row says; prints what it is where it is not. */
bool triage_row_is_met(const struct triage_row *row, const struct triage_verdict *v);

bool triage_row_has_rule(const struct triage_verdict *v, const char *rule);

#endif
