/* fuzz_server.c - any bytes as what a mail server says.
 *
 * The first byte says to whom: "i" the bounds on an IMAP stream, "s" the reply of an SMTP server,
 * "u" a set of UIDs, "a" an address that is to stand in an SMTP command. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "adapters/imap_frame.h"
#include "adapters/smtp_address.h"
#include "adapters/smtp_reply.h"
#include "base/uidset.h"
#include "tests/fuzz/fuzz.h"

enum {
	REPLY_MAX = 400,
};

static const struct imap_bounds bounds = { .line = 600, .literal = 2000, .total = 3000 };

/* A bound that breaks, breaks wherever the pieces end. */
static void follow_imap(const char *s, size_t n)
{
	struct imap_frame whole = { 0 };
	struct imap_frame pieces = { 0 };
	enum imap_end end = IMAP_END_NONE;
	enum imap_end expected;
	size_t piece = 1 + n % 17;

	imap_frame_begin(&whole, &bounds);
	imap_frame_begin(&pieces, &bounds);
	expected = imap_frame_follow(&whole, s, n);
	for (size_t at = 0; at < n && end == IMAP_END_NONE; at += piece)
		end = imap_frame_follow(&pieces, s + at, n - at < piece ? n - at : piece);
	REQUIRE((end == IMAP_END_NONE) == (expected == IMAP_END_NONE));
	/* The whole is measured before it is looked at. */
	REQUIRE(end == expected || expected == IMAP_END_TOTAL);
	REQUIRE(end != IMAP_END_NONE ||
		(whole.depth == pieces.depth && whole.literal_left == pieces.literal_left &&
			whole.line == pieces.line));
}

static void take_reply(const char *s, size_t n)
{
	const uint8_t *at = (const uint8_t *) s;
	struct smtp_reply reply;
	char text[REPLY_MAX];
	char *line;
	size_t n_line;

	smtp_reply_init(&reply);
	while ((line = fuzz_line(&at, (const uint8_t *) s + n, &n_line))) {
		smtp_reply_add(&reply, line, n_line);
		free(line);
		REQUIRE(reply.code <= 999 && reply.n < SMTP_REPLY_RAW_MAX);
		REQUIRE(strlen(reply.status) < sizeof reply.status);
		REQUIRE(strspn(reply.status, "0123456789.") == strlen(reply.status));
	}
	REQUIRE(smtp_reply_text(&reply, text, sizeof text) == 0);
	REQUIRE(fuzz_is_one_line(text));
}

static void check_ranges(const struct uidset *set)
{
	for (size_t i = 0; i < set->n; i++) {
		REQUIRE(set->ranges[i].first > 0 && set->ranges[i].first <= set->ranges[i].last);
		REQUIRE(i == 0 || (uint64_t) set->ranges[i - 1].last + 1 < set->ranges[i].first);
	}
}

/* Two sets, a line each: written and read again the first is the same; without the second, and with
 * it again, it is all of both. */
static void take_sets(const char *s, size_t n)
{
	const char *line_end = memchr(s, '\n', n);
	size_t n_first = line_end ? (size_t) (line_end - s) : n;
	struct uidset first = { 0 };
	struct uidset other = { 0 };
	struct uidset again = { 0 };
	char *text = NULL;

	if (uidset_parse(s, n_first, &first) < 0)
		return;
	if (line_end && uidset_parse(line_end + 1, n - n_first - 1, &other) < 0)
		uidset_init(&other);
	check_ranges(&first);
	check_ranges(&other);
	REQUIRE(uidset_text(&first, &text) == 0);
	REQUIRE(uidset_parse(text, strlen(text), &again) == 0);
	REQUIRE(again.n == first.n && uidset_count(&again) == uidset_count(&first));
	REQUIRE(uidset_subtract(&again, &other) == 0);
	check_ranges(&again);
	for (size_t i = 0; i < other.n; i++) {
		REQUIRE(!uidset_has(&again, other.ranges[i].first));
		REQUIRE(!uidset_has(&again, other.ranges[i].last));
		REQUIRE(uidset_add(&again, other.ranges[i].first, other.ranges[i].last) == 0);
	}
	check_ranges(&again);
	REQUIRE(uidset_subtract(&first, &again) == 0 && first.n == 0);
	free(text);
	uidset_done(&first);
	uidset_done(&other);
	uidset_done(&again);
}

static void check_address(const char *s, size_t n)
{
	const char *status = NULL;
	const char *flaw = smtp_address_flaw(s, &status);

	(void) n; /* a text */
	REQUIRE((flaw == NULL) == (status == NULL));
	if (flaw)
		return;
	REQUIRE(strchr(s, '@') && !strpbrk(s, "<>\r\n \t") && fuzz_is_one_line(s));
}

static const struct fuzz_reader readers[] = {
	{ 'i', follow_imap },
	{ 's', take_reply },
	{ 'u', take_sets },
	{ 'a', check_address },
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	fuzz_choose(readers, sizeof readers / sizeof *readers, bytes, n);
	return 0;
}
