/* pkcs7.c - the words inside a signed S/MIME part.
 *
 * ContentInfo ::= SEQUENCE { OID signedData, [0] SEQUENCE { INTEGER version, SET algorithms,
 *         SEQUENCE { OID data, [0] OCTET STRING content } certificates, signatures ... } }
 *
 * Own code: the libraries that read this also check signatures, which needs a store of
 * certificates, and none of them is linked. The way to the content passes eight headers.
 *
 * Security: a stranger's bytes; each header is read once, each length is checked against what is
 * left, nothing recurses. */
/* SPDX-License-Identifier: MIT */
#include "domain/pkcs7.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

enum {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_OCTETS_IN_PIECES = 0x24,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
	TAG_EXPLICIT = 0xA0,
	CONSTRUCTED = 0x20,
	LONG_TAG = 0x1F,
	LENGTH_BYTES_MAX = 4,
};

struct cursor {
	const unsigned char *at;
	const unsigned char *end;
};

/* The header of one element. */
struct element {
	unsigned tag;
	size_t n;	 /* bytes of its content that are there */
	bool is_endless; /* an end-of-contents mark ends it */
};

static const unsigned char signed_data[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02 };

/* Takes a header. Return: whether there was one. */
static bool has_element(struct cursor *c, struct element *ret)
{
	size_t n = 0;
	unsigned first;

	if (c->end - c->at < 2 || (c->at[0] & LONG_TAG) == LONG_TAG)
		return false;
	ret->tag = *c->at++;
	first = *c->at++;
	ret->is_endless = first == 0x80;
	if (first < 0x80) {
		n = first;
	} else {
		first &= 0x7F;
		if (first > LENGTH_BYTES_MAX || (size_t) (c->end - c->at) < first)
			return false;
		for (; first > 0; first--)
			n = n << 8 | *c->at++;
	}
	ret->n = n < (size_t) (c->end - c->at) ? n : (size_t) (c->end - c->at);
	return !ret->is_endless || (ret->tag & CONSTRUCTED);
}

/* Steps into an element of that tag. Return: whether it stands here. */
static bool enter(struct cursor *c, unsigned tag)
{
	struct element e;

	return has_element(c, &e) && e.tag == tag;
}

/* Passes an element of that tag. Return: whether it stood here. */
static bool pass(struct cursor *c, unsigned tag)
{
	struct element e;
	size_t depth;

	if (!has_element(c, &e) || e.tag != tag)
		return false;
	c->at += e.n;
	for (depth = e.is_endless; depth > 0;) {
		if (!has_element(c, &e))
			return false;
		c->at += e.n;
		depth += e.is_endless;
		depth -= e.tag == 0;
	}
	return true;
}

/* Stands behind the object identifier. */
static bool is_signed_data(struct cursor *c)
{
	struct element e;
	const unsigned char *oid;

	if (!has_element(c, &e) || e.tag != TAG_OID)
		return false;
	oid = c->at;
	c->at += e.n;
	return e.n == sizeof signed_data && memcmp(oid, signed_data, e.n) == 0;
}

/* One element of a string in pieces. @depth: of open strings without a length. Return: whether the
 * string goes on. */
static bool add_piece(struct cursor *c, const struct element *e, size_t *depth, struct bytes *out)
{
	switch (e->tag) {
	case TAG_OCTETS:
		bytes_add(out, c->at, e->n);
		c->at += e->n;
		return true;
	case TAG_OCTETS_IN_PIECES:
		*depth += e->is_endless;
		return true;
	default: /* 0 marks an end of contents */
		return e->tag == 0 && *depth > 0 && --*depth > 0;
	}
}

/* The bytes of the string at @c, which may come in pieces, and pieces of pieces. */
static void add_octets(struct cursor *c, struct bytes *out)
{
	struct element e;
	size_t depth = 0;

	if (!has_element(c, &e))
		return;
	if (e.tag == TAG_OCTETS)
		bytes_add(out, c->at, e.n);
	if (e.tag != TAG_OCTETS_IN_PIECES)
		return;
	/* A string with a length ends there; the end is counted as one more open string. */
	if (!e.is_endless)
		c->end = c->at + e.n;
	depth = 1;
	while (has_element(c, &e) && add_piece(c, &e, &depth, out))
		;
}

int pkcs7_content(const char *bytes, size_t n, enum pkcs7_kind *ret_kind, char **ret, size_t *ret_n)
{
	struct cursor c = { (const unsigned char *) bytes, (const unsigned char *) bytes + n };
	struct bytes out;

	*ret_kind = PKCS7_OTHER;
	bytes_init(&out, n);
	if (enter(&c, TAG_SEQUENCE) && is_signed_data(&c)) {
		*ret_kind = PKCS7_SIGNED;
		if (enter(&c, TAG_EXPLICIT) && enter(&c, TAG_SEQUENCE) && pass(&c, TAG_INTEGER) &&
			pass(&c, TAG_SET) && enter(&c, TAG_SEQUENCE) && pass(&c, TAG_OID) &&
			enter(&c, TAG_EXPLICIT))
			add_octets(&c, &out);
	}
	return bytes_take(&out, ret, ret_n);
}
