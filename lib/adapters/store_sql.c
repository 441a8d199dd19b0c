/* store_sql.c - finds the text of a statement in the tables of all subjects. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

static const char *const *const subjects[] = {
	store_sql_mail,
	store_sql_case,
	store_sql_outbox,
	store_sql_list,
	store_sql_calendar,
	store_sql_recall,
};

const char *store_sql_text(enum store_sql sql)
{
	for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
		if (subjects[i][sql])
			return subjects[i][sql];
	return ""; /* never: a test prepares them all */
}
