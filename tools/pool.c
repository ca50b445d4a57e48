// SPDX-License-Identifier: GPL-2.0
/* The pool: add, del, list. */
#include <errno.h>
#include <stdlib.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"
#include "route.h"

int cmd_add_pool(const struct command *command, int argc, char **argv)
{
	struct prefix4 prefix;
	int status = take_prefix4(argv[0], &prefix);

	if (!status && argc > 1)
		status = expect_word(argv[1], "drain");
	if (!status)
		status = judge(wrong_pool(&prefix));
	if (!status)
		status = told(kern_add_pool(&prefix, argc > 1));
	if (!status)
		routes_changed();
	return status;
}

int cmd_del_pool(const struct command *command, int argc, char **argv)
{
	struct prefix4 prefix;
	int status = take_prefix4(argv[0], &prefix);
	int error;

	if (status)
		return status;
	error = kern_del_pool(&prefix, opt.given & OPT_FORCE);
	if (error == -EBUSY)
		return refused("%s; --force ends them, 'add pool %s drain' lets them run out",
			       kern_why(), argv[0]);
	if (!error)
		routes_changed();
	return told(error);
}

/* In JSON, static and drain come only where they say something. */
int cmd_list_pools(const struct command *command, int argc, char **argv)
{
	enum { PREFIX, SIZE, LEASED, STATIC, FREE, DRAIN };
	static const struct column columns[] = {
		{ "prefix", false }, { "size", true }, { "leased", true },
		{ "static", true },  { "free", true }, { "drain", false },
	};
	struct pool *pools;
	char buf[PREFIX_TEXT];
	size_t n, i;
	int status;

	status = told(kern_pools(&pools, &n));
	if (status)
		return status;
	print_start(columns, sizeof(columns) / sizeof(*columns));
	for (i = 0; i < n; i++) {
		print_text(PREFIX, format_prefix4(buf, &pools[i].prefix));
		print_number(SIZE, pools[i].size);
		print_number(LEASED, pools[i].leased);
		if (pools[i].occupied || !opt.json)
			print_number(STATIC, pools[i].occupied);
		print_number(FREE, pools[i].free);
		if (pools[i].drain) {
			print_bool(DRAIN, true);
			print_alarm(DRAIN);
		}
		print_row();
	}
	print_end();
	free(pools);
	return DONE;
}
