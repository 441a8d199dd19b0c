/* test_config_secret.c - passwords from credentials and private files. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/config.h"
#include "base/cleanup.h"

static char folder[] = "/tmp/foi-secret-XXXXXX";
static char path[64];

static void write_file(const void *bytes, size_t n, mode_t mode)
{
	FILE *file;

	(void) unlink(path); /* one that an earlier row made read-only could not be written again */
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int set_up(void **state)
{
	(void) state;
	if (!mkdtemp(folder))
		return -1;
	(void) snprintf(path, sizeof path, "%s/imap", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	(void) unlink(path);
	return rmdir(folder);
}

static const struct content {
	const char *why;
	const char *bytes;
	size_t n;
	int r;
	const char *expected;
} contents[] = {
	{ "one line", "pw\n", 3, 0, "pw" },
	{ "line end of another system", "pw\r\n", 4, 0, "pw" },
	{ "no line end", "p w ", 4, 0, "p w " },
	{ "two line ends: only one is ours to cut", "pw\n\n", 4, -EINVAL, NULL },
	{ "two lines", "a\nb\n", 4, -EINVAL, NULL },
	{ "NUL inside", "a\0b", 3, -EINVAL, NULL },
	{ "empty", "", 0, -EINVAL, NULL },
	{ "only a line end", "\n", 1, -EINVAL, NULL },
};

static void contents_are_checked(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
		const struct content *c = &contents[i];
		struct fault f = { 0 };
		char *secret = NULL;
		int r;

		write_file(c->bytes, c->n, 0600);
		r = config_secret("imap", folder, &secret, &f);
		if (r != c->r)
			fail_msg("%s: %d, %s", c->why, r, f.text);
		if (r == 0)
			assert_string_equal(secret, c->expected);
		else
			assert_null(secret);
		config_secret_free(secret);
	}
}

static void length_is_bounded(void **state)
{
	char bytes[CONFIG_SECRET_MAX + 8];
	char *secret = NULL;
	struct fault f;

	(void) state;
	memset(bytes, 'x', sizeof bytes);
	bytes[CONFIG_SECRET_MAX] = '\r';
	bytes[CONFIG_SECRET_MAX + 1] = '\n';
	write_file(bytes, CONFIG_SECRET_MAX + 2, 0600);
	assert_int_equal(config_secret("imap", folder, &secret, &f), 0);
	assert_int_equal(strlen(secret), CONFIG_SECRET_MAX);
	config_secret_free(secret);
	bytes[CONFIG_SECRET_MAX] = 'x';
	write_file(bytes, CONFIG_SECRET_MAX + 2, 0600);
	assert_int_equal(config_secret("imap", folder, &secret, &f), -EINVAL);
	bytes[CONFIG_SECRET_MAX + 1] = 'x';
	write_file(bytes, sizeof bytes, 0600);
	assert_int_equal(config_secret("imap", folder, &secret, &f), -EINVAL);
}

static void a_file_of_ours_must_be_private(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0610 };
	char *secret = NULL;
	struct fault f;

	(void) state;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		write_file("pw", 2, modes[i]);
		assert_int_equal(config_secret(path, NULL, &secret, &f), -EPERM);
		assert_non_null(strstr(f.text, "chmod 600"));
	}
	write_file("pw", 2, 0400);
	assert_int_equal(config_secret(path, NULL, &secret, &f), 0);
	config_secret_free(secret);
	/* systemd gives credentials mode 0440 where the service has a group. */
	write_file("pw", 2, 0440);
	assert_int_equal(config_secret("imap", folder, &secret, &f), 0);
	config_secret_free(secret);
}

static void faults_say_what_to_do(void **state)
{
	char *secret = NULL;
	struct fault f;

	(void) state;
	assert_int_equal(config_secret("imap", NULL, &secret, &f), -ENOENT);
	assert_non_null(strstr(f.text, "LoadCredential=imap:"));
	assert_int_equal(f.kind, FAULT_CONFIG);
	assert_int_equal(config_secret("smtp", folder, &secret, &f), -ENOENT);
	assert_non_null(strstr(f.text, "smtp"));
	assert_int_equal(config_secret("../imap", folder, &secret, &f), -EINVAL);
	assert_int_equal(config_secret("..", folder, &secret, &f), -EINVAL);
	assert_int_equal(config_secret("", folder, &secret, &f), -EINVAL);
	assert_int_equal(config_secret(folder, NULL, &secret, &f), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contents_are_checked),
		cmocka_unit_test(length_is_bounded),
		cmocka_unit_test(a_file_of_ours_must_be_private),
		cmocka_unit_test(faults_say_what_to_do),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
