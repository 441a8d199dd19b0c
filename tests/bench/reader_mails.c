/* reader_mails.c - the mails that are read, and the clocks. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "tests/bench/reader.h"

enum {
	MAIL_MAX = 16 * 1024 * 1024,
	ROOM = 1024,
};

static double seconds(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) < 0)
		bench_give_up("a clock cannot be read");
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

double bench_wall(void)
{
	return seconds(CLOCK_MONOTONIC);
}

double bench_cpu(void)
{
	return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

/* The file with CRLF for LF: what an IMAP server makes of it. */
static void read_file(const char *path, struct bytes *ret)
{
	FILE *file = fopen(path, "re");
	int c;

	if (!file)
		bench_give_up("a mail cannot be opened");
	bytes_init(ret, MAIL_MAX);
	while ((c = getc(file)) != EOF) {
		if (c == '\n')
			bytes_add_char(ret, '\r');
		bytes_add_char(ret, (char) c);
	}
	if (fclose(file) != 0 || ret->is_cut || ret->is_starved)
		bench_give_up("a mail cannot be read");
}

static void add_mail(struct bench_mails *mails, const char *path)
{
	struct bench_mail *mail;
	struct bytes bytes;

	mails->list = reallocarray(mails->list, mails->n + 1, sizeof *mails->list);
	if (!mails->list)
		bench_give_up("no memory for mails");
	mail = &mails->list[mails->n++];
	read_file(path, &bytes);
	mail->memfd = sealed_new("mail", bytes.at, bytes.n);
	bytes_done(&bytes);
	if (mail->memfd < 0 || sealed_map(mail->memfd, SIZE_MAX / 2, &mail->raw, NULL) < 0)
		bench_give_up("no memfd for a mail: is the limit of open files over 5,500?");
	mails->bytes += mail->raw.n;
}

void bench_mails_load(const char *folder, bool with_attachments, struct bench_mails *ret)
{
	char path[ROOM];
	char line[ROOM];
	FILE *index;

	(void) snprintf(path, sizeof path, "%s/index", folder);
	index = fopen(path, "re");
	if (!index)
		bench_give_up("there is no index of the mails");
	*ret = (struct bench_mails){ 0 };
	/* File and kind are the first two of its fields. */
	while (fgets(line, sizeof line, index)) {
		const char *file = strtok(line, "\t");
		const char *kind = file ? strtok(NULL, "\t") : NULL;

		if (!kind)
			bench_give_up("the index of the mails is broken");
		(void) snprintf(path, sizeof path, "%s/%s", folder, file);
		if (with_attachments || strcmp(kind, "attachment") != 0)
			add_mail(ret, path);
	}
	(void) fclose(index); /* only read */
}

void bench_mails_done(struct bench_mails *mails)
{
	for (size_t i = 0; i < mails->n; i++) {
		sealed_unmap(&mails->list[i].raw);
		closep(&mails->list[i].memfd);
	}
	free(mails->list);
	*mails = (struct bench_mails){ 0 };
}
