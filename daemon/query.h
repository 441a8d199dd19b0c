/* query.h - the query role: reads the store beside the writer, for answers that may be long.
 *
 * Short-lived: one question a process.
 *
 * register -> query
 *   begin  store (path), what: "list", "check" (all of the store is read over), "backup";
 *          for a backup name, now; for a list kind, state (words, "" : all), overdue (bool), today (ISO
 *          date), cursor (text), limit
 *
 * query -> register
 *   row     case: a CaseRow of the Varlink interface; cursor: text that continues behind it
 *   end     after the last row
 *   fault   as channel_fault_record(); the last record */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_QUERY_H
#define DAEMON_QUERY_H

enum {
	QUERY_SECONDS = 30,	    /* wall time of a list before register ends it */
	QUERY_CHECK_SECONDS = 3600, /* the same of a check, which reads all */
	/* Of a backup, which reads all twice and writes it: 100 GB at the speed of a slow disk. */
	QUERY_BACKUP_SECONDS = 6 * 3600,
};

/* Runs the role on its end of the channel until it has answered. Return: exit status. */
int query_main(int channel);

#endif
