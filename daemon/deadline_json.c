/* deadline_json.c - a deadline as the JSON that programs read. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "daemon/deadline.h"

static void json_freep(json_t **json)
{
	json_decref(*json);
}

static json_t *words_of(unsigned divisions)
{
	json_t *words = json_array();

	for (unsigned i = 0; i < CALENDAR_DIVISION_COUNT; i++) {
		unsigned division = divisions & (1U << i);

		if (division && json_array_append_new(
					words, json_string(calendar_division_word(division))) < 0) {
			json_decref(words);
			return NULL;
		}
	}
	return words;
}

json_t *deadline_excluded_json(const struct deadline *d)
{
	json_t *list = json_array();
	char iso[DAY_ISO_MAX];

	for (size_t i = 0; i < d->n_excluded; i++) {
		const struct deadline_excluded *e = &d->excluded[i];
		json_t *item = json_pack("{s:s, s:s, s:o}", "date", day_iso(e->day, iso), "why",
			e->why, "divisions", words_of(e->divisions));

		if (json_array_append_new(list, item) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

int deadline_show_json(const struct deadline *d, FILE *out)
{
	char received[DAY_ISO_MAX], due[DAY_ISO_MAX], until[DAY_ISO_MAX];
	CLEANUP(json_freep) json_t *root = NULL;

	(void) day_iso(d->covers_until, until);
	root = json_pack("{s:s, s:s, s:i, s:i, s:b, s:s?, s:s, s:o}", "received",
		day_iso(d->received, received), "deadline", day_iso(d->due, due), "working_days",
		(int) d->working_days, "months", (int) d->months, "provisional",
		d->provisional ? 1 : 0, "covers_until", d->has_covers_until ? until : NULL,
		"calendar_hash", d->calendar_hash, "excluded", deadline_excluded_json(d));
	if (!root)
		return -ENOMEM;
	if (json_dumpf(root, out, JSON_INDENT(2)) < 0 || fputc('\n', out) == EOF)
		return -EIO;
	return 0;
}
