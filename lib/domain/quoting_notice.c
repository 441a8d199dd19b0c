/* quoting_notice.c - what programs, gateways and legal departments add to a person's words.
 *
 * Each list is one of beginnings; what may begin a sentence of a person's too must also go on as
 * notices do, and must ask for nothing.
 *
 * Security: a stranger's text; each line is compared with fixed lists. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "domain/quoting_mark.h"

enum {
	MACHINE_MAX = 120,
	BANNER_LINES_MAX = 8,
	HEADING_MAX = 120,
	LOOK_MAX = 2000, /* bytes of one line in which words are looked for */
};

/* ---- lists ----------------------------------------------------------------------------------- */

/* Single lines below a signature. */
static const char *const machine[] = { "please consider the environment",
	"p please consider the environment", "think before you print", "please think before",
	"please think of the environment", "consider the environment", "save paper",
	"ystyriwch yr amgylchedd", "cofiwch am yr amgylchedd", "virus-free",
	"[cid:", "[image:", "<image0", "[quoted text hidden]", "[image removed by sender", NULL };

/* Beginnings of legal notices that hardly begin anything else. */
static const char *const disclaimers[] = { "this email and any", "this e-mail and any",
	"this email (and any", "this e-mail (and any", "this email, and any",
	"this e-mail, and any", "this email (including", "this e-mail (including",
	"this email, including", "this e-mail, including", "this email is confidential",
	"this e-mail is confidential", "this email message", "this e-mail message",
	"this electronic message", "this message (including", "this message and any",
	"this message contains", "this email contains", "this e-mail contains",
	"this message is intended", "this message is confidential", "this message is for the",
	"this email is intended", "this e-mail is intended", "this email is for the",
	"this e-mail is for the", "this email may contain", "this e-mail may contain",
	"this message may contain", "this communication", "this transmission",
	"the information in this e", "the information in this message",
	"the information in this communication", "the information contained in this e",
	"the information contained in this message",
	"the information contained in this communication", "the information transmitted",
	"any information in this e", "the contents of this e", "the contents of this message",
	"the content of this e", "the content of this message", "any views or opinions",
	"any views expressed", "the views expressed", "the opinions expressed",
	"opinions, conclusions", "the sender does not accept", "if you are not the",
	"if you have received this", "if you received this", "if received in error",
	"this email has been", "this e-mail has been", "this message has been",
	"this footnote confirms", "please note that this email", "please note that this e-mail",
	"please note that this message", "please note that email", "please note that we are able",
	"please be aware that any email", "please be aware that email", "email is not a secure",
	"e-mail is not a secure", "email transmission", "e-mail transmission",
	"emails aren't always secure", "internet communications", "internet email is",
	"internet e-mail is", "email communications", "all emails sent", "all e-mails sent",
	"all email traffic", "all communications sent", "communications via the gsi",
	"the original of this email was scanned", "recipients should", "whilst every care",
	"although we have taken steps", "although this email", "we cannot guarantee",
	"we may monitor", "we monitor", "we are often asked for copies", "the ico's mission",
	"incoming and outgoing email", "scanned by", "checked by avg", "no virus found",
	"mae'r e-bost hwn", "mae'r neges hon", "mae'r wybodaeth yn yr e-bost", "gall yr e-bost hwn",
	"bwriedir yr e-bost hwn", "os nad chi yw'r", "diese e-mail", "diese nachricht",
	"der inhalt dieser", "ce message", "ce courriel", "cet e-mail", "este mensaje",
	"este correo", "questo messaggio", "la presente email", "le informazioni contenute",
	"dit bericht", "deze e-mail", "ta wiadomość", "niniejsza wiadomość", "esta mensagem",
	"detta meddelande", "denne e-mail", "denne e-posten", "tämä viesti", NULL };

/* Beginnings that a person uses too. */
static const char *const doubtful[] = { "disclaimer", "confidential", "important", "notice",
	"legal notice", "legal disclaimer", "please note", "warning", "privacy", "security",
	"email disclaimer", "e-mail disclaimer", "ymwadiad", "cyfrinachedd", "official",
	"not protectively marked", "data protection", NULL };

/* A legal notice speaks of some of these. */
static const char *const legal_words[] = { "confidential", "intended", "recipient", "privileged",
	"virus", "malware", "monitor", "disclos", "addressee", "addressed", "in error", "scanned",
	"printing", "unauthorised", "unauthorized", "liab", "delete", "destroy", "copied",
	"copying", "distribut", "the sender", "not those of", "not necessarily", "recorded",
	"secure", "intercept", "subject to", "copies of the correspondence", "information rights",
	"cyfrinachol", "bwriadu", "derbynnydd", "derbyn", "vertraulich", "empfänger",
	"confidentiel", "destinataire", "confidencial", "destinat", "riservat", "vertrouwelijk",
	"geadresseerde", "poufn", "adresat", "konfidentiell", "mottagare", "fortrolig", "modtager",
	"mottaker", "luottamuksel", NULL };

static const char *const banners[] = { "caution", "warning", "external", "attention", "beware",
	"alert", "rhybudd", "allanol", "be careful", "exercise caution", "take care",
	"security notice", "security warning", "security alert", "cyber security",
	"this email originated", "this e-mail originated", "this message originated",
	"this email came from", "this e-mail came from", "this email has come from",
	"this message came from", "this email was sent from outside", "this email is from outside",
	"this message was sent from outside", "this email has originated", "this is an external",
	"you don't often get email from", "you do not often get email from",
	"some people who received this message", "[caution", "[external", "[warning", "[ext]",
	"<external", "(external", "daeth yr e-bost hwn", "mae'r e-bost hwn wedi dod o'r tu allan",
	NULL };

static const char *const banner_words[] = { "outside", "external", "originated", "click",
	"links or", "attachment", "recogni", "content is safe", "contents are safe", "suspicious",
	"phishing", "learn why", "often get email", "unknown sender", "verify the sender",
	"allanol", "y tu allan", NULL };

/* The whole of a banner. */
static const char *const short_banners[] = { "external", "external email", "external e-mail",
	"external sender", "external message", "external mail", "caution", "warning", NULL };

static const char *const footers[] = {
	"please use this email address for all replies to this request",
	"disclaimer: this message and any reply that you make will be published on the internet",
	NULL,
};

static const char *const review_headings[] = { "your right to request a review",
	"your right to ask for a review", "your right to an internal review",
	"your right of review", "your rights of review", "right to review", "right of review",
	"eich hawl i ofyn am adolygiad", "eich hawl i adolygiad", NULL };

static const char *const review_advice[] = { "if you are dissatisfied", "if you are not satisfied",
	"if you are unhappy", "if you are not happy", "if you are not content",
	"if you remain dissatisfied", "if you have any complaint", "if you wish to complain",
	"you have the right to", "you have a right to", "you may ask us to review",
	"os ydych yn anfodlon", "os ydych chi'n anfodlon", "os nad ydych yn fodlon", NULL };

static const char *const review_words[] = { "review", "complain", "information commissioner",
	"adolygiad", "gomisiynydd", "comisiynydd", NULL };

/* What a person says who wants something. */
static const char *const asking[] = { "please provide", "please send me", "please send us",
	"please send copies", "please send the", "please supply", "please disclose",
	"please release", "please confirm", "please state", "please list", "please also",
	"please could", "please can", "please tell", "please give me", "please give us",
	"please let me", "please review", "please answer", "please explain", "could you", "can you",
	"would you", "i request", "i am requesting", "i would like", "i should like", "i wish to",
	"i want to", "i am writing", "i also", "i ask", "i need", "i'd like", "i am not",
	"we request", "we would like", "hoffwn", "a allwch", "allwch chi", "rhowch",
	"anfonwch ataf", NULL };

static const char *const persons[] = { "i", "my", "me", NULL };

/* ---- one line -------------------------------------------------------------------------------- */

static struct quoting_words beginning_of(const struct quoting_line *line)
{
	return (struct quoting_words){ line->words,
		line->words_n < LOOK_MAX ? line->words_n : LOOK_MAX };
}

/* Whether a sentence of three words or more ends in a question mark. */
static bool is_question(struct quoting_words w)
{
	size_t blanks = 0;

	for (size_t i = 0; i < w.n; i++) {
		blanks += w.at[i] == ' ';
		if (w.at[i] == '?' && (i + 1 == w.n || w.at[i + 1] == ' ') && blanks >= 2)
			return true;
	}
	return false;
}

static bool is_asking(const struct quoting_line *line)
{
	struct quoting_words w = beginning_of(line);

	return is_question(w) || quoting_has_word(w, asking);
}

/* "-- " (RFC 3676 s.4.3), also without its blank. */
static bool is_signature(struct quoting_words w, const struct quoting_line *line)
{
	return w.n == 2 && memcmp(w.at, "--", 2) == 0 && line->n <= 5;
}

static bool is_machine(struct quoting_words w, const struct quoting_line *line)
{
	bool has_link = quoting_has(w, "http");

	if (w.n > MACHINE_MAX && !has_link)
		return false;
	if (quoting_starts_any(w, machine))
		return true;
	for (size_t l = 0; l < quoting_languages_n; l++)
		if (quoting_starts_any(w, quoting_languages[l].devices))
			return !is_asking(line) && !quoting_has(w, "please");
	return false;
}

static struct quoting_words without_marks(struct quoting_words w)
{
	while (w.n > 0 && strchr("#_=- \"'([", *w.at)) {
		w.at++;
		w.n--;
	}
	return w;
}

enum quoting_kind quoting_notice_kind(const struct quoting_line *line, bool is_start)
{
	struct quoting_words w = quoting_words_of(line);
	struct quoting_words inner = without_marks(w);

	if (is_signature(w, line))
		return QUOTING_SIGNATURE;
	if (quoting_starts_any(w, footers))
		return QUOTING_FOOTER;
	if (is_machine(w, line))
		return QUOTING_MACHINE;
	if (!is_start)
		return QUOTING_WORDS;
	if (inner.n < HEADING_MAX && quoting_starts_any(inner, review_headings))
		return QUOTING_REVIEW_NOTICE;
	if (quoting_starts_any(w, banners))
		return QUOTING_BANNER;
	if (quoting_starts_any(w, review_advice))
		return QUOTING_REVIEW_ADVICE;
	return quoting_starts_any(inner, disclaimers) || quoting_starts_any(inner, doubtful)
		       ? QUOTING_DISCLAIMER
		       : QUOTING_WORDS;
}

bool quoting_is_border(const struct quoting_line *line)
{
	switch ((enum quoting_kind) line->kind) {
	case QUOTING_WORDS:
		return quoting_is_rule(line);
	case QUOTING_DISCLAIMER:
	case QUOTING_BANNER:
	case QUOTING_REVIEW_NOTICE:
	case QUOTING_REVIEW_ADVICE:
	case QUOTING_KIND_COUNT:
		return false;
	case QUOTING_QUOTED:
	case QUOTING_TITLE:
	case QUOTING_FORWARD:
	case QUOTING_HEADER:
	case QUOTING_ATTRIBUTION:
	case QUOTING_SIGNATURE:
	case QUOTING_MACHINE:
	case QUOTING_FOOTER:
		break;
	}
	return true;
}

/* ---- several lines --------------------------------------------------------------------------- */

size_t quoting_notice_lines(const struct quoting_line *lines, size_t n)
{
	size_t k = 1;

	while (k < n && !lines[k].is_blank && !quoting_is_border(&lines[k]))
		k++;
	return k;
}

bool quoting_asks(const struct quoting_line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_asking(&lines[i]))
			return true;
	return false;
}

bool quoting_has_person(const struct quoting_line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (quoting_has_word(beginning_of(&lines[i]), persons))
			return true;
	return false;
}

/* How many of @list stand in the lines; counting ends at @enough. */
static unsigned count_words(
	const struct quoting_line *lines, size_t n, const char *const *list, unsigned enough)
{
	unsigned count = 0;

	for (; *list && count < enough; list++)
		for (size_t i = 0; i < n; i++)
			if (quoting_has(beginning_of(&lines[i]), *list)) {
				count++;
				break;
			}
	return count;
}

bool quoting_is_legal(const struct quoting_line *lines, size_t n)
{
	struct quoting_words first = without_marks(quoting_words_of(&lines[0]));
	unsigned needed = quoting_starts_any(first, disclaimers) ? 1 : 3;

	return count_words(lines, n, legal_words, needed) == needed && !quoting_asks(lines, n);
}

bool quoting_is_review_advice(const struct quoting_line *lines, size_t n)
{
	return count_words(lines, n, review_words, 1) == 1 && !quoting_has_person(lines, n) &&
	       !quoting_asks(lines, n);
}

static bool is_sentence_end(const struct quoting_line *line)
{
	return line->words_n > 0 && strchr(".!?])", line->words[line->words_n - 1]);
}

static bool goes_on_small(const struct quoting_line *line)
{
	size_t blanks = 0;

	while (blanks < line->n && strchr(" \t*", line->at[blanks]))
		blanks++;
	return blanks < line->n && line->at[blanks] >= 'a' && line->at[blanks] <= 'z';
}

static bool is_short_banner(const struct quoting_line *line)
{
	struct quoting_words w = quoting_words_of(line);

	w = without_marks(w);
	while (w.n > 0 && strchr("])\"'-:!>=", w.at[w.n - 1]))
		w.n--;
	for (const char *const *b = short_banners; *b; b++)
		if (w.n == strlen(*b) && memcmp(w.at, *b, w.n) == 0)
			return true;
	return false;
}

size_t quoting_banner_lines(const struct quoting_line *lines, size_t n)
{
	size_t k = 1;

	if (is_asking(&lines[0]))
		return 0;
	if (is_short_banner(&lines[0]))
		return 1;
	n = n < BANNER_LINES_MAX ? n : BANNER_LINES_MAX;
	/* A wrapped warning goes on where its sentence does, or with another warning. */
	while (k < n && !lines[k].is_blank && lines[k].kind == QUOTING_WORDS &&
		!is_asking(&lines[k]) && !quoting_is_rule(&lines[k]) &&
		((!is_sentence_end(&lines[k - 1]) && goes_on_small(&lines[k])) ||
			count_words(&lines[k], 1, banner_words, 2) == 2))
		k++;
	return count_words(lines, k, banner_words, 2) == 2 ? k : 0;
}
