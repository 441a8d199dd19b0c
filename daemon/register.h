/* register.h - the main process: the only one that writes, and that everything passes through.
 *
 * An event loop that never blocks on a network or on a parser; see register_internal.h for the way
 * of a mail through it. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_H
#define DAEMON_REGISTER_H

#include <stdbool.h>

struct register_options {
	const char *config_path;
	const char *credentials_dir; /* $CREDENTIALS_DIRECTORY; NULL: systemd gave none */
	bool once;    /* take in everything, send everything due, print the counts, end */
	bool observe; /* say what would be done; no numbers, no mail, no change */
	bool debug;
};

/* Runs until told to stop. Return: exit status: 0; 1 failed or, with once, something is left. */
int register_run(const struct register_options *options);

/* Reads the configuration and all that it names, and says what is wrong with it on standard
 * error. Return: exit status. */
int register_check(const struct register_options *options);

#endif
