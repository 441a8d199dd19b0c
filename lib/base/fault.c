/* fault.c - what went wrong, said where the facts are. */
/* SPDX-License-Identifier: MIT */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_words[FAULT_KIND_COUNT] = {
	[FAULT_OTHER] = "other",
	[FAULT_NETWORK] = "network",
	[FAULT_TLS] = "tls",
	[FAULT_AUTH] = "auth",
	[FAULT_PROTOCOL] = "protocol",
	[FAULT_MISSING] = "missing",
	[FAULT_STORE_FULL] = "store-full",
	[FAULT_STORE_BUSY] = "store-busy",
	[FAULT_STORE_DAMAGED] = "store-damaged",
	[FAULT_STORE] = "store",
	[FAULT_CONFIG] = "config",
};

static void fill(struct fault *f, enum fault_kind kind, int code, const char *format, va_list ap)
	__attribute__((format(printf, 4, 0)));

static void fill(struct fault *f, enum fault_kind kind, int code, const char *format, va_list ap)
{
	f->code = code;
	f->kind = kind;
	f->transient = kind == FAULT_NETWORK || kind == FAULT_STORE_BUSY;
	(void) vsnprintf(f->text, sizeof f->text, format, ap); /* a long text is cut */
}

int fault_set(struct fault *f, int code, const char *format, ...)
{
	va_list ap;

	if (!f)
		return code;
	va_start(ap, format);
	fill(f, FAULT_OTHER, code, format, ap);
	va_end(ap);
	return code;
}

int fault_set_kind(struct fault *f, enum fault_kind kind, int code, const char *format, ...)
{
	va_list ap;

	if (!f)
		return code;
	va_start(ap, format);
	fill(f, kind, code, format, ap);
	va_end(ap);
	return code;
}

int fault_recode(struct fault *f, int code)
{
	if (f)
		f->code = code;
	return code;
}

void fault_prefix(struct fault *f, const char *format, ...)
{
	char before[FAULT_TEXT_MAX];
	char after[FAULT_TEXT_MAX];
	va_list ap;
	int n;

	if (!f)
		return;
	va_start(ap, format);
	n = vsnprintf(before, sizeof before, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	memcpy(after, f->text, sizeof after);
	/* Whatever does not fit is cut at the end: the place comes first, the detail last. */
	n = snprintf(f->text, sizeof f->text, "%.200s: ", before);
	if (n > 0 && (size_t) n < sizeof f->text)
		(void) snprintf(f->text + n, sizeof f->text - (size_t) n, "%.*s",
			(int) sizeof f->text - n - 1, after);
}

const char *fault_kind_word(enum fault_kind kind)
{
	return kind < FAULT_KIND_COUNT ? kind_words[kind] : kind_words[FAULT_OTHER];
}

enum fault_kind fault_kind_of(const char *word)
{
	for (unsigned i = 0; word && i < FAULT_KIND_COUNT; i++)
		if (strcmp(word, kind_words[i]) == 0)
			return (enum fault_kind) i;
	return FAULT_OTHER;
}
