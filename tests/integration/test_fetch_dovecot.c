/* test_fetch_dovecot.c - the IMAP adapter and the fetch role against a real server.
 *
 * tests/integration/test_fetch_dovecot.sh starts the server and gives what stands in its env file.
 * With SERVERS_CERT other than "good" only the refusal of that certificate is tried. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "adapters/imap.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/fetch.h"

enum {
	NEW_MAILS = 20,
};

static const char letter[] = "From: Asker <asker@example.com>\r\nTo: foi@foi.example.org\r\n"
			     "Subject: Bridges\r\nMessage-Id:\r\n"
			     " <bridges.1@example.com>\r\n\r\nHow many bridges are there?\r\n";

static char password[256];

static const char *need(const char *name)
{
	const char *value = getenv(name);

	if (!value)
		fail_msg("%s is not set: run tests/integration/test_fetch_dovecot.sh", name);
	return value;
}

static int64_t now_us(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int read_password(void **state)
{
	FILE *from = fopen(need("IMAP_PASSWORD_FILE"), "re");
	size_t n = from ? fread(password, 1, sizeof password - 1, from) : 0;

	(void) state;
	if (from)
		(void) fclose(from);
	password[n] = '\0';
	return n > 0 ? 0 : -1;
}

static struct imap_options options_for(const char *scheme, const char *port, char url[64])
{
	(void) snprintf(url, 64, "%s://%s:%s", scheme, need("SERVER_HOST"), need(port));
	return (struct imap_options){
		.url = url,
		.user = need("IMAP_USER"),
		.secret = password,
		.ca_file = need("CA_FILE"),
		.stop_fd = -1,
		.now_us = now_us,
	};
}

static bool is_good(void)
{
	return strcmp(need("SERVERS_CERT"), "good") == 0;
}

static struct imap *open_good(const char *scheme, const char *port)
{
	char url[64];
	struct imap_options options = options_for(scheme, port, url);
	struct imap *imap = NULL;
	struct fault f = { 0 };

	if (imap_open(&options, &imap, &f) < 0)
		fail_msg("%s", f.text);
	return imap;
}

static void test_certificate(void **state)
{
	static const char *const ways[][2] = { { "imaps", "IMAPS_PORT" }, { "imap", "IMAP_PORT" } };

	(void) state;
	for (size_t k = 0; k < 2; k++) {
		char url[64];
		struct imap_options options = options_for(ways[k][0], ways[k][1], url);
		struct imap *imap = NULL;
		struct fault f = { 0 };
		int r = imap_open(&options, &imap, &f);

		print_message("%s: %s\n", url, r < 0 ? f.text : "accepted");
		assert_int_equal(r, is_good() ? 0 : -EKEYREJECTED);
		assert_int_equal(f.kind, is_good() ? FAULT_OTHER : FAULT_TLS);
		imap_close(imap);
	}
}

static void test_refusals(void **state)
{
	char url[64];
	struct imap_options options = options_for("imaps", "IMAPS_PORT", url);
	struct imap *imap = NULL;
	struct fault f = { 0 };

	(void) state;
	if (!is_good())
		skip();
	options.ca_file = need("FOREIGN_CA_FILE");
	assert_int_equal(imap_open(&options, &imap, &f), -EKEYREJECTED);
	assert_int_equal(f.kind, FAULT_TLS);
	options.ca_file = need("CA_FILE");
	options.secret = "wrong";
	assert_int_equal(imap_open(&options, &imap, &f), -EACCES);
	assert_int_equal(f.kind, FAULT_AUTH);
	print_message("%s\n", f.text);
	assert_null(strstr(f.text, need("IMAP_USER")));
}

/* A mail goes in, is found, read, marked and moved. */
static void test_there_and_back(void **state)
{
	static const char *const ways[][2] = { { "imaps", "IMAPS_PORT" }, { "imap", "IMAP_PORT" } };

	(void) state;
	if (!is_good())
		skip();
	for (size_t k = 0; k < 2; k++) {
		CLEANUP(imap_closep) struct imap *imap = open_good(ways[k][0], ways[k][1]);
		CLEANUP(uidset_done) struct uidset uids = { 0 };
		struct imap_mail mails[IMAP_BATCH_MAX];
		struct imap_folder folder;
		struct sealed bytes;
		size_t n = 0;

		assert_int_equal(imap_append(imap, "INBOX", letter, sizeof letter - 1, NULL), 0);
		assert_int_equal(imap_select(imap, "INBOX", false, &folder, NULL), 0);
		assert_int_equal(imap_search(imap, folder.uidnext - 1, &uids, NULL), 0);
		assert_int_equal(uidset_count(&uids), 1);
		assert_int_equal(imap_sizes(imap, &uids, true, mails, &n, NULL), 0);
		assert_int_equal(n, 1);
		assert_int_equal(mails[0].size, sizeof letter - 1);
		assert_string_equal(mails[0].message_id, "<bridges.1@example.com>");
		assert_int_equal(imap_bodies(imap, mails, n, IMAP_PART_WHOLE, 100000, NULL), 0);
		assert_int_equal(sealed_map(mails[0].fd, 100000, &bytes, NULL), 0);
		assert_int_equal(bytes.n, sizeof letter - 1);
		assert_memory_equal(bytes.bytes, letter, bytes.n);
		sealed_unmap(&bytes);
		imap_mails_done(mails, n);
		assert_int_equal(imap_keyword(imap, &uids, "$FoiCase", NULL), 0);
		assert_int_equal(imap_move(imap, &uids, "Nowhere", NULL), -EREMOTEIO);
		assert_true(imap_is_usable(imap));
		assert_true(imap_has_idle(imap));
	}
}

/* ---- the role -------------------------------------------------------------------------------- */

struct role {
	pid_t pid;
	int channel;
	json_t *record;
	int passed;
	struct uidset had;
};

static void start_role(struct role *p)
{
	char url[64];
	struct imap_options o = options_for("imaps", "IMAPS_PORT", url);
	json_t *begin;
	int ends[2];

	assert_int_equal(channel_pair(ends, NULL), 0);
	p->pid = fork();
	if (p->pid == 0) {
		(void) prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void) close(ends[0]);
		_exit(fetch_main(ends[1]));
	}
	(void) close(ends[1]);
	p->channel = ends[0];
	p->passed = -1;
	begin = json_pack("{s:s s:s s:s s:s s:s s:s s:s s:[{s:s s:b}] s:s s:s s:s s:i s:i s:b s:b}",
		"type", "begin", "mailbox", "foi", "url", url, "user", o.user, "auth", "password",
		"secret", password, "ca_file", o.ca_file, "folders", "name", "INBOX", "junk", 0,
		"sent_folder", "Sent", "after", "keyword", "after_argument", "$FoiCase", "poll_sec",
		300, "mail_bytes_max", 1000000, "once", 0, "change", 1);
	assert_non_null(begin);
	assert_int_equal(channel_send(p->channel, begin, -1, NULL), 0);
	json_decref(begin);
}

static void drop(struct role *p)
{
	json_decref(p->record);
	p->record = NULL;
	closep(&p->passed);
	p->passed = -1;
}

static const char *member(const struct role *p, const char *key)
{
	const char *text = json_string_value(json_object_get(p->record, key));

	return text ? text : "";
}

static void answer(struct role *p, const char *type, const char *key, json_t *value, int passed)
{
	json_t *record = json_pack("{s:s s:s s:O}", "type", type, "folder", "INBOX", "uidvalidity",
		json_object_get(p->record, "uidvalidity"));

	assert_non_null(record);
	if (key)
		assert_int_equal(json_object_set_new(record, key, value), 0);
	assert_int_equal(channel_send(p->channel, record, passed, NULL), 0);
	json_decref(record);
}

/* Wants what has not been wanted before. */
static void want(struct role *p)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	CLEANUP(freep) char *text = NULL;
	CLEANUP(closep) int fd = -1;
	struct sealed bytes;

	assert_int_equal(sealed_map(p->passed, 100000, &bytes, NULL), 0);
	assert_int_equal(uidset_parse(bytes.bytes, bytes.n, &uids), 0);
	sealed_unmap(&bytes);
	assert_int_equal(uidset_subtract(&uids, &p->had), 0);
	for (size_t k = 0; k < uids.n; k++)
		assert_int_equal(uidset_add(&p->had, uids.ranges[k].first, uids.ranges[k].last), 0);
	assert_int_equal(uidset_text(&uids, &text), 0);
	fd = sealed_new("want", text, strlen(text));
	assert_true(fd >= 0);
	answer(p, "want", NULL, NULL, fd);
}

static void done(struct role *p)
{
	CLEANUP(freep) char *set = NULL;

	assert_true(
		asprintf(&set, "%lld", json_integer_value(json_object_get(p->record, "uid"))) > 0);
	answer(p, "done", "set", json_string(set), -1);
}

/* Plays register until a record of @type comes, or the step @what: wants all that is new. */
static void run_until(struct role *p, const char *type, const char *what)
{
	for (;;) {
		const char *got;

		drop(p);
		assert_int_equal(channel_receive(p->channel, &p->record, &p->passed, NULL), 1);
		got = channel_type(p->record);
		if (strcmp(got, "fault") == 0)
			fail_msg("%s", member(p, "text"));
		if (strcmp(got, "folder") == 0)
			answer(p, "look", "since", json_integer(0), -1);
		if (strcmp(got, "seen") == 0)
			want(p);
		if (strcmp(got, "mail") == 0)
			done(p);
		if (strcmp(got, type) == 0 && strcmp(member(p, "what"), what) == 0)
			return;
	}
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *) a;
	int64_t y = *(const int64_t *) b;

	return x < y ? -1 : x > y;
}

/* One new mail while fetch sleeps: how long from its EXISTS until register has it. */
static int64_t one_new_mail(struct role *p, struct imap *other)
{
	int64_t heard_us;

	run_until(p, "step", "waiting for mail");
	assert_int_equal(imap_append(other, "INBOX", letter, sizeof letter - 1, NULL), 0);
	run_until(p, "mail", "");
	heard_us = json_integer_value(json_object_get(p->record, "heard_us"));
	heard_us = heard_us > 0 ? now_us() - heard_us : INT64_MAX;
	run_until(p, "told", "");
	return heard_us;
}

static void test_role(void **state)
{
	CLEANUP(imap_closep) struct imap *other = NULL;
	int64_t took[NEW_MAILS];
	struct role p = { 0 };
	int status = -1;

	(void) state;
	if (!is_good())
		skip();
	other = open_good("imap", "IMAP_PORT");
	start_role(&p);
	for (size_t k = 0; k < NEW_MAILS; k++)
		took[k] = one_new_mail(&p, other);
	qsort(took, NEW_MAILS, sizeof *took, by_size);
	print_message("EXISTS to register: median %lld us, worst %lld us of %d\n",
		(long long) took[NEW_MAILS / 2], (long long) took[NEW_MAILS - 1], NEW_MAILS);
	drop(&p);
	uidset_done(&p.had);
	(void) close(p.channel);
	assert_int_equal(waitpid(p.pid, &status, 0), p.pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_certificate),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_role),
	};

	return cmocka_run_group_tests(tests, read_password, NULL);
}
