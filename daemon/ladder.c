/* ladder.c - how much of a mail its reader is given, and for how long. */
/* SPDX-License-Identifier: MIT */
#include "daemon/ladder.h"

#include "base/sanitizer.h"

enum {
	HEADER_MAX = LETTER_HEADER_BYTES_MAX, /* of MAIL_HEADER_ONLY: a header may be the poison */
	SLOWNESS = HAS_SANITIZER ? 10 : 1,    /* of a reader */
};

uint64_t ladder_msec(enum mail_share share)
{
	static const uint64_t msec[] = {
		[MAIL_WHOLE] = 1200,
		[MAIL_ALONE] = 1800,
		[MAIL_HEADER_ONLY] = 500,
		[MAIL_UNREADABLE] = 0,
	};

	return msec[share] * SLOWNESS;
}

/* Bytes up to and including the empty line behind the header; all if there is none. */
static size_t header_bytes(const char *s, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (s[i] != '\n')
			continue;
		if (s[i + 1] == '\n')
			return i + 2;
		if (i + 2 < n && s[i + 1] == '\r' && s[i + 2] == '\n')
			return i + 3;
	}
	return n;
}

int ladder_cut(const struct sealed *raw)
{
	size_t n = raw->n < HEADER_MAX ? raw->n : HEADER_MAX;

	return sealed_new("header", raw->bytes, header_bytes(raw->bytes, n));
}

void ladder_mark(struct letter *l)
{
	l->marks.is_header_only = true;
	letter_add_warning(l, "Only the header could be read; a person must open the mail in the "
			      "mailbox.");
}
