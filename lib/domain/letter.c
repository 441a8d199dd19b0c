/* letter.c - one mail as plain data. */
/* SPDX-License-Identifier: MIT */
#include "domain/letter.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void free_texts(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

static void free_addresses(struct letter_address *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].name);
		free(list[i].mailbox);
	}
	free(list);
}

struct letter *letter_new(void)
{
	struct letter *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->subject = strdup("");
	l->message_id = strdup("");
	l->text = strdup("");
	l->new_text = strdup("");
	return l->subject && l->message_id && l->text && l->new_text ? l : letter_free(l);
}

struct letter *letter_free(struct letter *l)
{
	if (!l)
		return NULL;
	for (size_t i = 0; i < l->n_headers; i++) {
		free(l->headers[i].name);
		free(l->headers[i].value);
	}
	free(l->headers);
	free_addresses(l->from, l->n_from);
	free_addresses(l->reply_to, l->n_reply_to);
	free_addresses(l->to, l->n_to);
	free(l->subject);
	free(l->message_id);
	free_texts(l->in_reply_to, l->n_in_reply_to);
	free_texts(l->references, l->n_references);
	free_texts(l->embedded_ids, l->n_embedded_ids);
	free(l->text);
	free(l->new_text);
	for (size_t i = 0; i < l->n_attachments; i++) {
		free(l->attachments[i].name);
		free(l->attachments[i].type);
	}
	free(l->attachments);
	free_texts(l->warnings, l->n_warnings);
	free(l);
	return NULL;
}

void letter_freep(struct letter **l)
{
	*l = letter_free(*l);
}

const char *letter_header(const struct letter *l, const char *name)
{
	for (size_t i = 0; i < l->n_headers; i++)
		if (text_is_equal_ci(l->headers[i].name, name))
			return l->headers[i].value;
	return NULL;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (c & 0x80) != 0;
}

/* Whether @word stands in @text with no letter or digit right before or behind it. */
static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; (at = text_find_ci(at, word)) != NULL; at++)
		if ((at == text || !is_word_byte(at[-1])) && !is_word_byte(at[n]))
			return true;
	return false;
}

bool letter_has_header_word(const struct letter *l, const char *name, const char *word)
{
	for (size_t i = 0; i < l->n_headers; i++)
		if (text_is_equal_ci(l->headers[i].name, name) &&
			has_word(l->headers[i].value, word))
			return true;
	return false;
}

const char *letter_sender(const struct letter *l)
{
	return l->n_from > 0 ? l->from[0].mailbox : "";
}

void letter_add_warning(struct letter *l, const char *text)
{
	char **list;

	for (size_t i = 0; i < l->n_warnings; i++)
		if (strcmp(l->warnings[i], text) == 0)
			return;
	if (l->n_warnings >= LETTER_WARNINGS_MAX)
		return;
	list = reallocarray(l->warnings, l->n_warnings + 1, sizeof *list);
	if (!list)
		return;
	l->warnings = list;
	list[l->n_warnings] = strdup(text);
	if (list[l->n_warnings])
		l->n_warnings++;
}
