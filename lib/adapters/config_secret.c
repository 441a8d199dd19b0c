/* config_secret.c - passwords, from systemd's credentials or from a private file. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"

static void secret_freep(char **secret)
{
	config_secret_free(*secret);
}

void config_secret_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

static int find_path(
	const char *credential, const char *credentials_dir, char **ret, struct fault *f)
{
	int n;

	if (*credential == '/') {
		n = asprintf(ret, "%s", credential);
	} else if (!*credential || strchr(credential, '/') || strcmp(credential, "..") == 0) {
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "credential has no valid name");
	} else if (!credentials_dir) {
		return fault_set_kind(f, FAULT_CONFIG, -ENOENT,
			"systemd gave no credential %s; add LoadCredential=%s:FILE to the unit, or "
			"give the path of a private file",
			credential, credential);
	} else {
		n = asprintf(ret, "%s/%s", credentials_dir, credential);
	}
	if (n >= 0)
		return 0;
	*ret = NULL; /* asprintf() leaves rubbish */
	return fault_set(f, -ENOMEM, "no memory");
}

/* systemd's own folder is closed to others whatever the mode of a file in it says. */
static int check_private(int fd, bool is_file, const char *credential, struct fault *f)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fault_set_kind(
			f, FAULT_CONFIG, -errno, "credential %s: %s", credential, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fault_set_kind(
			f, FAULT_CONFIG, -EINVAL, "credential %s: is no regular file", credential);
	if (is_file && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return fault_set_kind(f, FAULT_CONFIG, -EPERM,
			"credential %s: others than its owner may use the file; run chmod 600 on "
			"it",
			credential);
	return 0;
}

/* Cuts one line end. What is left must be a C string of one line. */
static int check_secret(char *secret, size_t n, const char *credential, struct fault *f)
{
	bool is_long = n > CONFIG_SECRET_MAX + 2;

	if (n > 0 && secret[n - 1] == '\n')
		n--;
	if (n > 0 && secret[n - 1] == '\r')
		n--;
	if (is_long || n > CONFIG_SECRET_MAX)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"credential %s: is longer than %d bytes", credential,
			(int) CONFIG_SECRET_MAX);
	if (n == 0)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"credential %s: is empty; put the password into it", credential);
	if (memchr(secret, '\0', n) || memchr(secret, '\n', n))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"credential %s: must be one line of text", credential);
	explicit_bzero(secret + n, CONFIG_SECRET_MAX + 4 - n);
	return 0;
}

int config_secret(const char *credential, const char *credentials_dir, char **ret, struct fault *f)
{
	CLEANUP(secret_freep) char *secret = NULL;
	CLEANUP(freep) char *path = NULL;
	CLEANUP(closep) int fd = -1;
	size_t n = 0;
	int r = find_path(credential, credentials_dir, &path, f);

	if (!path)
		return r;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return fault_set_kind(f, FAULT_CONFIG, -errno,
			"credential %s: %s; check LoadCredential= of the unit, or the path",
			credential, strerror(errno));
	r = check_private(fd, *credential == '/', credential, f);
	if (r < 0)
		return r;
	/* One line end of two bytes, one byte to notice more, the NUL. */
	secret = calloc(1, CONFIG_SECRET_MAX + 4);
	if (!secret)
		return fault_set(f, -ENOMEM, "no memory");
	r = io_read(fd, secret, CONFIG_SECRET_MAX + 3, &n);
	if (r < 0)
		return fault_set_kind(
			f, FAULT_CONFIG, r, "credential %s: %s", credential, strerror(-r));
	r = check_secret(secret, n, credential, f);
	if (r == 0)
		*ret = TAKE_PTR(secret);
	return r;
}
