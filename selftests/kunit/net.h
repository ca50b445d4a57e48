/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A namespace's nat64 without hooks, anchor and netlink: enough for maps and leases.
 */
#ifndef NAT64_KUNIT_NET_H
#define NAT64_KUNIT_NET_H

#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/random.h>

#include "../../kernel/pool.h"
#include "../../kernel/stats.h"

struct lab {
	struct nat64_net nn;
	struct nat64_conf conf;
	struct nat64_pools pools;
	struct rnd_state rnd;
};

static inline void lab_destroy(void *arg)
{
	struct lab *lab = arg;

	mutex_lock(&lab->nn.lock);
	nat64_leases_destroy(&lab->nn);
	mutex_unlock(&lab->nn.lock);
	nat64_maps_put(lab->conf.maps);
	free_percpu(lab->nn.stats);
}

/* Destroyed with the test, also if that fails half-way. */
static inline struct lab *lab_create(struct kunit *test)
{
	struct lab *lab = kunit_kzalloc(test, sizeof(*lab), GFP_KERNEL);
	u64 value = get_random_u64();

	KUNIT_ASSERT_NOT_NULL(test, lab);
	kunit_info(test, "random %llu", value);
	prandom_seed_state(&lab->rnd, value);
	mutex_init(&lab->nn.lock);
	lab->nn.net = &init_net;
	lab->nn.stats = alloc_percpu(struct nat64_stats);
	KUNIT_ASSERT_NOT_NULL(test, lab->nn.stats);
	KUNIT_ASSERT_EQ(test, nat64_leases_create(&lab->nn), 0);
	lab->conf.maps = nat64_maps_create(0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(lab->conf.maps));
	lab->conf.pools = &lab->pools;
	bitmap_fill(lab->pools.octets, NAT64_OCTETS);
	lab->conf.set.per_prefix_len = 64;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, lab_destroy, lab), 0);
	return lab;
}

/* The leases go over to lab->conf as it is now. */
static inline void lab_adopt(struct kunit *test, struct lab *lab)
{
	struct nat64_adoption *adoption;

	mutex_lock(&lab->nn.lock);
	adoption = nat64_leases_prepare(&lab->nn, &lab->conf);
	KUNIT_EXPECT_FALSE(test, IS_ERR(adoption));
	rcu_assign_pointer(lab->nn.conf, &lab->conf);
	if (!IS_ERR(adoption))
		nat64_leases_adopt(&lab->nn, adoption);
	mutex_unlock(&lab->nn.lock);
}

static inline int lab_map(struct lab *lab, const struct in6_addr *v6, u8 len6, u32 v4, u8 len4)
{
	struct nat64_map *map = kzalloc(sizeof(*map), GFP_KERNEL);
	int err;

	if (!map)
		return -ENOMEM;
	nat64_mask6(&map->v6, v6, len6);
	map->v4 = nat64_mask4(htonl(v4), len4);
	map->len6 = len6;
	map->len4 = len4;
	map->type = NAT64_MAP_TYPE_STATIC;
	err = nat64_maps_insert(lab->conf.maps, map);
	if (err)
		kfree(map);
	return err;
}

#endif /* NAT64_KUNIT_NET_H */
