/* register_pick.c - which mails are handed to send next, and which have waited too long for that.
 *
 * What is picked is marked in the transaction of the turn, and handed over, or told, behind it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "daemon/register_internal.h"
#include "daemon/send.h"
#include "flow/dispatch.h"

/* One row on its way out of the store: the mail itself waits in a memfd for the commit. */
struct pick {
	struct register_state *reg;
	size_t n;
	struct {
		json_t *record;
		int mail;
		struct sending sending;
	} rows[SEND_CREDIT];
	size_t n_late;
	struct late {
		int64_t id;
		int64_t case_id;
		char reference[REFERENCE_MAX];
		char why[OBJECTION_TEXT_MAX];
	} late[SEND_CREDIT]; /* those that are held in place of being sent */
};

static void pick_late(struct pick *p, const struct store_outbox *o, const char *why)
{
	struct late *l = &p->late[p->n_late++];

	l->id = o->id;
	l->case_id = o->case_id;
	(void) snprintf(l->reference, sizeof l->reference, "%s", o->reference); /* same bound */
	(void) snprintf(l->why, sizeof l->why, "%s", why);			/* same bound */
}

static int pick_in_time(struct pick *p, const struct store_outbox *o)
{
	struct sending *s = &p->rows[p->n].sending;
	int mail = sealed_new(o->kind, o->bytes, o->n);

	if (mail < 0)
		return mail;
	*s = (struct sending){
		.id = o->id, .case_id = o->case_id, .queued_at = o->queued_at, .tries = o->tries
	};
	(void) snprintf(s->reference, sizeof s->reference, "%s", o->reference); /* same bound */
	(void) snprintf(s->mailbox, sizeof s->mailbox, "%s", o->mailbox); /* cut for the journal */
	(void) snprintf(s->kind, sizeof s->kind, "%s", o->kind);	  /* a word of ours: fits */
	p->rows[p->n].mail = mail;
	p->rows[p->n].record = json_pack("{s:s, s:I, s:s, s:s}", "type", "deliver", "id",
		(json_int_t) o->id, "from", o->from, "to", o->to);
	p->n++;
	return p->rows[p->n - 1].record ? 0 : -ENOMEM;
}

static int pick_row(void *context, const struct store_outbox *o)
{
	struct pick *p = context;
	char why[OBJECTION_TEXT_MAX];

	if (dispatch_find_objection(p->reg->loaded.conf, o, register_now(p->reg), why) ==
		OBJECTION_NONE)
		return pick_in_time(p, o);
	pick_late(p, o, why);
	return 0;
}

void outbox_take_back(struct register_state *reg)
{
	for (size_t i = 0; reg->pick && i < reg->pick->n; i++) {
		json_decref(reg->pick->rows[i].record);
		closep(&reg->pick->rows[i].mail);
	}
	free(reg->pick);
	reg->pick = NULL;
}

static int mark_sending(struct register_state *reg, const struct pick *p, struct fault *f)
{
	for (size_t i = 0; i < p->n; i++) {
		struct store_outbox_result result = { .id = p->rows[i].sending.id,
			.state = STORE_OUTBOX_SENDING,
			.at = register_now(reg),
			.status = "",
			.reply = "" };
		int r = store_outbox_mark(reg->store, &result, f);

		if (r < 0)
			return r;
	}
	return 0;
}

static int hold_late(struct register_state *reg, const struct pick *p, struct fault *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n_late; i++)
		r = dispatch_hold_late(reg->store, p->late[i].id, p->late[i].case_id,
			p->late[i].why, register_now(reg), f);
	return r;
}

int outbox_pick(struct register_state *reg, struct fault *f)
{
	/* Verdicts of this turn give their places back only behind the commit. */
	size_t room = outbox_room(reg);
	int r;

	if (!outbox_may_send(reg) || room == 0)
		return 0;
	reg->pick = calloc(1, sizeof *reg->pick);
	if (!reg->pick)
		return fault_set(f, -ENOMEM, "no memory to send mails");
	reg->pick->reg = reg;
	r = store_outbox_due(reg->store, register_now(reg), room, pick_row, reg->pick, f);
	if (r < 0)
		return r;
	r = mark_sending(reg, reg->pick, f);
	return r < 0 ? r : hold_late(reg, reg->pick, f);
}

static void report_late(struct register_state *reg, const struct pick *p)
{
	for (size_t i = 0; i < p->n_late; i++)
		journal_write(
			reg->journal, &(struct journal_event){ .kind = JOURNAL_ACKNOWLEDGEMENT_HELD,
					      .reference = p->late[i].reference,
					      .detail = p->late[i].why });
	if (p->n_late > 0)
		register_wake(reg); /* their places are free */
}

void outbox_hand_over(struct register_state *reg)
{
	struct pick *p = reg->pick;

	for (size_t i = 0; p && i < p->n; i++) {
		p->rows[i].sending.order = ++reg->n_handed_over;
		reg->sending[reg->n_sending++] = p->rows[i].sending;
		/* One that cannot be handed over now is queued again when send has ended. */
		if (worker_send(reg->send, p->rows[i].record, p->rows[i].mail) < 0)
			worker_kill(reg->send, WORKER_ENDED_DIED);
		p->rows[i].record = NULL; /* taken over */
	}
	if (p)
		report_late(reg, p);
	outbox_take_back(reg);
}
