/* letter_fixture.c - a reader of letters for all tests of a program. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/letter_fixture.h"

#include "domain/letter.h"

int letter_fixture_setup(void **state)
{
	struct letter_reader *reader = NULL;

	if (letter_reader_new(&reader, NULL) < 0)
		return -1;
	*state = reader;
	return 0;
}

int letter_fixture_teardown(void **state)
{
	letter_reader_free(*state);
	return 0;
}
