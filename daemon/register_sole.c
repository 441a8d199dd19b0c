/* register_sole.c - one mailbox, one daemon.
 *
 * Two daemons on one mailbox would open every case twice and answer every requester twice. The store's
 * lock does not see it where each has its own. A claim is a socket in the abstract namespace, named by
 * a hash of the account: it ends with the process, however that ends, and needs no folder that both
 * may write to. It holds for this machine only.
 *
 * Security: any local user can take a name. Only a holder who is root or our own user is believed: a
 * stranger must not keep the daemon from its work. Who connects is accepted and closed at once. */
/* SPDX-License-Identifier: MIT */
#include "daemon/register_sole.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "daemon/register_internal.h"

enum {
	BACKLOG = 64,
};

static void name_of(const struct config_mailbox *m, char ret[static DIGEST_HEX_MAX])
{
	struct digest *d = digest_new();

	ret[0] = '\0';
	if (!d)
		return; /* one name for all is a claim too */
	digest_update(d, m->url, strlen(m->url) + 1);
	digest_update(d, m->user, strlen(m->user) + 1);
	digest_final(d, ret);
	digest_free(d);
}

static socklen_t address_of(const char *name, struct sockaddr_un *ret)
{
	int n;

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(ret->sun_path + 1, sizeof ret->sun_path - 1, "foimaild/%s", name); /* fits */
	return (socklen_t) (offsetof(struct sockaddr_un, sun_path) + 1 + (size_t) n);
}

/* Whether the holder of a name is one who may be believed to be a daemon. */
static bool is_held_by_one_of_us(const struct sockaddr_un *address, socklen_t n)
{
	CLEANUP(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct ucred peer = { 0 };
	socklen_t peer_bytes = sizeof peer;

	if (fd < 0 || connect(fd, (const struct sockaddr *) address, n) < 0)
		return false; /* it has gone, or does not listen: none of ours */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_bytes) < 0)
		return false;
	return peer.uid == 0 || peer.uid == geteuid();
}

static int on_knock(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void) source;
	(void) revents;
	(void) userdata;
	if (peer >= 0)
		(void) close(peer); /* that it was answered is all that it wanted */
	return 0;
}

static bool is_claimed(const struct register_state *reg, const char *name)
{
	for (size_t i = 0; i < reg->n_soles; i++)
		if (strcmp(reg->soles[i].name, name) == 0)
			return true;
	return false;
}

static void drop(struct sole *s)
{
	s->io = sd_event_source_disable_unref(s->io);
	closep(&s->fd);
}

static int claim(struct register_state *reg, const struct config_mailbox *m, struct fault *f)
{
	struct sole s = { .fd = -1 };
	struct sockaddr_un address;
	socklen_t n;
	int r;

	name_of(m, s.name);
	if (is_claimed(reg, s.name))
		return 0;
	n = address_of(s.name, &address);
	s.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s.fd < 0)
		return fault_set(f, -errno, "no socket: %s", strerror(errno));
	if (bind(s.fd, (const struct sockaddr *) &address, n) < 0 || listen(s.fd, BACKLOG) < 0) {
		bool is_ours = errno == EADDRINUSE && is_held_by_one_of_us(&address, n);

		closep(&s.fd);
		return !is_ours ? 0
				: fault_set_kind(f, FAULT_CONFIG, -EBUSY,
					  "[mailbox %s]: another foimaild on this machine watches "
					  "this mailbox",
					  m->name);
	}
	r = sd_event_add_io(reg->event, &s.io, s.fd, EPOLLIN, on_knock, NULL);
	if (r < 0) {
		drop(&s);
		return fault_set(f, r, "no event for a mailbox");
	}
	reg->soles[reg->n_soles++] = s;
	return 0;
}

int sole_take(struct register_state *reg, const struct config *conf, struct fault *f)
{
	size_t before = reg->n_soles;
	int r = 0;

	for (size_t i = 0; r == 0 && i < conf->n_mailboxes; i++)
		r = claim(reg, &conf->mailboxes[i], f);
	while (r < 0 && reg->n_soles > before)
		drop(&reg->soles[--reg->n_soles]);
	return r;
}

int sole_begin(struct register_state *reg)
{
	struct fault f = { 0 };
	int r = reg->options->observe ? 0 : sole_take(reg, reg->loaded.conf, &f);

	if (r < 0)
		journal_write(reg->journal,
			&(struct journal_event){ .kind = JOURNAL_MAILBOX_TAKEN, .fault = &f });
	return r;
}

static bool is_named(const struct config *conf, const char *name)
{
	char one[DIGEST_HEX_MAX];

	for (size_t i = 0; conf && i < conf->n_mailboxes; i++) {
		name_of(&conf->mailboxes[i], one);
		if (strcmp(one, name) == 0)
			return true;
	}
	return false;
}

void sole_give_up(struct register_state *reg, const struct config *conf)
{
	size_t kept = 0;

	for (size_t i = 0; i < reg->n_soles; i++) {
		if (is_named(conf, reg->soles[i].name))
			reg->soles[kept++] = reg->soles[i];
		else
			drop(&reg->soles[i]);
	}
	reg->n_soles = kept;
}
