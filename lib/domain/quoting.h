/* quoting.h - what the writer of a mail wrote now, without what is quoted, signed or appended.
 *
 * The whole text is kept elsewhere: cutting only decides what triage judges. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_QUOTING_H
#define DOMAIN_QUOTING_H

/**
 * quoting_new_text - the writer's own words.
 * @text: UTF-8 with LF line ends, at most LETTER_TEXT_MAX bytes
 * @ret:  heap copy, to be freed by the caller; "" if everything is quoted
 *
 * Cuts quoted and forwarded mail in the forms that mail programs give it, in the languages of
 * quoting_language.c; signatures behind "-- " and "Sent from my ..."; legal notices, warnings of
 * gateways above the text, the footer of WhatDoTheyKnow and what our own letters say of reviews.
 * Words between quoted lines stay, and so does whatever a person may have written: a caller that
 * gets "" for a text with words in it reads all of them.
 *
 * Return: 0; -ENOMEM.
 * Security: @text comes from anyone; time is linear in its length.
 */
int quoting_new_text(const char *text, char **ret);

#endif
