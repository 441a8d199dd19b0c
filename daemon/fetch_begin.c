/* fetch_begin.c - the first record of the fetch role: what to do and how. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "adapters/channel.h"
#include "daemon/fetch_internal.h"

enum {
	TEXT_MAX = 4096,
	SECRET_MAX = 16 * 1024, /* tokens are long */
	POLL_SEC_MAX = 24 * 60 * 60,
};

static int read_after(struct fetch *p, struct fault *f)
{
	static const struct {
		const char *word;
		enum fetch_after after;
	} words[] = {
		{ "none", FETCH_AFTER_NONE },
		{ "keyword", FETCH_AFTER_KEYWORD },
		{ "move", FETCH_AFTER_MOVE },
	};
	const char *word;
	int r = channel_text(p->begin, "after", TEXT_MAX, &word, f);

	if (r < 0)
		return r;
	for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
		if (strcmp(word, words[k].word) != 0)
			continue;
		p->after = words[k].after;
		return 0;
	}
	return fault_set(f, -EBADMSG, "begin: after is none, keyword or move");
}

static int read_folders(struct fetch *p, struct fault *f)
{
	const json_t *list = json_object_get(p->begin, "folders");
	size_t n = json_array_size(list);

	if (n == 0 || n > FETCH_FOLDERS_MAX)
		return fault_set(f, -EBADMSG, "begin: no folders, or too many");
	for (size_t k = 0; k < n; k++) {
		const json_t *entry = json_array_get(list, k);
		int r = channel_text(entry, "name", TEXT_MAX, &p->folders[k].name, f);

		if (r < 0)
			return r;
		p->folders[k].junk = json_is_true(json_object_get(entry, "junk"));
	}
	p->n_folders = n;
	return 0;
}

static int read_login(struct fetch *p, struct fault *f)
{
	const char *auth;
	int r = channel_text(p->begin, "auth", TEXT_MAX, &auth, f);

	if (r < 0 || strcmp(auth, "none") == 0)
		return r;
	if (strcmp(auth, "password") != 0)
		return fault_set(f, -EBADMSG, "begin: auth is password or none");
	r = channel_text(p->begin, "user", TEXT_MAX, &p->options.user, f);
	if (r < 0)
		return r;
	return channel_text(p->begin, "secret", SECRET_MAX, &p->options.secret, f);
}

static int read_texts(struct fetch *p, struct fault *f)
{
	const struct {
		const char *key;
		const char **to;
	} texts[] = {
		{ "url", &p->options.url },
		{ "ca_file", &p->options.ca_file },
		{ "sent_folder", &p->sent_folder },
		{ "after_argument", &p->after_argument },
	};
	int r = 0;

	for (size_t k = 0; r == 0 && k < sizeof texts / sizeof texts[0]; k++)
		r = channel_text(p->begin, texts[k].key, TEXT_MAX, texts[k].to, f);
	return r;
}

static int read_numbers(struct fetch *p, struct fault *f)
{
	int64_t poll_sec;
	int64_t bytes;
	int r = channel_number(p->begin, "poll_sec", 1, POLL_SEC_MAX, &poll_sec, f);

	if (r < 0)
		return r;
	r = channel_number(p->begin, "mail_bytes_max", 1, INT32_MAX, &bytes, f);
	if (r < 0)
		return r;
	p->poll_sec = (unsigned) poll_sec;
	p->mail_bytes_max = (uint64_t) bytes;
	p->once = json_is_true(json_object_get(p->begin, "once"));
	p->change = json_is_true(json_object_get(p->begin, "change"));
	p->recall = json_is_true(json_object_get(p->begin, "recall"));
	p->options.plaintext = json_is_true(json_object_get(p->begin, "plaintext"));
	return 0;
}

int fetch_begin(struct fetch *p, struct fault *f)
{
	static int (*const readers[])(struct fetch *, struct fault *) = { read_texts, read_login,
		read_folders, read_after, read_numbers };
	int passed = -1;
	int r = channel_receive(p->channel, &p->begin, &passed, f);

	p->is_closed = r == 0;
	if (r <= 0)
		return r < 0 ? r : -EPIPE;
	if (passed >= 0 || strcmp(channel_type(p->begin), "begin") != 0)
		return fault_set(f, -EBADMSG, "the first record is no begin");
	p->options.stop_fd = p->channel;
	p->options.now_us = fetch_now_us;
	r = 0;
	for (size_t k = 0; r == 0 && k < sizeof readers / sizeof readers[0]; k++)
		r = readers[k](p, f);
	return r;
}
