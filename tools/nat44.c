// SPDX-License-Identifier: GPL-2.0
/* 1:1 IPv4 NAT: add, del, list, flush. */
#include <stdio.h>
#include <stdlib.h>
#include <net/if.h>

#include "args.h"
#include "arp.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

/* Said before the rule is there, so that nothing is half done. */
static int may_answer_arp(const struct nat44 *rule)
{
	int status = judge(wrong_proxy_arp(&rule->external));

	if (!status && !if_nametoindex(rule->dev))
		status = refused("there is no interface %s to answer ARP on", rule->dev);
	return status;
}

/* INTERNAL EXTERNAL dev DEV */
int cmd_add_nat44(const struct command *command, int argc, char **argv)
{
	struct nat44 rule = { .proxy_arp = opt.given & OPT_PROXY_ARP };
	int status;

	status = take_prefix4(argv[0], &rule.internal);
	if (!status)
		status = take_prefix4(argv[1], &rule.external);
	if (!status)
		status = expect_word(argv[2], "dev");
	if (!status)
		status = judge(wrong_nat44(&rule.internal));
	if (!status)
		status = judge(wrong_nat44(&rule.external));
	if (!status)
		status = judge(wrong_nat44_pair(&rule.internal, &rule.external));
	if (!status)
		status = judge(wrong_dev(argv[3]));
	if (status)
		return status;
	snprintf(rule.dev, sizeof(rule.dev), "%s", argv[3]);
	if (rule.proxy_arp)
		status = may_answer_arp(&rule);
	if (!status)
		status = told(kern_add_nat44(&rule.internal, &rule.external, rule.dev));
	if (!status && rule.proxy_arp)
		arp_answer(&rule);
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
	if (!status)
		arp_changed();
	return status;
}

int cmd_flush_nat44(const struct command *command, int argc, char **argv)
{
	__u32 flushed;
	int status = told(kern_flush_nat44(&flushed));

	if (status)
		return status;
	arp_changed();
	if (opt.verbose)
		note("%u rules deleted", flushed);
	return DONE;
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
