/* deadline.h - `foictl deadline`: count one clock and show how, without daemon or configuration. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_DEADLINE_H
#define DAEMON_DEADLINE_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "domain/fate.h"
#include "domain/statute.h"

/* A counted clock with what is needed to explain it. */
struct deadline_report {
	enum case_kind kind;
	enum statute_regime regime;
	enum statute_rule rule;
	const struct deadline *deadline; /* borrowed */
	const char *days_because; /* borrowed; where the working days are not the law's own */
	bool is_stopped;	  /* the clock stands since: days from there on are not shown */
	struct day stopped;
	bool has_colour; /* @out is a terminal that wants it */
};

/**
 * deadline_command - the whole command.
 * @argc, @argv: argv[0] is "deadline", then
 *               DATE [--regime foia|eir|foisa|sar] [--review] [--rule statute|s45code]
 *               [--days N] [--calendar FILE]... [--json]
 *
 * Without --calendar the shipped bank-holidays.json is read: the installed one, or in a source
 * tree the one in conf/ beside a directory above the running binary.
 *
 * Return: the exit status: 0; 1 with a line on @err; 2 usage, with a line on @err.
 */
int deadline_command(int argc, char **argv, FILE *out, FILE *err);

/* Months with numbered days, the days that did not count, the law, the result; 80 columns. */
void deadline_show(const struct deadline_report *report, FILE *out);

/* Only the months: a number below each day that counted, a mark below each that did not. Where the
 * law counts months, only what became of the last day. */
void deadline_show_grid(const struct deadline_report *report, FILE *out);

/* How many working days had counted at the end of @day; @day not after the last one. */
unsigned deadline_number(const struct deadline *d, struct day day);

/* The JSON of the manual, one object and a line end. Return: 0; -ENOMEM; -EIO. */
int deadline_show_json(const struct deadline *d, FILE *out);

/* The days that did not count, an array of {date, why, divisions}. NULL: no memory. */
json_t *deadline_excluded_json(const struct deadline *d);

#endif
