/* calendar_change_private.h - what the files of calendar_change share. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_CALENDAR_CHANGE_PRIVATE_H
#define DOMAIN_CALENDAR_CHANGE_PRIVATE_H

#include "domain/calendar.h"
#include "domain/calendar_change.h"

struct calendar_change {
	struct calendar_change_day *days; /* owned */
	size_t n;
	bool needs_officer;
	/* The divisions of each year that the feed has no longer, as a mask. */
	unsigned char lost[CALENDAR_YEAR_MAX - CALENDAR_YEAR_MIN + 1];
	/* Those of which it adds a day, and then has more than a year ever had. */
	unsigned char crowded[CALENDAR_YEAR_MAX - CALENDAR_YEAR_MIN + 1];
};

#endif
