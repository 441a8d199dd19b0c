/* moves_recount.c - a case counted anew after the calendar has changed. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "flow/moves_internal.h"

/* "last day 12 June 2026 -> 15 June 2026, part 2: ..."; the reason behind it. */
static void describe(const struct store_file *before, const struct store_file *after,
	const char *why, char ret[static MOVES_TEXT_MAX])
{
	size_t n = 0;

	ret[0] = '\0';
	for (size_t i = 0; i < after->history.n_parts && n < MOVES_TEXT_MAX; i++) {
		const struct store_part *a = &before->parts[i];
		const struct store_part *b = &after->parts[i];
		char old_due[DAY_TEXT_MAX];
		char due[DAY_TEXT_MAX];

		if (day_compare(a->due, b->due) == 0 && a->is_provisional == b->is_provisional)
			continue;
		n += (size_t) snprintf(ret + n, MOVES_TEXT_MAX - n,
			"%spart %zu: last day %s, before it was %s%s", n ? "; " : "", i + 1,
			day_text(b->due, DAY_ENGLISH, due), day_text(a->due, DAY_ENGLISH, old_due),
			b->is_provisional ? " (provisional)" : "");
	}
	if (n < MOVES_TEXT_MAX)
		(void) snprintf(ret + n, MOVES_TEXT_MAX - n, "%s%s", n && *why ? "; " : "", why);
}

/* Whether the clock runs to another day than the requester was told. */
static bool is_told_otherwise(const struct store_file *file)
{
	return file->is_told && foi_case_is_running(file->state) &&
	       day_compare(file->told, file->due) != 0;
}

static int note(
	struct moves_work *w, const struct store_file *before, const char *why, struct fault *f)
{
	char text[MOVES_TEXT_MAX];
	char told[DAY_TEXT_MAX];
	int r;

	describe(before, w->file, why, text);
	r = store_event_add(w->in->store, w->file->id, 0, w->now, "daemon", "recounted", text, f);
	if (r < 0 || !is_told_otherwise(w->file))
		return r;
	(void) snprintf(text, sizeof text,
		"the requester was told %s: that date stays theirs, and the earlier of the two "
		"rules the reminders",
		day_text(w->file->told, DAY_ENGLISH, told)); /* fits */
	return store_event_add(
		w->in->store, w->file->id, 0, w->now, "daemon", "told-otherwise", text, f);
}

int moves_recount(const struct moves *in, int64_t case_id, const char *why, int64_t now,
	struct moves_change *ret, struct fault *f)
{
	CLEANUP(moves_done) struct moves_work w = { 0 };
	CLEANUP(freep) struct store_file *before = malloc(sizeof *before);
	struct moves_days days;
	int r;

	if (!before)
		return fault_set(f, -ENOMEM, "no memory for a case");
	r = moves_begin(in, case_id, now, &w, f);
	if (r < 0)
		return r;
	*before = *w.file; /* its moves stay the other's */
	r = moves_keep(&w, "calendar", &days, f);
	if (r <= 0)
		return r;
	r = note(&w, before, why, f);
	if (r < 0)
		return r;
	*ret = (struct moves_change){ .case_id = case_id,
		.kind = w.file->kind,
		.old_due = before->due,
		.due = w.file->due,
		.is_provisional = days.is_provisional,
		.is_told = is_told_otherwise(w.file),
		.told = w.file->told };
	(void) snprintf(ret->reference, sizeof ret->reference, "%s", w.file->reference);
	return 1;
}
