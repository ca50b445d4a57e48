/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.17 looking up a proxy entry and making one are the same function, under a lock; since
 * then entries are read under RCU, but by no function that is exported.
 */
#ifndef NAT64_COMPAT_NET_NEIGHBOUR_H
#define NAT64_COMPAT_NET_NEIGHBOUR_H

#include <linux/version.h>
#include_next <net/neighbour.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define pneigh_lookup(tbl, net, key, dev) pneigh_lookup((tbl), (net), (key), (dev), 0)
#else
/* As pneigh_lookup() and pneigh_hash() of net/core/neighbour.c. */
static inline struct pneigh_entry *nat64_compat_pneigh_lookup(struct neigh_table *tbl,
							      struct net *net, const void *key,
							      struct net_device *dev)
{
	u32 hash = *(const u32 *)(key + tbl->key_len - 4);
	struct pneigh_entry *n;

	hash ^= hash >> 16;
	hash ^= hash >> 8;
	hash ^= hash >> 4;
	for (n = rcu_dereference(tbl->phash_buckets[hash & 0xf]); n; n = rcu_dereference(n->next))
		if (!memcmp(n->key, key, tbl->key_len) && net_eq(pneigh_net(n), net) &&
		    (n->dev == dev || !n->dev))
			return n;
	return NULL;
}

#define pneigh_lookup nat64_compat_pneigh_lookup
#endif

#endif /* NAT64_COMPAT_NET_NEIGHBOUR_H */
