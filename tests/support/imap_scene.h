/* imap_scene.h - a connection of the IMAP adapter to a scripted server. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_IMAP_SCENE_H
#define TESTS_SUPPORT_IMAP_SCENE_H

#include <stdint.h>

#include "adapters/imap.h"
#include "base/fault.h"
#include "tests/support/imap_script.h"

/* Pieces of a script: what is asked, and what the server answers. */
#define HELLO	       IMAP_SCRIPT_HELLO
#define SELECT(exists) IMAP_SCRIPT_SELECT(exists)
#define SIZES(uid)                                                                                 \
	"C:UID FETCH " uid " (UID INTERNALDATE RFC822.SIZE)",                                      \
		"S:* 1 FETCH (UID " uid                                                            \
		" INTERNALDATE \"01-May-2026 10:00:00 +0100\" RFC822.SIZE 10)",                    \
		"S:%t OK done"

enum {
	PATIENCE_MS = 400, /* for a server that is meant to be silent; others answer at once */
};

/* One server, one connection to it. */
struct imap_scene {
	struct imap_script server;
	const char *const *scripts[2];
	struct imap *imap;
	struct imap_folder folder;
};

int64_t imap_scene_now_us(void);
struct imap_options imap_scene_options(const char *url);
void imap_scene_open(struct imap_scene *s, const char *const *script);
void imap_scene_select_inbox(struct imap_scene *s);
void imap_scene_close(struct imap_scene *s);

/* Reads one mail by its UID. Return: as imap_bodies(). */
int imap_scene_read_one(struct imap_scene *s, uint32_t uid, struct imap_mail *ret, struct fault *f);
void imap_scene_assert_bytes(const struct imap_mail *mail, const char *expected);

/* Fails with what @f tells where @r is an error. */
void imap_scene_expect_ok(int r, const struct fault *f);

#endif
