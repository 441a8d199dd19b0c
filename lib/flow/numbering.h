/* numbering.h - the reference of a new case, out of the counters of the store. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_NUMBERING_H
#define FLOW_NUMBERING_H

#include "adapters/config.h"
#include "adapters/store.h"

/**
 * numbering_next - allocate a reference.
 * @is_intake: the case waits in triage: it gets an intake number and no case reference
 * @received, @logged: the day of receipt, and today; the configuration says which gives the year
 *
 * Inside the caller's transaction: a rollback gives the number back.
 *
 * Return: 0; -EAGAIN the store is a copy and the highest number is not known yet; the store's
 *         faults; another negative errno with FAULT_CONFIG: the number does not fit.
 */
int numbering_next(struct store *s, const struct config *conf, enum case_kind kind, bool is_intake,
	struct day received, struct day logged, char ret[static REFERENCE_MAX], struct fault *f);

/* What a reference of a template is for. Return: 0; -ENOENT it is no case's. */
int numbering_kind(const struct config *conf, const char *reference, enum case_kind *ret);

/* The counter goes on behind @reference, if it stands below it. One of no template has no counter. */
int numbering_raise(
	struct store *s, const struct config *conf, const char *reference, struct fault *f);

/* The same, so that @reference is the next. Return: 0; -ENOENT it is of no template. */
int numbering_skip(
	struct store *s, const struct config *conf, const char *reference, struct fault *f);

#endif
