/* reader.h - how fast mails are read: what the parts of the benchmark share. */
/* SPDX-License-Identifier: MIT */
#ifndef BENCH_READER_H
#define BENCH_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sealed.h"

struct bench_mail {
	int memfd; /* owned */
	struct sealed raw;
};

/* Mails as a server gives them out: line ends are CRLF. */
struct bench_mails {
	struct bench_mail *list; /* owned */
	size_t n;
	size_t bytes;
};

/* What one pass over all mails cost, in seconds. */
struct bench_cost {
	double wall;
	double cpu;	     /* of the process that reads them, user and system */
	double register_cpu; /* the worker's: of the one that gives it mails and takes letters */
};

/* Mails of the folder that make_mailbox.py made. Whatever fails ends the program. */
void bench_mails_load(const char *folder, bool with_attachments, struct bench_mails *ret);
void bench_mails_done(struct bench_mails *mails);

double bench_wall(void);
double bench_cpu(void); /* of this process */

/* Each reads all mails once. */
typedef struct bench_cost bench_pass(const struct bench_mails *mails);

bench_pass bench_etpan_parts;	    /* libetpan finds the parts, and decodes nothing */
bench_pass bench_etpan_attachments; /* the same, and each attachment is decoded */
bench_pass bench_letter;	    /* letter_parse(), in this process */
bench_pass bench_worker;	    /* the parse role, as register uses it */

/* For what cannot go wrong in a benchmark: says what did, and ends the program. */
_Noreturn void bench_give_up(const char *what);

#endif
