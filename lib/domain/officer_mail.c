/* officer_mail.c - the text of the mails that officers get. */
/* SPDX-License-Identifier: MIT */
#include "domain/officer_mail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const words[OFFICER_MAIL_KIND_COUNT] = {
	[OFFICER_MAIL_DIGEST] = "digest",
	[OFFICER_MAIL_ESCALATION] = "escalation",
};

const char *officer_mail_word(enum officer_mail_kind kind)
{
	return words[kind];
}

void officer_list_add(struct officer_list *l, const char *reference, struct day day, unsigned days)
{
	size_t at = l->n;

	l->total++;
	while (at > 0 && day_compare(l->items[at - 1].day, day) > 0)
		at--;
	if (at == OFFICER_LIST_MAX)
		return;
	if (l->n < OFFICER_LIST_MAX)
		l->n++;
	memmove(&l->items[at + 1], &l->items[at], (l->n - 1 - at) * sizeof *l->items);
	l->items[at] = (struct officer_item){ .day = day, .days = days };
	(void) snprintf(l->items[at].reference, REFERENCE_MAX, "%s", reference); /* same bound */
}

/* ---- small words ----------------------------------------------------------------------------- */

/* ferror() of the text by officer_mail_text(), here and below. */
static void write_day(FILE *out, struct day d)
{
	char text[DAY_TEXT_MAX];

	(void) fputs(day_text(d, DAY_ENGLISH, text), out);
}

/* "24 November 2026, 22:10", as London's clocks show it. */
static void write_instant(FILE *out, int64_t instant)
{
	struct day_time t = day_london_time(instant);

	write_day(out, t.day);
	(void) fprintf(out, ", %02u:%02u", t.hour, t.minute);
}

static void write_working_days(FILE *out, unsigned n)
{
	(void) fprintf(out, "%u working day%s", n, n == 1 ? "" : "s");
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* Writes what stands behind the reference of one item. */
typedef void write_item(FILE *out, const struct officer_report *r, const struct officer_item *item);

static void write_overdue(
	FILE *out, const struct officer_report *r, const struct officer_item *item)
{
	(void) r; /* of the other lists */
	(void) fputs("last day ", out);
	write_day(out, item->day);
	(void) fputs(", ", out);
	if (item->days > 0)
		write_working_days(out, item->days);
	(void) fputs(item->days > 0 ? " late" : "late since the weekend or a holiday", out);
}

static void write_due_soon(
	FILE *out, const struct officer_report *r, const struct officer_item *item)
{
	(void) fputs("last day ", out);
	write_day(out, item->day);
	if (day_compare(item->day, r->today) == 0) {
		(void) fputs(", today", out);
		return;
	}
	(void) fputs(", ", out);
	if (item->days > 0)
		write_working_days(out, item->days);
	(void) fputs(item->days > 0 ? " left" : "today is the last working day", out);
}

static void write_triage(FILE *out, const struct officer_report *r, const struct officer_item *item)
{
	(void) r;
	(void) fputs("here since ", out);
	write_day(out, item->day);
	(void) fputs(", ", out);
	write_working_days(out, item->days);
}

static void write_lapse(FILE *out, const struct officer_report *r, const struct officer_item *item)
{
	(void) r;
	(void) fputs("the requester had until ", out);
	write_day(out, item->day);
}

static void write_made(FILE *out, const struct officer_report *r, const struct officer_item *item)
{
	(void) r;
	(void) fputs("made on ", out);
	write_day(out, item->day);
}

/* A list, with its title in one line of its own; nothing where it is empty. */
static void write_list(FILE *out, const struct officer_report *r, const struct officer_list *l,
	const char *title, write_item *write, const char *command)
{
	if (l->total == 0)
		return;
	(void) fprintf(out, "%s: %" PRIu64 "\n", title, l->total);
	for (size_t i = 0; i < l->n; i++) {
		(void) fprintf(out, "  %s  ", l->items[i].reference);
		write(out, r, &l->items[i]);
		(void) fputc('\n', out);
	}
	if (l->total > l->n)
		(void) fprintf(out, "  and %" PRIu64 " more: %s\n", l->total - l->n, command);
	(void) fputc('\n', out);
}

static void write_overdue_list(FILE *out, const struct officer_report *r)
{
	write_list(out, r, &r->overdue, "OVERDUE", write_overdue, "foictl list --overdue");
}

static void write_due_soon_list(FILE *out, const struct officer_report *r)
{
	char title[64];

	(void) snprintf(title, sizeof title, "DUE SOON, within %u working day%s", r->due_soon_days,
		r->due_soon_days == 1 ? "" : "s"); /* fits */
	write_list(out, r, &r->due_soon, title, write_due_soon, "foictl list --state live");
}

static void write_untouched_list(FILE *out, const struct officer_report *r)
{
	char title[96];

	(void) snprintf(title, sizeof title,
		"IN TRIAGE for %u working day%s or more, touched by nobody", r->escalate_after_days,
		r->escalate_after_days == 1 ? "" : "s"); /* fits */
	write_list(out, r, &r->untouched, title, write_triage, "foictl list --state triage");
}

/* Why many are held, which the list of references does not tell. */
static void write_limited(FILE *out, const struct officer_report *r)
{
	if (r->n_sender_limited + r->n_hour_limited > 0)
		(void) fprintf(out,
			"  of these by sender_limit: %" PRIu64 "; by hour_limit: %" PRIu64 "\n\n",
			r->n_sender_limited, r->n_hour_limited);
}

static void write_held_lists(FILE *out, const struct officer_report *r)
{
	write_list(out, r, &r->held, "ACKNOWLEDGEMENTS HELD, for an officer to release", write_made,
		"foictl list --json");
	write_limited(out, r);
	write_list(out, r, &r->failed,
		"ACKNOWLEDGEMENTS THAT FAILED, reach the requester another way", write_made,
		"foictl list --json");
	if (r->n_unsent == 0)
		return;
	(void) fprintf(out, "ACKNOWLEDGEMENTS NOT SENT YET: %" PRIu64 "\n  the oldest since ",
		r->n_unsent);
	write_instant(out, r->oldest_unsent);
	(void) fputs("\n\n", out);
}

/* ---- the daemon itself ----------------------------------------------------------------------- */

static const char *const troubles[FAULT_KIND_COUNT] = {
	[FAULT_OTHER] = "it cannot be read",
	[FAULT_NETWORK] = "its server cannot be reached",
	[FAULT_TLS] = "its server's certificate is not to be trusted",
	[FAULT_AUTH] = "the password is refused",
	[FAULT_PROTOCOL] = "its server answers with nonsense or a refusal",
	[FAULT_MISSING] = "a folder is missing",
	[FAULT_CONFIG] = "its configuration is wrong",
};

static void write_look(FILE *out, const struct officer_look *look)
{
	const char *trouble = troubles[look->trouble];

	(void) fprintf(out, "  %s: ", look->mailbox);
	if (look->is_in_trouble) {
		(void) fprintf(
			out, "IN TROUBLE, %s, since ", trouble ? trouble : troubles[FAULT_OTHER]);
		write_instant(out, look->since);
		(void) fputs("; ", out);
	}
	if (look->last_look == 0) {
		(void) fputs("not looked at since the daemon started\n", out);
		return;
	}
	(void) fputs("last looked at on ", out);
	write_instant(out, look->last_look);
	(void) fputc('\n', out);
}

static void write_looks(FILE *out, const struct officer_report *r)
{
	(void) fputs("MAILBOXES\n", out);
	for (size_t i = 0; i < r->n_looks; i++)
		write_look(out, &r->looks[i]);
	(void) fputc('\n', out);
}

static void write_news(FILE *out, const struct officer_report *r)
{
	uint64_t mails = 0;

	for (unsigned i = 0; i < FATE_COUNT; i++)
		mails += r->fates[i];
	if (r->since == 0) {
		(void) fputs("SINCE THE BEGINNING\n", out);
	} else {
		(void) fputs("SINCE ", out);
		write_instant(out, r->since);
		(void) fputc('\n', out);
	}
	(void) fprintf(out, "  mails received: %" PRIu64 "\n", mails);
	for (unsigned i = 0; i < FATE_COUNT; i++)
		if (r->fates[i] > 0)
			(void) fprintf(out, "    %s: %" PRIu64 "\n", fate_word((enum fate) i),
				r->fates[i]);
	(void) fprintf(out, "  cases opened: %" PRIu64 "\n\n", r->n_opened);
}

static void write_calendar(FILE *out, const struct officer_report *r)
{
	if (r->has_horizon) {
		(void) fputs("Bank holidays are known until ", out);
		write_day(out, r->horizon);
		(void) fputs(".\n", out);
	} else {
		(void) fputs("No bank holidays are known: no last day can be relied on.\n", out);
	}
	if (r->feed_waits)
		(void) fputs(
			"A new list of bank holidays waits for an officer to accept it.\n", out);
	(void) fputc('\n', out);
}

/* ---- the mails ------------------------------------------------------------------------------- */

static void write_title(FILE *out, const struct officer_report *r)
{
	char text[DAY_TEXT_MAX];

	(void) fprintf(out, "Requests for information on %s\n\n",
		day_text_weekday(r->today, DAY_ENGLISH, text));
}

static bool has_nothing_due(const struct officer_report *r)
{
	return r->overdue.total + r->due_soon.total + r->triage.total + r->lapse.total == 0;
}

static void write_digest(FILE *out, const struct officer_report *r)
{
	write_title(out, r);
	if (has_nothing_due(r))
		(void) fprintf(out,
			"Nothing is overdue or due within %u working day%s, and nothing waits in "
			"triage.\n\n",
			r->due_soon_days, r->due_soon_days == 1 ? "" : "s");
	write_overdue_list(out, r);
	write_due_soon_list(out, r);
	write_list(out, r, &r->triage, "IN TRIAGE, for a person to look at", write_triage,
		"foictl list --state triage");
	write_list(out, r, &r->lapse,
		"LAPSE POSSIBLE, the requester neither clarified nor paid in time", write_lapse,
		"foictl list --state waiting");
	write_held_lists(out, r);
	write_looks(out, r);
	write_news(out, r);
	write_calendar(out, r);
	(void) fputs("This mail comes every working day, also when nothing is due. If it does not "
		     "come, foimaild or its mail server is in trouble.\n"
		     "\nPlease do not answer it: an answer would come in as one more mail to be "
		     "dealt with. foictl show REFERENCE has each case.\n",
		out);
}

static void write_escalation(FILE *out, const struct officer_report *r)
{
	write_title(out, r);
	write_overdue_list(out, r);
	write_untouched_list(out, r);
	(void) fputs("This mail comes on each working day on which there is any of these.\n"
		     "\nPlease do not answer it: an answer would come in as one more mail to be "
		     "dealt with. foictl show REFERENCE has each case.\n",
		out);
}

/* ---- subjects -------------------------------------------------------------------------------- */

/* "3 due soon", with a comma before it unless it is the first. */
static void write_count(FILE *out, uint64_t n, const char *what, bool *has_any)
{
	if (n == 0)
		return;
	(void) fprintf(out, "%s%" PRIu64 " %s", *has_any ? ", " : "", n, what);
	*has_any = true;
}

static void write_digest_subject(FILE *out, const struct officer_report *r)
{
	uint64_t n_in_trouble = 0;
	bool has_any = false;

	for (size_t i = 0; i < r->n_looks; i++)
		n_in_trouble += r->looks[i].is_in_trouble;
	write_count(out, r->due_soon.total, "due soon", &has_any);
	write_count(out, r->overdue.total, "overdue", &has_any);
	write_count(out, r->triage.total, "in triage", &has_any);
	if (!has_any)
		(void) fputs("nothing due", out);
	has_any = true;
	write_count(out, n_in_trouble,
		n_in_trouble == 1 ? "mailbox in trouble" : "mailboxes in trouble", &has_any);
}

static void write_escalation_subject(FILE *out, const struct officer_report *r)
{
	bool has_any = false;

	(void) fputs("to act on: ", out);
	write_count(out, r->overdue.total, "overdue", &has_any);
	write_count(out, r->untouched.total, "untouched in triage", &has_any);
}

static const struct {
	void (*subject)(FILE *out, const struct officer_report *r);
	void (*body)(FILE *out, const struct officer_report *r);
} kinds[OFFICER_MAIL_KIND_COUNT] = {
	[OFFICER_MAIL_DIGEST] = { write_digest_subject, write_digest },
	[OFFICER_MAIL_ESCALATION] = { write_escalation_subject, write_escalation },
};

bool officer_mail_is_wanted(enum officer_mail_kind kind, const struct officer_report *r)
{
	return kind == OFFICER_MAIL_DIGEST || r->overdue.total + r->untouched.total > 0;
}

static int write_subject(enum officer_mail_kind kind, const struct officer_report *r, char **ret)
{
	CLEANUP(freep) char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return -ENOMEM;
	(void) fputs("FOI: ", out);
	kinds[kind].subject(out, r);
	(void) fputs(" (", out);
	write_day(out, r->today);
	(void) fputc(')', out);
	if (fclose(out) != 0)
		return -ENOMEM;
	*ret = TAKE_PTR(text);
	return 0;
}

int officer_mail_text(enum officer_mail_kind kind, const struct officer_report *r,
	char **ret_subject, char **ret_body)
{
	CLEANUP(freep) char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return -ENOMEM;
	kinds[kind].body(out, r);
	if (fclose(out) != 0 || write_subject(kind, r, ret_subject) < 0)
		return -ENOMEM;
	*ret_body = TAKE_PTR(text);
	return 0;
}
