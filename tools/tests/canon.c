// SPDX-License-Identifier: GPL-2.0
/*
 * Prints a file in its canonical form, or what is wrong with it: parser, checks and printer without
 * a kernel.
 */
#include "../nat64ctl.h"

int main(int argc, char **argv)
{
	struct config config;

	if (argc != 2)
		return MISUSED;
	config_parse(&config, argv[1]);
	config_check(&config);
	config_print_errors(&config);
	if (!config.n_errors)
		config_write_toml(&config);
	return config.n_errors ? REFUSED : DONE;
}
