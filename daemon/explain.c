/* explain.c - `foictl explain FILE`: needs no daemon and no configuration.
 *
 * Without a configuration the judgement is that of a mailbox of the defaults; without a store a
 * reference of ours counts as known. */
/* SPDX-License-Identifier: MIT */
#include "daemon/explain.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/config.h"
#include "adapters/store.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/reader.h"
#include "flow/facts.h"
#include "flow/hints.h"
#include "flow/policy.h"

enum {
	EXIT_USAGE = 2,
	EXIT_MISSING = 3,
	MAIL_BYTES_MAX = 50 * 1024 * 1024, /* mail_max where there is no configuration */
	COPY_BYTES = 64 * 1024,
};

struct explain_options {
	const char *file;
	const char *config;
	const char *store;
	bool json;
};

static const char usage[] =
	"Usage: foictl explain FILE [--config FILE] [--store FILE] [--json]\n"
	"\n"
	"Says what the daemon would do with the mail in FILE (\"-\": standard input), and why.\n"
	"\n"
	"  --config FILE  judge by this configuration (its first mailbox)\n"
	"  --store FILE   ask the cases in this store; without it, every reference of ours\n"
	"                 counts as known, with the sender on that case\n"
	"  --json         print JSON\n";

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "store", required_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* Return: -1 go on; else the exit status. */
static int take_options(int argc, char **argv, struct explain_options *ret, FILE *out, FILE *err)
{
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 'c')
			ret->config = optarg;
		else if (option == 's')
			ret->store = optarg;
		else if (option == 'j')
			ret->json = true;
		else if (option == 'h')
			return fputs(usage, out) < 0;
		else
			return EXIT_USAGE;
	}
	if (optind != argc - 1) {
		(void) fputs(usage, err);
		return EXIT_USAGE;
	}
	ret->file = argv[optind];
	return -1;
}

/* Copies at most @max bytes, as the daemon fetches no more. Return: 1 there were more; 0. */
static int copy_begin(int from, int to, uint64_t max)
{
	CLEANUP(freep) char *buf = malloc(COPY_BYTES);
	uint64_t total = 0;
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	while ((n = read(from, buf, COPY_BYTES)) > 0) {
		bool is_more = (uint64_t) n > max - total;

		n = is_more ? (ssize_t) (max - total) : n;
		total += (uint64_t) n;
		if (write(to, buf, (size_t) n) != n) /* a memfd: short only without memory */
			return -ENOSPC;
		if (is_more)
			return 1;
	}
	return n < 0 ? -errno : 0;
}

/* The file, up to @max bytes, as a sealed memfd. */
static int load(const char *file, uint64_t max, bool *ret_truncated, struct fault *f)
{
	CLEANUP(closep)
	int from = strcmp(file, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
					  : open(file, O_RDONLY | O_CLOEXEC);
	CLEANUP(closep) int mail = -1;
	int r;

	if (from < 0)
		return fault_set(f, -errno, "%s: %s", file, strerror(errno));
	mail = sealed_create("mail");
	r = mail < 0 ? mail : copy_begin(from, mail, max);
	*ret_truncated = r > 0;
	if (r >= 0)
		r = sealed_finish(mail);
	if (r < 0)
		return fault_set(f, r, "%s: %s", file, strerror(-r));
	return TAKE_FD(mail);
}

/* ---- policy ---------------------------------------------------------------------------------- */

/* What a configuration holds, or the defaults where there is none. */
struct setting {
	struct config *loaded; /* owned; NULL: none was given */
	struct config plain;
	struct config_mailbox mailbox;
	char *platforms[1];
};

static char empty[] = "";
static char default_platform[] = "whatdotheyknow.com";
static char default_address[] = "foi@authority.invalid";
static char default_name[] = "foi";

static int use_defaults(struct setting *s, struct fault *f)
{
	int r = reference_template_parse("FOI {seq:6}/{yy}", &s->plain.request, f);

	if (r == 0)
		r = reference_template_parse("IR {seq:6}/{yy}", &s->plain.review, f);
	if (r == 0)
		r = reference_template_parse("IN {seq:6}/{yy}", &s->plain.intake, f);
	s->platforms[0] = default_platform;
	s->plain.platforms = (struct config_list){ .entries = s->platforms, .n = 1 };
	s->plain.authserv_id = empty;
	s->mailbox = (struct config_mailbox){ .name = default_name,
		.address = default_address,
		.acknowledge = ACKNOWLEDGE_SEND,
		.mail_bytes_max = MAIL_BYTES_MAX };
	s->plain.mailboxes = &s->mailbox;
	s->plain.n_mailboxes = 1;
	return r;
}

static void print_mistake(void *context, const char *text)
{
	(void) fprintf(context, "%s\n", text);
}

/* ---- judging --------------------------------------------------------------------------------- */

static int judge_with(const struct config *conf, const struct letter *l, const char *store_path,
	struct matching_keys *keys, struct triage_verdict *verdict, struct hints *hints,
	struct fault *f)
{
	CLEANUP(store_closep) struct store *store = NULL;
	static const uint8_t no_key[DIGEST_KEY_BYTES] = { 0 };
	const struct facts_place nowhere = { .is_in_junk = false };
	struct triage_facts facts = { 0 };
	struct store_seen seen;
	struct policy policy;
	int r = 0;

	if (store_path)
		r = store_open_reader(store_path, &store, f);
	if (r < 0)
		return r;
	policy_init(&policy, conf, 0, store ? store_key(store) : no_key);
	matching_find(&policy.matching, l, keys);
	if (store)
		r = facts_gather(store, l, keys, &nowhere, &facts, &seen, f);
	else
		facts_assume(keys, &facts);
	if (r < 0)
		return r;
	triage_judge(&policy.triage, l, keys, &facts, verdict);
	return hints_gather(store, &policy, l, verdict, hints, f);
}

static int unreadable(FILE *out, bool json)
{
	if (json)
		return fputs("{\"fate\": \"unreadable\", \"opens\": [\"request\"], \"clock\": true,"
			     " \"acknowledge\": \"no\", \"hints\": []}\n",
			       out) < 0;
	return fputs("unreadable: no reader survives this mail. The daemon would open a request"
		     " from what\nthe mail server tells, and say so in the journal.\n",
		       out) < 0;
}

static int explain_letter(const struct explain_options *o, const struct config *conf,
	const struct letter *l, FILE *out, struct fault *f)
{
	struct matching_keys keys;
	struct triage_verdict verdict;
	struct hints hints;
	struct explanation e = { .letter = l,
		.keys = &keys,
		.verdict = &verdict,
		.hints = &hints.list,
		.is_assumed = !o->store };
	int r = judge_with(conf, l, o->store, &keys, &verdict, &hints, f);

	if (r < 0)
		return r;
	r = o->json ? explain_print_json(&e, out) : explain_print(&e, out);
	return r < 0 ? fault_set(f, r, "the output cannot be written") : 0;
}

static int explain(
	const struct explain_options *o, const struct config *conf, FILE *out, struct fault *f)
{
	CLEANUP(letter_freep) struct letter *l = NULL;
	bool is_truncated = false;
	CLEANUP(closep)
	int mail = load(o->file, conf->mailboxes[0].mail_bytes_max, &is_truncated, f);
	int r = mail < 0 ? mail : reader_read(mail, is_truncated, &l, f);

	if (r == -ENODATA)
		return unreadable(out, o->json);
	return r < 0 ? r : explain_letter(o, conf, l, out, f);
}

int explain_command(int argc, char **argv, FILE *out, FILE *err)
{
	struct explain_options o = { 0 };
	struct setting s = { 0 };
	struct fault f = { 0 };
	int status = take_options(argc, argv, &o, out, err);
	int r;

	if (status >= 0)
		return status;
	r = o.config ? config_load(o.config, print_mistake, err, &s.loaded, &f)
		     : use_defaults(&s, &f);
	if (r == 0)
		r = explain(&o, s.loaded ? s.loaded : &s.plain, out, &f);
	config_free(s.loaded);
	if (r < 0)
		(void) fprintf(err, "foictl: %s\n", f.text);
	if (r == -ENOENT)
		return EXIT_MISSING;
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
