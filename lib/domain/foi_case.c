/* foi_case.c - words of a case. */
/* SPDX-License-Identifier: MIT */
#include "domain/foi_case.h"

#include <errno.h>
#include <string.h>

static const char *const state_words[FOI_CASE_STATE_COUNT] = {
	[FOI_CASE_OPEN] = "open",
	[FOI_CASE_TRIAGE] = "triage",
	[FOI_CASE_WAITING] = "waiting",
	[FOI_CASE_ANSWERED] = "answered",
	[FOI_CASE_CLOSED] = "closed",
};

static const struct {
	unsigned flag;
	const char *word;
} flag_words[] = {
	{ FOI_CASE_RECEIPT_DISPUTED, "receipt-disputed" },
	{ FOI_CASE_PROVISIONAL, "provisional" },
	{ FOI_CASE_SUBJECT_ACCESS, "subject-access" },
	{ FOI_CASE_NO_PARENT, "no-parent" },
	{ FOI_CASE_UNREADABLE, "unreadable" },
	{ FOI_CASE_NOT_ACKNOWLEDGED, "not-acknowledged" },
	{ FOI_CASE_SUSPECT, "suspect" },
	{ FOI_CASE_ADDED_QUESTIONS, "added-questions" },
	{ FOI_CASE_REVIEW_LATE, "review-late" },
	{ FOI_CASE_TOLD_OTHERWISE, "told-otherwise" },
	{ FOI_CASE_ICO, "regulator" },
	{ FOI_CASE_REPLY_UNSURE, "reply-unsure" },
	{ FOI_CASE_REBUILT, "rebuilt" },
};

const char *foi_case_state_word(enum foi_case_state state)
{
	return state_words[state];
}

int foi_case_state_of(const char *word, enum foi_case_state *ret)
{
	for (unsigned i = 0; i < FOI_CASE_STATE_COUNT; i++) {
		if (strcmp(word, state_words[i]) == 0) {
			*ret = (enum foi_case_state) i;
			return 0;
		}
	}
	return -EINVAL;
}

bool foi_case_is_live(enum foi_case_state state)
{
	return state != FOI_CASE_ANSWERED && state != FOI_CASE_CLOSED;
}

bool foi_case_is_running(enum foi_case_state state)
{
	return state == FOI_CASE_OPEN || state == FOI_CASE_TRIAGE;
}

const char *foi_case_flag_word(unsigned flag)
{
	for (size_t i = 0; i < sizeof flag_words / sizeof *flag_words; i++)
		if (flag_words[i].flag == flag)
			return flag_words[i].word;
	return NULL;
}
