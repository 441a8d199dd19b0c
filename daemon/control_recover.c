/* control_recover.c - the method of the socket that ends a recovery. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "adapters/varlink_service.h"
#include "daemon/control_internal.h"
#include "daemon/register_internal.h"

static const struct varlink_parameter parameters[] = {
	{ .name = "next", .type = VARLINK_STRING, .max = REFERENCE_MAX - 1 },
	{ .name = "next_review", .type = VARLINK_STRING, .max = REFERENCE_MAX - 1 },
};

int control_recovered(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	char actor[CONTROL_ACTOR_MAX];
	struct recover_order o = { .actor = control_actor(client, actor), .uid = client->uid };
	struct fault why = { 0 };
	const char *waits = NULL;
	const char *wrong;
	int r = varlink_check(call, parameters, sizeof parameters / sizeof *parameters, &wrong);

	if (r < 0)
		return varlink_invalid(call, wrong, ret, f);
	o.next = varlink_text(call, "next", NULL);
	o.next_review = varlink_text(call, "next_review", NULL);
	r = recover_end(client->control->reg, &o, &waits, &why);
	if (r == -EINVAL)
		return varlink_error(call, VARLINK_CASES ".BadMove",
			json_pack("{s:s}", "why", why.text), ret, f);
	if (r < 0)
		return varlink_error(call, VARLINK_CASES ".Unavailable",
			json_pack("{s:s}", "why", why.text), ret, f);
	return varlink_reply(call,
		json_pack("{s:b, s:s?}", "recovered", (int) !waits, "why", waits), false, ret, f);
}
