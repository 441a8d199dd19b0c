/* role.h - the roles that one binary can play, and how a worker begins its life. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_ROLE_H
#define DAEMON_ROLE_H

enum {
	ROLE_CHANNEL_FD = 3, /* a worker's end of its channel */
};

/**
 * role_run - be the worker that the command line asks for.
 *
 * A worker is started as `PROGRAM --role=NAME --parent=PID`, never by a person.
 *
 * Return: the exit status of the role; -1 when @argv asks for no role.
 */
int role_run(int argc, char **argv);

#endif
