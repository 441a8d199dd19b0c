/* triage_results.c - what our mail server found out about the sender's domain (RFC 8601).
 *
 * Security: anyone can write an Authentication-Results header, and what is between its semicolons
 * may hold the sender's own address. Only headers of the configured authserv-id count, and RFC 8601
 * s.5 has that server remove foreign ones with its name. Of what is left any failure counts, but a
 * pass only in the uppermost ones: those that our server wrote last stand above the Received lines
 * of earlier servers, and what a sender wrote stands below. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "domain/triage_view.h"

enum {
	PART_MAX = 512, /* bytes of one "method=result ..." that are looked at */
};

/* ---- one header -------------------------------------------------------------------------------- */

/* The last byte of the comment at @s; NULL: it has no end, so it is none. */
static const char *comment_end(const char *s)
{
	size_t depth = 0;

	for (; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (*s == '(')
			depth++;
		else if (*s == ')' && --depth == 0)
			return s;
	}
	return NULL;
}

static const char *quote_end(const char *s)
{
	for (s++; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (*s == '"')
			return s;
	}
	return NULL;
}

/* Copies @s in small letters, a blank for each comment, and quoted text without what would mean
 * something outside the quotes: a quoted address is the sender's to choose. */
static void make_plain(const char *s, char *ret, size_t room)
{
	size_t n = 0;
	const char *until = NULL; /* the end of a quoted text */

	for (; *s && n + 1 < room; s++) {
		bool is_start = n == 0 || strchr(" \t;", ret[n - 1]);
		const char *end;

		if (until) {
			if (s == until)
				until = NULL;
			else
				ret[n++] = isalnum((unsigned char) *s) || strchr("-._@", *s) ? *s
											     : '_';
		} else if (*s == '(' && is_start && (end = comment_end(s))) {
			ret[n++] = ' ';
			s = end;
		} else if (*s == '"' && (is_start || ret[n - 1] == '=') && (end = quote_end(s))) {
			until = end;
		} else {
			ret[n++] = *s;
		}
	}
	ret[n] = '\0';
	text_lower(ret);
}

static size_t without_last_point(const char *name, size_t n)
{
	return n > 0 && name[n - 1] == '.' ? n - 1 : n;
}

/* Whether @value, plain and behind a ";", was written by @authserv_id; @ret_rest is at the ";" before
 * its first result. */
static bool is_from_server(const char *value, const char *authserv_id, const char **ret_rest)
{
	size_t m = without_last_point(authserv_id, strlen(authserv_id));
	size_t n;

	*ret_rest = value;
	if (text_is_equal_ci(authserv_id, TRIAGE_NAMELESS_SERVER))
		return value[strcspn(value + 1, " \t;=") + 1] == '=';
	value++;
	value += strspn(value, " \t");
	n = without_last_point(value, strcspn(value, " \t;"));
	if (m == 0 || n != m || strncasecmp(value, authserv_id, m) != 0)
		return false;
	*ret_rest = value + strcspn(value, ";");
	return true;
}

/* One "method=result properties". */
struct result {
	char method[32];
	char word[32];
	char rest[PART_MAX]; /* from the word on */
};

/* Reads the result behind the ";" at @s. Return: the next ";", or the end. */
static const char *read_result(const char *s, struct result *ret)
{
	size_t n;

	s++;
	s += strspn(s, " \t");
	n = strcspn(s, " \t=/;");
	(void) snprintf(ret->method, sizeof ret->method, "%.*s", (int) n, s);
	s += n + strcspn(s + n, "=;");
	if (*s == '=')
		s += 1 + strspn(s + 1, " \t");
	n = strcspn(s, ";");
	(void) snprintf(ret->rest, sizeof ret->rest, "%.*s", (int) n, s);
	(void) snprintf(ret->word, sizeof ret->word, "%.*s",
		(int) strspn(ret->rest, "abcdefghijklmnopqrstuvwxyz0123456789"), ret->rest);
	return s + n;
}

/* ---- all headers ------------------------------------------------------------------------------- */

/* The results of one server, from the uppermost down. */
struct results {
	const struct letter *l;
	const char *authserv_id;
	bool uppermost;		      /* end at the Received line of an earlier server */
	size_t i;		      /* the next header */
	bool is_found;		      /* one header of that server was seen */
	char value[LETTER_VALUE_MAX]; /* plain, of the present header */
	const char *at;		      /* its next ";"; NULL: look for the next header */
};

static bool next_header(struct results *r)
{
	for (; r->i < r->l->n_headers; r->i++) {
		const struct letter_header *h = &r->l->headers[r->i];

		if (r->uppermost && r->is_found && text_is_equal_ci(h->name, "Received"))
			return false;
		if (!text_is_equal_ci(h->name, "Authentication-Results"))
			continue;
		r->value[0] = ';';
		make_plain(h->value, r->value + 1, sizeof r->value - 1);
		if (!is_from_server(r->value, r->authserv_id, &r->at))
			continue;
		r->is_found = true;
		r->i++;
		return true;
	}
	return false;
}

static bool next_result(struct results *r, struct result *ret)
{
	while (!r->at || *r->at != ';')
		if (!next_header(r))
			return false;
	r->at = read_result(r->at, ret);
	return true;
}

/* ---- what they say ----------------------------------------------------------------------------- */

/* Whether the result says that the signing or sending domain is @domain. */
static bool is_aligned(const char *result, const char *domain)
{
	static const char *const properties[] = {
		" header.d=", " header.i=", " smtp.mailfrom=", " header.from="
	};

	for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
		const char *s = strstr(result, properties[i]);
		char value[256];
		const char *at;

		if (!s)
			continue;
		s += strlen(properties[i]);
		(void) snprintf(value, sizeof value, "%.*s", (int) strcspn(s, " \t;"), s);
		at = strrchr(value, '@');
		if (text_is_equal_ci(at ? at + 1 : value, domain))
			return true;
	}
	return false;
}

static bool is_method(const struct result *result, const char *const *methods, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(result->method, methods[i]) == 0)
			return true;
	return false;
}

bool triage_is_authenticated(const struct letter *l, const char *authserv_id, const char *domain)
{
	static const char *const methods[] = { "dmarc", "dkim", "spf" };
	struct results r = { .l = l, .authserv_id = authserv_id, .uppermost = true };
	struct result result;

	while (next_result(&r, &result))
		if (is_method(&result, methods, 3) && strcmp(result.word, "pass") == 0 &&
			is_aligned(result.rest, domain))
			return true;
	return false;
}

/* Some servers write what they did with the mail in place of the result; Exchange has a word of its
 * own for all its checks together. */
static const struct meaning {
	const char *method;
	const char *word;
	enum triage_authentication means;
} meanings[] = {
	{ "dmarc", "fail", TRIAGE_AUTHENTICATION_FAIL },
	{ "dmarc", "reject", TRIAGE_AUTHENTICATION_FAIL },
	{ "dmarc", "quarantine", TRIAGE_AUTHENTICATION_FAIL },
	{ "compauth", "fail", TRIAGE_AUTHENTICATION_FAIL },
	{ "dmarc", "pass", TRIAGE_AUTHENTICATION_PASS },
};

static enum triage_authentication meaning_of(const struct result *result)
{
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (strcmp(result->method, meanings[i].method) == 0 &&
			strcmp(result->word, meanings[i].word) == 0)
			return meanings[i].means;
	return TRIAGE_AUTHENTICATION_NONE;
}

enum triage_authentication triage_authentication_of(const struct letter *l, const char *authserv_id)
{
	enum triage_authentication found = TRIAGE_AUTHENTICATION_NONE;
	struct results r = { .l = l, .authserv_id = authserv_id };
	struct result result;

	while (next_result(&r, &result)) {
		enum triage_authentication means = meaning_of(&result);

		if (means == TRIAGE_AUTHENTICATION_FAIL)
			return means;
		if (means == TRIAGE_AUTHENTICATION_PASS)
			found = means;
	}
	return found;
}
