/* text.h - small, bounded operations on text that came from outside. */
/* SPDX-License-Identifier: MIT */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether @n bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates). */
bool text_is_utf8(const char *s, size_t n);

/* Whether the texts are equal but for the case of ASCII letters. NULL equals only NULL. */
bool text_is_equal_ci(const char *a, const char *b);

/* Whether @s starts with @prefix, ASCII case ignored. */
bool text_has_prefix_ci(const char *s, const char *prefix);

/* Whether @s ends with @suffix, ASCII case ignored. */
bool text_has_suffix_ci(const char *s, const char *suffix);

/* First place of @needle in @s, ASCII case ignored; NULL if there is none. */
const char *text_find_ci(const char *s, const char *needle);

/* Cuts white space (space, tab, CR, LF) at both ends in place. Returns @s advanced. */
char *text_trim(char *s);

/* Makes ASCII capital letters small, in place; other bytes stay. */
void text_lower(char *s);

/* Makes each NUL of @n bytes a space, in place: it would end the text for every reader behind us. */
void text_blank_nul(char *s, size_t n);

/**
 * text_uint - a whole number from text; the one checked helper for numbers.
 * @s: decimal digits only, no sign, no space
 *
 * Return: 0; -EINVAL not a number; -ERANGE outside @min to @max.
 */
int text_uint(const char *s, uint64_t min, uint64_t max, uint64_t *ret);

/**
 * text_one_line - a copy of @s that is safe to show on one line of a terminal or a header.
 *
 * Control characters, line ends and tabs become a space, runs of spaces one; bidirectional
 * controls (U+061C, U+202A to U+202E, U+2066 to U+2069) and marks that nobody sees go; invalid UTF-8
 * becomes U+FFFD. Cut at @max bytes on a character's edge.
 *
 * Return: 0 with a heap copy in @ret, to be freed by the caller; -ENOMEM.
 */
int text_one_line(const char *s, size_t max, char **ret);

/* text_one_line() that tells whether it cut. */
int text_cut_line(const char *s, size_t max, bool *ret_is_cut, char **ret);

/* Number of terminal columns of UTF-8 @s, counting each code point that is no combining mark as
 * one; wide East Asian characters count two. */
size_t text_columns(const char *s);

#endif
