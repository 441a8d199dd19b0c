/* imap_internal.h - what the files of the IMAP adapter share; for no one else. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_IMAP_INTERNAL_H
#define ADAPTERS_IMAP_INTERNAL_H

#include <curl/curl.h>
#include <libetpan/libetpan.h>

#include "adapters/imap.h"
#include "adapters/imap_frame.h"

enum {
	IMAP_PLACE_MAX = 288, /* host:port */
};

/* The bytes below the grammar. */
struct imap_stream {
	CURL *curl; /* owned */
	int stop_fd;
	int64_t (*now_us)(void);
	unsigned patience_ms; /* 0: the bound that comes with each command */
	int64_t deadline_us;  /* of the command in hand */
	struct imap_frame frame;
	enum imap_end end;    /* not NONE: the connection is lost */
	const char *greeting; /* still to be read before anything else; "" after that */
};

struct imap {
	struct imap_stream stream;
	mailimap *session; /* owned; its stream borrows the one above */
	char place[IMAP_PLACE_MAX];
	uint32_t uidvalidity; /* of the selected folder; 0: none */
	unsigned tags;	      /* commands spoken past libetpan (imap_line.c) */
	char tag[16];	      /* of the last one, with its space */
	bool has_expunged;    /* mails were taken away since the last search */
	bool has_move;
	bool has_uidplus;
	bool has_idle;
};

/* imap_connect.c: an authenticated connection. @ret_place gets "host:port" even on failure. */
int imap_connect(const struct imap_options *options, char ret_place[IMAP_PLACE_MAX], CURL **ret,
	struct fault *f);

/* imap_stream.c: libetpan's driver over it; and a wait, used where no command is in hand. */
mailstream *imap_stream_new(struct imap_stream *s);
/* Whether bytes came (1), the time is over (0) or the stream ended (-1), without libetpan. A bytes
 * read are put where libetpan looks first. @extra: another descriptor to watch; -1: none;
 * *ret_extra: whether that one is ready. @ret_heard: when the bytes could be read. */
int imap_stream_wait(struct imap_stream *s, mailstream *above, int extra, int64_t until_us,
	bool *ret_extra, int64_t *ret_heard);

/* Whether it is a response code (RFC 5530) by which a server asks for patience. NULL: none. */
bool imap_is_busy(const char *code);

/* imap.c: every command begins with one of these. */
void imap_begin(struct imap *i, unsigned ms, const struct imap_bounds *bounds);
void imap_begin_plain(struct imap *i);

/* As imap_select(), of a folder whose name is as it goes over the wire. */
int imap_open_named(
	struct imap *i, const char *name, bool examine, struct imap_folder *ret, struct fault *f);

/* Gives one command line (no line end) and reads the answer, which then stands in i->session.
 * @what: the command's word, for texts. Return: 0; -EREMOTEIO, -EBUSY refused; others: lost. */
int imap_command(struct imap *i, const char *what, const char *command, struct fault *f);
int imap_commandf(struct imap *i, const char *what, struct fault *f, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The connection is lost because of @end. */
int imap_lost(struct imap *i, const char *what, enum imap_end end, struct fault *f);

/* imap_line.c: a command with a continuation. The bounds are those of imap_begin(). */
int imap_say(struct imap *i, const char *what, const char *command, struct fault *f);
int imap_say_more(struct imap *i, const char *what, const char *bytes, size_t n, struct fault *f);
/* Reads up to the tagged line, or to the "+" where that is due. Return: 0; -EREMOTEIO NO. */
int imap_hear(struct imap *i, const char *what, bool is_plus_due, struct fault *f);
/* One line, noting EXISTS and EXPUNGE. @ret: borrowed until the next line. */
int imap_hear_line(struct imap *i, const char *what, const char **ret, struct fault *f);

/* imap_name.c: a folder's name as it goes over the wire (RFC 3501 s.5.1.3), in quotes. */
int imap_name(const char *utf8, char **ret, struct fault *f);

#endif
