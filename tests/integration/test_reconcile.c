/* test_reconcile.c - a mail server that shows what real ones cannot be made to show, for
 * test_reconcile.sh: says its URL, then plays the script that is named.
 *
 * Usage: test_reconcile late|vanished. Exit status 0: everything was said and heard as written. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fetch_scene.h"

/* A request; the name has four letters. */
#define MAIL(name)                                                                                 \
	"From: Robin <" name "@requester.example.com>\r\nSubject: Lamps\r\n\r\n"                   \
	"Freedom of Information Act: how many street lamps are there in the county?\r\n"
#define MAIL_BYTES "136"
#define TODAY(uid)                                                                                 \
	"S:* 1 FETCH (UID " uid " INTERNALDATE \"01-May-2026 10:00:00 +0000\" RFC822.SIZE 10)"
#define READ(uid, name)                                                                            \
	"C:UID FETCH " uid " (UID BODY.PEEK[[]])",                                                 \
		"S-* 1 FETCH (UID " uid " BODY[] {" MAIL_BYTES "}\r\n" MAIL(name) ")\r\n", OK
#define LIST(uids) "C:UID SEARCH *", "S:* SEARCH" uids, OK

/* UID 6 is shown after 5 and 7 are in the register. */
static const char *const late[] = { HELLO, SELECT("2"), LIST(" 5 7"), SIZES("5,7"), TODAY("5"),
	TODAY("7"), OK, "C:UID FETCH 5,7 (UID BODY.PEEK[[]])",
	"S-* 1 FETCH (UID 5 BODY[] {" MAIL_BYTES "}\r\n" MAIL("five") ")\r\n",
	"S-* 2 FETCH (UID 7 BODY[] {" MAIL_BYTES "}\r\n" MAIL("last") ")\r\n", OK, IDLE,
	"S:* 3 EXISTS", DONE, LIST(" 5 6 7"), SIZES("6"), TODAY("6"), OK, READ("6", "late"), IDLE,
	"H:", NULL };

/* UID 5 is shown and deleted while the daemon does not run. */
static const char *const shown[] = { HELLO, SELECT("1"), LIST(" 5"), SIZES("5"), "H:", NULL };
static const char *const gone[] = { HELLO, SELECT("0"), LIST(""), IDLE, "S:* 1 EXISTS", DONE,
	LIST(" 6"), SIZES("6"), TODAY("6"), OK, READ("6", "next"), IDLE, "H:", NULL };

static const char *const *const late_scripts[] = { late, NULL };
static const char *const *const vanished_scripts[] = { shown, gone, NULL };

static const struct {
	const char *name;
	const char *const *const *scripts;
} plays[] = {
	{ "late", late_scripts },
	{ "vanished", vanished_scripts },
};

static int play(const char *const *const *scripts)
{
	struct imap_script server;

	imap_script_start(&server, scripts);
	(void) printf("%s\n", server.url);
	(void) fflush(stdout);
	return imap_script_end(&server) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof plays / sizeof *plays; i++)
		if (strcmp(argv[1], plays[i].name) == 0)
			return play(plays[i].scripts);
	return EXIT_FAILURE;
}
