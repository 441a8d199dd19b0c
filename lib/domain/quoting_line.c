/* quoting_line.c - what single lines of a mail's text are.
 *
 * The words are those that mail programs write by themselves, in the languages of the people who
 * write to authorities of the United Kingdom.
 *
 * Security: a stranger's text; each line is compared with fixed lists, and joined with at most
 * three that follow. */
/* SPDX-License-Identifier: MIT */
#include "domain/quoting_line.h"

#include <string.h>
#include <strings.h>

enum {
	ATTRIBUTION_LINES_MAX = 4,
	ATTRIBUTION_MAX = 500,
	BLOCK_LINES_MAX = 8, /* of From, Sent, To, Subject */
	SHORT_LINE_MAX = 120,
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* What stands between the hyphens of "-----Original Message-----". */
static const char *const old_mail_titles[] = { "original message", "original appointment",
	"original email", "forwarded message", "forwarded by", "ursprüngliche nachricht",
	"originalnachricht", "original-nachricht", "weitergeleitete nachricht", "message d'origine",
	"message d’origine", "message original", "message transféré", "mensaje original",
	"mensaje reenviado", "messaggio originale", "messaggio inoltrato", "oorspronkelijk bericht",
	"doorgestuurd bericht", "neges wreiddiol", "neges a anfonwyd ymlaen",
	"wiadomość oryginalna", "oryginalna wiadomość", "wiadomość przekazana", "mensagem original",
	"reply message", "wrote:" };

static const char *const old_mail_starts[] = { "begin forwarded message:", "reply above this line",
	"anfang der weitergeleiteten nachricht:", "début du message réexpédié",
	"inizio messaggio inoltrato:", "inicio del mensaje reenviado:",
	"begin doorgestuurd bericht:", "początek przekazywanej wiadomości:" };

/* "On ... wrote:" by its first and its last words. */
static const struct attribution {
	const char *first;
	const char *last;
} attributions[] = {
	{ "on ", "wrote:" },
	{ "on ", "writes:" },
	{ "le ", "écrit :" },
	{ "le ", "écrit:" },
	{ "le ", "écrit\xC2\xA0:" },
	{ "am ", "schrieb:" },
	{ "am ", ":" }, /* "Am 1.6.2026 um 10:00 schrieb Jane Example:" */
	{ "el ", "escribió:" },
	{ "il ", "scritto:" },
	{ "op ", "geschreven:" },
	{ "op ", ":" }, /* "Op ma 1 jun. 2026 om 10:00 schreef Jane Example:" */
	{ "ar ", "ysgrifennodd:" },
	{ "ar ", ":" }, /* "Ar 1 Mehefin 2026 ysgrifennodd Jane Example:" */
	{ "w dniu ", "napisał(a):" },
	{ "w dniu ", "napisał:" },
	{ "w dniu ", "napisała:" },
	{ "w dniu ", "pisze:" },
	{ "em ", "escreveu:" },
};

/* The verb that must stand within where the last word is only a colon. */
static const char *const inner_verbs[] = { "schrieb", "schreef", "ysgrifennodd" };

/* The fields of a header that a mail program wrote into the text. */
static const char *const from_fields[] = { "from:", "von:", "de :", "de:", "da:", "van:", "od:",
	"oddi wrth:", "oddi wrth/from:", "from/oddi wrth:" };
static const char *const other_fields[] = { "sent:", "date:", "to:", "cc:", "subject:", "reply-to:",
	"gesendet:", "datum:", "an:", "betreff:", "envoyé :", "envoyé:", "date :", "à :", "à:",
	"objet :", "objet:", "enviado:", "enviado el:", "fecha:", "para:", "asunto:", "inviato:",
	"data:", "a:", "oggetto:", "verzonden:", "aan:", "onderwerp:", "anfonwyd:", "at:", "i:",
	"dyddiad:", "pwnc:", "wysłano:", "do:", "temat:", "importance:" };

static const char *const devices[] = { "sent from my ", "sent from mail for windows",
	"sent from outlook", "sent from yahoo", "sent from aol", "sent from gmail", "sent via ",
	"sent using ", "sent with proton", "sent from proton", "get outlook for ", "von meinem ",
	"gesendet von ", "gesendet mit ", "envoyé de mon ", "envoyé depuis ", "envoyé à partir de ",
	"enviado desde ", "inviato da", "verstuurd vanaf ", "verzonden vanaf ", "anfonwyd o fy ",
	"wysłano z ", "wysłane z ", "do you yahoo", "sent on the go" };

static const char *const disclaimers[] = { "this email and any", "this e-mail and any",
	"this email (and any", "this e-mail (and any", "this email, and any",
	"this e-mail, and any", "this email (including", "this e-mail (including",
	"this email, including", "this email is confidential", "this e-mail is confidential",
	"this email message", "this e-mail message", "this message (including",
	"this message and any", "this message contains", "this email contains",
	"this e-mail contains", "this message is intended", "this email is intended",
	"this e-mail is intended", "this communication", "this transmission",
	"the information in this", "the information contained in this",
	"the information transmitted", "the contents of this", "the content of this",
	"the sender does not accept", "disclaimer", "*disclaimer", "confidentiality",
	"confidential:", "important notice", "important:", "legal notice",
	"notice:", "if you are not the", "if you have received this", "if you received this",
	"please consider the environment", "please think before", "please note that this email",
	"emails aren't always secure", "internet communications", "email communications",
	"all emails sent", "all e-mails sent", "virus-free", "this email has been scanned",
	"this e-mail has been scanned", "this message has been scanned", "we may monitor",
	"mae'r e-bost hwn", "mae’r e-bost hwn", "mae'r neges hon", "diese e-mail",
	"diese nachricht", "der inhalt dieser", "ce message", "ce courriel", "este mensaje",
	"este correo", "questo messaggio", "la presente email", "dit bericht", "deze e-mail",
	"ta wiadomość", "niniejsza wiadomość" };

/* One of these must stand in the paragraph: "This email and any reply..." may be a request. */
static const char *const legal_words[] = { "confidential", "intended", "recipient", "privileged",
	"virus", "monitor", "disclos", "addressee", "in error", "before printing", "printing this",
	"cyfrinachol", "vertraulich", "empfänger", "confidentiel", "destinataire", "confidencial",
	"destinatario", "riservat", "vertrouwelijk", "geadresseerde", "poufn", "adresat" };

static const char *const footers[] = {
	"please use this email address for all replies to this request",
	"disclaimer: this message and any reply that you make will be published on the internet",
};

/* A line without the blanks around it. */
struct words {
	const char *at;
	size_t n;
};

static struct words trim(const struct quoting_line *line)
{
	struct words w = { line->at, line->n };

	while (w.n > 0 && (*w.at == ' ' || *w.at == '\t')) {
		w.at++;
		w.n--;
	}
	while (w.n > 0 && (w.at[w.n - 1] == ' ' || w.at[w.n - 1] == '\t'))
		w.n--;
	return w;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

/* @prefix is in lower case. Most lines differ in their first letter: that is asked first. */
static bool starts(struct words w, const char *prefix)
{
	size_t n;

	if (w.n == 0 || lower(*w.at) != *prefix)
		return false;
	n = strlen(prefix);
	return w.n >= n && strncasecmp(w.at, prefix, n) == 0;
}

static bool ends(struct words w, const char *suffix)
{
	size_t n = strlen(suffix);

	return w.n >= n && strncasecmp(w.at + w.n - n, suffix, n) == 0;
}

static bool starts_any(struct words w, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (starts(w, list[i]))
			return true;
	return false;
}

/* Whether @needle, in lower case, stands in the line. */
static bool has(struct words w, const char *needle)
{
	size_t n = strlen(needle);

	for (size_t i = 0; i + n <= w.n; i++)
		if (lower(w.at[i]) == *needle && strncasecmp(w.at + i, needle, n) == 0)
			return true;
	return false;
}

bool quoting_is_blank(const struct quoting_line *line)
{
	struct words w = trim(line);

	return w.n == 0 || (w.n == 2 && memcmp(w.at, "\xC2\xA0", 2) == 0);
}

bool quoting_is_rule(const struct quoting_line *line)
{
	struct words w = trim(line);

	if (w.n < 10 || !strchr("-_=*", *w.at))
		return false;
	for (size_t i = 1; i < w.n; i++)
		if (w.at[i] != *w.at)
			return false;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

bool quoting_has_person(const struct quoting_line *line)
{
	static const char *const persons[] = { "I", "My", "my", "me" };

	for (size_t i = 0; i < line->n; i++) {
		if (i > 0 && is_letter(line->at[i - 1]))
			continue;
		for (size_t k = 0; k < COUNT(persons); k++) {
			size_t n = strlen(persons[k]);

			if (line->n - i >= n && memcmp(line->at + i, persons[k], n) == 0 &&
				(i + n == line->n || !is_letter(line->at[i + n])))
				return true;
		}
	}
	return false;
}

bool quoting_is_legal(const struct quoting_line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < COUNT(legal_words); k++)
			if (has(trim(&lines[i]), legal_words[k]))
				return true;
	return false;
}

static bool is_quoted(struct words w)
{
	return w.n > 0 && *w.at == '>';
}

/* "-----Original Message-----", "---- Forwarded message ---- ", "-----Jane wrote: -----" */
static bool is_titled_rule(struct words w)
{
	struct words inner = w;

	if (w.n > SHORT_LINE_MAX || !starts(w, "--"))
		return false;
	while (inner.n > 0 && (*inner.at == '-' || *inner.at == ' ')) {
		inner.at++;
		inner.n--;
	}
	while (inner.n > 0 && (inner.at[inner.n - 1] == '-' || inner.at[inner.n - 1] == ' '))
		inner.n--;
	return ends(inner, "wrote:") || starts_any(inner, old_mail_titles, COUNT(old_mail_titles));
}

/* Outlook's "*From:* Jane" in plain text. */
static struct words without_stars(struct words w)
{
	while (w.n > 0 && *w.at == '*') {
		w.at++;
		w.n--;
	}
	return w;
}

/* A From line with at least two more fields of a header right below it. */
static bool is_header_block(const struct quoting_line *lines, size_t i, size_t n)
{
	unsigned fields = 0;
	size_t end = n - i > BLOCK_LINES_MAX ? i + BLOCK_LINES_MAX : n;

	if (!starts_any(without_stars(trim(&lines[i])), from_fields, COUNT(from_fields)))
		return false;
	for (size_t k = i + 1; k < end && fields < 2; k++)
		fields += starts_any(
			without_stars(trim(&lines[k])), other_fields, COUNT(other_fields));
	return fields >= 2;
}

static bool has_digit(struct words w)
{
	for (size_t i = 0; i < w.n; i++)
		if (w.at[i] >= '0' && w.at[i] <= '9')
			return true;
	return false;
}

static bool has_verb(struct words w)
{
	for (size_t i = 0; i < COUNT(inner_verbs); i++)
		if (has(w, inner_verbs[i]))
			return true;
	return false;
}

static bool is_attribution(struct words w)
{
	if (!has_digit(w))
		return false;
	for (size_t i = 0; i < COUNT(attributions); i++)
		if (starts(w, attributions[i].first) && ends(w, attributions[i].last) &&
			(strcmp(attributions[i].last, ":") != 0 || has_verb(w)))
			return true;
	/* Lotus Notes: "Jane Example/Org wrote on 01/06/2026 10:00:00:" */
	return ends(w, ":") && (has(w, " wrote on ") || has(w, "> wrote:") || has(w, ") wrote:"));
}

static bool may_start_attribution(struct words w)
{
	for (size_t i = 0; i < COUNT(attributions); i++)
		if (starts(w, attributions[i].first))
			return true;
	return has(w, " wrote");
}

/* Number of lines of the attribution that starts at @i; 0: none does. */
static unsigned attribution_lines(const struct quoting_line *lines, size_t i, size_t n)
{
	char joined[ATTRIBUTION_MAX];
	size_t length = 0;

	if (!may_start_attribution(trim(&lines[i])))
		return 0;
	for (unsigned k = 0; k < ATTRIBUTION_LINES_MAX && i + k < n; k++) {
		struct words w = trim(&lines[i + k]);

		if (w.n == 0 || is_quoted(w) || length + w.n + 1 > sizeof joined)
			return 0;
		if (k > 0)
			joined[length++] = ' ';
		memcpy(joined + length, w.at, w.n);
		length += w.n;
		if (is_attribution((struct words){ joined, length }))
			return k + 1;
	}
	return 0;
}

static bool is_signature(const struct quoting_line *line)
{
	return (line->n == 3 && memcmp(line->at, "-- ", 3) == 0) ||
	       (line->n == 2 && memcmp(line->at, "--", 2) == 0);
}

static bool is_review_notice(struct words w)
{
	while (w.n > 0 && strchr("*#_ ", *w.at)) {
		w.at++;
		w.n--;
	}
	return w.n < SHORT_LINE_MAX && (starts(w, "your right to request a review") ||
					       starts(w, "your right to ask for a review") ||
					       starts(w, "eich hawl i ofyn am adolygiad"));
}

static enum quoting_kind kind_of(struct quoting_line *lines, size_t i, size_t n)
{
	struct words w = trim(&lines[i]);

	if (w.n == 0)
		return QUOTING_WORDS;
	if (lines[i].is_quoted)
		return QUOTING_QUOTED;
	if (is_titled_rule(w) || is_header_block(lines, i, n) ||
		starts_any(w, old_mail_starts, COUNT(old_mail_starts)))
		return QUOTING_OLD_MAIL;
	if (is_signature(&lines[i]))
		return QUOTING_SIGNATURE;
	if (starts_any(w, footers, COUNT(footers)))
		return QUOTING_FOOTER;
	if (is_review_notice(w))
		return QUOTING_REVIEW_NOTICE;
	if (w.n <= SHORT_LINE_MAX && starts_any(w, devices, COUNT(devices)))
		return QUOTING_DEVICE;
	if (starts_any(w, disclaimers, COUNT(disclaimers)))
		return QUOTING_DISCLAIMER;
	lines[i].span = attribution_lines(lines, i, n);
	return lines[i].span > 0 ? QUOTING_ATTRIBUTION : QUOTING_WORDS;
}

void quoting_classify(struct quoting_line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		lines[i].is_quoted = is_quoted(trim(&lines[i]));
	for (size_t i = 0; i < n; i++)
		lines[i].kind = kind_of(lines, i, n);
}
