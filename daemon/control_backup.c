/* control_backup.c - Backup: a copy of the store, made by a query process so that intake goes on.
 *
 * Register tells who waits how far it is; one that goes away takes the copying with it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "adapters/channel.h"
#include "adapters/store_care.h"
#include "adapters/store_remind.h"
#include "adapters/varlink_service.h"
#include "base/cleanup.h"
#include "daemon/case_json.h"
#include "daemon/control_internal.h"
#include "daemon/query.h"
#include "daemon/register_internal.h"

enum {
	TELL_USEC = 5000000, /* between two words of how far it is */
};

static const char daily_name[] = "backup"; /* of the row that tells when the last was made */

static const struct varlink_parameter parameters[] = {
	{ .name = "name", .type = VARLINK_STRING, .max = STORE_BACKUP_NAME_MAX - 1 },
};

bool control_backup_is_running(const struct control *c)
{
	return c && c->backup.client;
}

int control_backup_last(const struct register_state *reg, int64_t *ret, struct fault *f)
{
	struct store_daily last;
	int r = store_daily(reg->store, daily_name, &last, f);

	if (r < 0)
		return r;
	*ret = r > 0 ? last.at : 0;
	return 0;
}

/* ---- how far it is --------------------------------------------------------------------------- */

static json_int_t bytes_of(const char *path, const char *end)
{
	CLEANUP(freep) char *file = NULL;
	struct stat st;

	if (asprintf(&file, "%s%s", path, end) < 0) {
		file = NULL;
		return 0;
	}
	return stat(file, &st) < 0 ? 0 : (json_int_t) st.st_size;
}

static void arm(struct control_backup *b)
{
	/* The source is there, so neither fails. */
	(void) sd_event_source_set_time_relative(b->timer, TELL_USEC);
	(void) sd_event_source_set_enabled(b->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct control *c = userdata;
	struct control_backup *b = &c->backup;
	struct varlink_bytes bytes = { 0 };

	(void) source;
	(void) usec;
	if (!b->client)
		return 0;
	if (varlink_reply(&b->client->call,
		    json_pack("{s:I, s:I}", "copied", bytes_of(b->path, ".part"), "of",
			    bytes_of(c->reg->loaded.conf->store_path, "")),
		    true, &bytes, NULL) == 0)
		(void) control_client_write(
			b->client, &bytes); /* one that is gone takes its query with it */
	control_client_keep(b->client);
	arm(b);
	return 0;
}

/* ---- what came of it ------------------------------------------------------------------------- */

static void journal(const struct control *c, enum journal_kind kind, const struct fault *fault)
{
	const struct control_backup *b = &c->backup;
	struct fault told = { 0 };

	/* Its text may tell the name of the file, which a person chose. */
	if (fault)
		(void) fault_set_kind(&told, fault->kind, fault->code, "%s",
			fault->code < 0 ? strerrordesc_np(-fault->code) : "not finished");
	journal_write(c->reg->journal, &(struct journal_event){ .kind = kind,
					       .has_peer = true,
					       .peer = b->client->uid,
					       .lasted_sec = register_now(c->reg) - b->began_at,
					       .fault = fault ? &told : NULL });
}

static void note(struct register_state *reg)
{
	struct fault f = { 0 };
	int64_t now = register_now(reg);
	int r = store_begin(reg->store, &f);

	if (r == 0)
		r = store_daily_done(reg->store, daily_name, day_of_instant(now), now, &f);
	if (r == 0)
		r = store_commit(reg->store, &f);
	if (r == 0)
		return;
	store_rollback(reg->store);
	register_store_trouble(reg, &f);
}

static int answer_made(struct control *c, struct varlink_bytes *ret)
{
	const struct control_backup *b = &c->backup;
	char made[CASE_JSON_INSTANT_MAX];

	journal(c, JOURNAL_BACKUP_MADE, NULL);
	note(c->reg);
	return varlink_reply(&b->client->call,
		json_pack("{s:{s:s, s:s, s:I, s:s}}", "backup", "name", b->name, "file", b->path,
			"bytes", bytes_of(b->path, ""), "made",
			case_json_instant(b->began_at, made)),
		false, ret, NULL);
}

static int answer_failed(const struct control *c, enum worker_end how, struct varlink_bytes *ret)
{
	const struct control_backup *b = &c->backup;
	const char *why = *b->fault.text ? b->fault.text
			  : how == WORKER_ENDED_OVERRAN
				  ? "the backup took too long and was ended"
				  : "the process that makes the backup ended before it was done";

	if (b->fault.code == -EEXIST)
		return varlink_error(&b->client->call, VARLINK_CASES ".BackupExists",
			json_pack("{s:s}", "name", b->name), ret, NULL);
	journal(c, JOURNAL_BACKUP_FAILED, &b->fault);
	return varlink_error(&b->client->call, VARLINK_CASES ".Unavailable",
		json_pack("{s:o}", "why", json_sprintf("no backup was made: %s", why)), ret, NULL);
}

static int on_record(
	void *context, struct worker *w, const json_t *record, int *passed, struct fault *f)
{
	struct control *c = context;
	struct control_backup *b = &c->backup;

	(void) w;
	(void) passed;
	if (strcmp(channel_type(record), "end") == 0) {
		b->is_made = true;
		return 0;
	}
	if (strcmp(channel_type(record), "fault") != 0)
		return fault_set(f, -EBADMSG, "query has no record of that type");
	return channel_fault(record, &b->fault, f);
}

static void on_ended(void *context, struct worker *w, enum worker_end how, int signal)
{
	struct control *c = context;
	struct control_client *client = c->backup.client;
	struct varlink_bytes last = { 0 };
	int r = c->backup.is_made ? answer_made(c, &last) : answer_failed(c, how, &last);

	(void) signal;
	if (r < 0)
		client->is_ending = true;
	control_backup_done(c); /* before the next call, which may be for another backup */
	(void) control_client_end_answer(client, &last); /* one that cannot be served is ended */
	worker_free(w);
}

/* ---- the process that copies ----------------------------------------------------------------- */

static void on_started(void *context, struct worker *w)
{
	const struct control *c = context;
	json_t *begin = json_pack("{s:s, s:s, s:s, s:s, s:I}", "type", "begin", "what", "backup",
		"store", c->reg->loaded.conf->store_path, "name", c->backup.name, "now",
		(json_int_t) c->backup.began_at);

	worker_expect(w, (uint64_t) QUERY_BACKUP_SECONDS * 1000);
	if (worker_send(w, begin, -1) < 0)
		worker_kill(w, WORKER_ENDED_DIED); /* on_ended() tells the client */
}

static const struct worker_calls backup_calls = {
	.has_no_steps = true,
	.record = on_record,
	.started = on_started,
	.ended = on_ended,
};

/* Without a name, that of the moment, by which a list of files is in order. */
static void name_it(struct control_backup *b, const char *name)
{
	time_t at = (time_t) b->began_at;
	struct tm utc = { 0 };

	(void) snprintf(b->name, sizeof b->name, "%s", name); /* fits */
	/* An instant of ours has a date, and the name has room for it. */
	if (!*name && gmtime_r(&at, &utc))
		(void) strftime(b->name, sizeof b->name, "%Y-%m-%d-%H%M%SZ", &utc);
}

static int start(struct control_client *client, const char *name, struct fault *f)
{
	struct control *c = client->control;
	struct control_backup *b = &c->backup;
	int r;

	*b = (struct control_backup){ .began_at = register_now(c->reg) };
	name_it(b, name);
	b->path = store_backup_path(c->reg->loaded.conf->store_path, b->name);
	if (!b->path)
		return fault_set(f, -ENOMEM, "no memory for a backup");
	r = sd_event_add_time_relative(
		c->reg->event, &b->timer, CLOCK_MONOTONIC, TELL_USEC, 0, on_timer, c);
	if (r < 0)
		return fault_set(f, r, "no timer for a backup");
	b->client = client;
	r = worker_new(c->reg->event, "query", &backup_calls, c, &client->query, f);
	if (r == 0)
		r = worker_start(client->query, f);
	if (r < 0)
		client->query = worker_free(client->query);
	return r;
}

int control_backup(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	const char *name = varlink_text(call, "name", "");
	const char *wrong;
	int r = varlink_check(call, parameters, sizeof parameters / sizeof *parameters, &wrong);

	if (r < 0)
		return varlink_invalid(call, wrong, ret, f);
	if (*name && !store_backup_is_name(name))
		return varlink_invalid(call, "name", ret, f);
	if (!call->more)
		return varlink_error(call, VARLINK_EXPECTED_MORE, json_object(), ret, f);
	if (control_backup_is_running(client->control))
		return varlink_error(call, VARLINK_CASES ".Unavailable",
			json_pack("{s:s}", "why",
				"a backup is being made already; try again when it has ended"),
			ret, f);
	r = start(client, name, f);
	if (r < 0) {
		control_backup_done(client->control);
		return r;
	}
	client->call = *call;
	*call = (struct varlink_call){ 0 };
	return 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

void control_backup_done(struct control *c)
{
	sd_event_source_disable_unref(c->backup.timer);
	free(c->backup.path);
	c->backup = (struct control_backup){ 0 };
}

void control_backup_forget(struct control_client *client)
{
	struct control *c = client->control;
	struct fault gone = { .code = -ECANCELED };

	if (c->backup.client != client)
		return;
	journal(c, JOURNAL_BACKUP_FAILED, &gone);
	control_backup_done(c);
}
