/* smtp_scene.c - one short mail to a server that plays a script. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/smtp_scene.h"

#include <string.h>
#include <time.h>

const char smtp_scene_letter[] = "Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n";

int smtp_scene_deliver(struct smtp *s, long deadline_ms, struct smtp_verdict *v, struct fault *f)
{
	*v = (struct smtp_verdict){ .code = 999 };
	return smtp_deliver(s, "foi@example.org", "jane@example.net", smtp_scene_letter,
		strlen(smtp_scene_letter), deadline_ms, v, f);
}

int64_t smtp_scene_ms(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
