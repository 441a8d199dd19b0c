/* move_script.h - moves of a case written as a line, for tests.
 *
 * "clarification-asked 2018-05-21; clarified 2018-06-04" - a word, a day, then details as
 * KEY=VALUE: until, outcome, exemption, deny, text, regime, authority, part, undoes, and the flags
 * complex, voluminous, daemon. Values hold no space ("_" stands for one). */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_MOVE_SCRIPT_H
#define TESTS_MOVE_SCRIPT_H

#include <stddef.h>

#include "domain/foi_move.h"

/* Reads the next move of @*script and moves it on; part is 1 unless given or of the whole case.
 * Return: whether there was one. Fails the test on a mistake in the script. */
bool move_script_next(const char **script, struct foi_move_record *ret);

#endif
