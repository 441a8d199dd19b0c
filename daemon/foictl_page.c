/* foictl_page.c - what foictl's pages about one case are made of. */
/* SPDX-License-Identifier: MIT */
#include "daemon/foictl_page.h"

#include <stdarg.h>
#include <stdio.h>

enum {
	LABEL = 14, /* columns of a label */
};

void foictl_heading(const struct table_page *page, const char *text)
{
	(void) fprintf(page->out, "\n%s", table_tone_on(page, TABLE_STRONG));
	table_paragraph(page, 0, text);
	(void) fputs(table_tone_off(page, TABLE_STRONG), page->out);
}

void foictl_field(const struct table_page *page, const char *label, const char *format, ...)
{
	char value[FOICTL_VALUE_MAX];
	va_list ap;

	va_start(ap, format);
	(void) vsnprintf(value, sizeof value, format, ap); /* cut: a screen holds no more */
	va_end(ap);
	if (!*value)
		return;
	(void) fprintf(page->out, "%*s%-*s", FOICTL_INDENT, "", LABEL - FOICTL_INDENT, label);
	table_paragraph(page, LABEL, value);
}

void foictl_indented(const struct table_page *page, unsigned indent, const char *text)
{
	(void) fprintf(page->out, "%*s", (int) indent, "");
	table_paragraph(page, indent, text);
}

json_int_t foictl_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* Adds to a list in @buf that is @n bytes long. Return: how long it is now. */
static size_t add(char *buf, size_t n, const char *text, const char *behind)
{
	if (n >= FOICTL_VALUE_MAX)
		return n; /* cut */
	return n + (size_t) snprintf(
			   buf + n, FOICTL_VALUE_MAX - n, "%s%s%s", n ? ", " : "", text, behind);
}

char *foictl_join(const json_t *list, char buf[static FOICTL_VALUE_MAX])
{
	const json_t *entry;
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; (entry = json_array_get(list, i)) != NULL; i++)
		if (json_is_string(entry))
			n = add(buf, n, json_string_value(entry), "");
	return buf;
}

char *foictl_exemptions(const json_t *list, char buf[static FOICTL_VALUE_MAX])
{
	const json_t *entry;
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; (entry = json_array_get(list, i)) != NULL; i++)
		n = add(buf, n, foictl_text(entry, "section"),
			json_is_true(json_object_get(entry, "denies"))
				? " (neither confirmed nor denied)"
				: "");
	return buf;
}
