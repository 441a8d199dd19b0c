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
 * Cuts quoted mail (">" lines, "-----Original Message-----", Outlook's From/Sent/To/Subject block,
 * "On ... wrote:" in the common European languages), signatures behind "-- ", "Sent from my ...",
 * legal disclaimers and the footer of WhatDoTheyKnow. Words between quoted lines stay.
 *
 * Return: 0; -ENOMEM.
 * Security: @text comes from anyone; time is linear in its length.
 */
int quoting_new_text(const char *text, char **ret);

#endif
