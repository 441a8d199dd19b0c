/* fetch_tell.c - what follows when mails are durable: credit, the server's marks, sent copies. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/fetch_internal.h"

enum {
	TELL_MAX = 500, /* UIDs in one command: 5,500 bytes of it */
	APPEND_BYTES_MAX = 64 * 1024 * 1024,
};

static struct fetch_folder *folder_of(struct fetch *p, const char *name)
{
	for (size_t k = 0; k < p->n_folders; k++)
		if (strcmp(p->folders[k].name, name) == 0)
			return &p->folders[k];
	return NULL;
}

static void land(struct fetch *p, const struct fetch_folder *folder, uint32_t uidvalidity,
	const struct uidset *uids)
{
	size_t kept = 0;

	for (size_t k = 0; k < p->n_flights; k++) {
		const struct fetch_flight *flight = &p->flights[k];

		if (flight->folder == folder && flight->uidvalidity == uidvalidity &&
			uidset_has(uids, flight->uid)) {
			p->flight_bytes -= flight->bytes;
			continue;
		}
		p->flights[kept++] = *flight;
	}
	p->n_flights = kept;
}

int fetch_done(struct fetch *p, const json_t *record, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset uids = { 0 };
	struct fetch_folder *folder;
	const char *name;
	const char *text;
	int64_t uidvalidity;

	if (channel_text(record, "folder", CHANNEL_RECORD_MAX, &name, f) < 0 ||
		channel_text(record, "set", CHANNEL_RECORD_MAX, &text, f) < 0 ||
		channel_number(record, "uidvalidity", 1, UINT32_MAX, &uidvalidity, f) < 0)
		return -EBADMSG;
	folder = folder_of(p, name);
	if (!folder || uidset_parse(text, strlen(text), &uids) < 0)
		return fault_set(f, -EBADMSG, "done: no such folder, or no set of UIDs");
	land(p, folder, (uint32_t) uidvalidity, &uids);
	/* Under another UIDVALIDITY these UIDs would name other mails. */
	if (p->after == FETCH_AFTER_NONE || !p->change || uidvalidity != folder->uidvalidity)
		return 0;
	if (uidset_merge(&folder->untold, &uids) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	return 0;
}

/* A plain "NO" to a change is about what the configuration asks for. */
static int explain_no(int r, const char *question, struct fault *f)
{
	struct fault no = *f;

	if (r != -EREMOTEIO)
		return r;
	return fault_set_kind(f, FAULT_MISSING, r, "%s; %s", no.text, question);
}

static int give_command(struct fetch *p, const struct uidset *uids, struct fault *f)
{
	if (p->after == FETCH_AFTER_KEYWORD)
		return explain_no(imap_keyword(p->imap, uids, p->after_argument, f),
			"may this user set the keyword of after?", f);
	return explain_no(imap_move(p->imap, uids, p->after_argument, f),
		"is the folder of after there, may this user write to it?", f);
}

static int answer_tell(struct fetch *p, const struct uidset *uids, int told,
	const struct fault *why, struct fault *f)
{
	json_t *record = fetch_record("told", p->selected);

	if (told < 0) {
		json_decref(record);
		record = channel_fault_record("untold", why);
		if (json_object_set_new(record, "folder", json_string(p->selected->name)) < 0 ||
			json_object_set_new(record, "uidvalidity",
				json_integer(p->selected->uidvalidity)) < 0) {
			json_decref(record);
			record = NULL;
		}
	}
	return fetch_send_text(p, record, uids, f);
}

/* Return: 0; 1 the server said no; negative errno. */
static int tell_some(struct fetch *p, const struct uidset *uids, struct fault *f)
{
	struct fault why = { 0 };
	int told;
	int r = fetch_step(p, "telling the server", 3 * IMAP_COMMAND_MS, f);

	if (r < 0)
		return r;
	told = give_command(p, uids, &why);
	if (told < 0 && !imap_is_usable(p->imap)) {
		*f = why;
		return told;
	}
	r = answer_tell(p, uids, told, &why, f);
	return r == 0 && told < 0 ? 1 : r;
}

int fetch_tell(struct fetch *p, struct fault *f)
{
	struct uidset *untold = &p->selected->untold;

	while (untold->n > 0) {
		CLEANUP(uidset_done) struct uidset uids = { 0 };
		int r = fetch_head(untold, TELL_MAX, &uids);

		if (r == 0)
			r = tell_some(p, &uids, f);
		if (r == 1)
			return 0; /* tried again behind the next look: somebody may correct the cause */
		if (r == 0)
			r = uidset_subtract(untold, &uids);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Return: as imap_append(); @f says why not. */
static int append(struct fetch *p, int passed, struct fault *f)
{
	struct sealed mail;
	int r;

	if (!imap_is_usable(p->imap))
		return fault_set_kind(f, FAULT_NETWORK, -ENOTCONN, "there is no connection now");
	if (!p->change || !*p->sent_folder)
		return fault_set(f, -EPERM, "no copies are filed");
	r = sealed_map(passed, APPEND_BYTES_MAX, &mail, f);
	if (r < 0)
		return r;
	r = fetch_step(p, "filing a copy", imap_transfer_ms(mail.n), f);
	if (r == 0)
		r = explain_no(imap_append(p->imap, p->sent_folder, mail.bytes, mail.n, f),
			"is sent_folder there, may this user write to it?", f);
	sealed_unmap(&mail);
	return r;
}

/* A connection lost here shows itself at the next command. */
int fetch_append(struct fetch *p, const json_t *record, int passed, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *answer = NULL;
	struct fault why = { 0 };
	int64_t id;
	int r = channel_number(record, "id", 0, INT64_MAX, &id, f);

	if (r < 0)
		return r;
	if (append(p, passed, &why) == 0)
		answer = json_pack("{s:s}", "type", "appended");
	else
		answer = channel_fault_record("unfiled", &why);
	if (json_object_set_new(answer, "id", json_integer(id)) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	return fetch_send(p, TAKE_PTR(answer), -1, f);
}
