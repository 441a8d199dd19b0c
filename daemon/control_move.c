/* control_move.c - the methods about the statutory clock: Record, Undo, Why.
 *
 * One order is one transaction, and the journal hears of it after the commit.
 *
 * Security: orders come from members of the officers' group only, but every value is checked all
 *           the same; what officers write goes into the history and never into the journal. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "adapters/move_record.h"
#include "adapters/varlink_service.h"
#include "base/cleanup.h"
#include "daemon/control_internal.h"
#include "daemon/part_json.h"
#include "daemon/register_internal.h"
#include "flow/moves.h"

enum {
	WORD_MAX = 64, /* bytes of a move's word */
};

static struct moves moves_of(const struct register_state *reg)
{
	return (struct moves){
		.store = reg->store, .conf = reg->loaded.conf, .calendar = reg->loaded.calendar
	};
}

/* ---- errors ---------------------------------------------------------------------------------- */

bool control_is_of_store(const struct fault *f)
{
	return f->kind == FAULT_STORE || f->kind == FAULT_STORE_FULL ||
	       f->kind == FAULT_STORE_BUSY || f->kind == FAULT_STORE_DAMAGED;
}

static int no_such_case(const struct varlink_call *call, struct varlink_bytes *ret, struct fault *f)
{
	return varlink_error(call, VARLINK_CASES ".NoSuchCase",
		json_pack("{s:s}", "reference", varlink_text(call, "reference", "")), ret, f);
}

static int bad_move(const struct varlink_call *call, const char *error, const struct fault *why,
	struct varlink_bytes *ret)
{
	return varlink_error(call, error, json_pack("{s:s}", "why", why->text), ret, NULL);
}

/* Answers for an order that failed; @r is what the caller gives back for any other failure. */
static int refuse(const struct varlink_call *call, int r, const struct fault *why,
	struct varlink_bytes *ret, struct fault *f)
{
	if (!control_is_of_store(why) && r == -ENOENT)
		return no_such_case(call, ret, f);
	if (!control_is_of_store(why) && r == -EPERM)
		return bad_move(call, VARLINK_CASES ".ImpossibleMove", why, ret);
	if (!control_is_of_store(why) && (r == -EINVAL || r == -E2BIG))
		return bad_move(call, VARLINK_CASES ".BadMove", why, ret);
	if (f)
		*f = *why;
	return r;
}

/* ---- the result ------------------------------------------------------------------------------ */

static const struct foi_move_record *find_move(const struct store_file *file, int64_t id)
{
	for (size_t i = 0; i < file->history.n_moves; i++)
		if (file->history.moves[i].id == id)
			return &file->history.moves[i];
	return NULL;
}

/* The move that was taken back, if this was an order to do so. */
static const struct foi_move_record *find_undone(
	const struct store_file *file, const struct moves_result *result)
{
	const struct foi_move_record *m =
		result->n_ids == 1 ? find_move(file, result->ids[0]) : NULL;

	return m && m->move == FOI_MOVE_UNDONE ? find_move(file, m->undoes) : NULL;
}

/* The parts that an order was about, a bit each. */
static uint64_t parts_of(const struct store_file *file, const struct moves_result *result)
{
	uint64_t parts = 0;

	for (size_t i = 0; i < result->n_ids; i++) {
		const struct foi_move_record *m = find_move(file, result->ids[i]);

		if (m && m->move == FOI_MOVE_UNDONE)
			m = find_move(file, m->undoes);
		if (m && m->part > 0)
			parts |= UINT64_C(1) << (m->part - 1);
	}
	return parts;
}

static json_t *undone_json(const struct foi_move_record *m)
{
	char day[DAY_ISO_MAX];

	if (!m)
		return json_null();
	return json_pack("{s:I, s:s, s:o, s:s}", "id", (json_int_t) m->id, "move",
		foi_move_of(m->move)->word, "part", m->part ? json_integer(m->part) : json_null(),
		"day", day_iso(m->day, day));
}

static json_t *ids_json(const struct moves_result *result)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < result->n_ids; i++)
		if (json_array_append_new(array, json_integer((json_int_t) result->ids[i])) < 0)
			return json_decref(array), NULL;
	return array;
}

/* The case after the order. It is committed, so a failure to read it back leaves these out. */
static void add_case(const struct register_state *reg, const struct moves_result *result,
	json_t **ret_undone, json_t **ret_clocks)
{
	const struct moves in = moves_of(reg);
	const struct foi_law law = moves_law(&in, register_now(reg));
	CLEANUP(store_file_freep) struct store_file *file = NULL;
	CLEANUP(freep) struct foi_status *status = calloc(1, sizeof *status);

	*ret_undone = json_null();
	*ret_clocks = NULL;
	if (status && moves_load(&in, result->reference, &file, status, NULL) == 0) {
		*ret_undone = undone_json(find_undone(file, result));
		(void) part_json_clocks(
			file, status, &law, parts_of(file, result), ret_clocks, NULL);
	}
	if (!*ret_clocks)
		*ret_clocks = json_array();
}

static json_t *result_json(const struct register_state *reg, const struct moves_result *result)
{
	char due[DAY_ISO_MAX];
	json_t *undone;
	json_t *clocks;

	add_case(reg, result, &undone, &clocks);
	return json_pack("{s:s, s:o, s:s, s:o, s:b, s:o, s:o, s:o}", "reference", result->reference,
		"ids", ids_json(result), "state", foi_case_state_word(result->state), "due",
		result->has_due ? json_string(day_iso(result->due, due)) : json_null(),
		"provisional", (int) result->is_provisional, "opened",
		*result->opened ? json_string(result->opened) : json_null(), "undone", undone,
		"clocks", clocks);
}

static void report(const struct register_state *reg, const struct moves_order *o,
	const struct moves_result *result)
{
	journal_write(
		reg->journal, &(struct journal_event){ .kind = JOURNAL_CASE_MOVED,
				      .reference = result->reference,
				      .case_kind = case_kind_word(result->kind),
				      .due = result->has_due ? result->due : (struct day){ 0 },
				      .provisional = result->has_due && result->is_provisional,
				      .detail = foi_move_of(o->move)->word });
	if (*result->opened)
		journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_CASE_OPENED,
						    .reference = result->opened,
						    .case_kind = case_kind_word(CASE_REQUEST),
						    .received = result->opened_received,
						    .due = result->opened_due });
}

/* ---- an order -------------------------------------------------------------------------------- */

int control_check_ready(const struct register_state *reg, struct fault *f)
{
	if (reg->phase == REGISTER_RELOADING || reg->phase == REGISTER_STOPPING)
		return fault_set(f, -EBUSY, "a reload or a stop is under way; try again");
	if (reg->store_trouble.on)
		return fault_set(f, -EAGAIN,
			"the store cannot be written now; see what the journal says, and try "
			"again");
	return 0;
}

static int transact(struct register_state *reg, const struct moves_order *o,
	struct moves_result *ret, struct fault *f)
{
	const struct moves in = moves_of(reg);
	int r = store_begin(reg->store, f);

	if (r == 0)
		r = moves_record(&in, o, register_now(reg), ret, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

static int carry_out(struct control_client *client, struct varlink_call *call,
	struct moves_order *o, struct varlink_bytes *ret, struct fault *f)
{
	struct register_state *reg = client->control->reg;
	char actor[CONTROL_ACTOR_MAX];
	struct moves_result result = { 0 };
	struct fault why = { 0 };
	int r = control_check_ready(reg, f);

	if (r < 0)
		return r;
	o->actor = control_actor(client, actor);
	o->is_person = true;
	r = transact(reg, o, &result, &why);
	if (r < 0 && control_is_of_store(&why)) {
		register_store_trouble(reg, &why);
		register_wake(reg); /* a turn finds out when it is over */
	}
	if (r < 0)
		return refuse(call, r, &why, ret, f);
	report(reg, o, &result);
	return varlink_reply(
		call, json_pack("{s:o}", "result", result_json(reg, &result)), false, ret, f);
}

/* ---- Record ---------------------------------------------------------------------------------- */

static const struct varlink_parameter record_parameters[] = {
	{ .name = "reference", .type = VARLINK_STRING, .required = true, .max = REFERENCE_MAX },
	{ .name = "move", .type = VARLINK_STRING, .required = true, .max = WORD_MAX },
	{ .name = "part", .type = VARLINK_INT, .min = 1, .max = FOI_PARTS_MAX },
	{ .name = "every_part", .type = VARLINK_BOOL },
	{ .name = "day", .type = VARLINK_STRING, .max = DAY_ISO_MAX },
	{ .name = "details", .type = VARLINK_OBJECT },
	{ .name = "why", .type = VARLINK_STRING, .max = MOVES_WHY_MAX },
};

static int read_move(const char *word, enum foi_move *ret, struct fault *f)
{
	if (foi_move_parse(word, ret) < 0)
		return fault_set(f, -EINVAL, "there is no such move");
	if (*ret == FOI_MOVE_UNDONE)
		return fault_set(f, -EINVAL, "a move is taken back by the method Undo");
	return 0;
}

static int read_order(const struct varlink_call *call, struct moves_order *ret, struct fault *f)
{
	json_t *details = json_object_get(call->parameters, "details");
	const char *day = varlink_text(call, "day", NULL);
	int r = read_move(varlink_text(call, "move", ""), &ret->move, f);

	ret->reference = varlink_text(call, "reference", "");
	ret->part = (unsigned) varlink_int(call, "part", 0);
	ret->is_every_part = varlink_bool(call, "every_part", false);
	ret->why = varlink_text(call, "why", "");
	ret->has_day = day != NULL;
	if (r == 0 && day && day_parse(day, &ret->day) < 0)
		r = fault_set(f, -EINVAL, "the day must have the form YYYY-MM-DD");
	if (r == 0 && json_is_object(details))
		r = move_record_read(details, &ret->details, f);
	return r;
}

int control_record(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	struct moves_order o = { 0 };
	struct fault why = { 0 };
	const char *wrong;
	int r = varlink_check(call, record_parameters,
		sizeof record_parameters / sizeof *record_parameters, &wrong);

	if (r < 0)
		return varlink_invalid(call, wrong, ret, f);
	r = read_order(call, &o, &why);
	return r < 0 ? refuse(call, r, &why, ret, f) : carry_out(client, call, &o, ret, f);
}

/* ---- Undo ------------------------------------------------------------------------------------ */

static const struct varlink_parameter undo_parameters[] = {
	{ .name = "reference", .type = VARLINK_STRING, .required = true, .max = REFERENCE_MAX },
	{ .name = "id", .type = VARLINK_INT, .min = 1, .max = INT64_MAX },
	{ .name = "why", .type = VARLINK_STRING, .max = MOVES_WHY_MAX },
};

int control_undo(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f)
{
	const char *wrong;
	int r = varlink_check(
		call, undo_parameters, sizeof undo_parameters / sizeof *undo_parameters, &wrong);
	struct moves_order o = { .move = FOI_MOVE_UNDONE };

	if (r < 0)
		return varlink_invalid(call, wrong, ret, f);
	o.reference = varlink_text(call, "reference", "");
	o.undoes = varlink_int(call, "id", 0);
	o.why = varlink_text(call, "why", "");
	return carry_out(client, call, &o, ret, f);
}

/* ---- Why ------------------------------------------------------------------------------------- */

static const struct varlink_parameter why_parameters[] = {
	{ .name = "reference", .type = VARLINK_STRING, .required = true, .max = REFERENCE_MAX },
};

static int load_clocks(
	const struct register_state *reg, const char *reference, json_t **ret, struct fault *f)
{
	const struct moves in = moves_of(reg);
	const struct foi_law law = moves_law(&in, register_now(reg));
	CLEANUP(store_file_freep) struct store_file *file = NULL;
	CLEANUP(freep) struct foi_status *status = calloc(1, sizeof *status);
	int r;

	if (!status)
		return fault_set(f, -ENOMEM, "no memory for a case");
	r = moves_load(&in, reference, &file, status, f);
	return r < 0 ? r : part_json_clocks(file, status, &law, UINT64_MAX, ret, f);
}

int control_why(struct control_client *client, struct varlink_call *call, struct varlink_bytes *ret,
	struct fault *f)
{
	struct fault why = { 0 };
	json_t *clocks = NULL;
	const char *wrong;
	int r = varlink_check(call, why_parameters, 1, &wrong);

	if (r < 0)
		return varlink_invalid(call, wrong, ret, f);
	r = load_clocks(client->control->reg, varlink_text(call, "reference", ""), &clocks, &why);
	if (r == -ENOENT && !control_is_of_store(&why))
		return no_such_case(call, ret, f);
	if (r < 0) {
		*f = why;
		return r;
	}
	return varlink_reply(call, json_pack("{s:o}", "clocks", clocks), false, ret, f);
}

/* ---- Get: the parts -------------------------------------------------------------------------- */

int control_parts(
	const struct register_state *reg, const char *reference, json_t **ret, struct fault *f)
{
	const struct moves in = moves_of(reg);
	CLEANUP(store_file_freep) struct store_file *file = NULL;
	CLEANUP(freep) struct foi_status *status = calloc(1, sizeof *status);
	int r = status ? moves_load(&in, reference, &file, status, f) : -ENOMEM;

	if (r < 0)
		return r;
	*ret = part_json_list(file, status);
	return *ret ? 0 : fault_set(f, -ENOMEM, "no memory for the parts of a case");
}
