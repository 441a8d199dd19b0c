/* config_value.c - texts, numbers, words of a set and other single values of foimaild.conf.
 *
 * Faults name no value that could be personal or secret: only numbers and words of fixed sets. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	SHOWN_MAX = 40, /* bytes of a wrong word that are shown */
	CHOICES_TEXT_MAX = 200,
};

_Static_assert(sizeof(enum config_start) == sizeof(unsigned), "choices are stored as unsigned");

static void *member(const struct config_key *key, void *base)
{
	return (char *) base + key->offset;
}

static void text_done(void *p)
{
	freep(p);
	*(char **) p = NULL;
}

/* Stores a copy of @value, which replaces nothing: every key is read once. */
static int keep(const struct config_key *key, const char *value, void *base, struct fault *f)
{
	char *copy = strdup(value);

	if (!copy)
		return fault_set(f, -ENOMEM, "no memory");
	*(char **) member(key, base) = copy;
	return 0;
}

static int check_text(const struct config_key *key, const char *value, struct fault *f)
{
	size_t max = key->max ? key->max : CONFIG_TEXT_MAX;

	if (strlen(value) < key->min || (key->required && !*value))
		return fault_set(f, -EINVAL, "is empty; give a value");
	if (strlen(value) > max)
		return fault_set(f, -EINVAL, "is longer than %zu bytes; shorten it", max);
	return 0;
}

static int parse_text(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	int r = check_text(key, value, f);

	(void) folder; /* of paths only */
	return r < 0 ? r : keep(key, value, base, f);
}

static int parse_name(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	if (strpbrk(value, " \t"))
		return fault_set(f, -EINVAL, "is one word; take the spaces out");
	return parse_text(key, folder, value, base, f);
}

static int parse_word(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	int r = parse_name(key, folder, value, base, f);

	if (r == 0)
		text_lower(*(char **) member(key, base));
	return r;
}

static int parse_address(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	if ((key->required || *value) && !config_is_address(value))
		return fault_set(f, -EINVAL,
			"is no mail address; write it as foi@example.gov.uk, without name or "
			"angle brackets");
	return parse_text(key, folder, value, base, f);
}

static int join_path(const char *folder, const char *value, char **ret, struct fault *f)
{
	int n = *value == '/' || !*value ? asprintf(ret, "%s", value)
					 : asprintf(ret, "%s/%s", folder, value);

	return n < 0 ? fault_set(f, -ENOMEM, "no memory") : 0;
}

static int parse_path(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	int r = check_text(key, value, f);

	return r < 0 ? r : join_path(folder, value, member(key, base), f);
}

/* A bare name is a systemd credential; anything with a slash is a file. */
static int parse_credential(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	if (strchr(value, '/'))
		return parse_path(key, folder, value, base, f);
	if (strcmp(value, ".") == 0 || strcmp(value, "..") == 0)
		return fault_set(f, -EINVAL, "is no name of a credential");
	return parse_name(key, folder, value, base, f);
}

/* Cuts the unit from "5 min" and finds it. */
static int unit_factor(const struct config_key *key, const char *word, uint64_t *ret)
{
	if (!*word) {
		*ret = key->units ? key->units[0].factor : 1;
		return 0;
	}
	for (const struct config_unit *u = key->units; u && u->word; u++) {
		if (text_is_equal_ci(u->word, word)) {
			*ret = u->factor;
			return 0;
		}
	}
	return -EINVAL;
}

static int out_of_range(const struct config_key *key, struct fault *f)
{
	const char *unit = key->units ? key->units[0].word : "";

	return fault_set(f, -EINVAL, "is out of range; give %" PRIu64 " to %" PRIu64 "%s%s",
		key->min, key->max, *unit ? " " : "", unit);
}

static int parse_number(
	const struct config_key *key, const char *value, uint64_t *ret, struct fault *f)
{
	char digits[SHOWN_MAX];
	uint64_t factor;
	uint64_t n;
	size_t length = strspn(value, "0123456789");
	const char *unit = value + length + strspn(value + length, " ");
	int r;

	if (length == 0 || length >= sizeof digits || unit_factor(key, unit, &factor) < 0)
		return fault_set(f, -EINVAL, "is no whole number%s%s; write it as in %s",
			key->units ? " of " : "", key->units ? key->units[0].word : "",
			key->preset);
	memcpy(digits, value, length);
	digits[length] = '\0';
	r = text_uint(digits, 0, key->max, &n);
	if (r < 0 || __builtin_mul_overflow(n, factor, &n) || n < key->min || n > key->max)
		return out_of_range(key, f);
	*ret = n;
	return 0;
}

static int parse_unsigned(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	uint64_t n = 0;
	int r = parse_number(key, value, &n, f);

	(void) folder; /* of paths only */
	if (r == 0)
		*(unsigned *) member(key, base) = (unsigned) n;
	return r;
}

static int parse_uint64(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	(void) folder; /* of paths only */
	return parse_number(key, value, member(key, base), f);
}

static int refuse_choice(const struct config_key *key, const char *value, struct fault *f)
{
	CLEANUP(freep) char *shown = NULL;
	char all[CHOICES_TEXT_MAX] = "";
	size_t n = 0;

	for (const struct config_choice *c = key->choices; c->word && n < sizeof all; c++)
		n += (size_t) snprintf(all + n, sizeof all - n, "%s%s",
			n == 0		    ? ""
			: c[1].word == NULL ? " or "
					    : ", ",
			c->word);
	if (text_one_line(value, SHOWN_MAX, &shown) < 0)
		return fault_set(f, -ENOMEM, "no memory");
	return fault_set(f, -EINVAL, "\"%s\" is not known; give %s", shown, all);
}

static int find_choice(
	const struct config_key *key, const char *value, unsigned *ret, struct fault *f)
{
	for (const struct config_choice *c = key->choices; c->word; c++) {
		if (text_is_equal_ci(c->word, value)) {
			*ret = c->value;
			return 0;
		}
	}
	return refuse_choice(key, value, f);
}

static int parse_choice(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	unsigned v = 0;
	int r = find_choice(key, value, &v, f);

	(void) folder; /* of paths only */
	if (r == 0)
		memcpy(member(key, base), &v, sizeof v);
	return r;
}

static int parse_flag(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	unsigned v = 0;
	int r = find_choice(key, value, &v, f);

	(void) folder; /* of paths only */
	if (r == 0)
		*(bool *) member(key, base) = v != 0;
	return r;
}

static int parse_template(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	(void) folder; /* of paths only */
	return reference_template_parse(value, member(key, base), f);
}

static int parse_window(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	(void) folder; /* of paths only */
	return review_window_parse(value, member(key, base), f) < 0 ? -EINVAL : 0;
}

static int parse_start(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	struct config_mailbox *m = base;

	(void) key; /* it has a type of its own */
	(void) folder;
	if (text_is_equal_ci(value, "new"))
		m->start = CONFIG_START_NEW;
	else if (text_is_equal_ci(value, "all"))
		m->start = CONFIG_START_ALL;
	else if (day_parse(value, &m->start_date) == 0)
		m->start = CONFIG_START_DATE;
	else
		return fault_set(f, -EINVAL, "is not known; give new, all or a day as 2018-05-16");
	return 0;
}

/* An atom of RFC 3501 s.9, as keywords are. */
static bool is_keyword(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (*s <= ' ' || *s >= 0x7F || strchr("(){%*\"\\]", *s))
			return false;
	return true;
}

static int parse_after(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	struct config_mailbox *m = base;
	const char *argument = "";

	(void) key; /* it has a type of its own */
	(void) folder;
	m->after = CONFIG_AFTER_NONE;
	if (text_has_prefix_ci(value, "keyword:") && is_keyword(value + 8)) {
		m->after = CONFIG_AFTER_KEYWORD;
		argument = value + 8;
	} else if (text_has_prefix_ci(value, "move:") && value[5]) {
		m->after = CONFIG_AFTER_MOVE;
		argument = value + 5;
	} else if (!text_is_equal_ci(value, "none")) {
		return fault_set(
			f, -EINVAL, "is not known; give none, keyword:$FoiCase or move:FOLDER");
	}
	m->after_argument = strdup(argument);
	return m->after_argument ? 0 : fault_set(f, -ENOMEM, "no memory");
}

static void after_done(void *p)
{
	struct config_mailbox *m = (void *) ((char *) p - offsetof(struct config_mailbox, after));

	text_done(&m->after_argument);
}

const struct config_type config_type_text = { parse_text, text_done };
const struct config_type config_type_word = { parse_word, text_done };
const struct config_type config_type_name = { parse_name, text_done };
const struct config_type config_type_address = { parse_address, text_done };
const struct config_type config_type_path = { parse_path, text_done };
const struct config_type config_type_credential = { parse_credential, text_done };
const struct config_type config_type_unsigned = { parse_unsigned, NULL };
const struct config_type config_type_uint64 = { parse_uint64, NULL };
const struct config_type config_type_flag = { parse_flag, NULL };
const struct config_type config_type_choice = { parse_choice, NULL };
const struct config_type config_type_template = { parse_template, NULL };
const struct config_type config_type_window = { parse_window, NULL };
const struct config_type config_type_start = { parse_start, NULL };
const struct config_type config_type_after = { parse_after, after_done };
