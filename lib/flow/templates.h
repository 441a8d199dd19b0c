/* templates.h - the acknowledgement templates of a configuration, read and checked at the start. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_TEMPLATES_H
#define FLOW_TEMPLATES_H

#include "adapters/config.h"
#include "domain/acknowledgement.h"

struct templates;

/**
 * templates_load - read the templates of all regimes.
 *
 * For each regime the request's and the review's template, and the neutral one, in the configured
 * languages or else in English, from conf->templates_dir.
 *
 * Return: 0; -ENOENT, -EINVAL with file, line and what to do.
 */
int templates_load(const struct config *conf, struct templates **ret, struct fault *f);
struct templates *templates_free(struct templates *t);
void templates_freep(struct templates **t);

/* The template; never NULL. */
const struct acknowledgement_template *templates_get(
	const struct templates *t, enum acknowledgement_kind kind, enum statute_regime regime);

#endif
