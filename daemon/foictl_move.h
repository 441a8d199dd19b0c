/* foictl_move.h - the help of `foictl record`, and what it and `foictl undo` say in the end. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FOICTL_MOVE_H
#define DAEMON_FOICTL_MOVE_H

#include "daemon/foictl_page.h"

/* Every move with what it needs and its law, every outcome, examples. Return: an exit status. */
int foictl_record_help(FILE *out);

/* What was recorded or taken back, and what follows. @parameters: of the call. */
void foictl_recorded_page(
	const json_t *parameters, const json_t *result, const struct table_page *page);
void foictl_undone_page(
	const json_t *parameters, const json_t *result, const struct table_page *page);

#endif
