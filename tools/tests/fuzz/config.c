// SPDX-License-Identifier: GPL-2.0
/*
 * The file of load and check: parser, checks and printer. What is accepted must be printed as a
 * file that is accepted, and that is printed the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../nat64ctl.h"
#include "fuzz.h"

/* The canonical form of a file; NULL if it is refused. */
static char *canonical(const uint8_t *data, size_t size, bool json)
{
	struct config config;
	char *text = NULL;
	size_t length;
	FILE *out;

	config_parse(&config, fuzz_file(data, size));
	config_check(&config);
	config_print_errors(&config);
	if (!config.n_errors) {
		FILE *was = stdout;

		out = open_memstream(&text, &length);
		stdout = out;
		if (json)
			config_write_json(&config);
		else
			config_write_toml(&config);
		stdout = was;
		fclose(out);
	}
	config_free(&config);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *once, *twice;

	fuzz_quietly();
	once = canonical(data, size, false);
	if (!once)
		return 0;
	twice = canonical((const uint8_t *)once, strlen(once), false);
	if (!twice || strcmp(once, twice))
		abort();
	free(twice);
	free(canonical(data, size, true));
	free(once);
	return 0;
}
