/* parse.h - the parse role: reads mails behind a wall (daemon/wall.h).
 *
 * register -> parse
 *   read    id, truncated (bool); memfd: the raw mail
 *
 * parse -> register: first of all
 *   ready   its wall is up; a mail that is given before could be blamed for what it is not
 *
 * then, in the order of the reads
 *   letter  id; memfd: letter_record_encode()
 *   failed  id, text: memory was short
 *
 * It has no secret, no file and no socket but the channel. A mail may kill it, and each has a wall
 * time after which register does: see ladder.h. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_PARSE_H
#define DAEMON_PARSE_H

enum {
	PARSE_CREDIT = 16,	    /* reads on the way without an answer */
	PARSE_MAILS_A_LIFE = 20000, /* register replaces the process after that many */
};

/* Runs the role on its end of the channel until EOF. Return: exit status. */
int parse_main(int channel);

#endif
