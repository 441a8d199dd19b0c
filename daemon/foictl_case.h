/* foictl_case.h - the commands of foictl that ask the daemon. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FOICTL_CASE_H
#define DAEMON_FOICTL_CASE_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "daemon/table.h"

/* What every command ends with; outsiders rely on it. */
enum foictl_status {
	FOICTL_DONE = 0,
	FOICTL_FAILED = 1,
	FOICTL_USAGE = 2,
	FOICTL_NOT_FOUND = 3,
	FOICTL_NOT_PERMITTED = 4,
	FOICTL_NOT_REACHABLE = 5,
};

enum {
	FOICTL_SILENCE_SEC = 30, /* how long the daemon may say nothing */
};

/* What the commands have in common. */
struct foictl_options {
	const char *socket;
	bool is_json;
	bool is_help;
	bool is_overdue;
	const char *kind;     /* NULL: any */
	const char *state;    /* NULL: open and in triage */
	unsigned limit;	      /* of rows */
	const char *argument; /* NULL: none */
};

/* The commands: argv[0] is the command's own name. Return: an exit status. */
int status_command(int argc, char **argv, FILE *out, FILE *err);
int list_command(int argc, char **argv, FILE *out, FILE *err);
int show_command(int argc, char **argv, FILE *out, FILE *err);
int record_command(int argc, char **argv, FILE *out, FILE *err);
int undo_command(int argc, char **argv, FILE *out, FILE *err);
int why_command(int argc, char **argv, FILE *out, FILE *err);
int reload_command(int argc, char **argv, FILE *out, FILE *err);
int backup_command(int argc, char **argv, FILE *out, FILE *err);
int outbox_command(int argc, char **argv, FILE *out, FILE *err);
int calendar_command(int argc, char **argv, FILE *out, FILE *err);
int recovered_command(int argc, char **argv, FILE *out, FILE *err);

/* Where the daemon listens, unless the command line says otherwise. */
const char *foictl_socket(void);

/* Called for each reply; @parameters is borrowed. Return: 0; negative errno ends the call. */
typedef int foictl_take(void *context, json_t *parameters);

/**
 * foictl_call - call a method of org.foimaild.Cases and hand on what it answers.
 * @method:     "Get"
 * @parameters: taken over; may be NULL
 *
 * Return: an exit status, after one line on @err unless it is FOICTL_DONE.
 */
int foictl_call(const struct foictl_options *o, const char *method, json_t *parameters, bool more,
	foictl_take *take, void *context, FILE *err);

/* The same for a method of one reply. @ret: its parameters, json_decref() them; NULL before. */
int foictl_ask(const struct foictl_options *o, const char *method, json_t *parameters, json_t **ret,
	FILE *err);

/* The rows of a list, of all its pages. */
struct foictl_rows {
	json_t *rows;	    /* owned */
	json_t *cursor;	    /* owned; NULL: there are no more */
	const char *member; /* by which a reply names its row */
};
void foictl_rows_done(struct foictl_rows *rows);

/* Calls a method that answers with rows until @o->limit are there. @filter: parameters beside limit and
 * cursor; borrowed, NULL: no memory. Return: as foictl_call(). */
int foictl_fetch_rows(const struct foictl_options *o, const char *method, const char *member,
	const json_t *filter, struct foictl_rows *ret, FILE *err);

/* Prints an object and a line end. Return: an exit status. */
int foictl_json(const json_t *value, FILE *out, FILE *err);

/* Pages, made from what the daemon answered: a Status, an array of CaseRow, a Case. */
void foictl_status_page(const json_t *status, const struct table_page *page);
int foictl_list_page(const json_t *rows, const struct table_page *page);
int foictl_outbox_page(const json_t *rows, const struct table_page *page); /* of MailRow */
void foictl_show_page(const json_t *c, const struct table_page *page);

/* A text member, "" where there is none. */
const char *foictl_text(const json_t *object, const char *key);

enum {
	FOICTL_DATE_MAX = 64,
};

/* "Thursday 14 June 2018" from "2018-06-14"; "16 May 2018, 10:30" (London) from
 * "2018-05-16T09:30:00Z". What is neither is given back as it is, cut. Return: @buf. */
char *foictl_day(const char *iso, char buf[static FOICTL_DATE_MAX]);
char *foictl_day_short(const char *iso, char buf[static FOICTL_DATE_MAX]); /* "14 Jun 2018" */
char *foictl_instant(const char *rfc3339, char buf[static FOICTL_DATE_MAX]);

/* "5 working days left", "today", "3 working days late"; "" where no clock runs. */
char *foictl_left(const json_t *row, char buf[static FOICTL_DATE_MAX]);
enum table_tone foictl_tone(const json_t *row);

#endif
