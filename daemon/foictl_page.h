/* foictl_page.h - what foictl's pages about one case are made of.
 *
 * Security: texts may be what anybody wrote in a mail; all go through table_paragraph() or
 *           text_one_line(), which make them safe for a terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FOICTL_PAGE_H
#define DAEMON_FOICTL_PAGE_H

#include "daemon/foictl_case.h"

enum {
	FOICTL_INDENT = 2,
	FOICTL_VALUE_MAX = 1000, /* bytes of one value; a longer one is cut */
};

/* A blank line and a strong one. */
void foictl_heading(const struct table_page *page, const char *text);

/* "  Label       text, broken and indented"; nothing when the text is empty. */
void foictl_field(const struct table_page *page, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A paragraph, each line of it @indent columns in. */
void foictl_indented(const struct table_page *page, unsigned indent, const char *text);

/* A number; 0 where there is none. */
json_int_t foictl_number(const json_t *object, const char *key);

/* The texts of an array, "a, b". Return: @buf. */
char *foictl_join(const json_t *list, char buf[static FOICTL_VALUE_MAX]);

/* "s.31(1), s.24(2) (neither confirmed nor denied)" of an array of Exemption. Return: @buf. */
char *foictl_exemptions(const json_t *list, char buf[static FOICTL_VALUE_MAX]);

/* What an outcome means, "granted in part"; a word that is none as it is. */
const char *foictl_outcome(const char *word);

/* Whether such an end rests on the exemptions that are recorded; else they were considered only. */
bool foictl_rests_on_exemptions(const char *word);

/* A Part of a case: as further fields of the case, or under a heading of its own. */
void foictl_part_fields(const json_t *part, const struct table_page *page);
void foictl_part_page(const json_t *part, const struct table_page *page);

#endif
