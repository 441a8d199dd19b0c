/* moves_daemon.c - the moves that the daemon records itself. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/cleanup.h"
#include "flow/moves_internal.h"

enum {
	ANSWER_MAX = 64,
};

int moves_acknowledged(struct store *s, int64_t case_id, int64_t at, struct fault *f)
{
	const struct foi_move_record m = { .move = FOI_MOVE_ACKNOWLEDGED,
		.day = day_of_instant(at) };
	char text[MOVES_TEXT_MAX];
	int64_t id;
	int r;

	moves_describe(&m, "", text);
	r = store_move_add(s, case_id, 0, &m, at, "daemon", text, &id, f);
	return r < 0 ? r : store_case_unflag(s, case_id, FOI_CASE_NOT_ACKNOWLEDGED, f);
}

int moves_not_acknowledged(
	struct store *s, int64_t case_id, int64_t at, int code, const char *status, struct fault *f)
{
	char said[ANSWER_MAX] = "";
	char why[MOVES_TEXT_MAX];
	int r;

	if (code != 0)
		(void) snprintf(said, sizeof said, " (%d%s%.40s)", code, *status ? " " : "",
			status); /* fits */
	(void) snprintf(why, sizeof why,
		"the mail server does not take it%s: reach the requester another way",
		said); /* fits */
	r = store_event_add(s, case_id, 0, at, "daemon", "acknowledgement-failed", why, f);
	return r < 0 ? r : store_case_flag(s, case_id, FOI_CASE_NOT_ACKNOWLEDGED, f);
}

/* Parts for which clarification was asked by @day, and which wait for it. */
static int find_waiting(const struct moves *in, const char *reference, struct day day,
	unsigned ret[static FOI_PARTS_MAX], size_t *ret_n, struct fault *f)
{
	CLEANUP(store_file_freep) struct store_file *file = NULL;
	struct foi_status status;
	int r = moves_load(in, reference, &file, &status, f);

	*ret_n = 0;
	if (r < 0)
		return r;
	for (size_t i = 0; i < status.n_parts; i++)
		if (status.parts[i].state == FOI_CASE_WAITING &&
			status.parts[i].wait == FOI_WAIT_CLARIFICATION &&
			day_compare(status.parts[i].wait_since, day) <= 0)
			ret[(*ret_n)++] = (unsigned) i + 1;
	return 0;
}

int moves_waits(const struct moves *in, const char *reference, struct day day, struct fault *f)
{
	unsigned parts[FOI_PARTS_MAX];
	size_t n;
	int r = find_waiting(in, reference, day, parts, &n, f);

	return r < 0 ? r : n > 0;
}

int moves_clarify(const struct moves *in, const char *reference, struct day day, int64_t now,
	struct moves_result *ret, struct fault *f)
{
	struct moves_order o = { .reference = reference,
		.move = FOI_MOVE_CLARIFIED,
		.has_day = true,
		.day = day,
		.actor = "daemon",
		.why = "A mail of the requester's came; undo this if it makes nothing clear" };
	unsigned parts[FOI_PARTS_MAX];
	size_t n;
	int r = find_waiting(in, reference, day, parts, &n, f);

	for (size_t i = 0; r == 0 && i < n; i++) {
		o.part = parts[i];
		r = moves_record(in, &o, now, ret, f);
	}
	return r < 0 ? r : n > 0;
}
