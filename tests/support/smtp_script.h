/* smtp_script.h - an SMTP server that plays a script to the letter, on loopback, in plain text.
 *
 * A script is a list of lines ended by NULL:
 *   "S: 250 ok"      send that line (CR LF is added)
 *   "C: MAIL FROM:"  read a line that must begin so
 *   "= ..dot"        read a line that must be exactly so
 *   "mail"           read lines up to the lone dot
 *   "read 65536"     read that many bytes
 *   "close"          close the connection
 *   "reset"          break it off (RST)
 *   "wait"           say nothing until the client goes away
 *   "hold"           go on only after smtp_script_release()
 *   "accept"         take the next connection; the first is taken by itself
 * The server is a child process, so that a client that hangs can be left to its deadline. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_SMTP_SCRIPT_H
#define SUPPORT_SMTP_SCRIPT_H

#include <stdbool.h>
#include <sys/types.h>

#include "adapters/smtp.h"

struct smtp_script {
	pid_t pid;
	int gate;     /* the test's end */
	char url[64]; /* smtp://127.0.0.1:PORT */
};

/* Starts it, listening on return. Fails the test when it cannot. */
void smtp_script_start(struct smtp_script *s, const char *const *lines);

/* Waits for its end. Return: 0 the client did what the script says, to its last line; else the
 * number of the line, from 1, at which it did not. */
int smtp_script_end(struct smtp_script *s);

/* Lets it pass one "hold". */
void smtp_script_release(struct smtp_script *s);

/* Stops it before its end. */
void smtp_script_kill(struct smtp_script *s);

/* A client of ours; the caller closes it. */
struct smtp *smtp_script_client(const char *url, const char *user, bool plaintext);

#endif
