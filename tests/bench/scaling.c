/* scaling.c - whether what a mail costs grows with its length alone, whatever it repeats.
 *
 * Reads each row's mail at one length and at four times that, and judges what was read. Four times
 * the length may cost LIMIT times as much: where the time is linear it costs four times, where it
 * is quadratic sixteen. Each is run often enough to be measured, and the least CPU time of RUNS
 * counts, so that a machine with other work to do changes little.
 *
 * Usage: scaling [WORD]; only the rows whose text holds WORD. Ends with 1 if a row is over. */
/* SPDX-License-Identifier: MIT */
#include "tests/bench/scaling.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "adapters/letter_record.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "domain/hint.h"
#include "domain/matching.h"
#include "domain/triage.h"

enum {
	TIMES = 4, /* longer is the second mail */
	LIMIT = 10,
	RUNS = 5,
	TURNS_MAX = 10000, /* of one run */
	MAIL_MAX = 64 * 1024 * 1024,
};

#define RUN_SEC_MIN 0.005 /* below it, the clock is too coarse */

static _Noreturn void give_up(const char *what)
{
	(void) fprintf(stderr, "scaling: %s\n", what);
	exit(EXIT_FAILURE);
}

static double cpu_seconds(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) < 0)
		give_up("a clock cannot be read");
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

/* ---- mails ----------------------------------------------------------------------------------- */

struct mail {
	char *bytes; /* owned */
	size_t n;
};

/* "%u" is @number, "%%" a percent sign. */
static void add_piece(struct bytes *out, const char *piece, unsigned number)
{
	char digits[16];

	for (; *piece; piece++) {
		if (*piece != '%') {
			bytes_add_char(out, *piece);
			continue;
		}
		piece++;
		(void) snprintf(digits, sizeof digits, "%u", number);
		bytes_add_text(out, *piece == 'u' ? digits : "%");
	}
}

static void build(const struct scaling_row *row, size_t bytes, struct mail *ret)
{
	struct bytes out;
	size_t start;

	bytes_init(&out, MAIL_MAX);
	bytes_add_text(&out, row->before);
	start = out.n;
	for (unsigned i = 0; out.n - start < bytes; i++)
		add_piece(&out, row->piece, i);
	bytes_add_text(&out, row->after);
	if (out.is_cut || bytes_take(&out, &ret->bytes, &ret->n) < 0)
		give_up("no memory for a mail");
}

/* ---- what is measured ------------------------------------------------------------------------ */

static const uint8_t key[DIGEST_KEY_BYTES];
static const char *const platforms[] = { "asks.example.net" };
static struct reference_template templates[1];

static const struct matching_policy matching = { .key = key,
	.templates = templates,
	.n_templates = 1,
	.wdtk_domains = platforms,
	.n_wdtk_domains = 1 };
static const struct triage_policy triage = { .own_address = "foi@authority.example.org",
	.platforms = { platforms, 1 },
	.authserv_id = "mx.example.org",
	.acknowledge = ACKNOWLEDGE_SEND,
	.regime = STATUTE_FOIA };
static const struct hint_policy hint = { .triage = &triage,
	.authority = "Example Borough Council",
	.templates = templates,
	.n_templates = 1 };

/* What register does with a letter before it asks the store. */
static void judge(const struct letter *l)
{
	struct matching_keys keys;
	struct triage_facts facts = { 0 };
	struct triage_verdict verdict;
	struct hint_list hints;

	matching_find(&matching, l, &keys);
	triage_judge(&triage, l, &keys, &facts, &verdict);
	hint_find(&hint, l, &verdict, NULL, &hints);
}

static void read_mail(struct letter_reader *reader, const struct mail *mail)
{
	CLEANUP(letter_freep) struct letter *read = NULL;
	CLEANUP(letter_freep) struct letter *received = NULL;
	CLEANUP(freep) char *record = NULL;
	size_t n;

	if (letter_parse(reader, mail->bytes, mail->n, false, &read, NULL) < 0 ||
		letter_record_encode(read, &record, &n) < 0 ||
		letter_record_decode(record, n, &received, NULL) < 0)
		give_up("a mail cannot be read");
	judge(received);
}

static double run(struct letter_reader *reader, const struct mail *mail, unsigned turns)
{
	double start = cpu_seconds();

	for (unsigned i = 0; i < turns; i++)
		read_mail(reader, mail);
	return cpu_seconds() - start;
}

static double least_of_runs(struct letter_reader *reader, const struct mail *mail, unsigned turns)
{
	double least = run(reader, mail, turns);

	for (unsigned i = 1; i < RUNS; i++) {
		double cost = run(reader, mail, turns);

		least = cost < least ? cost : least;
	}
	return least;
}

/* How often the mail must be read for the clock to see it. */
static unsigned turns_of(struct letter_reader *reader, const struct mail *mail)
{
	unsigned turns = 1;

	while (turns < TURNS_MAX && run(reader, mail, turns) < RUN_SEC_MIN)
		turns *= 2;
	return turns;
}

/* Return: whether the row is within the limit. */
static bool measure(struct letter_reader *reader, const struct scaling_row *row)
{
	struct mail mails[2];
	double cost[2];
	unsigned turns;
	bool is_over;

	build(row, row->bytes / TIMES, &mails[0]);
	build(row, row->bytes, &mails[1]);
	turns = turns_of(reader, &mails[0]);
	for (unsigned i = 0; i < 2; i++)
		cost[i] = least_of_runs(reader, &mails[i], turns);
	is_over = cost[1] > cost[0] * LIMIT;
	printf("%5.1f  %8.1f  %7.1f  %s%s\n", cost[1] / cost[0], cost[1] / turns * 1e3,
		(double) mails[1].n * turns / cost[1] / 1e6, row->why, is_over ? "  OVER" : "");
	for (unsigned i = 0; i < 2; i++)
		free(mails[i].bytes);
	return !is_over;
}

int main(int argc, char **argv)
{
	CLEANUP(letter_reader_freep) struct letter_reader *reader = NULL;
	const char *word = argc > 1 ? argv[1] : "";
	unsigned over = 0;
	unsigned n = 0;

	if (letter_reader_new(&reader, NULL) < 0 ||
		reference_template_parse("FOI {seq:6}/{yy}", &templates[0], NULL) < 0)
		give_up("there is no reader");
	printf("%5s  %8s  %7s\n", "ratio", "ms", "MB/s");
	for (size_t i = 0; i < scaling_rows_n; i++) {
		if (!strstr(scaling_rows[i].why, word))
			continue;
		over += !measure(reader, &scaling_rows[i]);
		n++;
	}
	printf("%u mails; %u cost more than %d times for %d times the length\n", n, over, LIMIT,
		TIMES);
	return over > 0 || n == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
