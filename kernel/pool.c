// SPDX-License-Identifier: GPL-2.0
/*
 * Leases. A host without a map is given an address of the pool by its first packet.
 *
 * Which one: a keyed hash of the IPv6 address says where in the pool the search for a free address
 * starts, so that a host tends to get the same address whatever happened in between. An address is
 * free if its bit in the IDA of its prefix is clear; the IDA finds the next clear bit in constant
 * time and needs memory only where bits are set. An ended lease stays in the tables as "returned",
 * with its bit set: its host gets it back at once, and everybody else is given addresses nobody had
 * before, then the one that was returned longest ago. How many are remembered is bounded.
 *
 * When they end: the packet path only writes the tick of use into the lease. A wheel with a slot
 * for each tick says when to look at it; a lease that was used meanwhile moves to a later slot.
 */
#include <linux/idr.h>
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/route.h>

#include "netlink.h"
#include "pool.h"
#include "stats.h"
#include "trace.h"

/* Leases looked at in one go with BH off. */
#define BATCH 32

/* Returned leases are remembered up to this many, or an eighth of the leases there are. */
#define REMEMBERED_MIN 65536

/* Where the search for a host's address may start: in the first so many addresses of the pool, or
 * in eight times as many as are leased. Hosts scattered further would each need a page of the IDA.
 */
#define SCATTER_MIN 65536

/* Whoever owns a user namespace may lease this many in a network namespace of his own: the memory
 * is everybody's.
 */
#define GUEST_LEASES_MAX 65536

/**
 * struct lease - a lease, or what is remembered of one
 * @map: what the packet path sees
 * @wheel: of a live one: its slot of the wheel; unhashed if leases never end
 * @returned: of a remembered one: its place in the order in which addresses are given again
 * @doomed: the configuration that is being adopted has no place for it
 */
struct lease {
	struct nat64_map map;
	union {
		struct hlist_node wheel;
		struct list_head returned;
	};
	bool doomed;
};

static struct lease *to_lease(struct nat64_map *map)
{
	return container_of(map, struct lease, map);
}

static u32 lease_addr(const struct lease *lease)
{
	return ntohl(lease->map.v4);
}

static bool is_live(const struct lease *lease)
{
	return lease->map.type == NAT64_MAP_TYPE_DYNAMIC;
}

/* Time. */

static u32 to_ticks(u32 seconds)
{
	return min_t(u64, (u64)seconds * NSEC_PER_SEC >> NAT64_TICK_SHIFT, S32_MAX);
}

/* The tick that is running counts as well, so that what to_ticks() made of N seconds is N again: a
 * lease that was saved is restored, and saved once more, as it was.
 */
static u32 to_seconds(u32 ticks)
{
	return div_u64(((u64)ticks + 1) << NAT64_TICK_SHIFT, NSEC_PER_SEC);
}

/* The space: which addresses are taken. */

/**
 * struct extent - the addresses of one pool prefix that may be leased
 * @first: the first, host byte order
 * @size: how many
 * @used: bits set in @ida: leased, remembered or a static map's
 * @leased: how many are leased
 * @reserved: how many have a static map of that one address
 * @base: addresses of the ranges before it that are open to new leases
 * @drain: not open to new leases
 * @ida: one bit for each address
 */
struct extent {
	u32 first;
	u32 size;
	u32 used;
	u32 leased;
	u32 reserved;
	u32 base;
	bool drain;
	struct ida ida;
};

/**
 * struct place - where a search is
 * @range: index of a range
 * @id: address in it, less the first of the range
 */
struct place {
	unsigned int range;
	u32 id;
};

/**
 * struct nat64_space - all ranges
 * @n: how many
 * @open: addresses in ranges that are open to new leases
 * @unused: those of them whose bits are clear
 * @retry: tick before which there is no use in searching
 * @resume: where a search from the beginning goes on that was too long for one
 * @vacant: a bit for each range that is open to new leases and has clear bits
 * @range: ordered by address
 */
struct nat64_space {
	unsigned int n;
	u32 open;
	u32 unused;
	u32 retry;
	struct place resume;
	unsigned long *vacant;
	struct extent range[];
};

static struct extent *find_range(struct nat64_space *space, u32 addr)
{
	unsigned int low = 0, high = space ? space->n : 0, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (addr < space->range[mid].first)
			high = mid;
		else
			low = mid + 1;
	}
	/* The last one that begins at or before the address. */
	if (!low || addr - space->range[low - 1].first >= space->range[low - 1].size)
		return NULL;
	return &space->range[low - 1];
}

static void account(struct nat64_space *space, struct extent *range, int delta)
{
	range->used += delta;
	if (range->drain)
		return;
	space->unused -= delta;
	__assign_bit(range - space->range, space->vacant, range->used < range->size);
	if (delta < 0)
		space->retry = nat64_map_now();
}

/* Set the bit of one address. -ENOSPC: it is set already. */
static int mark(struct nat64_space *space, struct extent *range, u32 addr, gfp_t gfp)
{
	u32 id = addr - range->first;
	int err = ida_alloc_range(&range->ida, id, id, gfp);

	if (err < 0)
		return err;
	account(space, range, 1);
	return 0;
}

static void unmark(struct nat64_space *space, struct extent *range, u32 addr)
{
	ida_free(&range->ida, addr - range->first);
	account(space, range, -1);
}

static void space_free(struct nat64_space *space)
{
	unsigned int i;

	if (!space)
		return;
	for (i = 0; i < space->n; i++)
		ida_destroy(&space->range[i].ida);
	bitmap_free(space->vacant);
	kvfree(space);
}

static struct nat64_space *space_create(const struct nat64_pools *pools)
{
	struct nat64_space *space;
	unsigned int i;

	space = kvzalloc(struct_size(space, range, pools->pools), GFP_KERNEL_ACCOUNT);
	if (!space)
		return NULL;
	space->vacant = bitmap_zalloc(pools->pools, GFP_KERNEL_ACCOUNT);
	if (!space->vacant) {
		kvfree(space);
		return NULL;
	}
	space->n = pools->pools;
	for (i = 0; i < space->n; i++) {
		const struct nat64_pool *pool = &pools->pool[i];
		struct extent *range = &space->range[i];
		bool edges = pool->len < 31; /* network and broadcast address are left out */

		range->first = pool->first + edges;
		range->size = pool->last - pool->first + 1 - 2 * edges;
		range->drain = pool->drain;
		range->base = space->open;
		if (!range->drain) {
			space->open += range->size;
			__set_bit(i, space->vacant);
		}
		ida_init(&range->ida);
	}
	space->unused = space->open;
	space->retry = nat64_map_now();
	return space;
}

/* Addresses that have no bit of their own but must not be leased: those of prefix pairs, and those
 * that the router answers to. Sets @end to the last address that is taken for the same reason.
 */
static bool is_occupied(struct nat64_net *nn, const struct nat64_conf *conf, u32 addr, u32 *end)
{
	struct nat64_map *map = nat64_maps_match4(conf->maps, htonl(addr));
	unsigned int type;

	if (map) {
		*end = ntohl(map->v4 | ~inet_make_mask(map->len4));
		return true;
	}
	*end = addr;
	type = inet_addr_type(nn->net, htonl(addr));
	/* Where there was never an IPv4 address, not even on lo, all of them are of this type. */
	if (type == RTN_BROADCAST)
		return inet_addr_type(nn->net, htonl(INADDR_LOOPBACK)) != RTN_BROADCAST;
	/* Those of a VRF are in a table of their own. */
	return type == RTN_LOCAL || __ip_dev_find(nn->net, htonl(addr), false);
}

/* How many occupied stretches one search steps over. They are few, those of prefix pairs and of the
 * router's own addresses; but a route of type local makes one of each of its addresses.
 */
#define STEPS_MAX 2048

/* Take the first unused address of @range from @id on, which is moved along. -EINPROGRESS: there is
 * more to search, but no step left.
 */
static int take_in_range(struct nat64_net *nn, const struct nat64_conf *conf, struct extent *range,
			 u32 *id, unsigned int *steps, u32 *addr)
{
	struct nat64_space *space = nn->leases->space;
	u32 last = range->size - 1, end;
	int got;

	for (; *id <= last; *id = end - range->first + 1) {
		if (!*steps)
			return -EINPROGRESS;
		--*steps;
		got = ida_alloc_range(&range->ida, *id, last, GFP_ATOMIC | __GFP_NOWARN);
		if (got < 0)
			return got;
		*addr = range->first + got;
		if (!is_occupied(nn, conf, *addr, &end)) {
			account(space, range, 1);
			return 0;
		}
		ida_free(&range->ida, got);
		if (end - range->first >= last)
			break;
	}
	return -ENOSPC;
}

static u32 scatter(const struct nat64_leases *leases)
{
	u64 wide = roundup_pow_of_two((u64)leases->live * 8 + 1);

	return min_t(u64, max_t(u64, wide, SCATTER_MIN), leases->space->open);
}

/* Take the first unused address at or after @at, which is moved along. */
static int take_from(struct nat64_net *nn, const struct nat64_conf *conf, struct place *at,
		     u32 *addr)
{
	struct nat64_space *space = nn->leases->space;
	unsigned int steps = STEPS_MAX, range;
	int err;

	while ((range = find_next_bit(space->vacant, space->n, at->range)) < space->n) {
		if (range != at->range)
			*at = (struct place){ .range = range };
		err = take_in_range(nn, conf, &space->range[range], &at->id, &steps, addr);
		if (err != -ENOSPC)
			return err;
		*at = (struct place){ .range = range + 1 };
	}
	return -ENOSPC;
}

/* From the beginning, or from where the last search had no step left. */
static int take_first(struct nat64_net *nn, const struct nat64_conf *conf, u32 *addr)
{
	struct place *resume = &nn->leases->space->resume;
	bool whole = !resume->range && !resume->id;
	int err;

	err = take_from(nn, conf, resume, addr);
	if (err != -EINPROGRESS)
		*resume = (struct place){};
	return err == -ENOSPC && !whole ? -EINPROGRESS : err;
}

/* Take an unused address, the first at or after the place that @hash says. A search in vain, past
 * all that is occupied without a bit, is not repeated for a second or until an address is returned:
 * who is refused asks often. One that was too long goes on in the next tick.
 */
static int take_unused(struct nat64_net *nn, const struct nat64_conf *conf, u32 hash, u32 *addr)
{
	struct nat64_space *space = nn->leases->space;
	unsigned int low = 0, high = space->n - 1, mid;
	struct place at;
	u32 start;
	int err;

	if (!space->unused || (s32)(nat64_map_now() - space->retry) < 0)
		return -ENOSPC;
	start = reciprocal_scale(hash, scatter(nn->leases));
	/* Of ranges with the same base, those that drain, the last is the open one. */
	while (low < high) {
		mid = (low + high + 1) / 2;
		if (start < space->range[mid].base)
			high = mid - 1;
		else
			low = mid;
	}
	at = (struct place){ .range = low, .id = start - space->range[low].base };
	err = take_from(nn, conf, &at, addr);
	if (err == -ENOSPC || err == -EINPROGRESS)
		err = take_first(nn, conf, addr);
	if (err != -ENOSPC && err != -EINPROGRESS)
		return err;
	space->retry = nat64_map_now() + (err == -ENOSPC ? to_ticks(1) + 1 : 1);
	return -ENOSPC;
}

/* Limits: how many leases an IPv6 prefix holds. */

/* All look-ups are under the lock: nobody reads the prefix of one that has left the table. */
struct limit {
	struct rhash_head node;
	union {
		struct in6_addr prefix;
		struct rcu_head rcu;
	};
	u32 count;
};

static const struct rhashtable_params limit_params = {
	.key_len = sizeof(struct in6_addr),
	.key_offset = offsetof(struct limit, prefix),
	.head_offset = offsetof(struct limit, node),
	.automatic_shrinking = true,
};

static struct limit *find_limit(struct nat64_leases *leases, const struct in6_addr *v6)
{
	struct in6_addr prefix;

	nat64_mask6(&prefix, v6, leases->limit_len);
	return rhashtable_lookup_fast(&leases->limits, &prefix, limit_params);
}

static bool limit_reached(struct nat64_leases *leases, const struct in6_addr *v6)
{
	struct limit *limit;

	if (!leases->limit_max)
		return false;
	limit = find_limit(leases, v6);
	return limit && limit->count >= leases->limit_max;
}

static int limit_get(struct nat64_leases *leases, const struct in6_addr *v6, gfp_t gfp)
{
	struct limit *limit;
	int err;

	if (!leases->limit_max)
		return 0;
	limit = find_limit(leases, v6);
	if (limit) {
		limit->count++;
		return 0;
	}
	limit = kzalloc(sizeof(*limit), gfp | __GFP_NOWARN);
	if (!limit)
		return -ENOMEM;
	nat64_mask6(&limit->prefix, v6, leases->limit_len);
	limit->count = 1;
	err = rhashtable_insert_fast(&leases->limits, &limit->node, limit_params);
	if (err)
		kfree(limit);
	return err;
}

static void limit_put(struct nat64_leases *leases, const struct in6_addr *v6)
{
	struct limit *limit;

	if (!leases->limit_max)
		return;
	limit = find_limit(leases, v6);
	if (!limit || --limit->count)
		return;
	rhashtable_remove_fast(&leases->limits, &limit->node, limit_params);
	kfree_rcu(limit, rcu);
}

static void limit_free(void *ptr, void *arg)
{
	kfree(ptr);
}

/* The wheel. */

static void set_lifetime(struct nat64_leases *leases, u32 max_idle)
{
	u32 ticks = to_ticks(max_idle);

	leases->max_idle = max_idle;
	/* What ticks cannot tell, four years, is for ever. */
	leases->lifetime = max_idle && ticks < S32_MAX / 2 ? ticks + 1 : 0;
}

/* Not on the CPU that the packets keep busy. */
static void schedule_expiry(struct nat64_leases *leases)
{
	u32 rest = ktime_get_boottime_ns() & (BIT(NAT64_TICK_SHIFT) - 1);

	queue_delayed_work(system_unbound_wq, &leases->expiry,
			   nsecs_to_jiffies(BIT(NAT64_TICK_SHIFT) - rest) + 1);
}

static u32 deadline(const struct nat64_leases *leases, const struct lease *lease)
{
	/* @used is cut to whole ticks: one more makes sure that nothing ends early. */
	return READ_ONCE(lease->map.used) + leases->lifetime + 1;
}

static void wheel_add(struct nat64_leases *leases, struct lease *lease, u32 now)
{
	s32 delta;

	if (!leases->lifetime) {
		INIT_HLIST_NODE(&lease->wheel);
		return;
	}
	delta = clamp_t(s32, deadline(leases, lease) - now, 1, NAT64_WHEEL - 1);
	hlist_add_head(&lease->wheel, &leases->wheel[(now + delta) % NAT64_WHEEL]);
	if (!leases->ticking) {
		leases->ticking = true;
		leases->clock = now;
		schedule_expiry(leases);
	}
}

/* Leases. */

static void forget(struct nat64_leases *leases, struct lease *lease)
{
	list_del(&lease->returned);
	leases->n_returned--;
	list_del(&lease->map.list);
	nat64_hosts_remove(&leases->hosts, &lease->map);
	nat64_map_free_rcu(&lease->map);
}

static void forget_and_unmark(struct nat64_leases *leases, struct lease *lease)
{
	u32 addr = lease_addr(lease);
	struct extent *range = find_range(leases->space, addr);

	if (range)
		unmark(leases->space, range, addr);
	forget(leases, lease);
}

static struct lease *oldest_returned(struct nat64_leases *leases)
{
	return list_first_entry_or_null(&leases->returned, struct lease, returned);
}

static unsigned int max_remembered(const struct nat64_leases *leases)
{
	return max_t(unsigned int, REMEMBERED_MIN, leases->live / 8);
}

/* A lease becomes a remembered one. Its host's packets that are on their way still use it, which is
 * right: nobody else gets the address before it is the oldest of those returned.
 */
static void return_lease(struct nat64_leases *leases, struct lease *lease)
{
	struct extent *range = find_range(leases->space, lease_addr(lease));
	unsigned int i;

	lockdep_assert_held(&leases->lock);
	WRITE_ONCE(lease->map.type, NAT64_MAP_TYPE_RETURNED);
	hlist_del_init(&lease->wheel);
	limit_put(leases, &lease->map.v6);
	leases->live--;
	if (range)
		range->leased--;
	list_add_tail(&lease->returned, &leases->returned);
	leases->n_returned++;
	if (!range || range->drain)
		forget_and_unmark(leases, lease);
	/* There may be many more; they go as others come, not all at once. */
	for (i = 0; i < 2 && leases->n_returned > max_remembered(leases); i++)
		forget_and_unmark(leases, oldest_returned(leases));
}

static void tell(struct nat64_leases *leases, const struct lease *lease, u8 event)
{
	static const u8 counters[] = {
		[NAT64_EVENT_TYPE_LEASE] = NAT64_A_COUNTER_LEASES_GIVEN,
		[NAT64_EVENT_TYPE_EXPIRE] = NAT64_A_COUNTER_LEASES_EXPIRED,
		[NAT64_EVENT_TYPE_DELETE] = NAT64_A_COUNTER_LEASES_DELETED,
	};

	if (leases->closing)
		return;
	nat64_count(leases->nn, counters[event]);
	trace_nat64_lease(leases->nn->net, event, &lease->map.v6, lease->map.v4, 0);
	nat64_event_send(leases->nn, event, &lease->map.v6, lease->map.v4, 0);
}

/* Begin, or begin again, @idle ticks ago. */
static void start_lease(struct nat64_leases *leases, struct lease *lease, u32 idle)
{
	struct extent *range = find_range(leases->space, lease_addr(lease));
	u32 now = nat64_map_now();

	lease->map.used = now - idle;
	wheel_add(leases, lease, now);
	leases->live++;
	range->leased++;
	WRITE_ONCE(lease->map.type, NAT64_MAP_TYPE_DYNAMIC);
	tell(leases, lease, NAT64_EVENT_TYPE_LEASE);
}

static void end_lease(struct nat64_leases *leases, struct lease *lease, u8 event)
{
	tell(leases, lease, event);
	return_lease(leases, lease);
}

static int revive(struct nat64_leases *leases, struct lease *lease, u32 idle)
{
	int err = limit_get(leases, &lease->map.v6, GFP_ATOMIC);

	if (err)
		return err;
	list_del(&lease->returned);
	leases->n_returned--;
	start_lease(leases, lease, idle);
	return 0;
}

/* Make a lease of an address whose bit is set. It begins with start_lease(), which cannot fail. */
static struct lease *make(struct nat64_leases *leases, const struct in6_addr *v6, u32 addr)
{
	struct lease *lease;
	int err;

	lease = kzalloc(sizeof(*lease), GFP_ATOMIC | __GFP_NOWARN);
	if (!lease)
		return ERR_PTR(-ENOMEM);
	lease->map.v6 = *v6;
	lease->map.v4 = htonl(addr);
	lease->map.len6 = 128;
	lease->map.len4 = 32;
	/* Nobody uses it before start_lease() has completed it. */
	lease->map.type = NAT64_MAP_TYPE_RETURNED;
	err = limit_get(leases, v6, GFP_ATOMIC);
	if (err)
		goto free_lease;
	err = nat64_hosts_insert(&leases->hosts, &lease->map);
	if (err)
		goto put_limit;
	list_add_tail(&lease->map.list, &leases->list);
	return lease;

put_limit:
	limit_put(leases, v6);
free_lease:
	nat64_map_free_rcu(&lease->map);
	return ERR_PTR(err);
}

/* Take the address that was returned longest ago from whoever had it. */
static int take_returned(struct nat64_net *nn, const struct nat64_conf *conf, u32 *addr)
{
	struct nat64_leases *leases = nn->leases;
	unsigned int steps = STEPS_MAX;
	struct lease *lease;
	u32 end;

	while (steps-- && (lease = oldest_returned(leases))) {
		*addr = lease_addr(lease);
		if (!is_occupied(nn, conf, *addr, &end)) {
			forget(leases, lease);
			return 0;
		}
		forget_and_unmark(leases, lease);
	}
	return -ENOSPC;
}

static bool is_allowed(const struct nat64_pools *pools, const struct in6_addr *v6)
{
	unsigned int low = 0, high = pools->outers, mid;
	const struct nat64_allow *outer;

	if (!pools->allows)
		return true;
	/* The last prefix at or before the address; they do not overlap. */
	while (low < high) {
		mid = (low + high) / 2;
		if (memcmp(&pools->outer[mid].prefix, v6, sizeof(*v6)) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return false;
	outer = &pools->outer[low - 1];
	return ipv6_prefix_equal(&outer->prefix, v6, outer->len);
}

static int may_lease(const struct nat64_conf *conf, const struct in6_addr *v6)
{
	if (!nat64_addr6_is_host(v6) || nat64_prefix_contains(&conf->set.prefix, v6))
		return -ENOENT;
	if (!is_allowed(conf->pools, v6))
		return -EPERM;
	return 0;
}

static bool is_full_for_guest(const struct nat64_net *nn)
{
	return nn->net->user_ns != &init_user_ns && nn->leases->live >= GUEST_LEASES_MAX;
}

static struct nat64_map *get_lease(struct nat64_net *nn, const struct nat64_conf *conf,
				   const struct in6_addr *v6)
{
	struct nat64_leases *leases = nn->leases;
	struct nat64_map *map;
	struct extent *range;
	struct lease *lease;
	u32 addr, hash;
	int err;

	map = nat64_hosts_find6(&leases->hosts, v6);
	if (map && map->type == NAT64_MAP_TYPE_DYNAMIC)
		return map; /* another CPU was faster */
	if (!leases->space || !leases->space->n)
		return ERR_PTR(-ENOENT);
	err = may_lease(conf, v6);
	if (err)
		return ERR_PTR(err);
	if (leases->frozen)
		return ERR_PTR(-EAGAIN);
	if (limit_reached(leases, v6))
		return ERR_PTR(-EDQUOT);
	if (is_full_for_guest(nn))
		return ERR_PTR(-ENOSPC);
	if (map) {
		if (!is_occupied(nn, conf, ntohl(map->v4), &addr)) {
			err = revive(leases, to_lease(map), 0);
			return err ? ERR_PTR(err) : map;
		}
		forget_and_unmark(leases, to_lease(map));
	}
	hash = siphash(v6, sizeof(*v6), &leases->key);
	err = take_unused(nn, conf, hash, &addr);
	if (err == -ENOSPC)
		err = take_returned(nn, conf, &addr);
	if (err)
		return ERR_PTR(err);
	lease = make(leases, v6, addr);
	if (IS_ERR(lease)) {
		range = find_range(leases->space, addr);
		unmark(leases->space, range, addr);
		return ERR_CAST(lease);
	}
	start_lease(leases, lease, 0);
	return &lease->map;
}

static u8 refusal_counter(int err)
{
	switch (err) {
	case -EPERM:
		return NAT64_A_COUNTER_DROP_NOT_ALLOWED;
	case -ENOSPC:
		return NAT64_A_COUNTER_DROP_POOL_FULL;
	case -EDQUOT:
		return NAT64_A_COUNTER_DROP_POOL_LIMIT;
	case -ENOENT:
		return NAT64_A_COUNTER_DROP_NO_MAP;
	default:
		return NAT64_A_COUNTER_DROP_NO_MEMORY;
	}
}

static void refuse(struct nat64_net *nn, const struct in6_addr *v6, int err)
{
	u8 reason = refusal_counter(err);

	nat64_count(nn, NAT64_A_COUNTER_LEASES_REFUSED);
	trace_nat64_lease(nn->net, NAT64_EVENT_TYPE_REFUSE, v6, 0, reason);
	if (__ratelimit(&nn->leases->refusals))
		nat64_event_send(nn, NAT64_EVENT_TYPE_REFUSE, v6, 0, reason);
}

/**
 * nat64_lease_get - a lease for a host that has no map
 * @nn: the namespace
 * @conf: the configuration that has no map for it
 * @v6: the host, network byte order
 *
 * Context: packet path, under rcu_read_lock(), any context but hard irq. Takes the leases' lock.
 * Return: the map, good until rcu_read_unlock(), or an ERR_PTR, see pool.h.
 */
struct nat64_map *nat64_lease_get(struct nat64_net *nn, const struct nat64_conf *conf,
				  const struct in6_addr *v6)
{
	struct nat64_leases *leases = nn->leases;
	struct nat64_map *map;
	int err;

	/* What can be told without the lock must not take it: anybody may send such packets. */
	err = conf->pools->pools ? may_lease(conf, v6) : -ENOENT;
	if (err) {
		refuse(nn, v6, err);
		return ERR_PTR(err);
	}
	spin_lock_bh(&leases->lock);
	/* The caller's configuration may have been replaced since it was read. This one's leases do
	 * not change while the lock is held.
	 */
	conf = rcu_dereference(nn->conf);
	map = ERR_PTR(-ENOENT);
	if (conf) {
		map = nat64_maps_match6(conf->maps, v6);
		if (!map)
			map = get_lease(nn, conf, v6);
		else if (!nat64_map_is_host(map))
			map = ERR_PTR(-EAGAIN);
	}
	spin_unlock_bh(&leases->lock);
	if (IS_ERR(map) && map != ERR_PTR(-EAGAIN))
		refuse(nn, v6, PTR_ERR(map));
	return map;
}

/* Expiry. */

static void look_at(struct nat64_leases *leases, struct lease *lease, u32 now)
{
	hlist_del_init(&lease->wheel);
	if (leases->lifetime && (s32)(now - deadline(leases, lease)) >= 0)
		end_lease(leases, lease, NAT64_EVENT_TYPE_EXPIRE);
	else
		wheel_add(leases, lease, now);
}

static bool look_at_due(struct nat64_leases *leases, u32 now)
{
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		while (hlist_empty(&leases->due)) {
			if (leases->clock == now)
				return false;
			leases->clock++;
			hlist_move_list(&leases->wheel[leases->clock % NAT64_WHEEL],
					&leases->due);
		}
		look_at(leases, hlist_entry(leases->due.first, struct lease, wheel), now);
	}
	return true;
}

static void expire(struct work_struct *work)
{
	struct nat64_leases *leases = container_of(to_delayed_work(work), struct nat64_leases,
						   expiry);
	u32 now = nat64_map_now();
	bool more = true;

	while (more) {
		spin_lock_bh(&leases->lock);
		/* A machine that slept, or a longer max-idle: each slot once is enough. */
		if (now - leases->clock > NAT64_WHEEL)
			leases->clock = now - NAT64_WHEEL;
		more = !leases->frozen && look_at_due(leases, now);
		if (!more) {
			leases->ticking = leases->live && leases->lifetime;
			if (leases->ticking)
				schedule_expiry(leases);
		}
		spin_unlock_bh(&leases->lock);
		cond_resched();
	}
}

/* Configuration. */

/* Call @visit for all of @hosts, a few at a time; it may free the one it is given. */
static void walk(struct nat64_leases *leases,
		 void (*visit)(struct nat64_leases *leases, struct lease *lease, void *arg),
		 void *arg)
{
	struct nat64_map cursor = { .type = NAT64_MAP_TYPE_CURSOR };
	struct nat64_map *map;
	unsigned int i;

	spin_lock_bh(&leases->lock);
	list_add(&cursor.list, &leases->list);
	while (!list_is_last(&cursor.list, &leases->list)) {
		for (i = 0; i < BATCH && !list_is_last(&cursor.list, &leases->list); i++) {
			map = list_next_entry(&cursor, list);
			list_move(&cursor.list, &map->list);
			if (map->type != NAT64_MAP_TYPE_CURSOR)
				visit(leases, to_lease(map), arg);
		}
		spin_unlock_bh(&leases->lock);
		cond_resched();
		spin_lock_bh(&leases->lock);
	}
	list_del(&cursor.list);
	spin_unlock_bh(&leases->lock);
}

/* End a lease for good, whoever has its address now. Its bit is the caller's. */
static void end_and_forget(struct nat64_leases *leases, struct lease *lease)
{
	if (is_live(lease)) {
		tell(leases, lease, NAT64_EVENT_TYPE_DELETE);
		WRITE_ONCE(lease->map.type, NAT64_MAP_TYPE_RETURNED);
		hlist_del_init(&lease->wheel);
		limit_put(leases, &lease->map.v6);
		leases->live--;
		list_add_tail(&lease->returned, &leases->returned);
		leases->n_returned++;
	}
	forget(leases, lease);
}

/* The same with its address left to whoever comes. */
static void end_and_unmark(struct nat64_leases *leases, struct lease *lease)
{
	u32 addr = lease_addr(lease);
	struct extent *range = find_range(leases->space, addr);

	if (range) {
		range->leased -= is_live(lease);
		unmark(leases->space, range, addr);
	}
	end_and_forget(leases, lease);
}

/* The same with its address, which is in @range, left to the caller. */
static void end_and_keep(struct nat64_leases *leases, struct extent *range, struct lease *lease)
{
	range->leased -= is_live(lease);
	end_and_forget(leases, lease);
}

/**
 * struct nat64_adoption - leases on their way into another configuration
 * @conf: that configuration; NULL if there is to be none
 * @space: its addresses, the ones of valid leases marked
 * @kept: leases that are valid under it
 * @ended: leases that are not
 * @err: first error
 */
struct nat64_adoption {
	const struct nat64_conf *conf;
	struct nat64_space *space;
	u32 kept;
	u32 ended;
	int err;
};

static bool is_valid(const struct nat64_conf *conf, struct nat64_space *space,
		     const struct lease *lease)
{
	struct extent *range = find_range(space, lease_addr(lease));
	bool mapped;

	if (!range || (range->drain && !is_live(lease)) || may_lease(conf, &lease->map.v6))
		return false;
	rcu_read_lock();
	mapped = nat64_maps_match6(conf->maps, &lease->map.v6) ||
		 nat64_maps_match4(conf->maps, lease->map.v4);
	rcu_read_unlock();
	return !mapped;
}

static void freeze(struct nat64_leases *leases)
{
	spin_lock_bh(&leases->lock);
	leases->frozen = true;
	spin_unlock_bh(&leases->lock);
}

static void end_if_own(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	if (is_live(lease) && __ip_dev_find(leases->nn->net, lease->map.v4, false))
		end_lease(leases, lease, NAT64_EVENT_TYPE_DELETE);
}

static void thaw(struct nat64_leases *leases)
{
	bool own_missed;

	spin_lock_bh(&leases->lock);
	leases->frozen = false;
	own_missed = leases->own_missed;
	leases->own_missed = false;
	spin_unlock_bh(&leases->lock);
	if (own_missed)
		walk(leases, end_if_own, NULL);
}

/* Addresses of static maps have bits, but not whole prefixes. */
static int reserve_all(struct nat64_space *space, const struct nat64_maps *maps)
{
	const struct nat64_map *map;
	struct extent *range;
	int err;

	list_for_each_entry(map, &maps->list, list) {
		if (map->type == NAT64_MAP_TYPE_CURSOR || map->len4 != 32)
			continue;
		range = find_range(space, ntohl(map->v4));
		if (!range)
			continue;
		err = mark(space, range, ntohl(map->v4), GFP_KERNEL);
		if (err)
			return err;
		range->reserved++;
		cond_resched();
	}
	return 0;
}

/* The leases are frozen: nobody but the caller, who holds nn->lock, changes the list. */
static int mark_leases(struct nat64_leases *leases, struct nat64_adoption *adoption)
{
	struct nat64_space *space = adoption->space;
	struct nat64_map *map;
	struct lease *lease;
	struct extent *range;
	int err;

	list_for_each_entry(map, &leases->list, list) {
		if (map->type == NAT64_MAP_TYPE_CURSOR)
			continue;
		lease = to_lease(map);
		lease->doomed = !is_valid(adoption->conf, space, lease);
		if (!lease->doomed) {
			range = find_range(space, lease_addr(lease));
			err = mark(space, range, lease_addr(lease), GFP_KERNEL);
			if (err)
				return err;
			range->leased += is_live(lease);
		}
		if (is_live(lease))
			(*(lease->doomed ? &adoption->ended : &adoption->kept))++;
		cond_resched();
	}
	return 0;
}

/**
 * nat64_leases_prepare - see what a configuration means for the leases
 * @nn: the namespace
 * @conf: the configuration that may come
 *
 * Nothing changes, but no lease is given or expires until nat64_leases_adopt() or
 * nat64_leases_abort().
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: what to pass to one of them, or an ERR_PTR: -ENOMEM.
 */
struct nat64_adoption *nat64_leases_prepare(struct nat64_net *nn, const struct nat64_conf *conf)
{
	struct nat64_leases *leases = nn->leases;
	struct nat64_adoption *adoption;
	int err = -ENOMEM;

	lockdep_assert_held(&nn->lock);
	adoption = kzalloc(sizeof(*adoption), GFP_KERNEL);
	if (!adoption)
		return ERR_PTR(err);
	adoption->conf = conf;
	adoption->space = space_create(conf->pools);
	if (!adoption->space)
		goto free_adoption;
	err = reserve_all(adoption->space, conf->maps);
	if (err)
		goto free_space;
	freeze(leases);
	err = mark_leases(leases, adoption);
	if (err)
		goto thaw;
	return adoption;

thaw:
	thaw(leases);
free_space:
	space_free(adoption->space);
free_adoption:
	kfree(adoption);
	return ERR_PTR(err);
}

struct count {
	const struct nat64_conf *conf;
	struct nat64_space *space;
	u32 kept;
	u32 ended;
};

static void count_valid(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	struct count *count = arg;

	if (!is_live(lease))
		return;
	if (is_valid(count->conf, count->space, lease))
		count->kept++;
	else
		count->ended++;
}

/**
 * nat64_leases_count - what would become of the leases
 * @nn: the namespace
 * @conf: the configuration that might come
 * @kept: result, how many would live on
 * @ended: result, how many would end
 *
 * Context: process, may sleep; nn->lock is held. Leases come and go meanwhile.
 * Return: 0 or -ENOMEM.
 */
int nat64_leases_count(struct nat64_net *nn, const struct nat64_conf *conf, u32 *kept, u32 *ended)
{
	struct count count = { .conf = conf, .space = space_create(conf->pools) };

	if (!count.space)
		return -ENOMEM;
	walk(nn->leases, count_valid, &count);
	space_free(count.space);
	*kept = count.kept;
	*ended = count.ended;
	return 0;
}

/**
 * nat64_adoption_count - what becomes of the leases
 * @adoption: prepared
 * @kept: result, how many live on
 * @ended: result, how many end
 */
void nat64_adoption_count(const struct nat64_adoption *adoption, u32 *kept, u32 *ended)
{
	*kept = adoption->kept;
	*ended = adoption->ended;
}

/**
 * nat64_leases_abort - forget about a configuration
 * @nn: the namespace
 * @adoption: from nat64_leases_prepare(); freed
 *
 * Context: process, may sleep; nn->lock is held.
 */
void nat64_leases_abort(struct nat64_net *nn, struct nat64_adoption *adoption)
{
	lockdep_assert_held(&nn->lock);
	thaw(nn->leases);
	space_free(adoption->space);
	kfree(adoption);
}

static void count_again(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	/* Without memory it goes uncounted: better than to refuse a configuration. */
	if (is_live(lease))
		limit_get(leases, &lease->map.v6, GFP_ATOMIC);
}

static void set_limit(struct nat64_leases *leases, const struct nat64_settings *set)
{
	bool was_counting = leases->limit_max;

	if (set->per_prefix_len == leases->limit_len && set->max_per_prefix && was_counting) {
		leases->limit_max = set->max_per_prefix;
		return;
	}
	if (!set->max_per_prefix && !was_counting) {
		leases->limit_len = set->per_prefix_len;
		return;
	}
	/* The leases are frozen: nobody else looks at the limits. */
	rhashtable_free_and_destroy(&leases->limits, limit_free, NULL);
	/* It cannot fail: the smallest table is asked for without a way to. */
	if (rhashtable_init(&leases->limits, &limit_params))
		return;
	leases->limit_len = set->per_prefix_len;
	leases->limit_max = set->max_per_prefix;
	if (leases->limit_max)
		walk(leases, count_again, NULL);
}

static void end_doomed(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	/* Its bit was in the old space. */
	if (lease->doomed)
		end_and_forget(leases, lease);
}

static void turn_wheel(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	if (!is_live(lease))
		return;
	hlist_del_init(&lease->wheel);
	wheel_add(leases, lease, nat64_map_now());
}

/**
 * nat64_leases_adopt - the leases come under a new configuration
 * @nn: the namespace, whose configuration is the prepared one now
 * @adoption: from nat64_leases_prepare(); freed
 *
 * Context: process, may sleep; nn->lock is held.
 */
void nat64_leases_adopt(struct nat64_net *nn, struct nat64_adoption *adoption)
{
	const struct nat64_settings *set = &adoption->conf->set;
	struct nat64_leases *leases = nn->leases;
	struct nat64_space *old = leases->space;
	bool turn = leases->max_idle != set->max_idle;

	lockdep_assert_held(&nn->lock);
	spin_lock_bh(&leases->lock);
	leases->space = adoption->space;
	set_lifetime(leases, set->max_idle);
	spin_unlock_bh(&leases->lock);
	if (adoption->ended || leases->n_returned)
		walk(leases, end_doomed, NULL);
	if (turn)
		walk(leases, turn_wheel, NULL);
	set_limit(leases, set);
	thaw(leases);
	space_free(old);
	kfree(adoption);
}

static void end_if_inside(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	const struct nat64_map *map = arg;

	if (nat64_mask4(lease->map.v4, map->len4) == map->v4)
		end_and_unmark(leases, lease);
	else if (is_live(lease) && ipv6_prefix_equal(&lease->map.v6, &map->v6, map->len6))
		end_lease(leases, lease, NAT64_EVENT_TYPE_DELETE);
}

/* Take one address for a static map, from whoever has it. */
static int reserve(struct nat64_leases *leases, __be32 v4)
{
	struct extent *range = find_range(leases->space, ntohl(v4));
	struct nat64_map *by4 = nat64_hosts_find4(&leases->hosts, v4);
	int err;

	if (range && !by4) {
		err = mark(leases->space, range, ntohl(v4), GFP_ATOMIC);
		if (err)
			return err;
	}
	if (range) {
		range->leased -= by4 && is_live(to_lease(by4));
		range->reserved++;
	}
	if (by4)
		end_and_forget(leases, to_lease(by4));
	return 0;
}

/**
 * nat64_leases_yield - a static map takes precedence over leases
 * @nn: the namespace
 * @map: a static map of the running configuration
 * @reserved: it takes the place of another that has the same IPv4 address
 *
 * Ends the leases that have an address of @map on either side; a single IPv4 address is not leased
 * from now on, or has not been before if @reserved.
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: 0 or -ENOMEM, and then nothing has changed.
 */
int nat64_leases_yield(struct nat64_net *nn, const struct nat64_map *map, bool reserved)
{
	struct nat64_leases *leases = nn->leases;
	struct nat64_map *by6;
	int err = 0;

	lockdep_assert_held(&nn->lock);
	spin_lock_bh(&leases->lock);
	if (map->len4 == 32 && !reserved)
		err = reserve(leases, map->v4);
	if (!err && nat64_map_is_host(map)) {
		by6 = nat64_hosts_find6(&leases->hosts, &map->v6);
		if (by6 && is_live(to_lease(by6)))
			end_lease(leases, to_lease(by6), NAT64_EVENT_TYPE_DELETE);
	}
	spin_unlock_bh(&leases->lock);
	if (!err && !nat64_map_is_host(map))
		walk(leases, end_if_inside, (void *)map);
	return err;
}

/**
 * nat64_leases_unyield - a static map is gone
 * @nn: the namespace
 * @map: it; its address can be leased again
 *
 * Context: process; nn->lock is held.
 */
void nat64_leases_unyield(struct nat64_net *nn, const struct nat64_map *map)
{
	struct nat64_leases *leases = nn->leases;
	u32 addr = ntohl(map->v4);
	struct extent *range;

	lockdep_assert_held(&nn->lock);
	if (map->len4 != 32)
		return;
	spin_lock_bh(&leases->lock);
	range = find_range(leases->space, addr);
	if (range) {
		range->reserved--;
		unmark(leases->space, range, addr);
	}
	spin_unlock_bh(&leases->lock);
}

/**
 * nat64_leases_give_way - the router has got an address
 * @nn: the namespace
 * @own: the address, which the IPv4 stack knows already; its lease ends if it has one
 *
 * Context: process or packet path.
 */
void nat64_leases_give_way(struct nat64_net *nn, __be32 own)
{
	struct nat64_leases *leases = nn->leases;
	struct nat64_map *map;

	spin_lock_bh(&leases->lock);
	map = nat64_hosts_find4(&leases->hosts, own);
	if (leases->frozen)
		leases->own_missed = true;
	else if (map && is_live(to_lease(map)))
		end_lease(leases, to_lease(map), NAT64_EVENT_TYPE_DELETE);
	spin_unlock_bh(&leases->lock);
}

/* Is anything in the way of a lease that user space wants to have back? */
static int check_restore(struct nat64_net *nn, struct genl_info *info,
			 const struct nat64_conf *conf, const struct nat64_map *map, u32 idle)
{
	struct nat64_leases *leases = nn->leases;
	const struct nat64_map *other;
	u32 end;

	if (!find_range(leases->space, ntohl(map->v4)))
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -ENOENT,
				    "%pI4 is no address to lease in any pool", &map->v4);
	/* Not -EPERM, which says that the caller may restore nothing at all. */
	if (may_lease(conf, &map->v6))
		return NAT64_REFUSE(info, NAT64_A_MAP_V6, -EACCES, "%pI6c may not lease",
				    &map->v6);
	if (conf->set.max_idle && idle > conf->set.max_idle)
		return NAT64_REFUSE(info, NAT64_A_MAP_IDLE, -ETIME,
				    "a lease idle for %u seconds has ended, max-idle is %u", idle,
				    conf->set.max_idle);
	other = nat64_maps_match6(conf->maps, &map->v6);
	if (!other)
		other = nat64_maps_match4(conf->maps, map->v4);
	if (other)
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -EEXIST,
				    "%pI4 is already mapped to %pI6c", &other->v4, &other->v6);
	if (is_occupied(nn, conf, ntohl(map->v4), &end))
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -EADDRINUSE,
				    "%pI4 is an address of this router", &map->v4);
	return 0;
}

/* What is in the way ends when nothing can fail any more. */
static int restore(struct nat64_net *nn, struct genl_info *info, const struct nat64_map *map,
		   u32 idle, bool replace)
{
	struct nat64_leases *leases = nn->leases;
	struct nat64_map *by6, *by4, *other;
	struct extent *range;
	struct lease *lease;
	int err;

	by6 = nat64_hosts_find6(&leases->hosts, &map->v6);
	by4 = nat64_hosts_find4(&leases->hosts, map->v4);
	other = by6 && is_live(to_lease(by6)) ? by6 : by4 && is_live(to_lease(by4)) ? by4 : NULL;
	if (other && !replace)
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -EEXIST,
				    "%pI4 is already leased to %pI6c", &other->v4, &other->v6);
	if (!(by6 && is_live(to_lease(by6))) && limit_reached(leases, &map->v6))
		return NAT64_REFUSE(info, NAT64_A_MAP_V6, -EDQUOT,
				    "the prefix of %pI6c has max-per-prefix leases", &map->v6);
	if (!other && is_full_for_guest(nn))
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -ENOSPC,
				    "this namespace has the %u leases it may have",
				    GUEST_LEASES_MAX);
	range = find_range(leases->space, ntohl(map->v4));
	if (!by4) {
		err = mark(leases->space, range, ntohl(map->v4), GFP_ATOMIC);
		if (err)
			return err;
	}
	lease = make(leases, &map->v6, ntohl(map->v4));
	if (IS_ERR(lease)) {
		if (!by4)
			unmark(leases->space, range, ntohl(map->v4));
		return PTR_ERR(lease);
	}
	if (by6 && by6 != by4)
		end_and_unmark(leases, to_lease(by6));
	if (by4)
		end_and_keep(leases, range, to_lease(by4));
	start_lease(leases, lease, to_ticks(idle));
	return 0;
}

/**
 * nat64_lease_restore - give a host the lease it once had
 * @nn: the namespace
 * @info: the request, for the reason of a refusal
 * @map: the addresses
 * @idle: seconds since the lease was used
 * @replace: end leases of either address instead of refusing
 *
 * Context: process; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_lease_restore(struct nat64_net *nn, struct genl_info *info, const struct nat64_map *map,
			u32 idle, bool replace)
{
	struct nat64_conf *conf = nat64_conf_locked(nn);
	struct nat64_leases *leases = nn->leases;
	int err;

	lockdep_assert_held(&nn->lock);
	if (!conf)
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -ENOENT, "there is no pool");
	rcu_read_lock();
	spin_lock_bh(&leases->lock);
	err = check_restore(nn, info, conf, map, idle);
	if (!err)
		err = restore(nn, info, map, idle, replace);
	spin_unlock_bh(&leases->lock);
	rcu_read_unlock();
	return err;
}

/**
 * nat64_lease_delete - end one lease
 * @nn: the namespace
 * @map: whose
 * @by6: it is the lease of the host @map->v6
 * @by4: it is the lease of the address @map->v4
 *
 * Context: process; nn->lock is held.
 * Return: 0 or -ENOENT.
 */
int nat64_lease_delete(struct nat64_net *nn, const struct nat64_map *map, bool by6, bool by4)
{
	struct nat64_leases *leases = nn->leases;
	struct nat64_map *found;
	int err = -ENOENT;

	lockdep_assert_held(&nn->lock);
	spin_lock_bh(&leases->lock);
	found = by6 ? nat64_hosts_find6(&leases->hosts, &map->v6) :
		      nat64_hosts_find4(&leases->hosts, map->v4);
	if (found && is_live(to_lease(found)) && (!by4 || found->v4 == map->v4)) {
		end_lease(leases, to_lease(found), NAT64_EVENT_TYPE_DELETE);
		err = 0;
	}
	spin_unlock_bh(&leases->lock);
	return err;
}

static void end_live(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	u32 *ended = arg;

	if (!is_live(lease))
		return;
	end_lease(leases, lease, NAT64_EVENT_TYPE_DELETE);
	(*ended)++;
}

/**
 * nat64_leases_flush - end all leases
 * @nn: the namespace
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: how many there were.
 */
u32 nat64_leases_flush(struct nat64_net *nn)
{
	u32 ended = 0;

	lockdep_assert_held(&nn->lock);
	walk(nn->leases, end_live, &ended);
	return ended;
}

static void end_any(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	end_and_unmark(leases, lease);
}

/**
 * nat64_leases_clear - end all leases, remember nothing, have no pool
 * @nn: the namespace, which has no configuration any more
 *
 * Context: process, may sleep; nn->lock is held, unless the namespace goes away.
 * Return: how many leases there were.
 */
u32 nat64_leases_clear(struct nat64_net *nn)
{
	struct nat64_leases *leases = nn->leases;
	u32 ended = leases->live;

	walk(leases, end_any, NULL);
	space_free(leases->space);
	leases->space = NULL;
	leases->limit_max = 0;
	return ended;
}

static void uncount(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	nat64_map_uncount(&lease->map);
}

/**
 * nat64_leases_uncount - forget what was counted by all leases
 * @nn: the namespace, whose configuration has been without accounting for a grace period
 *
 * Context: process, may sleep; nn->lock is held.
 */
void nat64_leases_uncount(struct nat64_net *nn)
{
	lockdep_assert_held(&nn->lock);
	walk(nn->leases, uncount, NULL);
}

/* Addresses of the router itself in @first..@last that no prefix pair has. */
static u32 count_own(struct nat64_net *nn, const struct nat64_conf *conf, u32 first, u32 last)
{
	const struct in_device *in_dev;
	const struct in_ifaddr *ifa;
	struct net_device *dev;
	u32 n = 0, addr;

	for_each_netdev_rcu(nn->net, dev) {
		in_dev = __in_dev_get_rcu(dev);
		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rcu(ifa, in_dev) {
			addr = ntohl(ifa->ifa_local);
			n += addr >= first && addr <= last &&
			     !nat64_maps_match4(conf->maps, ifa->ifa_local);
		}
	}
	return n;
}

/* Addresses in @first..@last that static maps have. */
static u32 count_mapped(const struct nat64_conf *conf, u32 first, u32 last)
{
	const struct nat64_map *map;
	u32 n = 0, start, end;

	list_for_each_entry(map, &conf->maps->list, list) {
		cond_resched();
		if (map->type == NAT64_MAP_TYPE_CURSOR ||
		    nat64_maps_inside_pair(conf->maps, map->v4, map->len4))
			continue;
		start = max(ntohl(map->v4), first);
		end = min(ntohl(map->v4 | ~inet_make_mask(map->len4)), last);
		if (start <= end)
			n += end - start + 1;
	}
	return n;
}

/**
 * nat64_pool_usage - how a prefix of the pool is used
 * @nn: the namespace
 * @conf: the configuration that has the prefix
 * @pool: the prefix
 * @usage: result
 *
 * Context: process; nn->lock is held.
 */
void nat64_pool_usage(struct nat64_net *nn, const struct nat64_conf *conf,
		      const struct nat64_pool *pool, struct nat64_pool_usage *usage)
{
	bool edges = pool->len < 31;
	u32 first = pool->first + edges, last = pool->last - edges;
	struct nat64_leases *leases = nn->leases;
	struct extent *range;
	bool count = true;

	lockdep_assert_held(&nn->lock);
	memset(usage, 0, sizeof(*usage));
	usage->size = last - first + 1;
	spin_lock_bh(&leases->lock);
	range = find_range(leases->space, first);
	if (range && range->first == first && range->size == usage->size) {
		usage->leased = range->leased;
		/* Every static map that the running configuration has here is a host with a bit. */
		if (conf == nat64_conf_locked(nn) && !conf->maps->pairs) {
			usage->taken = range->reserved;
			count = false;
		}
	}
	spin_unlock_bh(&leases->lock);
	if (count)
		usage->taken = count_mapped(conf, first, last);
	rcu_read_lock();
	usage->taken += count_own(nn, conf, first, last);
	rcu_read_unlock();
}

/* Dumps. */

/**
 * nat64_leases_walk_start - begin to list the leases
 * @nn: the namespace
 * @cursor: marks the place in the list; the caller's until nat64_leases_walk_stop()
 *
 * Context: process; nn->lock is held, here and in the next two.
 */
void nat64_leases_walk_start(struct nat64_net *nn, struct nat64_map *cursor)
{
	struct nat64_leases *leases = nn->leases;

	lockdep_assert_held(&nn->lock);
	cursor->type = NAT64_MAP_TYPE_CURSOR;
	spin_lock_bh(&leases->lock);
	list_add(&cursor->list, &leases->list);
	spin_unlock_bh(&leases->lock);
}

static void describe(const struct nat64_leases *leases, const struct nat64_map *map,
		     struct nat64_lease_info *info)
{
	s32 idle = nat64_map_now() - READ_ONCE(map->used);

	info->v6 = map->v6;
	info->v4 = map->v4;
	/* A packet may have been faster than the clock that was read. */
	info->idle = to_seconds(max(idle, 0));
	info->expires = leases->max_idle > info->idle ? leases->max_idle - info->idle : 0;
	info->ends = leases->lifetime;
	nat64_map_total(map, &info->total);
}

/**
 * nat64_leases_walk - the next leases
 * @nn: the namespace
 * @cursor: from nat64_leases_walk_start()
 * @info: result
 * @max: how many fit there
 *
 * A lease that lives throughout is found exactly once, whatever comes and goes meanwhile.
 *
 * Return: how many were found, 0 at the end.
 */
unsigned int nat64_leases_walk(struct nat64_net *nn, struct nat64_map *cursor,
			       struct nat64_lease_info *info, unsigned int max)
{
	struct nat64_leases *leases = nn->leases;
	unsigned int n = 0, looked = 0;
	struct nat64_map *map;

	lockdep_assert_held(&nn->lock);
	spin_lock_bh(&leases->lock);
	while (n < max && !list_is_last(&cursor->list, &leases->list)) {
		map = list_next_entry(cursor, list);
		if (map->type == NAT64_MAP_TYPE_DYNAMIC)
			describe(leases, map, &info[n++]);
		list_move(&cursor->list, &map->list);
		/* There may be many remembered ones between two leases. */
		if (++looked % BATCH == 0) {
			spin_unlock_bh(&leases->lock);
			cond_resched();
			spin_lock_bh(&leases->lock);
		}
	}
	spin_unlock_bh(&leases->lock);
	return n;
}

/**
 * nat64_leases_walk_stop - stop listing
 * @nn: the namespace
 * @cursor: from nat64_leases_walk_start()
 */
void nat64_leases_walk_stop(struct nat64_net *nn, struct nat64_map *cursor)
{
	struct nat64_leases *leases = nn->leases;

	lockdep_assert_held(&nn->lock);
	spin_lock_bh(&leases->lock);
	list_del(&cursor->list);
	spin_unlock_bh(&leases->lock);
}

/* Life of the whole. */

/**
 * nat64_leases_create - make a namespace ready for leases
 * @nn: the namespace
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int nat64_leases_create(struct nat64_net *nn)
{
	struct nat64_leases *leases;
	int err;

	leases = kvzalloc(sizeof(*leases), GFP_KERNEL_ACCOUNT);
	if (!leases)
		return -ENOMEM;
	err = nat64_hosts_init(&leases->hosts, 0);
	if (err)
		goto free_leases;
	err = rhashtable_init(&leases->limits, &limit_params);
	if (err)
		goto destroy_hosts;
	leases->nn = nn;
	spin_lock_init(&leases->lock);
	INIT_LIST_HEAD(&leases->list);
	INIT_LIST_HEAD(&leases->returned);
	INIT_DELAYED_WORK(&leases->expiry, expire);
	get_random_bytes(&leases->key, sizeof(leases->key));
	ratelimit_state_init(&leases->refusals, HZ, 64);
	ratelimit_set_flags(&leases->refusals, RATELIMIT_MSG_ON_RELEASE);
	nn->leases = leases;
	return 0;

destroy_hosts:
	nat64_hosts_destroy(&leases->hosts);
free_leases:
	kvfree(leases);
	return err;
}

/**
 * nat64_leases_destroy - free all leases of a namespace
 * @nn: the namespace, whose packet path is gone
 *
 * Context: process, may sleep.
 */
void nat64_leases_destroy(struct nat64_net *nn)
{
	struct nat64_leases *leases = nn->leases;

	leases->closing = true;
	nat64_leases_clear(nn);
	cancel_delayed_work_sync(&leases->expiry);
	rhashtable_free_and_destroy(&leases->limits, limit_free, NULL);
	nat64_hosts_destroy(&leases->hosts);
	kvfree(leases);
	nn->leases = NULL;
}
