// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	include/nat64.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/nat64.h>

/* Integer value ranges */
static const struct netlink_range_validation nat64_a_config_lowest_ipv6_mtu_range = {
	.min	= 1280ULL,
	.max	= 65535ULL,
};

/* NAT64_CMD_CONFIG_SET - do */
static const struct nla_policy nat64_config_set_nl_policy[NAT64_A_CONFIG_PROMETHEUS + 1] = {
	[NAT64_A_CONFIG_PREFIX] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_CONFIG_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 96),
	[NAT64_A_CONFIG_MAX_IDLE] = { .type = NLA_U32, },
	[NAT64_A_CONFIG_ICMP_SOURCE] = { .type = NLA_U32, },
	[NAT64_A_CONFIG_LOWEST_IPV6_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &nat64_a_config_lowest_ipv6_mtu_range),
	[NAT64_A_CONFIG_UDP_ZERO_CHECKSUM] = NLA_POLICY_MAX(NLA_U8, 1),
	[NAT64_A_CONFIG_ALLOW_PRIVATE] = NLA_POLICY_MAX(NLA_U8, 1),
	[NAT64_A_CONFIG_ZERO_TOS] = NLA_POLICY_MAX(NLA_U8, 1),
	[NAT64_A_CONFIG_MAX_PER_PREFIX] = { .type = NLA_U32, },
	[NAT64_A_CONFIG_PER_PREFIX_LENGTH] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
	[NAT64_A_CONFIG_ACCOUNTING] = NLA_POLICY_MAX(NLA_U8, 1),
	[NAT64_A_CONFIG_PROMETHEUS] = { .type = NLA_NUL_STRING, .len = 255, },
};

/* NAT64_CMD_POOL_ADD - do */
static const struct nla_policy nat64_pool_add_nl_policy[NAT64_A_POOL_DRAIN + 1] = {
	[NAT64_A_POOL_PREFIX] = { .type = NLA_U32, },
	[NAT64_A_POOL_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 32),
	[NAT64_A_POOL_DRAIN] = { .type = NLA_FLAG, },
};

/* NAT64_CMD_POOL_DEL - do */
static const struct nla_policy nat64_pool_del_nl_policy[NAT64_A_POOL_FORCE + 1] = {
	[NAT64_A_POOL_PREFIX] = { .type = NLA_U32, },
	[NAT64_A_POOL_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 32),
	[NAT64_A_POOL_FORCE] = { .type = NLA_FLAG, },
};

/* NAT64_CMD_MAP_ADD - do */
static const struct nla_policy nat64_map_add_nl_policy[NAT64_A_MAP_REPLACE + 1] = {
	[NAT64_A_MAP_V4] = { .type = NLA_U32, },
	[NAT64_A_MAP_V4_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[NAT64_A_MAP_V6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_MAP_V6_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[NAT64_A_MAP_TYPE] = NLA_POLICY_MAX(NLA_U8, 1),
	[NAT64_A_MAP_IDLE] = { .type = NLA_U32, },
	[NAT64_A_MAP_REPLACE] = { .type = NLA_FLAG, },
};

/* NAT64_CMD_MAP_DEL - do */
static const struct nla_policy nat64_map_del_nl_policy[NAT64_A_MAP_V6_LEN + 1] = {
	[NAT64_A_MAP_V4] = { .type = NLA_U32, },
	[NAT64_A_MAP_V4_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[NAT64_A_MAP_V6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_MAP_V6_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

/* NAT64_CMD_MAP_FLUSH - do */
static const struct nla_policy nat64_map_flush_nl_policy[NAT64_A_MAP_TYPE + 1] = {
	[NAT64_A_MAP_TYPE] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* NAT64_CMD_MAP_GET - dump */
static const struct nla_policy nat64_map_get_nl_policy[NAT64_A_MAP_TYPE + 1] = {
	[NAT64_A_MAP_V4] = { .type = NLA_U32, },
	[NAT64_A_MAP_V4_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[NAT64_A_MAP_V6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_MAP_V6_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[NAT64_A_MAP_TYPE] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* NAT64_CMD_NAT44_ADD - do */
static const struct nla_policy nat64_nat44_add_nl_policy[NAT64_A_NAT44_DEV + 1] = {
	[NAT64_A_NAT44_INTERNAL] = { .type = NLA_U32, },
	[NAT64_A_NAT44_EXTERNAL] = { .type = NLA_U32, },
	[NAT64_A_NAT44_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[NAT64_A_NAT44_DEV] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* NAT64_CMD_NAT44_DEL - do */
static const struct nla_policy nat64_nat44_del_nl_policy[NAT64_A_NAT44_DEV + 1] = {
	[NAT64_A_NAT44_INTERNAL] = { .type = NLA_U32, },
	[NAT64_A_NAT44_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[NAT64_A_NAT44_DEV] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* NAT64_CMD_EXCLUDE_ADD - do */
static const struct nla_policy nat64_exclude_add_nl_policy[NAT64_A_EXCLUDE_LEN + 1] = {
	[NAT64_A_EXCLUDE_PREFIX] = { .type = NLA_U32, },
	[NAT64_A_EXCLUDE_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
};

/* NAT64_CMD_EXCLUDE_DEL - do */
static const struct nla_policy nat64_exclude_del_nl_policy[NAT64_A_EXCLUDE_LEN + 1] = {
	[NAT64_A_EXCLUDE_PREFIX] = { .type = NLA_U32, },
	[NAT64_A_EXCLUDE_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
};

/* NAT64_CMD_ALLOW_ADD - do */
static const struct nla_policy nat64_allow_add_nl_policy[NAT64_A_ALLOW_LEN + 1] = {
	[NAT64_A_ALLOW_PREFIX] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_ALLOW_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

/* NAT64_CMD_ALLOW_DEL - do */
static const struct nla_policy nat64_allow_del_nl_policy[NAT64_A_ALLOW_LEN + 1] = {
	[NAT64_A_ALLOW_PREFIX] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_ALLOW_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

/* NAT64_CMD_BEGIN - do */
static const struct nla_policy nat64_begin_nl_policy[NAT64_A_TRANSACTION_COPY + 1] = {
	[NAT64_A_TRANSACTION_COPY] = { .type = NLA_FLAG, },
};

/* NAT64_CMD_COMMIT - do */
static const struct nla_policy nat64_commit_nl_policy[NAT64_A_TRANSACTION_DRY_RUN + 1] = {
	[NAT64_A_TRANSACTION_DRY_RUN] = { .type = NLA_FLAG, },
};

/* Ops table for nat64 */
const struct genl_split_ops nat64_nl_ops[25] = {
	{
		.cmd	= NAT64_CMD_CONFIG_GET,
		.doit	= nat64_nl_config_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_CONFIG_SET,
		.doit		= nat64_nl_config_set_doit,
		.policy		= nat64_config_set_nl_policy,
		.maxattr	= NAT64_A_CONFIG_PROMETHEUS,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_POOL_ADD,
		.doit		= nat64_nl_pool_add_doit,
		.policy		= nat64_pool_add_nl_policy,
		.maxattr	= NAT64_A_POOL_DRAIN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_POOL_DEL,
		.doit		= nat64_nl_pool_del_doit,
		.policy		= nat64_pool_del_nl_policy,
		.maxattr	= NAT64_A_POOL_FORCE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NAT64_CMD_POOL_GET,
		.dumpit	= nat64_nl_pool_get_dumpit,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_MAP_ADD,
		.doit		= nat64_nl_map_add_doit,
		.policy		= nat64_map_add_nl_policy,
		.maxattr	= NAT64_A_MAP_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_MAP_DEL,
		.doit		= nat64_nl_map_del_doit,
		.policy		= nat64_map_del_nl_policy,
		.maxattr	= NAT64_A_MAP_V6_LEN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_MAP_FLUSH,
		.doit		= nat64_nl_map_flush_doit,
		.policy		= nat64_map_flush_nl_policy,
		.maxattr	= NAT64_A_MAP_TYPE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_MAP_GET,
		.start		= nat64_nl_map_get_start,
		.dumpit		= nat64_nl_map_get_dumpit,
		.done		= nat64_nl_map_get_done,
		.policy		= nat64_map_get_nl_policy,
		.maxattr	= NAT64_A_MAP_TYPE,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_NAT44_ADD,
		.doit		= nat64_nl_nat44_add_doit,
		.policy		= nat64_nat44_add_nl_policy,
		.maxattr	= NAT64_A_NAT44_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_NAT44_DEL,
		.doit		= nat64_nl_nat44_del_doit,
		.policy		= nat64_nat44_del_nl_policy,
		.maxattr	= NAT64_A_NAT44_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NAT64_CMD_NAT44_FLUSH,
		.doit	= nat64_nl_nat44_flush_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NAT64_CMD_NAT44_GET,
		.start	= nat64_nl_nat44_get_start,
		.dumpit	= nat64_nl_nat44_get_dumpit,
		.done	= nat64_nl_nat44_get_done,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_EXCLUDE_ADD,
		.doit		= nat64_nl_exclude_add_doit,
		.policy		= nat64_exclude_add_nl_policy,
		.maxattr	= NAT64_A_EXCLUDE_LEN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_EXCLUDE_DEL,
		.doit		= nat64_nl_exclude_del_doit,
		.policy		= nat64_exclude_del_nl_policy,
		.maxattr	= NAT64_A_EXCLUDE_LEN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NAT64_CMD_EXCLUDE_FLUSH,
		.doit	= nat64_nl_exclude_flush_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NAT64_CMD_EXCLUDE_GET,
		.start	= nat64_nl_exclude_get_start,
		.dumpit	= nat64_nl_exclude_get_dumpit,
		.done	= nat64_nl_exclude_get_done,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_ALLOW_ADD,
		.doit		= nat64_nl_allow_add_doit,
		.policy		= nat64_allow_add_nl_policy,
		.maxattr	= NAT64_A_ALLOW_LEN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_ALLOW_DEL,
		.doit		= nat64_nl_allow_del_doit,
		.policy		= nat64_allow_del_nl_policy,
		.maxattr	= NAT64_A_ALLOW_LEN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NAT64_CMD_ALLOW_GET,
		.dumpit	= nat64_nl_allow_get_dumpit,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= NAT64_CMD_STATS_GET,
		.doit	= nat64_nl_stats_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_BEGIN,
		.doit		= nat64_nl_begin_doit,
		.policy		= nat64_begin_nl_policy,
		.maxattr	= NAT64_A_TRANSACTION_COPY,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_COMMIT,
		.doit		= nat64_nl_commit_doit,
		.policy		= nat64_commit_nl_policy,
		.maxattr	= NAT64_A_TRANSACTION_DRY_RUN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NAT64_CMD_RESET,
		.doit	= nat64_nl_reset_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NAT64_CMD_ICMP_GET,
		.dumpit	= nat64_nl_icmp_get_dumpit,
		.flags	= GENL_CMD_CAP_DUMP,
	},
};

static const struct genl_multicast_group nat64_nl_mcgrps[] = {
	[NAT64_NLGRP_EVENTS] = { "events", },
};
