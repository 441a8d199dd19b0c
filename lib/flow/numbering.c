/* numbering.c - which counter and which template a new case takes its reference from. */
/* SPDX-License-Identifier: MIT */
#include "flow/numbering.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "adapters/store_recall.h"

struct numbering {
	const char *counter;
	const struct reference_template *template;
};

/* A mail that a person must accept first gets an intake number and no case reference. */
static struct numbering numbering_of(const struct config *conf, enum case_kind kind, bool is_intake)
{
	if (is_intake)
		return (struct numbering){ "intake", &conf->intake };
	if (kind == CASE_REVIEW)
		return (struct numbering){ "review", &conf->review };
	return (struct numbering){ "request", &conf->request };
}

/* After a restore a number may be one that was given already, until the highest is known. */
static int check_known(struct store *s, struct fault *f)
{
	struct store_recovery recovery = { 0 };
	int r = store_recovery(s, &recovery, f);

	if (r < 0 || recovery.since == 0 || recovery.is_known)
		return r;
	return fault_set_kind(f, FAULT_STORE, -EAGAIN,
		"the store is a backup, and the numbers that were given after it was made are not "
		"known yet: see foictl status");
}

int numbering_next(struct store *s, const struct config *conf, enum case_kind kind, bool is_intake,
	struct day received, struct day logged, char ret[static REFERENCE_MAX], struct fault *f)
{
	struct numbering numbering = numbering_of(conf, kind, is_intake);
	struct day when = conf->year_of == CONFIG_YEAR_RECEIVED ? received : logged;
	char period[16] = "";
	uint64_t seq;
	int r = check_known(s, f);

	if (r < 0)
		return r;
	if (conf->reset_yearly)
		(void) snprintf(period, sizeof period, "%04d", day_to_civil(when).year); /* fits */
	r = store_number_next(s, numbering.counter, period, conf->first, &seq, f);
	if (r < 0)
		return r;
	r = reference_format(numbering.template, seq, when, ret);
	if (r < 0)
		return fault_set_kind(f, FAULT_CONFIG, r,
			"[reference]: number %" PRIu64 " does not fit in a reference", seq);
	return 0;
}

/* A reference taken apart. */
struct numbered {
	struct numbering by;
	char period[16];
	uint64_t seq;
};

/* Return: 0; -ENOENT it is of none of the templates, or its counter cannot be told. */
static int take_apart(const struct config *conf, const char *reference, struct numbered *ret)
{
	const struct numbering all[] = { numbering_of(conf, CASE_REQUEST, false),
		numbering_of(conf, CASE_REVIEW, false), numbering_of(conf, CASE_REQUEST, true) };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct numbered n = { .by = all[i] };
		unsigned year = 0;

		if (reference_read(all[i].template, reference, &n.seq, &year) < 0)
			continue;
		if (conf->reset_yearly && year == 0)
			return -ENOENT;
		if (conf->reset_yearly)
			(void) snprintf(n.period, sizeof n.period, "%04u", year); /* fits */
		*ret = n;
		return 0;
	}
	return -ENOENT;
}

int numbering_kind(const struct config *conf, const char *reference, enum case_kind *ret)
{
	uint64_t seq;
	unsigned year;

	if (reference_read(&conf->request, reference, &seq, &year) == 0)
		*ret = CASE_REQUEST;
	else if (reference_read(&conf->review, reference, &seq, &year) == 0)
		*ret = CASE_REVIEW;
	else
		return -ENOENT;
	return 0;
}

int numbering_raise(
	struct store *s, const struct config *conf, const char *reference, struct fault *f)
{
	struct numbered n;

	if (take_apart(conf, reference, &n) < 0)
		return 0;
	return store_number_raise(s, n.by.counter, n.period, n.seq, f);
}

int numbering_skip(
	struct store *s, const struct config *conf, const char *reference, struct fault *f)
{
	struct numbered n;

	if (take_apart(conf, reference, &n) < 0 || n.seq == 0)
		return -ENOENT;
	return store_number_raise(s, n.by.counter, n.period, n.seq - 1, f);
}
