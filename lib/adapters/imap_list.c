/* imap_list.c - which folders there are, and a glance into one of them.
 *
 * Security: the names are the server's. They go back to it as they came, in quotes; one with a byte
 * that no quotes can hold is left out. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "adapters/imap_internal.h"
#include "base/cleanup.h"

enum {
	NAME_MAX_BYTES = 1000,
	LISTED_BYTES = 16 * 1024 * 1024,
};

void imap_list_done(struct imap_list *list)
{
	for (size_t k = 0; k < list->n; k++)
		free(list->names[k]);
	*list = (struct imap_list){ 0 };
}

/* In quotes. NULL: memory is short. */
static char *quote(const char *name)
{
	char *to = malloc(strlen(name) * 2 + 3);
	char *at = to;

	if (!to)
		return NULL;
	*at++ = '"';
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			*at++ = '\\';
		*at++ = *name;
	}
	*at++ = '"';
	*at = '\0';
	return to;
}

static bool is_nameable(const char *name)
{
	size_t n = name ? strlen(name) : 0;

	for (size_t k = 0; k < n; k++)
		if ((unsigned char) name[k] < ' ' || (unsigned char) name[k] >= 0x7f)
			return false;
	return n > 0 && n <= NAME_MAX_BYTES;
}

static bool is_selectable(const struct mailimap_mailbox_list *entry)
{
	const struct mailimap_mbx_list_flags *flags = entry->mb_flag;

	return !flags || flags->mbf_type != MAILIMAP_MBX_LIST_FLAGS_SFLAG ||
	       flags->mbf_sflag != MAILIMAP_MBX_LIST_SFLAG_NOSELECT;
}

int imap_list(struct imap *i, struct imap_list *ret, struct fault *f)
{
	const struct imap_bounds bounds = {
		.line = NAME_MAX_BYTES * 8, .literal = NAME_MAX_BYTES * 4, .total = LISTED_BYTES
	};
	const clist *found;
	int r;

	imap_begin(i, IMAP_COMMAND_MS, &bounds);
	r = imap_command(i, "LIST", "LIST \"\" \"*\"", f);
	if (r < 0)
		return r;
	*ret = (struct imap_list){ 0 };
	found = i->session->imap_response_info->rsp_mailbox_list;
	for (clistiter *at = found ? clist_begin(found) : NULL; at && ret->n < IMAP_LIST_MAX;
		at = clist_next(at)) {
		const struct mailimap_mailbox_list *entry = clist_content(at);

		if (!is_nameable(entry->mb_name) || !is_selectable(entry))
			continue;
		ret->names[ret->n] = quote(entry->mb_name);
		if (!ret->names[ret->n]) {
			imap_list_done(ret);
			return fault_set(f, -ENOMEM, "memory is short");
		}
		ret->n++;
	}
	return 0;
}

bool imap_is_listed_as(const char *folder, const char *listed)
{
	CLEANUP(freep) char *name = NULL;

	if (imap_name(folder, &name, NULL) < 0)
		return false;
	/* RFC 3501 s.5.1: INBOX alone has no case. */
	return strcmp(name, listed) == 0 ||
	       (strcasecmp(name, "\"INBOX\"") == 0 && strcasecmp(listed, name) == 0);
}

int imap_glance(struct imap *i, const char *listed, struct fault *f)
{
	struct imap_folder folder;

	return imap_open_named(i, listed, true, &folder, f);
}
