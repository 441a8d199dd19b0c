/* smtp_scene.h - one short mail to a server that plays a script, and the usual lines of such a script. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_SMTP_SCENE_H
#define SUPPORT_SMTP_SCENE_H

#include <stdint.h>

#include "tests/support/smtp_script.h"

#define HELLO "S: 220 mail.example.org ESMTP", "C: EHLO foi.example.org"
#define EHLO  HELLO, "S: 250-mail.example.org", "S: 250 ENHANCEDSTATUSCODES"
#define MAIL  "= MAIL FROM:<foi@example.org>", "S: 250 2.1.0 ok"
#define RCPT  "= RCPT TO:<jane@example.net>", "S: 250 2.1.5 ok"
#define DATA  "= DATA", "S: 354 go on"
#define TAKEN "S: 250 2.0.0 queued as 4711"
#define QUIT  "= QUIT", "S: 221 bye"

/* Three lines, of which two begin with a dot. */
extern const char smtp_scene_letter[];

/* Delivers it from foi@example.org to jane@example.net. Return: as smtp_deliver(). */
int smtp_scene_deliver(struct smtp *s, long deadline_ms, struct smtp_verdict *v, struct fault *f);

int64_t smtp_scene_ms(void); /* of a clock that only goes forward */

#endif
