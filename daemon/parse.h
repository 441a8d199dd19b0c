/* parse.h - the parse role: reads mails behind a wall (daemon/wall.h).
 *
 * register -> parse
 *   read    id, truncated (bool); memfd: the raw mail
 *
 * parse -> register, in the order of the reads
 *   letter  id; memfd: letter_record_encode()
 *   failed  id, text: memory was short
 *
 * It has no secret, no file and no socket but the channel. A mail may kill it: register starts
 * another one and gives it the unanswered mails one at a time. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_PARSE_H
#define DAEMON_PARSE_H

enum {
	PARSE_CREDIT = 16,	    /* reads on the way without an answer */
	PARSE_MAILS_A_LIFE = 20000, /* register replaces the process after that many */
	PARSE_SECONDS_A_MAIL = 20,  /* wall time before register kills it */
};

/* Runs the role on its end of the channel until EOF. Return: exit status. */
int parse_main(int channel);

#endif
