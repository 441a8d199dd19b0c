/* imap_frame.h - bounds on what an IMAP server may send, checked before the grammar sees it. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_IMAP_FRAME_H
#define ADAPTERS_IMAP_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a stream ended; the first reason stays. */
enum imap_end {
	IMAP_END_NONE,
	IMAP_END_EOF,
	IMAP_END_TIME,
	IMAP_END_STOPPED, /* stop_fd hung up */
	IMAP_END_BROKEN,  /* reset, TLS failure */
	IMAP_END_BYE,
	IMAP_END_LINE,	  /* a line over the bound */
	IMAP_END_LITERAL, /* a literal over the bound */
	IMAP_END_TOTAL,	  /* an answer over the bound */
	IMAP_END_DEPTH,	  /* parentheses nested without end */
	IMAP_END_COUNT,
};

/* Bounds for the answer to one command. */
struct imap_bounds {
	uint64_t line;	  /* bytes of one logical line, literals not counted */
	uint64_t literal; /* bytes of one literal */
	uint64_t total;	  /* bytes of the whole answer */
};

enum imap_brace {
	IMAP_BRACE_NONE,
	IMAP_BRACE_NUMBER, /* inside "{123" */
	IMAP_BRACE_CLOSED, /* after "{123}" */
};

/* Embedded; start from zero bytes. */
struct imap_frame {
	struct imap_bounds bounds;
	uint64_t line;
	uint64_t literal_left;
	uint64_t total;
	uint64_t number;
	unsigned depth;
	unsigned bye; /* characters of "* BYE" matched; past them: none */
	enum imap_brace brace;
};

/* A new command: its bounds, counting from here. */
void imap_frame_begin(struct imap_frame *s, const struct imap_bounds *bounds);

/* Follows @n bytes of the server. Return: IMAP_END_NONE, or the bound that broke. */
enum imap_end imap_frame_follow(struct imap_frame *s, const char *bytes, size_t n);

#endif
