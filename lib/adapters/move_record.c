/* move_record.c - the details of a move as JSON. */
/* SPDX-License-Identifier: MIT */
#include "adapters/move_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static void json_freep(json_t **json)
{
	json_decref(*json);
}

/* ---- made ------------------------------------------------------------------------------------ */

static int put(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) < 0 ? -ENOMEM : 0;
}

static int put_text(json_t *object, const char *key, const char *text)
{
	return *text ? put(object, key, json_string(text)) : 0;
}

static int put_flag(json_t *object, const char *key, bool flag)
{
	return flag ? put(object, key, json_true()) : 0;
}

static json_t *exemptions_json(const struct foi_details *d)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < d->n_exemptions; i++) {
		json_t *one = json_pack("{s:s, s:b}", "section", d->exemptions[i].section, "denies",
			(int) d->exemptions[i].denies);

		if (json_array_append_new(array, one) < 0)
			return json_decref(array), NULL;
	}
	return array;
}

json_t *move_record_make(const struct foi_details *d)
{
	json_t *object = json_object();
	char day[DAY_ISO_MAX];
	int r = object ? 0 : -ENOMEM;

	if (r == 0 && d->has_until)
		r = put_text(object, "until", day_iso(d->until, day));
	if (r == 0)
		r = put_text(object, "outcome", foi_outcome_of(d->outcome)->word);
	if (r == 0 && d->n_exemptions > 0)
		r = put(object, "exemptions", exemptions_json(d));
	if (r == 0)
		r = put_text(object, "text", d->text);
	if (r == 0 && d->has_regime)
		r = put_text(object, "regime", statute_of(d->regime)->key);
	if (r == 0)
		r = put_text(object, "authority", d->authority);
	if (r == 0)
		r = put_flag(object, "complex", d->is_complex);
	if (r == 0)
		r = put_flag(object, "voluminous", d->is_voluminous);
	if (r == 0)
		r = put_text(object, "effect", foi_effect_word(d->effect));
	if (r == 0)
		return object;
	json_decref(object);
	return NULL;
}

char *move_record_text(const struct foi_details *d)
{
	CLEANUP(json_freep) json_t *object = move_record_make(d);

	return object ? json_dumps(object, JSON_COMPACT) : NULL;
}

/* ---- read ------------------------------------------------------------------------------------ */

static int wrong(const char *key, const char *must, struct fault *f)
{
	return fault_set(f, -EINVAL, "%s must be %s", key, must);
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static int read_until(const json_t *value, struct foi_details *d, struct fault *f)
{
	const char *text = json_string_value(value);

	d->has_until = true;
	if (!text || day_parse(text, &d->until) < 0)
		return wrong("until", "a day of the form YYYY-MM-DD", f);
	return 0;
}

static int read_outcome(const json_t *value, struct foi_details *d, struct fault *f)
{
	const char *text = json_string_value(value);

	if (!text || !*text || foi_outcome_parse(text, &d->outcome) < 0)
		return wrong("outcome", "an outcome, such as granted", f);
	return 0;
}

static int read_exemption(const json_t *value, struct foi_exemption *ret, struct fault *f)
{
	const char *section = json_string_value(json_object_get(value, "section"));
	const json_t *denies = json_object_get(value, "denies");

	if (!section || strlen(section) >= sizeof ret->section || !is_plain(section) ||
		(denies && !json_is_boolean(denies)))
		return wrong("exemptions", "a list of {section, denies}", f);
	(void) snprintf(ret->section, sizeof ret->section, "%s", section); /* fits */
	ret->denies = json_is_true(denies);
	return 0;
}

static int read_exemptions(const json_t *value, struct foi_details *d, struct fault *f)
{
	size_t n = json_array_size(value);

	if (!json_is_array(value))
		return wrong("exemptions", "a list of {section, denies}", f);
	if (n > FOI_EXEMPTIONS_MAX)
		return fault_set(f, -EINVAL, "exemptions: more than %d", FOI_EXEMPTIONS_MAX);
	for (size_t i = 0; i < n; i++) {
		int r = read_exemption(json_array_get(value, i), &d->exemptions[i], f);

		if (r < 0)
			return r;
	}
	d->n_exemptions = n;
	return 0;
}

static int copy_text(
	const char *key, const json_t *value, char ret[static FOI_TEXT_MAX], struct fault *f)
{
	const char *text = json_string_value(value);

	if (!text || strlen(text) >= FOI_TEXT_MAX || !is_plain(text))
		return fault_set(f, -EINVAL, "%s must be one line of at most %d bytes", key,
			FOI_TEXT_MAX - 1);
	(void) snprintf(ret, FOI_TEXT_MAX, "%s", text); /* fits */
	return 0;
}

static int read_text(const json_t *value, struct foi_details *d, struct fault *f)
{
	return copy_text("text", value, d->text, f);
}

static int read_authority(const json_t *value, struct foi_details *d, struct fault *f)
{
	return copy_text("authority", value, d->authority, f);
}

static int read_regime(const json_t *value, struct foi_details *d, struct fault *f)
{
	const char *text = json_string_value(value);

	d->has_regime = true;
	if (!text || statute_regime_parse(text, &d->regime) < 0)
		return wrong("regime", "foia, eir, foisa or sar", f);
	return 0;
}

static int read_complex(const json_t *value, struct foi_details *d, struct fault *f)
{
	d->is_complex = json_is_true(value);
	return json_is_boolean(value) ? 0 : wrong("complex", "true or false", f);
}

static int read_voluminous(const json_t *value, struct foi_details *d, struct fault *f)
{
	d->is_voluminous = json_is_true(value);
	return json_is_boolean(value) ? 0 : wrong("voluminous", "true or false", f);
}

static int read_effect(const json_t *value, struct foi_details *d, struct fault *f)
{
	const char *text = json_string_value(value);

	if (!text || !*text || foi_effect_parse(text, &d->effect) < 0)
		return wrong("effect", "an effect, such as stops", f);
	return 0;
}

static const struct {
	const char *key;
	int (*read)(const json_t *value, struct foi_details *d, struct fault *f);
} members[] = {
	{ "until", read_until },
	{ "outcome", read_outcome },
	{ "exemptions", read_exemptions },
	{ "text", read_text },
	{ "regime", read_regime },
	{ "authority", read_authority },
	{ "complex", read_complex },
	{ "voluminous", read_voluminous },
	{ "effect", read_effect },
};

static int read_member(const char *key, const json_t *value, struct foi_details *d, struct fault *f)
{
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (strcmp(members[i].key, key) == 0)
			return members[i].read(value, d, f);
	return fault_set(f, -EINVAL, "a move has no such detail");
}

int move_record_read(json_t *object, struct foi_details *ret, struct fault *f)
{
	struct foi_details d = { 0 };
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return fault_set(f, -EINVAL, "the details of a move must be an object");
	json_object_foreach(object, key, value)
	{
		int r = json_is_null(value) ? 0 : read_member(key, value, &d, f);

		if (r < 0)
			return r;
	}
	*ret = d;
	return 0;
}

int move_record_parse(const char *text, struct foi_details *ret, struct fault *f)
{
	CLEANUP(json_freep) json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	return move_record_read(object, ret, f);
}
