/* imap.c - one IMAP connection: its life, its state, the folder it looks at.
 *
 * Security: everything the server says is hostile. Its bytes are bounded before libetpan sees them
 * (imap_frame.c), its texts are never repeated but for the code in brackets. */
/* SPDX-License-Identifier: MIT */
#include "adapters/imap.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "adapters/imap_internal.h"
#include "base/cleanup.h"

enum {
	LINE_MAX_BYTES = 64 * 1024,
	LITERAL_MAX_BYTES = 4096,
	TOTAL_BASE = 1024 * 1024,
	FLAG_BYTES = 64,	/* of one "* n FETCH (FLAGS (...))" that comes unasked */
	FLAGGED_MAX = 200000,	/* so many of them are put up with in one answer */
	TRANSFER_BYTES_MS = 64, /* bytes a millisecond of the slowest line we wait for */
	TRANSFER_MS_MAX = 50 * 60 * 1000,
};

static const char preauth[] = "* PREAUTH logged in by libcurl\r\n";

unsigned imap_transfer_ms(uint64_t bytes)
{
	uint64_t more = bytes / TRANSFER_BYTES_MS;

	return IMAP_COMMAND_MS + (more > TRANSFER_MS_MAX ? TRANSFER_MS_MAX : (unsigned) more);
}

/* Twice the size, where it is only guessed; the slack of the bounds is for memory, not the clock. */
unsigned imap_bodies_ms(const struct imap_mail *mails, size_t n, uint64_t bytes_max)
{
	uint64_t bytes = 0;

	for (size_t k = 0; k < n; k++)
		bytes += 2 * (mails[k].size < bytes_max ? mails[k].size : bytes_max);
	return imap_transfer_ms(bytes);
}

void imap_begin(struct imap *i, unsigned ms, const struct imap_bounds *bounds)
{
	if (i->stream.patience_ms > 0)
		ms = i->stream.patience_ms;
	i->stream.deadline_us = i->stream.now_us() + (int64_t) ms * 1000;
	imap_frame_begin(&i->stream.frame, bounds);
}

void imap_begin_plain(struct imap *i)
{
	uint32_t exists = imap_exists(i);
	uint64_t flags = (uint64_t) (exists < FLAGGED_MAX ? exists : FLAGGED_MAX) * FLAG_BYTES;
	const struct imap_bounds bounds = {
		.line = LINE_MAX_BYTES,
		.literal = LITERAL_MAX_BYTES,
		.total = TOTAL_BASE + flags,
	};

	imap_begin(i, IMAP_COMMAND_MS, &bounds);
}

/* How the end of a stream is told. */
static const struct {
	enum fault_kind kind;
	int code;
	const char *text;
} ends[IMAP_END_COUNT] = {
	[IMAP_END_NONE] = { FAULT_PROTOCOL, -EPROTO, "the answer is no IMAP" },
	[IMAP_END_EOF] = { FAULT_NETWORK, -ECONNRESET, "the server closed the connection" },
	[IMAP_END_TIME] = { FAULT_NETWORK, -ETIMEDOUT, "no answer in time" },
	[IMAP_END_STOPPED] = { FAULT_OTHER, -ECANCELED, "stopped" },
	[IMAP_END_BROKEN] = { FAULT_NETWORK, -ECONNRESET, "the connection broke" },
	[IMAP_END_BYE] = { FAULT_NETWORK, -ECONNRESET, "the server said BYE" },
	[IMAP_END_LINE] = { FAULT_PROTOCOL, -EMSGSIZE, "a line without end" },
	[IMAP_END_LITERAL] = { FAULT_PROTOCOL, -EMSGSIZE, "a literal longer than it may be" },
	[IMAP_END_TOTAL] = { FAULT_PROTOCOL, -EMSGSIZE, "an answer without end" },
	[IMAP_END_DEPTH] = { FAULT_PROTOCOL, -EMSGSIZE, "an answer nested without end" },
};

int imap_lost(struct imap *i, const char *what, enum imap_end end, struct fault *f)
{
	if (i->stream.end == IMAP_END_NONE)
		i->stream.end = end == IMAP_END_NONE ? IMAP_END_BROKEN : end;
	return fault_set_kind(
		f, ends[end].kind, ends[end].code, "%s: %s: %s", i->place, what, ends[end].text);
}

bool imap_is_busy(const char *code)
{
	static const char *const busy[] = { "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG" };

	for (size_t k = 0; code && k < sizeof busy / sizeof busy[0]; k++)
		if (strcasecmp(code, busy[k]) == 0)
			return true;
	return false;
}

static bool is_word(const char *s)
{
	return s && *s &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") == strlen(s);
}

static int refused(struct imap *i, const char *what, struct fault *f)
{
	struct mailimap_response_info *info = i->session->imap_response_info;
	const char *code = info ? info->rsp_atom : NULL;

	if (imap_is_busy(code))
		return fault_set_kind(f, FAULT_NETWORK, -EBUSY, "%s: %s: the server is busy [%s]",
			i->place, what, code);
	return fault_set_kind(f, FAULT_PROTOCOL, -EREMOTEIO, "%s: the server refused %s [%s]",
		i->place, what, is_word(code) ? code : "no reason");
}

/* What libetpan's result means for the connection; 0 when the command was answered. */
static int check_result(struct imap *i, const char *what, int r, struct fault *f)
{
	if (i->stream.end != IMAP_END_NONE)
		return imap_lost(i, what, i->stream.end, f);
	if (r == MAILIMAP_NO_ERROR)
		return 0;
	if (r != MAILIMAP_ERROR_MEMORY)
		return imap_lost(i, what, IMAP_END_NONE, f);
	i->stream.end = IMAP_END_BROKEN;
	return fault_set(f, -ENOMEM, "memory is short");
}

/* A UIDVALIDITY that changes while the folder is open makes all that is known of it void. */
static int check_folder(struct imap *i, const char *what, struct fault *f)
{
	const struct mailimap_selection_info *info = i->session->imap_selection_info;

	if (i->uidvalidity == 0 || (info && info->sel_uidvalidity == i->uidvalidity))
		return 0;
	i->stream.end = IMAP_END_BROKEN;
	return fault_set_kind(f, FAULT_NETWORK, -ESTALE,
		"%s: %s: the folder was made anew meanwhile", i->place, what);
}

static int send_line(struct imap *i, const char *command)
{
	mailstream *s = i->session->imap_stream;
	int r = mailimap_send_current_tag(i->session);

	if (r != MAILIMAP_NO_ERROR)
		return r;
	if (mailstream_write(s, command, strlen(command)) < 0 ||
		mailstream_write(s, "\r\n", 2) < 0 || mailstream_flush(s) < 0 ||
		!mailimap_read_line(i->session))
		return MAILIMAP_ERROR_STREAM;
	return MAILIMAP_NO_ERROR;
}

/* libetpan tells BAD, which is an answer, as it tells the tag of another command, which is none. */
static bool is_bad(const struct imap *i, int r)
{
	const char *line = i->session->imap_stream_buffer->str;
	char tag[32];
	size_t n = (size_t) snprintf(tag, sizeof tag, "%d BAD", i->session->imap_tag); /* fits */
	const char *last = line;

	for (const char *end = strchr(line, '\n'); end && end[1]; end = strchr(end + 1, '\n'))
		last = end + 1;
	return r == MAILIMAP_ERROR_PROTOCOL && i->stream.end == IMAP_END_NONE &&
	       strncasecmp(last, tag, n) == 0;
}

int imap_command(struct imap *i, const char *what, const char *command, struct fault *f)
{
	struct mailimap_response *response = NULL;
	int parsed;
	int type;
	int r = check_result(i, what, send_line(i, command), f);

	if (r < 0)
		return r;
	parsed = mailimap_parse_response(i->session, &response);
	if (is_bad(i, parsed))
		return refused(i, what, f);
	r = check_result(i, what, parsed, f);
	if (r < 0)
		return r;
	type = response->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state->rsp_type;
	mailimap_response_free(response);
	if (clist_count(i->session->imap_response_info->rsp_expunged) > 0)
		i->has_expunged = true;
	r = check_folder(i, what, f);
	if (r < 0)
		return r;
	return type == MAILIMAP_RESP_COND_STATE_OK ? 0 : refused(i, what, f);
}

int imap_commandf(struct imap *i, const char *what, struct fault *f, const char *format, ...)
{
	CLEANUP(freep) char *command = NULL;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vasprintf(&command, format, ap);
	va_end(ap);
	if (n < 0) {
		command = NULL;
		return fault_set(f, -ENOMEM, "memory is short");
	}
	return imap_command(i, what, command, f);
}

int imap_noop(struct imap *i, struct fault *f)
{
	imap_begin_plain(i);
	return imap_command(i, "NOOP", "NOOP", f);
}

static int start_session(struct imap *i, struct fault *f)
{
	mailstream *stream = imap_stream_new(&i->stream);
	int r;

	i->session = mailimap_new(0, NULL);
	if (!i->session || !stream) {
		if (stream)
			mailstream_close(stream);
		return fault_set(f, -ENOMEM, "memory is short");
	}
	imap_begin_plain(i);
	r = mailimap_connect(i->session, stream);
	if (r != MAILIMAP_NO_ERROR_AUTHENTICATED)
		return imap_lost(i, "greeting", i->stream.end, f);
	r = imap_command(i, "CAPABILITY", "CAPABILITY", f);
	if (r < 0)
		return r;
	i->has_idle = mailimap_has_extension(i->session, "IDLE");
	i->has_move = mailimap_has_extension(i->session, "MOVE");
	i->has_uidplus = mailimap_has_extension(i->session, "UIDPLUS");
	return 0;
}

int imap_open(const struct imap_options *options, struct imap **ret, struct fault *f)
{
	CLEANUP(imap_closep) struct imap *i = calloc(1, sizeof *i);
	int r;

	if (!i)
		return fault_set(f, -ENOMEM, "memory is short");
	i->stream.stop_fd = options->stop_fd;
	i->stream.now_us = options->now_us;
	i->stream.patience_ms = options->patience_ms;
	i->stream.greeting = preauth;
	r = imap_connect(options, i->place, &i->stream.curl, f);
	if (r < 0)
		return r;
	r = start_session(i, f);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(i);
	return 0;
}

struct imap *imap_close(struct imap *i)
{
	if (!i)
		return NULL;
	if (i->session) {
		/* mailimap_free() would say LOGOUT and wait for the answer. */
		if (i->session->imap_stream)
			mailstream_close(i->session->imap_stream);
		i->session->imap_stream = NULL;
		mailimap_free(i->session);
	}
	if (i->stream.curl)
		curl_easy_cleanup(i->stream.curl);
	free(i);
	return NULL;
}

void imap_closep(struct imap **i)
{
	*i = imap_close(*i);
}

bool imap_is_usable(const struct imap *i)
{
	return i && i->stream.end == IMAP_END_NONE;
}

bool imap_has_idle(const struct imap *i)
{
	return i->has_idle;
}

uint32_t imap_exists(const struct imap *i)
{
	const struct mailimap_selection_info *info = i->session->imap_selection_info;

	/* EXPUNGE counts down below nothing when a server sends too many. */
	return info && info->sel_exists <= INT32_MAX ? info->sel_exists : 0;
}

/* What the server tells about the folder that was open before is void. */
static int renew_selection(struct imap *i, struct fault *f)
{
	struct mailimap_selection_info *info = mailimap_selection_info_new();

	if (!info)
		return fault_set(f, -ENOMEM, "memory is short");
	if (i->session->imap_selection_info)
		mailimap_selection_info_free(i->session->imap_selection_info);
	i->session->imap_selection_info = info;
	return 0;
}

int imap_open_named(
	struct imap *i, const char *name, bool examine, struct imap_folder *ret, struct fault *f)
{
	const struct mailimap_selection_info *info;
	const char *what = examine ? "EXAMINE" : "SELECT";
	int r = renew_selection(i, f);

	i->uidvalidity = 0;
	imap_begin_plain(i);
	if (r < 0)
		return r;
	r = imap_commandf(i, what, f, "%s %s", what, name);
	if (r == -EREMOTEIO) {
		fault_set_kind(f, FAULT_MISSING, -ENOENT,
			"%s: a watched folder cannot be opened: is it there, is it spelled right "
			"in folders, may this user read it?",
			i->place);
		return -ENOENT;
	}
	if (r < 0)
		return r;
	info = i->session->imap_selection_info;
	if (!info || info->sel_uidvalidity == 0) {
		i->stream.end = IMAP_END_BROKEN;
		return fault_set_kind(f, FAULT_PROTOCOL, -EPROTO,
			"%s: the server gives no UIDVALIDITY: mails cannot be told apart there",
			i->place);
	}
	i->uidvalidity = info->sel_uidvalidity;
	*ret = (struct imap_folder){
		.uidvalidity = info->sel_uidvalidity,
		.uidnext = info->sel_uidnext,
		.exists = imap_exists(i),
		.read_only = info->sel_perm == MAILIMAP_MAILBOX_READONLY,
	};
	return 0;
}

int imap_select(
	struct imap *i, const char *folder, bool examine, struct imap_folder *ret, struct fault *f)
{
	CLEANUP(freep) char *name = NULL;
	int r = imap_name(folder, &name, f);

	return r < 0 ? r : imap_open_named(i, name, examine, ret, f);
}
