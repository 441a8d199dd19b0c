/* fate.c - the words that the parts of the daemon share. */
/* SPDX-License-Identifier: MIT */
#include "domain/fate.h"

#include <errno.h>
#include <string.h>

static const char *const fate_words[FATE_COUNT] = {
	[FATE_REQUEST] = "request",
	[FATE_REVIEW] = "review",
	[FATE_CORRESPONDENCE] = "correspondence",
	[FATE_BOUNCE] = "bounce",
	[FATE_AUTOMATIC] = "automatic",
	[FATE_OWN] = "own",
	[FATE_DUPLICATE] = "duplicate",
	[FATE_TRIAGE] = "triage",
	[FATE_UNREADABLE] = "unreadable",
};

static const char *const kind_words[CASE_KIND_COUNT] = {
	[CASE_REQUEST] = "request",
	[CASE_REVIEW] = "review",
};

static const char *const acknowledge_words[ACKNOWLEDGE_COUNT] = {
	[ACKNOWLEDGE_NO] = "no",
	[ACKNOWLEDGE_HOLD] = "hold",
	[ACKNOWLEDGE_SEND] = "send",
};

const char *fate_word(enum fate fate)
{
	return fate_words[fate];
}

const char *case_kind_word(enum case_kind kind)
{
	return kind_words[kind];
}

const char *acknowledge_word(enum acknowledge a)
{
	return acknowledge_words[a];
}

/* Place of @word in @words; -EINVAL. */
static int place(const char *word, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return -EINVAL;
}

int fate_of(const char *word, enum fate *ret)
{
	int i = place(word, fate_words, FATE_COUNT);

	if (i < 0)
		return i;
	*ret = (enum fate) i;
	return 0;
}

int case_kind_of(const char *word, enum case_kind *ret)
{
	int i = place(word, kind_words, CASE_KIND_COUNT);

	if (i < 0)
		return i;
	*ret = (enum case_kind) i;
	return 0;
}
