/* reference_find.c - references in the words of a mail, in any spelling that people use.
 *
 * A template is matched piece by piece at each beginning of a word. Between pieces any of the
 * usual separators may stand, or none; between two numbers none only where the counter is written
 * out to its full width with its zeros, since "FOI 20180917" is a date.
 *
 * Security: the text comes from anyone. A match looks only at a bounded number of bytes behind a
 * beginning of a word, so time is linear. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "domain/reference_compose.h"

enum {
	GAP_MAX = 24,	 /* bytes between two pieces, quoting marks of a new line included */
	DIGITS_MAX = 18, /* of a counter */
	FILLERS_MAX = 3, /* "request ref no" */
	YEAR_FIRST = 1990,
	YEAR_LAST = 2099,
};

/* What stands between letters and a number, and between two numbers. */
struct separator {
	const char *bytes;
	bool between_numbers;
	bool is_blank;
};

static const struct separator separators[] = {
	{ " ", true, true },
	{ "\t", true, true },
	{ "\r", true, true },
	{ "\xC2\xA0", true, true },	/* no-break space */
	{ "\xE2\x80\x89", true, true }, /* thin space */
	{ "\xE2\x80\xAF", true, true }, /* narrow no-break space */
	{ "\xE2\x80\x8B", true, true }, /* zero width space */
	{ "/", true, false },
	{ "\\", true, false },
	{ "-", true, false },
	{ "_", true, false },
	{ "\xC2\xAD", true, true },	 /* soft hyphen */
	{ "\xE2\x80\x90", true, false }, /* hyphen */
	{ "\xE2\x80\x91", true, false }, /* no-break hyphen */
	{ "\xE2\x80\x93", true, false }, /* en dash */
	{ "\xE2\x80\x94", true, false }, /* em dash */
	{ "\xE2\x88\x92", true, false }, /* minus sign */
	{ "\xE2\x81\x84", true, false }, /* fraction slash */
	{ "\xEF\xBB\xBF", true, true },	 /* byte order mark as a space of no width */
	{ ":", false, false },
	{ ".", false, false },
	{ "#", false, false },
	{ "[", false, false },
	{ "(", false, false },
	{ "'", false, false },
	{ "\"", false, false },
};

/* "FOI ref 001761/18", "FOI request no. 001761/18". Behind a weak word the number must be written
 * out: "FOI request 9-11" is none. */
static const struct filler {
	const char *word;
	bool is_weak;
} fillers[] = {
	{ "reference", false },
	{ "ref", false },
	{ "number", false },
	{ "no", false },
	{ "request", true },
	{ "case", true },
};

/* A run of separators. */
struct gap {
	size_t bytes;
	size_t line_ends;
	bool has_mark; /* something that can be seen, not only blanks */
};

struct match {
	const struct reference_template *t;
	struct reference_values values;
	const char *at; /* the next byte of the text */
	bool after_digit;
	bool is_apart;	  /* the template's own separator was there */
	bool needs_zeros; /* only a number of full width will do */
};

static const struct separator *separator_at(const char *s, bool between_numbers)
{
	for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
		const struct separator *p = &separators[i];

		if ((p->between_numbers || !between_numbers) &&
			strncmp(s, p->bytes, strlen(p->bytes)) == 0)
			return p;
	}
	return NULL;
}

/* Measures the separators at @s; a new line brings its quoting marks ("> ") with it. */
static struct gap measure_gap(const char *s, bool between_numbers)
{
	struct gap g = { 0 };

	while (g.bytes < GAP_MAX) {
		const struct separator *p = separator_at(s + g.bytes, between_numbers);

		if (p) {
			g.bytes += strlen(p->bytes);
			g.has_mark = g.has_mark || !p->is_blank;
		} else if (s[g.bytes] == '\n') {
			g.line_ends++;
			g.bytes++;
		} else if (s[g.bytes] == '>' && g.line_ends > 0) {
			g.bytes++;
		} else {
			break;
		}
	}
	return g;
}

static bool is_wide_letter(const char *end, const char *start)
{
	const unsigned char *p = (const unsigned char *) end - 1;

	while (p > (const unsigned char *) start && (*p & 0xC0) == 0x80)
		p--;
	/* U+00C0 to U+07FF are letters almost throughout; above begin punctuation and symbols. */
	return *p >= 0xC3 && *p <= 0xDF;
}

/* Whether a reference may begin at @s: not inside a word, nor behind another authority's prefix as
 * in "WBC-FOI-00640/18". */
static bool is_beginning(const char *start, const char *s)
{
	if (s == start)
		return true;
	if (isalnum((unsigned char) s[-1]))
		return false;
	if ((unsigned char) s[-1] >= 0x80)
		return !is_wide_letter(s, start);
	return !(strchr("-/", s[-1]) && s - start > 1 && isalnum((unsigned char) s[-2]));
}

/* Whether a reference may end before @s: "FOI 1/2/18" is a date. */
static bool is_end(const char *s)
{
	if (isalnum((unsigned char) s[0]))
		return false;
	return !(s[0] && strchr("-/.", s[0]) && isdigit((unsigned char) s[1]));
}

static size_t count_digits(const char *s)
{
	size_t n = 0;

	while (n <= DIGITS_MAX && isdigit((unsigned char) s[n]))
		n++;
	return n;
}

static uint64_t number(const char *s, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + (uint64_t) (s[i] - '0');
	return value;
}

static size_t field_width(enum reference_field field)
{
	return field == REFERENCE_YEAR_4 ? 4 : 2;
}

/* Digits of the fields behind piece @i, and whether a literal stands between. */
static size_t digits_behind(const struct reference_template *t, size_t i, bool *ret_apart)
{
	size_t n = 0;

	*ret_apart = i + 1 < t->n && t->pieces[i + 1].field == REFERENCE_LITERAL;
	for (size_t k = i + 1; k < t->n; k++)
		if (t->pieces[k].field != REFERENCE_LITERAL)
			n += field_width(t->pieces[k].field);
	return n;
}

static bool take_sequence(struct match *m, size_t i, bool glued)
{
	const struct reference_piece *piece = &m->t->pieces[i];
	size_t digits = count_digits(m->at);
	bool apart;
	size_t behind = digits_behind(m->t, i, &apart);
	size_t n = digits;

	if (digits > DIGITS_MAX)
		return false;
	if (behind > 0 && !apart)
		n = digits > behind ? digits - behind : 0;
	else if (apart && piece->width > 0 && digits == piece->width + behind && m->at[0] == '0')
		n = piece->width;
	if (n == 0 || ((glued || m->needs_zeros) && n < piece->width))
		return false;
	m->values.seq = number(m->at, n);
	m->at += n;
	return m->values.seq > 0;
}

/* A year of two digits where the template has four, and the other way round. "FOI 2018/2019" is a
 * span of years and "FOI 2018/1761" another authority's. */
static bool take_year(struct match *m, enum reference_field field, bool glued)
{
	size_t digits = count_digits(m->at);
	size_t n = field_width(field);
	bool seq_is_year = m->values.seq >= YEAR_FIRST && m->values.seq <= YEAR_LAST;

	if (!glued && (digits == 2 || (digits == 4 && !seq_is_year)))
		n = digits;
	if (digits < n)
		return false;
	m->values.year = (unsigned) number(m->at, n) + (n == 2 ? 2000 : 0);
	m->at += n;
	return m->values.year >= YEAR_FIRST && m->values.year <= YEAR_LAST;
}

static bool take_month(struct match *m)
{
	if (count_digits(m->at) < 2)
		return false;
	m->values.month = (unsigned) number(m->at, 2);
	m->at += 2;
	return m->values.month >= 1 && m->values.month <= 12;
}

/* Letters and digits of a literal must be there; its separators may be any or missing. */
static bool take_literal(struct match *m, const char *literal)
{
	for (; *literal; literal++) {
		if (!isalnum((unsigned char) *literal)) {
			m->at += measure_gap(m->at, true).bytes;
			continue;
		}
		if (tolower((unsigned char) *literal) != tolower((unsigned char) *m->at))
			return false;
		m->at++;
		/* "F.O.I. 001761/18" */
		m->at += m->at[0] == '.' && isalpha((unsigned char) literal[0]) &&
			 isalpha((unsigned char) literal[1]);
	}
	return true;
}

/* Steps over one "ref", "No." or the like. */
static bool skip_filler(struct match *m)
{
	for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
		size_t n = strlen(fillers[i].word);

		if (strncasecmp(m->at, fillers[i].word, n) == 0 &&
			!isalpha((unsigned char) m->at[n])) {
			m->at += n;
			m->at += measure_gap(m->at, false).bytes;
			m->needs_zeros = m->needs_zeros || fillers[i].is_weak;
			return true;
		}
	}
	return false;
}

/* Goes over what separates the last piece from a number. Return: false if the number cannot
 * belong to it. */
static bool cross_gap(struct match *m, bool *ret_glued)
{
	struct gap g = measure_gap(m->at, m->after_digit);

	g.has_mark = g.has_mark || m->is_apart;
	*ret_glued = m->after_digit && g.bytes == 0 && !m->is_apart;
	m->is_apart = false;
	if (g.line_ends > 1 || g.bytes >= GAP_MAX)
		return false;
	/* "FOI 1761" at the end of a line and "18 people" on the next are two things. */
	if (m->after_digit && g.line_ends > 0 && !g.has_mark)
		return false;
	m->at += g.bytes;
	for (int i = 0; !m->after_digit && i < FILLERS_MAX && skip_filler(m); i++)
		continue;
	return true;
}

static bool take_field(struct match *m, size_t i)
{
	enum reference_field field = m->t->pieces[i].field;
	bool glued = false;

	if (i > 0 && !cross_gap(m, &glued))
		return false;
	m->after_digit = true;
	if (field == REFERENCE_SEQ)
		return take_sequence(m, i, glued);
	if (field == REFERENCE_MONTH)
		return take_month(m);
	return take_year(m, field,
		glued || (i + 1 < m->t->n && m->t->pieces[i + 1].field != REFERENCE_LITERAL));
}

static bool is_only_separators(const char *literal)
{
	for (; *literal; literal++)
		if (isalnum((unsigned char) *literal))
			return false;
	return true;
}

/* Cuts separators from a literal's end: cross_gap() goes over them, with its own rules. */
static size_t core_length(const char *literal)
{
	size_t n = strlen(literal);

	while (n > 0 && !isalnum((unsigned char) literal[n - 1]))
		n--;
	return n;
}

static bool take_piece(struct match *m, size_t i)
{
	const struct reference_piece *piece = &m->t->pieces[i];
	char core[sizeof piece->literal];
	size_t n;

	if (piece->field != REFERENCE_LITERAL)
		return take_field(m, i);
	if (is_only_separators(piece->literal)) {
		m->is_apart = text_has_prefix_ci(m->at, piece->literal);
		m->at += m->is_apart ? strlen(piece->literal) : 0;
		return true;
	}
	n = core_length(piece->literal);
	memcpy(core, piece->literal, n);
	core[n] = '\0';
	if (!take_literal(m, core))
		return false;
	m->after_digit = n > 0 && isdigit((unsigned char) core[n - 1]);
	return true;
}

static bool match_at(const struct reference_template *t, const char *s, struct match *ret)
{
	*ret = (struct match){ .t = t, .at = s };
	for (size_t i = 0; i < t->n; i++)
		if (!take_piece(ret, i))
			return false;
	return is_end(ret->at);
}

static bool is_known(const struct reference_hit *hits, size_t n, const char *reference)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(hits[i].reference, reference) == 0)
			return true;
	return false;
}

size_t reference_find(
	const struct reference_template *t, const char *text, struct reference_hit *ret, size_t max)
{
	size_t n = 0;

	if (!text || t->n == 0)
		return 0;
	for (const char *s = text; *s && n < max; s++) {
		struct match m;
		struct reference_hit hit;

		if (!isalnum((unsigned char) *s) || !is_beginning(text, s) || !match_at(t, s, &m))
			continue;
		if (reference_compose(t, &m.values, hit.reference) < 0)
			continue;
		hit.offset = (size_t) (s - text);
		hit.length = (size_t) (m.at - s);
		if (!is_known(ret, n, hit.reference))
			ret[n++] = hit;
		s = m.at - 1;
	}
	return n;
}
