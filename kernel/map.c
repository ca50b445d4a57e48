// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of maps. Hosts, by far the most, have tables of their own whose keys are plain addresses;
 * prefix pairs (RFC 7757) are found by one look-up for each length that is in use, longest first.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "map.h"
#include "pool.h"

/* The tables' parameters are constants that the compiler sees, so that hashing and comparing are
 * inlined into the packet path.
 */

static inline u32 hash_host6(const void *key, u32 len, u32 seed)
{
	return jhash2(key, sizeof(struct in6_addr) / sizeof(u32), seed);
}

static inline u32 hash_host4(const void *key, u32 len, u32 seed)
{
	return jhash_1word(*(const u32 *)key, seed);
}

static inline int compare_host6(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct nat64_map *map = obj;

	return !ipv6_addr_equal(&map->v6, arg->key);
}

static inline int compare_host4(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct nat64_map *map = obj;

	return map->v4 != *(const __be32 *)arg->key;
}

static const struct rhashtable_params host6_params = {
	.key_len = sizeof(struct in6_addr),
	.key_offset = offsetof(struct nat64_map, v6),
	.head_offset = offsetof(struct nat64_map, node6),
	.hashfn = hash_host6,
	.obj_cmpfn = compare_host6,
	.automatic_shrinking = true,
};

static const struct rhashtable_params host4_params = {
	.key_len = sizeof(__be32),
	.key_offset = offsetof(struct nat64_map, v4),
	.head_offset = offsetof(struct nat64_map, node4),
	.hashfn = hash_host4,
	.obj_cmpfn = compare_host4,
	.automatic_shrinking = true,
};

/* A prefix as a key: of either family, host bits zero. */
struct pair_key {
	struct in6_addr v6;
	__be32 v4;
	u8 len;
};

static inline u32 hash_prefix6(const struct in6_addr *v6, u8 len, u32 seed)
{
	return jhash2((const u32 *)v6, sizeof(*v6) / sizeof(u32), seed ^ len);
}

static inline u32 hash_prefix4(__be32 v4, u8 len, u32 seed)
{
	return jhash_1word((__force u32)v4, seed ^ len);
}

static inline u32 hash_pair6(const void *data, u32 len, u32 seed)
{
	const struct pair_key *key = data;

	return hash_prefix6(&key->v6, key->len, seed);
}

static inline u32 hash_pair4(const void *data, u32 len, u32 seed)
{
	const struct pair_key *key = data;

	return hash_prefix4(key->v4, key->len, seed);
}

static inline u32 hash_map6(const void *obj, u32 len, u32 seed)
{
	const struct nat64_map *map = obj;

	return hash_prefix6(&map->v6, map->len6, seed);
}

static inline u32 hash_map4(const void *obj, u32 len, u32 seed)
{
	const struct nat64_map *map = obj;

	return hash_prefix4(map->v4, map->len4, seed);
}

static inline int compare_pair6(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct pair_key *key = arg->key;
	const struct nat64_map *map = obj;

	return map->len6 != key->len || !ipv6_addr_equal(&map->v6, &key->v6);
}

static inline int compare_pair4(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct pair_key *key = arg->key;
	const struct nat64_map *map = obj;

	return map->len4 != key->len || map->v4 != key->v4;
}

static const struct rhashtable_params pair6_params = {
	.key_len = sizeof(struct pair_key),
	.head_offset = offsetof(struct nat64_map, node6),
	.hashfn = hash_pair6,
	.obj_hashfn = hash_map6,
	.obj_cmpfn = compare_pair6,
	.automatic_shrinking = true,
};

static const struct rhashtable_params pair4_params = {
	.key_len = sizeof(struct pair_key),
	.head_offset = offsetof(struct nat64_map, node4),
	.hashfn = hash_pair4,
	.obj_hashfn = hash_map4,
	.obj_cmpfn = compare_pair4,
	.automatic_shrinking = true,
};

/* One map: its memory, and what is counted by it. */

/**
 * nat64_map_free - free a map that no packet sees
 * @map: from kmalloc(), or the first member of what is
 *
 * Context: any but hard irq.
 */
void nat64_map_free(struct nat64_map *map)
{
	free_percpu(map->counts);
	kfree(map);
}

static void free_counted(struct rcu_head *rcu)
{
	nat64_map_free(container_of(rcu, struct nat64_map, rcu));
}

/**
 * nat64_map_free_rcu - free a map when no packet sees it any more
 * @map: as nat64_map_free(); it is in no table
 *
 * Context: any but hard irq.
 */
void nat64_map_free_rcu(struct nat64_map *map)
{
	call_rcu(&map->rcu, free_counted);
}

/* Not before the first packet: of a million maps most may be idle. Without memory the packet goes
 * uncounted, and the next one asks again.
 */
static struct nat64_count __percpu *start_counting(struct nat64_map *map)
{
	struct nat64_count __percpu *counts;
	static DEFINE_SPINLOCK(lock);
	int cpu;

	counts = alloc_percpu_gfp(struct nat64_count, GFP_ATOMIC | __GFP_NOWARN);
	if (!counts)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(counts, cpu)->syncp);
	spin_lock_bh(&lock);
	if (!map->counts) {
		/* Pairs with the dependent reads of whoever counts or sums. */
		smp_store_release(&map->counts, counts);
		counts = NULL;
	}
	spin_unlock_bh(&lock);
	free_percpu(counts);
	return READ_ONCE(map->counts);
}

/**
 * nat64_map_count - account for a translated packet
 * @map: by which it was translated
 * @way: NAT64_DIRECTION_6TO4 or NAT64_DIRECTION_4TO6
 * @packets: one, or the segments of a super-packet
 * @bytes: with their headers
 *
 * Context: packet path, under rcu_read_lock().
 */
void nat64_map_count(struct nat64_map *map, unsigned int way, unsigned int packets,
		     unsigned int bytes)
{
	struct nat64_count __percpu *counts = READ_ONCE(map->counts);
	struct nat64_count *count;
	unsigned long flags;

	if (unlikely(!counts)) {
		counts = start_counting(map);
		if (!counts)
			return;
	}
	count = get_cpu_ptr(counts);
	flags = u64_stats_update_begin_irqsave(&count->syncp);
	u64_stats_add(&count->packets[way], packets);
	u64_stats_add(&count->bytes[way], bytes);
	u64_stats_update_end_irqrestore(&count->syncp, flags);
	put_cpu_ptr(counts);
}

/**
 * nat64_map_uncount - forget what was counted
 * @map: in a configuration without accounting, after a grace period
 *
 * Context: any but hard irq; whoever owns the table keeps @map alive.
 */
void nat64_map_uncount(struct nat64_map *map)
{
	free_percpu(map->counts);
	map->counts = NULL;
}

/**
 * nat64_map_total - what was counted by all CPUs
 * @map: whoever owns the table keeps it alive, and nobody turns accounting off meanwhile
 * @total: result
 *
 * Context: any.
 */
void nat64_map_total(const struct nat64_map *map, struct nat64_map_total *total)
{
	struct nat64_count __percpu *counts = READ_ONCE(map->counts);
	unsigned int start, way;
	int cpu;

	memset(total, 0, sizeof(*total));
	if (!counts)
		return;
	for_each_possible_cpu(cpu) {
		const struct nat64_count *count = per_cpu_ptr(counts, cpu);
		struct nat64_map_total one;

		do {
			start = u64_stats_fetch_begin(&count->syncp);
			for (way = 0; way < NAT64_DIRECTIONS; way++) {
				one.packets[way] = u64_stats_read(&count->packets[way]);
				one.bytes[way] = u64_stats_read(&count->bytes[way]);
			}
		} while (u64_stats_fetch_retry(&count->syncp, start));
		for (way = 0; way < NAT64_DIRECTIONS; way++) {
			total->packets[way] += one.packets[way];
			total->bytes[way] += one.bytes[way];
		}
	}
}

/* Hosts. */

/**
 * nat64_hosts_init - make empty tables of hosts
 * @hosts: uninitialised
 * @hint: how many hosts are expected, 0 if unknown
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int nat64_hosts_init(struct nat64_hosts *hosts, unsigned int hint)
{
	struct rhashtable_params params6 = host6_params, params4 = host4_params;
	int err;

	params6.nelem_hint = min_t(unsigned int, hint, U16_MAX);
	params4.nelem_hint = params6.nelem_hint;
	hosts->count = 0;
	err = rhashtable_init(&hosts->by6, &params6);
	if (err)
		return err;
	err = rhashtable_init(&hosts->by4, &params4);
	if (err)
		rhashtable_destroy(&hosts->by6);
	return err;
}

/**
 * nat64_hosts_destroy - free the tables, not what is in them
 * @hosts: no reader is left
 *
 * Context: process, may sleep.
 */
void nat64_hosts_destroy(struct nat64_hosts *hosts)
{
	rhashtable_destroy(&hosts->by6);
	rhashtable_destroy(&hosts->by4);
}

/**
 * nat64_hosts_insert - make a host visible
 * @hosts: tables; what they hold already for either address of @map the caller removes, now that
 *	   nothing can fail any more, before he lets go of the lock
 * @map: a host, complete
 *
 * Context: any but hard irq; the writer's lock of the tables is held.
 * Return: 0 or -ENOMEM, -E2BIG; then nothing has changed, but readers may have seen @map, so that
 * it must be freed by nat64_map_free_rcu().
 */
int nat64_hosts_insert(struct nat64_hosts *hosts, struct nat64_map *map)
{
	int err;

	err = rhashtable_insert_fast(&hosts->by6, &map->node6, host6_params);
	if (err)
		return err;
	err = rhashtable_insert_fast(&hosts->by4, &map->node4, host4_params);
	if (err) {
		rhashtable_remove_fast(&hosts->by6, &map->node6, host6_params);
		return err;
	}
	WRITE_ONCE(hosts->count, hosts->count + 1);
	return 0;
}

/**
 * nat64_hosts_remove - hide a host
 * @hosts: tables that hold @map
 * @map: the caller's again, but for readers, who leave after a grace period
 *
 * Context: any but hard irq; the writer's lock of the tables is held.
 */
void nat64_hosts_remove(struct nat64_hosts *hosts, struct nat64_map *map)
{
	WRITE_ONCE(hosts->count, hosts->count - 1);
	rhashtable_remove_fast(&hosts->by6, &map->node6, host6_params);
	rhashtable_remove_fast(&hosts->by4, &map->node4, host4_params);
}

/* One copy of either, with all of rhashtable inlined. */

static noinline __flatten struct nat64_map *lookup_host6(struct nat64_hosts *hosts,
							 const struct in6_addr *v6)
{
	return rhashtable_lookup(&hosts->by6, v6, host6_params);
}

static noinline __flatten struct nat64_map *lookup_host4(struct nat64_hosts *hosts, __be32 v4)
{
	return rhashtable_lookup(&hosts->by4, &v4, host4_params);
}

/**
 * nat64_hosts_find6 - find a host for its owner
 * @hosts: tables
 * @v6: network byte order
 *
 * Context: any; the writer's lock of the tables is held, which keeps the result.
 * Return: the host or NULL.
 */
struct nat64_map *nat64_hosts_find6(struct nat64_hosts *hosts, const struct in6_addr *v6)
{
	struct nat64_map *map;

	rcu_read_lock();
	map = lookup_host6(hosts, v6);
	rcu_read_unlock();
	return map;
}

/**
 * nat64_hosts_find4 - find a host for its owner
 * @hosts: tables
 * @v4: network byte order
 *
 * Context: as nat64_hosts_find6().
 * Return: the host or NULL.
 */
struct nat64_map *nat64_hosts_find4(struct nat64_hosts *hosts, __be32 v4)
{
	struct nat64_map *map;

	rcu_read_lock();
	map = lookup_host4(hosts, v4);
	rcu_read_unlock();
	return map;
}

/* Prefix pairs. */

static inline struct nat64_map *lookup_pair6(struct nat64_maps *maps, const struct in6_addr *v6,
					     u8 len)
{
	struct pair_key key = { .len = len };

	nat64_mask6(&key.v6, v6, len);
	return rhashtable_lookup(&maps->pairs6, &key, pair6_params);
}

static inline struct nat64_map *lookup_pair4(struct nat64_maps *maps, __be32 v4, u8 len)
{
	struct pair_key key = { .v4 = nat64_mask4(v4, len), .len = len };

	return rhashtable_lookup(&maps->pairs4, &key, pair4_params);
}

static struct nat64_map *match_pair6(struct nat64_maps *maps, const struct in6_addr *v6)
{
	unsigned long len = 129, end;
	struct nat64_map *map;

	for (;;) {
		end = len;
		len = find_last_bit(maps->lens6, end);
		if (len >= end)
			return NULL;
		map = lookup_pair6(maps, v6, len);
		if (map)
			return map;
	}
}

/* Only those of pairs shorter than @len. */
static struct nat64_map *match_shorter4(struct nat64_maps *maps, __be32 v4, unsigned long len)
{
	unsigned long end;
	struct nat64_map *map;

	for (;;) {
		end = len;
		len = find_last_bit(maps->lens4, end);
		if (len >= end)
			return NULL;
		map = lookup_pair4(maps, v4, len);
		if (map)
			return map;
	}
}

static struct nat64_map *match_pair4(struct nat64_maps *maps, __be32 v4)
{
	return match_shorter4(maps, v4, 33);
}

/* RFC 7757 section 3.3: the bits behind one prefix go behind the other. The IPv6 suffix may be
 * longer, never shorter; its excess bits, the last ones, are zero one way and ignored the other.
 */

static __be32 suffix_to_v4(const struct nat64_map *map, const struct in6_addr *v6)
{
	unsigned int word = map->len6 / 32, bit = map->len6 % 32;
	u64 bits = (u64)ntohl(v6->s6_addr32[word]) << 32;

	if (word < 3)
		bits |= ntohl(v6->s6_addr32[word + 1]);
	bits = bits << bit >> 32;
	return map->v4 | htonl(bits >> map->len4);
}

static void suffix_to_v6(const struct nat64_map *map, __be32 v4, struct in6_addr *v6)
{
	unsigned int word = map->len6 / 32, bit = map->len6 % 32;
	u64 bits = (u64)ntohl(v4) << 32 << map->len4 >> bit;

	*v6 = map->v6;
	v6->s6_addr32[word] |= htonl(bits >> 32);
	if (word < 3)
		v6->s6_addr32[word + 1] |= htonl((u32)bits);
}

/* All static maps of a configuration. */

/**
 * nat64_maps_create - make a table of static maps
 * @hint: how many maps are expected, 0 if unknown
 *
 * Context: process, may sleep.
 * Return: an empty table that belongs to the caller, or an ERR_PTR: -ENOMEM.
 */
struct nat64_maps *nat64_maps_create(unsigned int hint)
{
	struct nat64_maps *maps = kzalloc(sizeof(*maps), GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (!maps)
		return ERR_PTR(err);
	err = nat64_hosts_init(&maps->hosts, hint);
	if (err)
		goto free_maps;
	err = rhashtable_init(&maps->pairs6, &pair6_params);
	if (err)
		goto destroy_hosts;
	err = rhashtable_init(&maps->pairs4, &pair4_params);
	if (err)
		goto destroy_pairs6;
	INIT_LIST_HEAD(&maps->list);
	refcount_set(&maps->ref, 1);
	return maps;

destroy_pairs6:
	rhashtable_destroy(&maps->pairs6);
destroy_hosts:
	nat64_hosts_destroy(&maps->hosts);
free_maps:
	kfree(maps);
	return ERR_PTR(err);
}

/**
 * nat64_maps_get - take a reference
 * @maps: a table on which the caller has one already
 *
 * Context: any.
 */
void nat64_maps_get(struct nat64_maps *maps)
{
	refcount_inc(&maps->ref);
}

/**
 * nat64_maps_put - give a reference back
 * @maps: freed with all maps when nobody holds it; the packet path has left by then, because a
 *	configuration gives its reference back after a grace period
 *
 * Context: process, may sleep.
 */
void nat64_maps_put(struct nat64_maps *maps)
{
	struct nat64_map *map, *next;

	if (!refcount_dec_and_test(&maps->ref))
		return;
	nat64_hosts_destroy(&maps->hosts);
	rhashtable_destroy(&maps->pairs6);
	rhashtable_destroy(&maps->pairs4);
	list_for_each_entry_safe(map, next, &maps->list, list) {
		nat64_map_free(map);
		cond_resched();
	}
	kfree(maps);
}

static int insert_pair(struct nat64_maps *maps, struct nat64_map *map)
{
	int err;

	err = rhashtable_insert_fast(&maps->pairs6, &map->node6, pair6_params);
	if (err)
		return err;
	err = rhashtable_insert_fast(&maps->pairs4, &map->node4, pair4_params);
	if (err) {
		rhashtable_remove_fast(&maps->pairs6, &map->node6, pair6_params);
		return err;
	}
	if (!maps->n6[map->len6]++)
		set_bit(map->len6, maps->lens6);
	if (!maps->n4[map->len4]++)
		set_bit(map->len4, maps->lens4);
	WRITE_ONCE(maps->pairs, maps->pairs + 1);
	return 0;
}

static void remove_pair(struct nat64_maps *maps, struct nat64_map *map)
{
	WRITE_ONCE(maps->pairs, maps->pairs - 1);
	if (!--maps->n6[map->len6])
		clear_bit(map->len6, maps->lens6);
	if (!--maps->n4[map->len4])
		clear_bit(map->len4, maps->lens4);
	rhashtable_remove_fast(&maps->pairs6, &map->node6, pair6_params);
	rhashtable_remove_fast(&maps->pairs4, &map->node4, pair4_params);
}

static void count_octets(struct nat64_maps *maps, const struct nat64_map *map, int by)
{
	unsigned int octet = nat64_octet4(map->v4);
	unsigned int last = nat64_octet4(map->v4 | ~inet_make_mask(map->len4));

	for (; octet <= last; octet++) {
		maps->n_octet[octet] += by;
		assign_bit(octet, maps->octets, maps->n_octet[octet]);
	}
}

/**
 * nat64_maps_insert - add a static map
 * @maps: a table that has no map with either prefix of @map
 * @map: complete; belongs to @maps on success
 *
 * Context: process; nat64_net->lock is held.
 * Return: 0, -ENOMEM or -E2BIG; then nothing has changed and @map is to be freed by
 *	   nat64_map_free_rcu().
 */
int nat64_maps_insert(struct nat64_maps *maps, struct nat64_map *map)
{
	int err;

	count_octets(maps, map, 1);
	if (nat64_map_is_host(map))
		err = nat64_hosts_insert(&maps->hosts, map);
	else
		err = insert_pair(maps, map);
	if (err)
		count_octets(maps, map, -1);
	else
		list_add_tail(&map->list, &maps->list);
	return err;
}

/**
 * nat64_maps_remove - delete a static map
 * @maps: the table that holds @map
 * @map: freed after a grace period
 *
 * Context: process; nat64_net->lock is held.
 */
void nat64_maps_remove(struct nat64_maps *maps, struct nat64_map *map)
{
	list_del(&map->list);
	if (nat64_map_is_host(map))
		nat64_hosts_remove(&maps->hosts, map);
	else
		remove_pair(maps, map);
	count_octets(maps, map, -1);
	nat64_map_free_rcu(map);
}

/**
 * nat64_maps_copy - copy a table with all its maps
 * @maps: the running configuration's
 *
 * Context: process, may sleep; nat64_net->lock is held.
 * Return: a table that belongs to the caller, or an ERR_PTR: -ENOMEM.
 */
struct nat64_maps *nat64_maps_copy(const struct nat64_maps *maps)
{
	struct nat64_maps *copy = nat64_maps_create(nat64_maps_count(maps));
	const struct nat64_map *map;
	struct nat64_map *new;

	if (IS_ERR(copy))
		return copy;
	list_for_each_entry(map, &maps->list, list) {
		if (map->type == NAT64_MAP_TYPE_CURSOR)
			continue;
		new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
		if (!new)
			goto fail;
		new->v6 = map->v6;
		new->v4 = map->v4;
		new->len6 = map->len6;
		new->len4 = map->len4;
		if (nat64_maps_insert(copy, new)) {
			kfree(new);
			goto fail;
		}
		cond_resched();
	}
	return copy;

fail:
	nat64_maps_put(copy);
	return ERR_PTR(-ENOMEM);
}

/**
 * nat64_maps_find6 - the map that has exactly this IPv6 prefix
 * @maps: table
 * @v6: network byte order, bits after @len6 zero
 * @len6: 128 for a host
 *
 * Context: process; nat64_net->lock is held, which keeps the result.
 * Return: the map or NULL.
 */
struct nat64_map *nat64_maps_find6(struct nat64_maps *maps, const struct in6_addr *v6, u8 len6)
{
	struct nat64_map *map;

	if (len6 == 128)
		return nat64_hosts_find6(&maps->hosts, v6);
	rcu_read_lock();
	map = lookup_pair6(maps, v6, len6);
	rcu_read_unlock();
	return map;
}

/**
 * nat64_maps_find4 - the map that has exactly this IPv4 prefix
 * @maps: table
 * @v4: network byte order, bits after @len4 zero
 * @len4: 32 for a host, and for an address paired with an IPv6 prefix
 *
 * Context: process; nat64_net->lock is held, which keeps the result.
 * Return: the map or NULL.
 */
struct nat64_map *nat64_maps_find4(struct nat64_maps *maps, __be32 v4, u8 len4)
{
	struct nat64_map *map = NULL;

	rcu_read_lock();
	if (len4 == 32)
		map = lookup_host4(&maps->hosts, v4);
	if (!map)
		map = lookup_pair4(maps, v4, len4);
	rcu_read_unlock();
	return map;
}

/**
 * nat64_maps_match6 - the static map that an IPv6 address uses
 * @maps: table
 * @v6: network byte order
 *
 * Context: any, under rcu_read_lock().
 * Return: the map, longest match, or NULL.
 */
struct nat64_map *nat64_maps_match6(struct nat64_maps *maps, const struct in6_addr *v6)
{
	struct nat64_map *map = lookup_host6(&maps->hosts, v6);

	if (!map && READ_ONCE(maps->pairs))
		map = match_pair6(maps, v6);
	return map;
}

/**
 * nat64_maps_match4 - the static map that an IPv4 address uses
 * @maps: table
 * @v4: network byte order
 *
 * Context: any, under rcu_read_lock().
 * Return: the map, longest match, or NULL.
 */
struct nat64_map *nat64_maps_match4(struct nat64_maps *maps, __be32 v4)
{
	struct nat64_map *map = lookup_host4(&maps->hosts, v4);

	if (!map && READ_ONCE(maps->pairs))
		map = match_pair4(maps, v4);
	return map;
}

/**
 * nat64_maps_inside_pair - does a shorter prefix pair contain this IPv4 prefix?
 * @maps: table
 * @v4: network byte order
 * @len4: its length
 *
 * Context: process; nat64_net->lock is held.
 */
bool nat64_maps_inside_pair(struct nat64_maps *maps, __be32 v4, u8 len4)
{
	bool inside;

	if (!maps->pairs)
		return false;
	rcu_read_lock();
	inside = match_shorter4(maps, v4, len4);
	rcu_read_unlock();
	return inside;
}

/**
 * nat64_maps_equal - do two tables say the same?
 * @a: a table
 * @b: a table
 *
 * Context: process, may sleep; nat64_net->lock is held.
 */
bool nat64_maps_equal(struct nat64_maps *a, struct nat64_maps *b)
{
	const struct nat64_map *map, *other;

	if (a->hosts.count != b->hosts.count || a->pairs != b->pairs)
		return false;
	list_for_each_entry(map, &a->list, list) {
		if (map->type == NAT64_MAP_TYPE_CURSOR)
			continue;
		other = nat64_maps_find4(b, map->v4, map->len4);
		if (!other || other->len6 != map->len6 || !ipv6_addr_equal(&other->v6, &map->v6))
			return false;
		cond_resched();
	}
	return true;
}

/**
 * nat64_maps_uncount - forget what was counted by all of a table
 * @maps: of a configuration without accounting, after a grace period
 *
 * Context: process, may sleep; nat64_net->lock is held.
 */
void nat64_maps_uncount(struct nat64_maps *maps)
{
	struct nat64_map *map;

	list_for_each_entry(map, &maps->list, list) {
		if (map->type != NAT64_MAP_TYPE_CURSOR)
			nat64_map_uncount(map);
		cond_resched();
	}
}

/* The packet path. */

/**
 * nat64_map_6to4 - the IPv4 address of an IPv6 one
 * @nn: the namespace, for its leases
 * @conf: its configuration
 * @v6: network byte order
 * @v4: result, network byte order; untouched if there is none
 *
 * Context: packet path, under rcu_read_lock(). RFC 7757 section 4 (longest match).
 * Return: the map that says so, or NULL.
 */
struct nat64_map *nat64_map_6to4(const struct nat64_net *nn, const struct nat64_conf *conf,
				 const struct in6_addr *v6, __be32 *v4)
{
	struct nat64_hosts *leases = &nn->leases->hosts;
	struct nat64_maps *maps = conf->maps;
	struct nat64_map *map = NULL;

	if (READ_ONCE(maps->hosts.count))
		map = lookup_host6(&maps->hosts, v6);
	if (!map && READ_ONCE(leases->count)) {
		map = lookup_host6(leases, v6);
		if (map && READ_ONCE(map->type) != NAT64_MAP_TYPE_DYNAMIC)
			map = NULL;
	}
	if (likely(map)) {
		*v4 = map->v4;
		return map;
	}
	if (READ_ONCE(maps->pairs)) {
		map = match_pair6(maps, v6);
		if (map)
			*v4 = suffix_to_v4(map, v6);
	}
	return map;
}

/**
 * nat64_map_lookup4 - the IPv6 address of an IPv4 one
 * @nn: the namespace, for its leases
 * @conf: its configuration
 * @v4: network byte order
 * @v6: result, network byte order; untouched if there is none
 *
 * Context: packet path, under rcu_read_lock(). RFC 7757 section 4 (longest match).
 * Return: the map that says so, or NULL.
 */
struct nat64_map *nat64_map_lookup4(const struct nat64_net *nn, const struct nat64_conf *conf,
				    __be32 v4, struct in6_addr *v6)
{
	struct nat64_hosts *leases = &nn->leases->hosts;
	struct nat64_maps *maps = conf->maps;
	struct nat64_map *map = NULL;

	if (READ_ONCE(maps->hosts.count))
		map = lookup_host4(&maps->hosts, v4);
	if (!map && READ_ONCE(leases->count)) {
		map = lookup_host4(leases, v4);
		if (map && READ_ONCE(map->type) != NAT64_MAP_TYPE_DYNAMIC)
			map = NULL;
	}
	if (likely(map)) {
		*v6 = map->v6;
		return map;
	}
	if (READ_ONCE(maps->pairs)) {
		map = match_pair4(maps, v4);
		if (map)
			suffix_to_v6(map, v4, v6);
	}
	return map;
}
