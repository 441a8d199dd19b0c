/* mail_encoding.h - text as it must be written into a mail of seven bits.
 *
 * What is written here never holds a byte above 126, a bare CR or LF, or a line of more than 76
 * characters; so no server on the way has a reason to change it. Nothing here reads mail. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_MAIL_ENCODING_H
#define DOMAIN_MAIL_ENCODING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
	MAIL_LINE_MAX = 76,	/* RFC 2045 s.6.7, RFC 2047 s.2; without CRLF */
	MAIL_ADDRESS_MAX = 254, /* RFC 5321 s.4.5.3.1.3 */
	MAIL_ID_MAX = 250,	/* bytes of a Message-ID that is carried on */
};

/* Whether @s may stand in a header: UTF-8 without a control character or any kind of line end
 * (also U+0085, U+2028, U+2029). */
bool mail_is_one_line(const char *s);

/* Whether @s is one plain "local@domain", without quotes, comments, blanks; may be UTF-8. */
bool mail_is_address(const char *s);

/* Whether @s is "<left@right>" in visible ASCII. */
bool mail_is_id(const char *s);

/* "Name: value", folded; as RFC 2047 words where it is not plain ASCII. @value is one line. */
void mail_write_text(FILE *out, const char *name, const char *value);

/* "Name: Display Name <address>"; @display may be "". Both are checked by the caller. */
void mail_write_mailbox(FILE *out, const char *name, const char *display, const char *address);

/* "Date: Thu, 14 Jun 2018 10:00:00 +0100", as London's clocks show it. */
void mail_write_date(FILE *out, int64_t date);

/**
 * mail_write_body - text as quoted-printable, format=flowed.
 * @text: UTF-8, LF line ends
 *
 * Lines of a paragraph are joined and broken anew, so that a narrow screen can flow them; a line
 * that begins with a space stays by itself, one that begins with "-" begins anew. Control
 * characters are left out.
 *
 * Standard: RFC 2045 s.6.7, RFC 3676 s.4 (DelSp=no; space-stuffing).
 * Return:   0; -ENOMEM. Failures of @out are left to its ferror().
 */
int mail_write_body(FILE *out, const char *text);

#endif
