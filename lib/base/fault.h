/* fault.h - what went wrong, said where the facts are, with context added on the way up. */
/* SPDX-License-Identifier: MIT */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

enum {
	FAULT_TEXT_MAX = 512,
};

/* What a person would have to look at. The journal's advice is chosen by it. */
enum fault_kind {
	FAULT_OTHER,
	FAULT_NETWORK,	     /* unknown host, refused, timed out, dropped */
	FAULT_TLS,	     /* certificate expired, foreign, wrong name; no TLS offered */
	FAULT_AUTH,	     /* name, password or token refused */
	FAULT_PROTOCOL,	     /* the peer broke its protocol or refused a command */
	FAULT_MISSING,	     /* a folder, file or object that must be there is not */
	FAULT_STORE_FULL,    /* no space left for the store */
	FAULT_STORE_BUSY,    /* another process holds the store */
	FAULT_STORE_DAMAGED, /* what the store holds is not what was written */
	FAULT_STORE,	     /* any other failure of the store */
	FAULT_CONFIG,	     /* a mistake in the configuration or in a file it names */
	FAULT_KIND_COUNT,
};

/* A failure as told to the caller. Texts hold no personal data: they go to the journal. */
struct fault {
	int code; /* negative errno */
	enum fault_kind kind;
	bool transient; /* trying again later may succeed without a person */
	char text[FAULT_TEXT_MAX];
};

/**
 * fault_set - record a failure.
 * @f:      may be NULL: the text is dropped, the code is still returned
 * @code:   negative errno
 * @format: printf format; a short English sentence without a full stop
 *
 * Kind becomes FAULT_OTHER and transient false.
 *
 * Return: @code, so that a function can end in `return fault_set(...)`.
 */
int fault_set(struct fault *f, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As fault_set, with the kind. Network and busy-store faults are marked transient. */
int fault_set_kind(struct fault *f, enum fault_kind kind, int code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Puts "TEXT: " before the fault's text. Does nothing when @f is NULL. */
void fault_prefix(struct fault *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Gives the failure another code, where the caller knows better what it means to his own. @f may be
 * NULL. Return: @code. */
int fault_recode(struct fault *f, int code);

/* The fixed word of a kind ("network", "tls", ...), as sent between processes. */
const char *fault_kind_word(enum fault_kind kind);

/* The kind of a word; FAULT_OTHER for a word that is none. */
enum fault_kind fault_kind_of(const char *word);

#endif
