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

static int run_lines(FILE *in, const char *name)
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
					 run_command(n, words);
		where = NULL;
		free(place);
	}
	if (!status && ferror(in))
		status = refused("%s: %s", name, strerror(errno));
	free(line);
	return status;
}

int run_batch(const char *file)
{
	bool from_stdin = !strcmp(file, "-");
	FILE *in = from_stdin ? stdin : fopen(file, "re");
	struct commit_result result;
	int status = DONE;

	if (!in)
		return refused("%s: %s", file, strerror(errno));
	if (opt.atomic)
		status = told(kern_begin(true));
	if (!status)
		status = run_lines(in, from_stdin ? "stdin" : file);
	if (!status && opt.atomic)
		status = told(kern_commit(false, &result));
	/* drops what is staged, which this socket would go on to see */
	if (status && opt.atomic)
		kern_close();
	if (!from_stdin)
		fclose(in);
	return status;
}
