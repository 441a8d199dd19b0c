/* real_name.c - whether a request bears what may be the real name of somebody. */
/* SPDX-License-Identifier: MIT */
#include "domain/real_name.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "domain/triage_words.h"

enum {
	NAME_BYTES_MAX = 256,
	SIGNATURE_LINE_MAX = 60,
	SIGNATURE_WORDS_MAX = 5,
	BELOW_CLOSING_MAX = 3, /* lines with words below "Yours faithfully" */
	LAST_LINES_MAX = 3,
};

static const char *const pseudonyms[] = { "anon", "anonymous", "nobody", "no one", "unknown", "n/a",
	"concerned", "disgruntled", "disgusted", "angry", "worried", "resident", "local resident",
	"taxpayer", "tax payer", "ratepayer", "citizen", "citizens", "voter", "whistleblower",
	"whistle blower", "truth", "justice", "a member of the public", "member of the public",
	"a person", "foi requester", "requester", "requestor", "name withheld", "withheld",
	"mickey mouse", "minnie mouse", "donald duck", "daffy duck", "bugs bunny", "robin hood",
	"santa claus", "father christmas", "sherlock holmes", "harry potter", "james bond",
	"homer simpson", "bart simpson", "darth vader", "batman", "superman", "spiderman", "zorro",
	"joe bloggs", "john doe", "jane doe", "joe public", "john q public", "guy fawkes",
	"mystery", "test test", "dienw", NULL };

static const char *const roles[] = { "ltd", "limited", "plc", "llp", "inc", "gmbh", "llc", "cic",
	"company", "group", "team", "office", "department", "dept", "desk", "newsdesk", "news",
	"newsroom", "editor", "editorial", "press", "media", "info", "information", "enquiries",
	"enquiry", "inquiries", "admin", "administrator", "administration", "accounts", "sales",
	"marketing", "support", "service", "services", "customer", "contact", "mail", "mailbox",
	"reception", "secretary", "clerk", "chair", "treasurer", "manager", "director", "hr",
	"association", "society", "campaign", "action", "charity", "foundation", "trust", "council",
	"union", "party", "research", "researcher", "solicitors", "consulting", "consultants",
	"partners", "holdings", "systems", "solutions", "foi", "requests", "owner", "user",
	"webmaster", "legal", "compliance", "procurement", "tenders", "friends of", "save our",
	"iphone", "ipad", NULL };

/* Lines that end a letter. */
static const char *const closings[] = { "yours faithfully", "yours sincerely", "yours truly",
	"yours respectfully", "yours", "faithfully", "sincerely", "kind regards", "best regards",
	"warm regards", "warmest regards", "kindest regards", "many regards", "regards",
	"with thanks", "many thanks", "thanks and regards", "thanks in advance",
	"thank you in advance", "thank you", "thanks", "cheers", "best wishes", "all the best",
	"best", "respectfully", "cordially", "yn gywir", "yr eiddoch yn gywir", "cofion gorau",
	"cofion cynnes", "cofion", "diolch yn fawr", "llawer o ddiolch", "diolch", "signed", "from",
	NULL };

static const char *const particles[] = { "de", "da", "van", "von", "der", "ap", "ab", "ferch",
	"bin", "al", "el", "la", "le", "du", "dos", "of", NULL };

static const char *const my_name[] = { "my name is", "my full name is",
	"full name:", "name:", "fy enw i yw", "fy enw yw", NULL };

struct tokens {
	unsigned n;
	unsigned with_capital; /* or one of the particles */
	bool ends_in_initial;
};

static bool is_word_byte(char c)
{
	return isalnum((unsigned char) c) || (unsigned char) c >= 0x80 || c == '\'' || c == '-';
}

static bool is_particle(const char *s, size_t n)
{
	for (const char *const *p = particles; *p; p++)
		if (strlen(*p) == n && strncmp(s, *p, n) == 0)
			return true;
	return false;
}

static struct tokens count_tokens(const char *s)
{
	struct tokens t = { .n = 0 };

	while (*s) {
		size_t n = 0;

		while (is_word_byte(s[n]))
			n++;
		if (n == 0) {
			s++;
			continue;
		}
		t.n++;
		t.with_capital += isupper((unsigned char) s[0]) || (unsigned char) s[0] >= 0x80 ||
				  is_particle(s, n);
		t.ends_in_initial = n == 1;
		s += n;
	}
	return t;
}

/* Letters of scripts that put no blank between names: nothing is said of these. */
static bool is_other_script(const char *s)
{
	for (; *s; s++)
		if ((unsigned char) *s >= 0xE3 && (unsigned char) *s <= 0xED)
			return true;
	return false;
}

static bool has_digit(const char *s)
{
	return s[strcspn(s, "0123456789")] != '\0';
}

enum real_name real_name_of(const char *name)
{
	char words[NAME_BYTES_MAX];
	struct tokens t;

	triage_words_fold(name, words, sizeof words);
	if (!words[0])
		return REAL_NAME_NONE;
	t = count_tokens(words);
	if (is_other_script(words))
		return REAL_NAME_LIKELY;
	if (triage_words_any(words, pseudonyms).at)
		return REAL_NAME_PSEUDONYM;
	if (triage_words_any(words, roles).at)
		return REAL_NAME_ROLE;
	if (t.n < 2 || strchr(words, '@') || has_digit(words))
		return REAL_NAME_SINGLE;
	/* "Jane R." has no surname, "Roe, J." has. */
	return t.ends_in_initial && !strchr(name, ',') ? REAL_NAME_SINGLE : REAL_NAME_LIKELY;
}

/* ---- signatures -------------------------------------------------------------------------------- */

/* Whether the line holds nothing but a likely name. */
static bool is_name_line(const char *line)
{
	struct tokens t = count_tokens(line);

	return strlen(line) <= SIGNATURE_LINE_MAX && t.n >= 2 && t.n <= SIGNATURE_WORDS_MAX &&
	       t.with_capital == t.n && !strpbrk(line, ":?!/") &&
	       real_name_of(line) == REAL_NAME_LIKELY;
}

/* Behind the closing that @line begins with; NULL: it begins with none. */
static const char *behind_closing(const char *line)
{
	for (const char *const *c = closings; *c; c++) {
		size_t n;

		if (!text_has_prefix_ci(line, *c))
			continue;
		n = strlen(*c);
		if (!is_word_byte(line[n]))
			return line + n + strspn(line + n, " ,.!-");
	}
	return NULL;
}

/* Whether a name stands behind "my name is" in the line, up to the end of its clause. */
static bool is_told(const char *line)
{
	for (const char *const *m = my_name; *m; m++) {
		const char *at = text_find_ci(line, *m);
		char name[SIGNATURE_LINE_MAX];
		size_t n;

		if (!at)
			continue;
		at += strlen(*m) + strspn(at + strlen(*m), " ");
		n = strcspn(at, ",.;(");
		if (strstr(at, " and ") && (size_t) (strstr(at, " and ") - at) < n)
			n = (size_t) (strstr(at, " and ") - at);
		if (n >= sizeof name)
			continue;
		memcpy(name, at, n);
		name[n] = '\0';
		if (is_name_line(text_trim(name)))
			return true;
	}
	return false;
}

/* One line of @text, cut and trimmed, in @buf. Return: it. */
static const char *copy_line(const char *text, char buf[static NAME_BYTES_MAX])
{
	size_t n = strcspn(text, "\n");

	n = n < NAME_BYTES_MAX ? n : NAME_BYTES_MAX - 1;
	memcpy(buf, text, n);
	buf[n] = '\0';
	return text_trim(buf);
}

/* Number of lines with words from @text on, at most one more than LAST_LINES_MAX. */
static unsigned lines_left(const char *text)
{
	unsigned n = 0;

	while (*text && n <= LAST_LINES_MAX) {
		text += strspn(text, " \t\r\n");
		n += *text != '\0';
		text += strcspn(text, "\n");
	}
	return n;
}

bool real_name_is_signed(const char *text)
{
	unsigned below = 0; /* lines in which a name may stand, below a closing */

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		char buf[NAME_BYTES_MAX];
		const char *line = copy_line(text, buf);
		const char *rest = behind_closing(line);

		if (!*line)
			continue;
		if (is_told(line) || (rest && is_name_line(rest)))
			return true;
		if (!rest && (below > 0 || lines_left(text) <= LAST_LINES_MAX) &&
			is_name_line(line))
			return true;
		below = rest ? BELOW_CLOSING_MAX : below - (below > 0);
	}
	return false;
}
