/* holidays.h - bank holiday files in the shape of https://www.gov.uk/bank-holidays.json.
 *
 * The only module that turns such JSON into a calendar. It reads bytes or one file; it does not
 * fetch. A file is taken whole or not at all. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_HOLIDAYS_H
#define ADAPTERS_HOLIDAYS_H

#include <stddef.h>

struct calendar;
struct fault;

enum {
	HOLIDAYS_FILE_MAX = 1 << 20, /* bytes; GOV.UK's ten years are 30 KiB */
	HOLIDAYS_NAME_MAX = 160,     /* bytes of a file's name shown in a fault */
};

/**
 * holidays_parse - add the days of one file to a calendar.
 * @bytes, @n:   JSON, UTF-8
 * @source_name: for the fault; a file's name or an address
 * @cal:         days are merged into it; on failure it is as before
 *
 * Refused, with file, place and reason: what is no JSON or goes on after its end, a key twice, an
 * unknown division, a member "division" that disagrees with its key, an event without title or
 * date, a date that is none, outside CALENDAR_YEAR_MIN to CALENDAR_YEAR_MAX or not after the one
 * before it, a file without any day. A division may be missing. `notes` and `bunting` are ignored.
 *
 * Return:   0; -EBADMSG malformed, with line and column, or division, event and date; -EMSGSIZE
 *           over HOLIDAYS_FILE_MAX; -E2BIG more days than a calendar takes; -ENOMEM.
 * Security: @bytes come from the network or an administrator. Bounded by HOLIDAYS_FILE_MAX and
 *           CALENDAR_ENTRIES_MAX; texts from the file are shown only where they were checked.
 */
int holidays_parse(const char *bytes, size_t n, const char *source_name, struct calendar *cal,
	struct fault *f);

/* As holidays_parse(), from a regular file. Return: also -ENOENT and the like, as open and read
 * give them; -EINVAL not a regular file. */
int holidays_load(const char *path, struct calendar *cal, struct fault *f);

#endif
