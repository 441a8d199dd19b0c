/* worker_role.h - small roles for the tests of worker: what a re-executed test program plays. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_WORKER_ROLE_H
#define SUPPORT_WORKER_ROLE_H

/**
 * worker_role_play - play the role that the command line asks for.
 *
 * "echo" sends every record back, with its descriptor, until EOF. "talker" says what it has to say
 * and dies by SIGUSR1. "junk" breaks a rule between two good records. "forbidden" sends what its
 * taker refuses. "step-MS" announces a step of that many milliseconds and does nothing more.
 * "steps" announces steps with and without a set. "flood" never stops sending. "deaf" never reads.
 * "staller" announces an hour when it sees EOF. "quick" fails at once. "self" tells what it was
 * born with.
 *
 * Return: the exit status; -1 when @argv asks for no role.
 */
int worker_role_play(int argc, char **argv);

#endif
