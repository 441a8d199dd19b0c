/* dispatch.c - whether a mail of ours may leave now, and what an officer decides about it. */
/* SPDX-License-Identifier: MIT */
#include "flow/dispatch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "flow/moves.h"

enum {
	WITHIN_DAYS = 3, /* of a mailbox that the configuration does not name any more */
	WHY_MAX = MOVES_WHY_MAX + OBJECTION_TEXT_MAX + 32,
};

static unsigned within_days(const struct config *conf, const char *mailbox)
{
	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (strcmp(conf->mailboxes[i].name, mailbox) == 0)
			return conf->mailboxes[i].acknowledge_within_days;
	return WITHIN_DAYS;
}

static bool is_acknowledgement(int64_t case_id, const char *kind)
{
	return case_id != 0 && strcmp(kind, "acknowledgement") == 0;
}

/* ---- before it leaves ------------------------------------------------------------------------- */

enum objection dispatch_find_objection(const struct config *conf, const struct store_outbox *o,
	int64_t now, char why[static OBJECTION_TEXT_MAX])
{
	const struct objection_facts facts = { .states_due = o->tells_due,
		.stated = o->due_told,
		.received = o->received,
		.within_days = within_days(conf, o->mailbox) };
	struct day today = day_of_instant(now);
	enum objection found;

	if (!is_acknowledgement(o->case_id, o->kind))
		return OBJECTION_NONE;
	found = objection_to_sending(&facts, today);
	if (found == OBJECTION_LATE && o->hold == HOLD_LATE)
		return OBJECTION_NONE;
	(void) objection_text(found, &facts, today, why);
	return found;
}

int dispatch_hold_late(
	struct store *s, int64_t id, int64_t case_id, const char *why, int64_t now, struct fault *f)
{
	char text[WHY_MAX];
	int r = store_outbox_hold(s, id, HOLD_LATE, f);

	(void) snprintf(text, sizeof text, "held: %s", why); /* fits */
	if (r == 0)
		r = store_event_add(s, case_id, 0, now, "daemon", "acknowledgement-held", text, f);
	return r < 0 ? r : store_case_flag(s, case_id, FOI_CASE_NOT_ACKNOWLEDGED, f);
}

/* ---- an officer's order ------------------------------------------------------------------------ */

static const struct deed {
	const char *word;
	const char *event;
	const char *refusals[STORE_OUTBOX_STATE_COUNT]; /* NULL: it may be done */
} deeds[DISPATCH_DEED_COUNT] = {
	[DISPATCH_RETRY] = { "retry", "acknowledgement-retried",
		{ [STORE_OUTBOX_SENDING] = "it is being sent at this moment",
			[STORE_OUTBOX_SENT] = "it was sent already",
			[STORE_OUTBOX_HELD] = "it is held; release it instead" } },
	[DISPATCH_HOLD] = { "hold", "acknowledgement-held",
		{ [STORE_OUTBOX_SENDING] = "it is being sent at this moment",
			[STORE_OUTBOX_SENT] = "it was sent already",
			[STORE_OUTBOX_FAILED] = "it is not queued: it was given up",
			[STORE_OUTBOX_HELD] = "it is held already" } },
	[DISPATCH_RELEASE] = { "release", "acknowledgement-released",
		{ [STORE_OUTBOX_QUEUED] = "it is not held: it waits for its next try",
			[STORE_OUTBOX_SENDING] = "it is being sent at this moment",
			[STORE_OUTBOX_SENT] = "it was sent already",
			[STORE_OUTBOX_FAILED] =
				"it is not held: it was given up; retry it instead" } },
};

const char *dispatch_deed_word(enum dispatch_deed deed)
{
	return deeds[deed].word;
}

/* The mail that an order is about, as far as the order needs it. */
struct subject {
	int64_t case_id; /* 0: no acknowledgement */
	enum store_outbox_state state;
	struct objection_facts facts;
	const struct config *conf;
	struct dispatch_result *result;
};

static int take_subject(void *context, const struct store_outbox_entry *e)
{
	struct subject *s = context;

	s->state = e->state;
	(void) snprintf(s->result->reference, sizeof s->result->reference, "%s", e->reference);
	(void) snprintf(s->result->kind, sizeof s->result->kind, "%s", e->kind); /* ours: fits */
	if (!is_acknowledgement(e->case_id, e->kind))
		return 0;
	s->case_id = e->case_id;
	s->facts = (struct objection_facts){ .states_due = e->tells_due,
		.stated = e->due_told,
		.received = e->received,
		.within_days = within_days(s->conf, e->mailbox),
		.due = e->due,
		.has_ended = !foi_case_is_live(e->case_state) };
	return 0;
}

static int refuse(enum objection objection, const char *text, struct fault *f)
{
	return fault_set(f, -EPERM, "%s; %s", text,
		objection_can_be_waived(objection) ? "with --anyway it is sent all the same"
						   : "write to the requester yourself");
}

/* Whether it may be done. @objection: what was waived. */
static int check(const struct dispatch_order *o, const struct subject *s, struct day today,
	enum objection *objection, struct fault *f)
{
	const char *refusal = deeds[o->deed].refusals[s->state];
	char text[OBJECTION_TEXT_MAX];

	*objection = OBJECTION_NONE;
	if (refusal)
		return fault_set(f, -EPERM, "%s", refusal);
	if (o->deed == DISPATCH_HOLD || s->case_id == 0)
		return 0;
	*objection = objection_to_release(&s->facts, today);
	s->result->can_be_waived = objection_can_be_waived(*objection);
	if (*objection == OBJECTION_NONE || (o->is_anyway && s->result->can_be_waived))
		return 0;
	return refuse(*objection, objection_text(*objection, &s->facts, today, text), f);
}

/* The line of the history. */
static int note(struct store *store, const struct dispatch_order *o, const struct subject *s,
	enum objection waived, int64_t now, struct fault *f)
{
	char objection[OBJECTION_TEXT_MAX];
	char why[WHY_MAX];

	if (s->case_id == 0)
		return 0; /* a mail to an officer: there is no history, the journal tells it */
	(void) objection_text(waived, &s->facts, day_of_instant(now), objection);
	(void) snprintf(why, sizeof why, "%s%s%s%s", *objection ? "all the same: " : "", objection,
		*objection && *o->why ? ": " : "", o->why); /* fits */
	return store_event_add(store, s->case_id, 0, now, o->actor, deeds[o->deed].event, why, f);
}

static int carry_out(struct store *store, const struct dispatch_order *o, const struct subject *s,
	enum objection waived, int64_t now, struct fault *f)
{
	int r;

	if (o->deed == DISPATCH_HOLD)
		return store_outbox_hold(store, o->id, HOLD_OFFICER, f);
	r = store_outbox_again(
		store, o->id, waived == OBJECTION_NONE ? HOLD_NONE : HOLD_LATE, now, f);
	if (r == 0 && s->facts.states_due && !s->facts.has_ended)
		r = store_outbox_tells(store, s->case_id, s->facts.stated, f);
	return r;
}

int dispatch_carry_out(struct store *store, const struct config *conf,
	const struct dispatch_order *o, int64_t now, struct dispatch_result *ret, struct fault *f)
{
	struct subject s = { .conf = conf, .result = ret };
	enum objection waived;
	int r;

	*ret = (struct dispatch_result){ 0 };
	r = store_outbox_get(store, o->id, take_subject, &s, f);
	if (r == 0)
		return fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such mail in the outbox");
	if (r > 0)
		r = check(o, &s, day_of_instant(now), &waived, f);
	if (r == 0)
		r = carry_out(store, o, &s, waived, now, f);
	return r < 0 ? r : note(store, o, &s, waived, now, f);
}
