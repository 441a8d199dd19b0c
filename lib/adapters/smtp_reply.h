/* smtp_reply.h - collects an SMTP reply, line by line (RFC 5321 s.4.2). */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_SMTP_REPLY_H
#define ADAPTERS_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SMTP_REPLY_RAW_MAX = 1024, /* of all lines of a reply together; the rest is dropped */
};

struct smtp_reply {
	unsigned code;	 /* of the last whole reply; 0: none yet */
	char status[16]; /* its enhanced status code (RFC 2034), "" */
	bool open;	 /* a line with "250-" came, more follow */
	char raw[SMTP_REPLY_RAW_MAX];
	size_t n;
};

void smtp_reply_init(struct smtp_reply *r);

/* Takes one line with its line end. The first line after a whole reply begins another one. What is
 * no reply line is passed over. */
void smtp_reply_add(struct smtp_reply *r, const char *line, size_t n);

/* The largest mail that a line of the answer to EHLO announces, in bytes (RFC 1870 s.3); 0: the line is
 * about something else, or there is no fixed bound. */
uint64_t smtp_reply_size(const char *line, size_t n);

/* The words of the lines, without codes, as one clean line of UTF-8. Return: 0; -ENOMEM. */
int smtp_reply_text(const struct smtp_reply *r, char *buf, size_t size);

#endif
