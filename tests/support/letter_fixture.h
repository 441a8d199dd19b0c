/* letter_fixture.h - a reader of letters for all tests of a program. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_LETTER_FIXTURE_H
#define SUPPORT_LETTER_FIXTURE_H

/* For cmocka_run_group_tests(): *state is a struct letter_reader. */
int letter_fixture_setup(void **state);
int letter_fixture_teardown(void **state);

#endif
