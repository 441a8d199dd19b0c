/* config_private.h - what the files of the config module share. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_CONFIG_PRIVATE_H
#define ADAPTERS_CONFIG_PRIVATE_H

#include "adapters/config.h"

enum {
	CONFIG_KEYS_MAX = 80, /* rows of the table of keys */
	CONFIG_PORT_MAX = 65535,
};

struct config_key;

/* How a value is read and released. */
struct config_type {
	/* Sets the member of @base that @key names. @folder is where relative paths start. What
	 * @f says comes after "[section] key: ". Return: 0; -EINVAL; -ENOMEM. */
	int (*parse)(const struct config_key *key, const char *folder, const char *value,
		void *base, struct fault *f);
	void (*done)(void *member); /* NULL: plain data */
};

/* One word of a fixed set. */
struct config_choice {
	const char *word; /* NULL ends the set */
	unsigned value;
};

/* One unit of a number. */
struct config_unit {
	const char *word; /* NULL ends the set; the first is what a bare number means */
	uint64_t factor;
};

/* One key of the file. */
struct config_key {
	const char *section;
	const char *name;
	const struct config_type *type;
	size_t offset;	    /* in struct config, config_mailbox or config_form */
	const char *preset; /* what is read when the key is not there; NULL: see required */
	uint64_t min;	    /* of a number; of texts and lists: 1 for "not empty" */
	uint64_t max;	    /* of a number; bytes of a text; entries of a list; 0: the usual */
	const struct config_choice *choices;
	const struct config_unit *units;
	bool required;
};

extern const struct config_key config_keys[];
extern const size_t config_n_keys;

/* A kind of section. */
struct config_kind {
	const char *name;
	bool named; /* [mailbox NAME] */
	/* The struct for a new section; NULL: as many as are allowed are there. */
	void *(*add)(struct config *c);
	char **(*name_of)(void *base); /* where the name is kept; NULL unless named */
};

extern const struct config_kind config_kinds[];
extern const size_t config_n_kinds;

/* The key of that name in that section, as an index of config_keys; -1: none. */
int config_key_find(const char *section, const char *name);

/* The key or section that was probably meant (edit distance of at most 2); NULL: none is near. */
const char *config_key_near(const char *section, const char *name);
const char *config_kind_near(const char *name);

/* Whether a key of this name would hold a secret, which must not be in the file. */
bool config_key_is_secret(const char *name);

extern const struct config_type config_type_text;
extern const struct config_type config_type_word; /* no white space, made lower case */
extern const struct config_type config_type_name; /* no white space, case kept */
extern const struct config_type config_type_address;
extern const struct config_type config_type_path;
extern const struct config_type config_type_credential;
extern const struct config_type config_type_list;
extern const struct config_type config_type_hosts;   /* list, made lower case */
extern const struct config_type config_type_senders; /* list of addresses and domains */
extern const struct config_type config_type_paths;
extern const struct config_type config_type_addresses;
extern const struct config_type config_type_time;  /* "07:00", as minutes of a day */
extern const struct config_type config_type_steps; /* list of working days */
extern const struct config_type config_type_unsigned;
extern const struct config_type config_type_uint64;
extern const struct config_type config_type_flag; /* a choice whose value is 0 or 1 */
extern const struct config_type config_type_choice;
extern const struct config_type config_type_template;
extern const struct config_type config_type_window; /* of reviews: days with their unit */
extern const struct config_type config_type_start;
extern const struct config_type config_type_after;
extern const struct config_type config_type_imap_url;
extern const struct config_type config_type_smtp_url;
extern const struct config_type config_type_https_url; /* with a path; "" : none */

/* Whether a checked URL has that scheme. */
bool config_url_has_scheme(const char *url, const char *scheme);

/* Whether a checked URL's host is 127.0.0.1, ::1 or localhost. */
bool config_url_is_loopback(const char *url);

/* Whether @text could be an addr-spec (RFC 5321 s.4.1.2, local part not quoted), or a domain. */
bool config_is_address(const char *text);
bool config_is_domain(const char *text);

/* A section as it stands in the file. */
struct config_section {
	const struct config_kind *kind;
	const char *name; /* borrowed from the config; "" unless the kind is named */
	void *base;
	unsigned line;			 /* 0: not in the file */
	unsigned lines[CONFIG_KEYS_MAX]; /* where each key stands; 0: not there */
};

enum {
	CONFIG_SECTIONS_MAX = CONFIG_MAILBOXES_MAX + CONFIG_FORMS_MAX + 16,
};

/* A file being read. */
struct config_reading {
	const char *path;
	char *folder; /* owned */
	config_report *report;
	void *context;
	struct config *c;
	unsigned n_mistakes;
	int error; /* of memory; 0 */

	struct config_section sections[CONFIG_SECTIONS_MAX];
	size_t n_sections;

	/* The cursor of config_file.c. */
	char *bytes; /* owned */
	size_t at;
	size_t n;
	unsigned line;
	bool is_open;			/* the line must bring a key, and has not yet */
	bool is_indented;		/* the line carries on the value before it */
	bool has_key;			/* there is a key above in this section */
	struct config_section *section; /* NULL: before any, or in one that is not known */
	bool is_skipping; /* in a section that was refused: its keys are not looked at */
	int key;	  /* whose value is in value; -1: none */
	unsigned key_line;
	char *value; /* owned */
};

/* Reads the whole file into @in->c. Return: 0, mistakes are counted in @in; negative errno. */
int config_file_read(struct config_reading *in, struct fault *f);

/* Tells a mistake at @line (0: of the whole file). @section and @key may be NULL. */
void config_mistake(struct config_reading *in, unsigned line, const struct config_section *section,
	const char *key, const char *format, ...) __attribute__((format(printf, 5, 6)));
void config_warning(struct config_reading *in, unsigned line, const struct config_section *section,
	const char *key, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Checks that need more than one key. */
void config_check(struct config_reading *in);

#endif
