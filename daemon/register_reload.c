/* register_reload.c - a changed configuration: read, checked, and taken once the workers have ended. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include "daemon/register_internal.h"
#include "daemon/register_sole.h"

void register_report_mistake(void *context, const char *text)
{
	struct register_state *reg = context;

	journal_write(reg->journal,
		&(struct journal_event){ .kind = JOURNAL_CONFIG_MISTAKE, .detail = text });
}

/* What cannot change while we run keeps its old value; the new one goes with the old settings. */
static void keep_fixed(struct register_state *reg, char **now, char **next, const char *what)
{
	char *wanted = *next;

	if (strcmp(*now, *next) != 0)
		register_report_mistake(reg, what);
	*next = *now;
	*now = wanted;
}

void reload_keep_fixed(struct register_state *reg)
{
	keep_fixed(reg, &reg->loaded.conf->store_path, &reg->next.conf->store_path,
		"[store] path: a restart is needed to change it");
	keep_fixed(reg, &reg->loaded.conf->socket_path, &reg->next.conf->socket_path,
		"[socket] path: a restart is needed to change it");
}

/* Tells the journal, and whoever asked for the reload. */
struct reload_report {
	struct register_state *reg;
	config_report *also; /* may be NULL */
	void *context;
};

static void report_reload(void *context, const char *text)
{
	const struct reload_report *report = context;

	register_report_mistake(report->reg, text);
	if (report->also)
		report->also(report->context, text);
}

int register_reload(struct register_state *reg, config_report *also, void *context)
{
	struct reload_report report = { .reg = reg, .also = also, .context = context };
	struct fault f = { 0 };
	int r;

	if (reg->phase == REGISTER_RELOADING)
		reg->reload_again = true; /* what was changed since may have been missed */
	if (reg->phase != REGISTER_RUNNING)
		return -EBUSY;
	r = loaded_load(reg->options->config_path, report_reload, &report, NULL, &reg->next);
	if (r < 0)
		return -EINVAL;
	if (!reg->options->observe)
		r = sole_take(reg, reg->next.conf, &f);
	if (r == 0)
		r = calendar_settle(reg, &reg->next, NULL, &f);
	if (r < 0) {
		report_reload(&report, f.text);
		sole_give_up(reg, reg->loaded.conf);
		loaded_done(&reg->next);
		return -EINVAL;
	}
	reg->phase = REGISTER_RELOADING;
	(void) sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, register_monotonic());
	register_stop_workers(reg);
	return 0;
}
