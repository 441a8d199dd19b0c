/* letter.h - one mail as a reader needs it: bounded, decoded to UTF-8.
 *
 * letter_parse() turns raw RFC 5322 bytes into a struct letter. It runs behind the wall of the
 * parse process (daemon/parse.c); nobody else calls it on a stranger's mail. A letter is plain
 * data: letter_record.h carries it between processes.
 *
 * A mail is never refused for what is wrong with it: whatever cannot be read is left out, with a
 * warning on the letter, because the Act's clock runs for bad mails too. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_LETTER_H
#define DOMAIN_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/fault.h"

enum {
	LETTER_HEADER_BYTES_MAX = 256 * 1024, /* of decoded header values that are kept */
	LETTER_HEADERS_MAX = 512,
	LETTER_VALUE_MAX = 4096,   /* bytes of one decoded header value that are kept */
	LETTER_ADDRESSES_MAX = 64, /* of To and Cc together, of From and of Reply-To */
	LETTER_IDS_MAX = 64,	   /* of In-Reply-To, References, embedded Message-IDs each */
	LETTER_DEPTH_MAX = 32,	   /* of nested MIME parts */
	LETTER_PARTS_MAX = 512,
	LETTER_ATTACHMENTS_MAX = 128,
	LETTER_TEXT_MAX = 1024 * 1024, /* bytes of decoded text that are kept */
	LETTER_NAME_MAX = 255,	       /* bytes of an attachment's or a person's name */
	LETTER_WARNINGS_MAX = 48,      /* more than there are */
};

/* One top-level header field, in the order of the mail. */
struct letter_header {
	char *name;  /* owned; as written */
	char *value; /* owned; unfolded, RFC 2047 words decoded, one line */
};

/* One mailbox of an address list. */
struct letter_address {
	char *name;    /* owned; "" if none */
	char *mailbox; /* owned; addr-spec "local@domain", domain in lower case */
};

struct letter_attachment {
	char *name;	/* owned; no path, no control or bidirectional character; "" if none */
	char *type;	/* owned; declared media type, lower case, "application/pdf" */
	uint64_t bytes; /* decoded size */
	char sha256[DIGEST_HEX_MAX]; /* of the decoded bytes */
};

/* What a delivery status notification says (RFC 3464), "" where it says nothing. */
struct letter_delivery {
	bool is_report;	 /* there is a delivery-status part */
	char action[16]; /* "failed", "delayed", "delivered", ...: the worst one */
	char status[16]; /* "5.1.1" */
};

/* Marks found while reading. */
struct letter_marks {
	bool is_truncated; /* bytes are missing at the end: the mail is over our bound */
	/* The body was not read: no reader survived it, or none was done in time. Set by who cut
	 * it away; no record between processes says so. */
	bool is_header_only;
	bool is_encrypted; /* S/MIME or PGP: the words cannot be read */
	bool is_signed;
	bool is_calendar;    /* an invitation or its reply (text/calendar) */
	bool is_disposition; /* a read receipt (RFC 8098) */
	bool text_from_html; /* text was made from an HTML part */
	bool has_forward;    /* a message/rfc822 part is enclosed */
};

struct letter {
	struct letter_header *headers; /* owned */
	size_t n_headers;

	struct letter_address *from; /* owned */
	size_t n_from;
	struct letter_address *reply_to; /* owned */
	size_t n_reply_to;
	struct letter_address *to; /* owned; To, then Cc */
	size_t n_to;

	char *subject;	    /* owned; "" if none */
	char *message_id;   /* owned; "<left@right>"; "" if none */
	char **in_reply_to; /* owned; each "<left@right>" */
	size_t n_in_reply_to;
	char **references; /* owned */
	size_t n_references;
	char **embedded_ids; /* owned; Message-IDs of enclosed mails and header parts */
	size_t n_embedded_ids;

	int64_t date;	/* of the Date header, seconds since 1970 UTC; 0: none or unreadable */
	char *text;	/* owned; all readable text, LF line ends */
	char *new_text; /* owned; what the writer wrote now (quoting.h) */

	struct letter_attachment *attachments; /* owned */
	size_t n_attachments;
	char **warnings; /* owned; English sentences without personal data */
	size_t n_warnings;

	struct letter_delivery delivery;
	struct letter_marks marks;
	/* SHA-256 of decoded subject, text and attachments: servers rebuild MIME, so raw bytes do
	 * not identify a mail. */
	char content[DIGEST_HEX_MAX];
};

struct letter_reader;

/**
 * letter_reader_new - open what reading needs: every character set, once.
 * @ret: kept for many mails; free with letter_reader_free()
 *
 * Afterwards letter_parse() opens no file, so that it works behind the wall.
 *
 * Return: 0; -ENOMEM; -ENOENT the C library's converters are not installed.
 */
int letter_reader_new(struct letter_reader **ret, struct fault *f);
struct letter_reader *letter_reader_free(struct letter_reader *reader); /* NULL is fine */
void letter_reader_freep(struct letter_reader **reader);

/**
 * letter_parse - read one mail.
 * @reader:      borrowed
 * @bytes, @n:   the raw mail; borrowed for the call only
 * @truncated:   the mail goes on behind @n on the server
 * @ret:         new letter, free with letter_free()
 *
 * Standard: RFC 5322, RFC 2045 to 2047, RFC 2231, RFC 6532, RFC 3464.
 * Return:   0; -ENOMEM. Nothing else: a mail is never refused.
 * Security: @bytes comes from anyone. Bounded by the LETTER_*_MAX above, in time linear in @n.
 *           May still crash in a library: call it only behind the wall of the parse process.
 */
int letter_parse(struct letter_reader *reader, const char *bytes, size_t n, bool truncated,
	struct letter **ret, struct fault *f);

/* An empty letter, all texts ""; for the reader and for letter_record. NULL: no memory. */
struct letter *letter_new(void);
struct letter *letter_free(struct letter *l); /* NULL is fine; returns NULL */
void letter_freep(struct letter **l);

/* Value of the first header of that name (ASCII case ignored); NULL: there is none. */
const char *letter_header(const struct letter *l, const char *name);

/* Whether any header of that name holds @word as a whole word, ASCII case ignored. */
bool letter_has_header_word(const struct letter *l, const char *name, const char *word);

/* The first From mailbox, or "" when the mail has none. */
const char *letter_sender(const struct letter *l);

/**
 * letter_add_warning - note something that an officer may want to know.
 * @text: copied; dropped when there are LETTER_WARNINGS_MAX already or memory is short (a
 *        warning must not cost the mail)
 */
void letter_add_warning(struct letter *l, const char *text);

#endif
