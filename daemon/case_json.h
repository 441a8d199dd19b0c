/* case_json.h - cases in the shapes of conf/org.foimaild.Cases.varlink. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_CASE_JSON_H
#define DAEMON_CASE_JSON_H

#include <jansson.h>

#include "adapters/store.h"
#include "domain/calendar.h"

enum {
	CASE_JSON_TEXT_MAX = 32 * 1024, /* bytes of one mail's text */
	CASE_JSON_INSTANT_MAX = 24,	/* "2018-05-16T09:30:00Z" and the NUL */
};

/* What days are counted with. */
struct case_json_clock {
	const struct calendar *calendar; /* borrowed */
	struct day today;
};

/* RFC 3339 in UTC. Return: @buf. */
char *case_json_instant(int64_t instant, char buf[static CASE_JSON_INSTANT_MAX]);

/* A CaseRow. NULL: no memory. */
json_t *case_json_row(const struct store_case_row *row, const struct case_json_clock *clock);

/**
 * case_json_get - a whole Case.
 * @ret: new object; json_decref() it
 *
 * Return: 1; 0 there is no such case; the store's faults; -ENOMEM.
 */
int case_json_get(struct store *s, const char *reference, const struct case_json_clock *clock,
	json_t **ret, struct fault *f);

#endif
