/* explain_print.c - the explanation of a mail, for people and for programs.
 *
 * Security: everything but the verdict is the sender's; on a terminal it is made one harmless line
 * at a time. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/explain.h"
#include "domain/mail_date.h"
#include "domain/statute.h"

enum {
	LINE_MAX_BYTES = 240,
	ATTACHMENT_MAX = LETTER_NAME_MAX + 160, /* its name, type and size */
	TEXT_LINES_MAX = 20,
};

/* ---- for a person ---------------------------------------------------------------------------- */

static void print_field(FILE *out, const char *label, const char *value)
{
	CLEANUP(freep) char *line = NULL;

	if (*value && text_one_line(value, LINE_MAX_BYTES, &line) == 0)
		(void) fprintf(out, "%-15s %s\n", label, line); /* ferror() is asked at the end */
}

static void print_attachment(FILE *out, const struct letter_attachment *a)
{
	char value[ATTACHMENT_MAX];
	CLEANUP(freep) char *line = NULL;

	(void) snprintf(value, sizeof value, "%s, %s, %" PRIu64 " bytes",
		*a->name ? a->name : "(no name)", a->type, a->bytes); /* fits */
	if (text_one_line(value, sizeof value, &line) == 0)
		(void) fprintf(out, "%-15s %s\n", "Attachment", line); /* ferror() is asked later */
}

static void print_lines(FILE *out, const char *text)
{
	const char *p = text;

	for (unsigned i = 0; *p && i < TEXT_LINES_MAX; i++) {
		CLEANUP(freep) char *line = NULL;
		CLEANUP(freep) char *raw = strndup(p, strcspn(p, "\n"));

		if (raw && text_one_line(raw, LINE_MAX_BYTES, &line) == 0)
			(void) fprintf(out, "  | %s\n", line);
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	if (*p)
		(void) fputs("  | ...\n", out);
}

static const char *const fate_sentences[FATE_COUNT] = {
	[FATE_REQUEST] = "a case is opened",
	[FATE_REVIEW] = "an internal review is demanded; a review case is opened",
	[FATE_CORRESPONDENCE] = "no case is opened",
	[FATE_BOUNCE] = "a delivery report on something we sent; it is recorded on that case",
	[FATE_AUTOMATIC] = "a program wrote it; no case, no answer",
	[FATE_OWN] = "a mail of ours came back; no case, no answer",
	[FATE_DUPLICATE] = "seen before; no second case, no second answer",
	[FATE_TRIAGE] = "a person must look",
	[FATE_UNREADABLE] = "no reader survives it; a case is opened",
};

static const char *const acknowledge_sentences[ACKNOWLEDGE_COUNT] = {
	[ACKNOWLEDGE_NO] = "none",
	[ACKNOWLEDGE_HOLD] = "made, and held for an officer to release",
	[ACKNOWLEDGE_SEND] = "sent at once",
};

static void print_verdict(const struct explanation *e, FILE *out)
{
	const struct triage_verdict *v = e->verdict;

	(void) fprintf(out, "%-15s %s: %s\n", "Fate", fate_word(v->fate), fate_sentences[v->fate]);
	if (v->n_opens == TRIAGE_OPENS_MAX)
		(void) fprintf(out, "%-15s a %s and a %s, linked\n", "Opens",
			case_kind_word(v->opens[0]), case_kind_word(v->opens[1]));
	(void) fprintf(out, "%-15s %s\n", "Clock", v->clock ? "runs" : "does not run");
	(void) fprintf(out, "%-15s %s\n", "Acknowledgement", acknowledge_sentences[v->acknowledge]);
	(void) fprintf(out, "%-15s %s\n", "Regime", statute_of(v->regime)->name);
	print_field(out, "Case", v->about.reference);
	(void) fputs("Because\n", out);
	for (size_t i = 0; i < v->n_reasons; i++) {
		CLEANUP(freep) char *line = NULL;

		if (text_one_line(v->reasons[i].evidence, LINE_MAX_BYTES, &line) == 0)
			(void) fprintf(out, "  - %s [%s]\n", line, v->reasons[i].rule);
	}
	if (e->is_assumed)
		(void) fputs("  (no store was asked: every reference of ours counts as"
			     " known)\n",
			out);
}

static void print_hints(const struct hint_list *list, FILE *out)
{
	if (list->n > 0)
		(void) fputs("Worth a look (changes nothing by itself)\n", out);
	for (size_t i = 0; i < list->n; i++) {
		CLEANUP(freep) char *line = NULL;

		if (text_one_line(list->hints[i].evidence, HINT_EVIDENCE_MAX, &line) == 0)
			(void) fprintf(out, "  - %s [%s]\n", line, hint_word(list->hints[i].kind));
	}
}

int explain_print(const struct explanation *e, FILE *out)
{
	const struct letter *l = e->letter;
	char date[MAIL_DATE_TEXT_MAX];

	print_verdict(e, out);
	print_hints(e->hints, out);
	(void) fputc('\n', out);
	print_field(out, "From", letter_sender(l));
	print_field(out, "Subject", l->subject);
	print_field(out, "Date header", l->date ? mail_date_text(l->date, date) : "");
	for (size_t i = 0; i < e->keys->n_references; i++)
		print_field(out, "Reference", e->keys->references[i].reference);
	for (size_t i = 0; i < l->n_attachments; i++)
		print_attachment(out, &l->attachments[i]);
	for (size_t i = 0; i < l->n_warnings; i++)
		print_field(out, "Warning", l->warnings[i]);
	(void) fputs("What the writer wrote now\n", out);
	print_lines(out, l->new_text);
	return fflush(out) != 0 || ferror(out) ? -EIO : 0;
}

/* ---- for a program --------------------------------------------------------------------------- */

static json_t *opens_json(const struct triage_verdict *v)
{
	json_t *array = json_array();

	for (size_t i = 0; i < v->n_opens; i++)
		(void) json_array_append_new(array, json_string(case_kind_word(v->opens[i])));
	return array;
}

static json_t *reasons_json(const struct triage_verdict *v)
{
	json_t *array = json_array();

	for (size_t i = 0; i < v->n_reasons; i++)
		(void) json_array_append_new(
			array, json_pack("{s:s, s:s}", "rule", v->reasons[i].rule, "evidence",
				       v->reasons[i].evidence));
	return array;
}

static json_t *hints_json(const struct hint_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		(void) json_array_append_new(
			array, json_pack("{s:s, s:s}", "hint", hint_word(list->hints[i].kind),
				       "evidence", list->hints[i].evidence));
	return array;
}

static json_t *addresses_json(const struct letter_address *list, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		(void) json_array_append_new(array, json_string(list[i].mailbox));
	return array;
}

static json_t *references_json(const struct matching_keys *keys)
{
	json_t *array = json_array();

	for (size_t i = 0; i < keys->n_references; i++)
		(void) json_array_append_new(array, json_string(keys->references[i].reference));
	return array;
}

static json_t *attachments_json(const struct letter *l)
{
	json_t *array = json_array();

	for (size_t i = 0; i < l->n_attachments; i++) {
		const struct letter_attachment *a = &l->attachments[i];

		(void) json_array_append_new(
			array, json_pack("{s:s, s:s, s:I, s:s}", "name", a->name, "type", a->type,
				       "bytes", (json_int_t) a->bytes, "sha256", a->sha256));
	}
	return array;
}

static json_t *warnings_json(const struct letter *l)
{
	json_t *array = json_array();

	for (size_t i = 0; i < l->n_warnings; i++)
		(void) json_array_append_new(array, json_string(l->warnings[i]));
	return array;
}

static json_t *letter_json(const struct letter *l)
{
	char date[MAIL_DATE_TEXT_MAX] = "";

	if (l->date)
		(void) mail_date_text(l->date, date);
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "from",
		letter_sender(l), "from_name", l->n_from ? l->from[0].name : "", "reply_to",
		addresses_json(l->reply_to, l->n_reply_to), "to", addresses_json(l->to, l->n_to),
		"subject", l->subject, "message_id", l->message_id, "date", date, "new_text",
		l->new_text, "text", l->text, "attachments", attachments_json(l), "warnings",
		warnings_json(l));
}

int explain_print_json(const struct explanation *e, FILE *out)
{
	const struct triage_verdict *v = e->verdict;
	json_t *object = json_pack("{s:s, s:o, s:b, s:s, s:o, s:o, s:o, s:s, s:b}", "fate",
		fate_word(v->fate), "opens", opens_json(v), "clock", (int) v->clock, "acknowledge",
		acknowledge_word(v->acknowledge), "reasons", reasons_json(v), "hints",
		hints_json(e->hints), "references", references_json(e->keys), "regime_hint",
		statute_of(v->regime)->key, "subject_access", (int) v->is_subject_access);
	json_t *letter = letter_json(e->letter);
	int r = -ENOMEM;

	if (object && letter && json_object_update(object, letter) == 0)
		r = json_dumpf(object, out, JSON_INDENT(2)) < 0 || fputc('\n', out) == EOF ? -EIO
											   : 0;
	json_decref(object);
	json_decref(letter);
	return r;
}
