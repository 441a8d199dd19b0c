/* config_reminders.c - values of [reminders] in foimaild.conf: a time of day, distances in days. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config_private.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* A number of two digits. Return: it; -EINVAL. */
static int two_digits(const char *s)
{
	if (!isdigit((unsigned char) s[0]) || !isdigit((unsigned char) s[1]))
		return -EINVAL;
	return (s[0] - '0') * 10 + (s[1] - '0');
}

static int parse_time(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	bool has_form = strlen(value) == 5 && value[2] == ':';
	int hour = has_form ? two_digits(value) : -EINVAL;
	int minute = has_form ? two_digits(value + 3) : -EINVAL;

	(void) folder; /* of paths only */
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return fault_set(f, -EINVAL, "is no time of day; write it as in %s", key->preset);
	*(unsigned *) (void *) ((char *) base + key->offset) = (unsigned) (hour * 60 + minute);
	return 0;
}

/* Keeps the greatest first. */
static int add_step(struct config_steps *steps, unsigned days, struct fault *f)
{
	size_t at = 0;

	while (at < steps->n && steps->days[at] > days)
		at++;
	if (at < steps->n && steps->days[at] == days)
		return fault_set(f, -EINVAL, "names %u twice; keep one", days);
	if (steps->n == CONFIG_STEPS_MAX)
		return fault_set(f, -EINVAL, "has more than %d entries", CONFIG_STEPS_MAX);
	memmove(&steps->days[at + 1], &steps->days[at], (steps->n - at) * sizeof *steps->days);
	steps->days[at] = days;
	steps->n++;
	return 0;
}

static int parse_steps(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	CLEANUP(freep) char *text = strdup(value);
	struct config_steps steps = { 0 };
	char *rest = text;
	char *piece;

	(void) folder; /* of paths only */
	if (!text)
		return fault_set(f, -ENOMEM, "no memory");
	if (!*value)
		return fault_set(f, -EINVAL, "is empty; give at least one entry");
	while ((piece = strsep(&rest, ",")) != NULL) {
		uint64_t days;
		int r = text_uint(text_trim(piece), key->min, key->max, &days);

		if (r < 0)
			return fault_set(f, -EINVAL,
				"has an entry that is no number of working days from %" PRIu64
				" to %" PRIu64 "; write it as in %s",
				key->min, key->max, key->preset);
		r = add_step(&steps, (unsigned) days, f);
		if (r < 0)
			return r;
	}
	*(struct config_steps *) (void *) ((char *) base + key->offset) = steps;
	return 0;
}

const struct config_type config_type_time = { parse_time, NULL };
const struct config_type config_type_steps = { parse_steps, NULL };
