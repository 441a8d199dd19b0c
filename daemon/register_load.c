/* register_load.c - everything that a configuration names. */
/* SPDX-License-Identifier: MIT */
#include "daemon/register_load.h"

#include <stdio.h>

#include "adapters/holidays.h"

void loaded_done(struct loaded *l)
{
	templates_free(l->templates);
	calendar_free(l->calendar);
	config_free(l->conf);
	*l = (struct loaded){ 0 };
}

static int load_calendar(const struct config *conf, struct loaded *l, struct fault *f)
{
	int r = calendar_new(&l->calendar);

	if (r < 0)
		return fault_set(f, r, "no memory for the calendar");
	for (size_t i = 0; r == 0 && i < conf->calendar_files.n; i++)
		r = holidays_load(conf->calendar_files.entries[i], l->calendar, f);
	if (r == 0)
		r = calendar_hash(l->calendar, l->hash);
	return r;
}

static void tell(config_report *report, void *context, const struct fault *f)
{
	if (report && *f->text)
		report(context, f->text);
}

/* As load_calendar(); a failure is left to the caller where it wants to know. */
static int load_or_leave(struct loaded *l, struct fault *bad, struct fault *f)
{
	int r = load_calendar(l->conf, l, f);

	if (!bad)
		return r;
	*bad = r < 0 ? *f : (struct fault){ 0 };
	if (r < 0)
		l->calendar = calendar_free(l->calendar);
	return 0;
}

int loaded_load(const char *path, config_report *report, void *context, struct fault *bad,
	struct loaded *ret)
{
	struct loaded l = { 0 };
	struct fault f = { 0 };
	int r = config_load(path, report, context, &l.conf, &f);

	if (r < 0) {
		tell(report, context, &f);
		return r;
	}
	r = load_or_leave(&l, bad, &f);
	if (r < 0)
		tell(report, context, &f);
	if (r == 0) {
		r = templates_load(l.conf, &l.templates, &f);
		if (r < 0)
			tell(report, context, &f);
	}
	if (r < 0) {
		loaded_done(&l);
		return r;
	}
	*ret = l;
	return 0;
}
