/* replay.c - feeds a fuzz target the inputs that are kept, without libFuzzer.
 *
 * The target's name is that of the program, fuzz_NAME. Its inputs are all files of corpus/NAME and
 * regressions/NAME, and of the folders that targets.txt names for it; or those that are given. */
/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

#define FUZZ_DIR FOIMAILD_TESTS "/fuzz"

enum {
	LINE_BYTES = 512,
	PATH_BYTES = 1024,
};

/* Not every target has one. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static unsigned n_inputs;

static void replay_file(const char *path)
{
	FILE *in = fopen(path, "rbe");
	struct stat st;
	uint8_t *bytes;
	size_t n;

	REQUIRE(in && fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode));
	bytes = malloc((size_t) st.st_size + 1);
	REQUIRE(bytes);
	n = fread(bytes, 1, (size_t) st.st_size, in);
	(void) fclose(in); /* it was only read */
	/* The last line before a crash names the input. */
	(void) printf("%s\n", path);
	(void) fflush(stdout);
	REQUIRE(LLVMFuzzerTestOneInput(bytes, n) == 0);
	free(bytes);
	n_inputs++;
}

static void replay_folder(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char path[PATH_BYTES];

		(void) snprintf(path, sizeof path, "%s/%s", folder, entry->d_name); /* short */
		if (entry->d_name[0] != '.')
			replay_file(path);
	}
	if (d)
		(void) closedir(d);
}

/* The folders behind the name and the two numbers in the target's line of targets.txt. */
static void replay_others(const char *name)
{
	FILE *in = fopen(FUZZ_DIR "/targets.txt", "re");
	char line[LINE_BYTES];

	REQUIRE(in);
	while (fgets(line, sizeof line, in)) {
		char *rest = NULL;
		char *word = strtok_r(line, " \t\n", &rest);

		if (!word || strcmp(word, name) != 0)
			continue;
		(void) strtok_r(NULL, " \t\n", &rest); /* the longest input: libFuzzer's */
		while ((word = strtok_r(NULL, " \t\n", &rest))) {
			char path[PATH_BYTES];

			(void) snprintf(path, sizeof path, FOIMAILD_TESTS "/../%s", word);
			replay_folder(path);
		}
	}
	(void) fclose(in); /* it was only read */
}

static void replay_kept(const char *name)
{
	static const char *const kinds[] = { "corpus", "regressions" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char path[PATH_BYTES];

		(void) snprintf(path, sizeof path, FUZZ_DIR "/%s/%s", kinds[i], name);
		replay_folder(path);
	}
	replay_others(name);
	REQUIRE(n_inputs > 0); /* a target without a seed is a mistake */
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	name = name ? name + 1 : argv[0];
	REQUIRE(strncmp(name, "fuzz_", 5) == 0);
	if (LLVMFuzzerInitialize)
		REQUIRE(LLVMFuzzerInitialize(&argc, &argv) == 0);
	for (int i = 1; i < argc; i++)
		replay_file(argv[i]);
	if (argc == 1)
		replay_kept(name + 5);
	(void) printf("checks: %u inputs\n", n_inputs);
	return EXIT_SUCCESS;
}
