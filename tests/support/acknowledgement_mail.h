/* acknowledgement_mail.h - an acknowledgement of the tests, and how a mail program would show it. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_ACKNOWLEDGEMENT_MAIL_H
#define SUPPORT_ACKNOWLEDGEMENT_MAIL_H

#include "domain/acknowledgement.h"

struct acknowledgement_mail {
	char *bytes;
	size_t n;
};

struct acknowledgement acknowledgement_mail_sample(const struct acknowledgement_template *t);

struct acknowledgement_template *acknowledgement_mail_template(
	const char *text, enum acknowledgement_kind kind);

struct acknowledgement_mail acknowledgement_mail_build(const struct acknowledgement *a);

/* Every line ends in CRLF, none is too long, every byte is printable ASCII. */
void acknowledgement_mail_check(const struct acknowledgement_mail *m);

/* The value of a header, unfolded; "" : there is none. There must not be two. */
void acknowledgement_mail_header(
	const struct acknowledgement_mail *m, const char *name, char ret[static 4096]);

/* The body as a reader shows it: quoted-printable decoded, flowed lines joined. */
void acknowledgement_mail_body(const struct acknowledgement_mail *m, char ret[static 8192]);

#endif
