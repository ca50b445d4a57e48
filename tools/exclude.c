// SPDX-License-Identifier: GPL-2.0
/* Remote addresses that 1:1 NAT leaves alone: add, del, list, flush. */
#include <stdlib.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

int cmd_add_exclude(const struct command *command, int argc, char **argv)
{
	struct prefix4 prefix;
	int status = take_prefix4(argv[0], &prefix);

	if (!status)
		status = judge(wrong_exclude(&prefix));
	if (!status)
		status = told(kern_add_exclude(&prefix));
	return status;
}

int cmd_del_exclude(const struct command *command, int argc, char **argv)
{
	struct prefix4 prefix;
	int status = take_prefix4(argv[0], &prefix);

	if (!status)
		status = told(kern_del_exclude(&prefix));
	return status;
}

int cmd_flush_excludes(const struct command *command, int argc, char **argv)
{
	__u32 flushed;
	int status = told(kern_flush_excludes(&flushed));

	if (!status && opt.verbose)
		note("%u exclusions deleted", flushed);
	return status;
}

int cmd_list_excludes(const struct command *command, int argc, char **argv)
{
	static const struct column columns[] = { { "prefix", false } };
	struct exclude *excludes;
	char buf[PREFIX_TEXT];
	size_t n, i;
	int status;

	status = told(kern_excludes(&excludes, &n));
	if (status)
		return status;
	print_start(columns, 1);
	for (i = 0; i < n; i++) {
		print_text(0, format_prefix4(buf, &excludes[i].prefix));
		print_row();
	}
	print_end();
	free(excludes);
	return DONE;
}
