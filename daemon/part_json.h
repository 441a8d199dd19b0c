/* part_json.h - the parts of a case and their clocks in the shapes of the Varlink interface. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_PART_JSON_H
#define DAEMON_PART_JSON_H

#include <stdint.h>

#include <jansson.h>

#include "adapters/store_history.h"

/* An array of Part, all but those that were added by mistake. NULL: no memory. */
json_t *part_json_list(const struct store_file *file, const struct foi_status *status);

/**
 * part_json_clocks - an array of Clock: how the last days of the parts were found.
 * @parts: a bit for each part that is wanted, 1 for number 1; those added by mistake are left out
 * @ret:   new array; json_decref() it
 *
 * Return: 0; as foi_part_count().
 */
int part_json_clocks(const struct store_file *file, const struct foi_status *status,
	const struct foi_law *law, uint64_t parts, json_t **ret, struct fault *f);

#endif
