/* quoting_attribution.c - the line that a mail program puts above what it quotes, and the title
 * that it puts above what it passes on.
 *
 * People write "On 3 May the council wrote:" too. So where nothing below is marked as quoted, only
 * a line that no person writes ends the writer's words: with an address, or with year and time.
 *
 * Security: a stranger's text; at most ATTRIBUTION_LINES_MAX lines are joined. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "domain/quoting_mark.h"

enum {
	ATTRIBUTION_LINES_MAX = 4,
	ATTRIBUTION_MAX = 600,
	TITLE_MAX = 160,
	BARE_MAX = 100, /* "Jane Example wrote:" */
};

/* Persons whom a mail program does not name so. */
static const char *const prose[] = { "i wrote", "you wrote", "we wrote", "they wrote", "he wrote",
	"she wrote", "your", "my", "our", NULL };
/* Nor so, without an address: "the council wrote". */
static const char *const prose_unaddressed[] = { "the", "a", "an", "this", "you", "we", NULL };
static const char *const english_verbs[] = { "wrote", "writes", NULL };

/* ---- titles ---------------------------------------------------------------------------------- */

static bool is_edge(char c)
{
	return c == '-' || c == '_' || c == '=' || c == '~' || c == '#' || c == ' ';
}

/* @w without the hyphens around it, which are counted. */
static struct quoting_words without_edges(
	struct quoting_words w, unsigned *ret_front, unsigned *ret_back)
{
	*ret_front = *ret_back = 0;
	for (; w.n > 0 && is_edge(*w.at); w.at++, w.n--)
		*ret_front += *w.at != ' ';
	for (; w.n > 0 && is_edge(w.at[w.n - 1]); w.n--)
		*ret_back += w.at[w.n - 1] != ' ';
	return w;
}

/* Bytes of @w behind its title; -1: it has none. */
static long behind_title(struct quoting_words w)
{
	for (size_t l = 0; l < quoting_languages_n; l++)
		for (const char *const *t = quoting_languages[l].titles; t && *t; t++)
			if (quoting_starts(w, *t))
				return (long) (w.n - strlen(*t));
	return -1;
}

static bool has_verb(struct quoting_words w)
{
	for (size_t l = 0; l < quoting_languages_n; l++)
		if (quoting_has_word(w, quoting_languages[l].verbs))
			return true;
	return false;
}

bool quoting_is_title(struct quoting_words w)
{
	unsigned front;
	unsigned back;
	struct quoting_words inner;
	long rest;

	if (w.n < 6 || w.n > TITLE_MAX || !is_edge(*w.at))
		return false;
	inner = without_edges(w, &front, &back);
	if (front < 2 || inner.n == 0)
		return false;
	rest = behind_title(inner);
	/* "--original message logs of 2018" may be an item of a list. */
	if (rest >= 0)
		return front >= 4 || back >= 2 || rest <= 1;
	/* "--- On Mon, 1/6/18, Jane wrote:", "-----Jane/Example wrote: -----" */
	return has_verb(inner) && (inner.at[inner.n - 1] == ':' || back >= 2) &&
	       (quoting_has_digit(inner) || (front >= 4 && back >= 2));
}

bool quoting_is_bare_title(struct quoting_words w)
{
	long rest = w.n <= TITLE_MAX ? behind_title(w) : -1;

	return rest == 0 || (rest == 1 && w.at[w.n - 1] == ':');
}

bool quoting_is_forward(struct quoting_words w)
{
	if (w.n == 0 || w.n > TITLE_MAX || w.at[w.n - 1] != ':')
		return false;
	for (size_t l = 0; l < quoting_languages_n; l++)
		if (quoting_starts_any(w, quoting_languages[l].begins))
			return true;
	return false;
}

/* ---- attributions ---------------------------------------------------------------------------- */

/* Whether it starts with one of the list and a blank. */
static bool opens(struct quoting_words w, const char *const *openings)
{
	for (; openings && *openings; openings++) {
		size_t n = strlen(*openings);

		if (w.n > n && w.at[n] == ' ' && quoting_starts(w, *openings))
			return true;
	}
	return false;
}

/* Whether it opens and goes on as the attributions of one language do. */
static bool is_opened(struct quoting_words w)
{
	for (size_t l = 0; l < quoting_languages_n; l++)
		if (opens(w, quoting_languages[l].openings) &&
			quoting_has_word(w, quoting_languages[l].verbs))
			return quoting_has_digit(w) || quoting_has_address(w);
	return false;
}

/* Whether a mail program must have written it. */
static bool is_sure(struct quoting_words w)
{
	bool is_english = quoting_has_word(w, english_verbs);

	if (is_english && quoting_has_word(w, prose))
		return false;
	if (quoting_has_address(w))
		return true;
	return quoting_has_year(w) && quoting_has_time(w) &&
	       !(is_english && quoting_has_word(w, prose_unaddressed));
}

/* "Jane Example/Org wrote on 01/06/2018 10:00:00:", "Jane <jane@example.org> ezt írta (...):" */
static bool is_unopened(struct quoting_words w)
{
	/* The cheaper questions first. */
	return (quoting_has_address(w) || quoting_has_year(w)) && has_verb(w) && is_sure(w);
}

/* Whether the beginning of it stands in the line above: "foi@example.org> kirjoitti:" */
static bool is_cut(struct quoting_words w)
{
	const char *open = memchr(w.at, '<', w.n);
	const char *close = memchr(w.at, '>', w.n);
	const char *left = memchr(w.at, '(', w.n);
	const char *right = memchr(w.at, ')', w.n);

	if ((close && (!open || close < open)) || (right && (!left || right < left)))
		return true;
	return quoting_starts_any(w, english_verbs);
}

/* Puts @line in front of @joined. Return: whether it has room there and belongs to it. */
static bool prepend(const struct quoting_line *line, char *joined, size_t *n)
{
	size_t length = line->words_n;

	if (line->is_blank || line->is_quoted || line->kind != QUOTING_WORDS ||
		*n + length + 1 > ATTRIBUTION_MAX)
		return false;
	memmove(joined + length + 1, joined, *n);
	memcpy(joined, line->words, length);
	joined[length] = ' ';
	*n += length + 1;
	return true;
}

static void mark(struct quoting_line *lines, size_t start, size_t end, bool is_sure_one)
{
	lines[start].kind = QUOTING_ATTRIBUTION;
	lines[start].span = (uint8_t) (end - start + 1);
	lines[start].is_sure = is_sure_one;
}

/* "Jane Example wrote:" and nothing else: believed where a quoted line follows. */
static bool is_bare(const struct quoting_line *lines, size_t i)
{
	struct quoting_words w = quoting_words_of(&lines[i]);

	return w.n <= BARE_MAX && (i == 0 || lines[i - 1].is_blank || lines[i - 1].is_quoted) &&
	       has_verb(w);
}

/* "On Mon, 1 June 2018" above "at 10:00, Jane wrote:" */
static bool is_opened_above(const struct quoting_line *line)
{
	struct quoting_words w = quoting_words_of(line);

	if (line->is_quoted || line->kind != QUOTING_WORDS || w.n == 0 || w.n > BARE_MAX ||
		strchr(".?!:;", w.at[w.n - 1]) || !quoting_has_year(w))
		return false;
	for (size_t l = 0; l < quoting_languages_n; l++)
		if (opens(w, quoting_languages[l].openings))
			return true;
	return false;
}

void quoting_mark_attribution(struct quoting_line *lines, size_t i)
{
	char joined[ATTRIBUTION_MAX];
	size_t n = lines[i].words_n;
	size_t unopened = i + 1; /* first line of one that opens with no known word */
	bool is_found_cut = true;

	if (n == 0 || n > ATTRIBUTION_MAX || lines[i].words[n - 1] != ':')
		return;
	memcpy(joined, lines[i].words, n);
	for (size_t k = i;; k--) {
		struct quoting_words w = { joined, n };

		if (is_opened(w)) {
			mark(lines, k > 0 && is_opened_above(&lines[k - 1]) ? k - 1 : k, i,
				is_sure(w));
			return;
		}
		if (is_found_cut && is_unopened(w)) {
			unopened = k;
			is_found_cut = is_cut(w);
		}
		if (k == 0 || i - k + 1 == ATTRIBUTION_LINES_MAX ||
			!prepend(&lines[k - 1], joined, &n))
			break;
	}
	if (unopened <= i)
		mark(lines, unopened, i, true);
	else if (is_bare(lines, i))
		mark(lines, i, i, false);
}
