/* encoded_word.c - header text as its writer meant it.
 *
 * Security: reads a stranger's header; each byte is looked at a bounded number of times. */
/* SPDX-License-Identifier: MIT */
#include "domain/encoded_word.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "domain/transfer.h"

enum {
	CHARSET_NAME_MAX = 64,
	WORD_MAX = 4096, /* of one encoded word; RFC 2047 says 75, mailers send more */
};

/* "=?charset?B?text?=" taken apart. */
struct word {
	char charset[CHARSET_NAME_MAX];
	enum transfer encoding;
	const char *text;
	size_t n;
	const char *end; /* behind the word */
};

struct decoding {
	struct charset_table *charsets; /* borrowed */
	struct bytes out;
	/* Bytes of neighbouring words of one set wait here, since mailers split characters. */
	struct bytes waiting;
	char tail[4]; /* base64 digits of the last word that are no whole byte */
	size_t tail_n;
	char charset[CHARSET_NAME_MAX];
	const char *close; /* the "?=" that was found last; NULL: none was looked for */
	bool is_unknown;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The charset of the word that starts at @s ("=?"). Return: behind its "?"; NULL: no word. */
static const char *read_charset(const char *s, const char *end, struct word *w)
{
	const char *mark = memchr(s, '?', (size_t) (end - s));
	const char *language;
	size_t n;

	if (!mark || mark == s || (size_t) (mark - s) >= CHARSET_NAME_MAX)
		return NULL;
	language = memchr(s, '*', (size_t) (mark - s));
	n = (size_t) ((language ? language : mark) - s);
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return NULL;
	memcpy(w->charset, s, n);
	w->charset[n] = '\0';
	return mark + 1;
}

/* End of the text at @s: the first "?="; a Q text may hold "?" (forbidden, but sent). No text begins
 * before the one that was asked for last, so each byte is looked at once, however many begin. */
static const char *find_end(struct decoding *d, const char *s, const char *end)
{
	if (!d->close || d->close < s) {
		d->close = s < end ? memmem(s, (size_t) (end - s), "?=", 2) : NULL;
		if (!d->close)
			d->close = end;
	}
	return d->close;
}

static bool is_word(struct decoding *d, const char *s, const char *end, struct word *w)
{
	static const char encodings[] = { 'b', 'B', 'q', 'Q' };
	const char *limit = end - s > WORD_MAX ? s + WORD_MAX : end;
	const char *close;

	if (limit - s < 8 || s[0] != '=' || s[1] != '?')
		return false;
	s = read_charset(s + 2, limit, w);
	if (!s || limit - s < 4 || s[1] != '?' || !memchr(encodings, s[0], sizeof encodings))
		return false;
	w->encoding = s[0] == 'b' || s[0] == 'B' ? TRANSFER_BASE64 : TRANSFER_QUOTED;
	w->text = s + 2;
	close = find_end(d, w->text, end);
	if (limit - close < 2)
		return false;
	w->n = (size_t) (close - w->text);
	w->end = close + 2;
	return true;
}

static int take(void *context, const char *bytes, size_t n)
{
	bytes_add(context, bytes, n);
	return 0;
}

static void flush_tail(struct decoding *d)
{
	if (d->tail_n == 0)
		return;
	transfer_decode(TRANSFER_BASE64, d->tail, d->tail_n, take, &d->waiting, NULL);
	d->tail_n = 0;
}

static void flush_words(struct decoding *d)
{
	flush_tail(d);
	if (d->waiting.n == 0)
		return;
	if (charset_decode(d->charsets, d->charset, d->waiting.at, d->waiting.n, &d->out) > 0)
		d->is_unknown = true;
	d->waiting.n = 0;
}

static bool is_digit64(char c)
{
	return isalnum((unsigned char) c) || c == '+' || c == '/';
}

/* How many digits at the end of @s belong to a byte whose other half must follow: mailers cut the
 * base64 of a long text anywhere. Digits that only lack their padding end in zero bits. */
static size_t unfinished(const char *s, size_t n)
{
	size_t digits = 0;

	for (size_t i = 0; i < n; i++)
		digits += is_digit64(s[i]);
	if (digits % 4 == 0 || !is_digit64(s[n - 1]))
		return 0;
	if (digits % 4 == 2 && strchr("AQgw", s[n - 1]))
		return 0;
	if (digits % 4 == 3 && strchr("AEIMQUYcgkosw048", s[n - 1]))
		return 0;
	return digits % 4;
}

static void add_base64(struct decoding *d, const struct word *w)
{
	struct bytes text;
	size_t n;

	bytes_init(&text, WORD_MAX + sizeof d->tail);
	bytes_add(&text, d->tail, d->tail_n);
	bytes_add(&text, w->text, w->n);
	n = text.n > 0 ? unfinished(text.at, text.n) : 0;
	for (size_t i = 0; i < n; i++)
		if (!is_digit64(text.at[text.n - 1 - i]))
			n = 0; /* a blank among the last digits: too odd to be a cut */
	if (text.n > 0) {
		transfer_decode(TRANSFER_BASE64, text.at, text.n - n, take, &d->waiting, NULL);
		memcpy(d->tail, text.at + text.n - n, n);
	}
	d->tail_n = n;
	if (text.is_starved)
		d->waiting.is_starved = true;
	bytes_done(&text);
}

static void add_word(struct decoding *d, const struct word *w)
{
	if (strcasecmp(d->charset, w->charset) != 0) {
		flush_words(d);
		memcpy(d->charset, w->charset, sizeof d->charset);
	}
	if (w->encoding == TRANSFER_BASE64) {
		add_base64(d, w);
		return;
	}
	flush_tail(d);
	for (size_t i = 0; i < w->n; i++) {
		const char *at = w->text + i;

		if (*at == '=' && i + 2 < w->n && isxdigit((unsigned char) at[1]) &&
			isxdigit((unsigned char) at[2])) {
			transfer_decode(TRANSFER_QUOTED, at, 3, take, &d->waiting, NULL);
			i += 2;
			continue;
		}
		/* RFC 2047 s.4.2: "_" is a space. */
		bytes_add_char(&d->waiting, *at == '_' ? ' ' : *at);
	}
}

static void add_plain(struct decoding *d, const char *s, size_t n)
{
	flush_words(d);
	(void) charset_decode(d->charsets, NULL, s, n, &d->out); /* nothing declared: known */
}

/* Invariant: @s up to @at is plain text that waits to be added. */
static void decode_all(struct decoding *d, const char *s, const char *end)
{
	bool after_word = false;
	bool only_blanks = true;

	for (const char *at = s; at < end;) {
		struct word w;

		if (*at != '=' || !is_word(d, at, end, &w)) {
			only_blanks = only_blanks && is_blank(*at);
			at++;
			if (at == end)
				add_plain(d, s, (size_t) (at - s));
			continue;
		}
		/* RFC 2047 s.6.2: blanks between two words are not shown. */
		if (at > s && !(after_word && only_blanks))
			add_plain(d, s, (size_t) (at - s));
		add_word(d, &w);
		at = w.end;
		s = at;
		after_word = true;
		only_blanks = true;
	}
	flush_words(d);
}

int encoded_word_decode(struct charset_table *t, const char *s, size_t n, size_t max, char **ret)
{
	struct decoding d = { .charsets = t };
	CLEANUP(freep) char *text = NULL;
	size_t length = 0;
	bool is_cut;
	int note = 0;
	int r;

	/* White space may shrink to nothing: look at more than is kept, but not at all of it. */
	bytes_init(&d.out, max * 4);
	bytes_init(&d.waiting, max * 4);
	decode_all(&d, s, s + n);
	if (d.waiting.is_starved)
		d.out.is_starved = true;
	if (d.is_unknown)
		note |= ENCODED_WORD_UNKNOWN;
	if (d.out.is_cut || d.waiting.is_cut)
		note |= ENCODED_WORD_CUT;
	bytes_done(&d.waiting);
	r = bytes_take(&d.out, &text, &length);
	if (r < 0)
		return r;
	text_blank_nul(text, length);
	r = text_cut_line(text, max, &is_cut, ret);
	if (r < 0)
		return r;
	return note | (is_cut ? ENCODED_WORD_CUT : 0);
}
