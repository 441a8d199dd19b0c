/* register_recovered.c - what an officer is told of a recovery, and the order that ends it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapters/store_recall.h"
#include "base/cleanup.h"
#include "daemon/register_internal.h"
#include "daemon/register_trouble.h"
#include "flow/recall.h"

enum {
	SENTENCE_MAX = 256,
};

static const char waits_for_scan[] =
	"our own mails in the Sent folder and the mailbox are still being read: foictl status says "
	"which mailbox cannot be reached";
static const char waits_for_number[] =
	"nothing tells the highest number that was given, because a Sent folder is not configured, "
	"cannot be read or holds no acknowledgement: name the next ones with \"foictl recovered "
	"--next REFERENCE --next-review REFERENCE\", well above all that were given";
static const char waits_for_mail[] =
	"the mail in the mailbox is still being taken in; try again when foictl status shows that "
	"every mailbox was looked at";
static const char waits_for_officer[] =
	"compare foictl list with the Sent folder, record again what was recorded since, then say "
	"foictl recovered";

/* Whether mails may still lie in the mailboxes that were not taken in. */
static bool is_taking(const struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		if (watch_last_look(&reg->watches[i]) == 0)
			return true;
	return reg->n_mails > 0;
}

static const char *what_waits(const struct register_state *reg)
{
	if (reg->recover.is_known)
		return is_taking(reg) ? waits_for_mail : waits_for_officer;
	return recover_is_scanned(reg) ? waits_for_number : waits_for_scan;
}

void recover_troubles(const struct register_state *reg, json_t *array)
{
	char day[DAY_TEXT_MAX];
	uint64_t n = 0;

	if (!reg->recover.is_on)
		return;
	/* Short of memory a sentence is missing here: the journal has it. */
	(void) json_array_append_new(array,
		json_sprintf("recovering: the store is a backup of %s, and nothing is sent; %s",
			day_text(day_of_instant(reg->recover.since), DAY_ENGLISH, day),
			what_waits(reg)));
	if (store_recalled_count(reg->store, &n, NULL) == 0 && n > 0)
		(void) json_array_append_new(array,
			json_sprintf("recovering: our own mail names %llu cases whose mail was not "
				     "taken in yet; one whose mail is not found is opened from our "
				     "acknowledgement by foictl recovered",
				(unsigned long long) n));
}

/* The counters go on from what the officer names. */
static int name_next(struct register_state *reg, const struct recover_order *o, struct fault *f)
{
	struct intake in = { .store = reg->store, .conf = reg->loaded.conf };
	int64_t hold = recover_unread_sent(reg) || !reg->recover.is_found ? register_now(reg) : 0;
	char why[SENTENCE_MAX];
	int r = store_begin(reg->store, f);

	(void) snprintf(why, sizeof why, "the next numbers: %.*s %.*s", REFERENCE_MAX,
		o->next ? o->next : "", REFERENCE_MAX, o->next_review ? o->next_review : "");
	if (r == 0 && o->next)
		r = recall_next(&in, o->next, f);
	if (r == 0 && o->next_review)
		r = recall_next(&in, o->next_review, f);
	if (r == 0)
		r = recover_set_known(reg, o->actor, why, reg->recover.is_known ? 0 : hold, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0) {
		store_rollback(reg->store);
		return r;
	}
	reg->recover.is_known = true;
	recover_go_on(reg);
	return 0;
}

struct opened {
	struct recall_opened *entries; /* owned */
	size_t n;
};

static void opened_done(struct opened *o)
{
	free(o->entries);
}

/* Short of memory a case has no line in the journal, but its flag and its history. */
static void take_opened(void *context, const struct recall_opened *one)
{
	struct opened *o = context;
	struct recall_opened *more = reallocarray(o->entries, o->n + 1, sizeof *more);

	if (!more)
		return;
	more[o->n++] = *one;
	o->entries = more;
}

static void report_end(
	struct register_state *reg, const struct recover_order *o, const struct opened *opened)
{
	for (size_t i = 0; i < opened->n; i++)
		journal_write(
			reg->journal, &(struct journal_event){ .kind = JOURNAL_CASE_REBUILT,
					      .reference = opened->entries[i].reference,
					      .case_kind = case_kind_word(opened->entries[i].kind),
					      .received = opened->entries[i].received,
					      .due = opened->entries[i].due,
					      .provisional = opened->entries[i].is_provisional });
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_RECOVERED,
					    .has_peer = true,
					    .peer = (uid_t) o->uid,
					    .has_count = true,
					    .count = opened->n });
}

static int finish(struct register_state *reg, const struct recover_order *o, struct fault *f)
{
	CLEANUP(opened_done) struct opened opened = { 0 };
	struct intake in = { .store = reg->store,
		.conf = reg->loaded.conf,
		.calendar = reg->loaded.calendar,
		.templates = reg->loaded.templates };
	int r = store_begin(reg->store, f);

	if (r == 0)
		r = recall_finish(&in, o->actor, register_now(reg), take_opened, &opened, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0) {
		store_rollback(reg->store);
		return r;
	}
	reg->recover = (struct recover){ .is_known = true };
	report_end(reg, o, &opened);
	register_wake(reg);
	return 0;
}

int recover_end(struct register_state *reg, const struct recover_order *o, const char **ret_why,
	struct fault *f)
{
	bool is_named = o->next || o->next_review;
	int r = 0;

	if (!reg->recover.is_on)
		return fault_set(f, -EPERM, "the store is no backup: nothing is to be recovered");
	if (reg->phase != REGISTER_RUNNING)
		return fault_set(f, -EPERM, "a reload or a stop is under way");
	if (!reg->recover.is_known && !recover_is_scanned(reg))
		return fault_set(f, -EPERM, "%s", waits_for_scan);
	if (!reg->recover.is_known && (!o->next || !o->next_review))
		return fault_set(f, -EPERM, "%s", waits_for_number);
	if (is_named)
		r = name_next(reg, o, f);
	if (r < 0)
		return r;
	*ret_why = is_taking(reg) ? waits_for_mail : NULL;
	return *ret_why ? 0 : finish(reg, o, f);
}
