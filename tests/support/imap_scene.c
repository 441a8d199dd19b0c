/* imap_scene.c - a connection of the IMAP adapter to a scripted server. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/imap_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "adapters/imap.h"
#include "adapters/imap_internal.h"
#include "base/cleanup.h"
#include "base/sealed.h"

int64_t imap_scene_now_us(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct imap_options imap_scene_options(const char *url)
{
	return (struct imap_options){
		.url = url, .plaintext = true, .stop_fd = -1, .now_us = imap_scene_now_us
	};
}

void imap_scene_open(struct imap_scene *s, const char *const *script)
{
	struct fault f = { 0 };
	struct imap_options options;

	*s = (struct imap_scene){ .scripts = { script, NULL } };
	imap_script_start(&s->server, s->scripts);
	options = imap_scene_options(s->server.url);
	if (imap_open(&options, &s->imap, &f) < 0)
		fail_msg("imap_open: %s", f.text);
}

void imap_scene_select_inbox(struct imap_scene *s)
{
	struct fault f = { 0 };

	if (imap_select(s->imap, "INBOX", false, &s->folder, &f) < 0)
		fail_msg("imap_select: %s", f.text);
}

void imap_scene_close(struct imap_scene *s)
{
	s->imap = imap_close(s->imap);
	assert_int_equal(imap_script_end(&s->server), 0);
}

int imap_scene_read_one(struct imap_scene *s, uint32_t uid, struct imap_mail *ret, struct fault *f)
{
	CLEANUP(uidset_done) struct uidset set = { 0 };
	struct imap_mail mails[IMAP_BATCH_MAX];
	size_t n = 0;
	int r;

	assert_int_equal(uidset_add(&set, uid, uid), 0);
	r = imap_sizes(s->imap, &set, false, mails, &n, f);
	if (r < 0)
		return r;
	assert_int_equal(n, 1);
	*ret = mails[0];
	return imap_bodies(s->imap, ret, 1, IMAP_PART_WHOLE, 1000000, f);
}

void imap_scene_assert_bytes(const struct imap_mail *mail, const char *expected)
{
	struct sealed bytes;

	assert_true(mail->fd >= 0);
	assert_int_equal(sealed_map(mail->fd, 1000000, &bytes, NULL), 0);
	assert_int_equal(bytes.n, strlen(expected));
	assert_memory_equal(bytes.bytes, expected, bytes.n);
	assert_int_equal(mail->bytes, bytes.n);
	sealed_unmap(&bytes);
}

void imap_scene_expect_ok(int r, const struct fault *f)
{
	if (r < 0)
		fail_msg("%s", f->text);
}
