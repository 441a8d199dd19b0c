/* control_client.c - one connection to the local socket.
 *
 * Security: any local process may connect. What it sends is bounded by the decoder, what it does
 * not read by CONTROL_REPLY_BYTES_MAX, its silence by CONTROL_IDLE_SEC; anything that is no call
 * ends the connection. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon/control_internal.h"
#include "daemon/register_internal.h"

enum {
	READ_BYTES = 16 * 1024,
	USEC = 1000000,
};

struct control_client *control_client_free(struct control_client *client)
{
	if (!client)
		return NULL;
	TAILQ_REMOVE(&client->control->clients, client, entries);
	client->control->n_clients--;
	control_backup_forget(client);
	client->query = worker_free(client->query);
	varlink_call_done(&client->call);
	sd_event_source_disable_unref(client->io);
	sd_event_source_disable_unref(client->idle);
	varlink_decoder_free(client->decoder);
	free(client->out);
	closep(&client->fd);
	free(client);
	return NULL;
}

/* Ends a client that breaks the rules or is gone. It is freed from an event of its own, because
 * this may be called from deep inside an answer to it. Return: -EPIPE. */
static int give_up(struct control_client *client)
{
	/* The sources are there, so none of this fails. */
	(void) sd_event_source_set_enabled(client->io, SD_EVENT_OFF);
	(void) sd_event_source_set_time_relative(client->idle, 0);
	(void) sd_event_source_set_enabled(client->idle, SD_EVENT_ONESHOT);
	client->is_broken = true;
	return -EPIPE;
}

/* Writes what can be written now. Return: 0; -EPIPE the client is being ended. */
static int flush(struct control_client *client)
{
	uint32_t events = EPOLLIN;

	if (client->is_broken)
		return -EPIPE;
	while (client->n_out > 0) {
		ssize_t n = send(client->fd, client->out, client->n_out, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			return give_up(client);
		client->n_out -= (size_t) n;
		memmove(client->out, client->out + n, client->n_out);
	}
	if (client->n_out == 0 && client->is_ending)
		return give_up(client);
	if (client->n_out > 0)
		events |= EPOLLOUT;
	/* While a long answer is under way the next call may wait in the socket. */
	if (client->query)
		events &= ~(uint32_t) EPOLLIN;
	if (sd_event_source_set_io_events(client->io, events) < 0)
		return give_up(client);
	return 0;
}

int control_client_write(struct control_client *client, struct varlink_bytes *b)
{
	char *out;

	if (b->n > 0) {
		out = client->n_out + b->n > CONTROL_REPLY_BYTES_MAX
			      ? NULL
			      : realloc(client->out, client->n_out + b->n);
		if (!out) {
			varlink_bytes_done(b);
			return give_up(client);
		}
		client->out = out;
		memcpy(client->out + client->n_out, b->bytes, b->n);
		client->n_out += b->n;
	}
	varlink_bytes_done(b);
	return flush(client);
}

int control_client_go_on(struct control_client *client)
{
	while (!client->query && !client->is_ending && !client->is_broken) {
		struct varlink_call call = { 0 };
		json_t *message;
		int r = varlink_decoder_next(client->decoder, &message, NULL);

		if (r == 0)
			return flush(client);
		if (r > 0)
			r = varlink_call_read(message, &call, NULL);
		if (r == 0)
			r = control_method(client, &call);
		varlink_call_done(&call);
		if (r == -EPIPE)
			return r;
		if (r < 0)
			return give_up(client);
	}
	return flush(client);
}

int control_client_end_answer(struct control_client *client, struct varlink_bytes *last)
{
	varlink_call_done(&client->call);
	client->call = (struct varlink_call){ 0 };
	client->query = NULL; /* the caller's */
	if (control_client_write(client, last) < 0)
		return -EPIPE;
	return control_client_go_on(client);
}

void control_client_keep(struct control_client *client)
{
	if (!client->is_broken) /* the source is there */
		(void) sd_event_source_set_time_relative(
			client->idle, (uint64_t) CONTROL_IDLE_SEC * USEC);
}

/* Return: 0; -EPIPE the client is to be freed. */
static int take_bytes(struct control_client *client)
{
	char buf[READ_BYTES];
	size_t room = varlink_decoder_room(client->decoder);
	ssize_t n = recv(client->fd, buf, room < sizeof buf ? room : sizeof buf, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -EPIPE;
	return varlink_decoder_feed(client->decoder, buf, (size_t) n) < 0 ? -EPIPE : 0;
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct control_client *client = userdata;

	(void) source;
	(void) fd;
	/* It hears of nothing that takes longer than this; the source is there. */
	(void) sd_event_source_set_time_relative(client->idle, (uint64_t) CONTROL_IDLE_SEC * USEC);
	if ((revents & EPOLLOUT) && flush(client) < 0)
		return 0;
	if ((revents & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0)
		return 0;
	if (client->query && (revents & (EPOLLHUP | EPOLLERR)) == 0)
		return 0;
	if (client->query || take_bytes(client) < 0)
		(void) give_up(client); /* always -EPIPE */
	else
		(void) control_client_go_on(client); /* a client that cannot be served is ended */
	return 0;
}

static int on_idle(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void) source;
	(void) usec;
	control_client_free(userdata);
	return 0;
}

int control_client_new(struct control *c, int fd, uid_t uid, struct control_rights rights)
{
	struct control_client *client = calloc(1, sizeof *client);
	sd_event *event = c->reg->event;
	int r = 0;

	if (!client) {
		closep(&fd);
		return -ENOMEM;
	}
	*client = (struct control_client){ .control = c, .fd = fd, .uid = uid, .rights = rights };
	TAILQ_INSERT_TAIL(&c->clients, client, entries);
	c->n_clients++;
	client->decoder = varlink_decoder_new(VARLINK_REQUEST_MAX);
	if (!client->decoder)
		r = -ENOMEM;
	if (r >= 0)
		r = sd_event_add_io(event, &client->io, fd, EPOLLIN, on_io, client);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &client->idle, CLOCK_MONOTONIC,
			(uint64_t) CONTROL_IDLE_SEC * USEC, USEC, on_idle, client);
	if (r < 0)
		control_client_free(client);
	return r < 0 ? r : 0;
}
