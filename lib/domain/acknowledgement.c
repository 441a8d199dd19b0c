/* acknowledgement.c - the mail that tells a requester the reference and the dates.
 *
 * Security: the recipient, In-Reply-To and References come from a stranger's mail. The recipient is
 * refused unless it is one plain addr-spec; an id that is not "<left@right>" in visible ASCII is
 * left out. Of what the stranger wrote nothing else gets in. */
/* SPDX-License-Identifier: MIT */
#include "domain/acknowledgement.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/acknowledgement_template.h"
#include "domain/mail_encoding.h"
#include "domain/reference.h"

enum {
	NAME_MAX_BYTES = 255,
	SUBJECT_MAX = 900,
};

/* Names the value but not what it holds: the text goes to the journal. */
static int refuse(struct fault *f, const char *what)
{
	return fault_set(f, -EINVAL, "the %s cannot stand in a header", what);
}

static int check(const struct acknowledgement *a, struct fault *f)
{
	if (!mail_is_address(a->to))
		return refuse(f, "recipient");
	if (!mail_is_address(a->from))
		return refuse(f, "sender");
	if (!mail_is_one_line(a->from_name) || strlen(a->from_name) > NAME_MAX_BYTES)
		return refuse(f, "sender's name");
	if (!mail_is_one_line(a->reference) || !a->reference[0] ||
		strlen(a->reference) >= REFERENCE_MAX)
		return refuse(f, "reference");
	if (!mail_is_one_line(a->parent) || strlen(a->parent) >= REFERENCE_MAX)
		return refuse(f, "parent's reference");
	if (!mail_is_id(a->message_id) || !mail_is_id(a->thread_token))
		return refuse(f, "Message-ID");
	if (a->regime >= STATUTE_REGIME_COUNT)
		return fault_set(f, -EINVAL, "no such regime");
	return 0;
}

static void write_id(FILE *out, const char *id)
{
	(void) fprintf(
		out, "\r\n %s", id); /* ferror() in acknowledgement_build(), here and below */
}

/* RFC 3834 s.3.1.5 with RFC 5322 s.3.6.4: the references of what is answered, that mail, and our
 * token last, where no reader that shortens the list cuts it away. */
static void write_references(const struct acknowledgement *a, FILE *out)
{
	size_t first = a->n_references > ACKNOWLEDGEMENT_REFERENCES_MAX
			       ? a->n_references - ACKNOWLEDGEMENT_REFERENCES_MAX
			       : 0;

	(void) fputs("References:", out);
	for (size_t i = first; i < a->n_references; i++)
		if (mail_is_id(a->references[i]) && strcmp(a->references[i], a->in_reply_to) != 0)
			write_id(out, a->references[i]);
	if (mail_is_id(a->in_reply_to))
		write_id(out, a->in_reply_to);
	write_id(out, a->thread_token);
	(void) fputs("\r\n", out);
}

/* RFC 3834 s.3 and, for Exchange, which does not know it, X-Auto-Response-Suppress. */
static void write_headers(const struct acknowledgement *a, const char *subject, FILE *out)
{
	mail_write_mailbox(out, "From", a->from_name, a->from);
	mail_write_mailbox(out, "To", "", a->to);
	mail_write_text(out, "Subject", subject);
	mail_write_date(out, a->date);
	(void) fprintf(out, "Message-ID:\r\n %s\r\n", a->message_id);
	if (mail_is_id(a->in_reply_to))
		(void) fprintf(out, "In-Reply-To:\r\n %s\r\n", a->in_reply_to);
	write_references(a, out);
	(void) fputs("Auto-Submitted: auto-replied\r\n"
		     "X-Auto-Response-Suppress: All\r\n"
		     "MIME-Version: 1.0\r\n"
		     "Content-Type: text/plain; charset=UTF-8; format=flowed\r\n"
		     "Content-Transfer-Encoding: quoted-printable\r\n"
		     "\r\n",
		out);
}

static int write_mail(
	const struct acknowledgement *a, const char *subject, const char *body, FILE *out)
{
	write_headers(a, subject, out);
	return mail_write_body(out, body);
}

int acknowledgement_build(
	const struct acknowledgement *a, char **ret, size_t *ret_n, struct fault *f)
{
	CLEANUP(freep) char *subject = NULL;
	CLEANUP(freep) char *body = NULL;
	CLEANUP(freep) char *mail = NULL;
	size_t n = 0;
	FILE *out;
	int r = check(a, f);

	if (r < 0)
		return r;
	if (acknowledgement_fill_subject(a, &subject) < 0 ||
		acknowledgement_fill_body(a, &body) < 0)
		return fault_set(f, -ENOMEM, "no memory");
	if (!mail_is_one_line(subject) || strlen(subject) > SUBJECT_MAX)
		return refuse(f, "subject");
	out = open_memstream(&mail, &n);
	if (!out)
		return fault_set(f, -ENOMEM, "no memory");
	r = write_mail(a, subject, body, out);
	if (ferror(out))
		r = -ENOMEM;
	if (fclose(out) != 0 || r < 0)
		return fault_set(f, -ENOMEM, "no memory");
	*ret = TAKE_PTR(mail);
	*ret_n = n;
	return 0;
}
