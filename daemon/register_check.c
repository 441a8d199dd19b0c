/* register_check.c - foimaild --check: what is wrong with the configuration, for a person. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "adapters/config.h"
#include "daemon/register.h"
#include "daemon/register_load.h"

enum {
	WHERE_MAX = 256,
};

static void print_mistake(void *context, const char *text)
{
	(void) context;
	(void) fprintf(stderr, "%s\n", text);
}

static int check_secret(const char *where, const char *credential, const char *dir)
{
	struct fault f = { 0 };
	char *secret;
	int r;

	if (*credential != '/' && !dir) {
		(void) fprintf(stderr,
			"%s credential: not looked at: systemd gives it only to the service\n",
			where);
		return 0;
	}
	r = config_secret(credential, dir, &secret, &f);
	if (r < 0) {
		(void) fprintf(stderr, "%s credential: %s\n", where, f.text);
		return r;
	}
	config_secret_free(secret);
	return 0;
}

static int check_mailbox(const struct config_mailbox *m, const char *dir)
{
	char where[WHERE_MAX];

	(void) snprintf(where, sizeof where, "[mailbox %s]", m->name); /* a long name is cut */
	return m->auth == CONFIG_AUTH_NONE ? 0 : check_secret(where, m->credential, dir);
}

int register_check(const struct register_options *options)
{
	struct loaded l = { 0 };
	int bad = 0;

	if (loaded_load(options->config_path, print_mistake, NULL, NULL, &l) < 0)
		return EXIT_FAILURE;
	for (size_t i = 0; i < l.conf->n_mailboxes; i++)
		if (check_mailbox(&l.conf->mailboxes[i], options->credentials_dir) < 0)
			bad = 1;
	if (*l.conf->smtp_user &&
		check_secret("[smtp]", l.conf->smtp_credential, options->credentials_dir) < 0)
		bad = 1;
	loaded_done(&l);
	if (!bad)
		(void) printf("%s: no mistake found\n", options->config_path);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
