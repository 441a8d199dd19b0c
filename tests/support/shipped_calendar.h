/* shipped_calendar.h - the bank holidays of conf/ for tests of the law. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SHIPPED_CALENDAR_H
#define TESTS_SHIPPED_CALENDAR_H

#include "domain/calendar.h"

extern struct calendar *calendar;

/* For cmocka_run_group_tests(). */
int load_calendar(void **state);
int free_calendar(void **state);

/* Fails the test if @iso is no day. */
struct day day(const char *iso);

#endif
