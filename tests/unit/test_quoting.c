/* test_quoting.c - the writer's own words, out of what mail programs wrap around them. */
/* SPDX-License-Identifier: MIT */
#include "domain/quoting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define OLD	  "\n\nYour request was received.\n"
#define WDTK_RULE "-------------------------------------------------------------------\n"

static const struct row {
	const char *why;
	const char *text;
	const char *wanted;
} rows[] = {
	{ "nothing to cut", "Dear FOI,\n\nHow many cats?\n", "Dear FOI,\n\nHow many cats?\n" },
	{ "an empty text", "", "" },
	{ "blank lines at the ends", "\n\nHi\n\n\n\nthere\n\n", "Hi\n\nthere\n" },
	{ "everything quoted", "> one\n> two\n", "" },
	{ "top reply, Gmail",
		"I ask for a review.\n\nOn Mon, 1 Jun 2026 at 10:00, FOI <foi@example.net> "
		"wrote:\n\n"
		"> Your request\n> was received.\n",
		"I ask for a review.\n" },
	{ "Gmail's line folded over two",
		"Hi.\n\nOn Mon, 1 Jun 2026 at 10:00, Freedom of Information Team <\n"
		"foi@example.net> wrote:\n\n> Old\n",
		"Hi.\n" },
	{ "Apple Mail",
		"Hi.\n\n> On 1 Jun 2026, at 10:00, FOI <foi@example.net> wrote:\n> \n> Old\n",
		"Hi.\n" },
	{ "an attribution with nothing marked below", "Hi.\n\nOn 1 Jun 2026, FOI wrote:" OLD,
		"Hi.\n" },
	{ "bottom reply", "On 1 Jun 2026, FOI wrote:\n> Old\n\nNew words.\n", "New words.\n" },
	{ "interleaved reply",
		"On 1 Jun 2026, FOI wrote:\n> Question one\nAnswer one.\n> Question two\nAnswer "
		"two.\n",
		"Answer one.\n\nAnswer two.\n" },
	{ "Outlook in English",
		"Hi.\n\n________________________________\nFrom: FOI <foi@example.net>\n"
		"Sent: 01 June 2026 10:00\nTo: Jane Example\nSubject: FOI 000001/26" OLD,
		"Hi.\n" },
	{ "Outlook with stars", "Hi.\n\n*From:* FOI\n*Sent:* 1 June\n*To:* Jane\n*Subject:* x" OLD,
		"Hi.\n" },
	{ "Outlook in German", "Hallo.\n\nVon: FOI\nGesendet: Montag\nAn: Jane\nBetreff: x" OLD,
		"Hallo.\n" },
	{ "Outlook in French", "Bonjour.\n\nDe : FOI\nEnvoyé : lundi\nÀ : Jane\nObjet : x" OLD,
		"Bonjour.\n" },
	{ "Outlook in Spanish", "Hola.\n\nDe: FOI\nEnviado el: lunes\nPara: Jane\nAsunto: x" OLD,
		"Hola.\n" },
	{ "Outlook in Italian", "Ciao.\n\nDa: FOI\nInviato: lunedi\nA: Jane\nOggetto: x" OLD,
		"Ciao.\n" },
	{ "Outlook in Dutch", "Hallo.\n\nVan: FOI\nVerzonden: maandag\nAan: Jane\nOnderwerp: x" OLD,
		"Hallo.\n" },
	{ "Outlook in Welsh", "Helo.\n\nOddi wrth: FOI\nAnfonwyd: dydd Llun\nAt: Jane\nPwnc: x" OLD,
		"Helo.\n" },
	{ "Outlook in Polish", "Witam.\n\nOd: FOI\nWysłano: poniedziałek\nDo: Jane\nTemat: x" OLD,
		"Witam.\n" },
	{ "From in a sentence is no header", "From: the start I asked.\nMore.\nTo be clear.\n",
		"From: the start I asked.\nMore.\nTo be clear.\n" },
	{ "Original Message", "Hi.\n-----Original Message-----\nFrom: FOI" OLD, "Hi.\n" },
	{ "Original Message in German", "Hallo.\n-----Ursprüngliche Nachricht-----" OLD,
		"Hallo.\n" },
	{ "Original Message in Welsh", "Helo.\n-----Neges Wreiddiol-----" OLD, "Helo.\n" },
	{ "a forwarded block", "See below.\n\n---------- Forwarded message ---------\nFrom: x" OLD,
		"See below.\n" },
	{ "Apple's forwarded block", "See below.\n\nBegin forwarded message:\n\n> From: x\n",
		"See below.\n" },
	{ "Lotus Notes", "Hi.\n\nFOI Team/Example wrote on 01/06/2026 10:00:00:" OLD, "Hi.\n" },
	{ "Lotus Notes with hyphens", "Hi.\n\n-----FOI Team/Example wrote: -----" OLD, "Hi.\n" },
	{ "German", "Hallo.\n\nAm 01.06.2026 um 10:00 schrieb FOI:\n> Alt\n", "Hallo.\n" },
	{ "German, verb last", "Hallo.\n\nAm 01.06.2026 hat FOI geschrieben:\n> Alt\n",
		"Hallo.\n" },
	{ "French", "Bonjour.\n\nLe lun. 1 juin 2026 à 10:00, FOI a écrit :\n> Vieux\n",
		"Bonjour.\n" },
	{ "Spanish", "Hola.\n\nEl lun, 1 jun 2026 a las 10:00, FOI escribió:\n> Viejo\n",
		"Hola.\n" },
	{ "Italian", "Ciao.\n\nIl giorno lun 1 giu 2026 FOI ha scritto:\n> Vecchio\n", "Ciao.\n" },
	{ "Dutch", "Hallo.\n\nOp ma 1 jun 2026 om 10:00 schreef FOI:\n> Oud\n", "Hallo.\n" },
	{ "Welsh", "Helo.\n\nAr 1 Mehefin 2026 ysgrifennodd FOI:\n> Hen\n", "Helo.\n" },
	{ "Polish", "Witam.\n\nW dniu 1.06.2026 o 10:00, FOI napisał(a):\n> Stare\n", "Witam.\n" },
	{ "a person who wrote is no attribution",
		"On Monday I wrote:\nplease answer.\nHow many cats?\n",
		"On Monday I wrote:\nplease answer.\nHow many cats?\n" },
	{ "a signature", "Hi.\n-- \nJane Example\nTown\n", "Hi.\n" },
	{ "a signature above quoted mail", "Hi.\n-- \nJane\n\n> Old\nMore words.\n",
		"Hi.\n\nMore words.\n" },
	{ "two hyphens before a few lines", "Hi.\n--\nJane\n", "Hi.\n" },
	{ "two hyphens before much text",
		"Hi.\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n",
		"Hi.\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n" },
	{ "Sent from my phone", "Hi.\n\nSent from my iPhone\n", "Hi.\n" },
	{ "Sent from my phone, above words", "Hi.\n\nSent from my iPhone\n\nMore.\n",
		"Hi.\n\nMore.\n" },
	{ "Outlook for iOS", "Hi.\n\nGet Outlook for iOS<https://example.com>\n", "Hi.\n" },
	{ "a French phone", "Bonjour.\n\nEnvoyé de mon iPhone\n", "Bonjour.\n" },
	{ "a disclaimer",
		"Hi.\n\nThis email and any attachments are confidential.\nThey are for the "
		"recipient.\n"
		"\nIf you have received this in error, tell us.\n",
		"Hi.\n" },
	{ "a request that starts like a disclaimer",
		"This email and any reply you send will be shown to my members.\nHow many cats?\n",
		"This email and any reply you send will be shown to my members.\nHow many "
		"cats?\n" },
	{ "words after a disclaimer",
		"Hi.\n\nThis message is intended for the addressee.\n\nHow many cats?\n",
		"Hi.\n\nHow many cats?\n" },
	{ "a question about confidential things is no disclaimer",
		"Please send the policy.\nThis email and any confidential reply\n",
		"Please send the policy.\nThis email and any confidential reply\n" },
	{ "WhatDoTheyKnow",
		"Dear Example Council,\n\nHow many cats?\n\nYours faithfully,\n\nJane\n\n" WDTK_RULE
		"Please use this email address for all replies to this request:\n"
		"request-1-abcdef01@example.com\n\nDisclaimer: This message and any reply that you "
		"make will be published on the internet.\n" WDTK_RULE,
		"Dear Example Council,\n\nHow many cats?\n\nYours faithfully,\n\nJane\n" },
	{ "WhatDoTheyKnow with an old mail",
		"Please review.\n\nJane\n\n-----Original Message-----\n\nOld\n\n" WDTK_RULE
		"Please use this email address for all replies to this request:\nx\n",
		"Please review.\n\nJane\n" },
	{ "our own letter quoted with marks",
		"Thank you.\n\n> Your right to request a review\n> You may ask for a review.\n",
		"Thank you.\n" },
	{ "our own letter quoted without marks",
		"Thank you.\n\nYour right to request a review\n\nIf you are unhappy you may ask us "
		"to review the decision.\n\nThe Information Commissioner may be asked.\n",
		"Thank you.\n" },
	{ "words of the writer below our own letter",
		"Your Right to Request a Review of Decisions Made\nUnder the Act.\n\nYou may ask "
		"for a "
		"review.\n\nI want to know more about cats.\n",
		"I want to know more about cats.\n" },
	{ "no line end at the end", "Hi.", "Hi." },
};

static void test_rows(void **state)
{
	unsigned wrong = 0;

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *have = NULL;

		assert_int_equal(quoting_new_text(rows[i].text, &have), 0);
		if (strcmp(have, rows[i].wanted) != 0) {
			print_error("%s: \"%s\"\n", rows[i].why, have);
			wrong++;
		}
		free(have);
	}
	assert_int_equal(wrong, 0);
}

/* Lines that each look far ahead must not make the time quadratic. */
static void test_linear(void **state)
{
	static const char *const lines[] = { "\n", ">\n", "--\n", "-- \n", "On 1 a\n", "From: a\n",
		"This email and any\n", "This email and any\n\n",
		"Your right to request a review\n\n", "-----a\n", "Please use this email\n",
		"Sent from my a\n", "On 1 wrote:\n\n>\n", "intended\n", "I\n", "a wrote " };

	(void) state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		size_t n = strlen(lines[i]);
		size_t times = 1024 * 1024 / n;
		char *text = malloc(times * n + 1);
		char *have = NULL;
		clock_t start = clock();

		assert_non_null(text);
		for (size_t k = 0; k < times; k++)
			memcpy(text + k * n, lines[i], n);
		text[times * n] = '\0';
		assert_int_equal(quoting_new_text(text, &have), 0);
		if (strlen(have) > times * n)
			fail_msg("grew: %s", lines[i]);
		if ((double) (clock() - start) / CLOCKS_PER_SEC > 8)
			fail_msg("too slow: %s", lines[i]);
		free(have);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
