/* varlink.c - messages of the Varlink protocol: taken apart, checked, put together.
 *
 * Security: see varlink.h. The depth is counted before jansson sees the text, since it recurses. */
/* SPDX-License-Identifier: MIT */
#include "adapters/varlink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

enum {
	FIRST_ROOM = 1024,
};

struct varlink_decoder {
	char *buf;   /* owned */
	size_t at;   /* bytes of buf that are done with; moved away by the next feed */
	size_t n;    /* bytes after them */
	size_t room; /* of buf */
	size_t max;
	size_t searched; /* of the n bytes: there is no NUL in these */
	bool is_broken;
};

static void json_freep(json_t **j)
{
	json_decref(*j);
}

struct varlink_decoder *varlink_decoder_new(size_t max)
{
	struct varlink_decoder *d = calloc(1, sizeof *d);

	if (d)
		d->max = max;
	return d;
}

struct varlink_decoder *varlink_decoder_free(struct varlink_decoder *d)
{
	if (d)
		free(d->buf);
	free(d);
	return NULL;
}

void varlink_decoder_freep(struct varlink_decoder **d)
{
	*d = varlink_decoder_free(*d);
}

size_t varlink_decoder_room(const struct varlink_decoder *d)
{
	return d->is_broken ? 0 : d->max - d->n;
}

/* Grows by doubling, so that a call of a hundred bytes does not cost a whole buffer. */
static int make_room(struct varlink_decoder *d, size_t need)
{
	size_t room = d->room ? d->room : FIRST_ROOM;
	char *buf;

	while (room < need)
		room *= 2;
	if (room > d->max)
		room = d->max;
	if (room == d->room)
		return 0;
	buf = realloc(d->buf, room);
	if (!buf)
		return -ENOMEM;
	d->buf = buf;
	d->room = room;
	return 0;
}

int varlink_decoder_feed(struct varlink_decoder *d, const void *bytes, size_t n)
{
	if (n > varlink_decoder_room(d))
		return -EMSGSIZE;
	if (n == 0)
		return 0;
	if (d->at > 0)
		memmove(d->buf, d->buf + d->at, d->n);
	d->at = 0;
	if (make_room(d, d->n + n) < 0)
		return -ENOMEM;
	memcpy(d->buf + d->n, bytes, n);
	d->n += n;
	return 0;
}

bool varlink_decoder_is_partial(const struct varlink_decoder *d)
{
	return d->n > 0;
}

/* Whether more than VARLINK_DEPTH_MAX objects and arrays stand in each other. */
static bool is_too_deep(const char *text, size_t n)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < n; i++) {
		char c = text[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > VARLINK_DEPTH_MAX)
			return true;
	}
	return false;
}

static int parse(const char *text, size_t n, json_t **ret, struct fault *f)
{
	CLEANUP(json_freep) json_t *message = NULL;
	json_error_t error;

	if (is_too_deep(text, n))
		return fault_set_kind(f, FAULT_PROTOCOL, -EBADMSG, "a message is nested too deep");
	message = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
	/* jansson's words are left out: they quote the message. */
	if (!message)
		return fault_set_kind(f, FAULT_PROTOCOL, -EBADMSG, "a message is no JSON (byte %d)",
			error.position);
	if (!json_is_object(message))
		return fault_set_kind(f, FAULT_PROTOCOL, -EBADMSG, "a message is no object");
	*ret = TAKE_PTR(message);
	return 0;
}

/* The end of the message that begins at @text; NULL: it has not come. */
static const char *find_end(const struct varlink_decoder *d, const char *text)
{
	return d->n > d->searched ? memchr(text + d->searched, '\0', d->n - d->searched) : NULL;
}

int varlink_decoder_next(struct varlink_decoder *d, json_t **ret, struct fault *f)
{
	const char *text = d->buf ? d->buf + d->at : "";
	const char *end = find_end(d, text);
	size_t n = (size_t) (end ? end - text : 0);
	int r;

	if (d->is_broken)
		return fault_set_kind(f, FAULT_PROTOCOL, -EBADMSG, "a message before was refused");
	d->searched = d->n;
	if (!end && d->n < d->max)
		return 0;
	d->is_broken = true; /* unless a message comes out */
	if (!end)
		return fault_set_kind(f, FAULT_PROTOCOL, -EMSGSIZE,
			"a message is longer than %zu bytes", d->max - 1);
	r = parse(text, n, ret, f);
	if (r < 0)
		return r;
	d->is_broken = false;
	d->at += n + 1;
	d->n -= n + 1;
	d->searched = 0;
	return 1;
}

/* "org.example.Name.Method": letters, digits, '-' and '.', the method after the last dot. */
static bool is_method(const char *s)
{
	const char *dot = strrchr(s, '.');

	if (!dot || dot == s || dot[1] < 'A' || dot[1] > 'Z' || strlen(s) >= VARLINK_NAME_MAX)
		return false;
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")] ==
	       '\0';
}

/* A member that may be left out. Return: 0; -EBADMSG it is there and no bool. */
static int read_flag(const json_t *message, const char *key, bool *ret)
{
	const json_t *value = json_object_get(message, key);

	if (value && !json_is_null(value) && !json_is_boolean(value))
		return -EBADMSG;
	*ret = json_is_true(value);
	return 0;
}

int varlink_call_read(json_t *message, struct varlink_call *ret, struct fault *f)
{
	CLEANUP(json_freep) json_t *m = message;
	const char *method = json_string_value(json_object_get(m, "method"));
	json_t *parameters = json_object_get(m, "parameters");
	struct varlink_call c = { 0 };
	bool upgrade;

	if (!method || !is_method(method))
		return fault_set_kind(f, FAULT_PROTOCOL, -EBADMSG, "a call names no method");
	if (read_flag(m, "more", &c.more) < 0 || read_flag(m, "oneway", &c.oneway) < 0 ||
		read_flag(m, "upgrade", &upgrade) < 0)
		return fault_set_kind(f, FAULT_PROTOCOL, -EBADMSG, "a call has a wrong flag");
	if (upgrade || (c.more && c.oneway))
		return fault_set_kind(
			f, FAULT_PROTOCOL, -EBADMSG, "a call wants what is not offered");
	if (!parameters || json_is_null(parameters)) {
		if (json_object_set_new(m, "parameters", json_object()) < 0)
			return fault_set(f, -ENOMEM, "no memory for a call");
		parameters = json_object_get(m, "parameters");
	}
	if (!json_is_object(parameters))
		return fault_set_kind(
			f, FAULT_PROTOCOL, -EBADMSG, "the parameters of a call are no object");
	c.method = method;
	c.parameters = parameters;
	c.message = TAKE_PTR(m);
	*ret = c;
	return 0;
}

void varlink_call_done(struct varlink_call *c)
{
	if (!c)
		return;
	json_decref(c->message);
	*c = (struct varlink_call){ 0 };
}

bool varlink_call_is(const struct varlink_call *c, const char *interface, const char *method)
{
	size_t n = strlen(interface);

	if (strncmp(c->method, interface, n) != 0 || c->method[n] != '.')
		return false;
	return method ? strcmp(c->method + n + 1, method) == 0
		      : strchr(c->method + n + 1, '.') == NULL;
}

static bool is_word(const char *const *words, const char *s)
{
	for (; *words; words++)
		if (strcmp(*words, s) == 0)
			return true;
	return false;
}

static bool is_right(const struct varlink_parameter *p, const json_t *value)
{
	json_int_t n = json_integer_value(value);

	if (!value || json_is_null(value))
		return !p->required;
	switch (p->type) {
	case VARLINK_STRING:
		return json_is_string(value) && json_string_length(value) <= (size_t) p->max &&
		       (!p->words || is_word(p->words, json_string_value(value)));
	case VARLINK_INT:
		return json_is_integer(value) && n >= p->min && n <= p->max;
	case VARLINK_BOOL:
		return json_is_boolean(value);
	case VARLINK_OBJECT:
		return json_is_object(value);
	}
	return false;
}

static const struct varlink_parameter *find_parameter(
	const struct varlink_parameter *table, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

int varlink_check(const struct varlink_call *c, const struct varlink_parameter *table, size_t n,
	const char **ret_wrong)
{
	for (void *i = json_object_iter(c->parameters); i;
		i = json_object_iter_next(c->parameters, i)) {
		if (!find_parameter(table, n, json_object_iter_key(i))) {
			*ret_wrong = json_object_iter_key(i);
			return -EINVAL;
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (!is_right(&table[i], json_object_get(c->parameters, table[i].name))) {
			*ret_wrong = table[i].name;
			return -EINVAL;
		}
	}
	return 0;
}

const char *varlink_text(const struct varlink_call *c, const char *name, const char *otherwise)
{
	const char *s = json_string_value(json_object_get(c->parameters, name));

	return s ? s : otherwise;
}

int64_t varlink_int(const struct varlink_call *c, const char *name, int64_t otherwise)
{
	const json_t *value = json_object_get(c->parameters, name);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool varlink_bool(const struct varlink_call *c, const char *name, bool otherwise)
{
	const json_t *value = json_object_get(c->parameters, name);

	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}
