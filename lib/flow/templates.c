/* templates.c - the acknowledgement templates of a configuration.
 *
 * Files: acknowledgement-KIND-REGIME[.LANGUAGES].txt for requests and reviews,
 * acknowledgement-neutral[.LANGUAGES].txt for what states no date; LANGUAGES is "cy-en" or "en-cy".
 * Where there is no file in the languages wished for (Scotland's regime has none in Welsh) the
 * English one serves. */
/* SPDX-License-Identifier: MIT */
#include "flow/templates.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

enum {
	PATH_BYTES_MAX = 4096,
};

struct templates {
	struct acknowledgement_template *dated[2][STATUTE_REGIME_COUNT]; /* owned */
	struct acknowledgement_template *neutral;			 /* owned */
};

static const char *const kind_words[] = {
	[ACKNOWLEDGEMENT_REQUEST] = "request",
	[ACKNOWLEDGEMENT_REVIEW] = "review",
	[ACKNOWLEDGEMENT_NEUTRAL] = "neutral",
};

static const char *const language_words[] = {
	[CONFIG_LANGUAGE_ENGLISH] = "",
	[CONFIG_LANGUAGE_WELSH_FIRST] = ".cy-en",
	[CONFIG_LANGUAGE_ENGLISH_FIRST] = ".en-cy",
};

static void file_closep(FILE **file)
{
	if (*file)
		(void) fclose(*file); /* it was only read */
}

/* The whole of a file of at most ACKNOWLEDGEMENT_TEMPLATE_MAX bytes. */
static int read_file(const char *path, char **ret, size_t *ret_n, struct fault *f)
{
	CLEANUP(file_closep) FILE *file = fopen(path, "re");
	CLEANUP(freep) char *text = malloc(ACKNOWLEDGEMENT_TEMPLATE_MAX + 1);
	size_t n;

	if (!file)
		return fault_set_kind(f, errno == ENOENT ? FAULT_MISSING : FAULT_CONFIG, -errno,
			"%s: %s", path, strerror(errno));
	if (!text)
		return fault_set(f, -ENOMEM, "no memory for %s", path);
	n = fread(text, 1, ACKNOWLEDGEMENT_TEMPLATE_MAX + 1, file);
	if (ferror(file))
		return fault_set_kind(f, FAULT_CONFIG, -EIO, "%s: cannot be read", path);
	if (n > ACKNOWLEDGEMENT_TEMPLATE_MAX)
		return fault_set_kind(f, FAULT_CONFIG, -EFBIG, "%s: longer than %d bytes", path,
			ACKNOWLEDGEMENT_TEMPLATE_MAX);
	*ret = TAKE_PTR(text);
	*ret_n = n;
	return 0;
}

static int load(const char *dir, enum acknowledgement_kind kind, const char *regime,
	const char *language, struct acknowledgement_template **ret, struct fault *f)
{
	CLEANUP(freep) char *text = NULL;
	char path[PATH_BYTES_MAX];
	size_t n = 0;
	int r = snprintf(path, sizeof path, "%s/acknowledgement-%s%s%s%s.txt", dir,
		kind_words[kind], *regime ? "-" : "", regime, language);

	if (r < 0 || (size_t) r >= sizeof path)
		return fault_set_kind(
			f, FAULT_CONFIG, -ENAMETOOLONG, "[authority] templates: too long");
	r = read_file(path, &text, &n, f);
	if (r == -ENOENT && *language)
		return load(dir, kind, regime, "", ret, f);
	if (r < 0)
		return r;
	return acknowledgement_template_parse(text, n, path, kind, ret, f);
}

int templates_load(const struct config *conf, struct templates **ret, struct fault *f)
{
	CLEANUP(templates_freep) struct templates *t = calloc(1, sizeof *t);
	const char *language = language_words[conf->language];
	const char *dir = conf->templates_dir;
	int r;

	if (!t)
		return fault_set(f, -ENOMEM, "no memory for the templates");
	r = load(dir, ACKNOWLEDGEMENT_NEUTRAL, "", language, &t->neutral, f);
	/* A mail may name another right of access than its mailbox's: all of them are needed. */
	for (unsigned i = 0; r == 0 && i < STATUTE_REGIME_COUNT; i++) {
		const char *regime = statute_of((enum statute_regime) i)->key;

		if (i == STATUTE_SAR)
			continue; /* no mail opens such a case: a person finds that it is one */
		r = load(dir, ACKNOWLEDGEMENT_REQUEST, regime, language,
			&t->dated[ACKNOWLEDGEMENT_REQUEST][i], f);
		if (r == 0)
			r = load(dir, ACKNOWLEDGEMENT_REVIEW, regime, language,
				&t->dated[ACKNOWLEDGEMENT_REVIEW][i], f);
	}
	if (r < 0)
		return r;
	*ret = TAKE_PTR(t);
	return 0;
}

struct templates *templates_free(struct templates *t)
{
	if (!t)
		return NULL;
	for (unsigned kind = 0; kind < 2; kind++)
		for (unsigned i = 0; i < STATUTE_REGIME_COUNT; i++)
			acknowledgement_template_free(t->dated[kind][i]);
	acknowledgement_template_free(t->neutral);
	free(t);
	return NULL;
}

void templates_freep(struct templates **t)
{
	*t = templates_free(*t);
}

const struct acknowledgement_template *templates_get(
	const struct templates *t, enum acknowledgement_kind kind, enum statute_regime regime)
{
	return kind == ACKNOWLEDGEMENT_NEUTRAL ? t->neutral : t->dated[kind][regime];
}
