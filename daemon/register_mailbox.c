/* register_mailbox.c - the records of the fetch processes.
 *
 * Security: fetch reads what a mail server and, through it, anybody sends. Every number and name
 * in its records is checked here; one that breaks a rule costs the process its life. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "adapters/store_shown.h"
#include "base/cleanup.h"
#include "daemon/fetch.h"
#include "daemon/register_internal.h"
#include "daemon/register_trouble.h"

enum {
	SIZE_SLACK = 1024 * 1024, /* a server may announce a size and send a little more */
	FOLDER_NAME_MAX = 1024,
};

/* ---- mails ----------------------------------------------------------------------------------- */

static int read_mail_record(const json_t *record, struct mail *m, struct fault *f)
{
	int64_t uidvalidity;
	int64_t uid = 0;
	int64_t size = 0;
	int r = channel_number(record, "uidvalidity", 1, UINT32_MAX, &uidvalidity, f);

	if (r == 0)
		r = channel_number(record, "uid", 1, UINT32_MAX, &uid, f);
	if (r == 0)
		r = channel_number(record, "internaldate", 0, INT64_MAX, &m->internaldate, f);
	if (r == 0)
		r = channel_number(record, "size", 0, INT64_MAX, &size, f);
	if (r == 0)
		r = channel_number(record, "heard_us", 0, INT64_MAX, &m->heard_us, f);
	if (r < 0)
		return r;
	m->uidvalidity = (uint32_t) uidvalidity;
	m->uid = (uint32_t) uid;
	m->size = (uint64_t) size;
	m->is_truncated = json_is_true(json_object_get(record, "truncated"));
	return 0;
}

static bool is_wanted(const struct watch_folder *folder, const struct mail *m)
{
	return watch_is_wanted(folder, m->uidvalidity, m->uid);
}

static int no_longer_wanted(struct watch_folder *folder, uint32_t uid)
{
	CLEANUP(uidset_done) struct uidset one = { 0 };
	int r = uidset_add(&one, uid, uid);

	if (r == 0)
		r = uidset_subtract(&folder->in_hand, &one);
	if (r == 0)
		r = uidset_subtract(&folder->careful, &one);
	if (r == 0)
		r = uidset_subtract(&folder->header_only, &one);
	return r < 0 ? r : uidset_subtract(&folder->wanted, &one);
}

/* A mail that an earlier life was shown was received then. */
static int64_t first_sight(const struct watch *w, const struct watch_folder *folder, uint32_t uid)
{
	int64_t now = register_now(w->reg);
	int64_t at = now;

	/* A store that cannot be read is told by the turn that is to record the mail. */
	(void) store_shown_at(w->reg->store, folder->epoch.id, uid, &at, NULL);
	return at < now ? at : now;
}

static void enqueue(struct watch *w, struct watch_folder *folder, struct mail *m)
{
	struct register_state *reg = w->reg;

	m->id = ++reg->next_mail_id;
	m->watch = w;
	m->folder = folder;
	m->epoch = folder->epoch.id;
	m->first_seen = first_sight(w, folder, m->uid);
	TAILQ_INSERT_TAIL(&reg->mails, m, entries);
	reg->n_mails++;
}

static void mail_freep(struct mail **m)
{
	*m = mail_free(*m);
}

static int take_mail(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	CLEANUP(mail_freep) struct mail *m = calloc(1, sizeof *m);
	int r;

	if (!m)
		return fault_set(f, -ENOMEM, "no memory for a mail");
	m->memfd = -1;
	r = read_mail_record(record, m, f);
	if (r < 0)
		return r;
	if (!is_wanted(folder, m))
		return fault_set(f, -EBADMSG, "mail UID %u was not asked for", m->uid);
	if (w->n_credit >= FETCH_CREDIT)
		return fault_set(f, -EBADMSG, "more mails on the way than the credit allows");
	r = sealed_map(*passed, w->conf->mail_bytes_max + SIZE_SLACK, &m->raw, f);
	if (r < 0)
		return r;
	m->memfd = TAKE_FD(*passed);
	r = no_longer_wanted(folder, m->uid);
	if (r < 0)
		return r;
	m->life = w->life;
	w->n_credit++;
	enqueue(w, folder, TAKE_PTR(m));
	parse_feed(w->reg);
	return 0;
}

int watch_give_up(struct watch *w, struct watch_folder *folder, uint32_t uid, int64_t internaldate,
	uint64_t size)
{
	struct mail *m = calloc(1, sizeof *m);

	if (!m)
		return -ENOMEM;
	*m = (struct mail){ .memfd = -1,
		.uid = uid,
		.uidvalidity = folder->uidvalidity,
		.internaldate = internaldate,
		.size = size,
		.share = MAIL_UNREADABLE };
	enqueue(w, folder, m);
	mail_set_read(w->reg, m);
	return no_longer_wanted(folder, uid);
}

/* The server has it and does not give it: the Act's clock runs from what it tells. */
static int take_refused(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	struct mail m = { 0 };
	int64_t uid;
	int64_t size = 0;
	int r = channel_number(record, "uid", 1, UINT32_MAX, &uid, f);

	(void) passed;
	if (r == 0)
		r = channel_number(record, "internaldate", 0, INT64_MAX, &m.internaldate, f);
	if (r == 0)
		r = channel_number(record, "size", 0, INT64_MAX, &size, f);
	if (r < 0)
		return r;
	m.uid = (uint32_t) uid;
	m.uidvalidity = folder->uidvalidity;
	if (!is_wanted(folder, &m))
		return fault_set(f, -EBADMSG, "mail UID %u was not asked for", m.uid);
	return watch_give_up(w, folder, m.uid, m.internaldate, (uint64_t) size);
}

/* ---- signs of life --------------------------------------------------------------------------- */

static void relieve(struct watch *w, struct trouble *trouble)
{
	journal_relief(w->reg->journal,
		&(struct journal_event){
			.kind = JOURNAL_MAILBOX_RECOVERED, .mailbox = w->conf->name },
		trouble, register_now(w->reg));
}

static int take_cycle(
	struct watch *w, struct watch_folder *folder, const json_t *record, struct fault *f)
{
	(void) record;
	(void) f;
	if (folder->last_cycle == 0 && !w->trouble.on)
		journal_write(
			w->reg->journal, &(struct journal_event){ .kind = JOURNAL_MAILBOX_CONNECTED,
						 .mailbox = w->conf->name,
						 .folder = folder->name });
	folder->is_cycled = true;
	folder->cycled_usec = register_monotonic();
	folder->last_cycle = register_now(w->reg);
	relieve(w, &w->trouble);
	journal_relief(w->reg->journal,
		&(struct journal_event){ .kind = JOURNAL_MAILBOX_RECOVERED,
			.mailbox = w->conf->name,
			.folder = folder->name },
		&folder->trouble, folder->last_cycle);
	watch_settle_folder(w, folder);
	if (w->alarm.is_on)
		watch_look_at_alarm(w);
	watch_file_copies(w->reg); /* those that could not be filed before */
	return 0;
}

static int take_told(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	(void) passed;
	relieve(w, &w->tell_trouble);
	return untold_take_told(w, folder, record, f);
}

/* A keyword, a move or a copy that the server refused costs no mail: the cases are durable. */
static int tell_refused(struct watch *w, const struct watch_folder *folder, struct trouble *trouble,
	const json_t *record, struct fault *f)
{
	struct fault told = { 0 };
	int r = channel_fault(record, &told, f);

	if (r < 0)
		return r;
	journal_trouble(w->reg->journal,
		&(struct journal_event){ .kind = JOURNAL_MAILBOX_FAULT,
			.mailbox = w->conf->name,
			.folder = folder ? folder->name : NULL },
		&told, trouble, register_now(w->reg));
	return 0;
}

static int take_untold(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	(void) passed;
	return tell_refused(w, folder, &w->tell_trouble, record, f);
}

static int take_fault(struct watch *w, const json_t *record, struct fault *f)
{
	struct fault told = { 0 };
	const char *name = "";
	int r = channel_fault(record, &told, f);

	if (r < 0)
		return r;
	if (json_object_get(record, "folder"))
		r = channel_text(record, "folder", FOLDER_NAME_MAX, &name, f);
	if (r < 0)
		return r;
	/* Only a name that the configuration holds goes to the journal. */
	watch_meet_fault(w, watch_folder_find(w, name), &told);
	return 0;
}

/* Return: whether that copy was on its way. */
static bool take_copy(struct watch *w, int64_t id)
{
	for (size_t i = 0; i < w->n_copies; i++) {
		if (w->copies[i] != id)
			continue;
		w->copies[i] = w->copies[--w->n_copies];
		return true;
	}
	return false;
}

static int take_appended(struct watch *w, const json_t *record, struct fault *f)
{
	struct register_state *reg = w->reg;
	int64_t id;
	int r = channel_number(record, "id", 1, INT64_MAX, &id, f);

	if (r < 0)
		return r;
	if (!take_copy(w, id))
		return fault_set(f, -EBADMSG, "a copy is filed that was not asked for");
	reg->filed[reg->n_filed++] = id; /* watch_file_copies() keeps room */
	relieve(w, &w->copy_trouble);
	register_wake(reg);
	return 0;
}

/* It is tried again behind a later turn. */
static int take_unfiled(struct watch *w, const json_t *record, struct fault *f)
{
	int64_t id;
	int r = channel_number(record, "id", 1, INT64_MAX, &id, f);

	if (r < 0)
		return r;
	if (!take_copy(w, id))
		return fault_set(f, -EBADMSG, "a copy is not filed that was not asked for");
	register_check_finished(w->reg);
	return tell_refused(w, NULL, &w->copy_trouble, record, f);
}

static int take_finished(struct watch *w, const json_t *record, struct fault *f)
{
	(void) record;
	(void) f;
	w->is_finished = true;
	register_check_finished(w->reg);
	return 0;
}

/* ---- dispatch -------------------------------------------------------------------------------- */

static int folder_record(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	(void) passed;
	return watch_take_folder(w, folder, record, f);
}

static int backlog_record(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	(void) record;
	return watch_take_backlog(w, folder, *passed, f);
}

static int seen_record(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	return watch_take_seen(
		w, folder, *passed, json_is_true(json_object_get(record, "full")), f);
}

static int cycle_record(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f)
{
	(void) passed;
	return take_cycle(w, folder, record, f);
}

/* Records about one folder, which must be one of the configured. */
static const struct {
	const char *type;
	int (*take)(struct watch *w, struct watch_folder *folder, const json_t *record, int *passed,
		struct fault *f);
} folder_records[] = {
	{ "mail", take_mail },
	{ "seen", seen_record },
	{ "folder", folder_record },
	{ "backlog", backlog_record },
	{ "cycle", cycle_record },
	{ "told", take_told },
	{ "untold", take_untold },
	{ "refused", take_refused },
	{ "step", watch_take_step },
	{ "gone", watch_take_gone },
	{ "reused", watch_take_reused },
};

static const struct {
	const char *type;
	int (*take)(struct watch *w, const json_t *record, struct fault *f);
} plain_records[] = {
	{ "fault", take_fault },
	{ "appended", take_appended },
	{ "unfiled", take_unfiled },
	{ "finished", take_finished },
};

int watch_take_record(
	void *context, struct worker *worker, const json_t *record, int *passed, struct fault *f)
{
	struct watch *w = context;
	const char *type = channel_type(record);
	struct watch_folder *folder;
	const char *name;
	int r;

	(void) worker;
	if (recover_is_record(type))
		return recover_take_record(w, record, passed, f);
	for (size_t i = 0; i < sizeof plain_records / sizeof *plain_records; i++)
		if (strcmp(type, plain_records[i].type) == 0)
			return plain_records[i].take(w, record, f);
	r = channel_text(record, "folder", FOLDER_NAME_MAX, &name, f);
	if (r < 0)
		return r;
	folder = watch_folder_find(w, name);
	if (!folder)
		return fault_set(f, -EBADMSG, "a record names a folder that is not configured");
	for (size_t i = 0; i < sizeof folder_records / sizeof *folder_records; i++)
		if (strcmp(type, folder_records[i].type) == 0)
			return folder_records[i].take(w, folder, record, passed, f);
	return fault_set(f, -EBADMSG, "fetch has no record of that type");
}
