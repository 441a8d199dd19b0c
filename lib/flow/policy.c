/* policy.c - what the configuration says, in the shape that matching and triage want. */
/* SPDX-License-Identifier: MIT */
#include "flow/policy.h"

#include <string.h>

static struct triage_list list_of(const struct config_list *list)
{
	return (struct triage_list){ .entries = (const char *const *) list->entries, .n = list->n };
}

static void init_forms(struct policy *p)
{
	for (size_t i = 0; i < p->conf->n_forms; i++) {
		const struct config_form *form = &p->conf->forms[i];

		p->forms[i] = (struct triage_form){ .from = form->from,
			.authserv_id = form->authserv_id,
			.email_field = form->email_field,
			.name_field = form->name_field,
			.text_field = form->text_field };
	}
}

void policy_init(struct policy *p, const struct config *conf, size_t mailbox, const uint8_t *key)
{
	const struct config_mailbox *m = &conf->mailboxes[mailbox];

	*p = (struct policy){ .conf = conf, .mailbox = m };
	p->templates[0] = conf->request;
	p->templates[1] = conf->review;
	p->templates[2] = conf->intake;
	init_forms(p);
	p->matching = (struct matching_policy){ .key = key,
		.templates = p->templates,
		.n_templates = POLICY_TEMPLATES_MAX,
		.wdtk_domains = (const char *const *) conf->platforms.entries,
		.n_wdtk_domains = conf->platforms.n };
	p->triage = (struct triage_policy){ .own_address = m->address,
		.colleagues = list_of(&conf->colleagues),
		.regulators = list_of(&conf->regulators),
		.partners = list_of(&conf->partners),
		.ignored = list_of(&conf->ignored),
		.platforms = list_of(&conf->platforms),
		.forms = p->forms,
		.n_forms = conf->n_forms,
		.authserv_id = conf->authserv_id,
		.acknowledge = m->acknowledge,
		.regime = m->regime };
	p->hint = (struct hint_policy){ .triage = &p->triage,
		.authority = conf->authority_name ? conf->authority_name : "",
		.templates = p->templates,
		.n_templates = POLICY_TEMPLATES_MAX };
}

const char *policy_domain(const struct policy *p)
{
	const char *at = strrchr(p->mailbox->address, '@');

	return at ? at + 1 : p->mailbox->address;
}
