/* control.h - the local socket: officers and scripts ask here (Varlink).
 *
 * The contract is conf/org.foimaild.Cases.varlink. The socket is made by systemd's socket unit or,
 * where there is none, here; anybody may connect, and who may ask what is decided by the groups
 * that the kernel tells of the peer (SO_PEERCRED, SO_PEERGROUPS). */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include "adapters/config.h"
#include "base/fault.h"

enum {
	CONTROL_CLIENTS_MAX = 64,
	CONTROL_CLIENTS_A_UID = 16,
	CONTROL_IDLE_SEC = 300,		   /* a client that says nothing for that long is closed */
	CONTROL_REPLY_BYTES_MAX = 4194304, /* waiting for one client that does not read */
};

struct control;
struct register_state;

/* Listens. @reg is kept. Return: 0 (also when no socket is configured: then nobody can ask);
 * negative errno. */
int control_new(struct register_state *reg, struct control **ret, struct fault *f);

/* Groups and paths of another configuration count from here. */
void control_use(struct control *c, const struct config *conf);

struct control *control_free(struct control *c); /* NULL is fine; returns NULL */

#endif
