/* deadline.c - `foictl deadline`: its options, its calendar, its answer. */
/* SPDX-License-Identifier: MIT */
#include "daemon/deadline.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/holidays.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "base/text.h"

enum {
	EXIT_USAGE = 2,
	ANCESTORS_MAX = 4, /* build/clang/tests/x is three below the tree */
};

#define CALENDAR_INSTALLED FOIMAILD_PREFIX "/share/foimaild/bank-holidays.json"
#define CALENDAR_IN_TREE   "conf/bank-holidays.json"

static const char usage[] =
	"usage: foictl deadline DATE [--regime foia|eir|foisa|sar] [--review]\n"
	"                       [--rule statute|s45code] [--days N] [--calendar FILE]...\n"
	"                       [--json]\n"
	"\n"
	"Counts the last lawful day for an answer to what was received on DATE (YYYY-MM-DD).\n"
	"  --regime    the law that applies; default foia. sar: subject access\n"
	"  --review    what was received is a demand for an internal review\n"
	"  --rule      receipt on a day that is no working day: statute (the clock starts on it,\n"
	"              the default) or s45code (on the next working day)\n"
	"  --days      working days, in place of those that the law gives\n"
	"  --calendar  bank holidays in GOV.UK's shape; several are merged\n"
	"  --json      the result as JSON\n";

static const struct option options[] = {
	{ "regime", required_argument, NULL, 'r' },
	{ "review", no_argument, NULL, 'v' },
	{ "rule", required_argument, NULL, 'u' },
	{ "days", required_argument, NULL, 'd' },
	{ "calendar", required_argument, NULL, 'c' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct request {
	struct statute_clock clock;
	enum case_kind kind;
	struct calendar *cal; /* borrowed */
	bool has_calendar;
	bool is_json;
	bool is_help;
};

/* Takes one option. Return: 0; -EINVAL usage, or what holidays_load() gives. */
static int take_option(struct request *q, int option, const char *value, struct fault *f)
{
	uint64_t days;

	switch (option) {
	case 'r':
		if (statute_regime_parse(value, &q->clock.regime) < 0)
			return fault_set(f, -EINVAL, "--regime must be foia, eir, foisa or sar");
		return 0;
	case 'v':
		q->kind = CASE_REVIEW;
		return 0;
	case 'u':
		if (statute_rule_parse(value, &q->clock.rule) < 0)
			return fault_set(f, -EINVAL, "--rule must be statute or s45code");
		return 0;
	case 'd':
		if (text_uint(value, 1, STATUTE_DAYS_MAX, &days) < 0)
			return fault_set(f, -EINVAL, "--days must be 1 to %d", STATUTE_DAYS_MAX);
		q->clock.working_days = (unsigned) days;
		return 0;
	case 'c':
		q->has_calendar = true;
		return 0; /* read once the command line is known to be right */
	case 'j':
		q->is_json = true;
		return 0;
	case 'h':
		q->is_help = true;
		return 0;
	default:
		return fault_set(f, -EINVAL, "unknown option, or an option without its value");
	}
}

/* What subject access does not know: UK GDPR art 12(3). */
static int check_options(const struct request *q, struct fault *f)
{
	if (statute_of(q->clock.regime)->request_months == 0)
		return 0;
	if (q->kind == CASE_REVIEW)
		return fault_set(f, -EINVAL, "--review: subject access knows no internal review");
	if (q->clock.working_days > 0)
		return fault_set(f, -EINVAL, "--days: for subject access a month counts");
	if (q->clock.rule != STATUTE_RULE_STATUTE)
		return fault_set(
			f, -EINVAL, "--rule: for subject access any day of receipt counts");
	return 0;
}

/* Reads the command line. Return: 0; -EINVAL usage. */
static int take_options(struct request *q, int argc, char **argv, struct fault *f)
{
	int option, r;

	opterr = 0; /* we say it ourselves, on @err */
	optind = 0; /* glibc: start anew, whoever used getopt before */
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		r = take_option(q, option, optarg, f);
		if (r < 0)
			return r;
	}
	if (q->is_help)
		return 0;
	if (argc - optind != 1)
		return fault_set(f, -EINVAL, "one DATE is needed");
	if (day_parse(argv[optind], &q->clock.received) < 0)
		return fault_set(f, -EINVAL, "DATE must be a day of the form YYYY-MM-DD");
	return check_options(q, f);
}

/* Loads each --calendar; the command line was read before and is right. */
static int load_named(struct request *q, int argc, char **argv, struct fault *f)
{
	int option, r = 0;

	optind = 0;
	while (r == 0 && (option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'c')
			r = holidays_load(optarg, q->cal, f);
	}
	return r;
}

/* Looks for the tree's calendar beside the directories above the binary. */
static int load_from_tree(struct calendar *cal, struct fault *f)
{
	char path[PATH_MAX + sizeof(CALENDAR_IN_TREE)];
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);

	path[n > 0 && n < PATH_MAX ? n : 0] = '\0';
	for (int i = 0; i <= ANCESTORS_MAX; i++) {
		char *slash = strrchr(path, '/');

		if (!slash)
			break;
		memcpy(slash + 1, CALENDAR_IN_TREE, sizeof(CALENDAR_IN_TREE));
		if (access(path, R_OK) == 0)
			return holidays_load(path, cal, f);
		*slash = '\0';
	}
	return fault_set_kind(f, FAULT_MISSING, -ENOENT,
		"no bank holidays: neither %s nor %s above the program; give --calendar",
		CALENDAR_INSTALLED, CALENDAR_IN_TREE);
}

static int load_calendar(struct request *q, int argc, char **argv, struct fault *f)
{
	if (q->has_calendar)
		return load_named(q, argc, argv, f);
	if (access(CALENDAR_INSTALLED, F_OK) == 0)
		return holidays_load(CALENDAR_INSTALLED, q->cal, f);
	return load_from_tree(q->cal, f);
}

static bool is_colourful(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR");

	return isatty(fileno(out)) == 1 && (!no_colour || !no_colour[0]);
}

static int answer(const struct request *q, FILE *out, struct fault *f)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	struct statute_clock clock = q->clock;
	const struct deadline_report report = {
		.kind = q->kind,
		.regime = q->clock.regime,
		.rule = q->clock.rule,
		.deadline = &d,
		.days_because = "as asked for",
		.has_colour = is_colourful(out),
	};
	int r;

	if (q->kind == CASE_REVIEW && clock.working_days == 0)
		clock.working_days = statute_of(clock.regime)->review_days;
	r = statute_deadline(&clock, q->cal, &d, f);
	if (r < 0)
		return r;
	if (q->is_json)
		r = deadline_show_json(&d, out);
	else
		deadline_show(&report, out);
	if (r == 0 && (fflush(out) != 0 || ferror(out)))
		r = -EIO;
	return r < 0 ? fault_set(f, r, "cannot write the answer") : 0;
}

int deadline_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(calendar_freep) struct calendar *cal = NULL;
	struct request q = { 0 };
	struct fault f = { 0 };
	int r;

	r = take_options(&q, argc, argv, &f);
	if (r < 0) {
		(void) fprintf(err, "foictl deadline: %s\n%s", f.text, usage);
		return EXIT_USAGE;
	}
	if (q.is_help)
		return fputs(usage, out) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;

	r = calendar_new(&cal);
	if (r < 0)
		(void) fault_set(&f, r, "no memory for a calendar");
	q.cal = cal;
	if (r == 0)
		r = load_calendar(&q, argc, argv, &f);
	if (r == 0)
		r = answer(&q, out, &f);
	if (r < 0)
		(void) fprintf(err, "foictl deadline: %s\n", f.text);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
