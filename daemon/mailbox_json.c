/* mailbox_json.c - the numbers of a mailbox in org.foimaild.Cases.MailboxStatus. */
/* SPDX-License-Identifier: MIT */
#include "daemon/mailbox_json.h"

#include <errno.h>

#include "adapters/store_count.h"
#include "daemon/register_trouble.h"

/* Seconds since the last look by a clock that nobody sets; null: there was none. */
static json_t *age_json(const struct watch *w)
{
	uint64_t last_usec = watch_last_look_usec(w);

	if (last_usec == 0)
		return json_null();
	return json_integer((json_int_t) ((register_monotonic() - last_usec) / 1000000));
}

/* What was shown and has no row yet. */
static json_t *to_take_json(const struct watch *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->n_folders; i++)
		n += uidset_count(&w->folders[i].shown);
	return json_integer((json_int_t) n);
}

static json_t *fates_json(const struct store_mailbox_counts *counts)
{
	json_t *object = json_object();

	for (unsigned i = 0; object && i < FATE_COUNT; i++)
		(void) json_object_set_new(object, fate_word((enum fate) i),
			json_integer((json_int_t) counts->fates[i]));
	return object;
}

static json_t *unsent_json(const struct store_mailbox_counts *counts)
{
	json_t *object = json_object();

	for (unsigned i = 0; object && i < STORE_OUTBOX_STATE_COUNT; i++)
		if (i != STORE_OUTBOX_SENT)
			(void) json_object_set_new(object,
				store_outbox_state_word((enum store_outbox_state) i),
				json_integer((json_int_t) counts->unsent[i]));
	return object;
}

int mailbox_json_add(const struct watch *w, json_t *one)
{
	struct store_mailbox_counts counts;
	json_t *added;
	int r = store_mailbox_counts(w->reg->store, w->conf->name, &counts, NULL);

	if (r < 0)
		return r;
	added = json_pack("{s:o, s:b, s:I, s:o, s:o, s:o}", "age", age_json(w), "failing",
		(int) w->alarm.is_on, "mails", (json_int_t) counts.mails, "fates",
		fates_json(&counts), "to_take", to_take_json(w), "unsent", unsent_json(&counts));
	r = json_object_update(one, added);
	json_decref(added);
	return r < 0 ? -ENOMEM : 0;
}
