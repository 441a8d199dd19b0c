/* reference_read.c - the numbers in a reference of ours, written exactly as its template writes it. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "domain/reference_compose.h"

enum {
	DIGITS_MAX = 18,
};

static size_t width_of(enum reference_field field)
{
	return field == REFERENCE_YEAR_4 ? 4 : 2;
}

/* Digits of the fields that follow piece @i with nothing between. */
static size_t glued_behind(const struct reference_template *t, size_t i)
{
	size_t n = 0;

	while (++i < t->n && t->pieces[i].field != REFERENCE_LITERAL)
		n += width_of(t->pieces[i].field);
	return n;
}

/* Reads @n digits. Return: what is behind them; NULL there are fewer. */
static const char *take_number(const char *s, size_t n, uint64_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char) s[i]))
			return NULL;
		*ret = *ret * 10 + (uint64_t) (s[i] - '0');
	}
	return s + n;
}

static const char *take_sequence(
	const struct reference_template *t, size_t i, const char *s, uint64_t *ret)
{
	size_t digits = strspn(s, "0123456789");
	size_t behind = glued_behind(t, i);

	return digits > behind && digits - behind <= DIGITS_MAX
		       ? take_number(s, digits - behind, ret)
		       : NULL;
}

/* Return: what is behind piece @i; NULL it is not there. */
static const char *take_piece(const struct reference_template *t, size_t i, const char *s,
	struct reference_values *values)
{
	const struct reference_piece *piece = &t->pieces[i];
	size_t n = strlen(piece->literal);
	uint64_t number = 0;

	if (piece->field == REFERENCE_LITERAL)
		return strncmp(s, piece->literal, n) == 0 ? s + n : NULL;
	if (piece->field == REFERENCE_SEQ)
		return take_sequence(t, i, s, &values->seq);
	s = take_number(s, width_of(piece->field), &number);
	if (piece->field == REFERENCE_MONTH)
		values->month = (unsigned) number;
	else
		values->year = (unsigned) number + (piece->field == REFERENCE_YEAR_2 ? 2000 : 0);
	return s;
}

int reference_read(const struct reference_template *t, const char *reference, uint64_t *ret_seq,
	unsigned *ret_year)
{
	struct reference_values values = { 0 };
	char again[REFERENCE_MAX];
	const char *s = reference;

	for (size_t i = 0; s && i < t->n; i++)
		s = take_piece(t, i, s, &values);
	/* Composed again: zeros that are missing or too many are another's spelling. */
	if (!s || *s || t->n == 0 || reference_compose(t, &values, again) < 0 ||
		strcmp(again, reference) != 0)
		return -ENOENT;
	*ret_seq = values.seq;
	*ret_year = values.year;
	return 0;
}
