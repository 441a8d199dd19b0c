/* reader.c - how fast mails are read, beside libetpan's own parser on the same mails.
 *
 * Usage: reader FOLDER [ROUNDS]; FOLDER is one of make_mailbox.py's.
 *
 * Prints medians of the rounds. In each round every way of reading has its turn, so that a machine
 * with other work to do is slow for all of them. The rates are those of one processor: mails and
 * bytes a second of CPU time, which others cannot take away. */
/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "daemon/role.h"
#include "tests/bench/reader.h"

enum {
	ROUNDS = 5,
	ROUNDS_MAX = 99,
};

static const struct {
	const char *name;
	bench_pass *pass;
} ways[] = {
	{ "libetpan, parts found only", bench_etpan_parts },
	{ "libetpan, attachments decoded", bench_etpan_attachments },
	{ "letter_parse", bench_letter },
	{ "the parse worker, walled in", bench_worker },
};

enum {
	WAYS = sizeof ways / sizeof ways[0],
};

void bench_give_up(const char *what)
{
	(void) fprintf(stderr, "reader: %s\n", what);
	exit(EXIT_FAILURE);
}

static int compare(const void *a, const void *b)
{
	const struct bench_cost *left = a;
	const struct bench_cost *right = b;

	return (left->cpu > right->cpu) - (left->cpu < right->cpu);
}

static void print_row(
	const char *name, const struct bench_mails *mails, double cpu, const double base[2])
{
	double n = (double) mails->n;

	printf("  %-30s %8.0f %7.0f %9.1f %10.2f %12.2f\n", name, n / cpu,
		(double) mails->bytes / 1e6 / cpu, cpu / n * 1e6, base[0] / cpu, base[1] / cpu);
}

static void print(
	const struct bench_mails *mails, struct bench_cost costs[WAYS][ROUNDS_MAX], unsigned rounds)
{
	const struct bench_cost *median[WAYS];
	double base[2];

	for (unsigned i = 0; i < WAYS; i++) {
		qsort(costs[i], rounds, sizeof costs[i][0], compare);
		median[i] = &costs[i][rounds / 2];
	}
	base[0] = median[0]->cpu;
	base[1] = median[1]->cpu;
	printf("  %-30s %8s %7s %9s %10s %12s\n", "one processor's", "mails/s", "MB/s", "us a mail",
		"x parts", "x decoded");
	for (unsigned i = 0; i < WAYS; i++)
		print_row(ways[i].name, mails, median[i]->cpu, base);
	print_row("register's part of that way", mails, median[WAYS - 1]->register_cpu, base);
	printf("  both at once, by the clock on the wall: %.0f mails/s, %.0f MB/s\n\n",
		(double) mails->n / median[WAYS - 1]->wall,
		(double) mails->bytes / 1e6 / median[WAYS - 1]->wall);
}

static void measure(const char *folder, bool with_attachments, unsigned rounds)
{
	static struct bench_cost costs[WAYS][ROUNDS_MAX];
	struct bench_mails mails;

	bench_mails_load(folder, with_attachments, &mails);
	for (unsigned round = 0; round < rounds; round++)
		for (unsigned i = 0; i < WAYS; i++)
			costs[i][round] = ways[i].pass(&mails);
	printf("%zu mails %s, %.1f kB in the mean, %u rounds\n", mails.n,
		with_attachments ? "of all kinds" : "without attachments",
		(double) mails.bytes / 1e3 / (double) mails.n, rounds);
	print(&mails, costs, rounds);
	bench_mails_done(&mails);
}

int main(int argc, char **argv)
{
	int status = role_run(argc, argv);
	unsigned rounds = argc > 2 ? (unsigned) atoi(argv[2]) : ROUNDS;
	sigset_t child;

	if (status >= 0)
		return status;
	if (argc < 2 || rounds == 0 || rounds > ROUNDS_MAX)
		bench_give_up("usage: reader FOLDER [ROUNDS]");
	/* As register does: sd-event takes the signal from a descriptor. */
	(void) sigemptyset(&child);
	(void) sigaddset(&child, SIGCHLD);
	(void) sigprocmask(SIG_BLOCK, &child, NULL);
	measure(argv[1], true, rounds);
	measure(argv[1], false, rounds);
	return EXIT_SUCCESS;
}
