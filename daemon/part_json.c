/* part_json.c - the parts of a case and their clocks in the shapes of the Varlink interface. */
/* SPDX-License-Identifier: MIT */
#include "daemon/part_json.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "daemon/deadline.h"

/* One part, with what is kept about it and what its moves have made of it. */
struct one {
	const struct store_file *file;
	const struct store_part *kept;
	const struct foi_part *part;
	unsigned number;
};

static struct one one_of(
	const struct store_file *file, const struct foi_status *status, size_t place)
{
	return (struct one){ .file = file,
		.kept = &file->parts[place],
		.part = &status->parts[place],
		.number = (unsigned) place + 1 };
}

static json_t *day_or_null(bool is_there, struct day day)
{
	char buf[DAY_ISO_MAX];

	return is_there ? json_string(day_iso(day, buf)) : json_null();
}

static json_t *text_or_null(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

static json_t *exemptions_json(const struct foi_part *p)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < p->n_exemptions; i++)
		if (json_array_append_new(
			    array, json_pack("{s:s, s:b}", "section", p->exemptions[i].section,
					   "denies", (int) p->exemptions[i].denies)) < 0)
			return json_decref(array), NULL;
	return array;
}

static json_t *part_json(const struct one *one)
{
	const struct store_part *kept = one->kept;
	bool has_ended = one->part->outcome != FOI_OUTCOME_NONE;

	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "number",
		(int) one->number, "question", kept->question, "authority", kept->authority,
		"regime", statute_of(one->part->regime)->key, "state",
		foi_case_state_word(one->part->state), "due", day_or_null(!has_ended, kept->due),
		"notice", day_or_null(kept->has_notice, kept->notice), "final",
		day_or_null(kept->has_final, kept->final), "outcome",
		text_or_null(foi_outcome_of(one->part->outcome)->word), "ended",
		day_or_null(has_ended, one->part->ended), "exemptions", exemptions_json(one->part));
}

json_t *part_json_list(const struct store_file *file, const struct foi_status *status)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < status->n_parts; i++) {
		struct one one = one_of(file, status, i);

		if (one.part->outcome != FOI_OUTCOME_VOID &&
			json_array_append_new(array, part_json(&one)) < 0)
			return json_decref(array), NULL;
	}
	return array;
}

/* ---- a clock --------------------------------------------------------------------------------- */

/* Which move gave more working days than the law gives; FOI_MOVE_COUNT: none did. */
static enum foi_move extension_of(const struct foi_part *p)
{
	const struct statute *law = statute_of(p->regime);
	bool is_review = p->begin.kind == CASE_REVIEW;
	unsigned usual = is_review ? law->review_days : law->request_days;
	unsigned most = is_review ? law->review_days_max : law->extended_days;

	if (p->working_days <= usual || p->working_days != most ||
		p->working_days == p->begin.working_days)
		return FOI_MOVE_COUNT;
	return is_review ? FOI_MOVE_EXTENDED_REVIEW : FOI_MOVE_EXTENDED_COMPLEX;
}

static json_t *law_of_move(const struct foi_part *p, enum foi_move move, bool is_used)
{
	return is_used && move < FOI_MOVE_COUNT ? text_or_null(foi_move_of(move)->law[p->regime])
						: json_null();
}

static json_t *law_json(const struct foi_part *p)
{
	const struct statute *law = statute_of(p->regime);
	bool is_review = p->begin.kind == CASE_REVIEW;
	bool is_restarted = day_compare(p->received, p->begin.received) != 0;
	enum foi_move extension = p->is_extended ? FOI_MOVE_EXTENDED_INTEREST : extension_of(p);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "name", law->name, "citation",
		is_review ? law->law_review : law->law_request, "sentence",
		is_review ? law->sentence_review : law->sentence, "working_day_citation",
		law->law_working_day, "working_day", law->sentence_working, "extension",
		law_of_move(p, extension, true), "fee",
		law_of_move(p, FOI_MOVE_FEE_ASKED, p->wait == FOI_WAIT_FEE || p->n_pauses > 0),
		"clarification",
		law_of_move(
			p, FOI_MOVE_CLARIFIED, p->wait == FOI_WAIT_CLARIFICATION || is_restarted));
}

static json_t *fees_json(const struct foi_part *p)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < p->n_pauses; i++)
		if (json_array_append_new(array,
			    json_pack("{s:o, s:o}", "asked", day_or_null(true, p->pauses[i].notice),
				    "paid", day_or_null(true, p->pauses[i].paid))) < 0)
			return json_decref(array), NULL;
	return array;
}

/* What the requester was told. The acknowledgement told it of the case, so of each of its parts. */
static json_t *told_json(const struct store_file *file)
{
	if (!file->has_acknowledged && !file->is_told)
		return json_null();
	return json_pack("{s:o, s:b}", "day",
		day_or_null(true, file->is_told ? file->told : file->acknowledged), "counts",
		(int) file->is_told);
}

/* Where the part stands. */
static json_t *standing_json(const struct one *one)
{
	static const char *const waits[] = { [FOI_WAIT_NOTHING] = NULL,
		[FOI_WAIT_CLARIFICATION] = "clarification",
		[FOI_WAIT_FEE] = "fee" };
	const struct foi_part *p = one->part;

	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s?, s:o, s:b, s:o, s:o, s:o, s:o, s:o}",
		"part", (int) one->number, "question", one->kept->question, "authority",
		one->kept->authority, "kind", case_kind_word(p->begin.kind), "state",
		foi_case_state_word(p->state), "regime", statute_of(p->regime)->key, "waiting",
		waits[p->wait], "since", day_or_null(p->wait != FOI_WAIT_NOTHING, p->wait_since),
		"transferred", (int) p->is_transferred, "outcome",
		text_or_null(foi_outcome_of(p->outcome)->word), "ended",
		day_or_null(p->outcome != FOI_OUTCOME_NONE, p->ended), "exemptions",
		exemptions_json(p), "fees", fees_json(p), "told", told_json(one->file));
}

/* How the last day was found. */
static json_t *count_json(const struct foi_part *p, const struct foi_clock *c)
{
	const struct deadline *d = &c->deadline;
	bool is_live = p->outcome == FOI_OUTCOME_NONE;

	return json_pack("{s:s, s:o, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:b, s:o, s:b, s:o, s:s,"
			 " s:o, s:o}",
		"rule", statute_rule_key(p->begin.rule), "received", day_or_null(true, p->received),
		"first_received", day_or_null(true, p->begin.received), "working_days",
		(int) d->working_days, "months", (int) d->months, "counted_from",
		day_or_null(true, d->counted_from), "counted_to", day_or_null(true, d->due), "due",
		day_or_null(is_live, c->due), "notice", day_or_null(c->has_notice, c->notice),
		"notice_given", (int) p->is_notice_given, "final",
		day_or_null(c->has_final, c->final), "provisional", (int) c->is_provisional,
		"covers_until", day_or_null(d->has_covers_until, d->covers_until), "calendar_hash",
		d->calendar_hash, "excluded", deadline_excluded_json(d), "law", law_json(p));
}

/* NULL: no memory. */
static json_t *clock_json(const struct one *one, const struct foi_clock *clock)
{
	json_t *object = standing_json(one);
	json_t *count = count_json(one->part, clock);

	if (!object || !count || json_object_update(object, count) < 0) {
		json_decref(object);
		object = NULL;
	}
	json_decref(count);
	return object;
}

static int add_clock(
	json_t *array, const struct one *one, const struct foi_law *law, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	int r = foi_part_count(one->part, law, &clock, f);

	if (r < 0)
		return r;
	return json_array_append_new(array, clock_json(one, &clock)) < 0
		       ? fault_set(f, -ENOMEM, "no memory for a clock")
		       : 0;
}

int part_json_clocks(const struct store_file *file, const struct foi_status *status,
	const struct foi_law *law, uint64_t parts, json_t **ret, struct fault *f)
{
	json_t *array = json_array();
	int r = array ? 0 : fault_set(f, -ENOMEM, "no memory for clocks");

	for (size_t i = 0; r == 0 && i < status->n_parts; i++) {
		struct one one = one_of(file, status, i);

		if ((parts & (UINT64_C(1) << i)) && one.part->outcome != FOI_OUTCOME_VOID)
			r = add_clock(array, &one, law, f);
	}
	if (r < 0)
		json_decref(array);
	else
		*ret = array;
	return r;
}
