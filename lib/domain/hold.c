/* hold.c - why an acknowledgement waits for an officer, and as whose it is counted. */
/* SPDX-License-Identifier: MIT */
#include "domain/hold.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct reason {
	const char *word;
	const char *why;
} reasons[HOLD_COUNT] = {
	[HOLD_NONE] = { "", "" },
	[HOLD_OFFICER] = { "officer", "an officer releases it" },
	[HOLD_LATE] = { "late", "the mail came too long ago to be answered by a program" },
	[HOLD_SENDER_LIMIT] = { "sender-limit",
		"this sender has had as many as one sender may have within a day" },
	[HOLD_HOUR_LIMIT] = { "hour-limit",
		"as many as may leave within an hour have left already" },
	[HOLD_RESTORED] = { "restored", "it may have been sent before the store was restored from "
					"a backup; compare first" },
};

const char *hold_word(enum hold h)
{
	return reasons[h].word;
}

const char *hold_why(enum hold h)
{
	return reasons[h].why;
}

int hold_of(const char *word, enum hold *ret)
{
	for (unsigned i = 0; i < HOLD_COUNT; i++) {
		if (strcmp(word, reasons[i].word) == 0) {
			*ret = (enum hold) i;
			return 0;
		}
	}
	return -EINVAL;
}

void hold_counted_as(
	const struct triage_list *platforms, const char *address, char *ret, size_t room)
{
	const char *at = strrchr(address, '@');
	size_t name = at ? strcspn(address, "+") : 0;

	if (name > 0 && name < (size_t) (at - address) && !triage_list_has(platforms, address))
		(void) snprintf(ret, room, "%.*s%s", (int) name, address, at);
	else
		(void) snprintf(ret, room, "%s", address);
	text_lower(ret);
}
