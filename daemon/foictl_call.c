/* foictl_call.c - one call to the daemon, and what its failure means to whoever typed it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/varlink_client.h"
#include "adapters/varlink_service.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/foictl_case.h"

#define SOCKET_DEFAULT "/run/foimaild/socket"

enum {
	METHOD_MAX = 64,
	LINE_MAX_BYTES = 500,
};

const char *foictl_socket(void)
{
	const char *socket = getenv("FOIMAILD_SOCKET");

	return socket && *socket ? socket : SOCKET_DEFAULT;
}

/* One safe line: a text of the daemon's may hold what a mail said. */
static void complain(FILE *err, const char *before, const char *text)
{
	CLEANUP(freep) char *safe = NULL;

	if (text_one_line(text, LINE_MAX_BYTES, &safe) < 0)
		(void) fprintf(err, "foictl: %s\n", before);
	else
		(void) fprintf(err, "foictl: %s%s\n", before, safe);
}

static int refuse_not_found(json_t *p, FILE *err)
{
	complain(err, "there is no case ", foictl_text(p, "reference"));
	return FOICTL_NOT_FOUND;
}

static int refuse_no_calendar(json_t *p, FILE *err)
{
	(void) p;
	complain(err, "no bank holidays of that hash wait; see \"foictl calendar\"", "");
	return FOICTL_NOT_FOUND;
}

static int refuse_backup_exists(json_t *p, FILE *err)
{
	complain(err, "no backup was made: there is one of that name, and it is kept: ",
		foictl_text(p, "name"));
	return FOICTL_FAILED;
}

static int refuse_not_permitted(json_t *p, FILE *err)
{
	const char *need = foictl_text(p, "need");

	complain(err, "you are not permitted to do this; ask to be made a member of the group ",
		*need ? need : "that foimaild.conf names under [officers]");
	return FOICTL_NOT_PERMITTED;
}

static int refuse_configuration(json_t *p, FILE *err)
{
	json_t *mistakes = json_object_get(p, "mistakes");
	json_t *mistake;

	complain(err, "the configuration was not taken, the daemon goes on with the old one:", "");
	for (size_t i = 0; (mistake = json_array_get(mistakes, i)) != NULL; i++)
		complain(err, "", json_is_string(mistake) ? json_string_value(mistake) : "?");
	return FOICTL_FAILED;
}

static int refuse_unavailable(json_t *p, FILE *err)
{
	complain(err, "", foictl_text(p, "why"));
	return FOICTL_FAILED;
}

/* What was ordered is not possible, or the order itself is wrong. */
static int refuse_impossible(json_t *p, FILE *err)
{
	complain(err, "nothing was recorded: ", foictl_text(p, "why"));
	return FOICTL_FAILED;
}

static int refuse_no_mail(json_t *p, FILE *err)
{
	(void) p;
	complain(err, "there is no mail of that number; see \"foictl outbox\"", "");
	return FOICTL_NOT_FOUND;
}

static int refuse_for_mail(json_t *p, FILE *err)
{
	complain(err, "nothing was changed: ", foictl_text(p, "why"));
	return FOICTL_FAILED;
}

static int refuse_bad_move(json_t *p, FILE *err)
{
	complain(err, "nothing was recorded: ", foictl_text(p, "why"));
	return FOICTL_USAGE;
}

static int refuse_parameter(json_t *p, FILE *err)
{
	complain(err, "the daemon does not take this value of ", foictl_text(p, "parameter"));
	return FOICTL_USAGE;
}

static const struct {
	const char *error;
	int (*refuse)(json_t *parameters, FILE *err);
} refusals[] = {
	{ VARLINK_CASES ".NoSuchCase", refuse_not_found },
	{ VARLINK_CASES ".NoSuchCalendar", refuse_no_calendar },
	{ VARLINK_CASES ".BackupExists", refuse_backup_exists },
	{ VARLINK_CASES ".NotPermitted", refuse_not_permitted },
	{ VARLINK_CASES ".BadConfiguration", refuse_configuration },
	{ VARLINK_CASES ".Unavailable", refuse_unavailable },
	{ VARLINK_CASES ".ImpossibleMove", refuse_impossible },
	{ VARLINK_CASES ".BadMove", refuse_bad_move },
	{ VARLINK_CASES ".NoSuchMail", refuse_no_mail },
	{ VARLINK_CASES ".ImpossibleForMail", refuse_for_mail },
	{ VARLINK_PERMISSION_DENIED, refuse_not_permitted },
	{ VARLINK_INVALID_PARAMETER, refuse_parameter },
};

static int refuse(const struct varlink_answer *a, FILE *err)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (strcmp(refusals[i].error, a->error) == 0)
			return refusals[i].refuse(a->parameters, err);
	complain(err, "the daemon refuses: ", a->error);
	return FOICTL_FAILED;
}

static int unreachable(const struct foictl_options *o, const struct fault *f, FILE *err)
{
	if (f->code == -EACCES || f->code == -EPERM) {
		complain(err, "you are not permitted to use ", o->socket);
		return FOICTL_NOT_PERMITTED;
	}
	complain(err, "the daemon is not reachable: ", f->text);
	complain(
		err, "look at \"systemctl status foimaild\", or give its socket with --socket", "");
	return FOICTL_NOT_REACHABLE;
}

static void answer_done(struct varlink_answer *a)
{
	varlink_answer_done(a);
}

/* Takes one answer. Return: 1 another follows; 0 it was the last, with the status; -1 the
 * connection failed. */
static int take_answer(struct varlink_client *client, foictl_take *take, void *context, FILE *err,
	int *ret_status, struct fault *f)
{
	CLEANUP(answer_done) struct varlink_answer a = { 0 };
	int r = varlink_client_next(client, &a, f);

	if (r < 0)
		return -1;
	if (a.error) {
		*ret_status = refuse(&a, err);
		return 0;
	}
	if (take(context, a.parameters) < 0) {
		complain(err, "no memory", "");
		*ret_status = FOICTL_FAILED;
		return 0;
	}
	*ret_status = FOICTL_DONE;
	return a.continues ? 1 : 0;
}

int foictl_call(const struct foictl_options *o, const char *method, json_t *parameters, bool more,
	foictl_take *take, void *context, FILE *err)
{
	CLEANUP(varlink_client_closep) struct varlink_client *client = NULL;
	char name[METHOD_MAX];
	struct fault f = { 0 };
	int status = FOICTL_FAILED;
	int r = varlink_client_open(o->socket, FOICTL_SILENCE_SEC, &client, &f);

	if (r < 0) {
		json_decref(parameters);
		return unreachable(o, &f, err);
	}
	(void) snprintf(name, sizeof name, "%s.%s", VARLINK_CASES, method);
	r = varlink_client_call(client, name, parameters, more, &f);
	if (r < 0)
		return unreachable(o, &f, err);
	do
		r = take_answer(client, take, context, err, &status, &f);
	while (r == 1);
	return r < 0 ? unreachable(o, &f, err) : status;
}

/* Keeps the parameters of the only reply. */
static int keep(void *context, json_t *parameters)
{
	json_t **kept = context;

	json_decref(*kept);
	*kept = json_incref(parameters);
	return 0;
}

int foictl_ask(const struct foictl_options *o, const char *method, json_t *parameters, json_t **ret,
	FILE *err)
{
	return foictl_call(o, method, parameters, false, keep, ret, err);
}

int foictl_json(const json_t *value, FILE *out, FILE *err)
{
	if (json_dumpf(value, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF)
		return FOICTL_DONE;
	complain(err, "the answer could not be written", "");
	return FOICTL_FAILED;
}
