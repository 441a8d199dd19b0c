/* triage_rows.h - mails of our own making and what each of them is; the table of test_triage.c and
 * test_triage_change.c.
 *
 * Each row says what the law and the design want, in its name why. Rows marked hard look like
 * something else than what they are. The elements stand in triage_rows_*.inc, one file a subject. */
/* SPDX-License-Identifier: MIT */
#ifndef UNIT_TRIAGE_ROWS_H
#define UNIT_TRIAGE_ROWS_H

#include "tests/support/triage_row.h"

#define ALEX	"From: Alex Poe <alex@example.com>\n"
#define JANE	"From: Jane Roe <jane@example.net>\n"
#define PAT	"From: Pat Coe <request-4711-0a1b2c3d@asks.example.net>\n"
#define SYSTEM	"From: Mail Delivery System <MAILER-DAEMON@example.net>\nReturn-Path: <>\n"
#define FORM	"From: Web <no-reply@forms.example.org>\nAuto-Submitted: auto-generated\n"
#define RESULTS "Authentication-Results: mx.authority.example.org; "
#define CAMERAS "Please tell me how many speed cameras you have."

static const struct triage_row rows[] = {
#include "tests/unit/triage_rows_request.inc"
#include "tests/unit/triage_rows_doubt.inc"
#include "tests/unit/triage_rows_review.inc"
#include "tests/unit/triage_rows_case.inc"
#include "tests/unit/triage_rows_robot.inc"
#include "tests/unit/triage_rows_report.inc"
#include "tests/unit/triage_rows_failure.inc"
#include "tests/unit/triage_rows_absence.inc"
#include "tests/unit/triage_rows_sender.inc"
#include "tests/unit/triage_rows_standing.inc"
#include "tests/unit/triage_rows_key.inc"
#include "tests/unit/triage_rows_again.inc"
#include "tests/unit/triage_rows_platform.inc"
#include "tests/unit/triage_rows_person.inc"
#include "tests/unit/triage_rows_attached.inc"
};

enum {
	N_ROWS = sizeof rows / sizeof rows[0],
};

#endif
