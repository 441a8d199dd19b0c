/* smtp.c - hands mails to the authority's mail server.
 *
 * libcurl's result code alone does not say which command a reply belongs to (a 550 to RCPT and a
 * connection that broke while sending are both CURLE_SEND_ERROR), and the codes differ between its
 * versions. So the commands on the wire are watched through the debug callback and the replies
 * through the header callback, and the verdict is formed from these.
 *
 * Security: replies come from the server and are bounded and cleaned in smtp_reply.c; the debug
 * callback sees secrets of AUTH and keeps nothing of what it sees. */
/* SPDX-License-Identifier: MIT */
#include "adapters/smtp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "adapters/curl_fault.h"
#include "adapters/smtp_address.h"
#include "adapters/smtp_internal.h"
#include "base/cleanup.h"

enum {
	CONNECT_MS = 60 * 1000, /* TCP, TLS, greeting, EHLO and AUTH together */
	SIGN_OFF_MS = 3 * 1000,
};

#define SMTPS "smtps:"

static const struct {
	enum phase phase;
	const char *command;
} commands[] = {
	{ PHASE_MAIL, "MAIL FROM:" },
	{ PHASE_RCPT, "RCPT TO:" },
	{ PHASE_DATA, "DATA\r\n" },
};

/* On the wire before the others, and of no phase of its own. */
#define STARTTLS "STARTTLS\r\n"

static bool is_command(const char *bytes, size_t n, const char *command)
{
	return n >= strlen(command) && memcmp(bytes, command, strlen(command)) == 0;
}

static int watch_commands(CURL *easy, curl_infotype type, char *bytes, size_t n, void *context)
{
	struct smtp *s = context;

	(void) easy;
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (is_command(bytes, n, commands[i].command))
			s->phase = commands[i].phase;
	if (is_command(bytes, n, STARTTLS))
		s->is_secured = true;
	return 0;
}

static bool is_refused(const struct smtp *s)
{
	return s->phase >= PHASE_MAIL && s->reply.code >= 400;
}

/* Whether the server says that it takes no mail of this size. Before the connection is protected
 * anybody on the way could say so, and cost every requester the acknowledgement. */
static bool is_beyond_size(struct smtp *s, const char *line, size_t n)
{
	uint64_t size = s->phase == PHASE_SESSION && s->is_secured ? smtp_reply_size(line, n) : 0;

	if (size > 0)
		s->size_max = size;
	return size > 0 && s->n > size;
}

/* After a refusal libcurl says QUIT by itself: the answer to that is no answer to the mail, and it
 * would be waited for as long as for any other, beyond the deadline. */
static size_t take_reply(char *bytes, size_t size, size_t n, void *context)
{
	struct smtp *s = context;

	if (is_refused(s) || s->is_too_large)
		return size * n;
	smtp_reply_add(&s->reply, bytes, size * n);
	s->is_too_large = is_beyond_size(s, bytes, size * n);
	if (is_refused(s) || s->is_too_large)
		(void) curl_easy_setopt(/* cannot fail */
			s->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long) SIGN_OFF_MS / 1000);
	return s->is_too_large ? 0 : size * n; /* 0 ends the session */
}

/* libcurl asks for more only when it has sent what it had, and at the end of the mail sends the
 * terminating dot: from then on the server may take the mail. */
static size_t give_mail(char *buf, size_t size, size_t n, void *context)
{
	struct smtp *s = context;
	size_t room = size * n;
	size_t left = s->n - s->taken;
	size_t given = left < room ? left : room;

	memcpy(buf, s->bytes + s->taken, given);
	s->taken += given;
	s->phase = given == 0 ? PHASE_HANDED : PHASE_DATA;
	if (given == 0)
		smtp_reply_init(&s->reply); /* the 354 is no answer to the mail */
	return given;
}

/* The options that stay the same for the life of a handle. */
static CURLcode set_up(struct smtp *s)
{
	CURL *e = s->easy;
	CURLcode c = curl_easy_setopt(e, CURLOPT_URL, s->where.url);

#define SET(option, value)                                                                         \
	do {                                                                                       \
		if (c == CURLE_OK)                                                                 \
			c = curl_easy_setopt(e, option, value);                                    \
	} while (0)
	SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(CURLOPT_USE_SSL, (long) (s->plaintext ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	SET(CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_VERBOSE, 1L); /* or the debug callback is not called */
	SET(CURLOPT_DEBUGFUNCTION, watch_commands);
	SET(CURLOPT_DEBUGDATA, s);
	SET(CURLOPT_HEADERFUNCTION, take_reply);
	SET(CURLOPT_HEADERDATA, s);
	SET(CURLOPT_READFUNCTION, give_mail);
	SET(CURLOPT_READDATA, s);
	if (*s->ca_file)
		SET(CURLOPT_CAINFO, s->ca_file);
	if (*s->user) {
		SET(CURLOPT_USERNAME, s->user);
		SET(CURLOPT_PASSWORD, s->secret);
	}
#undef SET
	return c;
}

int smtp_open(const struct smtp_params *params, struct smtp **ret, struct fault *f)
{
	CLEANUP(smtp_closep) struct smtp *s = calloc(1, sizeof *s);
	int r;

	if (!s)
		return fault_set(f, -ENOMEM, "no memory for an SMTP client");
	r = smtp_url_parse(params->url, params->local_name, params->plaintext, &s->where, f);
	if (r < 0)
		return r;
	s->plaintext = params->plaintext;
	s->user = strdup(params->user);
	s->secret = strdup(params->secret);
	s->ca_file = strdup(params->ca_file);
	if (!s->user || !s->secret || !s->ca_file)
		return fault_set(f, -ENOMEM, "no memory for an SMTP client");
	*ret = TAKE_PTR(s);
	return 0;
}

static curl_socket_t open_none(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void) context;
	(void) purpose;
	(void) address;
	return CURL_SOCKET_BAD;
}

/* Says QUIT on the connection that is there, and closes it. Left alone, libcurl says QUIT while it
 * frees the handle and waits two minutes for the answer, whatever is set (7.88); and without QUIT
 * the server's log speaks of a lost connection. */
static void sign_off(CURL *easy)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK ||
		fd == CURL_SOCKET_BAD)
		return;
	/* If it is dead after all no other may be opened to sign off from. The results are of no
	 * use: we leave in any case. */
	(void) curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_none);
	(void) curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	(void) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "QUIT");
	(void) curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long) SIGN_OFF_MS);
	(void) curl_easy_perform(easy);
	/* After an answer the connection is kept for libcurl's own QUIT: that must not wait. */
	if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK &&
		fd != CURL_SOCKET_BAD)
		(void) shutdown(fd, SHUT_RDWR);
}

void smtp_rest(struct smtp *s)
{
	if (s->easy)
		sign_off(s->easy);
	curl_easy_cleanup(s->easy);
	s->easy = NULL;
}

struct smtp *smtp_close(struct smtp *s)
{
	if (!s)
		return NULL;
	smtp_rest(s);
	smtp_url_done(&s->where);
	if (s->secret)
		explicit_bzero(s->secret, strlen(s->secret));
	free(s->secret);
	free(s->user);
	free(s->ca_file);
	free(s);
	return NULL;
}

void smtp_closep(struct smtp **s)
{
	*s = smtp_close(*s);
}

static CURLcode wake(struct smtp *s)
{
	CURLcode c;

	if (s->easy)
		return CURLE_OK;
	s->easy = curl_easy_init();
	if (!s->easy)
		return CURLE_OUT_OF_MEMORY;
	c = set_up(s);
	if (c != CURLE_OK)
		smtp_rest(s);
	return c;
}

/* There is no low-speed limit: a server may think for minutes about a mail it was given (RFC 5321
 * s.4.5.3.2.6), and giving up early would make the end ambiguous. @deadline_ms bounds everything. */
static CURLcode transact(struct smtp *s, const char *from, const char *to, long deadline_ms)
{
	struct curl_slist *recipients = curl_slist_append(NULL, to);
	long connect_ms = deadline_ms < CONNECT_MS ? deadline_ms : CONNECT_MS;
	CURLcode c = recipients ? CURLE_OK : CURLE_OUT_OF_MEMORY;

	s->phase = PHASE_SESSION;
	s->is_too_large = false;
	s->is_secured = s->plaintext || strncmp(s->where.url, SMTPS, strlen(SMTPS)) == 0;
	s->taken = 0;
	smtp_reply_init(&s->reply);
	if (c == CURLE_OK)
		c = curl_easy_setopt(s->easy, CURLOPT_MAIL_FROM, from);
	if (c == CURLE_OK)
		c = curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, recipients);
	if (c == CURLE_OK)
		c = curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, deadline_ms);
	if (c == CURLE_OK)
		c = curl_easy_setopt(s->easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
	/* Each reply may take as long as there is time: by default it is two minutes. */
	if (c == CURLE_OK)
		c = curl_easy_setopt(
			s->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, deadline_ms / 1000 + 1);
	if (c == CURLE_OK)
		c = curl_easy_perform(s->easy);
	(void) curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, NULL); /* cannot fail */
	curl_slist_free_all(recipients);
	return c;
}

/* Whether a kept connection failed us before anything of the mail was on it, without a word or with
 * 421 (RFC 5321 s.3.8: closing). */
static bool is_stale(const struct smtp *s)
{
	long opened = 0;

	return s->phase <= PHASE_MAIL && (s->reply.code == 0 || s->reply.code == 421) &&
	       curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &opened) == CURLE_OK &&
	       opened == 0;
}

/* Whether @to is refused without asking the server; then @ret says so. */
static bool is_unsendable(const char *to, struct smtp_verdict *ret)
{
	const char *status;
	const char *flaw = smtp_address_flaw(to, &status);

	if (!flaw)
		return false;
	*ret = (struct smtp_verdict){ .outcome = SMTP_REFUSED };
	(void) snprintf(ret->status, sizeof ret->status, "%s", status); /* fits */
	(void) snprintf(ret->reply, sizeof ret->reply, "%s", flaw);	/* fits */
	return true;
}

int smtp_deliver(struct smtp *s, const char *from, const char *to, const char *bytes, size_t n,
	long deadline_ms, struct smtp_verdict *ret, struct fault *f)
{
	CURLcode c;
	int r;

	if (*from && smtp_address_flaw(from, NULL))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"the envelope sender is no address that can be sent");
	if (is_unsendable(to, ret))
		return 0;
	c = wake(s);
	if (c != CURLE_OK)
		return curl_fault(f, c, NULL, s->where.place);
	s->bytes = bytes;
	s->n = n;
	c = transact(s, from, to, deadline_ms);
	if (c != CURLE_OK && c != CURLE_OPERATION_TIMEDOUT && is_stale(s)) {
		smtp_rest(s);
		c = wake(s);
		if (c == CURLE_OK)
			c = transact(s, from, to, deadline_ms);
	}
	r = smtp_verdict_of(s, c, ret, f);
	s->bytes = NULL;
	return r;
}
