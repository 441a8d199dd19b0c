/* config_try.h - what a configuration that a test writes is answered with. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_CONFIG_TRY_H
#define TESTS_SUPPORT_CONFIG_TRY_H

#include <stddef.h>

#include "adapters/config.h"

#define CONFIG_TRY_AUTHORITY "[authority]\nname = Example Council\n"
#define CONFIG_TRY_MAILBOX                                                                         \
	"[mailbox foi]\naddress = foi@example.org\nurl = imaps://mail.example.org\n"               \
	"credential = imap\n"
#define CONFIG_TRY_SMTP "[smtp]\nurl = smtp://mail.example.org\n"

enum {
	CONFIG_TRY_TOLD_MAX = 64 * 1024,
};

/* One file in a folder of its own, and all reports of one load, a line each, the file's name cut
 * away. */
struct config_try {
	char folder[32];
	char path[48];
	char text[CONFIG_TRY_TOLD_MAX];
	size_t n;
	unsigned mistakes; /* reports that are no warnings */
};

/* For cmocka's group: *state becomes the struct config_try. */
int config_try_set_up(void **state);
int config_try_tear_down(void **state);

/* Writes the file and loads it. Return: as config_load(). */
int config_try_bytes(struct config_try *t, const void *bytes, size_t n, struct config **ret);
int config_try(struct config_try *t, const char *text, struct config **ret);

#endif
