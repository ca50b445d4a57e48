// SPDX-License-Identifier: GPL-2.0
/* IPv6 prefixes whose hosts may lease: add, del, list. */
#include <stdlib.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

int cmd_add_allow(const struct command *command, int argc, char **argv)
{
	struct prefix6 prefix;
	int status = take_prefix6(argv[0], &prefix);

	if (!status)
		status = judge(wrong_allow(&prefix));
	if (!status)
		status = told(kern_add_allow(&prefix));
	return status;
}

int cmd_del_allow(const struct command *command, int argc, char **argv)
{
	struct prefix6 prefix;
	int status = take_prefix6(argv[0], &prefix);

	if (!status)
		status = told(kern_del_allow(&prefix));
	return status;
}

int cmd_list_allow(const struct command *command, int argc, char **argv)
{
	static const struct column columns[] = { { "prefix", false } };
	struct allow *allows;
	char buf[PREFIX_TEXT];
	size_t n, i;
	int status;

	status = told(kern_allows(&allows, &n));
	if (status)
		return status;
	print_start(columns, 1);
	for (i = 0; i < n; i++) {
		print_text(0, format_prefix6(buf, &allows[i].prefix));
		print_row();
	}
	print_end();
	free(allows);
	return DONE;
}
