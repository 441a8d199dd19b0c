/* foi_part_exemption.c - the exemptions that are considered or claimed for a part. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/fault.h"
#include "domain/foi_part_internal.h"

static int check_denial(enum statute_regime regime, const struct foi_exemption *e, struct fault *f)
{
	char section[EXEMPTION_MAX];
	const struct exemption *row;
	int r = exemption_parse(regime, e->section, section, &row, f);

	if (r < 0)
		return r == -ENOENT ? fault_recode(f, -EPERM) : r;
	if (e->denies && !row->law_deny)
		return fault_set(f, -EPERM,
			"%s does not allow to neither confirm nor deny that information is held",
			section);
	return 0;
}

static struct foi_exemption *find_exemption(struct foi_part *p, const char *section)
{
	for (size_t i = 0; i < p->n_exemptions; i++)
		if (strcmp(p->exemptions[i].section, section) == 0)
			return &p->exemptions[i];
	return NULL;
}

int foi_part_add_exemptions(struct foi_part *p, const struct foi_details *d, struct fault *f)
{
	for (size_t i = 0; i < d->n_exemptions; i++) {
		struct foi_exemption *known = find_exemption(p, d->exemptions[i].section);
		int r = check_denial(p->regime, &d->exemptions[i], f);

		if (r < 0)
			return r;
		if (!known && p->n_exemptions == FOI_EXEMPTIONS_MAX)
			return fault_set(f, -E2BIG, "more than %d exemptions on one part",
				FOI_EXEMPTIONS_MAX);
		if (!known)
			known = &p->exemptions[p->n_exemptions++];
		*known = d->exemptions[i];
	}
	return 0;
}

bool foi_part_has_qualified(const struct foi_part *p)
{
	char section[EXEMPTION_MAX];
	const struct exemption *row;

	for (size_t i = 0; i < p->n_exemptions; i++)
		if (exemption_parse(p->regime, p->exemptions[i].section, section, &row, NULL) ==
				0 &&
			row->is_qualified)
			return true;
	return false;
}
