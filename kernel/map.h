/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Maps between IPv6 and IPv4 addresses: hosts and prefix pairs (RFC 7757), static or leased.
 */
#ifndef NAT64_MAP_H
#define NAT64_MAP_H

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/u64_stats_sync.h>

#include "conf.h"

/* Types beyond those of user space (enum nat64_map_type); the packet path never sees these. */
enum {
	NAT64_MAP_TYPE_RETURNED = NAT64_MAP_TYPE_DYNAMIC + 1,	/* an ended lease, remembered */
	NAT64_MAP_TYPE_CURSOR,		/* no map: where a dump stands in a list */
};

/**
 * struct nat64_count - what one CPU has translated by one map
 * @packets: by NAT64_DIRECTION_*
 * @bytes: likewise, of the packets as they came
 * @syncp: for machines that cannot read 64 bits at once
 */
struct nat64_count {
	u64_stats_t packets[NAT64_DIRECTIONS];
	u64_stats_t bytes[NAT64_DIRECTIONS];
	struct u64_stats_sync syncp;
};

/**
 * struct nat64_map_total - what all CPUs have translated by one map
 * @packets: by NAT64_DIRECTION_*
 * @bytes: likewise
 */
struct nat64_map_total {
	u64 packets[NAT64_DIRECTIONS];
	u64 bytes[NAT64_DIRECTIONS];
};

/**
 * struct nat64_map - a host or prefix pair
 * @node6: in the table by v6 (and len6)
 * @node4: in the table by v4 (and len4)
 * @v6: IPv6 address, bits after @len6 zero
 * @v4: IPv4 address, bits after @len4 zero
 * @len6: 128 for a host
 * @len4: 32 for a host
 * @type: NAT64_MAP_TYPE_STATIC or _DYNAMIC
 * @used: of a lease: tick of boot time when it was last used; written only when it changes
 * @counts: with accounting, from the first packet on; else NULL
 * @list: all maps of a table in the order they came
 * @rcu: frees it, once it is in no list any more
 *
 * The packet path reads the members before @list and writes @used. A lease with all of it is just
 * 96 bytes long, and takes no more of the slab.
 */
struct nat64_map {
	struct rhash_head node6;
	struct rhash_head node4;
	struct in6_addr v6;
	__be32 v4;
	u8 len6;
	u8 len4;
	u8 type;
	u32 used;
	struct nat64_count __percpu *counts;
	union {
		struct list_head list;
		struct rcu_head rcu;
	};
};

static inline bool nat64_map_is_host(const struct nat64_map *map)
{
	return map->len6 == 128 && map->len4 == 32;
}

/**
 * struct nat64_hosts - hosts by either address
 * @by6: by IPv6 address
 * @by4: by IPv4 address
 * @count: how many; the packet path skips the tables when there are none
 */
struct nat64_hosts {
	struct rhashtable by6;
	struct rhashtable by4;
	unsigned int count;
};

int nat64_hosts_init(struct nat64_hosts *hosts, unsigned int hint);
void nat64_hosts_destroy(struct nat64_hosts *hosts);
int nat64_hosts_insert(struct nat64_hosts *hosts, struct nat64_map *map);
void nat64_hosts_remove(struct nat64_hosts *hosts, struct nat64_map *map);
struct nat64_map *nat64_hosts_find6(struct nat64_hosts *hosts, const struct in6_addr *v6);
struct nat64_map *nat64_hosts_find4(struct nat64_hosts *hosts, __be32 v4);

void nat64_map_free(struct nat64_map *map);
void nat64_map_free_rcu(struct nat64_map *map);
void nat64_map_count(struct nat64_map *map, unsigned int way, unsigned int packets,
		     unsigned int bytes);
void nat64_map_uncount(struct nat64_map *map);
void nat64_map_total(const struct nat64_map *map, struct nat64_map_total *total);

/**
 * struct nat64_maps - the static maps of one configuration
 * @hosts: those of one address
 * @octets: which first octets the IPv4 addresses have
 * @pairs: how many prefix pairs there are
 * @lens6: which IPv6 prefix lengths they have
 * @lens4: which IPv4 prefix lengths they have
 * @pairs6: prefix pairs by IPv6 prefix and length
 * @pairs4: prefix pairs by IPv4 prefix and length
 * @list: all static maps, in the order they were added
 * @ref: configurations and dumps that use it
 * @n6: prefix pairs of each IPv6 length
 * @n4: prefix pairs of each IPv4 length
 * @n_octet: maps of each first octet
 *
 * Changed under nat64_net->lock. The packet path reads the members before @list.
 */
struct nat64_maps {
	struct nat64_hosts hosts;
	DECLARE_BITMAP(octets, NAT64_OCTETS);
	unsigned int pairs;
	DECLARE_BITMAP(lens6, 129);
	DECLARE_BITMAP(lens4, 33);
	struct rhashtable pairs6;
	struct rhashtable pairs4;
	struct list_head list;
	refcount_t ref;
	unsigned int n6[129];
	unsigned int n4[33];
	unsigned int n_octet[NAT64_OCTETS];
};

struct nat64_maps *nat64_maps_create(unsigned int hint);
struct nat64_maps *nat64_maps_copy(const struct nat64_maps *maps);
void nat64_maps_get(struct nat64_maps *maps);
void nat64_maps_put(struct nat64_maps *maps);
int nat64_maps_insert(struct nat64_maps *maps, struct nat64_map *map);
void nat64_maps_remove(struct nat64_maps *maps, struct nat64_map *map);
struct nat64_map *nat64_maps_find6(struct nat64_maps *maps, const struct in6_addr *v6, u8 len6);
struct nat64_map *nat64_maps_find4(struct nat64_maps *maps, __be32 v4, u8 len4);
struct nat64_map *nat64_maps_match6(struct nat64_maps *maps, const struct in6_addr *v6);
struct nat64_map *nat64_maps_match4(struct nat64_maps *maps, __be32 v4);
bool nat64_maps_inside_pair(struct nat64_maps *maps, __be32 v4, u8 len4);
bool nat64_maps_equal(struct nat64_maps *a, struct nat64_maps *b);
void nat64_maps_uncount(struct nat64_maps *maps);

static inline unsigned int nat64_maps_count(const struct nat64_maps *maps)
{
	return maps->hosts.count + maps->pairs;
}

/* Packet path, under rcu_read_lock: the map of an address, static hosts before leases before prefix
 * pairs, longer prefixes before shorter ones; and the other address through it. NULL: none.
 * A lease that is found is refreshed by nat64_map_touch(), by whoever translates a packet with it.
 */
struct nat64_map *nat64_map_6to4(const struct nat64_net *nn, const struct nat64_conf *conf,
				 const struct in6_addr *v6, __be32 *v4);
struct nat64_map *nat64_map_lookup4(const struct nat64_net *nn, const struct nat64_conf *conf,
				    __be32 v4, struct in6_addr *v6);

/* Most IPv4 addresses that are asked for are the other side's, and nowhere near the maps. */
static inline struct nat64_map *nat64_map_4to6(const struct nat64_net *nn,
					       const struct nat64_conf *conf,
					       __be32 v4, struct in6_addr *v6)
{
	unsigned int octet = nat64_octet4(v4);

	if (!test_bit(octet, conf->maps->octets) && !test_bit(octet, conf->pools->octets))
		return NULL;
	return nat64_map_lookup4(nn, conf, v4, v6);
}

/* Ticks of boot time, of about an eighth of a second: fine enough to end a lease within a second of
 * its time, coarse enough that a busy host's packets seldom write, and had without a division.
 */
#define NAT64_TICK_SHIFT 27

static inline u32 nat64_map_now(void)
{
	return ktime_get_coarse_boottime_ns() >> NAT64_TICK_SHIFT;
}

static inline void nat64_map_touch(struct nat64_map *map)
{
	if (map->type == NAT64_MAP_TYPE_DYNAMIC) {
		u32 now = nat64_map_now();

		if (READ_ONCE(map->used) != now)
			WRITE_ONCE(map->used, now);
	}
}

#endif /* NAT64_MAP_H */
