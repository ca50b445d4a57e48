/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pool: leases of IPv4 addresses to IPv6 hosts.
 */
#ifndef NAT64_POOL_H
#define NAT64_POOL_H

#include <linux/ratelimit_types.h>
#include <linux/siphash.h>

#include "map.h"

struct nat64_space;

#define NAT64_WHEEL 1024

/**
 * struct nat64_leases - all leases of a namespace
 * @hosts: the leases by either address, and those that ended lately and are remembered
 * @lock: for all that follows, and for changes of @hosts; taken with BH off
 * @nn: the namespace
 * @space: which addresses of the pool are taken; NULL without a pool
 * @frozen: a new configuration is being adopted: no new leases for now, and none expires
 * @own_missed: meanwhile the router has got an address that may be leased
 * @closing: nobody listens any more
 * @ticking: @expiry is scheduled
 * @list: all of @hosts, in the order they came, and cursors of dumps
 * @returned: the remembered ones, the longest ended first
 * @n_returned: how many those are
 * @live: how many leases there are
 * @max_idle: seconds; 0 never
 * @lifetime: the same in ticks, rounded up; 0 never
 * @clock: tick up to which @wheel was looked at
 * @wheel: leases by the tick, modulo NAT64_WHEEL, when they are looked at next
 * @due: what the expiry is about to look at
 * @expiry: looks at them
 * @limits: how many leases each IPv6 prefix holds, while that is limited
 * @limit_len: length of those prefixes
 * @limit_max: how many it may hold; 0 no limit, and nothing is in @limits
 * @key: of the hash that says where the search for a host's address starts
 * @refusals: bounds the events about refusals
 *
 * The packet path reads @hosts; only a host's first packet takes @lock.
 */
struct nat64_leases {
	struct nat64_hosts hosts;

	spinlock_t lock ____cacheline_aligned;
	struct nat64_net *nn;
	struct nat64_space *space;
	bool frozen;
	bool own_missed;
	bool closing;
	bool ticking;
	struct list_head list;
	struct list_head returned;
	unsigned int n_returned;
	unsigned int live;
	u32 max_idle;
	u32 lifetime;
	u32 clock;
	struct hlist_head wheel[NAT64_WHEEL];
	struct hlist_head due;
	struct delayed_work expiry;
	struct rhashtable limits;
	u8 limit_len;
	u32 limit_max;
	siphash_key_t key;
	struct ratelimit_state refusals;
};

/**
 * struct nat64_lease_info - a lease as a dump sees it
 * @v6: its host
 * @v4: its address
 * @idle: seconds since it was last used
 * @expires: seconds until it ends
 * @ends: it ends at all
 * @total: what was counted, with accounting
 */
struct nat64_lease_info {
	struct in6_addr v6;
	__be32 v4;
	u32 idle;
	u32 expires;
	bool ends;
	struct nat64_map_total total;
};

/**
 * struct nat64_pool_usage - how a prefix of the pool is used
 * @size: addresses that can be leased
 * @leased: those that are
 * @taken: those that static maps or the router have
 */
struct nat64_pool_usage {
	u32 size;
	u32 leased;
	u32 taken;
};

/* Packet path, under rcu_read_lock, any context but hard irq: a lease for a host that has no map.
 * Takes the one spinlock. On refusal an ERR_PTR: -ENOENT no pool or not a host's address, -EPERM
 * not on the allow list, -ENOSPC pool full, -EDQUOT limit per prefix, -ENOMEM, -EAGAIN a new
 * configuration is just being adopted. Sends the events and counts leases given and refused;
 * counting the drop is the caller's.
 */
struct nat64_map *nat64_lease_get(struct nat64_net *nn, const struct nat64_conf *conf,
				  const struct in6_addr *v6);

/* Configuration, all under nn->lock. */
int nat64_leases_create(struct nat64_net *nn);
void nat64_leases_destroy(struct nat64_net *nn);

struct nat64_adoption *nat64_leases_prepare(struct nat64_net *nn, const struct nat64_conf *conf);
void nat64_leases_abort(struct nat64_net *nn, struct nat64_adoption *adoption);
void nat64_leases_adopt(struct nat64_net *nn, struct nat64_adoption *adoption);
int nat64_leases_count(struct nat64_net *nn, const struct nat64_conf *conf, u32 *kept, u32 *ended);
void nat64_adoption_count(const struct nat64_adoption *adoption, u32 *kept, u32 *ended);

int nat64_leases_yield(struct nat64_net *nn, const struct nat64_map *map, bool reserved);
void nat64_leases_unyield(struct nat64_net *nn, const struct nat64_map *map);
int nat64_lease_restore(struct nat64_net *nn, struct genl_info *info, const struct nat64_map *map,
			u32 idle, bool replace);
int nat64_lease_delete(struct nat64_net *nn, const struct nat64_map *map, bool by6, bool by4);
u32 nat64_leases_flush(struct nat64_net *nn);
u32 nat64_leases_clear(struct nat64_net *nn);
void nat64_leases_uncount(struct nat64_net *nn);
void nat64_leases_give_way(struct nat64_net *nn, __be32 own);
void nat64_pool_usage(struct nat64_net *nn, const struct nat64_conf *conf,
		      const struct nat64_pool *pool, struct nat64_pool_usage *usage);

/* Dumps, under nn->lock; they keep packets out for a few leases at a time only. */
void nat64_leases_walk_start(struct nat64_net *nn, struct nat64_map *cursor);
unsigned int nat64_leases_walk(struct nat64_net *nn, struct nat64_map *cursor,
			       struct nat64_lease_info *info, unsigned int max);
void nat64_leases_walk_stop(struct nat64_net *nn, struct nat64_map *cursor);

#endif /* NAT64_POOL_H */
