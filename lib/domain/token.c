/* token.c - keyed tokens in what we send, by which answers find their case.
 *
 * In a Message-ID the reference is spelled in characters that RFC 5322 allows outside quotes:
 * letters, digits, "-" and "/" as they are, space "_", "." "=", ":" "~". In the tag of an address
 * only small letters, digits and "-" are sure to survive other people's servers, which may also
 * fold the case: capital letters are written small, and everything else as "-" and a letter.
 *
 *     FOI 001761/18  ->  <foi.m.FOI_001761/18.32 digits@example.org>
 *                        foi+foi-s001761-l18-k16 digits@example.org
 *
 * Security: what is read comes from anyone. It is bounded before it is copied, and no comparison
 * with the keyed digits ends early. */
/* SPDX-License-Identifier: MIT */
#include "domain/token.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	ID_HEX = 32,  /* digits of the sum in a Message-ID: 128 bits */
	TAG_HEX = 16, /* in a tag, as a local part has room for 64 bytes: 64 bits */
	LEFT_MAX = 160,
	DOMAIN_MAX = 120,
};

static const char *const labels[TOKEN_PURPOSE_COUNT] = {
	[TOKEN_MESSAGE_ID] = "foi.m.",
	[TOKEN_THREAD] = "foi.t.",
	[TOKEN_BOUNCE] = "foi.b.",
};

/* How a character of a reference is written in a Message-ID and in a tag. */
static const struct spelling {
	char plain;
	char in_id;
	char in_tag; /* behind a "-" */
} spellings[] = {
	{ ' ', '_', 's' },
	{ '/', '/', 'l' },
	{ '-', '-', 'd' },
	{ '.', '=', 'p' },
	{ ':', '~', 'c' },
};

enum {
	TAG_SMALL = 'w', /* the next letter is really a small one */
	TAG_KEY = 'k',	 /* the keyed digits follow */
};

/* The keyed digits of a reference for one purpose. */
static void sum_of(const uint8_t *key, enum token_purpose purpose, const char *reference,
	char ret_hex[static DIGEST_HEX_MAX])
{
	char text[REFERENCE_MAX + 16];
	int n = snprintf(text, sizeof text, "%s%s", labels[purpose], reference);

	digest_hmac(key, text, (size_t) n, ret_hex);
}

/* Whether @n hexadecimal digits agree, without telling by its time how many do. */
static bool is_same_sum(const char *a, const char *b, size_t n)
{
	unsigned differing = 0;

	for (size_t i = 0; i < n; i++)
		differing |= (unsigned) ((unsigned char) a[i] ^ (unsigned char) b[i]);
	return differing == 0;
}

static const struct spelling *spelling_of(char plain)
{
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
		if (spellings[i].plain == plain)
			return &spellings[i];
	return NULL;
}

static int write_in_id(const char *reference, char ret[static REFERENCE_MAX])
{
	size_t n = 0;

	for (; reference[n]; n++) {
		const struct spelling *s = spelling_of(reference[n]);

		if (n + 1 == REFERENCE_MAX || (!s && !isalnum((unsigned char) reference[n])))
			return -EOVERFLOW;
		ret[n] = s ? s->in_id : reference[n];
	}
	ret[n] = '\0';
	return 0;
}

static int read_in_id(const char *s, size_t n, char ret[static REFERENCE_MAX])
{
	if (n == 0 || n >= REFERENCE_MAX)
		return -ENOENT;
	for (size_t i = 0; i < n; i++) {
		char plain = isalnum((unsigned char) s[i]) ? s[i] : '\0';

		for (size_t k = 0; k < sizeof spellings / sizeof spellings[0]; k++)
			plain = s[i] == spellings[k].in_id ? spellings[k].plain : plain;
		if (!plain)
			return -ENOENT;
		ret[i] = plain;
	}
	ret[n] = '\0';
	return 0;
}

/* A domain from the configuration; what is no domain would break the header it stands in. */
static bool is_domain(const char *domain)
{
	size_t n = strspn(domain, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789.-");

	return n > 0 && n < DOMAIN_MAX && domain[n] == '\0';
}

int token_message_id(const uint8_t key[static DIGEST_KEY_BYTES], enum token_purpose purpose,
	const char *reference, const char *domain, char ret[static TOKEN_ID_MAX])
{
	char atom[REFERENCE_MAX];
	char hex[DIGEST_HEX_MAX];
	int r = write_in_id(reference, atom);

	if (r < 0)
		return r;
	if (!is_domain(domain))
		return -EINVAL;
	sum_of(key, purpose, reference, hex);
	r = snprintf(
		ret, TOKEN_ID_MAX, "<%s%s.%.*s@%s>", labels[purpose], atom, ID_HEX, hex, domain);
	return r < 0 || r >= TOKEN_ID_MAX ? -EOVERFLOW : 0;
}

/* Writes one character into a tag. Return: bytes written, at most 3. */
static size_t write_in_tag(char c, char *buf)
{
	const struct spelling *s = spelling_of(c);
	size_t n = 0;

	if (s || islower((unsigned char) c)) {
		buf[n++] = '-';
		buf[n++] = s ? s->in_tag : TAG_SMALL;
	}
	if (!s)
		buf[n++] = (char) tolower((unsigned char) c);
	return n;
}

int token_tag(const uint8_t key[static DIGEST_KEY_BYTES], const char *reference,
	char ret[static TOKEN_TAG_MAX])
{
	char tag[TOKEN_TAG_MAX];
	char hex[DIGEST_HEX_MAX];
	size_t n = 0;

	if (strlen(reference) >= REFERENCE_MAX)
		return -EOVERFLOW;
	for (const char *c = reference; *c; c++) {
		if (n + 3 >= sizeof tag - 2 - TAG_HEX)
			return -EOVERFLOW;
		n += write_in_tag(*c, tag + n);
	}
	sum_of(key, TOKEN_BOUNCE, reference, hex);
	(void) snprintf(ret, TOKEN_TAG_MAX, "%.*s-%c%.*s", (int) n, tag, TAG_KEY, TAG_HEX, hex);
	return 0;
}

/* The character behind a "-" in a tag, @s being behind it. Return: it, or NUL. */
static char read_escape(const char *s, size_t *ret_used)
{
	*ret_used = 1;
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
		if (s[0] == spellings[i].in_tag)
			return spellings[i].plain;
	*ret_used = 2;
	return s[0] == TAG_SMALL && islower((unsigned char) s[1]) ? s[1] : '\0';
}

/* The reference of a tag (all in small letters); @ret_hex is what follows TAG_KEY. */
static int read_in_tag(const char *s, char ret[static REFERENCE_MAX], const char **ret_hex)
{
	size_t n = 0;

	while (*s && n + 1 < REFERENCE_MAX) {
		size_t used = 1;
		char c = (char) toupper((unsigned char) *s);

		if (s[0] == '-' && s[1] == TAG_KEY) {
			ret[n] = '\0';
			*ret_hex = s + 2;
			return 0;
		}
		if (s[0] == '-') {
			c = read_escape(s + 1, &used);
			used++;
		}
		if (!c || (s[0] != '-' && !isalnum((unsigned char) c)))
			return -ENOENT;
		ret[n++] = c;
		s += used;
	}
	return -ENOENT;
}

static int read_tag(const uint8_t *key, char *left, char ret_reference[static REFERENCE_MAX])
{
	char *plus = strrchr(left, '+');
	char reference[REFERENCE_MAX];
	char hex[DIGEST_HEX_MAX];
	const char *given;

	if (!plus)
		return -ENOENT;
	text_lower(plus);
	if (read_in_tag(plus + 1, reference, &given) < 0 || strlen(given) != TAG_HEX)
		return -ENOENT;
	sum_of(key, TOKEN_BOUNCE, reference, hex);
	if (!is_same_sum(given, hex, TAG_HEX))
		return -ENOENT;
	memcpy(ret_reference, reference, sizeof reference);
	return 0;
}

static int read_id(const uint8_t *key, enum token_purpose purpose, const char *left,
	char ret_reference[static REFERENCE_MAX])
{
	const char *body = left + strlen(labels[purpose]);
	const char *dot = strrchr(body, '.');
	char reference[REFERENCE_MAX];
	char hex[DIGEST_HEX_MAX];

	if (!dot || strlen(dot + 1) != ID_HEX ||
		read_in_id(body, (size_t) (dot - body), reference) < 0)
		return -ENOENT;
	sum_of(key, purpose, reference, hex);
	if (!is_same_sum(dot + 1, hex, ID_HEX))
		return -ENOENT;
	memcpy(ret_reference, reference, sizeof reference);
	return 0;
}

/* What stands before the last "@", without "<". Return: 0; -ENOENT none, or it is too long. */
static int cut_left(const char *id, char ret[static LEFT_MAX])
{
	const char *at = strrchr(id, '@');
	size_t n;

	if (*id == '<')
		id++;
	if (!at || at < id)
		return -ENOENT;
	n = (size_t) (at - id);
	if (n >= LEFT_MAX)
		return -ENOENT;
	memcpy(ret, id, n);
	ret[n] = '\0';
	return 0;
}

int token_read(const uint8_t key[static DIGEST_KEY_BYTES], const char *id,
	enum token_purpose *ret_purpose, char ret_reference[static REFERENCE_MAX])
{
	enum token_purpose purpose = TOKEN_BOUNCE;
	char left[LEFT_MAX];
	int r = cut_left(id, left);

	if (r < 0)
		return r;
	for (int i = 0; i < TOKEN_PURPOSE_COUNT; i++)
		if (i != TOKEN_BOUNCE && strncmp(left, labels[i], strlen(labels[i])) == 0)
			purpose = (enum token_purpose) i;
	r = purpose == TOKEN_BOUNCE ? read_tag(key, left, ret_reference)
				    : read_id(key, purpose, left, ret_reference);
	if (r < 0)
		return r;
	*ret_purpose = purpose;
	return 0;
}
