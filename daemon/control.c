/* control.c - the local socket: made, listened on, closed. */
/* SPDX-License-Identifier: MIT */
#include "daemon/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/cleanup.h"
#include "daemon/control_internal.h"
#include "daemon/register_internal.h"

enum {
	BACKLOG = 64,
	REFUSAL_REPEAT_SEC = 3600,
};

/* Whether the refusal of @uid is to be told: once an hour each. */
static bool is_refusal_news(struct control *c, uid_t uid, int64_t now)
{
	struct control_refusal *place = NULL;

	for (size_t i = 0; i < c->n_refusals; i++)
		if (c->refusals[i].uid == uid)
			place = &c->refusals[i];
	if (place && now - place->at < REFUSAL_REPEAT_SEC)
		return false;
	if (!place && c->n_refusals == CONTROL_REFUSED_MAX)
		c->n_refusals = 0; /* forgets: a line too many, never one too few */
	if (!place)
		place = &c->refusals[c->n_refusals++];
	*place = (struct control_refusal){ .uid = uid, .at = now };
	return true;
}

static void tell_refusal(struct control *c, uid_t uid)
{
	if (is_refusal_news(c, uid, register_now(c->reg)))
		journal_write(c->reg->journal,
			&(struct journal_event){
				.kind = JOURNAL_PEER_REFUSED, .has_peer = true, .peer = uid });
}

static size_t clients_of(const struct control *c, uid_t uid)
{
	const struct control_client *client;
	size_t n = 0;

	TAILQ_FOREACH(client, &c->clients, entries)
	n += client->uid == uid;
	return n;
}

static int on_accept(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct control *c = userdata;
	struct control_rights rights;
	uid_t uid;
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void) source;
	(void) revents;
	if (client < 0)
		return 0; /* gone again, or too many files: it stays in the backlog */
	if (control_peer(c, client, &uid, &rights) < 0) {
		closep(&client);
		return 0;
	}
	if (!rights.read)
		tell_refusal(c, uid);
	if (c->n_clients >= CONTROL_CLIENTS_MAX || clients_of(c, uid) >= CONTROL_CLIENTS_A_UID) {
		closep(&client);
		return 0;
	}
	(void) control_client_new(c, client, uid, rights); /* short of memory: it was closed */
	return 0;
}

/* The socket that systemd made for us; -ENOENT: it made none. */
static int take_systemd_socket(void)
{
	int n = sd_listen_fds(1);

	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + n; fd++)
		if (sd_is_socket_unix(fd, SOCK_STREAM, 1, NULL, 0) > 0)
			return fd;
	return n < 0 ? n : -ENOENT;
}

/* Makes the socket. One that an earlier life left is removed: the store's lock has shown that no
 * other daemon lives. */
static int make_socket(const char *path, struct fault *f)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP(closep) int fd = -1;
	struct stat st;

	if (strlen(path) >= sizeof address.sun_path)
		return fault_set_kind(f, FAULT_CONFIG, -ENAMETOOLONG,
			"[socket] path: longer than the %zu bytes that a socket may have",
			sizeof address.sun_path - 1);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void) unlink(path); /* bind() says what is wrong */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *) &address, sizeof address) < 0 ||
		chmod(path, 0666) < 0 || listen(fd, BACKLOG) < 0)
		return fault_set_kind(
			f, FAULT_CONFIG, -errno, "[socket] path: %s: %s", path, strerror(errno));
	return TAKE_FD(fd);
}

static int listen_on(struct control *c, const char *path, struct fault *f)
{
	c->fd = take_systemd_socket();
	if (c->fd >= 0)
		return 0;
	if (*path == '\0')
		return 0;
	c->fd = make_socket(path, f);
	if (c->fd < 0)
		return c->fd;
	c->path = strdup(path);
	return c->path ? 0 : fault_set(f, -ENOMEM, "no memory for the socket");
}

int control_new(struct register_state *reg, struct control **ret, struct fault *f)
{
	struct control *c = calloc(1, sizeof *c);
	int r;

	if (!c)
		return fault_set(f, -ENOMEM, "no memory for the socket");
	*c = (struct control){ .reg = reg, .fd = -1 };
	TAILQ_INIT(&c->clients);
	control_use(c, reg->loaded.conf);
	r = listen_on(c, reg->options->observe ? "" : reg->loaded.conf->socket_path, f);
	if (r == 0 && c->fd >= 0)
		r = sd_event_add_io(reg->event, &c->io, c->fd, EPOLLIN, on_accept, c);
	if (r < 0) {
		control_free(c);
		return f && *f->text ? r : fault_set(f, r, "the socket cannot be watched");
	}
	*ret = c;
	return 0;
}

void control_use(struct control *c, const struct config *conf)
{
	control_find_groups(c, conf);
}

struct control *control_free(struct control *c)
{
	if (!c)
		return NULL;
	while (!TAILQ_EMPTY(&c->clients))
		control_client_free(TAILQ_FIRST(&c->clients));
	control_backup_done(c);
	sd_event_source_disable_unref(c->io);
	closep(&c->fd);
	if (c->path)
		(void) unlink(c->path); /* the next start removes what stays */
	free(c->path);
	free(c);
	return NULL;
}
