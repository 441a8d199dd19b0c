/* hint_reference.c - references that other authorities seem to have given.
 *
 * Security: the text comes from anyone; each beginning of a word is looked at a bounded way on. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "domain/hint_internal.h"

enum {
	TEXT_BYTES_MAX = 64 * 1024,
	NUMBER_MAX = 24, /* bytes of the number behind the letters */
	GAP_MAX = 3,
	DIGITS_MIN = 4,
};

/* What such references begin with. */
static const char *const beginnings[] = { "foi", "foia", "foir", "eir", "rfi", "sar", "ic", "fr",
	"icr" };

static bool is_number_byte(char c)
{
	return isalnum((unsigned char) c) || c == '/' || c == '-';
}

/* Bytes of the beginning and what parts it from its number; 0: there is none. */
static size_t beginning_length(const char *s)
{
	size_t n = 0;

	while (n < 5 && isalpha((unsigned char) s[n]))
		n++;
	for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
		if (strlen(beginnings[i]) == n && strncasecmp(s, beginnings[i], n) == 0) {
			size_t gap = strspn(s + n, " -/:#._");

			return gap <= GAP_MAX ? n + gap : 0;
		}
	return 0;
}

/* Whether the number is one of a case: "2000" is an Act, "2018" a year, "16/05/2018" and "20180516"
 * are days. */
static bool is_case_number(const char *s, size_t n)
{
	size_t digits = 0;
	size_t groups = 0;

	for (size_t i = 0; i < n; i++) {
		digits += isdigit((unsigned char) s[i]) != 0;
		groups += isdigit((unsigned char) s[i]) &&
			  (i == 0 || !isalnum((unsigned char) s[i - 1]));
	}
	if (!isdigit((unsigned char) s[0]) || digits < DIGITS_MIN ||
		(digits == DIGITS_MIN && n == 4))
		return false;
	return groups < 3 && !(n == 8 && digits == 8 && (s[0] == '1' || s[0] == '2'));
}

/* Whether one of our own references stands there, in whatever spelling. */
static bool is_ours(const struct hint_policy *p, const char *s, size_t n)
{
	char text[NUMBER_MAX + 16];
	struct reference_hit hit;

	n = n < sizeof text ? n : sizeof text - 1;
	memcpy(text, s, n);
	text[n] = '\0';
	for (size_t i = 0; i < p->n_templates; i++)
		if (reference_find(&p->templates[i], text, &hit, 1) > 0)
			return true;
	return false;
}

struct triage_span hint_other_reference(const struct hint_policy *p, const char *text)
{
	const char *end = text + strnlen(text, TEXT_BYTES_MAX);

	for (const char *s = text; s < end; s++) {
		size_t n = s > text && isalnum((unsigned char) s[-1]) ? 0 : beginning_length(s);
		size_t k = 0;

		if (n == 0)
			continue;
		while (k < NUMBER_MAX && is_number_byte(s[n + k]))
			k++;
		while (k > 0 && !isalnum((unsigned char) s[n + k - 1]))
			k--;
		if (k > 0 && is_case_number(s + n, k) && !is_ours(p, s, n + k))
			return (struct triage_span){ s, n + k };
	}
	return (struct triage_span){ NULL, 0 };
}
