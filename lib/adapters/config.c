/* config.c - foimaild.conf: load it, fill in what is not there, check it as a whole. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/config_private.h"
#include "base/cleanup.h"
#include "base/text.h"

enum {
	REPORT_MAX = 1024,
	WHERE_MAX = 160,
	KEY_SHOWN_MAX = 40,
};

static void report(struct config_reading *in, const char *prefix, unsigned line,
	const struct config_section *section, const char *key, const char *format, va_list ap)
	__attribute__((format(printf, 6, 0)));

/* "FILE:LINE: [section name] key: what is wrong; what to do". */
static void report(struct config_reading *in, const char *prefix, unsigned line,
	const struct config_section *section, const char *key, const char *format, va_list ap)
{
	char place[16] = "";
	char where[WHERE_MAX] = "";
	char what[REPORT_MAX];
	char text[REPORT_MAX * 2];
	CLEANUP(freep) char *shown = NULL;
	CLEANUP(freep) char *clean = NULL;

	if (!in->report)
		return;
	if (text_one_line(key ? key : "", KEY_SHOWN_MAX, &shown) < 0) {
		in->error = -ENOMEM;
		return;
	}
	if (line > 0)
		(void) snprintf(place, sizeof place, ":%u", line);
	if (section)
		(void) snprintf(where, sizeof where, "[%s%s%s]%s", section->kind->name,
			*section->name ? " " : "", section->name, *shown ? " " : ": ");
	(void) vsnprintf(what, sizeof what, format, ap);
	(void) snprintf(text, sizeof text, "%s%s%s: %s%s%s%s", prefix, in->path, place, where,
		shown, *shown ? ": " : "", what);
	/* A word of the file, cut for show, may end within a character or hold a control. */
	if (text_one_line(text, sizeof text, &clean) < 0)
		in->error = -ENOMEM;
	else
		in->report(in->context, clean);
}

void config_mistake(struct config_reading *in, unsigned line, const struct config_section *section,
	const char *key, const char *format, ...)
{
	va_list ap;

	in->n_mistakes++;
	va_start(ap, format);
	report(in, "", line, section, key, format, ap);
	va_end(ap);
}

void config_warning(struct config_reading *in, unsigned line, const struct config_section *section,
	const char *key, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	report(in, "warning: ", line, section, key, format, ap);
	va_end(ap);
}

/* Sections that are not in the file have their presets all the same. */
static void add_missing_sections(struct config_reading *in)
{
	for (size_t i = 0; i < config_n_kinds; i++) {
		const struct config_kind *kind = &config_kinds[i];
		bool is_there = kind->named;

		for (size_t j = 0; j < in->n_sections && !is_there; j++)
			is_there = in->sections[j].kind == kind;
		if (!is_there)
			in->sections[in->n_sections++] = (struct config_section){
				.kind = kind, .name = "", .base = kind->add(in->c)
			};
	}
}

static void fill_key(struct config_reading *in, const struct config_section *section,
	const struct config_key *key)
{
	struct fault f = { 0 };
	int r;

	if (key->required) {
		config_mistake(in, section->line, section, key->name, "is missing; add it%s",
			section->line ? "" : " with its section");
		return;
	}
	if (!key->preset)
		return;
	r = key->type->parse(key, in->folder, key->preset, section->base, &f);
	if (r == -ENOMEM)
		in->error = r;
	else if (r < 0)
		config_mistake(in, section->line, section, key->name, "%s", f.text);
}

static void fill_sections(struct config_reading *in)
{
	add_missing_sections(in);
	for (size_t i = 0; i < in->n_sections; i++)
		for (size_t k = 0; k < config_n_keys; k++)
			if (strcmp(config_keys[k].section, in->sections[i].kind->name) == 0 &&
				in->sections[i].lines[k] == 0)
				fill_key(in, &in->sections[i], &config_keys[k]);
}

/* The file's folder, absolute: the paths must hold whatever the working directory becomes. */
static int find_folder(const char *path, char **ret, struct fault *f)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash == path ? 1 : slash ? (size_t) (slash - path) : 0;
	CLEANUP(freep) char *folder = slash ? strndup(path, n) : strdup(".");

	if (!folder)
		return fault_set(f, -ENOMEM, "no memory for the configuration");
	*ret = realpath(folder, NULL);
	return *ret ? 0 : fault_set_kind(f, FAULT_CONFIG, -errno, "%s: %s", path, strerror(errno));
}

static struct config *config_new(void)
{
	struct config *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->mailboxes = calloc(CONFIG_MAILBOXES_MAX, sizeof *c->mailboxes);
	c->forms = calloc(CONFIG_FORMS_MAX, sizeof *c->forms);
	return c->mailboxes && c->forms ? c : config_free(c);
}

static void reading_freep(struct config_reading **in)
{
	if (!*in)
		return;
	free((*in)->folder);
	free((*in)->bytes);
	free((*in)->value);
	free(*in);
}

int config_load(const char *path, config_report *report_to, void *context, struct config **ret,
	struct fault *f)
{
	CLEANUP(reading_freep) struct config_reading *in = calloc(1, sizeof *in);
	CLEANUP(config_freep) struct config *c = config_new();
	int r;

	if (!in || !c)
		return fault_set(f, -ENOMEM, "no memory for the configuration");
	r = find_folder(path, &in->folder, f);
	if (r < 0)
		return r;
	in->path = path;
	in->report = report_to;
	in->context = context;
	in->c = c;
	r = config_file_read(in, f);
	if (r < 0)
		return r;
	fill_sections(in);
	config_check(in);
	if (in->error < 0)
		return fault_set(f, in->error, "no memory for the configuration");
	if (in->n_mistakes > 0)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s: %u mistake%s", path,
			in->n_mistakes, in->n_mistakes == 1 ? "" : "s");
	*ret = TAKE_PTR(c);
	return 0;
}

static void release(const struct config_key *key, void *base)
{
	if (key->type->done)
		key->type->done((char *) base + key->offset);
}

struct config *config_free(struct config *c)
{
	if (!c)
		return NULL;
	for (size_t k = 0; k < config_n_keys; k++) {
		const struct config_key *key = &config_keys[k];
		bool is_mailbox = strcmp(key->section, "mailbox") == 0;
		bool is_form = strcmp(key->section, "form") == 0;

		for (size_t i = 0; is_mailbox && i < c->n_mailboxes; i++)
			release(key, &c->mailboxes[i]);
		for (size_t i = 0; is_form && i < c->n_forms; i++)
			release(key, &c->forms[i]);
		if (!is_mailbox && !is_form)
			release(key, c);
	}
	for (size_t i = 0; i < c->n_mailboxes; i++)
		free(c->mailboxes[i].name);
	for (size_t i = 0; i < c->n_forms; i++)
		free(c->forms[i].name);
	free(c->mailboxes);
	free(c->forms);
	free(c);
	return NULL;
}

void config_freep(struct config **c)
{
	*c = config_free(*c);
}
