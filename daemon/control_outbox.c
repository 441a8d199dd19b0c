/* control_outbox.c - officers' orders about mails that are not sent: RetryMail, HoldMail, ReleaseMail.
 *
 * One order is one transaction, and the journal hears of it after the commit.
 *
 * Security: orders come from members of the officers' group only; what officers write goes into the
 *           history and never into the journal. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "adapters/varlink_service.h"
#include "base/cleanup.h"
#include "daemon/control_internal.h"
#include "daemon/outbox_json.h"
#include "daemon/register_internal.h"
#include "flow/dispatch.h"
#include "flow/moves.h"

static const struct varlink_parameter parameters[] = {
	{ .name = "id", .type = VARLINK_INT, .required = true, .min = 1, .max = INT64_MAX },
	{ .name = "anyway", .type = VARLINK_BOOL },
	{ .name = "why", .type = VARLINK_STRING, .max = MOVES_WHY_MAX },
};

/* Answers for an order that failed; @r is what the caller gives back for any other failure. */
static int refuse(const struct varlink_call *call, int r, const struct dispatch_result *result,
	const struct fault *why, struct varlink_bytes *ret, struct fault *f)
{
	if (why->kind == FAULT_MISSING)
		return varlink_error(call, VARLINK_CASES ".NoSuchMail",
			json_pack("{s:I}", "id", (json_int_t) varlink_int(call, "id", 0)), ret, f);
	if (r == -EPERM && !control_is_of_store(why))
		return varlink_error(call, VARLINK_CASES ".ImpossibleForMail",
			json_pack("{s:s, s:b}", "why", why->text, "anyway",
				(int) result->can_be_waived),
			ret, f);
	*f = *why;
	return r;
}

static int transact(struct register_state *reg, const struct dispatch_order *o,
	struct dispatch_result *ret, struct fault *f)
{
	int r = store_begin(reg->store, f);

	if (r == 0)
		r = dispatch_carry_out(reg->store, reg->loaded.conf, o, register_now(reg), ret, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

static int make_row(void *context, const struct store_outbox_entry *e)
{
	json_t **row = context;

	*row = outbox_json_row(e, true); /* whoever may act may see it */
	return *row ? 0 : -ENOMEM;
}

/* The mail after the order. It is committed, so a failure to read it back is none of the order. */
static json_t *row_now(const struct register_state *reg, int64_t id)
{
	json_t *row = NULL;

	return store_outbox_get(reg->store, id, make_row, &row, NULL) == 1 ? row : json_null();
}

static int carry_out(struct control_client *client, struct varlink_call *call,
	struct dispatch_order *o, struct varlink_bytes *ret, struct fault *f)
{
	struct register_state *reg = client->control->reg;
	struct dispatch_result result = { 0 };
	struct fault why = { 0 };
	int r = control_check_ready(reg, f);

	if (r < 0)
		return r;
	r = transact(reg, o, &result, &why);
	if (r < 0 && control_is_of_store(&why))
		register_store_trouble(reg, &why);
	register_wake(reg); /* to send it, or to find out when the trouble is over */
	if (r < 0)
		return refuse(call, r, &result, &why, ret, f);
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_OUTBOX_ORDER,
					    .reference = result.reference,
					    .case_kind = result.kind,
					    .has_peer = true,
					    .peer = client->uid,
					    .detail = dispatch_deed_word(o->deed) });
	return varlink_reply(call, json_pack("{s:o}", "mail", row_now(reg, o->id)), false, ret, f);
}

static int take_order(struct control_client *client, struct varlink_call *call,
	enum dispatch_deed deed, struct varlink_bytes *ret, struct fault *f)
{
	char actor[CONTROL_ACTOR_MAX];
	struct dispatch_order o = { .deed = deed, .actor = control_actor(client, actor) };
	const char *wrong;
	int r = varlink_check(call, parameters, sizeof parameters / sizeof *parameters, &wrong);

	if (r < 0)
		return varlink_invalid(call, wrong, ret, f);
	o.id = varlink_int(call, "id", 0);
	o.is_anyway = varlink_bool(call, "anyway", false);
	o.why = varlink_text(call, "why", "");
	return carry_out(client, call, &o, ret, f);
}

int control_retry(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	return take_order(client, call, DISPATCH_RETRY, ret, f);
}

int control_hold(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	return take_order(client, call, DISPATCH_HOLD, ret, f);
}

int control_release(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	return take_order(client, call, DISPATCH_RELEASE, ret, f);
}
