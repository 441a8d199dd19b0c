/* test_config.c - reading foimaild.conf: values, mistakes, and the file as it is shipped. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/config.h"
#include "adapters/config_private.h"
#include "base/cleanup.h"

enum {
	TOLD_MAX = 64 * 1024,
};

/* All reports of one load, a line each, the file's name cut away. */
struct told {
	char text[TOLD_MAX];
	size_t n;
	unsigned lines;
};

static char folder[] = "/tmp/foi-config-XXXXXX";
static char path[64];

static void tell(void *context, const char *text)
{
	struct told *t = context;
	const char *place = strstr(text, path);
	const char *rest = place ? place + strlen(path) : text;
	int n = snprintf(t->text + t->n, sizeof t->text - t->n, "%.*s%s\n",
		place ? (int) (place - text) : 0, text, rest);

	assert_true(n > 0 && (size_t) n < sizeof t->text - t->n);
	t->n += (size_t) n;
	t->lines++;
}

static int load_bytes(const void *bytes, size_t n, struct told *t, struct config **ret)
{
	struct fault f = { 0 };
	FILE *file = fopen(path, "w");
	int r;

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	*t = (struct told){ 0 };
	r = config_load(path, tell, t, ret, &f);
	if (r < 0)
		assert_int_equal(f.code, r);
	return r;
}

static int load(const char *text, struct told *t, struct config **ret)
{
	return load_bytes(text, strlen(text), t, ret);
}

#define AUTHORITY "[authority]\nname = Example Council\n"
#define MAILBOX                                                                                    \
	"[mailbox foi]\naddress = foi@example.org\nurl = imaps://mail.example.org\n"               \
	"credential = imap\n"
#define SMTP  "[smtp]\nurl = smtp://mail.example.org\n"
#define WHOLE AUTHORITY MAILBOX SMTP

static int set_up(void **state)
{
	(void) state;
	if (!mkdtemp(folder))
		return -1;
	(void) snprintf(path, sizeof path, "%s/c", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	(void) unlink(path);
	return rmdir(folder);
}

static void presets_hold_for_what_is_not_said(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	const struct config_mailbox *m;
	struct told t;

	(void) state;
	assert_int_equal(load(WHOLE, &t, &c), 0);
	assert_string_equal(t.text, "");
	assert_string_equal(c->authority_name, "Example Council");
	assert_int_equal(c->regime, STATUTE_FOIA);
	assert_int_equal(c->review_window_days, 40);
	assert_int_equal(c->first, 1);
	assert_int_equal(c->request.n, 4);
	assert_int_equal(c->bounce, CONFIG_BOUNCE_PLAIN);
	assert_string_equal(c->smtp_from_name, "Example Council");
	assert_string_equal(c->smtp_from, "");
	assert_string_equal(c->store_path, "/var/lib/foimaild/foimaild.db");
	assert_string_equal(c->read_group, "foi-read");
	assert_int_equal(c->platforms.n, 1);
	assert_string_equal(c->platforms.entries[0], "whatdotheyknow.com");
	assert_int_equal(c->n_forms, 0);
	assert_int_equal(c->n_mailboxes, 1);
	m = &c->mailboxes[0];
	assert_string_equal(m->name, "foi");
	assert_string_equal(m->user, "foi@example.org");
	assert_int_equal(m->folders.n, 1);
	assert_string_equal(m->folders.entries[0], "INBOX");
	assert_int_equal(m->start, CONFIG_START_NEW);
	assert_int_equal(m->acknowledge, ACKNOWLEDGE_SEND);
	assert_int_equal(m->acknowledge_within_days, 3);
	assert_int_equal(m->after, CONFIG_AFTER_NONE);
	assert_string_equal(m->after_argument, "");
	assert_int_equal(m->poll_sec, 300);
	assert_int_equal(m->mail_bytes_max, 50 * 1024 * 1024);
}

static void every_kind_of_value_is_read(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	char expected[128];
	const struct config_mailbox *m;
	struct told t;

	(void) state;
	assert_int_equal(
		load("\xEF\xBB\xBF; a comment\n"
		     "[authority]\r\nname = Cyngor Enghraifft\r\nregime = EIR\n"
		     "receipt_rule = s45code\nlanguage = welsh-first\n"
		     "received_by = MX1.example.org , mx2.example.org\n"
		     "authserv_id = MX.Example.Org\n"
		     "emergency = If somebody is in danger,\n  call 999;\n\tdo not write.\n"
		     "templates = texts\n"
		     "[reference]\nrequest = F{yyyy}-{seq}\nfirst = 1761\nreset = yearly\n"
		     "year_of = logged\n"
		     "[mailbox a.b-c_1]\naddress = foi@example.org\n"
		     "url = IMAP://[::1]:1143/\ntls = off\nauth = none\n"
		     "folders = INBOX, Requests/New\njunk_folders = Junk\n"
		     "start = 2018-05-16\nacknowledge = hold\n"
		     "acknowledge_within = 2 weeks\nafter = keyword:$FoiCase\n"
		     "poll = 2 min\nmail_max = 1 MiB\nregime = foisa\n"
		     "[mailbox two]\naddress = eir@example.org\nurl = imap://mail.example.org:143\n"
		     "credential = ./pw\nuser = u\nafter = move:Done, by us\n"
		     "[form web]\nfrom = web@example.org\nemail_field = Email\n"
		     "[smtp]\nurl = smtps://mail.example.org:465\nuser = foi\n"
		     "credential = smtp\nbounce_address = tagged\nfrom = out@example.org\n"
		     "[calendar]\nfiles = /a.json, b.json\n"
		     "[socket]\npath =\n"
		     "[senders]\ncolleagues = Example.org, @a.example.net, B@example.com",
			&t, &c),
		0);
	assert_string_equal(t.text, "");
	assert_int_equal(c->regime, STATUTE_EIR);
	assert_int_equal(c->receipt_rule, STATUTE_RULE_S45CODE);
	assert_int_equal(c->language, CONFIG_LANGUAGE_WELSH_FIRST);
	assert_int_equal(c->received_by.n, 2);
	assert_string_equal(c->received_by.entries[0], "mx1.example.org");
	assert_string_equal(c->authserv_id, "mx.example.org");
	assert_string_equal(c->emergency, "If somebody is in danger, call 999; do not write.");
	(void) snprintf(expected, sizeof expected, "%s/texts", folder);
	assert_string_equal(c->templates_dir, expected);
	assert_int_equal(c->first, 1761);
	assert_true(c->reset_yearly);
	assert_int_equal(c->year_of, CONFIG_YEAR_LOGGED);
	assert_int_equal(c->n_mailboxes, 2);
	m = &c->mailboxes[0];
	assert_string_equal(m->name, "a.b-c_1");
	assert_string_equal(m->url, "imap://[::1]:1143");
	assert_true(m->plaintext);
	assert_int_equal(m->auth, CONFIG_AUTH_NONE);
	assert_string_equal(m->user, "");
	assert_string_equal(m->folders.entries[1], "Requests/New");
	assert_string_equal(m->junk_folders.entries[0], "Junk");
	assert_int_equal(m->start, CONFIG_START_DATE);
	assert_int_equal(m->start_date.n, 17667);
	assert_int_equal(m->acknowledge, ACKNOWLEDGE_HOLD);
	assert_int_equal(m->acknowledge_within_days, 14);
	assert_int_equal(m->after, CONFIG_AFTER_KEYWORD);
	assert_string_equal(m->after_argument, "$FoiCase");
	assert_int_equal(m->poll_sec, 120);
	assert_int_equal(m->mail_bytes_max, 1024 * 1024);
	assert_int_equal(m->regime, STATUTE_FOISA);
	assert_int_equal(m->receipt_rule, STATUTE_RULE_S45CODE);
	m = &c->mailboxes[1];
	(void) snprintf(expected, sizeof expected, "%s/./pw", folder);
	assert_string_equal(m->credential, expected);
	assert_false(m->plaintext);
	assert_int_equal(m->regime, STATUTE_EIR);
	assert_int_equal(m->after, CONFIG_AFTER_MOVE);
	assert_string_equal(m->after_argument, "Done, by us");
	assert_int_equal(c->n_forms, 1);
	assert_string_equal(c->forms[0].name, "web");
	assert_string_equal(c->forms[0].email_field, "Email");
	assert_int_equal(c->bounce, CONFIG_BOUNCE_TAGGED);
	assert_string_equal(c->smtp_from, "out@example.org");
	assert_string_equal(c->calendar_files.entries[0], "/a.json");
	(void) snprintf(expected, sizeof expected, "%s/b.json", folder);
	assert_string_equal(c->calendar_files.entries[1], expected);
	assert_string_equal(c->socket_path, "");
	assert_string_equal(c->colleagues.entries[0], "example.org");
	assert_string_equal(c->colleagues.entries[1], "@a.example.net");
	assert_string_equal(c->colleagues.entries[2], "b@example.com");
}

static void three_mistakes_are_three_reports(void **state)
{
	struct config *c = NULL;
	struct fault f = { 0 };
	struct told t;

	(void) state;
	assert_int_equal(load(AUTHORITY "regimee = foia\n"
					"[mailbox foi]\naddress = foi\n"
					"url = imaps://mail.example.org\n" SMTP,
				 &t, &c),
		-EINVAL);
	assert_null(c);
	assert_string_equal(t.text,
		":3: [authority] regimee: is not a known key; did you mean regime?\n"
		":5: [mailbox foi] address: is no mail address; write it as foi@example.gov.uk, "
		"without name or angle brackets\n"
		":4: [mailbox foi] credential: is missing; name the systemd credential (or the "
		"file) that holds the mailbox's password\n");
	assert_int_equal(config_load(path, NULL, NULL, &c, &f), -EINVAL);
	assert_int_equal(f.kind, FAULT_CONFIG);
	assert_non_null(strstr(f.text, ": 3 mistakes"));
}

static const struct mistake {
	const char *why;
	const char *text;     /* after AUTHORITY MAILBOX, or whole when it starts with '[' */
	const char *expected; /* the only report, or a part of it */
} mistakes[] = {
	{ "unknown key, nothing near", "colour = blue\n",
		":7: [mailbox foi] colour: is not a known key; see foimaild.conf(5)" },
	{ "two letters swapped", "fodlers = INBOX\n", "did you mean folders?" },
	{ "key of another section", "bounce_address = null\n",
		":7: [mailbox foi] bounce_address: is not a key of this section; it belongs to "
		"[smtp]" },
	{ "password in the file", "password = hunter2\n",
		":7: [mailbox foi] password: secrets must not be in this file" },
	{ "token in the file", "oauth_token = x\n", "secrets must not be in this file" },
	{ "key twice", "address = a@example.org\n",
		":7: [mailbox foi] address: is there twice, first in line 4; keep one" },
	{ "no equals sign", "folders INBOX\n", ":7: [mailbox foi]: the line has no =" },
	{ "unknown section", "[smpt]\nx = y\n",
		":7: [smpt] is not a known section; did you mean [smtp]?" },
	{ "unknown section, nothing near", "[weather]\n",
		":7: [weather] is not a known section; see" },
	{ "section twice", "[authority]\nregime = eir\n",
		":7: [authority]: is there twice, first in line 1" },
	{ "mailbox twice", "[mailbox foi]\n",
		":7: [mailbox foi]: is there twice, first in line 3" },
	{ "mailbox without name", "[mailbox]\n", ":7: [mailbox NAME] needs a name" },
	{ "name with a slash", "[mailbox a/b]\n", ":7: [mailbox NAME] needs a name" },
	{ "name too long", "[form aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n", ":7: [form NAME] needs" },
	{ "name where none belongs", "[smtp out]\n", ":7: [smtp] has no name; write [smtp]" },
	{ "bracket not closed", "[smtp\n", ":7: a section is a name in [ and ]" },
	{ "words after the bracket", "[smtp] url = x\n", ":7: a section is a name in [ and ]" },
	{ "control character", "user = a\x07\n", ":7: [mailbox foi]: the line holds a control" },
	{ "not UTF-8", "user = \xE9\n", ":7: [mailbox foi]: the line is not UTF-8" },
	{ "inih would cut the comment", "folders = INBOX ; and more\n",
		":7: [mailbox foi]: a comment needs a line of its own" },
	{ "nothing to carry on", "[smtp]\n url = smtp://a.example.org\n",
		":8: [smtp]: a line that begins with a space carries on" },
	{ "word of a set", "acknowledge = yes\n",
		":7: [mailbox foi] acknowledge: \"yes\" is not known; give auto, hold or off" },
	{ "number with a sign", "poll = -5\n",
		"poll: is no whole number of s; write it as in 5 min" },
	{ "number with another unit", "poll = 5 days\n", "poll: is no whole number" },
	{ "number too small", "poll = 9\n", "poll: is out of range; give 10 to 86400 s" },
	{ "number too big", "poll = 25 h\n", "poll: is out of range" },
	{ "number beyond 64 bits", "mail_max = 99999999999999999999 MiB\n", "out of range" },
	{ "product beyond 64 bits", "mail_max = 268435456 MiB\n", "out of range" },
	{ "not a date", "start = 2018-02-30\n", "start: is not known; give new, all or a day" },
	{ "keyword with a space", "after = keyword:a b\n", "after: is not known; give none" },
	{ "keyword is a system flag", "after = keyword:\\Seen\n", "after: is not known" },
	{ "move to nowhere", "after = move:\n", "after: is not known" },
	{ "move into a watched folder", "after = move:INBOX\n",
		"moves into a folder that is watched" },
	{ "folder watched twice", "junk_folders = INBOX\n",
		"names a folder that folders names too" },
	{ "empty list", "folders =\n", "folders: is empty; give at least one entry" },
	{ "empty entry", "folders = a,,b\n", "folders: has an empty entry" },
	{ "no TLS over imaps", "tls = off\n", ":7: [mailbox foi] tls: off fits imap:// only" },
	{ "no login on a foreign host", "auth = none\n",
		":7: [mailbox foi] auth: none is allowed for 127.0.0.1, ::1 and localhost only" },
	{ "smtp without TLS on a foreign host",
		"[smtp]\nurl = smtp://mail.example.org\ntls = off\n",
		":9: [smtp] tls: off is allowed for 127.0.0.1, ::1 and localhost only" },
	{ "host that only begins with a loopback name",
		"[smtp]\nurl = smtp://localhost.example.org\ntls = off\n",
		"tls: off is allowed for" },
	{ "user without credential", "[smtp]\nuser = a\n", ":8: [smtp] user: needs a credential" },
	{ "credential without user", "[smtp]\ncredential = a\n", "credential: needs a user" },
	{ "other scheme", "[smtp]\nurl = https://example.org\n",
		":8: [smtp] url: must begin with smtp:// or smtps://" },
	{ "password in the URL", "[smtp]\nurl = smtp://a:pw@example.org\n",
		"url: holds a user name or password" },
	{ "path", "[smtp]\nurl = smtp://example.org/x\n", "url: goes on after the host" },
	{ "no host", "[smtp]\nurl = smtp://:25\n", "url: has no valid host name" },
	{ "host with a blank label", "[smtp]\nurl = smtp://a..b\n", "url: has no valid host name" },
	{ "port zero", "[smtp]\nurl = smtp://a.example.org:0\n", "url: has no port number" },
	{ "port too big", "[smtp]\nurl = smtp://a.example.org:65536\n", "url: has no port number" },
	{ "IPv6 not closed", "[smtp]\nurl = smtp://[::1\n", "url: has a [ without a ]" },
	{ "not IPv6", "[smtp]\nurl = smtp://[a.example.org]\n", "url: has no IPv6 address" },
	{ "sender is neither", "[senders]\nignored = a b\n",
		"ignored: has an entry that is neither" },
	{ "two at signs", "[smtp]\nfrom = a@b@example.org\n", "from: is no mail address" },
	{ "form without from", "[form web]\nemail_field = E\n", ":7: [form web] from: is missing" },
	{ "template without number", "[reference]\nrequest = FOI {yy}\n",
		":8: [reference] request: " },
};

/* Reports that are no warnings. */
static unsigned count_mistakes(const struct told *t)
{
	unsigned n = t->lines;

	for (const char *s = t->text; (s = strstr(s, "warning: ")) != NULL; s++)
		n--;
	return n;
}

static void each_mistake_names_line_key_and_remedy(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const struct mistake *m = &mistakes[i];
		CLEANUP(freep) char *text = NULL;
		struct config *c = NULL;
		struct told t;

		assert_true(asprintf(&text, "%s%s", AUTHORITY MAILBOX, m->text) > 0);
		if (load(text, &t, &c) != -EINVAL || !strstr(t.text, m->expected) ||
			count_mistakes(&t) != 1)
			fail_msg("%s: got \"%s\"", m->why, t.text);
		assert_null(c);
	}
}

static void reports_never_repeat_what_may_be_secret(void **state)
{
	struct config *c = NULL;
	struct told t;

	(void) state;
	assert_int_equal(load(AUTHORITY "password = hunter2\n[mailbox foi]\naddress = hunter2\n"
					"url = imap://a:hunter2@example.org\n",
				 &t, &c),
		-EINVAL);
	assert_null(strstr(t.text, "hunter2"));
}

static void what_is_missing_is_told_with_its_section(void **state)
{
	struct config *c = NULL;
	struct told t;

	(void) state;
	assert_int_equal(load("", &t, &c), -EINVAL);
	assert_string_equal(t.text,
		": [authority] name: is missing; add it with its section\n"
		": there is no [mailbox NAME]; add one for the mailbox that requests come to\n");
	assert_int_equal(load("name = x\n[authority]\n[mailbox foi]\n", &t, &c), -EINVAL);
	assert_string_equal(t.text,
		":1: name: stands before any [section]; put it below the one it belongs to\n"
		":2: [authority] name: is missing; add it\n"
		":3: [mailbox foi] address: is missing; add it\n"
		":3: [mailbox foi] url: is missing; add it\n"
		":3: [mailbox foi] credential: is missing; name the systemd credential (or the "
		"file) that holds the mailbox's password\n");
}

static void one_thing_is_worth_a_warning(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	struct told t;

	(void) state;
	assert_int_equal(load(AUTHORITY MAILBOX, &t, &c), 0);
	assert_string_equal(t.text,
		"warning: : [smtp] url: is not set: acknowledgements are kept and none is sent\n");
}

static void long_lines_are_refused_whole(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	char line[1024];
	struct told t;

	(void) state;
	(void) snprintf(
		line, sizeof line, "%sformats = %0*d\n  more\n%s", AUTHORITY, 600, 1, MAILBOX SMTP);
	assert_int_equal(load(line, &t, &c), -EINVAL);
	assert_string_equal(t.text, ":3: [authority]: the line is too long; go on in a next line "
				    "that begins with a space\n");
	(void) snprintf(line, sizeof line, "%sformats = %0*d\n  %0*d\n  %0*d\n%s", AUTHORITY, 150,
		1, 150, 2, 150, 3, MAILBOX SMTP);
	assert_int_equal(load(line, &t, &c), 0);
	assert_int_equal(strlen(c->formats), 452);
}

static void files_that_are_no_configuration_are_refused(void **state)
{
	CLEANUP(freep) char *big = malloc(CONFIG_BYTES_MAX + 1);
	struct config *c = NULL;
	struct fault f;
	struct told t;

	(void) state;
	assert_non_null(big);
	memset(big, '\n', CONFIG_BYTES_MAX + 1);
	assert_int_equal(load_bytes(big, CONFIG_BYTES_MAX + 1, &t, &c), -EFBIG);
	assert_int_equal(load_bytes("[smtp]\nurl = a\0b\n", 17, &t, &c), -EINVAL);
	assert_non_null(strstr(t.text, ":2: [smtp]: the line holds a control character"));
	assert_int_equal(config_load(folder, tell, &t, &c, &f), -EINVAL);
	assert_int_equal(config_load("/nonexistent/foimaild.conf", tell, &t, &c, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_CONFIG);
}

static void more_sections_than_served_are_refused(void **state)
{
	char text[8192] = AUTHORITY;
	struct config *c = NULL;
	struct told t;

	(void) state;
	for (int i = 0; i <= CONFIG_MAILBOXES_MAX; i++) {
		size_t n = strlen(text);

		(void) snprintf(text + n, sizeof text - n,
			"[mailbox m%d]\naddress = m%d@example.org\nurl = imaps://a.example.org\n"
			"credential = c\nacknowledge = off\n",
			i, i);
	}
	assert_int_equal(load(text, &t, &c), -EINVAL);
	assert_string_equal(
		t.text, ":83: there are more [mailbox] sections than this program can serve\n");
}

static void near_words(void **state)
{
	(void) state;
	assert_string_equal(config_key_near("mailbox", "credentials"), "credential");
	assert_string_equal(config_key_near("mailbox", "adress"), "address");
	assert_string_equal(config_key_near("smtp", "ulr"), "url");
	assert_null(config_key_near("smtp", "x"));
	assert_null(config_key_near("store", "address"));
	assert_string_equal(config_kind_near("mailboxes"), "mailbox");
	assert_null(config_kind_near("outbox"));
	assert_null(config_kind_near("a-very-long-word-that-is-beyond-every-name-in-the-table"));
}

/* The tree's text, to be freed by the caller. Tests run in the top of the tree. */
static char *slurp(const char *name)
{
	CLEANUP(freep) char *text = calloc(1, CONFIG_BYTES_MAX);
	FILE *file = fopen(name, "r");

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, CONFIG_BYTES_MAX - 1, file) > 0);
	assert_int_equal(fclose(file), 0);
	return TAKE_PTR(text);
}

/* The shipped line of a key: "name = preset" with or without '#'; in @ret what follows "= ". */
static bool find_shipped(const char *text, const struct config_key *key, char *ret, size_t room)
{
	char head[80];
	const char *at;

	(void) snprintf(head, sizeof head, "\n[%s", key->section);
	at = strstr(text, head);
	if (!at) {
		(void) snprintf(head, sizeof head, "\n#[%s", key->section);
		at = strstr(text, head);
	}
	for (at = at ? strchr(at + 2, '\n') : NULL; at; at = strchr(at + 1, '\n')) {
		const char *s = at + 1 + (at[1] == '#');
		size_t n = strlen(key->name);

		if (*s == '[')
			return false; /* the next section */
		if (strncmp(s, key->name, n) != 0 || strncmp(s + n, " =", 2) != 0)
			continue;
		s += n + 2;
		(void) snprintf(ret, room, "%.*s", (int) strcspn(s, "\n"), s);
		return true;
	}
	return false;
}

static void every_key_is_in_the_shipped_file_with_its_preset(void **state)
{
	CLEANUP(freep) char *text = slurp("conf/foimaild.conf");

	(void) state;
	for (size_t i = 0; i < config_n_keys; i++) {
		const struct config_key *key = &config_keys[i];
		char shipped[256];
		char expected[256];

		if (!find_shipped(text, key, shipped, sizeof shipped))
			fail_msg("[%s] %s is not in conf/foimaild.conf", key->section, key->name);
		if (!key->preset || strstr(key->preset, FOIMAILD_PREFIX))
			continue; /* the file is installed with its own prefix */
		(void) snprintf(
			expected, sizeof expected, "%s%s", *key->preset ? " " : "", key->preset);
		assert_string_equal(shipped, expected);
	}
}

/* Whether a line of the shipped file is a key, with '#' before it or not. */
static bool is_key_line(const char *line, size_t n, char name[static 64])
{
	size_t at = n > 0 && line[0] == '#';
	size_t length = strspn(line + at, "abcdefghijklmnopqrstuvwxyz_");

	if (length == 0 || length >= 64 || strncmp(line + at + length, " =", 2) != 0)
		return false;
	memcpy(name, line + at, length);
	name[length] = '\0';
	return true;
}

static void every_line_of_the_shipped_file_is_a_key_of_its_section(void **state)
{
	CLEANUP(freep) char *text = slurp("conf/foimaild.conf");
	char section[64] = "";
	char name[64];
	unsigned keys = 0;

	(void) state;
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		size_t n = strcspn(line, "\n");
		size_t at = *line == '#';

		if (line[at] == '[')
			(void) snprintf(section, sizeof section, "%.*s",
				(int) strcspn(line + at + 1, " ]"), line + at + 1);
		if (!is_key_line(line, n, name))
			continue;
		keys++;
		if (config_key_find(section, name) < 0)
			fail_msg("[%s] %s of conf/foimaild.conf is no key", section, name);
	}
	assert_int_equal(keys, config_n_keys);
}

/* @text with @value after the first line @key that stands open. */
static char *fill(char *text, const char *key, const char *value)
{
	char *filled;
	char line[64];
	char *at;

	(void) snprintf(line, sizeof line, "\n%s =\n", key);
	at = strstr(text, line);
	assert_non_null(at);
	at += strlen(line) - 1;
	assert_true(asprintf(&filled, "%.*s %s%s", (int) (at - text), text, value, at) > 0);
	free(text);
	return filled;
}

static void the_shipped_file_needs_four_values(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	CLEANUP(freep) char *text = slurp("conf/foimaild.conf");
	struct told t;

	(void) state;
	assert_int_equal(load(text, &t, &c), -EINVAL);
	assert_int_equal(count_mistakes(&t), 4);
	text = fill(text, "name", "Example Council");
	text = fill(text, "address", "foi@example.org");
	text = fill(text, "url", "imaps://mail.example.org");
	text = fill(text, "credential", "imap");
	assert_int_equal(load(text, &t, &c), 0);
	assert_int_equal(count_mistakes(&t), 0);
}

/* Also with every '#' before a key taken away: what is shown must be allowed. */
static void every_preset_that_is_shown_is_accepted(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	CLEANUP(freep) char *text = slurp("conf/foimaild.conf");
	char name[64];
	struct told t;

	(void) state;
	for (char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (*line == '#' && (line[1] == '[' || is_key_line(line, strlen(line), name)))
			memmove(line, line + 1, strlen(line));
	text = fill(text, "name", "Example Council");
	text = fill(text, "address", "foi@example.org");
	text = fill(text, "url", "imaps://mail.example.org");
	text = fill(text, "credential", "imap");
	assert_int_equal(load(text, &t, &c), 0);
	assert_int_equal(count_mistakes(&t), 0);
	assert_int_equal(c->n_forms, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presets_hold_for_what_is_not_said),
		cmocka_unit_test(every_kind_of_value_is_read),
		cmocka_unit_test(three_mistakes_are_three_reports),
		cmocka_unit_test(each_mistake_names_line_key_and_remedy),
		cmocka_unit_test(reports_never_repeat_what_may_be_secret),
		cmocka_unit_test(what_is_missing_is_told_with_its_section),
		cmocka_unit_test(one_thing_is_worth_a_warning),
		cmocka_unit_test(long_lines_are_refused_whole),
		cmocka_unit_test(files_that_are_no_configuration_are_refused),
		cmocka_unit_test(more_sections_than_served_are_refused),
		cmocka_unit_test(near_words),
		cmocka_unit_test(every_key_is_in_the_shipped_file_with_its_preset),
		cmocka_unit_test(every_line_of_the_shipped_file_is_a_key_of_its_section),
		cmocka_unit_test(the_shipped_file_needs_four_values),
		cmocka_unit_test(every_preset_that_is_shown_is_accepted),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
