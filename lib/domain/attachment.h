/* attachment.h - what the name and the declared type of an attached file tell; the file itself is
 * never looked at. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_ATTACHMENT_H
#define DOMAIN_ATTACHMENT_H

#include <stddef.h>
#include <stdint.h>

enum {
	ATTACHMENT_RAW_NAME_MAX = 8192, /* bytes of a sender's name that are looked at */
};

enum attachment_kind {
	ATTACHMENT_OTHER, /* nothing that a request is written in; also the logo of a signature */
	ATTACHMENT_DOCUMENT, /* a request may stand in it */
	ATTACHMENT_PICTURE,  /* large enough to be a letter that was scanned or photographed */
};

/**
 * attachment_name - a sender's file name, harmless to show and to save under.
 * @raw: UTF-8 or not; looked at up to ATTACHMENT_RAW_NAME_MAX bytes
 * @max: bytes of the result; what is over is cut before the ending, so that ".pdf" stays
 * @ret: heap copy, to be freed by the caller; "" if nothing is left
 *
 * Only what stands behind the last slash of either kind and behind a drive letter stays, on one
 * line, without control, bidirectional and zero-width characters; colons become "_"; blanks at the
 * ends and dots at the last go, so that "." and ".." are nothing; "_" is put before the names of
 * devices ("NUL", "com1.txt").
 *
 * Return: 0; 1 it was cut; -ENOMEM.
 */
int attachment_name(const char *raw, size_t max, char **ret);

/* The kind by name, declared media type and size. */
enum attachment_kind attachment_kind_of(const char *name, const char *type, uint64_t bytes);

#endif
