/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The configuration: published as a whole by one RCU pointer, nat64_net->conf.
 */
#ifndef NAT64_CONF_H
#define NAT64_CONF_H

#include <linux/refcount.h>
#include <linux/workqueue.h>

#include "addr.h"
#include "nat64.h"

struct genl_info;
struct nat64_map;
struct nat64_maps;
struct nat64_nat44;
struct netlink_ext_ack;

#define NAT64_MAX_IDLE_DEFAULT		7200
#define NAT64_PROMETHEUS_MAX		255

/**
 * struct nat64_settings - the scalars, by value; a change publishes a new struct nat64_conf
 * @prefix: NAT64 prefix; .len 0 if none
 * @icmp_source: RFC 6791 source; 0 for the router's own address
 * @lowest_ipv6_mtu: 1280 to 65535
 * @udp_zero_drop: drop UDP/IPv4 packets without a checksum instead of computing it
 * @allow_private: the well-known prefix may lead to private IPv4 addresses
 * @refuse_private: derived: @prefix is the well-known one and @allow_private is off
 * @zero_tos: write 0 instead of copying DSCP
 * @accounting: count per map
 * @per_prefix_len: prefix length that @max_per_prefix counts by
 * @max_per_prefix: leases that the hosts of one prefix may hold; 0 no limit
 * @max_idle: seconds; 0 never
 * @prometheus: kept for user space
 */
struct nat64_settings {
	struct nat64_prefix prefix;
	__be32 icmp_source;
	u32 lowest_ipv6_mtu;
	bool udp_zero_drop;
	bool allow_private;
	bool refuse_private;
	bool zero_tos;
	bool accounting;
	u8 per_prefix_len;
	u32 max_per_prefix;
	u32 max_idle;
	char prometheus[NAT64_PROMETHEUS_MAX + 1];
};

/**
 * struct nat64_pool - an IPv4 prefix to lease from
 * @first: its first address, host byte order
 * @last: its last address, host byte order
 * @len: its length
 * @drain: give no new leases from it
 */
struct nat64_pool {
	u32 first;
	u32 last;
	u8 len;
	bool drain;
};

/**
 * struct nat64_allow - an IPv6 prefix whose hosts may lease
 * @prefix: network byte order, bits after @len zero
 * @len: its length
 */
struct nat64_allow {
	struct in6_addr prefix;
	u8 len;
};

/**
 * struct nat64_pools - what may be leased, and by whom
 * @ref: configurations that share it
 * @pool: prefixes, by address; they do not overlap
 * @allow: the allow list, by address, then length; they may nest
 * @outer: those of @allow that lie in no other of it, for a binary search
 * @pools: how many
 * @allows: how many; with none all hosts may lease
 * @outers: how many
 * @octets: which first octets the addresses of the pool have
 *
 * Never changed once a configuration refers to it: a change makes another one.
 */
struct nat64_pools {
	refcount_t ref;
	unsigned int pools;
	unsigned int allows;
	unsigned int outers;
	struct nat64_pool *pool;
	struct nat64_allow *allow;
	struct nat64_allow *outer;
	DECLARE_BITMAP(octets, NAT64_OCTETS);
};

/**
 * struct nat64_conf - one configuration
 * @set: the scalars, immutable once published
 * @maps: static maps; entries come and go one by one under nat64_net->lock, readers use RCU
 * @pools: the prefixes to lease from and the allow list; immutable
 * @nat44: 1:1 rules and exclusions; as @maps
 * @free: gives everything back after a grace period
 */
struct nat64_conf {
	struct nat64_settings set;
	struct nat64_maps *maps;
	struct nat64_pools *pools;
	struct nat64_nat44 *nat44;
	struct rcu_work free;
};

/* For nat64_net->conf of whoever holds nn->lock. */
static inline struct nat64_conf *nat64_conf_locked(struct nat64_net *nn)
{
	return rcu_dereference_protected(nn->conf, lockdep_is_held(&nn->lock));
}

/* Say why a request is refused, blame an attribute of it, and give @err back. The text has room for
 * 79 characters.
 */
#define NAT64_REFUSE(info, attr, err, fmt, args...) ({				\
	struct genl_info *__info = (info);					\
										\
	NL_SET_ERR_MSG_FMT(__info->extack, fmt, ##args);			\
	NL_SET_BAD_ATTR(__info->extack, __info->attrs[attr]);			\
	(err);									\
})

/**
 * struct nat64_change - a change of one configuration, while it is made
 * @nn: the namespace
 * @info: the request
 * @conf: what to change: the staged configuration of the requesting port, else the running one, or
 *	what will run instead of it
 * @running: @conf is the running one itself, whose tables packets see at once
 * @staged: @conf is staged
 * @leases_only: it turned out that a lease changed and the configuration did not
 * @copied: and began as a copy of the running one
 */
struct nat64_change {
	struct nat64_net *nn;
	struct genl_info *info;
	struct nat64_conf *conf;
	bool running;
	bool staged;
	bool leases_only;
	bool copied;
};

/**
 * struct nat64_result - what a commit did
 * @changed: the new configuration differs from the one before
 * @leases_kept: leases that live on
 * @leases_ended: leases that ended
 */
struct nat64_result {
	bool changed;
	u32 leases_kept;
	u32 leases_ended;
};

int nat64_change_begin(struct nat64_change *change, struct nat64_net *nn, struct genl_info *info,
		       bool tables_only);
int nat64_change_needs(struct nat64_change *change, unsigned int hooks);
int nat64_change_end(struct nat64_change *change, int err);

int nat64_conf_set(struct nat64_change *change, const struct nat64_settings *set);
int nat64_conf_pool_add(struct nat64_change *change, __be32 prefix, u8 len, bool drain);
int nat64_conf_pool_del(struct nat64_change *change, __be32 prefix, u8 len, bool force);
int nat64_conf_allow_add(struct nat64_change *change, const struct nat64_allow *allow);
int nat64_conf_allow_del(struct nat64_change *change, const struct nat64_allow *allow);
int nat64_conf_map_add(struct nat64_change *change, const struct nat64_map *want, bool replace);
int nat64_conf_map_del(struct nat64_change *change, const struct nat64_map *want, bool by6,
		       bool by4);
int nat64_conf_maps_flush(struct nat64_change *change, u32 *flushed);
int nat64_conf_nat44_flush(struct nat64_change *change, u32 *flushed);
int nat64_conf_excludes_flush(struct nat64_change *change, u32 *flushed);

struct nat64_conf *nat64_conf_listed(struct nat64_net *nn, u32 portid, bool *staged);
int nat64_conf_begin(struct nat64_net *nn, struct genl_info *info, bool copy);
int nat64_conf_commit(struct nat64_net *nn, struct genl_info *info, bool dry_run,
		      struct nat64_result *result);
void nat64_conf_forget(struct nat64_net *nn, u32 portid);
u32 nat64_conf_reset(struct nat64_net *nn);

int nat64_conf_net_init(struct nat64_net *nn);
void nat64_conf_net_exit(struct nat64_net *nn);
int __init nat64_conf_init(void);
void nat64_conf_exit(void);

#endif /* NAT64_CONF_H */
