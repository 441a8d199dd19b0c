/* foictl_clock.h - what a Clock of the daemon's means, in the words of `foictl why` and `record`. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FOICTL_CLOCK_H
#define DAEMON_FOICTL_CLOCK_H

#include "daemon/foictl_page.h"

/* What holds now, the most important sentence: it has ended, it stands, both dates of an extension,
 * or the last day. "" : nothing is known. Return: @buf. */
char *foictl_clock_now(const json_t *clock, char buf[static FOICTL_VALUE_MAX]);

/* How a part came to an end and whether that was in time; "" while it has not. Return: @buf. */
char *foictl_clock_end(const json_t *clock, char buf[static FOICTL_VALUE_MAX]);

/* The law by which a part that was transferred still needs to be told whether it is held; "" : none
 * does. */
const char *foictl_clock_holding(const json_t *clock);

/* Law, months, what stopped or moved the clock, what the requester was told, what holds now. */
void foictl_clock_page(const json_t *clock, const struct table_page *page);

#endif
