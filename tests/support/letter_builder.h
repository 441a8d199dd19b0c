/* letter_builder.h - letters for tests, from a few header lines and a text. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_LETTER_BUILDER_H
#define SUPPORT_LETTER_BUILDER_H

#include "domain/letter.h"

/**
 * letter_builder_new - a letter as the reader would make it.
 * @headers:  "Name: value" lines; addresses "Name <a@b>" or "a@b", apart by commas
 * @text:     all readable text
 * @new_text: what the writer wrote now; NULL: all of @text
 *
 * Aborts when memory is short. Free with letter_free().
 */
struct letter *letter_builder_new(const char *headers, const char *text, const char *new_text);

/* Adds an attachment of that name and type. */
void letter_builder_attach(struct letter *l, const char *name, const char *type);

/* Adds the Message-ID of an enclosed mail. */
void letter_builder_embed(struct letter *l, const char *id);

#endif
