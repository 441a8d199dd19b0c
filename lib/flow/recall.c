/* recall.c - what one of our own mails tells a restored store.
 *
 * Security: the mails of the mailbox come from anyone. A valid token proves that we gave its number
 * and sent its acknowledgement, whoever quotes it. Which mail was answered is told by an
 * acknowledgement alone, and the one in the Sent folder is believed before any other. */
/* SPDX-License-Identifier: MIT */
#include "flow/recall.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "domain/token.h"
#include "flow/moves.h"
#include "flow/numbering.h"

struct recall_work {
	const struct intake *in;
	const struct recall_mail *mail;
	int64_t now;
	bool is_found;
};

/* The instant at which an acknowledgement was sent: by our own clock where it is our own copy. */
static int64_t sent_at(const struct recall_work *w)
{
	if (w->mail->is_sent && w->mail->letter->date != 0)
		return w->mail->letter->date;
	return w->mail->internaldate != 0 ? w->mail->internaldate : w->now;
}

/* A reference of @t that stands at the very beginning of @text. */
static bool begins_with(
	const struct reference_template *t, const char *text, char ret[static REFERENCE_MAX])
{
	struct reference_hit hit;

	if (reference_find(t, text, &hit, 1) != 1 || hit.offset != 0)
		return false;
	memcpy(ret, hit.reference, REFERENCE_MAX);
	return true;
}

/* The other case of a mail that opened two: acknowledgements write "A and B". */
static void find_second(const struct recall_work *w, const char *reference, const char *text,
	char ret[static REFERENCE_MAX])
{
	const struct config *conf = w->in->conf;
	char both[REFERENCE_MAX + 8];
	const char *behind;

	(void) snprintf(both, sizeof both, "%s and ", reference); /* fits */
	behind = strstr(text, both);
	if (!behind)
		return;
	behind += strlen(both);
	if (!begins_with(&conf->request, behind, ret))
		(void) begins_with(&conf->review, behind, ret);
}

/* What the acknowledgement itself tells beside its token. */
static void describe(const struct recall_work *w, struct store_recalled *ret,
	struct store_recalled_mail *ret_mail)
{
	const struct letter *l = w->mail->letter;

	if (ret->proof == STORE_PROOF_QUOTED)
		return;
	(void) snprintf(ret->message_id, sizeof ret->message_id, "%s",
		l->message_id); /* a token of ours: fits */
	if (l->n_to > 0 && strlen(l->to[0].mailbox) < sizeof ret->recipient)
		(void) snprintf(ret->recipient, sizeof ret->recipient, "%s", l->to[0].mailbox);
	*ret_mail = (struct store_recalled_mail){
		.in_reply_to = l->n_in_reply_to > 0 ? l->in_reply_to[0] : NULL,
		.bytes = w->mail->raw,
		.n = w->mail->raw_bytes
	};
	if (ret->proof != STORE_PROOF_SENT)
		return;
	if (strlen(l->text) <= STORE_RECALLED_TEXT_MAX)
		ret_mail->text = l->text;
	find_second(w, ret->reference, l->subject, ret->second);
	if (!*ret->second)
		find_second(w, ret->reference, l->text, ret->second);
}

static int remember(
	struct recall_work *w, const char *reference, enum store_proof proof, struct fault *f)
{
	struct store_recalled what = { .proof = proof, .at = sent_at(w) };
	struct store_recalled_mail mail = { 0 };
	struct triage_case known = { 0 };
	int r = 0;

	(void) snprintf(what.reference, sizeof what.reference, "%s", reference); /* same bound */
	(void) snprintf(what.mailbox, sizeof what.mailbox, "%s",
		w->in->conf->mailboxes[w->mail->mailbox].name); /* same bound */
	describe(w, &what, &mail);
	if (*what.second)
		r = numbering_raise(w->in->store, w->in->conf, what.second, f);
	if (r == 0 && *what.second)
		r = store_case_by_reference(w->in->store, what.second, "", &known, f);
	if (known.id != 0)
		what.second[0] = '\0';
	return r < 0 ? r : store_recalled_add(w->in->store, &what, &mail, f);
}

/* The store knows the case: then at most it does not know that its acknowledgement left. */
static int prove(struct recall_work *w, int64_t case_id, enum store_proof proof, struct fault *f)
{
	int64_t at = sent_at(w);
	int r = store_outbox_prove(w->in->store, case_id, at, proof == STORE_PROOF_SENT, f);

	return r == 1 ? moves_acknowledged(w->in->store, case_id, at, f) : r;
}

/* A token that verifies: what it names is a case unless it is a mail to officers. */
static int take_token(
	struct recall_work *w, const char *reference, enum store_proof proof, struct fault *f)
{
	struct triage_case known = { 0 };
	enum case_kind kind;
	int r;

	if (numbering_kind(w->in->conf, reference, &kind) < 0)
		return 0;
	w->is_found = true;
	r = numbering_raise(w->in->store, w->in->conf, reference, f);
	if (r == 0)
		r = store_case_by_reference(w->in->store, reference, "", &known, f);
	if (r < 0)
		return r;
	return known.id != 0 ? prove(w, known.id, proof, f) : remember(w, reference, proof, f);
}

static int take_id(
	struct recall_work *w, const char *id, enum store_proof proof_of_own, struct fault *f)
{
	enum token_purpose purpose;
	char reference[REFERENCE_MAX];
	bool is_own;

	if (token_read(store_key(w->in->store), id, &purpose, reference) < 0 ||
		purpose == TOKEN_BOUNCE)
		return 0;
	is_own = purpose == TOKEN_MESSAGE_ID && id == w->mail->letter->message_id;
	return take_token(w, reference, is_own ? proof_of_own : STORE_PROOF_QUOTED, f);
}

int recall_take(const struct intake *in, const struct recall_mail *mail, int64_t now,
	bool *ret_found, struct fault *f)
{
	struct recall_work w = { .in = in, .mail = mail, .now = now };
	const struct letter *l = mail->letter;
	enum store_proof proof = mail->is_sent ? STORE_PROOF_SENT : STORE_PROOF_MAILBOX;
	int r = take_id(&w, l->message_id, proof, f);

	for (size_t i = 0; r == 0 && i < l->n_in_reply_to; i++)
		r = take_id(&w, l->in_reply_to[i], proof, f);
	for (size_t i = 0; r == 0 && i < l->n_references; i++)
		r = take_id(&w, l->references[i], proof, f);
	if (r < 0)
		return r;
	*ret_found = w.is_found;
	return 0;
}
