/* register_watch.c - the mailboxes that are watched: their fetch processes and what they are told. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/register_internal.h"

void watch_settle(struct watch *w)
{
	if (w->is_settled)
		return;
	w->is_settled = true;
	register_settled(w->reg);
}

void watch_settle_folder(struct watch *w, struct watch_folder *folder)
{
	folder->is_settled = true;
	for (size_t i = 0; i < w->n_folders; i++)
		if (!w->folders[i].is_settled)
			return;
	watch_settle(w);
}

void watch_meet_fault(struct watch *w, struct watch_folder *folder, const struct fault *fault)
{
	struct register_state *reg = w->reg;
	bool is_login = fault->kind == FAULT_AUTH;

	w->reg->is_baseline_late = true;
	w->fault = *fault;
	journal_trouble(reg->journal,
		&(struct journal_event){
			.kind = is_login ? JOURNAL_AUTHENTICATION_FAILED : JOURNAL_MAILBOX_FAULT,
			.role = is_login ? "fetch" : NULL,
			.mailbox = w->conf->name,
			.folder = folder ? folder->name : NULL },
		fault, folder ? &folder->trouble : &w->trouble, register_now(reg));
	if (folder)
		watch_settle_folder(w, folder);
	else
		watch_settle(w);
	if (!reg->options->once)
		return;
	reg->exit_status = EXIT_FAILURE;
	/* The other folders are still looked at; without the server there are none. */
	w->is_finished = w->is_finished || !folder;
	register_check_finished(reg);
}

static json_t *folders_record(const struct watch *w)
{
	json_t *folders = json_array();

	for (size_t i = 0; i < w->n_folders; i++)
		if (json_array_append_new(
			    folders, json_pack("{s:s, s:b}", "name", w->folders[i].name, "junk",
					     (int) w->folders[i].is_junk)) < 0)
			return json_decref(folders), NULL;
	return folders;
}

static const char *const after_words[] = {
	[CONFIG_AFTER_NONE] = "none",
	[CONFIG_AFTER_KEYWORD] = "keyword",
	[CONFIG_AFTER_MOVE] = "move",
};

static json_t *begin_record(const struct watch *w, const char *secret)
{
	const struct config_mailbox *m = w->conf;
	const struct register_options *options = w->reg->options;

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:i, s:I, s:b,"
			 " s:b, s:b, s:b}",
		"type", "begin", "mailbox", m->name, "url", m->url, "user", m->user, "auth",
		m->auth == CONFIG_AUTH_NONE ? "none" : "password", "secret", secret, "ca_file",
		m->ca_file, "folders", folders_record(w), "sent_folder",
		options->observe ? "" : m->sent_folder, "after",
		after_words[options->observe ? CONFIG_AFTER_NONE : m->after], "after_argument",
		m->after_argument, "poll_sec", (int) m->poll_sec, "mail_bytes_max",
		(json_int_t) m->mail_bytes_max, "once", (int) options->once, "change",
		(int) !options->observe, "plaintext", (int) m->plaintext, "recall",
		(int) recover_wants_scan(w));
}

static void on_started(void *context, struct worker *worker)
{
	struct watch *w = context;
	char *secret = NULL;
	struct fault f = { 0 };
	int r = 0;

	w->life++;
	recover_started(w);
	if (w->conf->auth != CONFIG_AUTH_NONE)
		r = config_secret(
			w->conf->credential, w->reg->options->credentials_dir, &secret, &f);
	if (r == 0)
		r = worker_send(worker, begin_record(w, secret ? secret : ""), -1);
	config_secret_free(secret);
	if (r == 0)
		return;
	if (*f.text == '\0')
		(void) fault_set(&f, r, "fetch cannot be told its task"); /* r is known */
	watch_meet_fault(w, NULL, &f);
	worker_kill(worker, WORKER_ENDED_ASKED);
}

static void on_ended(void *context, struct worker *worker, enum worker_end how, int signal)
{
	struct watch *w = context;
	struct register_state *reg = w->reg;

	if (how != WORKER_ENDED_ASKED)
		report_worker(reg, worker, how, signal, w->conf->name);
	if (how == WORKER_ENDED_DIED || how == WORKER_ENDED_OVERRAN)
		watch_suspect(w);
	watch_forget(w);
	if (reg->phase == REGISTER_RELOADING || reg->phase == REGISTER_STOPPING) {
		register_check_finished(reg);
		return;
	}
	if (how != WORKER_ENDED_ASKED)
		w->reg->is_baseline_late = true;
	/* A credential that is missing, or a store that cannot be asked, needs time. */
	(void) worker_again(worker, how == WORKER_ENDED_ASKED ? 5000 : 0, NULL);
}

static const struct worker_calls fetch_calls = {
	.record = watch_take_record,
	.started = on_started,
	.ended = on_ended,
};

static int add_folder(struct watch *w, const char *name, bool is_junk)
{
	struct watch_folder *folder = &w->folders[w->n_folders];

	folder->name = strdup(name);
	if (!folder->name)
		return -ENOMEM;
	folder->is_junk = is_junk;
	w->n_folders++;
	return 0;
}

static int watch_init(struct register_state *reg, struct watch *w, size_t index, struct fault *f)
{
	const struct config_mailbox *conf = &reg->loaded.conf->mailboxes[index];
	int r = 0;

	*w = (struct watch){ .reg = reg, .index = index, .conf = conf };
	w->folders = calloc(conf->folders.n + conf->junk_folders.n, sizeof *w->folders);
	if (!w->folders)
		return fault_set(f, -ENOMEM, "no memory for mailbox %s", conf->name);
	for (size_t i = 0; r == 0 && i < conf->folders.n; i++)
		r = add_folder(w, conf->folders.entries[i], false);
	for (size_t i = 0; r == 0 && i < conf->junk_folders.n; i++)
		r = add_folder(w, conf->junk_folders.entries[i], true);
	if (r < 0)
		return fault_set(f, r, "no memory for mailbox %s", conf->name);
	return worker_new(reg->event, "fetch", &fetch_calls, w, &w->fetch, f);
}

int watch_new_all(struct register_state *reg, struct fault *f)
{
	int r = recover_load(reg, f);

	if (r < 0)
		return r;
	reg->watches = calloc(reg->loaded.conf->n_mailboxes, sizeof *reg->watches);
	if (!reg->watches)
		return fault_set(f, -ENOMEM, "no memory for the mailboxes");
	for (size_t i = 0; i < reg->loaded.conf->n_mailboxes; i++) {
		r = watch_init(reg, &reg->watches[i], i, f);
		reg->n_watches++;
		if (r < 0)
			return r;
	}
	return 0;
}

static void folder_done(struct watch_folder *folder)
{
	free(folder->name);
	store_epoch_done(&folder->epoch);
	uidset_done(&folder->backlog);
	uidset_done(&folder->in_hand);
	uidset_done(&folder->told);
	uidset_done(&folder->wanted);
	uidset_done(&folder->shown);
	uidset_done(&folder->unsaved);
	uidset_done(&folder->missing);
	uidset_done(&folder->careful);
	uidset_done(&folder->header_only);
}

void watch_free_all(struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++) {
		struct watch *w = &reg->watches[i];

		worker_free(w->fetch);
		for (size_t k = 0; k < w->n_folders; k++)
			folder_done(&w->folders[k]);
		free(w->folders);
	}
	free(reg->watches);
	reg->watches = NULL;
	reg->n_watches = 0;
}

static int start(struct watch *w, struct fault *f)
{
	int r = 0;

	/* Now, and not when the server is there: what comes until then is new mail. */
	for (size_t i = 0; r == 0 && i < w->n_folders; i++)
		r = watch_find_row(w, &w->folders[i], f);
	if (r < 0 && w->reg->is_ready) {
		/* A reload in a time of trouble is no reason to end: the row is made later. */
		register_store_trouble(w->reg, f);
		r = 0;
	}
	return r < 0 ? r : worker_start(w->fetch, f);
}

int watch_start_all(struct register_state *reg, struct fault *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < reg->n_watches; i++)
		r = start(&reg->watches[i], f);
	return r;
}

/* ---- what fetch is told ------------------------------------------------------------------------ */

/* Whether the two are told in one record. */
static bool is_told_with(const struct mail *a, const struct mail *b)
{
	return a->folder == b->folder && a->uidvalidity == b->uidvalidity;
}

/* Those of @done, from @first on, that are told with it. @ret_n: how many of them take up credit of
 * the process that runs now. */
static int done_set(
	const struct watch *w, const struct mail *first, struct uidset *ret, size_t *ret_n)
{
	*ret_n = 0;
	for (const struct mail *m = first; m; m = TAILQ_NEXT(m, entries)) {
		int r = is_told_with(m, first) ? uidset_add(ret, m->uid, m->uid) : 0;

		if (r < 0)
			return r;
		*ret_n += is_told_with(m, first) && m->life == w->life;
	}
	return 0;
}

/* Also for a UIDVALIDITY that is no more: fetch waits for its credit all the same. */
static int tell_group(struct watch *w, const struct mail *first)
{
	CLEANUP(uidset_done) struct uidset set = { 0 };
	CLEANUP(freep) char *text = NULL;
	size_t n;
	int r = done_set(w, first, &set, &n);

	if (r == 0)
		r = uidset_text(&set, &text);
	if (r < 0)
		return r;
	w->n_credit -= n < w->n_credit ? n : w->n_credit;
	return worker_send(w->fetch,
		json_pack("{s:s, s:s, s:I, s:s}", "type", "done", "folder", first->folder->name,
			"uidvalidity", (json_int_t) first->uidvalidity, "set", text),
		-1);
}

/* Whether an earlier one of @done has told @m too. */
static bool is_told(const struct mail_list *done, const struct mail *m)
{
	const struct mail *other;

	TAILQ_FOREACH(other, done, entries)
	{
		if (other == m)
			return false;
		if (is_told_with(other, m))
			return true;
	}
	return false;
}

void watch_tell_done(const struct mail_list *done)
{
	const struct mail *m;

	TAILQ_FOREACH(m, done, entries)
	{
		int r = is_told(done, m) ? 0 : tell_group(m->watch, m);

		/* Not running: it will be told by the next "seen" that these are known. Anything
		 * else would leave it waiting for credit for ever. */
		if (r < 0 && r != -ESRCH)
			worker_kill(m->watch->fetch, WORKER_ENDED_ASKED);
	}
}

static int send_copy(void *context, const struct store_outbox *o)
{
	struct watch *w = context;
	CLEANUP(closep) int copy = sealed_new("sent-copy", o->bytes, o->n);
	int r = copy;

	if (r >= 0)
		r = worker_send(w->fetch,
			json_pack("{s:s, s:I}", "type", "append", "id", (json_int_t) o->id), copy);
	if (r < 0)
		return 0; /* fetch is ending or memory is short: behind a later look */
	w->copies[w->n_copies++] = o->id;
	return 0;
}

/* Whether all watches together may have that many more on the way: reg->filed has room for them. */
static bool has_room_for_copies(const struct register_state *reg)
{
	size_t n = reg->n_filed;

	for (size_t i = 0; i < reg->n_watches; i++)
		n += reg->watches[i].n_copies;
	return n + WATCH_COPIES_MAX <= sizeof reg->filed / sizeof *reg->filed;
}

/* Whether mails of @w are still to be brought or to be committed. */
static bool has_intake(const struct watch *w)
{
	for (size_t i = 0; i < w->n_folders; i++)
		if (w->folders[i].wanted.n > 0)
			return true;
	return w->reg->n_mails > 0;
}

/* Behind all intake: a copy takes the server several milliseconds on the connection that brings
 * the mails, and no clock runs for it. */
void watch_file_copies(struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++) {
		struct watch *w = &reg->watches[i];
		struct fault f = { 0 };

		/* While some are on the way a row that is not filed yet may be one of them. */
		if (*w->conf->sent_folder == '\0' || w->n_copies > 0 || reg->n_filed > 0 ||
			reg->recover.is_on)
			continue;
		if (!worker_is_taking(w->fetch) || w->trouble.on || has_intake(w) ||
			!has_room_for_copies(reg))
			continue;
		if (store_outbox_unfiled(
			    reg->store, w->conf->name, WATCH_COPIES_MAX, send_copy, w, &f) < 0)
			register_store_trouble(reg, &f);
	}
}
