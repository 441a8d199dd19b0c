/* imap_script.h - a small IMAP server on loopback that says what a script tells it to.
 *
 * A script is a list of texts ended by NULL; the first two characters say what each one is:
 *   "S:text"    the server says text and CRLF; "%t" is the tag of the last command
 *   "S-text"    the same without CRLF
 *   "C:pattern" the client says a tag and a line that matches pattern (fnmatch)
 *   "C-pattern" the client says a line without a tag
 *   "B:"        the client says the literal that its last line announced, and CRLF
 *   "G:"        wait until the test opens the gate
 *   "H:"        say nothing until the client hangs up
 *   "X:"        hang up
 * After the last one the server hangs up. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_IMAP_SCRIPT_H
#define TESTS_IMAP_SCRIPT_H

#include <sys/types.h>

/* What libcurl says and hears before the stream is ours, and what the adapter asks after that. */
#define IMAP_SCRIPT_HELLO_AS(capabilities)                                                         \
	"S:* OK ready", "C:CAPABILITY", "S:* CAPABILITY IMAP4rev1 " capabilities, "S:%t OK done",  \
		"C:CAPABILITY", "S:* CAPABILITY IMAP4rev1 " capabilities, "S:%t OK done"
#define IMAP_SCRIPT_HELLO IMAP_SCRIPT_HELLO_AS("IDLE MOVE UIDPLUS")

/* SELECT of a folder with @exists mails, UIDVALIDITY 7. */
#define IMAP_SCRIPT_SELECT(exists)                                                                 \
	"C:SELECT \"INBOX\"", "S:* " exists " EXISTS", "S:* OK [UIDVALIDITY 7] ok",                \
		"S:* OK [UIDNEXT 100] ok", "S:%t OK [READ-WRITE] done"

struct imap_script {
	char url[64]; /* imap://127.0.0.1:port */
	pid_t pid;
	int gate;
};

/* Starts the server: one connection a script, in their order (ended by NULL). */
void imap_script_start(struct imap_script *s, const char *const *const *scripts);
void imap_script_open_gate(struct imap_script *s);

/* Waits for its end. Return: 0 when every line was said and heard as written; else it has told
 * on standard error what was not. */
int imap_script_end(struct imap_script *s);

#endif
