/* control_list.c - List, Outbox: a page of cases or of mails, read by a query process so that intake
 * goes on. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/channel.h"
#include "adapters/store_care.h"
#include "adapters/varlink_service.h"
#include "base/cleanup.h"
#include "daemon/control_internal.h"
#include "daemon/query.h"
#include "daemon/register_internal.h"
#include "daemon/register_verify.h"

enum {
	LIMIT = 100, /* rows of a page, unless the caller says otherwise */
};

static const char *const kinds[] = { "request", "review", NULL };
static const char *const states[] = { "open", "triage", "waiting", "answered", "closed", "live",
	"any", NULL };

static const struct varlink_parameter case_parameters[] = {
	{ .name = "kind", .type = VARLINK_STRING, .max = 16, .words = kinds },
	{ .name = "state", .type = VARLINK_STRING, .max = 16, .words = states },
	{ .name = "overdue", .type = VARLINK_BOOL },
	{ .name = "limit", .type = VARLINK_INT, .min = 1, .max = STORE_PAGE_MAX },
	{ .name = "cursor", .type = VARLINK_STRING, .max = STORE_CURSOR_MAX },
};

static const char *const unsent_states[] = { "queued", "sending", "failed", "held", "any", NULL };

static const struct varlink_parameter mail_parameters[] = {
	{ .name = "state", .type = VARLINK_STRING, .max = 16, .words = unsent_states },
	{ .name = "limit", .type = VARLINK_INT, .min = 1, .max = STORE_PAGE_MAX },
	{ .name = "cursor", .type = VARLINK_STRING, .max = STORE_CURSOR_MAX },
};

static json_t *begin_cases(const struct control_client *client)
{
	const struct varlink_call *call = &client->call;
	const struct register_state *reg = client->control->reg;
	char today[DAY_ISO_MAX];

	return json_pack("{s:s, s:s, s:s, s:b, s:s}", "what", "list", "kind",
		varlink_text(call, "kind", ""), "state", varlink_text(call, "state", "live"),
		"overdue", (int) varlink_bool(call, "overdue", false), "today",
		day_iso(day_of_instant(register_now(reg)), today));
}

/* A mail server's words may name people: readers have no need of them. */
static json_t *begin_mails(const struct control_client *client)
{
	return json_pack("{s:s, s:s, s:b}", "what", "outbox", "state",
		varlink_text(&client->call, "state", "any"), "replies", (int) client->rights.act);
}

struct control_listing {
	const char *method;
	const char *row; /* what a row is called, by query and in the reply */
	const struct varlink_parameter *parameters;
	size_t n_parameters;
	json_t *(*begin)(const struct control_client *client); /* of the question to query */
};

static const struct control_listing listings[] = {
	{ "List", "case", case_parameters, sizeof case_parameters / sizeof *case_parameters,
		begin_cases },
	{ "Outbox", "mail", mail_parameters, sizeof mail_parameters / sizeof *mail_parameters,
		begin_mails },
};

const struct control_listing *control_listing(const struct varlink_call *call)
{
	for (size_t i = 0; i < sizeof listings / sizeof *listings; i++)
		if (varlink_call_is(call, VARLINK_CASES, listings[i].method))
			return &listings[i];
	return NULL;
}

static void on_started(void *context, struct worker *w)
{
	struct control_client *client = context;
	const struct register_state *reg = client->control->reg;
	json_t *begin = client->listing->begin(client);
	CLEANUP(channel_record_freep)
	json_t *common = json_pack("{s:s, s:s, s:s, s:i}", "type", "begin", "store",
		reg->loaded.conf->store_path, "cursor", varlink_text(&client->call, "cursor", ""),
		"limit", (int) client->limit);

	if (json_object_update(begin, common) < 0) {
		json_decref(begin);
		begin = NULL; /* which cannot be sent */
	}
	worker_expect(w, QUERY_SECONDS * 1000);
	if (worker_send(w, begin, -1) < 0)
		worker_kill(w, WORKER_ENDED_DIED); /* on_ended() tells the client */
}

static int send_row(struct control_client *client, const json_t *record, struct fault *f)
{
	struct varlink_bytes b = { 0 };
	json_t *row = json_object_get(record, client->listing->row);
	const char *cursor;
	int r = channel_text(record, "cursor", sizeof client->cursor - 1, &cursor, f);

	if (r == 0 && !json_is_object(row))
		r = fault_set(f, -EBADMSG, "a row of another kind");
	if (r < 0)
		return r;
	if (++client->n_rows > client->limit)
		return fault_set(f, -EBADMSG, "more rows than were asked for");
	(void) snprintf(client->cursor, sizeof client->cursor, "%s", cursor); /* fits */
	r = varlink_reply(
		&client->call, json_pack("{s:O}", client->listing->row, row), true, &b, f);
	if (r < 0)
		return r;
	(void) control_client_write(client, &b); /* one that is gone takes its query with it */
	return 0;
}

static void finish(struct control_client *client, const char *error)
{
	struct varlink_bytes b = { 0 };
	bool has_more = client->n_rows == client->limit;
	int r;

	if (error)
		r = varlink_error(&client->call, VARLINK_CASES ".Unavailable",
			json_pack("{s:s}", "why", error), &b, NULL);
	else
		r = varlink_reply(&client->call,
			json_pack("{s:o}", "cursor",
				has_more ? json_string(client->cursor) : json_null()),
			false, &b, NULL);
	if (r < 0)
		client->is_ending = true;
	(void) control_client_end_answer(client, &b); /* a client that cannot be served is ended */
}

static int on_record(
	void *context, struct worker *w, const json_t *record, int *passed, struct fault *f)
{
	struct control_client *client = context;
	const char *type = channel_type(record);

	(void) w;
	(void) passed;
	if (strcmp(type, "row") == 0)
		return send_row(client, record, f);
	if (strcmp(type, "end") == 0) {
		client->is_listed = true;
		return 0;
	}
	if (strcmp(type, "fault") != 0)
		return fault_set(f, -EBADMSG, "query has no record of that type");
	return channel_fault(record, &client->list_fault, f);
}

static void on_ended(void *context, struct worker *w, enum worker_end how, int signal)
{
	struct control_client *client = context;

	(void) how;
	(void) signal;
	if (client->list_fault.code == -EINVAL) {
		struct varlink_bytes b = { 0 };

		if (varlink_error(
			    &client->call, VARLINK_CASES ".BadCursor", json_object(), &b, NULL) < 0)
			client->is_ending = true;
		(void) control_client_end_answer(
			client, &b); /* a client that cannot be served is ended */
	} else if (client->is_listed) {
		finish(client, NULL);
	} else {
		finish(client, *client->list_fault.text ? client->list_fault.text
							: "the list could not be read; try again");
	}
	worker_free(w);
}

static const struct worker_calls query_calls = {
	.record = on_record,
	.started = on_started,
	.ended = on_ended,
};

/* Lists end soon, so that to begin none for a moment helps. While all of the store is looked over or
 * copied it would not. */
static bool is_crowded(struct register_state *reg)
{
	return !verify_is_running(reg) && !control_backup_is_running(reg->control) &&
	       store_is_crowded(reg->store);
}

int control_list(struct control_client *client, const struct control_listing *listing,
	struct varlink_call *call, struct fault *f)
{
	struct varlink_bytes b = { 0 };
	const char *wrong;
	int r = varlink_check(call, listing->parameters, listing->n_parameters, &wrong);

	if (r < 0) {
		r = varlink_invalid(call, wrong, &b, f);
		return r < 0 ? r : control_client_write(client, &b);
	}
	if (!call->more) {
		r = varlink_error(call, VARLINK_EXPECTED_MORE, json_object(), &b, f);
		return r < 0 ? r : control_client_write(client, &b);
	}
	if (is_crowded(client->control->reg)) {
		r = varlink_error(call, VARLINK_CASES ".Unavailable",
			json_pack("{s:s}", "why", "too many read at once; try again in a moment"),
			&b, f);
		return r < 0 ? r : control_client_write(client, &b);
	}
	client->listing = listing;
	client->call = *call;
	*call = (struct varlink_call){ 0 };
	client->limit = (size_t) varlink_int(&client->call, "limit", LIMIT);
	client->n_rows = 0;
	client->is_listed = false;
	client->list_fault = (struct fault){ 0 };
	r = worker_new(
		client->control->reg->event, "query", &query_calls, client, &client->query, f);
	return r < 0 ? r : worker_start(client->query, f);
}
