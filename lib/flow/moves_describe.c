/* moves_describe.c - a move as one line of a case's history. */
/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>

#include "flow/moves_internal.h"

/* A line that grows; what does not fit is cut. */
struct line {
	char *text;
	size_t n;
};

static void add(struct line *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct line *l, const char *format, ...)
{
	va_list ap;
	int n;

	if (l->n >= MOVES_TEXT_MAX)
		return;
	va_start(ap, format);
	n = vsnprintf(l->text + l->n, MOVES_TEXT_MAX - l->n, format, ap);
	va_end(ap);
	l->n += n > 0 ? (size_t) n : 0;
}

static void add_exemptions(struct line *l, const struct foi_details *d)
{
	for (size_t i = 0; i < d->n_exemptions; i++)
		add(l, "%s %s%s", i ? "," : ";", d->exemptions[i].section,
			d->exemptions[i].denies ? " (neither confirmed nor denied)" : "");
}

void moves_describe(
	const struct foi_move_record *m, const char *why, char ret[static MOVES_TEXT_MAX])
{
	const struct foi_details *d = &m->details;
	struct line l = { .text = ret };
	char day[DAY_TEXT_MAX];

	ret[0] = '\0';
	if (m->part > 0)
		add(&l, "part %u, ", m->part);
	add(&l, "%s: %s", day_text(m->day, DAY_ENGLISH, day), foi_move_of(m->move)->title);
	if (d->outcome != FOI_OUTCOME_NONE)
		add(&l, "; %s", foi_outcome_of(d->outcome)->title);
	add_exemptions(&l, d);
	if (d->has_until)
		add(&l, "; estimated date %s", day_text(d->until, DAY_ENGLISH, day));
	if (d->has_regime)
		add(&l, "; %s", statute_of(d->regime)->short_name);
	if (d->authority[0])
		add(&l, "; put to %s", d->authority);
	if (d->text[0])
		add(&l, "; %s", d->text);
	if (*why)
		add(&l, ". %s", why);
}
