// SPDX-License-Identifier: GPL-2.0
/*
 * Many commands over one socket; with --atomic as one transaction on a copy of the running
 * configuration.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "batch.h"
#include "nat64ctl.h"
#include "netlink.h"

#define MAX_WORDS	32

/* Cuts a line into words, not too many for words; what follows a # is a remark. */
static int cut(char *line, char **words)
{
	int n = 0;
	char *word, *save;

	words[n++] = "nat64ctl";
	line[strcspn(line, "#")] = '\0';
	for (word = strtok_r(line, " \t\r\n", &save); word && n <= MAX_WORDS;
	     word = strtok_r(NULL, " \t\r\n", &save))
		words[n++] = word;
	words[n] = NULL;
	return n;
}

/* Up to the first line that take() fails at. */
static int each_line(FILE *in, const char *name, int (*take)(int argc, char **argv))
{
	char *words[MAX_WORDS + 2], *line = NULL, *place;
	unsigned int number = 0;
	int status = DONE;
	size_t size = 0;

	while (!status && getline(&line, &size, in) >= 0) {
		int n = cut(line, words);

		number++;
		if (n == 1)
			continue;
		place = xprintf("%s:%u", name, number);
		where = place;
		status = n > MAX_WORDS ? misused("more than %d words", MAX_WORDS - 1) :
					 take(n, words);
		where = NULL;
		free(place);
	}
	if (!status && ferror(in))
		status = refused("%s: %s", name, strerror(errno));
	free(line);
	return status;
}

/*
 * As one transaction. Everything is read and looked at first: a transaction is not begun for what
 * it cannot hold.
 */
static int run_atomically(FILE *in, const char *name)
{
	struct commit_result result;
	char *text = NULL, buf[4096];
	size_t size = 0, n;
	FILE *copy;
	int status;

	copy = open_memstream(&text, &size);
	while (copy && (n = fread(buf, 1, sizeof(buf), in)))
		fwrite(buf, 1, n, copy);
	if (ferror(in) || !copy || fclose(copy)) {
		free(text);
		return refused("%s: %s", name, strerror(errno));
	}
	copy = size ? fmemopen(text, size, "r") : NULL;
	status = copy ? each_line(copy, name, check_command) : DONE;
	if (!status)
		status = told(kern_begin(true));
	if (!status && copy) {
		rewind(copy);
		status = each_line(copy, name, run_command);
	}
	if (!status)
		status = told(kern_commit(false, &result));
	/* drops what is staged, which this socket would go on to see */
	if (status)
		kern_close();
	if (copy)
		fclose(copy);
	free(text);
	return status;
}

int run_batch(const char *file)
{
	bool from_stdin = !strcmp(file, "-");
	FILE *in = from_stdin ? stdin : fopen(file, "re");
	const char *name = from_stdin ? "stdin" : file;
	int status;

	if (!in)
		return refused("%s: %s", file, strerror(errno));
	if (opt.atomic)
		status = run_atomically(in, name);
	else
		status = each_line(in, name, run_command);
	if (!from_stdin)
		fclose(in);
	return status;
}
