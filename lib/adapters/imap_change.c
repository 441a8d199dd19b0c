/* imap_change.c - what is changed on the server: keywords, folders, copies of sent mail. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "adapters/imap_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

enum {
	KEYWORD_MAX = 64,
};

/* "+" and a few words; somebody else's changes may be told meanwhile. */
static const struct imap_bounds append_bounds = {
	.line = 64 * 1024,
	.literal = 4096,
	.total = 16 * 1024 * 1024,
};

/* RFC 3501 s.9: flag-keyword = atom. It goes into a command as it is. */
static bool is_keyword(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || n > KEYWORD_MAX)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char) *s) && !strchr("$-_.", *s))
			return false;
	return true;
}

/* A server may take a keyword that it does not keep (RFC 3501 s.7.1, PERMANENTFLAGS) and say OK. */
static bool is_kept(const struct mailimap_selection_info *info, const char *keyword)
{
	if (!info || !info->sel_perm_flags)
		return true;
	for (clistiter *at = clist_begin(info->sel_perm_flags); at; at = clist_next(at)) {
		const struct mailimap_flag_perm *perm = clist_content(at);

		if (perm->fl_type == MAILIMAP_FLAG_PERM_ALL)
			return true;
		if (perm->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD &&
			strcasecmp(perm->fl_flag->fl_data.fl_keyword, keyword) == 0)
			return true;
	}
	return false;
}

/* Some servers hang up on those who try. */
static int check_writable(const struct imap *i, struct fault *f)
{
	const struct mailimap_selection_info *info = i->session->imap_selection_info;

	if (!info || info->sel_perm != MAILIMAP_MAILBOX_READONLY)
		return 0;
	return fault_set_kind(f, FAULT_PROTOCOL, -EREMOTEIO,
		"%s: the folder may only be read by this user", i->place);
}

int imap_keyword(struct imap *i, const struct uidset *uids, const char *keyword, struct fault *f)
{
	CLEANUP(freep) char *set = NULL;
	int r;

	if (!is_keyword(keyword))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"after = keyword: the word may hold letters, digits, $ - _ . only");
	r = check_writable(i, f);
	if (r < 0)
		return r;
	if (!is_kept(i->session->imap_selection_info, keyword))
		return fault_set_kind(f, FAULT_PROTOCOL, -EREMOTEIO,
			"%s: the folder keeps no keywords but those it has", i->place);
	if (uidset_text(uids, &set) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	imap_begin_plain(i);
	return imap_commandf(i, "STORE", f, "UID STORE %s +FLAGS.SILENT (%s)", set, keyword);
}

/* COPY and take away by hand. In this order: a mail may come to stand twice, never vanish. */
static int copy_away(struct imap *i, const char *set, const char *name, struct fault *f)
{
	int r = imap_commandf(i, "COPY", f, "UID COPY %s %s", set, name);

	if (r < 0)
		return r;
	imap_begin_plain(i);
	r = imap_commandf(i, "STORE", f, "UID STORE %s +FLAGS.SILENT (\\Deleted)", set);
	if (r < 0 || !i->has_uidplus)
		return r;
	imap_begin_plain(i);
	return imap_commandf(i, "EXPUNGE", f, "UID EXPUNGE %s", set);
}

int imap_move(struct imap *i, const struct uidset *uids, const char *folder, struct fault *f)
{
	CLEANUP(freep) char *set = NULL;
	CLEANUP(freep) char *name = NULL;
	int r = check_writable(i, f);

	if (r == 0)
		r = imap_name(folder, &name, f);
	if (r < 0)
		return r;
	if (uidset_text(uids, &set) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	imap_begin_plain(i);
	if (!i->has_move)
		return copy_away(i, set, name, f);
	return imap_commandf(i, "MOVE", f, "UID MOVE %s %s", set, name);
}

/* Line ends as RFC 5322 has them; a lone LF would be refused by strict servers. */
static char *with_crlf(const char *bytes, size_t n, size_t *ret_n)
{
	char *to = malloc(n * 2 + 1);
	size_t at = 0;

	for (size_t k = 0; to && k < n; k++) {
		if (bytes[k] == '\n' && (k == 0 || bytes[k - 1] != '\r'))
			to[at++] = '\r';
		to[at++] = bytes[k];
	}
	*ret_n = at;
	return to;
}

/* libetpan's own APPEND takes an untagged line before the "+" for the end of the command and waits
 * for one that never comes; so this command is spoken here. */
int imap_append(struct imap *i, const char *folder, const char *bytes, size_t n, struct fault *f)
{
	CLEANUP(freep) char *name = NULL;
	CLEANUP(freep) char *literal = NULL;
	CLEANUP(freep) char *line = NULL;
	size_t length = 0;
	int r = imap_name(folder, &name, f);

	if (r < 0)
		return r;
	literal = with_crlf(bytes, n, &length);
	if (!literal || asprintf(&line, "APPEND %s (\\Seen) {%zu}", name, length) < 0)
		return fault_set(f, -ENOMEM, "memory is short");
	imap_begin(i, imap_transfer_ms(length), &append_bounds);
	r = imap_say(i, "APPEND", line, f);
	if (r < 0)
		return r;
	r = imap_hear(i, "APPEND", true, f);
	if (r < 0)
		return r;
	r = imap_say_more(i, "APPEND", literal, length, f);
	return r < 0 ? r : imap_hear(i, "APPEND", false, f);
}
