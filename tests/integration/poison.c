/* poison.c - a parse process that a mail has taken over.
 *
 * No mail is known that takes the reader over, so this library, preloaded into the daemon, does to
 * the parse process what such a mail would do: behind its wall, when the letter is read and before
 * it is handed over. The mail says in its field X-Poison what happens; "body-" before it: only as
 * long as the mail has its body, which is an attachment.
 *
 * Everything is bounded far above what the wall allows, so that a missing wall shows as a mail that
 * is read as if nothing were wrong, and harms nobody. */
/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <jansson.h>

#include "daemon/role.h"

enum {
	CHUNK = 16 * 1024 * 1024,
	CHUNKS = 128, /* 2 GiB; the wall allows 1 */
	FRAME = 64 * 1024,
	FRAMES = 2048, /* 128 MiB; the wall allows 8 */
};

/* Where the letter's record goes. */
struct output {
	json_dump_callback_t take; /* borrowed */
	void *context;		   /* borrowed */
};

static int (*real_dump)(
	const json_t *json, json_dump_callback_t callback, void *data, size_t flags);

__attribute__((constructor)) static void find_real(void)
{
	void *symbol = dlsym(RTLD_NEXT, "json_dump_callback");

	memcpy(&real_dump, &symbol, sizeof real_dump);
}

static int tell_truth(const json_t *letter, const struct output *out)
{
	return real_dump(letter, out->take, out->context, JSON_COMPACT);
}

/* Only numbers that the compiler cannot know keep it from leaving all this out. */
static volatile unsigned sink;

static int die(const json_t *letter, const struct output *out)
{
	(void) letter;
	(void) out;
	__builtin_trap();
}

static int spin(const json_t *letter, const struct output *out)
{
	while (out)
		sink += letter != NULL;
	return -1;
}

static int hang(const json_t *letter, const struct output *out)
{
	while (letter)
		(void) poll(NULL, 0, -1);
	return out != NULL;
}

/* Memory that is not used is not taken from the machine: the wall counts addresses. */
static int eat(const json_t *letter, const struct output *out)
{
	for (unsigned i = 0; i < CHUNKS; i++)
		if (!malloc(CHUNK))
			return -1;
	return tell_truth(letter, out);
}

static unsigned go_down(unsigned left)
{
	volatile char frame[FRAME];

	frame[0] = (char) left;
	frame[FRAME - 1] = left > 0 ? (char) go_down(left - 1) : 0;
	return (unsigned) (frame[0] + frame[FRAME - 1]);
}

static int recurse(const json_t *letter, const struct output *out)
{
	sink += go_down(FRAMES);
	return tell_truth(letter, out);
}

static int fill(const json_t *letter, const struct output *out)
{
	int fd = memfd_create("fill", MFD_CLOEXEC);
	char *chunk = calloc(1, CHUNK);

	for (unsigned i = 0; fd >= 0 && chunk && i < 8; i++)
		sink += (unsigned) write(fd, chunk, CHUNK);
	close(fd);
	free(chunk);
	return tell_truth(letter, out);
}

static int open_file(const json_t *letter, const struct output *out)
{
	if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0)
		die(letter, out);
	return tell_truth(letter, out);
}

static int open_socket(const json_t *letter, const struct output *out)
{
	sink += (unsigned) socket(AF_INET, SOCK_STREAM, 0);
	return tell_truth(letter, out);
}

static int lie(const json_t *letter, const struct output *out)
{
	static const char text[] = "{\"from\":[[";

	(void) letter;
	return out->take(text, sizeof text - 1, out->context);
}

static int lie_long(const json_t *letter, const struct output *out)
{
	char *text = calloc(1, CHUNK);
	int r;

	(void) letter;
	if (!text)
		return -1;
	memset(text, ' ', CHUNK);
	r = out->take(text, CHUNK, out->context) + out->take(text, FRAME, out->context);
	free(text);
	return r;
}

static int say(const char *record, const json_t *letter)
{
	sink += (unsigned) send(ROLE_CHANNEL_FD, record, strlen(record), MSG_NOSIGNAL);
	return hang(letter, NULL);
}

static int say_nonsense(const json_t *letter, const struct output *out)
{
	(void) out;
	return say("nonsense", letter);
}

static int ask_for_time(const json_t *letter, const struct output *out)
{
	(void) out;
	return say("{\"type\":\"step\",\"what\":\"x\",\"ms\":3600000}", letter);
}

static int be_ready(const json_t *letter, const struct output *out)
{
	(void) out;
	return say("{\"type\":\"ready\"}", letter);
}

static int say_twice(const json_t *letter, const struct output *out)
{
	(void) out;
	return say("{\"type\":\"letter\",\"id\":1}", letter);
}

static const struct poison {
	const char *name;
	int (*act)(const json_t *letter, const struct output *out);
} poisons[] = {
	{ "die", die },
	{ "spin", spin },
	{ "hang", hang },
	{ "eat", eat },
	{ "recurse", recurse },
	{ "fill", fill },
	{ "open", open_file },
	{ "socket", open_socket },
	{ "lie", lie },
	{ "lie-long", lie_long },
	{ "nonsense", say_nonsense },
	{ "time", ask_for_time },
	{ "ready", be_ready },
	{ "no-letter", say_twice },
};

/* Whether @asked, up to its quotation mark, is @name. */
static bool is_name(const char *asked, const char *name)
{
	return strncmp(asked, name, strlen(name)) == 0 && asked[strlen(name)] == '"';
}

/* What the mail asks for; NULL: nothing. However headers are written: the value is the next text. */
static const struct poison *poison_of(const json_t *letter)
{
	static const char mark[] = "\"X-Poison\"";
	bool has_body = json_array_size(json_object_get(letter, "attachments")) > 0;
	char *headers =
		json_dumps(json_object_get(letter, "headers"), JSON_COMPACT | JSON_ENCODE_ANY);
	const char *asked = headers ? strstr(headers, mark) : NULL;
	const struct poison *found = NULL;

	asked = asked ? strchr(asked + sizeof mark - 1, '"') : NULL;
	if (asked && strncmp(++asked, "body-", 5) == 0)
		asked = has_body ? asked + 5 : NULL;
	for (size_t i = 0; asked && i < sizeof poisons / sizeof poisons[0]; i++)
		if (is_name(asked, poisons[i].name))
			found = &poisons[i];
	free(headers);
	return found;
}

int json_dump_callback(const json_t *json, json_dump_callback_t callback, void *data, size_t flags)
{
	const struct poison *p = poison_of(json);
	const struct output out = { callback, data };

	return p ? p->act(json, &out) : real_dump(json, callback, data, flags);
}
