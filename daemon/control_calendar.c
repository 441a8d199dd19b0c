/* control_calendar.c - the methods of the socket about the bank holidays. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/store_calendar.h"
#include "adapters/varlink_service.h"
#include "daemon/case_json.h"
#include "daemon/control_internal.h"
#include "daemon/register_internal.h"

static json_t *instant_or_null(int64_t instant)
{
	char buf[CASE_JSON_INSTANT_MAX];

	return instant == 0 ? json_null() : json_string(case_json_instant(instant, buf));
}

static json_t *until_json(const struct register_state *reg)
{
	char buf[DAY_ISO_MAX];
	struct day until;

	if (calendar_covers_until(reg->loaded.calendar, CALENDAR_UK, &until) < 0)
		return json_null();
	return json_string(day_iso(until, buf));
}

/* The lines of a text as an array. */
static json_t *lines_json(const char *text)
{
	json_t *array = json_array();

	while (array && *text) {
		size_t n = strcspn(text, "\n");

		if (json_array_append_new(array, json_stringn(text, n)) < 0)
			return json_decref(array), NULL;
		text += n + (text[n] == '\n');
	}
	return array;
}

static json_t *pending_json(const struct store_calendar_feed *feed)
{
	if (!*feed->pending_hash)
		return json_null();
	return json_pack(
		"{s:s, s:o}", "hash", feed->pending_hash, "why", lines_json(feed->pending_why));
}

static json_t *trouble_json(const struct register_state *reg)
{
	if (!reg->feed.trouble.on)
		return json_null();
	return json_sprintf("%s; %s", reg->feed.fault.text, journal_advice(reg->feed.fault.kind));
}

void control_calendar_troubles(const struct register_state *reg, json_t *array)
{
	struct store_calendar_feed feed = { 0 };

	/* Short of memory one of them is missing here: the journal has both. */
	if (reg->feed.trouble.on)
		(void) json_array_append_new(
			array, json_sprintf("bank holidays: %s; %s", reg->feed.fault.text,
				       journal_advice(reg->feed.fault.kind)));
	/* A store that cannot be asked is a trouble of its own. */
	if (store_calendar_feed(reg->store, &feed, NULL) == 0 && *feed.pending_hash)
		(void) json_array_append_new(array,
			json_string("new bank holidays wait for an officer: foictl calendar"));
}

int control_calendar(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	const struct register_state *reg = client->control->reg;
	struct store_calendar_feed feed;
	json_t *status;
	int r = store_calendar_feed(reg->store, &feed, f);

	if (r < 0)
		return r;
	status = json_pack("{s:s, s:o, s:I, s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "hash",
		reg->loaded.hash, "covers_until", until_json(reg), "days",
		(json_int_t) calendar_count(reg->loaded.calendar), "url",
		reg->loaded.conf->calendar_url, "asking", (int) (reg->feed.worker != NULL), "asked",
		instant_or_null(feed.asked_at), "answered", instant_or_null(feed.answered_at),
		"next", instant_or_null(reg->feed.next_at), "trouble", trouble_json(reg), "pending",
		pending_json(&feed));
	return varlink_reply(call, json_pack("{s:o}", "calendar", status), false, ret, f);
}

static int not_now(const struct register_state *reg, const struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	const char *why = !*reg->loaded.conf->calendar_url
				  ? "[calendar] url is empty: nobody is asked for bank holidays"
			  : reg->phase == REGISTER_RUNNING
				  ? "the bank holidays cannot be asked for; the journal says why"
				  : "a reload or a stop is under way";

	return varlink_error(
		call, VARLINK_CASES ".Unavailable", json_pack("{s:s}", "why", why), ret, f);
}

int control_calendar_refresh(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	struct register_state *reg = client->control->reg;

	if (feed_ask(reg) < 0)
		return not_now(reg, call, ret, f);
	return varlink_reply(call, json_object(), false, ret, f);
}

static const struct varlink_parameter accept_parameters[] = {
	{ .name = "hash", .type = VARLINK_STRING, .required = true, .max = DIGEST_HEX_MAX - 1 },
	{ .name = "why", .type = VARLINK_STRING, .max = CALENDAR_WHY_MAX },
};

int control_calendar_accept(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	struct register_state *reg = client->control->reg;
	char actor[CONTROL_ACTOR_MAX];
	const char *wrong;
	struct calendar_acceptance by = { .uid = client->uid,
		.actor = control_actor(client, actor) };
	int r = varlink_check(call, accept_parameters, 2, &wrong);

	if (r < 0)
		return varlink_invalid(call, wrong, ret, f);
	if (reg->phase != REGISTER_RUNNING)
		return not_now(reg, call, ret, f);
	by.hash = varlink_text(call, "hash", "");
	by.why = varlink_text(call, "why", "");
	r = calendar_accept(reg, &by, f);
	if (r == -ENOENT)
		return varlink_error(call, VARLINK_CASES ".NoSuchCalendar",
			json_pack("{s:s}", "hash", by.hash), ret, f);
	if (r < 0)
		return r;
	return varlink_reply(call, json_object(), false, ret, f);
}
