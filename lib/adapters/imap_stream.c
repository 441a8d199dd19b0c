/* imap_stream.c - libetpan's bytes, carried by a connection of libcurl's.
 *
 * The first read yields a synthetic PREAUTH greeting, since libcurl has logged in already. A read
 * never returns 0: curl_easy_recv() reports the end of file as CURLE_OK with no bytes, upon which
 * libetpan would ask again for ever. Once a stream has ended it stays so. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/imap_internal.h"

enum {
	BUFFER_BYTES = 16 * 1024,
};

static ssize_t end_stream(struct imap_stream *s, enum imap_end end)
{
	if (s->end == IMAP_END_NONE)
		s->end = end;
	return -1;
}

/* Milliseconds until @until_us, rounded up, so that a poll never wakes too early to matter. */
static int left_ms(const struct imap_stream *s, int64_t until_us)
{
	int64_t left = until_us - s->now_us();

	if (left <= 0)
		return 0;
	left = left / 1000 + 1;
	return left > INT32_MAX ? INT32_MAX : (int) left;
}

static int socket_of(const struct imap_stream *s)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (curl_easy_getinfo(s->curl, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK)
		return -1;
	return fd;
}

/* Waits for @events on the socket within the deadline. Return: 0; -1 the stream has ended. */
static int wait_socket(struct imap_stream *s, short events)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = socket_of(s), .events = events },
			{ .fd = s->stop_fd, .events = 0 },
		};
		int left = left_ms(s, s->deadline_us);
		int r;

		if (fds[0].fd < 0)
			return (int) end_stream(s, IMAP_END_EOF);
		if (left == 0)
			return (int) end_stream(s, IMAP_END_TIME);
		r = poll(fds, 2, left);
		if (r < 0 && errno != EINTR)
			return (int) end_stream(s, IMAP_END_BROKEN);
		if (r > 0 && fds[1].revents)
			return (int) end_stream(s, IMAP_END_STOPPED);
		if (r > 0)
			return 0;
	}
}

/* What is there now. Return: bytes; 0 nothing yet; -1 the stream has ended. */
static ssize_t read_now(struct imap_stream *s, char *buf, size_t n)
{
	size_t got = 0;
	CURLcode c = curl_easy_recv(s->curl, buf, n, &got);
	enum imap_end end;

	if (c == CURLE_AGAIN)
		return 0;
	if (c != CURLE_OK)
		return end_stream(s, IMAP_END_BROKEN);
	if (got == 0)
		return end_stream(s, IMAP_END_EOF);
	end = imap_frame_follow(&s->frame, buf, got);
	if (end != IMAP_END_NONE)
		return end_stream(s, end);
	return (ssize_t) got;
}

static ssize_t driver_read(mailstream_low *low, void *buf, size_t n)
{
	struct imap_stream *s = low->data;
	size_t greeting = strlen(s->greeting);

	if (s->end != IMAP_END_NONE)
		return -1;
	if (greeting > 0) {
		greeting = greeting < n ? greeting : n;
		memcpy(buf, s->greeting, greeting);
		s->greeting += greeting;
		return (ssize_t) greeting;
	}
	for (;;) {
		ssize_t got = read_now(s, buf, n);

		if (got != 0)
			return got;
		if (wait_socket(s, POLLIN) < 0)
			return -1;
	}
}

static ssize_t driver_write(mailstream_low *low, const void *buf, size_t n)
{
	struct imap_stream *s = low->data;

	while (s->end == IMAP_END_NONE) {
		size_t sent = 0;
		CURLcode c = curl_easy_send(s->curl, buf, n, &sent);

		if (c == CURLE_OK && sent > 0)
			return (ssize_t) sent;
		if (c != CURLE_OK && c != CURLE_AGAIN)
			return end_stream(s, IMAP_END_BROKEN);
		if (wait_socket(s, POLLOUT) < 0)
			return -1;
	}
	return -1;
}

static int driver_close(mailstream_low *low)
{
	(void) low; /* the connection belongs to struct imap */
	return 0;
}

static int driver_fd(mailstream_low *low)
{
	return socket_of(low->data);
}

static void driver_free(mailstream_low *low)
{
	free(low);
}

mailstream *imap_stream_new(struct imap_stream *s)
{
	static mailstream_low_driver driver = {
		.mailstream_read = driver_read,
		.mailstream_write = driver_write,
		.mailstream_close = driver_close,
		.mailstream_get_fd = driver_fd,
		.mailstream_free = driver_free,
	};
	mailstream_low *low = mailstream_low_new(s, &driver);
	mailstream *stream;

	if (!low)
		return NULL;
	stream = mailstream_new(low, BUFFER_BYTES);
	if (!stream)
		mailstream_low_free(low);
	return stream;
}

/* The order matters: bytes that libetpan or TLS already hold never make the socket readable. */
static ssize_t look(struct imap_stream *s, mailstream *above)
{
	ssize_t got;

	if (above->read_buffer_len > 0)
		return 1;
	got = read_now(s, above->read_buffer, above->buffer_max_size);
	if (got > 0)
		above->read_buffer_len = (size_t) got;
	return got;
}

int imap_stream_wait(struct imap_stream *s, mailstream *above, int extra, int64_t until_us,
	bool *ret_extra, int64_t *ret_heard)
{
	*ret_heard = s->now_us();
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = -1, .events = POLLIN },
			{ .fd = extra, .events = POLLIN },
			{ .fd = s->stop_fd, .events = 0 },
		};
		ssize_t got = look(s, above);
		int left = left_ms(s, until_us);
		int r;

		if (got != 0)
			return got > 0 ? 1 : -1;
		fds[0].fd = socket_of(s);
		r = poll(fds, 3, left);
		*ret_heard = s->now_us();
		if (r < 0 && errno != EINTR)
			return (int) end_stream(s, IMAP_END_BROKEN);
		if (r > 0 && fds[2].revents)
			return (int) end_stream(s, IMAP_END_STOPPED);
		*ret_extra = r > 0 && fds[1].revents;
		if (*ret_extra || (r == 0 && left == 0))
			return 0;
	}
}
