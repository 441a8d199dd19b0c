/* register_suspect.c - mails that kill fetch: found by what it had in hand when it died.
 *
 * Security: fetch may have been taken over. Only UIDs that it was asked for become suspects, and
 * no more at once than it may have in hand. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/fetch.h"
#include "daemon/register_internal.h"

/* Adds to in_hand what of @range was asked for: only such may become a suspect, and a case. */
static int keep_wanted(struct watch_folder *folder, const struct uidset_range *range)
{
	int r = 0;

	for (uint64_t uid = range->first; r == 0 && uid <= range->last; uid++)
		if (uidset_has(&folder->wanted, (uint32_t) uid))
			r = uidset_add(&folder->in_hand, (uint32_t) uid, (uint32_t) uid);
	return r;
}

/* The UIDs whose bytes fetch reads from here on: suspects, should it die now. */
int watch_take_step(struct watch *w, struct watch_folder *folder, const json_t *record, int *passed,
	struct fault *f)
{
	CLEANUP(uidset_done) struct uidset set = { 0 };
	const char *text = "";
	int64_t internaldate;
	int64_t size = 0;
	int r = channel_text(record, "set", CHANNEL_RECORD_MAX, &text, f);

	(void) w;
	(void) passed; /* none is expected; the caller closes it */
	if (r == 0)
		r = uidset_parse(text, strlen(text), &set);
	if (r < 0)
		return fault_set(f, r, "a set of UIDs is malformed");
	r = channel_number(record, "internaldate", 0, INT64_MAX, &internaldate, f);
	if (r == 0)
		r = channel_number(record, "size", 0, INT64_MAX, &size, f);
	if (r < 0)
		return r;
	if (folder->uidvalidity == 0)
		return fault_set(f, -EBADMSG, "mails in hand of a folder that was not opened");
	if (uidset_count(&set) > FETCH_CREDIT)
		return fault_set(f, -EBADMSG, "more mails in hand than the credit allows");
	uidset_done(&folder->in_hand);
	folder->in_hand_date = internaldate;
	folder->in_hand_size = (uint64_t) size;
	for (size_t i = 0; r == 0 && i < set.n; i++)
		r = keep_wanted(folder, &set.ranges[i]);
	return r < 0 ? fault_set(f, r, "no memory for a set of UIDs") : 0;
}

static bool is_subset(const struct uidset *small, const struct uidset *large)
{
	return uidset_has(large, small->ranges[0].first);
}

/* After a death of fetch: what it had in hand is taken alone from now on. One that it had in hand
 * alone loses its body next, and then a case is opened from what the server tells of it: the Act's
 * clock runs for it all the same. */
static int suspect(struct watch *w, struct watch_folder *folder)
{
	uint32_t uid = folder->in_hand.ranges[0].first;

	if (uidset_count(&folder->in_hand) > 1 || !is_subset(&folder->in_hand, &folder->careful)) {
		for (size_t i = 0; i < folder->in_hand.n; i++) {
			int r = uidset_add(&folder->careful, folder->in_hand.ranges[i].first,
				folder->in_hand.ranges[i].last);

			if (r < 0)
				return r;
		}
		return 0;
	}
	if (is_subset(&folder->in_hand, &folder->header_only))
		return watch_give_up(w, folder, uid, folder->in_hand_date, folder->in_hand_size);
	return uidset_add(&folder->header_only, uid, uid);
}

void watch_suspect(struct watch *w)
{
	for (size_t i = 0; i < w->n_folders; i++)
		/* Short of memory the mail is simply tried as before. */
		if (w->folders[i].in_hand.n > 0 && w->folders[i].wanted.n > 0)
			(void) suspect(w, &w->folders[i]);
}
