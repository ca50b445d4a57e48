/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	include/nat64.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_NAT64_GEN_H
#define _LINUX_NAT64_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/nat64.h>

/* Ops table for nat64 */
extern const struct genl_split_ops nat64_nl_ops[25];

int nat64_nl_map_get_start(struct netlink_callback *cb);
int nat64_nl_nat44_get_start(struct netlink_callback *cb);
int nat64_nl_exclude_get_start(struct netlink_callback *cb);
int nat64_nl_map_get_done(struct netlink_callback *cb);
int nat64_nl_nat44_get_done(struct netlink_callback *cb);
int nat64_nl_exclude_get_done(struct netlink_callback *cb);

int nat64_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_pool_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_pool_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_pool_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int nat64_nl_map_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_map_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_map_flush_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_map_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int nat64_nl_nat44_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_nat44_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_nat44_flush_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_nat44_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int nat64_nl_exclude_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_exclude_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_exclude_flush_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_exclude_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int nat64_nl_allow_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_allow_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_allow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int nat64_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_begin_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_commit_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_reset_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_icmp_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

enum {
	NAT64_NLGRP_EVENTS,
};

#endif /* _LINUX_NAT64_GEN_H */
