/* moves_narrow.c - the new case that a narrowed request is, after a refusal for its cost. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/moves_internal.h"
#include "flow/numbering.h"

/* What the new case takes over from the one that was refused. */
struct old_case {
	char *mailbox;
	char *authority;
	char *requester;
	char *requester_name;
	char *subject;
};

static void old_case_done(struct old_case *o)
{
	free(o->mailbox);
	free(o->authority);
	free(o->requester);
	free(o->requester_name);
	free(o->subject);
}

static int take_row(void *context, const struct store_case_row *row)
{
	struct old_case *o = context;

	o->mailbox = strdup(row->mailbox);
	o->authority = strdup(row->authority);
	o->requester = strdup(row->requester);
	o->requester_name = strdup(row->requester_name);
	o->subject = strdup(row->subject);
	return o->mailbox && o->authority && o->requester && o->requester_name && o->subject
		       ? 0
		       : -ENOMEM;
}

/* FOI 2000 s.10(1): a narrowed request is a request, with a day of receipt of its own. */
static int count(const struct moves_work *w, struct day received, struct foi_case_deadline *ret,
	struct fault *f)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	const struct foi_part *first = &w->status.parts[0];
	const struct statute_clock clock = {
		.regime = first->regime, .rule = first->begin.rule, .received = received
	};
	int r = statute_deadline(&clock, w->in->calendar, &d, f);

	if (r < 0)
		return r;
	*ret = (struct foi_case_deadline){ .regime = clock.regime,
		.rule = clock.rule,
		.working_days = d.working_days,
		.received = received,
		.due = d.due,
		.is_provisional = d.provisional };
	(void) snprintf(
		ret->calendar_hash, sizeof ret->calendar_hash, "%s", d.calendar_hash); /* same */
	return 0;
}

static int note(
	const struct moves_work *w, int64_t id, const struct moves_order *o, struct fault *f)
{
	char why[MOVES_TEXT_MAX];

	(void) snprintf(why, sizeof why, "a narrowed request after %s was refused for its cost%s%s",
		w->file->reference, *o->why ? ". " : "", o->why); /* cut if too long */
	return store_event_add(w->in->store, id, 0, w->now, o->actor, "opened", why, f);
}

static int open_case(struct moves_work *w, struct day received, const struct old_case *old,
	struct moves_result *ret, int64_t *ret_id, struct fault *f)
{
	struct foi_case_opening c = { .kind = CASE_REQUEST,
		.state = FOI_CASE_OPEN,
		.mailbox = old->mailbox,
		.authority = old->authority,
		.requester = old->requester,
		.requester_name = old->requester_name,
		.subject = old->subject,
		.opened_at = w->now };
	int r = count(w, received, &c.deadline, f);

	c.flags = c.deadline.is_provisional ? FOI_CASE_PROVISIONAL : 0;
	if (r == 0)
		r = numbering_next(w->in->store, w->in->conf, c.kind, false, received, w->law.today,
			c.reference, f);
	if (r == 0)
		r = store_case_add(w->in->store, &c, ret_id, f);
	if (r < 0)
		return r;
	(void) snprintf(ret->opened, sizeof ret->opened, "%s", c.reference); /* same bound */
	ret->opened_received = received;
	ret->opened_due = c.deadline.due;
	return 0;
}

int moves_open_narrowed(struct moves_work *w, const struct foi_move_record *m,
	const struct moves_order *o, struct moves_result *ret, struct fault *f)
{
	CLEANUP(old_case_done) struct old_case old = { 0 };
	int64_t id = 0;
	int r;

	if (m->details.text[0])
		return fault_set(
			f, -EINVAL, "the new case gets its reference from foimaild: give no text");
	r = store_get(w->in->store, w->file->reference, take_row, &old, f);
	if (r < 0)
		return r == -ENOMEM ? fault_set(f, r, "no memory for a case") : r;
	r = open_case(w, m->day, &old, ret, &id, f);
	if (r == 0)
		r = store_case_link(w->in->store, w->file->id, id, "narrowed", f);
	if (r == 0)
		r = note(w, id, o, f);
	return r;
}
