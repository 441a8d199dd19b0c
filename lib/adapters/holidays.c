/* holidays.c - read bank holiday files in GOV.UK's shape.
 *
 * {
 *   "england-and-wales": {
 *     "division": "england-and-wales",
 *     "events": [ { "title": "Early May bank holiday", "date": "2018-05-07",
 *                   "notes": "", "bunting": true }, ... ]
 *   }, "scotland": { ... }, "northern-ireland": { ... }
 * }
 *
 * Events are in rising order of date, a date once. A file that is not so was cut, joined or edited
 * by accident, and a holiday missing from it would be a wrong legal date: so it is refused whole.
 *
 * Security: the bytes come from the network or an administrator. Their length is bounded before
 * the JSON reader sees them, its depth by the library; what is shown of them in a fault is cut,
 * made one line, and printable. */
/* SPDX-License-Identifier: MIT */
#include "adapters/holidays.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/text.h"
#include "domain/calendar.h"
#include "domain/day.h"

enum {
	SHOWN_MAX = 40, /* bytes of a text from the file shown in a fault */
};

/* Where in a file we are. */
struct place {
	const char *division; /* GOV.UK's word */
	unsigned bit;
	size_t event;	 /* counted from 1 */
	struct day last; /* the date before */
	struct calendar *cal;
};

static void json_freep(json_t **json)
{
	json_decref(*json);
}

static int syntax_fault(const json_error_t *error, struct fault *f)
{
	const char *what = "this is no valid JSON";

	switch (json_error_code(error)) {
	case json_error_out_of_memory:
		return fault_set(f, -ENOMEM, "no memory to read it");
	case json_error_premature_end_of_input:
		what = "the file ends too early, it was cut off";
		break;
	case json_error_end_of_input_expected:
		what = "something follows the end of the JSON";
		break;
	case json_error_duplicate_key:
		what = "a key stands twice in one object";
		break;
	case json_error_invalid_utf8:
	case json_error_null_character:
	case json_error_null_byte_in_key:
		what = "text is not valid UTF-8";
		break;
	default: /* the library's other words add nothing to the place */
		break;
	}
	return fault_set_kind(f, FAULT_CONFIG, -EBADMSG, "line %d, column %d: %s", error->line,
		error->column, what);
}

/* A fault that shows @text, which is from the file. */
static int shown_fault(struct fault *f, const char *what, const char *text)
{
	CLEANUP(freep) char *shown = NULL;

	if (text_one_line(text, SHOWN_MAX, &shown) < 0)
		return fault_set(f, -ENOMEM, "no memory to say what is wrong");
	return fault_set_kind(f, FAULT_CONFIG, -EBADMSG, "%s: '%s'", what, shown);
}

/* A day that only one council or office keeps is a working day to each of the Acts: FOI 2000
 * s.10(6), EIR 2004 reg 2(1) and FOISA 2002 s.73 know weekends, Christmas Day, Good Friday and bank
 * holidays. To count with it would be to answer late. */
static int refuse_division(const char *word, struct fault *f)
{
	CLEANUP(freep) char *shown = NULL;

	if (text_one_line(word, SHOWN_MAX, &shown) < 0)
		return fault_set(f, -ENOMEM, "no memory to say what is wrong");
	return fault_set_kind(f, FAULT_CONFIG, -EBADMSG,
		"unknown division: '%s'; only bank holidays of england-and-wales, scotland and "
		"northern-ireland count: a local holiday or an office closure is a working day to "
		"FOI 2000 s.10(6), EIR 2004 reg 2(1) and FOISA 2002 s.73; take it out of the file",
		shown);
}

/* The calendar refused the day or its title: that is the file's mistake. */
static int blame_event(struct fault *f, const char *date)
{
	if (f) {
		f->code = -EBADMSG;
		f->kind = FAULT_CONFIG;
	}
	fault_prefix(f, "%s", date);
	return -EBADMSG;
}

/* Return: 0 or 1, as calendar_add(); negative errno. */
static int read_event(struct place *at, const json_t *event, struct fault *f)
{
	const char *title = json_string_value(json_object_get(event, "title"));
	const char *date = json_string_value(json_object_get(event, "date"));
	struct day day;
	int r;

	if (!json_is_object(event))
		return fault_set_kind(f, FAULT_CONFIG, -EBADMSG, "not an object");
	if (!date || !title)
		return fault_set_kind(
			f, FAULT_CONFIG, -EBADMSG, "no text '%s'", date ? "title" : "date");
	if (day_parse(date, &day) < 0)
		return shown_fault(f, "not a date of the form YYYY-MM-DD", date);
	if (at->event > 1 && day_compare(day, at->last) == 0)
		return shown_fault(f, "the date stands twice", date);
	if (at->event > 1 && day_compare(day, at->last) < 0)
		return shown_fault(f, "the dates are not in order, this one comes too late", date);

	at->last = day;
	r = calendar_add(at->cal, day, at->bit, title, f);
	return r == -EINVAL || r == -ERANGE ? blame_event(f, date) : r;
}

static int read_division(struct place *at, const json_t *division, struct fault *f)
{
	const char *word = json_string_value(json_object_get(division, "division"));
	const json_t *events = json_object_get(division, "events");
	int r;

	if (!json_is_array(events))
		return fault_set_kind(f, FAULT_CONFIG, -EBADMSG, "no list 'events'");
	if (!word || strcmp(word, at->division) != 0)
		return fault_set_kind(
			f, FAULT_CONFIG, -EBADMSG, "its member 'division' does not say the same");

	for (size_t i = 0; i < json_array_size(events); i++) {
		at->event = i + 1;
		r = read_event(at, json_array_get(events, i), f);
		if (r < 0) {
			fault_prefix(f, "event %zu", at->event);
			return r;
		}
	}
	return 0;
}

static int read_divisions(json_t *root, struct calendar *cal, struct fault *f)
{
	const char *word;
	json_t *division;
	int r;

	if (!json_is_object(root))
		return fault_set_kind(f, FAULT_CONFIG, -EBADMSG, "not an object of divisions");

	json_object_foreach(root, word, division)
	{
		struct place at = { .division = word, .cal = cal };

		at.bit = calendar_division_of(word);
		if (!at.bit)
			return refuse_division(word, f);
		r = read_division(&at, division, f);
		if (r < 0) {
			fault_prefix(f, "%s", word);
			return r;
		}
	}
	if (calendar_count(cal) == 0)
		return fault_set_kind(f, FAULT_CONFIG, -EBADMSG, "no bank holiday in it");
	return 0;
}

static int parse(const char *bytes, size_t n, struct calendar *cal, struct fault *f)
{
	CLEANUP(calendar_freep) struct calendar *fresh = NULL;
	CLEANUP(json_freep) json_t *root = NULL;
	json_error_t error;
	int r;

	if (n > HOLIDAYS_FILE_MAX)
		return fault_set_kind(
			f, FAULT_CONFIG, -EMSGSIZE, "longer than %d bytes", HOLIDAYS_FILE_MAX);
	root = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		return syntax_fault(&error, f);

	/* Into a calendar of its own, so that a mistake on the last line undoes the first. */
	if (calendar_new(&fresh) < 0)
		return fault_set(f, -ENOMEM, "no memory for a calendar");
	r = read_divisions(root, fresh, f);
	return r < 0 ? r : calendar_merge(cal, fresh, f);
}

/* Puts the file's name before the fault, made printable; the end of a long one tells more. */
static void name_source(const char *source_name, struct fault *f)
{
	CLEANUP(freep) char *name = NULL;
	size_t n = strlen(source_name);

	if (n > HOLIDAYS_NAME_MAX)
		source_name += n - HOLIDAYS_NAME_MAX;
	if (text_one_line(source_name, HOLIDAYS_NAME_MAX, &name) == 0)
		fault_prefix(f, "%s", name);
}

int holidays_parse(
	const char *bytes, size_t n, const char *source_name, struct calendar *cal, struct fault *f)
{
	int r = parse(bytes, n, cal, f);

	if (r < 0)
		name_source(source_name, f);
	return r;
}

static int load(const char *path, struct calendar *cal, struct fault *f)
{
	CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	CLEANUP(freep) char *buf = NULL;
	struct stat st;
	size_t n = 0;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0) {
		r = -errno;
		return fault_set_kind(f, r == -ENOENT ? FAULT_MISSING : FAULT_CONFIG, r,
			"cannot open the bank holidays: %s", strerror(-r));
	}
	if (!S_ISREG(st.st_mode))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "not a regular file");
	buf = malloc(HOLIDAYS_FILE_MAX + 1); /* one more, to see that there is more */
	if (!buf)
		return fault_set(f, -ENOMEM, "no memory to read it");
	r = io_read(fd, buf, HOLIDAYS_FILE_MAX + 1, &n);
	if (r < 0)
		return fault_set(f, r, "cannot read: %s", strerror(-r));
	return parse(buf, n, cal, f);
}

int holidays_load(const char *path, struct calendar *cal, struct fault *f)
{
	int r = load(path, cal, f);

	if (r < 0)
		name_source(path, f);
	return r;
}
