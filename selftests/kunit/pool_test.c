// SPDX-License-Identifier: GPL-2.0
/*
 * The allocator against a model that is too simple to be wrong: an array of
 * addresses that says whose each is, and when it was returned. And at size: what
 * a lease costs in pools large and full.
 */
#include <linux/spinlock.h>

static void let_go(void);

/* Whoever lets go of the leases' lock says so here before. */
#define spin_unlock_bh(lock) ({ let_go(); (spin_unlock_bh)(lock); })

#include "../../kernel/pool.c"

#include "net.h"

unsigned int nat64_net_id;

static u64 events[NAT64_EVENT_TYPE_DELETE + 1];
/* Events since somebody took the lock, and the most there ever were. */
static unsigned int in_one_go, most_in_one_go;

/* In place of netlink.c's. */
void nat64_event_send(struct nat64_net *nn, u8 type, const struct in6_addr *v6, __be32 v4,
		      u8 reason)
{
	events[type]++;
	in_one_go++;
}

static void let_go(void)
{
	most_in_one_go = max(most_in_one_go, in_one_go);
	in_one_go = 0;
}

#define BASE 0x0a000000		/* 10.0.0.0 */
#define SPAN 512		/* addresses that the model looks at */
#define HOSTS 400

static struct nat64_pool pools[] = {
	/* 64, less both edges, two static maps and a pair of eight */
	{ .first = BASE, .last = BASE + 63, .len = 26 },
	{ .first = BASE + 64, .last = BASE + 65, .len = 31 },
	{ .first = BASE + 70, .last = BASE + 70, .len = 32 },
	/* 128, less both edges */
	{ .first = BASE + 128, .last = BASE + 255, .len = 25 },
	/* gives nothing any more */
	{ .first = BASE + 256, .last = BASE + 319, .len = 26, .drain = true },
	{ .first = BASE + 448, .last = BASE + 451, .len = 30 },
};

enum { FORBIDDEN = -2, FREE = -1 };

struct model {
	int owner[SPAN];	/* host, FREE or FORBIDDEN */
	int fixed[HOSTS];	/* the address of a static map, or FREE */
	int last[SPAN];		/* whose it was, or FREE */
	u32 returned[SPAN];	/* when, 0 never */
	int addr[HOSTS];	/* the live lease, or FREE */
	u32 clock;
	unsigned int live, free, mapped;
};

static void allow(struct model *m, unsigned int first, unsigned int last)
{
	for (; first <= last; first++) {
		m->owner[first] = FREE;
		m->free++;
	}
}

static struct model *model_create(struct kunit *test)
{
	struct model *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, m);
	for (i = 0; i < SPAN; i++) {
		m->owner[i] = FORBIDDEN;
		m->last[i] = FREE;
	}
	for (i = 0; i < HOSTS; i++) {
		m->addr[i] = FREE;
		m->fixed[i] = FREE;
	}
	allow(m, 1, 9);		/* 10 and 11 are static, 16 to 23 a pair */
	allow(m, 12, 15);
	allow(m, 24, 62);
	allow(m, 64, 65);
	allow(m, 70, 70);
	allow(m, 129, 254);
	allow(m, 449, 450);
	return m;
}

static struct in6_addr host(unsigned int n)
{
	return (struct in6_addr){
		.s6_addr32 = { htonl(0x20010db8), htonl(n / 4), 0, htonl(n + 1) },
	};
}

/* The address that was returned longest ago; FREE if one was never given. */
static int oldest(const struct model *m)
{
	u32 when = U32_MAX;
	int i, found = FREE;

	for (i = 0; i < SPAN; i++) {
		if (m->owner[i] != FREE)
			continue;
		if (!m->returned[i])
			return FREE;
		if (m->returned[i] < when) {
			when = m->returned[i];
			found = i;
		}
	}
	return found;
}

static int had(const struct model *m, int n)
{
	int i;

	for (i = 0; i < SPAN; i++)
		if (m->owner[i] == FREE && m->last[i] == n)
			return i;
	return FREE;
}

static void model_return(struct model *m, int i)
{
	m->last[i] = m->owner[i];
	m->addr[m->owner[i]] = FREE;
	m->owner[i] = FREE;
	m->returned[i] = ++m->clock;
	m->live--;
	m->free++;
}

/* Nobody is known to have had it. */
static void model_forget(struct model *m, int i)
{
	m->last[i] = FREE;
	m->returned[i] = 0;
}

static void model_give(struct model *m, int i, int n)
{
	m->owner[i] = n;
	m->last[i] = FREE;
	m->addr[n] = i;
	m->live++;
	m->free--;
}

static void get(struct kunit *test, struct lab *lab, struct model *m, int n)
{
	struct in6_addr v6 = host(n);
	struct nat64_map *map;
	int i, want, first;

	rcu_read_lock();
	map = nat64_lease_get(&lab->nn, &lab->conf, &v6);
	rcu_read_unlock();
	if (m->fixed[n] != FREE) {
		KUNIT_ASSERT_EQ(test, ntohl(map->v4) - BASE, m->fixed[n]);
		KUNIT_ASSERT_EQ(test, map->type, NAT64_MAP_TYPE_STATIC);
		return;
	}
	if (m->addr[n] == FREE && !m->free) {
		KUNIT_ASSERT_PTR_EQ(test, map, ERR_PTR(-ENOSPC));
		return;
	}
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(map), "error %ld with %u free", PTR_ERR(map), m->free);
	KUNIT_ASSERT_TRUE(test, ipv6_addr_equal(&map->v6, &v6));
	KUNIT_ASSERT_EQ(test, map->type, NAT64_MAP_TYPE_DYNAMIC);
	i = ntohl(map->v4) - BASE;
	KUNIT_ASSERT_GE(test, i, 0);
	KUNIT_ASSERT_LT(test, i, SPAN);
	if (m->addr[n] != FREE) {
		KUNIT_ASSERT_EQ_MSG(test, i, m->addr[n], "a host keeps its address");
		return;
	}
	KUNIT_ASSERT_EQ_MSG(test, m->owner[i], FREE, "10.0.0.0 + %d", i);
	want = had(m, n);
	first = oldest(m);
	if (want != FREE)
		KUNIT_ASSERT_EQ_MSG(test, i, want, "the same host, the same address");
	else if (first == FREE)
		KUNIT_ASSERT_EQ_MSG(test, m->returned[i], 0, "one that nobody had comes first");
	else
		KUNIT_ASSERT_EQ_MSG(test, i, first, "the one returned longest ago comes first");
	model_give(m, i, n);
}

static void expire_host(struct kunit *test, struct lab *lab, struct model *m, int n)
{
	struct nat64_leases *leases = lab->nn.leases;
	struct in6_addr v6 = host(n);
	struct nat64_map *map;
	u32 now;

	if (m->addr[n] == FREE)
		return;
	spin_lock_bh(&leases->lock);
	now = nat64_map_now();
	map = nat64_hosts_find6(&leases->hosts, &v6);
	if (map) {
		/* not quite idle enough, then idle enough */
		map->used = now - leases->lifetime;
		look_at(leases, to_lease(map), now);
		KUNIT_EXPECT_EQ(test, map->type, NAT64_MAP_TYPE_DYNAMIC);
		map->used = now - leases->lifetime - 1;
		look_at(leases, to_lease(map), now);
		KUNIT_EXPECT_EQ(test, map->type, NAT64_MAP_TYPE_RETURNED);
	}
	spin_unlock_bh(&leases->lock);
	KUNIT_ASSERT_NOT_NULL(test, map);
	model_return(m, m->addr[n]);
}

static void delete_host(struct kunit *test, struct lab *lab, struct model *m, int n)
{
	struct nat64_map map = { .v6 = host(n) };
	int err;

	mutex_lock(&lab->nn.lock);
	err = nat64_lease_delete(&lab->nn, &map, true, false);
	mutex_unlock(&lab->nn.lock);
	KUNIT_ASSERT_EQ(test, err, m->addr[n] == FREE ? -ENOENT : 0);
	if (!err)
		model_return(m, m->addr[n]);
}

/* A static map takes both addresses from whoever has them; then it goes. */
static void map_host(struct kunit *test, struct lab *lab, struct model *m, int n, int i)
{
	struct in6_addr v6 = host(n);
	struct nat64_map *map;
	int err;

	if (m->fixed[n] == FREE && m->owner[i] == FORBIDDEN)
		return;
	mutex_lock(&lab->nn.lock);
	if (m->fixed[n] == FREE) {
		err = lab_map(lab, &v6, 128, BASE + i, 32);
		map = nat64_maps_find6(lab->conf.maps, &v6, 128);
		err = err ?: nat64_leases_yield(&lab->nn, map, false);
	} else {
		map = nat64_maps_find6(lab->conf.maps, &v6, 128);
		nat64_leases_unyield(&lab->nn, map);
		nat64_maps_remove(lab->conf.maps, map);
		err = 0;
	}
	mutex_unlock(&lab->nn.lock);
	KUNIT_ASSERT_EQ(test, err, 0);

	if (m->fixed[n] != FREE) {
		m->owner[m->fixed[n]] = FREE;
		m->fixed[n] = FREE;
		m->free++;
		m->mapped--;
		return;
	}
	if (m->owner[i] != FREE)
		model_return(m, i);
	model_forget(m, i);
	/* What the host had instead is the last to be given to another. */
	if (m->addr[n] != FREE)
		model_return(m, m->addr[n]);
	m->owner[i] = FORBIDDEN;
	m->fixed[n] = i;
	m->free--;
	m->mapped++;
}

/* What user space wants to have back; with replace whoever is in the way goes. */
static void restore_host(struct kunit *test, struct lab *lab, struct model *m, int n, int i,
			 bool replace)
{
	bool fits = find_range(lab->nn.leases->space, BASE + i) && m->owner[i] != FORBIDDEN &&
		    m->fixed[n] == FREE &&
		    (replace || (m->addr[n] == FREE && m->owner[i] == FREE));
	struct nat64_map map = { .v6 = host(n), .v4 = htonl(BASE + i), .len6 = 128, .len4 = 32 };
	struct nlattr *attrs[NAT64_A_MAP_MAX + 1] = {};
	struct genl_info info = { .attrs = attrs };
	int err;

	/* The model knows no lease in a pool that drains. */
	if (i >= 256 && i < 320)
		return;
	mutex_lock(&lab->nn.lock);
	err = nat64_lease_restore(&lab->nn, &info, &map, 0, replace);
	mutex_unlock(&lab->nn.lock);
	KUNIT_ASSERT_EQ_MSG(test, !err, fits, "error %d, host %d at %d", err, n, i);
	if (err)
		return;
	if (m->addr[n] != FREE)
		model_return(m, m->addr[n]);
	if (had(m, n) != FREE)
		model_forget(m, had(m, n));
	if (m->owner[i] != FREE)
		model_return(m, i);
	model_forget(m, i);
	model_give(m, i, n);
}

/* A reload of the same configuration changes nothing, but of hosts that have a static map now it is
 * forgotten what they had.
 */
static void reload(struct kunit *test, struct lab *lab, struct model *m)
{
	int n;

	lab_adopt(test, lab);
	for (n = 0; n < HOSTS; n++)
		if (m->fixed[n] != FREE && had(m, n) != FREE)
			model_forget(m, had(m, n));
	KUNIT_ASSERT_EQ(test, lab->nn.leases->live, m->live);
}

static void compare(struct kunit *test, struct lab *lab, struct model *m)
{
	struct nat64_leases *leases = lab->nn.leases;
	/* the two maps that are always there */
	u32 leased = 0, reserved = 0, used = 0, remembered = 0, mapped = m->mapped + 2;
	struct nat64_map *map;
	int i;

	KUNIT_ASSERT_EQ(test, leases->live, m->live);
	for (i = 0; i < leases->space->n; i++) {
		leased += leases->space->range[i].leased;
		reserved += leases->space->range[i].reserved;
		used += leases->space->range[i].used;
	}
	for (i = 0; i < SPAN; i++)
		remembered += m->owner[i] == FREE && m->returned[i];
	KUNIT_ASSERT_EQ(test, leased, m->live);
	KUNIT_ASSERT_EQ(test, reserved, mapped);
	KUNIT_ASSERT_EQ(test, leases->n_returned, remembered);
	KUNIT_ASSERT_EQ_MSG(test, used, leased + reserved + remembered, "no address is lost");
	for (i = 0; i < SPAN; i++) {
		map = nat64_hosts_find4(&leases->hosts, htonl(BASE + i));
		if (m->owner[i] < 0) {
			KUNIT_ASSERT_TRUE(test, !map || map->type != NAT64_MAP_TYPE_DYNAMIC);
			continue;
		}
		KUNIT_ASSERT_NOT_NULL(test, map);
		KUNIT_ASSERT_EQ(test, ntohl(map->v6.s6_addr32[3]), m->owner[i] + 1);
	}
}

static void lab_pools(struct kunit *test, struct lab *lab)
{
	struct in6_addr v6 = host(HOSTS + 8);

	lab->pools.pool = pools;
	lab->pools.pools = ARRAY_SIZE(pools);
	lab->conf.set.max_idle = 7200;
	KUNIT_ASSERT_EQ(test, lab_map(lab, &v6, 128, BASE + 10, 32), 0);
	v6.s6_addr[15] ^= 0xff;
	KUNIT_ASSERT_EQ(test, lab_map(lab, &v6, 128, BASE + 11, 32), 0);
	v6.s6_addr[0] = 0x30;
	KUNIT_ASSERT_EQ(test, lab_map(lab, &v6, 120, BASE + 16, 29), 0);
	lab_adopt(test, lab);
}

static void against_model(struct kunit *test)
{
	struct lab *lab = lab_create(test);
	struct model *m = model_create(test);
	/* few hosts that come back, then more than there are addresses */
	int hosts = 20, other, i, n;

	lab_pools(test, lab);
	for (i = 0; i < 100000; i++) {
		if (i % 1000 == 0) {
			hosts = 20 + prandom_u32_state(&lab->rnd) % (HOSTS - 20);
			compare(test, lab, m);
		}
		n = prandom_u32_state(&lab->rnd) % hosts;
		switch (prandom_u32_state(&lab->rnd) % 16) {
		case 0 ... 9:
			get(test, lab, m, n);
			break;
		case 10 ... 12:
			expire_host(test, lab, m, n);
			break;
		case 13 ... 14:
			delete_host(test, lab, m, n);
			break;
		default:
			other = prandom_u32_state(&lab->rnd) % SPAN;
			switch (prandom_u32_state(&lab->rnd) % 4) {
			case 0:
				if (m->mapped < 30 || m->fixed[n] != FREE)
					map_host(test, lab, m, n, other);
				break;
			case 1:
				restore_host(test, lab, m, n, other, false);
				break;
			case 2:
				restore_host(test, lab, m, n, other, true);
				break;
			default:
				if (prandom_u32_state(&lab->rnd) % 16 == 0)
					reload(test, lab, m);
			}
		}
	}
	compare(test, lab, m);
}

/* Every address once, none twice, and then no more. */
static void exhaustion(struct kunit *test)
{
	struct lab *lab = lab_create(test);
	struct model *m = model_create(test);
	unsigned int all = m->free;
	int n;

	lab_pools(test, lab);
	KUNIT_ASSERT_LT(test, all, HOSTS);
	for (n = 0; n < HOSTS; n++)
		get(test, lab, m, n);
	KUNIT_EXPECT_EQ(test, m->live, all);
	KUNIT_EXPECT_EQ(test, m->free, 0);
	compare(test, lab, m);
	/* those who have one are served on */
	for (n = 0; n < HOSTS; n++)
		get(test, lab, m, n);
}

/* max-per-prefix: the hosts of a /64 share it; what ends makes room. */
static void limits(struct kunit *test)
{
	struct lab *lab = lab_create(test);
	unsigned int n, given = 0;
	struct nat64_map *map;
	struct in6_addr v6;

	lab->conf.set.max_per_prefix = 3;
	lab_pools(test, lab);
	/* host() puts four of them into each /64 */
	for (n = 0; n < 40; n++) {
		v6 = host(n);
		rcu_read_lock();
		map = nat64_lease_get(&lab->nn, &lab->conf, &v6);
		rcu_read_unlock();
		if (n % 4 == 3)
			KUNIT_EXPECT_PTR_EQ(test, map, ERR_PTR(-EDQUOT));
		else
			given += !IS_ERR(map);
	}
	KUNIT_EXPECT_EQ(test, given, 30);
	mutex_lock(&lab->nn.lock);
	for (n = 0; n < 40; n += 4) {
		struct nat64_map gone = { .v6 = host(n) };

		KUNIT_EXPECT_EQ(test, nat64_lease_delete(&lab->nn, &gone, true, false), 0);
	}
	mutex_unlock(&lab->nn.lock);
	for (n = 3; n < 40; n += 4) {
		v6 = host(n);
		rcu_read_lock();
		map = nat64_lease_get(&lab->nn, &lab->conf, &v6);
		rcu_read_unlock();
		KUNIT_EXPECT_FALSE(test, IS_ERR(map));
	}
}

/* Who may not lease at all. */
static void refused(struct kunit *test)
{
	static const struct {
		const char *desc;
		u32 top, low;
		int err;
	} rows[] = {
		{ "a host", 0x20010db8, 1, 0 },
		{ "unspecified", 0, 0, -ENOENT },
		{ "loopback", 0, 1, -ENOENT },
		{ "link-local", 0xfe800000, 1, -ENOENT },
		{ "multicast", 0xff0e0000, 1, -ENOENT },
		{ "inside the prefix", 0x0064ff9b, 0x08080808, -ENOENT },
		{ "not on the list", 0x30010db8, 1, -EPERM },
	};
	static struct nat64_allow list[] = {
		{ .prefix.s6_addr32 = { htonl(0x20010000) }, .len = 16 },
	};
	struct lab *lab = lab_create(test);
	struct nat64_map *map;
	int i;

	lab->conf.set.prefix.addr.s6_addr32[0] = htonl(0x0064ff9b);
	lab->conf.set.prefix.len = 96;
	lab->pools.allow = list;
	lab->pools.outer = list;
	lab->pools.allows = 1;
	lab->pools.outers = 1;
	lab_pools(test, lab);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct in6_addr v6 = {
			.s6_addr32 = { htonl(rows[i].top), 0, 0, htonl(rows[i].low) },
		};

		rcu_read_lock();
		map = nat64_lease_get(&lab->nn, &lab->conf, &v6);
		rcu_read_unlock();
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(map), rows[i].err, "%s", rows[i].desc);
	}
}

/* What is saved as idle for N seconds comes back so, and the same is saved again. */
static void restored(struct kunit *test)
{
	static const u32 idle[] = { 0, 1, 2, 3, 7, 60, 599, 3601, 7199, 7200 };
	struct lab *lab = lab_create(test);
	struct nat64_map map = { .len6 = 128, .len4 = 32 };
	struct nlattr *attrs[NAT64_A_MAP_MAX + 1] = {};
	struct genl_info info = { .attrs = attrs };
	struct nat64_lease_info told;
	int i, err;

	lab_pools(test, lab);
	for (i = 0; i < ARRAY_SIZE(idle); i++) {
		map.v6 = host(i);
		map.v4 = htonl(BASE + 129 + i);
		mutex_lock(&lab->nn.lock);
		err = nat64_lease_restore(&lab->nn, &info, &map, idle[i], false);
		mutex_unlock(&lab->nn.lock);
		KUNIT_ASSERT_EQ(test, err, 0);
		describe(lab->nn.leases, nat64_hosts_find6(&lab->nn.leases->hosts, &map.v6), &told);
		/* A second may begin meanwhile. */
		KUNIT_EXPECT_GE(test, told.idle, idle[i]);
		KUNIT_EXPECT_LE(test, told.idle, idle[i] + 1);
	}
}

/* At size. */

#define MANY 100000
#define AT_ONCE 50

/* So many prefixes, with as much left out between them. */
static void lab_prefixes(struct kunit *test, struct lab *lab, u8 len, unsigned int n)
{
	struct nat64_pool *pool = kunit_kcalloc(test, n, sizeof(*pool), GFP_KERNEL);
	u32 size = ~ntohl(inet_make_mask(len)) + 1;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	for (i = 0; i < n; i++) {
		pool[i].first = BASE + 2 * i * size;
		pool[i].last = pool[i].first + size - 1;
		pool[i].len = len;
	}
	lab->pools.pool = pool;
	lab->pools.pools = n;
	lab->conf.set.max_idle = 7200;
	lab_adopt(test, lab);
}

static void lab_pool(struct kunit *test, struct lab *lab, u8 len)
{
	lab_prefixes(test, lab, len, 1);
}

static struct nat64_map *lease(struct kunit *test, struct lab *lab, unsigned int n)
{
	struct in6_addr v6 = host(n);
	struct nat64_map *map;

	rcu_read_lock();
	map = nat64_lease_get(&lab->nn, &lab->conf, &v6);
	rcu_read_unlock();
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(map), "host %u: error %ld", n, PTR_ERR(map));
	return map;
}

static void fill(struct kunit *test, struct lab *lab, unsigned int leases)
{
	unsigned int n;

	for (n = lab->nn.leases->live; n < leases; n++) {
		lease(test, lab, n);
		cond_resched();
	}
}

static void leave(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	end_and_unmark(leases, lease);
}

static size_t size_of_table(struct rhashtable *table)
{
	size_t size;

	/* It grows a while after it should. */
	flush_work(&table->run_work);
	rcu_read_lock();
	size = struct_size(rht_dereference_rcu(table->tbl, table), buckets,
			   rht_dereference_rcu(table->tbl, table)->size);
	rcu_read_unlock();
	/* In one piece as long as there may be one, and then its size is a power of two. */
	return size <= KMALLOC_MAX_SIZE ? kmalloc_size_roundup(size) : PAGE_ALIGN(size);
}

/* Of the pages behind the bits; where few are set the IDA has none. The nodes above them, one for
 * 64 pages, come on top.
 */
static size_t size_of_space(struct nat64_space *space)
{
	unsigned long index;
	size_t pages = 0;
	unsigned int i;
	void *entry;

	for (i = 0; i < space->n; i++)
		xa_for_each(&space->range[i].ida.xa, index, entry)
			pages += !xa_is_value(entry);
	return pages * (sizeof(struct ida_bitmap) + sizeof(struct xa_node) / XA_CHUNK_SIZE);
}

/* A pool of a /8 takes memory for what is leased, and for that no more than is promised. The tables
 * have just grown here, and are as large as they ever are for so many.
 */
static void memory(struct kunit *test)
{
	struct lab *lab = lab_create(test);
	struct nat64_leases *leases = lab->nn.leases;
	size_t tables, space, all;

	lab_pool(test, lab, 8);
	KUNIT_EXPECT_EQ(test, size_of_space(leases->space), 0);
	fill(test, lab, MANY);
	KUNIT_EXPECT_EQ(test, leases->space->range[0].leased, MANY);
	tables = size_of_table(&leases->hosts.by6) + size_of_table(&leases->hosts.by4);
	space = size_of_space(leases->space);
	all = MANY * kmalloc_size_roundup(sizeof(struct lease)) + tables + space;
	kunit_info(test, "%zu bytes for each lease, of which %zu for the tables and %zu for the pool",
		   all / MANY, tables / MANY, space / MANY);
	KUNIT_EXPECT_LE(test, all, 200 * MANY);

	/* With a limit, in addition, for each prefix that has leases. */
	lab->conf.set.max_per_prefix = 1;
	lab->conf.set.per_prefix_len = 128;
	lab_adopt(test, lab);
	KUNIT_EXPECT_EQ(test, atomic_read(&leases->limits.nelems), MANY);
	all = MANY * kmalloc_size_roundup(sizeof(struct limit)) + size_of_table(&leases->limits);
	kunit_info(test, "%zu bytes more for each prefix with a limit", all / MANY);
	KUNIT_EXPECT_LE(test, all, 80 * MANY);
}

/* A host gets the address that its own says, by a key, whoever comes before it; also when nobody
 * remembers that it had it.
 */
static void same_again(struct kunit *test)
{
	struct lab *lab = lab_create(test);
	struct nat64_leases *leases = lab->nn.leases;
	unsigned int n, moved = 0;
	__be32 had[AT_ONCE];

	lab_pool(test, lab, 8);
	for (n = 0; n < AT_ONCE; n++)
		had[n] = lease(test, lab, n)->v4;
	walk(leases, leave, NULL);
	KUNIT_EXPECT_TRUE(test, list_empty(&leases->list));
	for (n = AT_ONCE; n--;)
		KUNIT_EXPECT_EQ(test, lease(test, lab, n)->v4, had[n]);
	walk(leases, leave, NULL);
	leases->key.key[0]++;
	for (n = 0; n < AT_ONCE; n++)
		moved += lease(test, lab, n)->v4 != had[n];
	KUNIT_EXPECT_GE(test, moved, AT_ONCE - 5);
}

/* What it takes to give leases to hosts and to end them, in ns. */
struct cost {
	u64 lease;
	u64 expiry;
};

#define ROUNDS 16

static void give_and_end(struct kunit *test, struct lab *lab, struct cost *cost)
{
	struct nat64_leases *leases = lab->nn.leases;
	struct nat64_map *maps[AT_ONCE];
	u64 begin = ktime_get_ns();
	unsigned int i;
	u32 now;

	for (i = 0; i < AT_ONCE; i++)
		maps[i] = lease(test, lab, 2 * MANY + i);
	cost->lease = ktime_get_ns() - begin;
	spin_lock_bh(&leases->lock);
	now = nat64_map_now();
	begin = ktime_get_ns();
	for (i = 0; i < AT_ONCE; i++) {
		maps[i]->used = now - leases->lifetime - 1;
		look_at(leases, to_lease(maps[i]), now);
	}
	cost->expiry = ktime_get_ns() - begin;
	for (i = 0; i < AT_ONCE; i++) {
		KUNIT_EXPECT_EQ(test, maps[i]->type, NAT64_MAP_TYPE_RETURNED);
		/* and never were, or they would be given the same again */
		forget_and_unmark(leases, to_lease(maps[i]));
	}
	spin_unlock_bh(&leases->lock);
	cond_resched();
}

/* The least of several times: what else the machine does only makes it more. */
static struct cost cost_in(struct kunit *test, struct lab *lab)
{
	struct cost least = { U64_MAX, U64_MAX }, cost;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		give_and_end(test, lab, &cost);
		least.lease = min(least.lease, cost.lease);
		least.expiry = min(least.expiry, cost.expiry);
	}
	return least;
}

/* A lease costs the same in a pool that is large or almost full, but for what the caches of the CPU
 * do not hold.
 */
static void constant_cost(struct kunit *test)
{
	static const struct {
		u8 len;
		unsigned int prefixes, leases;
	} rows[] = {
		{ 24, 1, 2 }, { 24, 1, 200 }, { 20, 1, 200 }, { 16, 1, 655 }, { 16, 1, 64879 },
		{ 12, 1, 200 }, { 8, 1, 200 }, { 8, 1, MANY }, { 28, 1000, 13950 },
	};
	struct cost first, cost;
	struct lab *lab;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		lab = lab_create(test);
		lab_prefixes(test, lab, rows[i].len, rows[i].prefixes);
		fill(test, lab, rows[i].leases);
		cost = cost_in(test, lab);
		kunit_info(test, "%u times /%u, %u leases: %llu ns for one more, %llu ns for its end",
			   rows[i].prefixes, rows[i].len, rows[i].leases, cost.lease / AT_ONCE,
			   cost.expiry / AT_ONCE);
		if (!i)
			first = cost;
		KUNIT_EXPECT_LE(test, cost.lease, 4 * first.lease);
		KUNIT_EXPECT_LE(test, cost.expiry, 4 * first.expiry);
	}
}

/* ns for so many hosts that come in vain */
static u64 refuse_many(struct kunit *test, struct lab *lab)
{
	u64 begin = ktime_get_ns();
	struct in6_addr v6;
	unsigned int i;

	for (i = 0; i < AT_ONCE; i++) {
		v6 = host(2 * MANY + i);
		rcu_read_lock();
		KUNIT_EXPECT_PTR_EQ(test, nat64_lease_get(&lab->nn, &lab->conf, &v6),
				    ERR_PTR(-ENOSPC));
		rcu_read_unlock();
	}
	return ktime_get_ns() - begin;
}

/* In a pool that is full but for prefix pairs, which have no bits, not every refusal costs a search
 * past all of them; and what is returned is given at once.
 */
static void full_but_for_pairs(struct kunit *test)
{
	struct lab *lab = lab_create(test), *plain = lab_create(test);
	u64 cost = U64_MAX, without = U64_MAX;
	struct nat64_map *map;
	unsigned int i;
	__be32 v4;

	for (i = 0; i < 2000; i++) {
		struct in6_addr v6 = host(4 * i);

		v6.s6_addr32[0] = htonl(0x20010db9);
		KUNIT_ASSERT_EQ(test, lab_map(lab, &v6, 96, BASE + 16 * i, 29), 0);
	}
	lab_pool(test, lab, 17);
	lab_pool(test, plain, 18);
	/* without what the pairs have and the edges, of which the first is one pair's */
	fill(test, lab, 32768 - 16000 - 1);
	fill(test, plain, 16384 - 2);
	for (i = 0; i < ROUNDS; i++) {
		cost = min(cost, refuse_many(test, lab));
		without = min(without, refuse_many(test, plain));
		cond_resched();
	}
	kunit_info(test, "a refusal: %llu ns, without pairs %llu ns", cost / AT_ONCE,
		   without / AT_ONCE);
	KUNIT_EXPECT_LE(test, cost, 4 * without);

	map = lease(test, lab, 7);
	v4 = map->v4;
	spin_lock_bh(&lab->nn.leases->lock);
	end_and_unmark(lab->nn.leases, to_lease(map));
	spin_unlock_bh(&lab->nn.leases->lock);
	KUNIT_EXPECT_EQ(test, lease(test, lab, MANY)->v4, v4);
}

/* A long run of occupied addresses is searched a part at a time, and who asks meanwhile is refused;
 * what is behind it is found.
 */
static void beyond_many_pairs(struct kunit *test)
{
	struct lab *lab = lab_create(test);
	unsigned int i, n, pairs = 3 * STEPS_MAX, refusals = 0;
	struct nat64_map *map;
	unsigned long until;
	struct in6_addr v6;

	for (i = 0; i < pairs; i++) {
		v6 = host(4 * i);
		v6.s6_addr32[0] = htonl(0x20010db9);
		KUNIT_ASSERT_EQ(test, lab_map(lab, &v6, 96, BASE + 2 * i, 31), 0);
	}
	lab_pool(test, lab, 18);
	for (n = 0; n < 60; n++) {
		v6 = host(n);
		until = jiffies + 60 * HZ;
		do {
			rcu_read_lock();
			map = nat64_lease_get(&lab->nn, &lab->conf, &v6);
			rcu_read_unlock();
			refusals += IS_ERR(map);
			if (IS_ERR(map))
				msleep(20);
		} while (map == ERR_PTR(-ENOSPC) && time_before(jiffies, until));
		KUNIT_ASSERT_FALSE(test, IS_ERR(map));
		KUNIT_EXPECT_GE(test, ntohl(map->v4), BASE + 2 * pairs);
	}
	KUNIT_EXPECT_GT(test, refusals, 0);
}

static void age(struct nat64_leases *leases, struct lease *lease, void *arg)
{
	lease->map.used -= leases->lifetime;
}

static bool none_left(struct nat64_leases *leases)
{
	unsigned long until = jiffies + 60 * HZ;

	while (READ_ONCE(leases->live) && time_before(jiffies, until))
		msleep(20);
	return !READ_ONCE(leases->live);
}

/* Whatever happens to all leases at once, the lock is let go after a few of them. */
static void all_at_once(struct kunit *test)
{
	struct lab *lab = lab_create(test);
	struct nat64_leases *leases = lab->nn.leases;
	u64 expired = events[NAT64_EVENT_TYPE_EXPIRE], deleted = events[NAT64_EVENT_TYPE_DELETE];

	lab_pool(test, lab, 8);
	fill(test, lab, MANY);
	most_in_one_go = 0;
	walk(leases, age, NULL);
	/* a shorter life: all are due with the next tick */
	lab->conf.set.max_idle = 3600;
	lab_adopt(test, lab);
	KUNIT_EXPECT_TRUE(test, none_left(leases));
	KUNIT_EXPECT_EQ(test, events[NAT64_EVENT_TYPE_EXPIRE] - expired, MANY);
	KUNIT_EXPECT_LE(test, most_in_one_go, BATCH);
	KUNIT_EXPECT_LE(test, leases->n_returned, REMEMBERED_MIN);

	fill(test, lab, MANY);
	mutex_lock(&lab->nn.lock);
	KUNIT_EXPECT_EQ(test, nat64_leases_flush(&lab->nn), MANY);
	mutex_unlock(&lab->nn.lock);
	KUNIT_EXPECT_EQ(test, events[NAT64_EVENT_TYPE_DELETE] - deleted, MANY);
	KUNIT_EXPECT_LE(test, most_in_one_go, BATCH);

	fill(test, lab, MANY);
	lab_pool(test, lab, 30);
	KUNIT_EXPECT_LE(test, leases->live, 2);
	KUNIT_EXPECT_LE(test, most_in_one_go, BATCH);
	kunit_info(test, "at most %u leases for one hold of the lock", most_in_one_go);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_SLOW(against_model),
	KUNIT_CASE(exhaustion),
	KUNIT_CASE(limits),
	KUNIT_CASE(refused),
	KUNIT_CASE(restored),
	KUNIT_CASE(same_again),
	KUNIT_CASE_SLOW(memory),
	KUNIT_CASE_SLOW(constant_cost),
	KUNIT_CASE_SLOW(full_but_for_pairs),
	KUNIT_CASE_SLOW(beyond_many_pairs),
	KUNIT_CASE_SLOW(all_at_once),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-pool",
	.test_cases = cases,
};

kunit_test_suite(suite);
