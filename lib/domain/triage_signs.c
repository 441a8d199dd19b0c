/* triage_signs.c - the signs by which a mail shows that it asks for information.
 *
 * Law: FOI 2000 s.8(1): in writing, a name, an address, a description of the information. No magic
 *      words; so a question or a demand is a sign as good as the name of the Act. EIR 2004 has no
 *      form at all. */
/* SPDX-License-Identifier: MIT */
#include "domain/triage_view.h"

static const char *const law_names[] = { "freedom of information", "foi", "foia", "f.o.i", "f.o.i.",
	"fois", "environmental information regulation%", "eir", "eirs", "foisa",
	"information (scotland) act", "rhyddid gwybodaeth", "gwybodaeth amgylcheddol", NULL };

/* In a reference the letters name no law: "thank you for FOI 000012/26" asks for nothing. */
static const char *const in_reference[] = { "foi 0%", "foi 1%", "foi 2%", "foi 3%", "foi 4%",
	"foi 5%", "foi 6%", "foi 7%", "foi 8%", "foi 9%", "foi-0%", "foi-1%", "foi-2%", "foi-3%",
	"foi-4%", "foi-5%", "foi-6%", "foi-7%", "foi-8%", "foi-9%", "foi ref%", "foi no%",
	"0%/% foi", NULL };

static const char *const demands[] = { "please provide", "please could you", "please can you",
	"please would you", "please send", "please supply", "please disclose", "please release",
	"please confirm", "please tell", "please let me have", "please let me know",
	"please advise", "please state", "please list", "please give", "please share",
	"please specify", "please explain", "please detail", "please outline", "please also",
	"please answer", "please furnish", "kindly provide", "kindly send", "kindly confirm",
	"can you please", "could you please", "can you * send", "could you * send",
	"can you * provide", "could you * provide", "can you * tell", "could you * tell",
	"can you * confirm", "could you * confirm", "can you * supply", "could you * supply",
	"can you * let me", "could you * let me", "could i * have", "can i * have", "may i * have",
	"could i * see", "can i * see", "i would like to know", "i would like to request",
	"i would like to ask", "i would like to see", "i would like to obtain",
	"i would like to receive", "i would like to have", "i would like * information",
	"i would like * cop%", "i would like * details", "i'd like to know", "i'd like to request",
	"i'd like to ask", "i'd like to see", "i'd like * information", "i'd like * cop%",
	"i wish to request", "i wish to know", "i wish to obtain", "i wish to see",
	"i wish to receive", "to request information", "to request the following",
	"to request cop%", "to request a cop%", "i request", "i hereby request", "i am requesting",
	"i'm requesting", "i am asking", "i am seeking", "i'm seeking", "i want to know",
	"i want to see", "i need to know", "i require", "we request", "we would like",
	"we are requesting", "request for information", "requesting information",
	"request for disclosure", "information request", "make a request", "making a request",
	"be grateful if you", "be grateful for", "appreciate it if you could",
	"the following information", "the following questions", "a copy of", "copies of",
	"i should like", "asking you to provide", "request the following", "request access to",
	"send me", "send us", "tell me", "tell us", "give me", "provide me with", "supply me",
	"pls", "plz", "can u", "could u", "i am interested in", "i'm interested in",
	"add to my request", "please include", "rhowch", "anfonwch", "darparwch", "a allwch",
	"allwch chi", "a wnewch", "hoffwn wybod", "hoffwn gael", "hoffwn ofyn", "hoffwn wneud cais",
	"hoffem wybod", "gofyn am wybodaeth", "cais am wybodaeth", "yn gofyn am", "dywedwch wrth%",
	"copi o", "copiau o", "a fyddech cystal", "a fyddech chi", NULL };

/* Sentences that sound like demands and ask for no information. */
static const char *const no_demands[] = { "confirm receipt", "acknowledge receipt",
	"confirm that you have received", "let me know if you need", "let me know if you have any",
	"let me know if you require", "let us know if you", "do not hesitate", "request has been",
	"your request", "have a * day", "i hope you", "please note", "unsubscribe",
	"give me a call", "give me a ring", "let me know if you are interested",
	"let me know if you're interested", "interested in working", "that you send us", NULL };

/* What absence notes and receipts ask everybody. */
static const char *const robot_talk[] = { "urgent%", "absence", "contact%", "e-mail%", "email%",
	"your message%", "your mail", "instead", "return", "colleague%", "if you", "if your",
	"ticket%", "reference number", "case number", "incident%", "confirm receipt",
	"acknowledge receipt", "your request", "please note", "reply above", "unsubscribe", NULL };

/* Newsletters are full of questions, but not of these. */
static const char *const questions_to_us[] = { "how many * do you", "how many * did you",
	"how many * have you", "how much * do you spend", "how much * did you",
	"how much * have you", "do you hold", "do you record", "does the council",
	"does the authority", "does the force", "did the council", "has the council", NULL };

static const char *const pleasantries[] = { "how are you", "are you well", "you are well",
	"how are things", "hope * well", "know what i mean", "confirm receipt",
	"acknowledge receipt", "sut mae", NULL };

static const char *const new_plainly[] = { "new request", "new foi", "new freedom of information",
	"new eir", "fresh request", "further request", "further foi", "another request",
	"another foi", "second request", "separate request", "separate foi", "additional request",
	"additional foi", "following new", "cais newydd", "cais pellach", "cais arall", NULL };

static const char *const new_besides[] = { "also * like to request", "also * like to know",
	"also * like to ask", "also * like to receive", "also * like to see", "also request",
	"also requesting", "also asking", "please also provide", "please also send",
	"please also tell", "please also supply", "also please provide", "also please send",
	"also please tell", "could you also", "can you also", "also how many", "also how much",
	"in addition please", "in addition i", "separately please", "separately i", "hoffwn hefyd",
	"hefyd hoffwn", NULL };

/* What belongs to the old request though it says "new" or "also". */
#define NOT_NEW                                                                                    \
	"not a new", "not a fresh", "rather than a new", "instead of a new", "submit a new",       \
		"need to make a new", "have to make a new", "treat * as a new", "should i make",   \
		"i requested", "i asked for", "i had requested", "originally requested",           \
		"originally asked", "i already", "explain", "why", "confirm receipt",              \
		"acknowledge"

static const char *const not_plainly_new[] = { NOT_NEW, NULL };

static const char *const not_new[] = { NOT_NEW, "internal review", "review of", "adolygiad",
	"complain%", NULL };

static const char *const under_the_law[] = { "under the freedom of information act",
	"under the foi act", "under foi", "under the foia", "under foia",
	"under the environmental information regulations", "under the eir", "under eir",
	"under foisa", "under the freedom of information (scotland) act", "o dan y ddeddf rhyddid%",
	NULL };

static const char *const nothing[] = { NULL };

/* In a reply the subject is somebody else's. */
struct triage_span triage_find_in_both(
	const struct triage_view *v, const char *const *patterns, const char *const *exceptions)
{
	struct triage_span span = { NULL, 0 };

	if (!v->is_reply)
		span = triage_words_unless(v->subject, patterns, exceptions);
	return span.at ? span : triage_words_unless(v->words, patterns, exceptions);
}

struct triage_span triage_plain_request(const struct triage_view *v)
{
	struct triage_span span = triage_find_in_both(v, law_names, in_reference);

	return span.at ? span : triage_find_in_both(v, demands, no_demands);
}

struct triage_span triage_question(const struct triage_view *v)
{
	return triage_words_question(v->words, pleasantries);
}

struct triage_span triage_demand(const struct triage_view *v, const char *const *exceptions)
{
	return triage_words_unless(v->words, demands, exceptions ? exceptions : no_demands);
}

bool triage_names_law(const char *words)
{
	return triage_words_any(words, law_names).at != NULL;
}

struct triage_span triage_sign_of_request(const struct triage_view *v)
{
	struct triage_span span = triage_plain_request(v);

	if (!span.at && !v->is_reply)
		span = triage_words_question(v->subject, pleasantries);
	return span.at ? span : triage_question(v);
}

struct triage_span triage_demand_of_robot(const struct triage_view *v)
{
	return triage_demand(v, robot_talk);
}

struct triage_span triage_question_to_us(const struct triage_view *v)
{
	return triage_words_unless(v->words, questions_to_us, nothing);
}

struct triage_span triage_request_besides(
	const struct triage_view *v, const char *const *exceptions)
{
	return triage_words_unless(v->words, new_besides, exceptions);
}

struct triage_span triage_new_request(const struct triage_view *v, bool plain)
{
	struct triage_span span = triage_find_in_both(v, new_plainly, not_plainly_new);

	if (!span.at && plain) {
		span = triage_words_unless(v->words, under_the_law, not_new);
		/* Naming the law is one thing, asking under it another; whoever thanks "for your
		 * request" under it asks nothing either. */
		if (span.at && !(triage_demand(v, not_new).at && triage_demand(v, NULL).at))
			span.at = NULL;
	} else if (!span.at) {
		span = triage_words_unless(v->words, new_besides, not_new);
	}
	return span;
}
