/* foictl_record.c - `foictl record` and `foictl undo`: an order, and what came of it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "base/text.h"
#include "daemon/foictl_move.h"
#include "domain/foi_history.h"

static const char undo_usage[] =
	"usage: foictl undo REFERENCE [ID] [--why TEXT] [--json] [--socket PATH]\n"
	"\n"
	"Takes back a move that was recorded by mistake: that of the number ID, or the last\n"
	"one. It stays in the history, and the case becomes what the other moves make of\n"
	"it.\n"
	"  --why  the reason, for the history\n"
	"\n"
	"  foictl undo 'FOI 001761/18'       the last move\n"
	"  foictl undo 'FOI 001761/18' 17    move 17; foictl show names the numbers\n";

/* What the value of an option must be. */
enum value {
	VALUE_TEXT,
	VALUE_DAY,
	VALUE_NUMBER,
	VALUE_OUTCOME,
	VALUE_REGIME,
	VALUE_EXEMPTION,
	VALUE_DENIAL,
	VALUE_FLAG,
};

/* An option that becomes a member of the call, or of the details in it. */
struct member {
	const char *option;
	const char *name;
	enum value value;
	bool is_detail;
};

static const struct member record_members[] = {
	{ "part", "part", VALUE_NUMBER, false },
	{ "every-part", "every_part", VALUE_FLAG, false },
	{ "on", "day", VALUE_DAY, false },
	{ "why", "why", VALUE_TEXT, false },
	{ "until", "until", VALUE_DAY, true },
	{ "outcome", "outcome", VALUE_OUTCOME, true },
	{ "exemption", "exemptions", VALUE_EXEMPTION, true },
	{ "deny", "exemptions", VALUE_DENIAL, true },
	{ "text", "text", VALUE_TEXT, true },
	{ "to", "text", VALUE_TEXT, true },
	{ "number", "text", VALUE_TEXT, true },
	{ "question", "text", VALUE_TEXT, true },
	{ "authority", "authority", VALUE_TEXT, true },
	{ "regime", "regime", VALUE_REGIME, true },
	{ "complex", "complex", VALUE_FLAG, true },
	{ "voluminous", "voluminous", VALUE_FLAG, true },
};

static const struct member undo_members[] = {
	{ "why", "why", VALUE_TEXT, false },
};

enum {
	OPTIONS_MAX = 24,
	OF_MEMBER = 256, /* getopt's value of the first of them */
};

/* An order as it is read from the command line. */
struct order {
	struct foictl_options common;
	const char *command; /* "record" */
	const struct member *members;
	size_t n_members;
	json_t *parameters; /* owned */
	json_t *details;    /* owned; NULL: none was given */
};

static void json_freep(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

static void order_done(struct order *o)
{
	json_freep(&o->parameters);
	json_freep(&o->details);
}

/* ---- values ---------------------------------------------------------------------------------- */

static json_t *text_value(const struct member *m, const char *value, struct fault *f)
{
	json_t *text = *value ? json_string(value) : NULL;

	if (!text)
		(void) fault_set(f, -EINVAL, "--%s needs a text in UTF-8", m->option);
	return text;
}

static json_t *day_value(const struct member *m, const char *value, struct fault *f)
{
	struct day day;

	if (day_parse(value, &day) == 0)
		return json_string(value);
	(void) fault_set(f, -EINVAL, "--%s must be a day of the form YYYY-MM-DD", m->option);
	return NULL;
}

static json_t *part_value(const struct member *m, const char *value, struct fault *f)
{
	uint64_t n;

	if (text_uint(value, 1, FOI_PARTS_MAX, &n) == 0)
		return json_integer((json_int_t) n);
	(void) fault_set(f, -EINVAL, "--%s must be 1 to %d", m->option, FOI_PARTS_MAX);
	return NULL;
}

static json_t *outcome_value(const struct member *m, const char *value, struct fault *f)
{
	enum foi_outcome outcome;

	if (foi_outcome_parse(value, &outcome) == 0 && foi_outcome_of(outcome)->is_answer)
		return json_string(value);
	(void) fault_set(f, -EINVAL, "--%s: there is no such answer", m->option);
	return NULL;
}

static json_t *regime_value(const struct member *m, const char *value, struct fault *f)
{
	enum statute_regime regime;

	if (statute_regime_parse(value, &regime) == 0)
		return json_string(value);
	(void) fault_set(f, -EINVAL, "--%s must be foia, eir or foisa", m->option);
	return NULL;
}

/* A list of one; set_member() joins it to what was given before. */
static json_t *exemption_value(const struct member *m, const char *value, struct fault *f)
{
	json_t *list = json_pack(
		"[{s:s, s:b}]", "section", value, "denies", (int) (m->value == VALUE_DENIAL));

	if (!list)
		(void) fault_set(f, -EINVAL, "--%s needs a section", m->option);
	return list;
}

static json_t *flag_value(const struct member *m, const char *value, struct fault *f)
{
	(void) m;
	(void) value;
	(void) f;
	return json_true();
}

static json_t *(*const make_value[])(const struct member *m, const char *value, struct fault *f) = {
	[VALUE_TEXT] = text_value,
	[VALUE_DAY] = day_value,
	[VALUE_NUMBER] = part_value,
	[VALUE_OUTCOME] = outcome_value,
	[VALUE_REGIME] = regime_value,
	[VALUE_EXEMPTION] = exemption_value,
	[VALUE_DENIAL] = exemption_value,
	[VALUE_FLAG] = flag_value,
};

/* @value is taken over. */
static int set_member(json_t *object, const struct member *m, json_t *value, struct fault *f)
{
	json_t *before = json_object_get(object, m->name);
	int r;

	if (json_is_array(before)) {
		r = json_array_extend(before, value);
		json_decref(value);
		return r < 0 ? fault_set(f, -ENOMEM, "no memory") : 0;
	}
	if (before) {
		json_decref(value);
		return fault_set(f, -EINVAL, "--%s: that was said already", m->option);
	}
	r = json_object_set_new(object, m->name, value);
	return r < 0 ? fault_set(f, -ENOMEM, "no memory") : 0;
}

static int take_member(struct order *o, const struct member *m, const char *value, struct fault *f)
{
	json_t *made = make_value[m->value](m, value, f);

	if (!made)
		return -EINVAL;
	if (m->is_detail && !o->details)
		o->details = json_object();
	return set_member(m->is_detail ? o->details : o->parameters, m, made, f);
}

/* ---- the command line ------------------------------------------------------------------------ */

static void make_options(const struct order *o, struct option ret[static OPTIONS_MAX])
{
	size_t n = 0;

	for (; n < o->n_members; n++)
		ret[n] = (struct option){ .name = o->members[n].option,
			.has_arg =
				o->members[n].value == VALUE_FLAG ? no_argument : required_argument,
			.val = OF_MEMBER + (int) n };
	ret[n++] = (struct option){ "json", no_argument, NULL, 'j' };
	ret[n++] = (struct option){ "socket", required_argument, NULL, 's' };
	ret[n++] = (struct option){ "help", no_argument, NULL, 'h' };
	ret[n] = (struct option){ NULL, 0, NULL, 0 };
}

static int take_option(struct order *o, int option, char **argv, struct fault *f)
{
	switch (option) {
	case 'j':
		o->common.is_json = true;
		return 0;
	case 's':
		o->common.socket = optarg;
		return 0;
	case 'h':
		o->common.is_help = true;
		return 0;
	default:
		if (option >= OF_MEMBER)
			return take_member(o, &o->members[option - OF_MEMBER], optarg, f);
		return fault_set(f, -EINVAL, "cannot understand \"%s\"", argv[optind - 1]);
	}
}

/* Reads the options. Return: 0, what follows them begins at optind; -EINVAL. */
static int take_options(struct order *o, int argc, char **argv, struct fault *f)
{
	struct option options[OPTIONS_MAX];
	int option;
	int r = 0;

	o->parameters = json_object();
	if (!o->parameters)
		return fault_set(f, -ENOMEM, "no memory");
	make_options(o, options);
	opterr = 0;
	optind = 0; /* glibc: begins anew */
	while (r == 0 && (option = getopt_long(argc, argv, ":", options, NULL)) != -1)
		r = take_option(o, option, argv, f);
	return r;
}

/* The words of the command line that are no options. */
static int take_record_words(struct order *o, char **words, int n, struct fault *f)
{
	enum foi_move move;

	if (n != 2)
		return fault_set(f, -EINVAL, "takes a reference and a move");
	if (foi_move_parse(words[1], &move) < 0)
		return fault_set(f, -EINVAL, "there is no move \"%.40s\"", words[1]);
	if (move == FOI_MOVE_UNDONE)
		return fault_set(f, -EINVAL, "a move is taken back by foictl undo");
	o->common.argument = words[0];
	if (json_object_set_new(o->parameters, "reference", json_string(words[0])) < 0 ||
		json_object_set_new(o->parameters, "move", json_string(words[1])) < 0 ||
		(o->details && json_object_set(o->parameters, "details", o->details) < 0))
		return fault_set(f, -EINVAL, "the reference is no text in UTF-8");
	return 0;
}

static int take_undo_words(struct order *o, char **words, int n, struct fault *f)
{
	uint64_t id;

	if (n < 1 || n > 2)
		return fault_set(f, -EINVAL, "takes a reference and perhaps a number");
	if (n == 2 && (text_uint(words[1], 1, INT64_MAX, &id) < 0 ||
			      json_object_set_new(
				      o->parameters, "id", json_integer((json_int_t) id)) < 0))
		return fault_set(f, -EINVAL, "there is no move \"%.40s\"", words[1]);
	o->common.argument = words[0];
	if (json_object_set_new(o->parameters, "reference", json_string(words[0])) < 0)
		return fault_set(f, -EINVAL, "the reference is no text in UTF-8");
	return 0;
}

/* ---- the commands ---------------------------------------------------------------------------- */

/* Return: an exit status. */
static int carry_out(struct order *o, const char *method,
	void (*show)(const json_t *parameters, const json_t *result, const struct table_page *page),
	FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *reply = NULL;
	struct table_page page = table_page_of(out);
	const json_t *result;
	int r = foictl_ask(&o->common, method, json_incref(o->parameters), &reply, err);

	if (r != FOICTL_DONE)
		return r;
	result = json_object_get(reply, "result");
	if (o->common.is_json)
		return foictl_json(result, out, err);
	show(o->parameters, result, &page);
	return FOICTL_DONE;
}

static int complain(const struct order *o, const struct fault *f, FILE *err)
{
	(void) fprintf(
		err, "foictl: %s: %s; see \"foictl %s --help\"\n", o->command, f->text, o->command);
	return FOICTL_USAGE;
}

int record_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(order_done)
	struct order o = { .common = { .socket = foictl_socket() },
		.command = "record",
		.members = record_members,
		.n_members = sizeof record_members / sizeof *record_members };
	struct fault f = { 0 };
	int r = take_options(&o, argc, argv, &f);

	if (r == 0 && o.common.is_help)
		return foictl_record_help(out);
	if (r == 0)
		r = take_record_words(&o, argv + optind, argc - optind, &f);
	return r < 0 ? complain(&o, &f, err)
		     : carry_out(&o, "Record", foictl_recorded_page, out, err);
}

int undo_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(order_done)
	struct order o = { .common = { .socket = foictl_socket() },
		.command = "undo",
		.members = undo_members,
		.n_members = sizeof undo_members / sizeof *undo_members };
	struct fault f = { 0 };
	int r = take_options(&o, argc, argv, &f);

	if (r == 0 && o.common.is_help)
		return fputs(undo_usage, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
	if (r == 0)
		r = take_undo_words(&o, argv + optind, argc - optind, &f);
	return r < 0 ? complain(&o, &f, err) : carry_out(&o, "Undo", foictl_undone_page, out, err);
}
