/* html_charset.c - the character set that a page names itself.
 *
 * Security: a stranger's bytes; only the first LOOKED_AT_MAX are looked at. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "domain/html.h"

enum {
	LOOKED_AT_MAX = 4096, /* HTML5 looks at 1024 bytes; Outlook's styles come first */
};

/* The value behind "charset" and its "=". */
static void take_value(const char *s, char ret[static HTML_CHARSET_MAX])
{
	size_t n;

	s += strspn(s, " \t\r\n");
	if (*s != '=')
		return;
	s++;
	s += strspn(s, " \t\r\n\"'");
	n = strcspn(s, " \t\r\n\"';/>");
	if (n == 0 || n >= HTML_CHARSET_MAX)
		return;
	memcpy(ret, s, n);
	ret[n] = '\0';
}

void html_charset(const char *html, size_t n, char ret[static HTML_CHARSET_MAX])
{
	char head[LOOKED_AT_MAX + 1];
	const char *tag = head;

	if (n > LOOKED_AT_MAX)
		n = LOOKED_AT_MAX;
	memcpy(head, html, n);
	head[n] = '\0';
	ret[0] = '\0';
	while (!ret[0] && (tag = text_find_ci(tag, "<meta")) != NULL) {
		char *end = strchr(tag, '>');
		const char *word;

		if (!end)
			return;
		*end = '\0';
		word = text_find_ci(tag, "charset");
		if (word)
			take_value(word + strlen("charset"), ret);
		tag = end + 1;
	}
	if (text_has_prefix_ci(ret, "utf-16"))
		memcpy(ret, "utf-8", 6);
}
