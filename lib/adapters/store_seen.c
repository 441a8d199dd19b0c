/* store_seen.c - whether a mail was here before.
 *
 * Security: a Message-ID, a sender and a Date are what anybody writes. Each question names all that
 * it asks for in one index, so that a million mails made to look alike cost no more than one. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_seen.h"

#include <stdio.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

/* Fills @ret from the row that @q finds, if it finds one. Return: 1 found; 0 not. */
static int read_seen(struct store *s, sqlite3_stmt *q, struct store_seen *ret, struct fault *f)
{
	struct store_seen seen = { 0 };
	int r = store_step(s, q, f);

	if (r <= 0)
		return r;
	seen.message = sqlite3_column_int64(q, 0);
	seen.case_id = sqlite3_column_int64(q, 1);
	r = store_column_day(q, 2, &seen.received, f);
	if (r < 0)
		return r;
	(void) snprintf(
		seen.mailbox, sizeof seen.mailbox, "%s", store_column_text(q, 3)); /* bounded */
	*ret = seen;
	return 1;
}

/* Return: 1 found; 0 not. */
static int ask_seen(struct store *s, enum store_sql sql, const struct store_param *params, size_t n,
	struct store_seen *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = store_query_params(s, sql, params, n, &q, f);

	return r < 0 ? r : read_seen(s, q, ret, f);
}

#define ASK_SEEN(s, sql, ret, f, ...) ask_seen(s, sql, STORE_PARAMS(__VA_ARGS__), ret, f)

static int seen_by_id(
	struct store *s, const struct store_identity *mail, struct store_seen *ret, struct fault *f)
{
	int r = ASK_SEEN(s, STORE_SQL_SEEN_SAME, ret, f, store_key_text(mail->message_id),
		store_text(mail->content), store_int(mail->date), store_text(mail->sender));

	ret->is_same = r > 0;
	return r != 0 ? r : ASK_SEEN(s, STORE_SQL_SEEN, ret, f, store_key_text(mail->message_id));
}

static int seen_nameless(
	struct store *s, const struct store_identity *mail, struct store_seen *ret, struct fault *f)
{
	int r = ASK_SEEN(s, STORE_SQL_SEEN_NAMELESS_SAME, ret, f, store_text(mail->content),
		store_text(mail->sender), store_int(mail->date), store_int(mail->internaldate));

	ret->is_same = r > 0;
	if (r != 0)
		return r;
	r = ASK_SEEN(s, STORE_SQL_SEEN_NAMELESS, ret, f, store_text(mail->content),
		store_text(mail->sender), store_int(mail->date));
	ret->is_same = r > 0 && mail->date != 0;
	return r;
}

int store_seen(
	struct store *s, const struct store_identity *mail, struct store_seen *ret, struct fault *f)
{
	struct store_seen seen = { 0 };
	int r = *mail->message_id ? seen_by_id(s, mail, &seen, f)
				  : seen_nameless(s, mail, &seen, f);

	if (r < 0)
		return r;
	*ret = seen;
	return 0;
}

int store_seen_platform(
	struct store *s, const char *platform_message, struct store_seen *ret, struct fault *f)
{
	struct store_seen seen = { 0 };
	int r = ASK_SEEN(s, STORE_SQL_SEEN_PLATFORM, &seen, f, store_key_text(platform_message));

	if (r < 0)
		return r;
	*ret = seen;
	return 0;
}
