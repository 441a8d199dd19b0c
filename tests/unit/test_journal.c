/* test_journal.c - records: their lines, their fields, their place in the catalogue. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/journal_record.h"

#define CATALOGUE "contrib/systemd/foimaild.catalog"

static struct day day(const char *iso)
{
	struct day d;

	assert_int_equal(0, day_parse(iso, &d));
	return d;
}

/* Whether @r has exactly the field @field. */
static int has(const struct journal_record *r, const char *field)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->fields[i], field) == 0)
			return 1;
	return 0;
}

static void test_case_opened(void **state)
{
	const struct journal_event e = { .kind = JOURNAL_CASE_OPENED,
		.reference = "FOI 001761/18",
		.case_kind = "request",
		.received = day("2018-05-16"),
		.due = day("2018-06-14"),
		.mailbox = "foi",
		.uid = 4711 };
	struct journal_record r;

	(void) state;
	journal_record_build(&e, &r);
	assert_string_equal("case-opened ref=\"FOI 001761/18\" kind=request received=2018-05-16 "
			    "due=2018-06-14 mailbox=foi uid=4711: a case is in the register",
		r.line);
	assert_int_equal(LOG_INFO, r.priority);
	assert_int_equal(1, has(&r, "FOI_EVENT=case-opened"));
	assert_int_equal(1, has(&r, "FOI_REF=FOI 001761/18"));
	assert_int_equal(1, has(&r, "FOI_RECEIVED=2018-05-16"));
	assert_int_equal(1, has(&r, "FOI_DUE=2018-06-14"));
	assert_int_equal(1, has(&r, "FOI_UID=4711"));
	assert_int_equal(8, r.n);
}

static void test_fault_with_advice(void **state)
{
	const struct journal_event e = { .kind = JOURNAL_MAILBOX_FAULT, .mailbox = "foi" };
	struct journal_event told = e;
	struct journal_record r;
	struct fault f;

	(void) state;
	fault_set_kind(&f, FAULT_AUTH, -EACCES, "mail.example.org:993: refused");
	told.fault = &f;
	journal_record_build(&told, &r);
	assert_non_null(strstr(r.line, " fault=auth errno=13: the mailbox cannot be read: "
				       "mail.example.org:993: refused; correct user"));
	assert_int_equal(1, has(&r, "FOI_FAULT=auth"));
	assert_int_equal(LOG_ERR, r.priority); /* it will not go away by itself */

	fault_set_kind(&f, FAULT_NETWORK, -ETIMEDOUT, "mail.example.org:993: silent");
	journal_record_build(&told, &r);
	assert_int_equal(LOG_WARNING, r.priority);
}

static void test_every_member_fits(void **state)
{
	struct fault f;
	const struct journal_event e = { .kind = JOURNAL_UNEXPECTED,
		.reference = "r",
		.case_kind = "k",
		.received = { 1 },
		.due = { 2 },
		.provisional = true,
		.mailbox = "m",
		.folder = "f",
		.uid = 1,
		.fate = "t",
		.role = "p",
		.code = 550,
		.status = "5.1.1",
		.attempt = 1,
		.has_count = true,
		.lasted_sec = 1,
		.has_peer = true,
		.detail = "d",
		.fault = &f };
	struct journal_record r;

	(void) state;
	fault_set(&f, -EIO, "x");
	journal_record_build(&e, &r);
	assert_int_equal(20, r.n);
	assert_non_null(strstr(r.line, " peer=0 "));
	assert_non_null(strstr(r.line, " count=0 "));
	assert_non_null(strstr(r.line, " code=550 status=5.1.1 try=1 "));
}

static void test_one_line_and_bounded(void **state)
{
	char huge[3 * JOURNAL_LINE_MAX];
	const struct journal_event e = {
		.kind = JOURNAL_BASELINE, .mailbox = "a\nb\033", .folder = huge
	};
	struct journal_record r;

	(void) state;
	memset(huge, 'x', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	journal_record_build(&e, &r);
	assert_null(strchr(r.line, '\n'));
	assert_non_null(strstr(r.line, " mailbox=a?b? "));
	assert_int_equal(1, has(&r, "FOI_MAILBOX=a?b?"));
	assert_int_equal(JOURNAL_LINE_MAX - 1, strlen(r.line));
	assert_int_equal(JOURNAL_FIELD_MAX - 1, strlen(r.fields[3]));
}

/* What is written to a pipe instead of standard error. */
static void drain(int fd, char *buf, size_t size)
{
	ssize_t n = read(fd, buf, size - 1);

	assert_true(n >= 0 || errno == EAGAIN);
	buf[n > 0 ? n : 0] = '\0';
}

static void test_lines(void **state)
{
	const struct journal_event fault = { .kind = JOURNAL_SMTP_FAULT };
	const struct journal_event relief = { .kind = JOURNAL_SMTP_RECOVERED };
	const struct journal_event debug = { .kind = JOURNAL_DEBUG, .detail = "d" };
	struct trouble t = { 0 };
	struct journal *j;
	struct fault f;
	char buf[4096];
	int ends[2];

	(void) state;
	assert_int_equal(0, pipe2(ends, O_NONBLOCK | O_CLOEXEC));
	assert_int_equal(0, journal_open(ends[1], false, false, &j, NULL));
	fault_set_kind(&f, FAULT_NETWORK, -ECONNREFUSED, "mail.example.org:25: refused");

	journal_trouble(j, &fault, &f, &t, 1000);
	drain(ends[0], buf, sizeof buf);
	assert_int_equal(0, strncmp(buf, "<4>WARNING smtp-fault fault=network errno=111: ", 47));
	assert_int_equal('\n', buf[strlen(buf) - 1]);

	journal_trouble(j, &fault, &f, &t, 1001);
	drain(ends[0], buf, sizeof buf);
	assert_string_equal("", buf); /* told once */

	journal_relief(j, &relief, &t, 1060);
	drain(ends[0], buf, sizeof buf);
	assert_string_equal(
		"<6>INFO smtp-recovered lasted=60: acknowledgements are sent again\n", buf);
	journal_relief(j, &relief, &t, 1061);
	journal_write(j, &debug);
	drain(ends[0], buf, sizeof buf);
	assert_string_equal("", buf); /* nothing to be relieved of, and debug is off */
	j = journal_close(j);

	/* A JOURNAL_STREAM that names another descriptor is no reason to trust the journal. */
	assert_int_equal(0, setenv("JOURNAL_STREAM", "1:1", 1));
	assert_int_equal(0, journal_open(ends[1], false, true, &j, NULL));
	journal_trouble(j, &fault, &f, &t, 2000);
	journal_trouble(j, &fault, &f, &t, 2001);
	drain(ends[0], buf, sizeof buf);
	/* With --debug what was told already is told as a detail. */
	assert_non_null(
		strstr(buf, "\n<7>DEBUG debug lasted=1 fault=network errno=111: failed again: "
			    "mail.example.org:25: refused; "));
	journal_write(j, &debug);
	drain(ends[0], buf, sizeof buf);
	assert_string_equal("<7>DEBUG debug: d\n", buf);
	j = journal_close(j);
	close(ends[0]);
	close(ends[1]);
}

static char *slurp(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = calloc(1, 128 * 1024);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, 128 * 1024 - 1, file) > 0);
	fclose(file);
	return text;
}

static size_t count(const char *text, const char *needle)
{
	size_t n = 0;

	for (; (text = strstr(text, needle)); text++)
		n++;
	return n;
}

/* Each kind has one entry with a subject and a text, and no entry is without its kind. */
static void test_catalogue(void **state)
{
	char *text = slurp(CATALOGUE);

	(void) state;
	for (int i = 0; i < JOURNAL_KIND_COUNT; i++) {
		const struct journal_kind_entry *kind = journal_kind((enum journal_kind) i);
		char head[64];
		const char *entry;
		const char *body;

		print_message("%s\n", kind->word);
		assert_int_equal(32, strlen(kind->id));
		assert_int_equal(32, strspn(kind->id, "0123456789abcdef"));
		snprintf(head, sizeof head, "\n-- %s\nSubject: ", kind->id);
		assert_int_equal(1, count(text, head));
		entry = strstr(text, head);
		body = strstr(entry, "\n\n");
		assert_non_null(body);
		assert_true(strcspn(body + 2, "\n") > 20);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				kind->word, journal_kind((enum journal_kind) k)->word);
	}
	assert_int_equal(JOURNAL_KIND_COUNT, count(text, "\n-- "));
	free(text);
}

static void test_advice(void **state)
{
	(void) state;
	for (int i = 0; i < FAULT_KIND_COUNT; i++)
		assert_true(strlen(journal_advice((enum fault_kind) i)) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_case_opened),
		cmocka_unit_test(test_fault_with_advice),
		cmocka_unit_test(test_every_member_fits),
		cmocka_unit_test(test_one_line_and_bounded),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_advice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
