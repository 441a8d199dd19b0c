/* letter_address.c - the mailboxes of an address list.
 *
 * Own code, not libetpan's mailimf_address_list_parse: that one recurses for each '(' and gives
 * the whole list up at the first address that breaks the grammar; mailers break it daily (bare
 * words, unquoted dots and commas, raw 8-bit names). This reader splits first and then takes
 * what it can from each piece.
 *
 * Security: a stranger's header, at most FIELD_VALUE_MAX bytes; one pass, no recursion; ends at
 * LETTER_ADDRESSES_MAX mailboxes. Mailboxes hold no blank, control or bracket characters, so that
 * none can break out of a header or an SMTP command. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "domain/encoded_word.h"
#include "domain/letter_internal.h"

enum {
	MAILBOX_MAX = 320, /* RFC 5321 s.4.5.3.1: 64 + "@" + 255 */
	LOCAL_MAX = 64,
	PHRASE_MAX = 4096,
};

/* One address while it is read. */
struct address {
	struct bytes phrase;  /* outside "<>", with quotes taken off */
	struct bytes bare;    /* the same without blanks, quotes kept: may be a mailbox itself */
	struct bytes route;   /* inside "<>" */
	struct bytes comment; /* inside "()" */
	size_t plain;	      /* bytes of @bare that were looked at and are no "@" */
	bool has_angle;
};

struct scan {
	const char *at;
	const char *end;
};

static void address_init(struct address *a)
{
	*a = (struct address){ 0 };
	bytes_init(&a->phrase, PHRASE_MAX);
	bytes_init(&a->bare, PHRASE_MAX);
	bytes_init(&a->route, PHRASE_MAX);
	bytes_init(&a->comment, PHRASE_MAX);
}

static void address_done(struct address *a)
{
	bytes_done(&a->phrase);
	bytes_done(&a->bare);
	bytes_done(&a->route);
	bytes_done(&a->comment);
}

static void scan_quoted(struct scan *s, struct bytes *plain, struct bytes *raw)
{
	bytes_add_char(raw, '"');
	for (s->at++; s->at < s->end && *s->at != '"'; s->at++) {
		if (*s->at == '\\' && s->at + 1 < s->end) {
			bytes_add_char(raw, '\\');
			s->at++;
		}
		bytes_add_char(plain, *s->at);
		bytes_add_char(raw, *s->at);
	}
	bytes_add_char(raw, '"');
}

static void scan_comment(struct scan *s, struct bytes *out)
{
	size_t depth = 1;

	if (out->n > 0)
		bytes_add_char(out, ' ');
	for (s->at++; s->at < s->end; s->at++) {
		if (*s->at == '(')
			depth++;
		else if (*s->at == ')' && --depth == 0)
			return;
		else if (*s->at == '\\' && s->at + 1 < s->end)
			s->at++;
		bytes_add_char(out, *s->at);
	}
}

static void scan_angle(struct scan *s, struct address *a)
{
	struct bytes ignored;

	/* "<" again in one address: a name in brackets came first. The last pair counts. */
	a->route.n = 0;
	a->has_angle = true;
	bytes_init(&ignored, 0);
	for (s->at++; s->at < s->end && *s->at != '>'; s->at++) {
		if (*s->at == '"')
			scan_quoted(s, &ignored, &a->route);
		else if (*s->at == '(')
			scan_comment(s, &ignored);
		else if (*s->at == '<')
			a->route.n = 0;
		else if (!strchr(" \t\r\n", *s->at))
			bytes_add_char(&a->route, *s->at);
		if (s->at == s->end)
			return;
	}
}

/* Asked at each ":", of which a header may be made. */
static bool has_at_sign(struct address *a)
{
	while (a->plain < a->bare.n && a->bare.at[a->plain] != '@')
		a->plain++;
	return a->plain < a->bare.n;
}

/* Reads up to the "," or ";" behind an address. Return: whether a group's name ended instead. */
static bool scan_address(struct scan *s, struct address *a)
{
	for (; s->at < s->end; s->at++) {
		char c = *s->at;

		if (c == ',' || c == ';')
			return false;
		if (c == ':' && !has_at_sign(a))
			return true;
		if (c == '"')
			scan_quoted(s, &a->phrase, &a->bare);
		else if (c == '(')
			scan_comment(s, &a->comment);
		else if (c == '<')
			scan_angle(s, a);
		else if (c != '>') /* a second one behind "<<a@b>>" */
			bytes_add_char(&a->phrase, c);
		if (!strchr("\"(<> \t\r\n", c))
			bytes_add_char(&a->bare, c);
		if (s->at == s->end)
			return false;
	}
	return false;
}

/* Whether every byte may stand in a mailbox; blanks and brackets only in a quoted local part. */
static bool is_clean(const char *s, size_t n, bool is_quoted)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char) s[i];

		if (c < ' ' || c == 0x7F || c == '<' || c == '>')
			return false;
		if (!is_quoted && (c == ' ' || strchr("(),:;\"[]\\", c)))
			return false;
	}
	return n > 0;
}

static bool is_domain(const char *s, size_t n)
{
	if (n > 2 && s[0] == '[' && s[n - 1] == ']')
		return is_clean(s + 1, n - 2, false) || memchr(s, ':', n);
	return is_clean(s, n, false) && s[0] != '.' && s[0] != '-' && !memchr(s, '@', n);
}

/* The mailbox in @raw, a heap copy; NULL in @ret when there is none. */
static int mailbox_of(struct charset_table *t, const struct bytes *raw, char **ret)
{
	const char *s = raw->n ? raw->at : "";
	size_t n = raw->n;
	const char *colon = n > 0 && *s == '@' ? memchr(s, ':', n) : NULL;
	const char *at;
	CLEANUP(freep) char *text = NULL;
	CLEANUP(freep) char *shown = NULL;
	struct bytes out;
	int r;

	*ret = NULL;
	if (colon) { /* "<@relay:user@host>": RFC 5322 s.4.4 says to ignore the route */
		n -= (size_t) (colon + 1 - s);
		s = colon + 1;
	}
	at = n > 0 ? memrchr(s, '@', n) : NULL;
	if (!at || n > MAILBOX_MAX || at - s > LOCAL_MAX * 4)
		return 0;
	if (!is_clean(s, (size_t) (at - s), *s == '"' && at - s > 2 && at[-1] == '"') ||
		!is_domain(at + 1, n - (size_t) (at + 1 - s)))
		return 0;
	bytes_init(&out, (size_t) MAILBOX_MAX * 3);
	(void) charset_decode(t, NULL, s, n, &out); /* nothing declared: known */
	r = bytes_take(&out, &text, NULL);
	if (r < 0)
		return r;
	text_lower(strrchr(text, '@'));
	r = text_one_line(text, n * 3, &shown);
	if (r < 0)
		return r;
	/* A mailbox with invisible or direction-changing marks is a trap, not an address. */
	if (strcmp(text, shown) == 0)
		*ret = TAKE_PTR(text);
	return 0;
}

static int append(struct letter_address **list, size_t *n, char *name, char *mailbox)
{
	struct letter_address *grown = reallocarray(*list, *n + 1, sizeof *grown);

	if (!grown)
		return -ENOMEM;
	*list = grown;
	grown[(*n)++] = (struct letter_address){ name, mailbox };
	return 0;
}

/* Adds the address that was read, if it is one. */
static int take_address(
	struct reading *rd, const struct address *a, struct letter_address **list, size_t *n)
{
	CLEANUP(freep) char *mailbox = NULL;
	CLEANUP(freep) char *name = NULL;
	const struct bytes *said = a->has_angle && a->phrase.n > 0 ? &a->phrase : &a->comment;
	int r;

	if (a->phrase.is_starved || a->bare.is_starved || a->route.is_starved ||
		a->comment.is_starved)
		return -ENOMEM;
	r = mailbox_of(rd->charsets, a->has_angle ? &a->route : &a->bare, &mailbox);
	if (r < 0 || !mailbox)
		return r;
	r = encoded_word_decode(
		rd->charsets, said->n ? said->at : "", said->n, LETTER_NAME_MAX, &name);
	letter_warn_of_name(rd->letter, r);
	if (r < 0)
		return r;
	r = append(list, n, name, mailbox);
	if (r < 0)
		return r;
	name = NULL;
	mailbox = NULL;
	return 0;
}

static bool is_edge(char c)
{
	return (c >= 0 && c <= ' ') || c == 0x7F || strchr("<>()[]\",;:'", c) != NULL;
}

/* The first thing that looks like a mailbox in a value that breaks the grammar. */
static int rescue(struct reading *rd, struct letter_address **list, size_t *n, const char *value,
	size_t value_n)
{
	const char *end = value + value_n;
	const char *at = value_n ? memchr(value, '@', value_n) : NULL;
	const char *from = at;
	struct address a;
	int r;

	if (!at)
		return 0;
	while (from > value && !is_edge(from[-1]))
		from--;
	while (at < end && !is_edge(*at))
		at++;
	address_init(&a);
	bytes_add(&a.bare, from, (size_t) (at - from));
	r = take_address(rd, &a, list, n);
	address_done(&a);
	return r;
}

int letter_add_addresses(struct reading *rd, struct letter_address **list, size_t *n,
	const char *value, size_t value_n)
{
	struct scan s = { value, value + value_n };
	size_t before = *n;

	while (s.at < s.end) {
		struct address a;
		bool is_group;
		int r;

		if (*n == LETTER_ADDRESSES_MAX) {
			if (memchr(s.at, '@', (size_t) (s.end - s.at)))
				letter_add_warning(rd->letter,
					"There are very many addresses; only the first ones are "
					"kept.");
			return 0;
		}
		address_init(&a);
		is_group = scan_address(&s, &a);
		r = is_group ? 0 : take_address(rd, &a, list, n);
		address_done(&a);
		if (r < 0)
			return r;
		if (s.at < s.end)
			s.at++;
	}
	return *n > before ? 0 : rescue(rd, list, n, value, value_n);
}
