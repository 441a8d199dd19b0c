/* hints.c - what an officer may want to know about a mail, with what the store knows. */
/* SPDX-License-Identifier: MIT */
#include "flow/hints.h"

int hints_gather(struct store *s, const struct policy *p, const struct letter *l,
	const struct triage_verdict *v, struct hints *ret, struct fault *f)
{
	struct hint_like like = { .reference = "" };
	int r = 0;

	ret->has_sketch = hint_wants_like(v) && likeness_sketch(hint_text(l, v), &ret->sketch) > 0;
	if (s && ret->has_sketch)
		r = store_like(s, &ret->sketch, letter_sender(l), &like, f);
	if (r < 0)
		return r;
	hint_find(&p->hint, l, v, r > 0 ? &like : NULL, &ret->list);
	return 0;
}

int hints_keep(struct store *s, int64_t message, const struct hints *hints, struct fault *f)
{
	return hints->has_sketch ? store_likeness_add(s, message, &hints->sketch, f) : 0;
}
