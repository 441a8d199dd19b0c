/* control_peer.c - who is at the other end of the socket.
 *
 * Security: uid and groups come from the kernel, as they were when the peer connected. Inside a
 * user namespace (PrivateUsers=) every peer would be nobody, so the service must not have one. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon/control_internal.h"

enum {
	GROUPS_MAX = 65536,
	NAME_MAX_BYTES = 32,
};

static gid_t find_group(const char *name)
{
	const struct group *g = getgrnam(name);

	return g ? g->gr_gid : (gid_t) -1;
}

void control_find_groups(struct control *c, const struct config *conf)
{
	c->read_gid = find_group(conf->read_group);
	c->officer_gid = find_group(conf->officer_group);
}

/* All groups of the peer but its first one. */
static int peer_groups(int fd, gid_t **ret, size_t *ret_n)
{
	socklen_t n = 64 * sizeof(gid_t);
	gid_t *groups = malloc(n);

	if (!groups)
		return -ENOMEM;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &n) < 0) {
		gid_t *more;

		/* ERANGE: @n says how much room is needed. */
		if (errno != ERANGE || n > GROUPS_MAX * sizeof(gid_t)) {
			free(groups);
			return -EACCES;
		}
		more = realloc(groups, n);
		if (!more || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, more, &n) < 0) {
			free(more ? more : groups);
			return -EACCES;
		}
		groups = more;
	}
	*ret = groups;
	*ret_n = n / sizeof(gid_t);
	return 0;
}

static bool has_group(gid_t wanted, gid_t first, const gid_t *groups, size_t n)
{
	if (wanted == (gid_t) -1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (groups[i] == wanted)
			return true;
	return first == wanted;
}

int control_peer(const struct control *c, int fd, uid_t *ret_uid, struct control_rights *ret)
{
	CLEANUP(freep) gid_t *groups = NULL;
	struct ucred cred;
	socklen_t n = sizeof cred;
	size_t n_groups;
	bool is_own;
	int r;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) < 0)
		return -errno;
	r = peer_groups(fd, &groups, &n_groups);
	if (r < 0)
		return r;
	is_own = cred.uid == 0 || cred.uid == getuid();
	*ret_uid = cred.uid;
	ret->act = is_own || has_group(c->officer_gid, cred.gid, groups, n_groups);
	ret->read = ret->act || has_group(c->read_gid, cred.gid, groups, n_groups);
	return 0;
}

char *control_actor(const struct control_client *client, char buf[static CONTROL_ACTOR_MAX])
{
	const struct passwd *user = getpwuid(client->uid);

	if (user)
		(void) snprintf(buf, CONTROL_ACTOR_MAX, "uid %u (%.*s)", client->uid,
			NAME_MAX_BYTES, user->pw_name); /* a longer name is cut */
	else
		(void) snprintf(buf, CONTROL_ACTOR_MAX, "uid %u", client->uid); /* fits */
	return buf;
}
