/* holidays_feed.h - fetches a file of bank holidays over HTTPS.
 *
 * One request, blocking, bounded in time and size. It does not read the file: holidays_parse()
 * does. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_HOLIDAYS_FEED_H
#define ADAPTERS_HOLIDAYS_FEED_H

#include <stdbool.h>
#include <stddef.h>

struct fault;

enum {
	HOLIDAYS_FEED_MS = 120 * 1000, /* for everything */
	HOLIDAYS_FEED_TAG_MAX = 256,   /* bytes of an ETag or a date, with the NUL */
};

/* All borrowed for the call. */
struct holidays_feed_request {
	const char *url;      /* https:// */
	const char *ca_file;  /* "" : the system's */
	const char *etag;     /* as an earlier answer gave it; "" : none */
	const char *modified; /* the same */
};

struct holidays_feed_answer {
	bool is_unchanged; /* the server has what the etag or date says; there are no bytes */
	char *bytes;	   /* owned */
	size_t n;
	char etag[HOLIDAYS_FEED_TAG_MAX]; /* "" : none that can be given back */
	char modified[HOLIDAYS_FEED_TAG_MAX];
};

/**
 * holidays_feed_get - ask for the file, if it has changed.
 * @ret: holidays_feed_done() it
 *
 * Standard: RFC 9110 (HTTP; s.13.1.2 and s.13.1.3: conditional requests).
 * Return:   0; a negative errno of curl_fault(); -EMSGSIZE over HOLIDAYS_FILE_MAX; -EPROTO an answer
 *           that is neither the file nor "not modified", or a way there that is not HTTPS; -ENOENT
 *           no such file there. Transient unless a person must act.
 * Security: the server's certificate is verified in full, of every host that the way leads to, at
 *           most three. What comes is bounded by HOLIDAYS_FILE_MAX while it is read, and never
 *           unpacked. What the server says is repeated in no fault but for its status number.
 */
int holidays_feed_get(const struct holidays_feed_request *request, struct holidays_feed_answer *ret,
	struct fault *f);
void holidays_feed_done(struct holidays_feed_answer *a); /* NULL and zero bytes are fine */

#endif
