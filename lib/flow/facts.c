/* facts.c - what the store knows of the keys in a letter. */
/* SPDX-License-Identifier: MIT */
#include "flow/facts.h"

#include <stdio.h>

enum {
	ASSUMED_CASE = -1,
};

static int by_reference(struct store *s, const char *reference, const char *sender,
	struct triage_case *ret, struct fault *f)
{
	return *reference ? store_case_by_reference(s, reference, sender, ret, f) : 0;
}

static int gather_cases(struct store *s, const char *sender, const struct matching_keys *keys,
	struct triage_facts *ret, struct fault *f)
{
	int r = by_reference(s, keys->own, sender, &ret->own, f);

	if (r == 0)
		r = by_reference(s, keys->thread, sender, &ret->thread, f);
	if (r == 0)
		r = by_reference(s, keys->embedded, sender, &ret->embedded, f);
	if (r == 0 && *keys->platform_address)
		r = store_case_by_platform(s, keys->platform_address, sender, &ret->platform, f);
	for (size_t i = 0; r == 0 && i < keys->n_references; i++)
		r = by_reference(s, keys->references[i].reference, sender, &ret->references[i], f);
	return r;
}

static int gather_seen(struct store *s, const struct letter *l, const struct matching_keys *keys,
	int64_t internaldate, struct triage_facts *ret, struct store_seen *ret_seen,
	struct fault *f)
{
	struct store_identity identity = { .message_id = l->message_id,
		.sender = letter_sender(l),
		.date = l->date,
		.content = l->content,
		.internaldate = internaldate };
	struct store_seen by_platform = { 0 };
	int r = store_seen(s, &identity, ret_seen, f);

	if (r == 0 && *keys->platform_message)
		r = store_seen_platform(s, keys->platform_message, &by_platform, f);
	if (r < 0)
		return r;
	ret->is_seen = ret_seen->message != 0 && ret_seen->is_same;
	ret->is_seen_id_only = ret_seen->message != 0 && !ret_seen->is_same && *l->message_id;
	ret->is_seen_words_only = ret_seen->message != 0 && !ret_seen->is_same && !*l->message_id;
	ret->is_seen_platform = by_platform.message != 0;
	if (!ret->is_seen && ret->is_seen_platform)
		*ret_seen = by_platform;
	return 0;
}

int facts_gather(struct store *s, const struct letter *l, const struct matching_keys *keys,
	const struct facts_place *place, struct triage_facts *ret, struct store_seen *ret_seen,
	struct fault *f)
{
	struct triage_facts facts = { .is_in_junk = place->is_in_junk };
	int r = gather_cases(s, letter_sender(l), keys, &facts, f);

	if (r == 0)
		r = gather_seen(s, l, keys, place->internaldate, &facts, ret_seen, f);
	if (r == 0)
		*ret = facts;
	return r;
}

static void assume(const char *reference, struct triage_case *ret)
{
	if (!*reference)
		return;
	*ret = (struct triage_case){
		.id = ASSUMED_CASE, .kind = CASE_REQUEST, .is_open = true, .has_sender = true
	};
	(void) snprintf(ret->reference, sizeof ret->reference, "%s", reference); /* same bound */
}

void facts_assume(const struct matching_keys *keys, struct triage_facts *ret)
{
	*ret = (struct triage_facts){ 0 };
	assume(keys->own, &ret->own);
	assume(keys->thread, &ret->thread);
	assume(keys->embedded, &ret->embedded);
	for (size_t i = 0; i < keys->n_references; i++)
		assume(keys->references[i].reference, &ret->references[i]);
}
