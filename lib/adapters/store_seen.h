/* store_seen.h - whether a mail was here before. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_SEEN_H
#define ADAPTERS_STORE_SEEN_H

#include "adapters/store.h"

/* A mail that we may have already. */
struct store_seen {
	int64_t message;		 /* 0: none */
	int64_t case_id;		 /* of it; 0: none */
	char mailbox[STORE_MAILBOX_MAX]; /* where it was seen first; its name */
	struct day received;		 /* the day of receipt that was proposed for it */
	bool is_same;			 /* it is the same mail; else it only may be */
};

/* What a mail is known by. Borrowed. */
struct store_identity {
	const char *message_id; /* "" : it has none */
	const char *sender;
	int64_t date; /* in its header; 0: none */
	const char *content;
	int64_t internaldate;
};

/**
 * store_seen - whether a mail was here before.
 * @ret: message 0: it was not
 *
 * With a Message-ID the same mail is one whose sender, Date and content are the same too; one of
 * that Message-ID alone is told where there is none such. Without a Message-ID sender, Date and
 * content make it the same, and without a Date the server's own date must be the same besides: a
 * server keeps it when a mail is moved (RFC 9051 s.6.4.7), while a person who sends the same words
 * again sends them later.
 */
int store_seen(struct store *s, const struct store_identity *mail, struct store_seen *ret,
	struct fault *f);

/* By WhatDoTheyKnow's "ogm-<n>@domain"; is_same stays false. */
int store_seen_platform(
	struct store *s, const char *platform_message, struct store_seen *ret, struct fault *f);

#endif
