/* register_trouble.h - what a mailbox suffers from, and for how long. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_TROUBLE_H
#define DAEMON_REGISTER_TROUBLE_H

#include "daemon/register_internal.h"

/* What is wrong with the mailbox or one of its folders; NULL: nothing. */
const struct trouble *watch_trouble(const struct watch *w);

/* When the folder that was looked at longest ago was last seen whole; 0: some never was. */
int64_t watch_last_look(const struct watch *w);

/* The same by CLOCK_MONOTONIC, in microseconds. */
uint64_t watch_last_look_usec(const struct watch *w);

/* What a mailbox suffers from is not forgotten by a reload, so that its end can be told. */
struct kept_trouble {
	char name[128];
	struct trouble trouble;
	struct alarm alarm;
};

/* @ret: room for CONFIG_MAILBOXES_MAX. Return: how many. */
size_t watch_keep_troubles(const struct register_state *reg, struct kept_trouble *ret);
void watch_take_up_troubles(struct register_state *reg, const struct kept_trouble *kept, size_t n);

/* From here on intake that fails for alarm_after of its mailbox is told once, and its end. */
int watch_add_alarm(struct register_state *reg, struct fault *f);

/* Looks at one mailbox now. */
void watch_look_at_alarm(struct watch *w);

#endif
