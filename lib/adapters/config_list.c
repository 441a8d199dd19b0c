/* config_list.c - values of foimaild.conf that are lists, parted by commas. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "domain/mail_encoding.h"

/* Looks at one entry and may change it. Return: 0; -EINVAL with what is wrong in @f; -ENOMEM. */
typedef int take_entry(char **entry, const char *folder, struct fault *f);

static void list_done(void *p)
{
	struct config_list *l = p;

	for (size_t i = 0; i < l->n; i++)
		free(l->entries[i]);
	free(l->entries);
	*l = (struct config_list){ 0 };
}

static int add_entry(struct config_list *l, const char *text, const char *folder, take_entry *take,
	struct fault *f)
{
	CLEANUP(freep) char *entry = strdup(text);
	int r;

	if (!entry)
		return fault_set(f, -ENOMEM, "no memory");
	r = take ? take(&entry, folder, f) : 0;
	if (r == 0)
		l->entries[l->n++] = TAKE_PTR(entry);
	return r;
}

static int split(struct config_list *l, char *text, size_t max, const char *folder,
	take_entry *take, struct fault *f)
{
	char *rest = text;
	char *piece;

	while ((piece = strsep(&rest, ",")) != NULL) {
		int r;

		piece = text_trim(piece);
		if (!*piece)
			return fault_set(f, -EINVAL,
				"has an empty entry; take out the comma that is too many");
		if (l->n == max)
			return fault_set(f, -EINVAL, "has more than %zu entries", max);
		r = add_entry(l, piece, folder, take, f);
		if (r < 0)
			return r;
	}
	return 0;
}

static int parse_entries(const struct config_key *key, const char *folder, const char *value,
	void *base, take_entry *take, struct fault *f)
{
	size_t max = key->max ? key->max : CONFIG_LIST_MAX;
	struct config_list *ret = (void *) ((char *) base + key->offset);
	struct config_list l = { 0 };
	CLEANUP(freep) char *text = strdup(value);
	int r;

	if (!*value)
		return key->min ? fault_set(f, -EINVAL, "is empty; give at least one entry") : 0;
	l.entries = calloc(max, sizeof *l.entries);
	if (!text || !l.entries) {
		free(l.entries);
		return fault_set(f, -ENOMEM, "no memory");
	}
	r = split(&l, text, max, folder, take, f);
	if (r < 0)
		list_done(&l);
	else
		*ret = l;
	return r;
}

static int parse_list(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	return parse_entries(key, folder, value, base, NULL, f);
}

static int take_host(char **entry, const char *folder, struct fault *f)
{
	(void) folder; /* of paths only */
	if (!config_is_domain(*entry))
		return fault_set(f, -EINVAL, "has an entry that is no host name");
	text_lower(*entry);
	return 0;
}

static int parse_hosts(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	return parse_entries(key, folder, value, base, take_host, f);
}

static int take_sender(char **entry, const char *folder, struct fault *f)
{
	const char *s = *entry;

	(void) folder; /* of paths only */
	if (!config_is_address(s) && !config_is_domain(*s == '@' ? s + 1 : s))
		return fault_set(f, -EINVAL,
			"has an entry that is neither an address nor a domain; write "
			"name@example.gov.uk or example.gov.uk");
	text_lower(*entry);
	return 0;
}

static int parse_senders(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	return parse_entries(key, folder, value, base, take_sender, f);
}

static int take_address(char **entry, const char *folder, struct fault *f)
{
	(void) folder; /* of paths only */
	if (!config_is_address(*entry) || !mail_is_address(*entry))
		return fault_set(f, -EINVAL,
			"has an entry that is no mail address; write it as name@example.gov.uk");
	return 0;
}

static int parse_addresses(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	return parse_entries(key, folder, value, base, take_address, f);
}

static int take_path(char **entry, const char *folder, struct fault *f)
{
	char *joined;

	if (**entry == '/')
		return 0;
	if (asprintf(&joined, "%s/%s", folder, *entry) < 0)
		return fault_set(f, -ENOMEM, "no memory");
	free(*entry);
	*entry = joined;
	return 0;
}

static int parse_paths(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	return parse_entries(key, folder, value, base, take_path, f);
}

const struct config_type config_type_list = { parse_list, list_done };
const struct config_type config_type_hosts = { parse_hosts, list_done };
const struct config_type config_type_senders = { parse_senders, list_done };
const struct config_type config_type_addresses = { parse_addresses, list_done };
const struct config_type config_type_paths = { parse_paths, list_done };
