/* varlink_client.c - calling a Varlink service over its UNIX socket.
 *
 * Security: the service may be another program than ours, put at a path that was given; what it
 * says is bounded and checked like any other input. */
/* SPDX-License-Identifier: MIT */
#include "adapters/varlink_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/cleanup.h"

enum {
	CHUNK = 64 * 1024,
};

struct varlink_client {
	int fd;
	struct varlink_decoder *decoder; /* owned */
};

struct varlink_client *varlink_client_close(struct varlink_client *c)
{
	if (!c)
		return NULL;
	closep(&c->fd);
	c->decoder = varlink_decoder_free(c->decoder);
	free(c);
	return NULL;
}

void varlink_client_closep(struct varlink_client **c)
{
	*c = varlink_client_close(*c);
}

static int connect_to(int fd, const char *path, unsigned silence_sec, struct fault *f)
{
	struct timeval limit = { .tv_sec = (time_t) silence_sec };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int r;

	if (strlen(path) >= sizeof address.sun_path)
		return fault_set(f, -ENAMETOOLONG, "%s: is too long for a socket", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0)
		return fault_set(f, -errno, "%s: %s", path, strerror(errno));
	do
		r = connect(fd, (const struct sockaddr *) &address, sizeof address);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return fault_set_kind(f, FAULT_NETWORK, -errno, "%s: %s", path, strerror(errno));
	return 0;
}

int varlink_client_open(
	const char *path, unsigned silence_sec, struct varlink_client **ret, struct fault *f)
{
	CLEANUP(varlink_client_closep) struct varlink_client *c = calloc(1, sizeof *c);
	int r;

	if (!c)
		return fault_set(f, -ENOMEM, "no memory for a connection");
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return fault_set(f, -errno, "no socket: %s", strerror(errno));
	c->decoder = varlink_decoder_new(VARLINK_REPLY_MAX);
	if (!c->decoder)
		return fault_set(f, -ENOMEM, "no memory for a connection");
	r = connect_to(c->fd, path, silence_sec, f);
	if (r == 0)
		*ret = TAKE_PTR(c);
	return r;
}

/* A timeout of the socket is EAGAIN on a blocking one. */
static int said_nothing(int error, struct fault *f)
{
	if (error == EAGAIN || error == EWOULDBLOCK)
		return fault_set_kind(
			f, FAULT_NETWORK, -ETIMEDOUT, "the daemon does not answer in time");
	if (error == ECONNRESET)
		error = EPIPE;
	return fault_set_kind(f, FAULT_NETWORK, -error, "the connection to the daemon broke: %s",
		strerror(error));
}

static int write_all(int fd, const char *bytes, size_t n, struct fault *f)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return said_nothing(errno, f);
		bytes += sent;
		n -= (size_t) sent;
	}
	return 0;
}

static void bytes_done(struct varlink_bytes *b)
{
	varlink_bytes_done(b);
}

int varlink_client_call(struct varlink_client *c, const char *method, json_t *parameters, bool more,
	struct fault *f)
{
	CLEANUP(bytes_done) struct varlink_bytes b = { 0 };
	int r = varlink_request(method, parameters, more, &b, f);

	return r < 0 ? r : write_all(c->fd, b.bytes, b.n, f);
}

static int read_more(struct varlink_client *c, struct fault *f)
{
	CLEANUP(freep) char *buf = malloc(CHUNK);
	size_t room = varlink_decoder_room(c->decoder);
	ssize_t got;

	if (!buf)
		return fault_set(f, -ENOMEM, "no memory for a reply");
	do
		got = recv(c->fd, buf, room < CHUNK ? room : CHUNK, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return said_nothing(errno, f);
	if (got == 0)
		return fault_set_kind(f, FAULT_NETWORK, -EPIPE, "the daemon closed the connection");
	if (varlink_decoder_feed(c->decoder, buf, (size_t) got) < 0)
		return fault_set(f, -ENOMEM, "no memory for a reply");
	return 0;
}

static int read_answer(json_t *message, struct varlink_answer *ret, struct fault *f)
{
	json_t *error = json_object_get(message, "error");
	json_t *parameters = json_object_get(message, "parameters");
	json_t *continues = json_object_get(message, "continues");

	ret->message = message;
	if ((error && !json_is_string(error)) || (continues && !json_is_boolean(continues)))
		return fault_set_kind(
			f, FAULT_PROTOCOL, -EBADMSG, "the answer is no Varlink reply");
	if (!parameters) {
		if (json_object_set_new(message, "parameters", json_object()) < 0)
			return fault_set(f, -ENOMEM, "no memory for a reply");
		parameters = json_object_get(message, "parameters");
	}
	if (!json_is_object(parameters))
		return fault_set_kind(
			f, FAULT_PROTOCOL, -EBADMSG, "the answer is no Varlink reply");
	ret->error = json_string_value(error);
	ret->parameters = parameters;
	ret->continues = json_is_true(continues);
	return 0;
}

int varlink_client_next(struct varlink_client *c, struct varlink_answer *ret, struct fault *f)
{
	struct varlink_answer answer = { 0 };
	json_t *message = NULL;
	int r;

	while ((r = varlink_decoder_next(c->decoder, &message, f)) == 0) {
		r = read_more(c, f);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	r = read_answer(message, &answer, f);
	if (r < 0)
		varlink_answer_done(&answer);
	else
		*ret = answer;
	return r;
}

void varlink_answer_done(struct varlink_answer *a)
{
	if (!a)
		return;
	json_decref(a->message);
	*a = (struct varlink_answer){ 0 };
}
