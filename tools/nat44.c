// SPDX-License-Identifier: GPL-2.0
/* 1:1 IPv4 NAT: add, del, list, flush. */
#include <stdlib.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

/* INTERNAL EXTERNAL dev DEV */
int cmd_add_nat44(const struct command *command, int argc, char **argv)
{
	struct prefix4 internal, external;
	int status;

	status = take_prefix4(argv[0], &internal);
	if (!status)
		status = take_prefix4(argv[1], &external);
	if (!status)
		status = expect_word(argv[2], "dev");
	if (!status)
		status = judge(wrong_nat44(&internal));
	if (!status)
		status = judge(wrong_nat44(&external));
	if (!status)
		status = judge(wrong_nat44_pair(&internal, &external));
	if (!status)
		status = judge(wrong_dev(argv[3]));
	if (!status)
		status = told(kern_add_nat44(&internal, &external, argv[3]));
	return status;
}

/* INTERNAL dev DEV */
int cmd_del_nat44(const struct command *command, int argc, char **argv)
{
	struct prefix4 internal;
	int status;

	status = take_prefix4(argv[0], &internal);
	if (!status)
		status = expect_word(argv[1], "dev");
	if (!status)
		status = judge(wrong_dev(argv[2]));
	if (!status)
		status = told(kern_del_nat44(&internal, argv[2]));
	return status;
}

int cmd_flush_nat44(const struct command *command, int argc, char **argv)
{
	__u32 flushed;
	int status = told(kern_flush_nat44(&flushed));

	if (!status && opt.verbose)
		note("%u rules deleted", flushed);
	return status;
}

/* In JSON, active comes only where it is false. */
int cmd_list_nat44(const struct command *command, int argc, char **argv)
{
	enum { INTERNAL, EXTERNAL, DEV, ACTIVE };
	static const struct column columns[] = {
		{ "internal", false }, { "external", false }, { "dev", false }, { "active", false },
	};
	struct nat44 *rules;
	char buf[PREFIX_TEXT];
	size_t n, i;
	int status;

	status = told(kern_nat44(&rules, &n));
	if (status)
		return status;
	print_start(columns, sizeof(columns) / sizeof(*columns));
	for (i = 0; i < n; i++) {
		print_text(INTERNAL, format_prefix4(buf, &rules[i].internal));
		print_text(EXTERNAL, format_prefix4(buf, &rules[i].external));
		print_text(DEV, rules[i].dev);
		if (!rules[i].active || !opt.json)
			print_bool(ACTIVE, rules[i].active);
		print_row();
	}
	print_end();
	free(rules);
	return DONE;
}
