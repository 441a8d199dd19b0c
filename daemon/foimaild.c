/* foimaild.c - the daemon's command line. */
/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/register.h"
#include "daemon/role.h"

enum {
	EXIT_USAGE = 2,
};

static const char help[] =
	"Usage: foimaild [--config FILE] [--check | --once | --observe] [--debug]\n"
	"\n"
	"Watches a Freedom of Information mailbox, opens a case for each request and each demand\n"
	"for an internal review, and acknowledges it.\n"
	"\n"
	"  -c, --config FILE  the configuration; /etc/foimaild/foimaild.conf if not given\n"
	"      --check        say what is wrong with the configuration, then end\n"
	"      --once         take in everything, send everything due, print the counts, then end\n"
	"                     (exit status 0: nothing is left over)\n"
	"      --observe      say what would be done with each mail: no numbers, no mail, no "
	"change\n"
	"      --debug        write more to the journal\n"
	"  -h, --help         this text\n"
	"      --version      the version\n"
	"\n"
	"See foimaild(8), foimaild.conf(5) and foictl(1).\n";

enum {
	OPTION_CHECK = 256,
	OPTION_ONCE,
	OPTION_OBSERVE,
	OPTION_DEBUG,
	OPTION_VERSION,
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "once", no_argument, NULL, OPTION_ONCE },
	{ "observe", no_argument, NULL, OPTION_OBSERVE },
	{ "debug", no_argument, NULL, OPTION_DEBUG },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* What the command line asks for. */
struct request {
	struct register_options options;
	bool check;
	int exit_status; /* -1: go on */
};

static int tell_and_end(const char *text)
{
	(void) fputs(text, stdout);
	return EXIT_SUCCESS;
}

static void take_option(int option, struct request *r)
{
	switch (option) {
	case 'c':
		r->options.config_path = optarg;
		break;
	case OPTION_CHECK:
		r->check = true;
		break;
	case OPTION_ONCE:
		r->options.once = true;
		break;
	case OPTION_OBSERVE:
		r->options.observe = true;
		break;
	case OPTION_DEBUG:
		r->options.debug = true;
		break;
	case 'h':
		r->exit_status = tell_and_end(help);
		break;
	case OPTION_VERSION:
		r->exit_status = tell_and_end("foimaild " FOIMAILD_VERSION "\n");
		break;
	default: /* getopt_long() has said what is wrong */
		(void) fputs("Try `foimaild --help`.\n", stderr);
		r->exit_status = EXIT_USAGE;
	}
}

int main(int argc, char **argv)
{
	struct request r = { .options = { .config_path = "/etc/foimaild/foimaild.conf",
				     .credentials_dir = getenv("CREDENTIALS_DIRECTORY") },
		.exit_status = role_run(argc, argv) };
	int option;

	if (r.exit_status >= 0)
		return r.exit_status;
	while (r.exit_status < 0 &&
		(option = getopt_long(argc, argv, "c:h", long_options, NULL)) != -1)
		take_option(option, &r);
	if (r.exit_status < 0 && optind < argc) {
		(void) fprintf(
			stderr, "foimaild: %s: there are no arguments but options\n", argv[optind]);
		r.exit_status = EXIT_USAGE;
	}
	if (r.exit_status >= 0)
		return r.exit_status;
	return r.check ? register_check(&r.options) : register_run(&r.options);
}
