/* move_record.h - what a move tells, as JSON: in the store, and as officers' programs send it. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_MOVE_RECORD_H
#define ADAPTERS_MOVE_RECORD_H

#include <jansson.h>

#include "base/fault.h"
#include "domain/foi_move.h"

/**
 * move_record_make - the details that are there, as an object.
 *
 * {"until": "2026-12-01", "outcome": "withheld", "exemptions": [{"section": "s.31(1)", "denies":
 * false}], "text": "...", "regime": "eir", "authority": "...", "complex": true, "voluminous": true,
 * "effect": "stops"}; a member that says nothing is left out.
 *
 * Return: a new object; NULL: no memory.
 */
json_t *move_record_make(const struct foi_details *d);

/**
 * move_record_read - details from such an object.
 *
 * Sections are taken as they are written: exemption_parse() is the caller's, who knows the law.
 *
 * Return:   0; -EINVAL with the member that is wrong and what it must be. A member that is not
 *           known is wrong too.
 * Security: from anyone who may give orders at the socket; every type and length is checked, and
 *           texts hold no control characters.
 */
int move_record_read(json_t *object, struct foi_details *ret, struct fault *f);

/* The same as text. Return: heap text, NULL: no memory; 0 or negative errno. */
char *move_record_text(const struct foi_details *d);
int move_record_parse(const char *text, struct foi_details *ret, struct fault *f);

#endif
