/* config_file.c - the lines of foimaild.conf, taken apart by inih.
 *
 * inih reports only the number of the first bad line, cuts long lines and names, drops what follows
 * " ;" and says nothing about empty sections. So every line is looked at on its way to inih, and
 * one that inih would misread is reported and not handed on. inih's global switches stay as they
 * are: they belong to the whole process.
 *
 * Security: the file is the administrator's, but a wrong path may name anything. Bounded by
 * CONFIG_BYTES_MAX and inih's line length; only UTF-8 without control characters is taken. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ini.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/text.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static int load_bytes(struct config_reading *in, struct fault *f)
{
	/* O_NONBLOCK: a FIFO in place of the file must not hold us up. */
	CLEANUP(closep) int fd = open(in->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fault_set_kind(f, FAULT_CONFIG, -errno, "%s: %s", in->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s: is no regular file", in->path);
	in->bytes = malloc(CONFIG_BYTES_MAX + 1);
	if (!in->bytes)
		return fault_set(f, -ENOMEM, "no memory for the configuration");
	r = io_read(fd, in->bytes, CONFIG_BYTES_MAX + 1, &in->n);
	if (r < 0)
		return fault_set_kind(f, FAULT_CONFIG, r, "%s: %s", in->path, strerror(-r));
	if (in->n > CONFIG_BYTES_MAX)
		return fault_set_kind(f, FAULT_CONFIG, -EFBIG,
			"%s: is longer than %d bytes, so it is no foimaild.conf", in->path,
			(int) CONFIG_BYTES_MAX);
	return 0;
}

/* The value is complete once another key, a section or the end has come. */
static void finish_value(struct config_reading *in)
{
	const struct config_key *key = in->key >= 0 ? &config_keys[in->key] : NULL;
	struct fault f = { 0 };
	int r;

	if (key && in->value) {
		r = key->type->parse(key, in->folder, in->value, in->section->base, &f);
		if (r == -ENOMEM)
			in->error = r;
		else if (r < 0)
			config_mistake(in, in->key_line, in->section, key->name, "%s", f.text);
	}
	free(in->value);
	in->value = NULL;
	in->key = -1;
}

static void unknown_key(struct config_reading *in, const char *name)
{
	const char *near = config_key_near(in->section->kind->name, name);
	const char *elsewhere = NULL;

	for (size_t i = 0; i < config_n_keys && !elsewhere; i++)
		if (strcmp(config_keys[i].name, name) == 0)
			elsewhere = config_keys[i].section;
	if (near)
		config_mistake(in, in->line, in->section, name,
			"is not a known key; did you mean %s?", near);
	else if (config_key_is_secret(name))
		config_mistake(in, in->line, in->section, name,
			"secrets must not be in this file; store it as a systemd credential (or a "
			"file that only the service user can read) and name that in credential");
	else if (elsewhere)
		config_mistake(in, in->line, in->section, name,
			"is not a key of this section; it belongs to [%s]", elsewhere);
	else
		config_mistake(in, in->line, in->section, name,
			"is not a known key; see foimaild.conf(5), or take the line out");
}

static void take_key(struct config_reading *in, const char *name, const char *value)
{
	int key = config_key_find(in->section->kind->name, name);
	unsigned *line;

	if (key < 0) {
		unknown_key(in, name);
		return;
	}
	line = &in->section->lines[key];
	if (*line > 0) {
		config_mistake(in, in->line, in->section, name,
			"is there twice, first in line %u; keep one", *line);
		return;
	}
	*line = in->line;
	in->key = key;
	in->key_line = in->line;
	in->value = strdup(value);
	if (!in->value)
		in->error = -ENOMEM;
}

static void carry_on(struct config_reading *in, const char *more)
{
	char *longer;

	if (in->key < 0 || !in->value)
		return; /* the key was refused */
	if (asprintf(&longer, "%s%s%s", in->value, *in->value ? " " : "", more) < 0) {
		in->error = -ENOMEM;
		return;
	}
	free(in->value);
	in->value = longer;
}

static int on_pair(void *user, const char *section, const char *name, const char *value)
{
	struct config_reading *in = user;

	(void) section; /* inih cuts long names; open_section() has the whole one */
	in->is_open = false;
	if (in->is_indented) {
		carry_on(in, value);
		return 1;
	}
	finish_value(in);
	in->has_key = true;
	if (!in->section && !in->is_skipping)
		config_mistake(in, in->line, NULL, name,
			"stands before any [section]; put it below the one it belongs to");
	else if (in->section)
		take_key(in, name, value);
	return 1;
}

static bool is_name(const char *s)
{
	if (!*s || strlen(s) >= CONFIG_NAME_MAX)
		return false;
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] ==
	       '\0';
}

static const struct config_kind *find_kind(const char *word)
{
	for (size_t i = 0; i < config_n_kinds; i++)
		if (strcmp(config_kinds[i].name, word) == 0)
			return &config_kinds[i];
	return NULL;
}

/* The section that is there already; NULL: none. */
static struct config_section *find_section(
	struct config_reading *in, const struct config_kind *kind, const char *name)
{
	for (size_t i = 0; i < in->n_sections; i++)
		if (in->sections[i].kind == kind && strcmp(in->sections[i].name, name) == 0)
			return &in->sections[i];
	return NULL;
}

static void add_section(struct config_reading *in, const struct config_kind *kind, const char *name)
{
	struct config_section *s = &in->sections[in->n_sections];
	void *base = kind->add(in->c);

	if (!base) {
		config_mistake(in, in->line, NULL, NULL,
			"there are more [%s] sections than this program can serve", kind->name);
		return;
	}
	*s = (struct config_section){ .kind = kind, .name = "", .base = base, .line = in->line };
	if (kind->named) {
		char **kept = kind->name_of(base);

		*kept = strdup(name);
		if (!*kept) {
			in->error = -ENOMEM;
			return;
		}
		s->name = *kept;
	}
	in->n_sections++;
	in->section = s;
}

static void unknown_section(struct config_reading *in, const char *word)
{
	const char *near = config_kind_near(word);

	if (near)
		config_mistake(in, in->line, NULL, NULL,
			"[%.40s] is not a known section; did you mean [%s]?", word, near);
	else
		config_mistake(in, in->line, NULL, NULL,
			"[%.40s] is not a known section; see foimaild.conf(5), or take it out",
			word);
}

/* @inside is what stands between the brackets. */
static void open_section(struct config_reading *in, char *inside)
{
	char *name = inside + strcspn(inside, " \t");
	const struct config_kind *kind;

	if (*name)
		*name++ = '\0';
	name = text_trim(name);
	kind = find_kind(inside);
	if (!kind) {
		unknown_section(in, inside);
	} else if (kind->named && !is_name(name)) {
		config_mistake(in, in->line, NULL, NULL,
			"[%s NAME] needs a name of at most %d letters, digits, '-', '_' or '.', as "
			"in [%s foi]",
			kind->name, CONFIG_NAME_MAX - 1, kind->name);
	} else if (!kind->named && *name) {
		config_mistake(
			in, in->line, NULL, NULL, "[%s] has no name; write [%s]", inside, inside);
	} else if (find_section(in, kind, name)) {
		in->section = find_section(in, kind, name);
		config_mistake(in, in->line, in->section, NULL,
			"is there twice, first in line %u; put all keys under one",
			in->section->line);
	} else {
		add_section(in, kind, name);
	}
}

/* A line that begins with '['. Return: whether inih may see it. */
static bool take_section(struct config_reading *in, char *text)
{
	char *end = strchr(text, ']');

	finish_value(in);
	in->section = NULL;
	in->is_skipping = true;
	in->has_key = false;
	if (!end || *text_trim(end + 1)) {
		config_mistake(in, in->line, NULL, NULL,
			"a section is a name in [ and ], alone on its line");
		return false;
	}
	*end = '\0';
	open_section(in, text_trim(text + 1));
	in->is_skipping = !in->section;
	return true;
}

/* Why inih must not see a line; NULL: it may. */
static const char *refuse_line(
	const struct config_reading *in, const char *text, size_t n, size_t room)
{
	if (n + 2 > room)
		return "the line is too long; go on in a next line that begins with a space";
	if (!text_is_utf8(text, n))
		return "the line is not UTF-8; save the file with that encoding";
	for (size_t i = 0; i < n; i++)
		if ((unsigned char) text[i] < ' ' && text[i] != '\t' &&
			(text[i] != '\r' || i + 1 < n))
			return "the line holds a control character; take it out";
	if (in->is_indented && !in->has_key)
		return "a line that begins with a space carries on the one above, but there is no "
		       "key; take the space out";
	for (size_t i = 1; i < n; i++)
		if (text[i] == ';' && (text[i - 1] == ' ' || text[i - 1] == '\t'))
			return "a comment needs a line of its own; in a text, write the ; without "
			       "a "
			       "space before it";
	return NULL;
}

/* Hands the next line to inih, empty where inih must not see it. */
static char *next_line(char *buf, int room, void *stream)
{
	struct config_reading *in = stream;
	const char *text = in->bytes + in->at;
	const char *wrong;
	const char *end;
	size_t n;

	if (in->is_open)
		config_mistake(in, in->line, in->section, NULL,
			"the line has no =; write it as key = value");
	in->is_open = false;
	if (in->at >= in->n || in->error < 0)
		return NULL;
	end = memchr(text, '\n', in->n - in->at);
	n = end ? (size_t) (end - text) : in->n - in->at;
	in->at += n + (end ? 1 : 0);
	if (++in->line == 1 && n >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
		text += 3;
		n -= 3;
	}
	(void) snprintf(buf, (size_t) room, "\n");
	while (n > 0 && strchr(" \t\r", text[n - 1]))
		n--;
	in->is_indented = n > 0 && (*text == ' ' || *text == '\t');
	if (n == 0 || strchr("#;", text[strspn(text, " \t")]))
		return buf;
	wrong = refuse_line(in, text, n, (size_t) room);
	if (wrong) {
		config_mistake(in, in->line, in->section, NULL, "%s", wrong);
		finish_value(in);
		in->has_key = true; /* what carries it on is no further mistake */
		return buf;
	}
	memcpy(buf, text, n);
	buf[n] = '\0';
	if (*buf != '[')
		in->is_open = true;
	else if (!take_section(in, buf))
		(void) snprintf(buf, (size_t) room, "\n");
	else
		(void) snprintf(buf, (size_t) room, "[%s]\n", in->section ? "known" : "unknown");
	return buf;
}

int config_file_read(struct config_reading *in, struct fault *f)
{
	int r = load_bytes(in, f);

	if (r < 0)
		return r;
	in->bytes[in->n] = '\0'; /* there is one byte more than CONFIG_BYTES_MAX */
	in->key = -1;
	if (ini_parse_stream(next_line, in, on_pair, in) == -2)
		in->error = -ENOMEM;
	finish_value(in);
	return in->error < 0 ? fault_set(f, in->error, "no memory for the configuration") : 0;
}
