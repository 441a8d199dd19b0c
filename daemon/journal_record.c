/* journal_record.c - an event as the journal's fields and as one line. */
/* SPDX-License-Identifier: MIT */
#include "daemon/journal_record.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

static void clean(char *s)
{
	for (; *s; s++)
		if ((unsigned char) *s < ' ' || *s == 0x7F)
			*s = '?';
}

static void append(struct journal_record *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void append(struct journal_record *r, const char *format, ...)
{
	size_t used = strlen(r->line);
	va_list ap;

	va_start(ap, format);
	(void) vsnprintf(r->line + used, sizeof r->line - used, format, ap); /* cut, as said */
	va_end(ap);
}

static void add_field(struct journal_record *r, const char *name, const char *value)
{
	assert(r->n < JOURNAL_FIELDS_MAX);
	(void) snprintf(r->fields[r->n], JOURNAL_FIELD_MAX, "%s=%s", name, value); /* cut */
	clean(r->fields[r->n]);
	r->n++;
}

/* One fact, as the field @name and as "@key=@value" of the line. */
static void add(struct journal_record *r, const char *name, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	add_field(r, name, value);
	append(r, strchr(value, ' ') ? " %s=\"%s\"" : " %s=%s", key, value);
}

static void add_number(struct journal_record *r, const char *name, const char *key, int64_t value)
{
	char text[24];

	(void) snprintf(text, sizeof text, "%" PRId64, value); /* fits */
	add(r, name, key, text);
}

static void add_day(struct journal_record *r, const char *name, const char *key, struct day d)
{
	char text[DAY_ISO_MAX];

	if (d.n != 0)
		add(r, name, key, day_iso(d, text));
}

static void add_case(struct journal_record *r, const struct journal_event *e)
{
	add(r, "FOI_REF", "ref", e->reference);
	add(r, "FOI_KIND", "kind", e->case_kind);
	add(r, "FOI_FATE", "fate", e->fate);
	add_day(r, "FOI_RECEIVED", "received", e->received);
	add_day(r, "FOI_DUE", "due", e->due);
	add(r, "FOI_PROVISIONAL", "provisional", e->provisional ? "yes" : NULL);
}

static void add_place(struct journal_record *r, const struct journal_event *e)
{
	add(r, "FOI_MAILBOX", "mailbox", e->mailbox);
	add(r, "FOI_FOLDER", "folder", e->folder);
	if (e->uid != 0)
		add_number(r, "FOI_UID", "uid", e->uid);
	add(r, "FOI_ROLE", "role", e->role);
	if (e->has_peer)
		add_number(r, "FOI_PEER", "peer", e->peer);
	add(r, "FOI_BECAUSE", "because", e->because);
}

static void add_result(struct journal_record *r, const struct journal_event *e)
{
	if (e->code != 0)
		add_number(r, "FOI_CODE", "code", e->code);
	add(r, "FOI_STATUS", "status", e->status);
	if (e->attempt != 0)
		add_number(r, "FOI_ATTEMPT", "try", e->attempt);
	if (e->has_count)
		add_number(r, "FOI_COUNT", "count", (int64_t) e->count);
	if (e->lasted_sec != 0)
		add_number(r, "FOI_LASTED_SEC", "lasted", e->lasted_sec);
	if (e->fault) {
		add(r, "FOI_FAULT", "fault", fault_kind_word(e->fault->kind));
		add_number(r, "FOI_ERRNO", "errno", -e->fault->code);
	}
}

/* ": sentence: detail: fault; advice", as much of it as there is. */
static void add_words(struct journal_record *r, const struct journal_event *e)
{
	const char *sentence = journal_kind(e->kind)->sentence;

	if (*sentence)
		append(r, ": %s", sentence);
	if (e->detail)
		append(r, ": %s", e->detail);
	if (e->fault)
		append(r, ": %s; %s", e->fault->text, journal_advice(e->fault->kind));
	clean(r->line);
}

void journal_record_build(const struct journal_event *e, struct journal_record *ret)
{
	const struct journal_kind_entry *kind = journal_kind(e->kind);

	ret->n = 0;
	ret->priority = kind->priority;
	if (ret->priority == LOG_WARNING && e->fault && !e->fault->transient)
		ret->priority = LOG_ERR;
	(void) snprintf(ret->line, sizeof ret->line, "%s", kind->word); /* fits */
	add_field(ret, "MESSAGE_ID", kind->id);
	add_field(ret, "FOI_EVENT", kind->word);
	add_case(ret, e);
	add_place(ret, e);
	add_result(ret, e);
	add_words(ret, e);
}
