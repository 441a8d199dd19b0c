/* fuzz_register.c - any records of the workers, as register takes them, with all that follows.
 *
 * An input is lines. The first byte of a line says who: "f" fetch, "p" parse, "s" send, "h" the feed
 * of bank holidays; a capital: that one dies. "t" is a turn of register. The second byte says what is
 * passed along: "+" a sealed memfd, "-" one that is not sealed, "/" no memfd, "2" two descriptors; for
 * the first two and the last the next line is its content (0x1F in it stands for a line end). The
 * rest is the record.
 *
 * Whatever they say, register's counts and bounds hold, no mail is lost, each letter that is taken
 * can be committed, and the journal has its lines. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/register_stage.h"
#include "tests/fuzz/worker_fake.h"

enum {
	LINES_MAX = 64,
};

static const struct {
	char letter;
	const char *role;
} roles[] = {
	{ 'f', "fetch" },
	{ 'p', "parse" },
	{ 's', "send" },
	{ 'h', "feed" },
};

static const struct {
	char letter;
	enum worker_fake_passed passed;
} passings[] = {
	{ '+', WORKER_FAKE_SEALED },
	{ '-', WORKER_FAKE_OPEN },
	{ '/', WORKER_FAKE_OTHER },
	{ '2', WORKER_FAKE_TWO },
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	register_stage_open();
	return 0;
}

static enum worker_fake_passed passed_of(char letter)
{
	for (size_t i = 0; i < sizeof passings / sizeof *passings; i++)
		if (passings[i].letter == letter)
			return passings[i].passed;
	return WORKER_FAKE_NOTHING;
}

static struct worker *worker_of(struct register_state *reg, char letter)
{
	if (letter == 'h' && !reg->feed.worker)
		(void) feed_ask(reg); /* it runs only while it is asked */
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (roles[i].letter == letter)
			return worker_fake_find(roles[i].role);
	return NULL;
}

/* The content of a memfd: the next line. */
static char *read_memory(const uint8_t **at, const uint8_t *end, struct worker_fake_record *said)
{
	char *memory = said->passed == WORKER_FAKE_NOTHING || said->passed == WORKER_FAKE_OTHER
			       ? NULL
			       : fuzz_line(at, end, &said->n_memory);

	for (size_t i = 0; memory && i < said->n_memory; i++)
		if (memory[i] == 0x1F)
			memory[i] = '\n';
	said->memory = memory ? memory : "";
	return memory;
}

static void take_line(struct register_state *reg, const char *line, size_t n, const uint8_t **at,
	const uint8_t *end)
{
	struct worker_fake_record said = { .bytes = line + 2,
		.n = n > 2 ? n - 2 : 0,
		.passed = passed_of(n > 1 ? line[1] : ' ') };
	char *memory = read_memory(at, end, &said);
	struct worker *w = worker_of(reg, (char) tolower((unsigned char) line[0]));

	if (line[0] == 't')
		register_turn(reg);
	else if (w && isupper((unsigned char) line[0]))
		worker_fake_die(w);
	else if (w && said.n > 0)
		(void) worker_fake_say(w, &said); /* one that breaks a rule ends it */
	free(memory);
	register_stage_check(reg);
	worker_fake_settle();
	register_stage_check(reg);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct register_state *reg = register_stage_begin();
	const uint8_t *at = bytes;
	size_t n_line;
	char *line;

	for (unsigned i = 0; i < LINES_MAX && (line = fuzz_line(&at, bytes + n, &n_line)); i++) {
		take_line(reg, line, n_line, &at, bytes + n);
		free(line);
	}
	register_turn(reg);
	register_stage_check(reg);
	register_stage_end();
	return 0;
}
