/* control_method.c - the methods of the local socket.
 *
 * Dispatch is a table: a method, the right it needs, and what answers it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "adapters/varlink_service.h"
#include "base/cleanup.h"
#include "daemon/case_json.h"
#include "daemon/control_internal.h"
#include "daemon/mailbox_json.h"
#include "daemon/register_internal.h"
#include "daemon/register_trouble.h"

typedef int method_function(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);

/* ---- Status ---------------------------------------------------------------------------------- */

static json_t *instant_or_null(int64_t instant)
{
	char buf[CASE_JSON_INSTANT_MAX];

	return instant == 0 ? json_null() : json_string(case_json_instant(instant, buf));
}

/* What is wrong, and what to do about it. */
static json_t *trouble_json(const struct watch *w)
{
	const struct trouble *trouble = watch_trouble(w);

	if (!trouble)
		return json_null();
	return json_sprintf("%s; %s", w->fault.text, journal_advice(trouble->kind));
}

static json_t *mailboxes_json(const struct register_state *reg)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < reg->n_watches; i++) {
		const struct watch *w = &reg->watches[i];
		json_t *one = json_pack("{s:s, s:b, s:o, s:o}", "name", w->conf->name, "connected",
			(int) (!watch_trouble(w) && watch_last_look(w) != 0), "last_look",
			instant_or_null(watch_last_look(w)), "trouble", trouble_json(w));

		if (mailbox_json_add(w, one) < 0 || json_array_append(array, one) < 0) {
			json_decref(one);
			return json_decref(array), NULL;
		}
		json_decref(one);
	}
	return array;
}

static json_t *troubles_json(const struct register_state *reg)
{
	json_t *array = json_array();

	recover_troubles(reg, array);
	if (array && reg->store_trouble.on)
		(void) json_array_append_new(
			array, json_string(journal_advice(reg->store_trouble.kind)));
	if (array && reg->send_trouble.on)
		(void) json_array_append_new(
			array, json_string(journal_advice(reg->send_trouble.kind)));
	control_calendar_troubles(reg, array);
	return array;
}

static json_t *fates_json(const struct store_counts *counts)
{
	json_t *object = json_object();

	for (unsigned i = 0; object && i < FATE_COUNT; i++)
		(void) json_object_set_new(object, fate_word((enum fate) i),
			json_integer((json_int_t) counts->fates[i]));
	return object;
}

static json_t *outgoing_json(const struct store_counts *counts)
{
	json_t *object = json_object();

	for (unsigned i = 0; object && i < STORE_OUTBOX_STATE_COUNT; i++)
		(void) json_object_set_new(object,
			store_outbox_state_word((enum store_outbox_state) i),
			json_integer((json_int_t) counts->outbox[i]));
	return object;
}

static json_t *calendar_until_json(const struct register_state *reg)
{
	char buf[DAY_ISO_MAX];
	struct day until;

	if (calendar_covers_until(reg->loaded.calendar, CALENDAR_UK, &until) < 0)
		return json_null();
	return json_string(day_iso(until, buf));
}

static int get_status(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	const struct register_state *reg = client->control->reg;
	struct day today = day_of_instant(register_now(reg));
	struct store_counts counts;
	char iso[DAY_ISO_MAX];
	int64_t last_backup = 0;
	json_t *status;
	int r = store_counts(reg->store, today, &counts, f);

	if (r == 0)
		r = control_backup_last(reg, &last_backup, f);
	if (r < 0)
		return r;
	status = json_pack(
		"{s:s, s:o, s:s, s:o, s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o}",
		"version", FOIMAILD_VERSION, "started", instant_or_null(reg->started_at), "today",
		day_iso(today, iso), "mailboxes", mailboxes_json(reg), "mails",
		(json_int_t) counts.mails, "fates", fates_json(&counts), "open",
		(json_int_t) counts.cases_open, "triage", (json_int_t) counts.cases_triage,
		"waiting", (json_int_t) counts.cases_waiting, "ended",
		(json_int_t) counts.cases_ended, "overdue", (json_int_t) counts.overdue, "outgoing",
		outgoing_json(&counts), "calendar_until", calendar_until_json(reg), "last_backup",
		instant_or_null(last_backup), "troubles", troubles_json(reg));
	return varlink_reply(call, json_pack("{s:o}", "status", status), false, ret, f);
}

/* ---- Get ------------------------------------------------------------------------------------- */

static const struct varlink_parameter get_parameters[] = {
	{ .name = "reference", .type = VARLINK_STRING, .required = true, .max = REFERENCE_MAX },
};

static int get_case(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	const struct register_state *reg = client->control->reg;
	struct case_json_clock clock = { .calendar = reg->loaded.calendar,
		.today = day_of_instant(register_now(reg)) };
	const char *reference;
	const char *wrong;
	json_t *parts = NULL;
	json_t *found = NULL;
	int r = varlink_check(call, get_parameters, 1, &wrong);

	if (r < 0)
		return varlink_invalid(call, wrong, ret, f);
	reference = varlink_text(call, "reference", "");
	r = case_json_get(reg->store, reference, &clock, &found, f);
	if (r == 0)
		return varlink_error(call, VARLINK_CASES ".NoSuchCase",
			json_pack("{s:s}", "reference", reference), ret, f);
	if (r == 1)
		r = control_parts(reg, reference, &parts, f);
	if (r < 0) {
		json_decref(found);
		return r;
	}
	if (json_object_set_new(found, "parts", parts) < 0) {
		json_decref(found);
		return fault_set(f, -ENOMEM, "no memory for a case");
	}
	return varlink_reply(call, json_pack("{s:o}", "case", found), false, ret, f);
}

/* ---- Reload ---------------------------------------------------------------------------------- */

static void note_mistake(void *context, const char *text)
{
	(void) json_array_append_new(
		context, json_string(text)); /* short of memory: in the journal */
}

static int reload(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	json_t *mistakes = json_array();
	int r = mistakes ? register_reload(client->control->reg, note_mistake, mistakes) : -ENOMEM;

	if (r == -EINVAL)
		return varlink_error(call, VARLINK_CASES ".BadConfiguration",
			json_pack("{s:o}", "mistakes", mistakes), ret, f);
	json_decref(mistakes);
	if (r < 0)
		return varlink_error(call, VARLINK_CASES ".Unavailable",
			json_pack("{s:s}", "why", "a reload or a stop is under way"), ret, f);
	return varlink_reply(call, json_object(), false, ret, f);
}

/* ---- dispatch -------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool acts; /* needs the officers' group; else the readers' */
	method_function *answer;
} methods[] = {
	{ "Status", false, get_status },
	{ "Get", false, get_case },
	{ "Why", false, control_why },
	{ "Record", true, control_record },
	{ "Undo", true, control_undo },
	{ "RetryMail", true, control_retry },
	{ "HoldMail", true, control_hold },
	{ "ReleaseMail", true, control_release },
	{ "Reload", true, reload },
	{ "Backup", true, control_backup },
	{ "Calendar", false, control_calendar },
	{ "RefreshCalendar", true, control_calendar_refresh },
	{ "AcceptCalendar", true, control_calendar_accept },
	{ "Recovered", true, control_recovered },
};

static int refuse(struct control_client *client, const struct varlink_call *call, bool acts,
	struct varlink_bytes *ret, struct fault *f)
{
	const struct config *conf = client->control->reg->loaded.conf;

	return varlink_error(call, VARLINK_CASES ".NotPermitted",
		json_pack("{s:s}", "need", acts ? conf->officer_group : conf->read_group), ret, f);
}

/* A fault of the store is the caller's business too, and no reason to close the connection. */
static int unavailable(
	const struct varlink_call *call, const struct fault *why, struct varlink_bytes *ret)
{
	return varlink_error(call, VARLINK_CASES ".Unavailable",
		json_pack("{s:s}", "why", *why->text ? why->text : "not possible now"), ret, NULL);
}

static int answer(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		if (!varlink_call_is(call, VARLINK_CASES, methods[i].name))
			continue;
		if (methods[i].acts && !client->rights.act)
			return refuse(client, call, true, ret, f);
		return methods[i].answer(client, call, ret, f);
	}
	return varlink_unknown_method(call, ret, f);
}

int control_method(struct control_client *client, struct varlink_call *call)
{
	struct varlink_bytes b = { 0 };
	struct fault f = { 0 };
	int r;

	if (!client->rights.read) {
		/* A stranger gets one answer, so that its user learns why. */
		r = refuse(client, call, false, &b, &f);
		client->is_ending = true;
		return r < 0 ? r : control_client_write(client, &b);
	}
	r = varlink_service(call, FOIMAILD_VERSION, &b, &f);
	if (r == 0 && control_listing(call))
		return control_list(client, control_listing(call), call, &f);
	if (r == 0)
		r = answer(client, call, &b, &f);
	if (r < 0)
		r = unavailable(call, &f, &b);
	return r < 0 ? r : control_client_write(client, &b);
}
