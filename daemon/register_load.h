/* register_load.h - everything that a configuration names, read and checked before it is used. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_LOAD_H
#define DAEMON_REGISTER_LOAD_H

#include "adapters/config.h"
#include "domain/calendar.h"
#include "flow/templates.h"

/* A configuration with what it names. Embedded; start from zero bytes. */
struct loaded {
	struct config *conf;	     /* owned */
	struct calendar *calendar;   /* owned */
	struct templates *templates; /* owned */
	char hash[DIGEST_HEX_MAX];   /* of the calendar */
};

/**
 * loaded_load - read a configuration, its calendar files and its templates.
 * @report: as config_load(); also told of what is wrong with the files
 * @bad:    NULL: a calendar file that cannot be used is a mistake like any other. Else it is told
 *          here alone (code 0: there is none), and the result has no calendar
 *
 * Return: 0; negative errno, everything has been reported.
 */
int loaded_load(const char *path, config_report *report, void *context, struct fault *bad,
	struct loaded *ret);
void loaded_done(struct loaded *l);

#endif
