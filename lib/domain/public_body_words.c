/* public_body_words.c - the words that names of authorities are made of. */
/* SPDX-License-Identifier: MIT */
#include "domain/public_body_words.h"

#include <string.h>
#include <strings.h>

const struct public_body_key public_body_endings[] = {
	{ "council", PUBLIC_BODY_COUNCIL, NULL },
	{ "corporation", PUBLIC_BODY_COUNCIL, "london" },
	{ "police", PUBLIC_BODY_POLICE, NULL },
	{ "constabulary", PUBLIC_BODY_POLICE, NULL },
	{ "trust", PUBLIC_BODY_HEALTH, "nhs" },
	{ "health board", PUBLIC_BODY_HEALTH, NULL },
	{ "integrated care board", PUBLIC_BODY_HEALTH, NULL },
	{ "icb", PUBLIC_BODY_HEALTH, NULL },
	{ "ambulance service", PUBLIC_BODY_HEALTH, NULL },
	{ "fire service", PUBLIC_BODY_FIRE, NULL },
	{ "fire and rescue service", PUBLIC_BODY_FIRE, NULL },
	{ "fire and rescue", PUBLIC_BODY_FIRE, NULL },
	{ "fire & rescue", PUBLIC_BODY_FIRE, NULL },
	{ "fire authority", PUBLIC_BODY_FIRE, NULL },
	{ "combined authority", PUBLIC_BODY_OTHER, NULL },
	{ "university", PUBLIC_BODY_UNIVERSITY, NULL },
	{ NULL, PUBLIC_BODY_NONE, NULL },
};

const struct public_body_key public_body_beginnings[] = {
	{ "ministry of", PUBLIC_BODY_CENTRAL, NULL },
	{ "department for", PUBLIC_BODY_CENTRAL, NULL },
	{ "department of", PUBLIC_BODY_CENTRAL, NULL },
	{ "university of", PUBLIC_BODY_UNIVERSITY, NULL },
	{ "borough of", PUBLIC_BODY_COUNCIL, NULL },
	{ "police service of", PUBLIC_BODY_POLICE, NULL },
	{ "cyngor", PUBLIC_BODY_COUNCIL, NULL },
	{ "heddlu", PUBLIC_BODY_POLICE, NULL },
	{ "prifysgol", PUBLIC_BODY_UNIVERSITY, NULL },
	{ "llywodraeth", PUBLIC_BODY_CENTRAL, NULL },
	{ NULL, PUBLIC_BODY_NONE, NULL },
};

const char *const public_body_known[] = { "Home Office", "Cabinet Office", "Foreign Office",
	"HM Treasury", "HM Revenue", "HMRC", "DWP", "DVLA", "DVSA", "DEFRA", "Defra", "Ofsted",
	"Ofcom", "Ofgem", "Ofwat", "Environment Agency", "Natural England",
	"Natural Resources Wales", "Historic England", "Network Rail", "National Highways",
	"Highways England", "Transport for London", "TfL", "Crown Prosecution Service",
	"NHS England", "NHS Business Services Authority", "Companies House", "Land Registry",
	"Passport Office", "Health and Safety Executive", "Planning Inspectorate",
	"Forestry England", "Metropolitan Police", "City of London Police",
	"British Transport Police", "Greater London Authority", "London Fire Brigade",
	"Welsh Government", "Scottish Government", "Driver and Vehicle Licensing Agency",
	"Bank of England", "Office for National Statistics", "Student Loans Company",
	"UK Health Security Agency", NULL };

/* Words with a capital that are no part of a name: a sentence may begin with them. */
static const char *const outside[] = { "a", "about", "after", "against", "all", "also", "an",
	"another", "any", "are", "as", "ask", "at", "attn", "because", "before", "between", "both",
	"but", "by", "can", "could", "current", "date", "dear", "did", "do", "does", "each",
	"either", "every", "fao", "for", "former", "from", "fw", "fwd", "good", "had", "has",
	"have", "hello", "her", "hi", "his", "how", "i", "if", "in", "is", "it", "its", "i'm",
	"like", "many", "may", "morning", "most", "mr", "mrs", "ms", "my", "neither", "no", "nor",
	"not", "on", "one", "or", "other", "our", "per", "please", "re", "regarding", "sent",
	"should", "since", "so", "some", "subject", "than", "that", "the", "their", "then", "these",
	"they", "this", "those", "to", "under", "unlike", "via", "was", "we", "were", "what",
	"when", "where", "which", "while", "who", "whose", "why", "will", "with", "would", "you",
	"your", "annwyl", "y", "yr", "eich", "ein" };

/* Words of a name that tell no body from another. */
static const char *const common[] = { "and", "authority", "band", "board", "borough", "boroughs",
	"care", "city", "combined", "community", "constabulary", "council", "county", "district",
	"fire", "foundation", "greater", "health", "hospital", "hospitals", "local", "london",
	"metropolitan", "metro", "new", "nhs", "of", "parish", "police", "rescue", "royal",
	"school", "service", "services", "special", "student", "students", "teaching", "town",
	"trust", "unitary", "university", "upon", "youth", "&", "cyngor", "sir", "heddlu",
	"dinas" };

static const char *const joining[] = { "of", "and", "&", "upon", "on", "the", "in", "for", "with" };

/* "Council tax" is no council. */
static const char *const no_council[] = { "tax", "house", "houses", "housing", "tenant", "tenants",
	"estate", "estates", "flat", "flats", "chamber", "chambers" };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

bool public_body_is_word(const struct public_body_word *w, const char *text)
{
	return w->n == strlen(text) && strncasecmp(w->at, text, w->n) == 0;
}

static bool is_any(const struct public_body_word *w, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (public_body_is_word(w, list[i]))
			return true;
	return false;
}

bool public_body_is_joining(const struct public_body_word *w)
{
	return is_any(w, joining, COUNT(joining));
}

bool public_body_is_name(const struct public_body_word *w)
{
	return w->is_capital && !is_any(w, outside, COUNT(outside));
}

bool public_body_is_distinct(const struct public_body_word *w)
{
	return public_body_is_name(w) && !is_any(w, common, COUNT(common)) && w->n > 1;
}

bool public_body_is_no_council(const struct public_body_word *w)
{
	return is_any(w, no_council, COUNT(no_council));
}
