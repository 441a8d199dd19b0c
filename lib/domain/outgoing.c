/* outgoing.c - one mail of ours: its headers and its text, in seven bits.
 *
 * Security: recipient, In-Reply-To and References may come from a stranger's mail. The recipient is
 * refused unless it is one plain addr-spec; an id that is not "<left@right>" in visible ASCII is
 * left out. */
/* SPDX-License-Identifier: MIT */
#include "domain/outgoing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/mail_encoding.h"

enum {
	NAME_MAX_BYTES = 255,
};

/* Names the value but not what it holds: the text goes to the journal. */
static int refuse(struct fault *f, const char *what)
{
	return fault_set(f, -EINVAL, "the %s cannot stand in a header", what);
}

static int check(const struct outgoing *m, struct fault *f)
{
	if (!mail_is_address(m->to))
		return refuse(f, "recipient");
	if (!mail_is_address(m->from))
		return refuse(f, "sender");
	if (!mail_is_one_line(m->from_name) || strlen(m->from_name) > NAME_MAX_BYTES)
		return refuse(f, "sender's name");
	if (!mail_is_id(m->message_id) || !mail_is_id(m->thread_token))
		return refuse(f, "Message-ID");
	if (!mail_is_one_line(m->subject) || strlen(m->subject) > OUTGOING_SUBJECT_MAX)
		return refuse(f, "subject");
	return 0;
}

static void write_id(FILE *out, const char *id)
{
	(void) fprintf(out, "\r\n %s", id); /* ferror() in outgoing_build(), here and below */
}

/* RFC 3834 s.3.1.5 with RFC 5322 s.3.6.4: the references of what is answered, that mail, and our
 * token last, where no reader that shortens the list cuts it away. */
static void write_references(const struct outgoing *m, FILE *out)
{
	size_t first = m->n_references > OUTGOING_REFERENCES_MAX
			       ? m->n_references - OUTGOING_REFERENCES_MAX
			       : 0;

	(void) fputs("References:", out);
	for (size_t i = first; i < m->n_references; i++)
		if (mail_is_id(m->references[i]) && strcmp(m->references[i], m->in_reply_to) != 0)
			write_id(out, m->references[i]);
	if (mail_is_id(m->in_reply_to))
		write_id(out, m->in_reply_to);
	write_id(out, m->thread_token);
	(void) fputs("\r\n", out);
}

/* RFC 3834 s.3 and, for Exchange, which does not know it, X-Auto-Response-Suppress. */
static void write_headers(const struct outgoing *m, FILE *out)
{
	mail_write_mailbox(out, "From", m->from_name, m->from);
	mail_write_mailbox(out, "To", "", m->to);
	mail_write_text(out, "Subject", m->subject);
	mail_write_date(out, m->date);
	(void) fprintf(out, "Message-ID:\r\n %s\r\n", m->message_id);
	if (mail_is_id(m->in_reply_to))
		(void) fprintf(out, "In-Reply-To:\r\n %s\r\n", m->in_reply_to);
	write_references(m, out);
	(void) fprintf(out,
		"Auto-Submitted: %s\r\n"
		"X-Auto-Response-Suppress: All\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=UTF-8; format=flowed\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n",
		m->auto_submitted);
}

int outgoing_build(const struct outgoing *m, char **ret, size_t *ret_n, struct fault *f)
{
	CLEANUP(freep) char *mail = NULL;
	size_t n = 0;
	FILE *out;
	int r = check(m, f);

	if (r < 0)
		return r;
	out = open_memstream(&mail, &n);
	if (!out)
		return fault_set(f, -ENOMEM, "no memory");
	write_headers(m, out);
	r = mail_write_body(out, m->body);
	if (ferror(out))
		r = -ENOMEM;
	if (fclose(out) != 0 || r < 0)
		return fault_set(f, -ENOMEM, "no memory");
	*ret = TAKE_PTR(mail);
	*ret_n = n;
	return 0;
}
