/* alarm.c - when something that has failed for long is worth a person's attention. */
/* SPDX-License-Identifier: MIT */
#include "daemon/alarm.h"

enum alarm_news alarm_look(
	struct alarm *a, bool is_well, uint64_t now_usec, uint64_t after_usec, uint64_t *ret_usec)
{
	uint64_t lasted = a->good_usec == 0 ? 0 : now_usec - a->good_usec;
	bool was_on = a->is_on;

	if (a->good_usec == 0 || is_well)
		a->good_usec = now_usec;
	a->is_on = !is_well && (was_on || lasted >= after_usec);
	if (a->is_on == was_on)
		return ALARM_QUIET;
	*ret_usec = lasted;
	return a->is_on ? ALARM_RAISED : ALARM_ENDED;
}
