// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration: what may be configured, transactions, and how a configuration comes to run.
 *
 * Whatever is not a table is never changed under the packet path's feet: a change makes a new
 * struct nat64_conf that shares the tables and takes the old one's place. Static maps and nat44
 * rules come and go one by one in their tables, unless a transaction brings new tables.
 */
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "anchor.h"
#include "conf.h"
#include "hook.h"
#include "map.h"
#include "nat44.h"
#include "pool.h"

/**
 * struct staged - a transaction
 * @list: in nat64_net->staged
 * @conf: what is to run, complete but not published
 * @generation: of what ran when it began
 * @portid: the netlink port that began it
 * @copied: @conf began as a copy of what ran
 */
struct staged {
	struct list_head list;
	struct nat64_conf *conf;
	unsigned int generation;
	u32 portid;
	bool copied;
};

static struct workqueue_struct *free_wq;

/* Pools and the allow list. */

static struct nat64_pools *pools_alloc(unsigned int pools, unsigned int allows)
{
	struct nat64_pools *new;

	new = kvzalloc(sizeof(*new) + pools * sizeof(*new->pool) + 2 * allows * sizeof(*new->allow),
		       GFP_KERNEL_ACCOUNT);
	if (!new)
		return NULL;
	refcount_set(&new->ref, 1);
	new->pool = (void *)(new + 1);
	new->allow = (void *)(new->pool + pools);
	new->outer = new->allow + allows;
	return new;
}

static void pools_put(struct nat64_pools *pools)
{
	if (pools && refcount_dec_and_test(&pools->ref))
		kvfree(pools);
}

static int compare_pools(const struct nat64_pool *a, const struct nat64_pool *b)
{
	return a->first < b->first ? -1 : a->first > b->first;
}

static int compare_allows(const struct nat64_allow *a, const struct nat64_allow *b)
{
	return memcmp(&a->prefix, &b->prefix, sizeof(a->prefix)) ?: a->len - b->len;
}

/* Put what was added last in its place among the others, which are in order, and find the prefixes
 * that contain others. A long list comes one by one, and is not sorted all over each time.
 */
static void pools_sort(struct nat64_pools *pools)
{
	const struct nat64_allow *outer = NULL;
	struct nat64_allow *allow = pools->allow;
	struct nat64_pool *pool = pools->pool;
	unsigned int i;

	for (i = pools->pools; i > 1 && compare_pools(&pool[i - 2], &pool[i - 1]) > 0; i--)
		swap(pool[i - 2], pool[i - 1]);
	for (i = pools->allows; i > 1 && compare_allows(&allow[i - 2], &allow[i - 1]) > 0; i--)
		swap(allow[i - 2], allow[i - 1]);
	bitmap_zero(pools->octets, NAT64_OCTETS);
	for (i = 0; i < pools->pools; i++)
		bitmap_set(pools->octets, pools->pool[i].first >> 24,
			   (pools->pool[i].last >> 24) - (pools->pool[i].first >> 24) + 1);
	pools->outers = 0;
	for (i = 0; i < pools->allows; i++) {
		if (outer && ipv6_prefix_equal(&outer->prefix, &pools->allow[i].prefix, outer->len))
			continue;
		outer = &pools->allow[i];
		pools->outer[pools->outers++] = *outer;
	}
}

/* A copy of @old without @pool and @allow, if they are given, and with room for another of each. */
static struct nat64_pools *pools_copy(const struct nat64_pools *old, const struct nat64_pool *pool,
				      const struct nat64_allow *allow)
{
	struct nat64_pools *new = pools_alloc(old->pools + 1, old->allows + 1);
	unsigned int i;

	if (!new)
		return NULL;
	for (i = 0; i < old->pools; i++)
		if (&old->pool[i] != pool)
			new->pool[new->pools++] = old->pool[i];
	for (i = 0; i < old->allows; i++)
		if (&old->allow[i] != allow)
			new->allow[new->allows++] = old->allow[i];
	return new;
}

static void pools_replace(struct nat64_conf *conf, struct nat64_pools *new)
{
	pools_sort(new);
	pools_put(conf->pools);
	conf->pools = new;
}

static bool pools_equal(const struct nat64_pools *a, const struct nat64_pools *b)
{
	unsigned int i;

	if (a->pools != b->pools || a->allows != b->allows)
		return false;
	for (i = 0; i < a->pools; i++)
		if (a->pool[i].first != b->pool[i].first || a->pool[i].len != b->pool[i].len ||
		    a->pool[i].drain != b->pool[i].drain)
			return false;
	for (i = 0; i < a->allows; i++)
		if (compare_allows(&a->allow[i], &b->allow[i]))
			return false;
	return true;
}

/* One configuration. */

static void conf_free(struct nat64_conf *conf)
{
	if (!conf)
		return;
	if (conf->maps)
		nat64_maps_put(conf->maps);
	pools_put(conf->pools);
	nat64_nat44_put(conf->nat44);
	kfree(conf);
}

static void conf_free_work(struct work_struct *work)
{
	conf_free(container_of(to_rcu_work(work), struct nat64_conf, free));
}

/* Free one that packets may still see. */
static void conf_release(struct nat64_conf *conf)
{
	if (!conf)
		return;
	INIT_RCU_WORK(&conf->free, conf_free_work);
	queue_rcu_work(free_wq, &conf->free);
}

static struct nat64_conf *conf_create(void)
{
	struct nat64_conf *conf = kzalloc(sizeof(*conf), GFP_KERNEL_ACCOUNT);

	if (!conf)
		return NULL;
	conf->set.lowest_ipv6_mtu = IPV6_MIN_MTU;
	conf->set.max_idle = NAT64_MAX_IDLE_DEFAULT;
	conf->set.per_prefix_len = 64;
	conf->pools = pools_alloc(0, 0);
	conf->nat44 = nat64_nat44_create();
	conf->maps = nat64_maps_create(0);
	if (conf->pools && conf->nat44 && !IS_ERR(conf->maps))
		return conf;
	if (IS_ERR(conf->maps))
		conf->maps = NULL;
	conf_free(conf);
	return NULL;
}

/* Another shell around the same tables. */
static struct nat64_conf *conf_share(const struct nat64_conf *old)
{
	struct nat64_conf *conf = kzalloc(sizeof(*conf), GFP_KERNEL_ACCOUNT);

	if (!conf)
		return NULL;
	conf->set = old->set;
	conf->maps = old->maps;
	conf->pools = old->pools;
	conf->nat44 = old->nat44;
	nat64_maps_get(conf->maps);
	refcount_inc(&conf->pools->ref);
	nat64_nat44_get(conf->nat44);
	return conf;
}

/* Another shell with its own tables. */
static struct nat64_conf *conf_copy(struct net *net, const struct nat64_conf *old)
{
	struct nat64_conf *conf = conf_share(old);
	struct nat64_nat44 *nat44;
	struct nat64_maps *maps;

	if (!conf)
		return NULL;
	maps = nat64_maps_copy(old->maps);
	if (IS_ERR(maps))
		goto fail;
	nat64_maps_put(conf->maps);
	conf->maps = maps;
	nat44 = nat64_nat44_copy(net, old->nat44, true, true);
	if (!nat44)
		goto fail;
	nat64_nat44_put(conf->nat44);
	conf->nat44 = nat44;
	return conf;

fail:
	conf_free(conf);
	return NULL;
}

static bool settings_equal(const struct nat64_settings *a, const struct nat64_settings *b)
{
	return a->prefix.len == b->prefix.len &&
	       ipv6_addr_equal(&a->prefix.addr, &b->prefix.addr) &&
	       a->icmp_source == b->icmp_source &&
	       a->lowest_ipv6_mtu == b->lowest_ipv6_mtu &&
	       a->udp_zero_drop == b->udp_zero_drop &&
	       a->allow_private == b->allow_private &&
	       a->zero_tos == b->zero_tos &&
	       a->accounting == b->accounting &&
	       a->per_prefix_len == b->per_prefix_len &&
	       a->max_per_prefix == b->max_per_prefix &&
	       a->max_idle == b->max_idle &&
	       !strcmp(a->prometheus, b->prometheus);
}

static bool conf_equal(struct nat64_conf *a, struct nat64_conf *b)
{
	return settings_equal(&a->set, &b->set) && pools_equal(a->pools, b->pools) &&
	       nat64_nat44_equal(a->nat44, b->nat44) && nat64_maps_equal(a->maps, b->maps);
}

/* The running one. */

static unsigned int hooks_wanted(const struct nat64_conf *conf)
{
	unsigned int want = 0;

	if (conf->set.prefix.len || conf->pools->pools || nat64_maps_count(conf->maps))
		want |= NAT64_HOOKS_XLAT;
	if (nat64_nat44_count(conf->nat44))
		want |= NAT64_HOOKS_NAT44;
	return want;
}

/* Bring up what packets need, before a configuration with it is published. */
static int bring_up(struct nat64_net *nn, unsigned int want, struct netlink_ext_ack *extack)
{
	bool had_anchor = rcu_access_pointer(nn->anchor);
	int err;

	if (want & NAT64_HOOKS_XLAT) {
		err = nat64_anchor_create(nn, extack);
		if (err)
			return err;
	}
	err = nat64_hooks_register(nn, want);
	if (err && !had_anchor)
		nat64_anchor_delete(nn);
	return err;
}

/* Must the leases be looked at one by one? */
static bool concerns_leases(const struct nat64_conf *old, const struct nat64_conf *conf)
{
	if (!old)
		return true;
	return old->maps != conf->maps || old->pools != conf->pools ||
	       old->set.prefix.len != conf->set.prefix.len ||
	       !ipv6_addr_equal(&old->set.prefix.addr, &conf->set.prefix.addr) ||
	       old->set.max_idle != conf->set.max_idle ||
	       old->set.max_per_prefix != conf->set.max_per_prefix ||
	       old->set.per_prefix_len != conf->set.per_prefix_len;
}

/* Nothing is counted by packets that come from now on; what was counted goes. */
static void stop_accounting(struct nat64_net *nn, struct nat64_conf *conf)
{
	synchronize_net();
	nat64_maps_uncount(conf->maps);
	nat64_leases_uncount(nn);
}

/* Find the interfaces of new rules; those that already run know theirs. */
static void resolve(struct nat64_net *nn, const struct nat64_conf *old, struct nat64_conf *conf)
{
	if (old && old->nat44 == conf->nat44)
		return;
	rtnl_lock();
	nat64_nat44_resolve(nn->net, conf->nat44);
	rtnl_unlock();
}

/* Let @conf run. On failure nothing has changed and it still is the caller's. The leases stand
 * still while they are adopted, and whoever holds the RTNL may hold it long: not at the same time.
 */
static int publish(struct nat64_net *nn, struct nat64_conf *conf, struct netlink_ext_ack *extack,
		   struct nat64_result *result)
{
	struct nat64_conf *old = nat64_conf_locked(nn);
	bool had_anchor = rcu_access_pointer(nn->anchor);
	struct nat64_adoption *adoption = NULL;
	int err;

	err = bring_up(nn, hooks_wanted(conf), extack);
	if (err)
		return err;
	resolve(nn, old, conf);
	if (concerns_leases(old, conf)) {
		adoption = nat64_leases_prepare(nn, conf);
		if (IS_ERR(adoption)) {
			if (!had_anchor)
				nat64_anchor_delete(nn);
			return PTR_ERR(adoption);
		}
		if (result)
			nat64_adoption_count(adoption, &result->leases_kept, &result->leases_ended);
	}
	rcu_assign_pointer(nn->conf, conf);
	if (adoption)
		nat64_leases_adopt(nn, adoption);
	/* An interface that comes or goes from now on changes the new rules; again for those that
	 * did so meanwhile.
	 */
	resolve(nn, old, conf);
	nn->generation++;
	if (old && old->set.accounting && !conf->set.accounting)
		stop_accounting(nn, conf);
	conf_release(old);
	return 0;
}

static struct staged *find_staged(struct nat64_net *nn, u32 portid)
{
	struct staged *staged;

	lockdep_assert_held(&nn->lock);
	list_for_each_entry(staged, &nn->staged, list)
		if (staged->portid == portid)
			return staged;
	return NULL;
}

static void free_staged(struct staged *staged)
{
	list_del(&staged->list);
	conf_free(staged->conf);
	kfree(staged);
}

/**
 * nat64_change_begin - begin to change the configuration that a request is about
 * @change: uninitialised
 * @nn: the namespace
 * @info: the request
 * @tables_only: entries of tables come or go, nothing else changes
 *
 * Context: process, may sleep; nn->lock is held until nat64_change_end().
 * Return: 0 or -ENOMEM, and then there is nothing to end.
 */
int nat64_change_begin(struct nat64_change *change, struct nat64_net *nn, struct genl_info *info,
		       bool tables_only)
{
	struct staged *staged = find_staged(nn, info->snd_portid);
	struct nat64_conf *old = nat64_conf_locked(nn);

	*change = (struct nat64_change){ .nn = nn, .info = info };
	if (staged) {
		change->conf = staged->conf;
		change->staged = true;
		change->copied = staged->copied;
	} else if (!old) {
		change->conf = conf_create();
	} else if (tables_only) {
		change->conf = old;
		change->running = true;
	} else {
		change->conf = conf_share(old);
	}
	return change->conf ? 0 : -ENOMEM;
}

/**
 * nat64_change_needs - bring up what a change of the running tables needs
 * @change: begun
 * @hooks: NAT64_HOOKS_*; whatever is not running yet gets what it needs when it is published
 *
 * Context: process, may sleep, takes the RTNL; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_change_needs(struct nat64_change *change, unsigned int hooks)
{
	struct nat64_net *nn = change->nn;

	if (!change->running)
		return 0;
	/* The usual case, without the RTNL. */
	if (!(hooks & NAT64_HOOKS_XLAT) || rcu_access_pointer(nn->anchor))
		return nat64_hooks_register(nn, hooks);
	return bring_up(nn, hooks, change->info->extack);
}

/**
 * nat64_change_end - let a change take effect, or forget it
 * @change: begun
 * @err: not 0: forget it
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: @err, or why the change could not take effect.
 */
int nat64_change_end(struct nat64_change *change, int err)
{
	if (change->staged)
		return err;
	if (change->running) {
		change->nn->generation += !err && !change->leases_only;
		return err;
	}
	if (!err)
		err = publish(change->nn, change->conf, change->info->extack, NULL);
	if (err)
		conf_free(change->conf);
	return err;
}

/* What may be configured. */

static bool has_host_bits4(__be32 v4, u8 len)
{
	return nat64_mask4(v4, len) != v4;
}

static bool has_host_bits6(const struct in6_addr *v6, u8 len)
{
	struct in6_addr masked;

	nat64_mask6(&masked, v6, len);
	return !ipv6_addr_equal(&masked, v6);
}

static bool is_unicast_prefix(__be32 v4, u8 len)
{
	__be32 last = v4 | ~inet_make_mask(len);

	/* What is no unicast lies at both ends, but for loopback. */
	return nat64_addr4_is_unicast(v4) && nat64_addr4_is_unicast(last) &&
	       !(len < 8 && nat64_mask4(htonl(INADDR_LOOPBACK), len) == v4);
}

/* Does a map's IPv6 side clash with the NAT64 prefix? Its own RFC 6052 form does not. */
static bool clashes(const struct nat64_prefix *prefix, const struct nat64_map *map)
{
	struct in6_addr own;

	if (!prefix->len ||
	    !ipv6_prefix_equal(&prefix->addr, &map->v6, min(prefix->len, map->len6)))
		return false;
	nat64_addr_embed(prefix, map->v4, &own);
	if (!ipv6_addr_equal(&own, &map->v6))
		return true;
	/* A prefix pair's hosts have their own form too if one suffix is the other. */
	return !nat64_map_is_host(map) && !(prefix->len == 96 && map->len6 == 96 + map->len4);
}

/* The router's link that has an address in @v4/@len; NULL if none. Under rcu_read_lock(). */
static const struct net_device *find_own(struct net *net, __be32 v4, u8 len, __be32 *own)
{
	const struct in_device *in_dev;
	const struct in_ifaddr *ifa;
	struct net_device *dev;

	if (len == 32) {
		*own = v4;
		return __ip_dev_find(net, v4, false);
	}
	for_each_netdev_rcu(net, dev) {
		in_dev = __in_dev_get_rcu(dev);
		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rcu(ifa, in_dev) {
			if (nat64_mask4(ifa->ifa_local, len) != v4)
				continue;
			*own = ifa->ifa_local;
			return dev;
		}
	}
	return NULL;
}

static int check_not_own(struct nat64_change *change, const struct nat64_map *map)
{
	const struct net_device *dev;
	__be32 own;
	int err = 0;

	rcu_read_lock();
	dev = find_own(change->nn->net, map->v4, map->len4, &own);
	if (dev)
		err = NAT64_REFUSE(change->info, NAT64_A_MAP_V4, -EADDRINUSE,
				   "%pI4 is this router's own address (%s)", &own, dev->name);
	rcu_read_unlock();
	return err;
}

static int check_map(struct nat64_change *change, const struct nat64_map *map)
{
	struct genl_info *info = change->info;

	if (map->len6 - map->len4 > 128 - 32)
		return NAT64_REFUSE(info, NAT64_A_MAP_V6_LEN, -EINVAL,
				    "%pI6c/%u is smaller than %pI4/%u", &map->v6,
				    map->len6, &map->v4, map->len4);
	if (has_host_bits4(map->v4, map->len4))
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -EINVAL,
				    "%pI4/%u has bits set behind its length", &map->v4, map->len4);
	if (has_host_bits6(&map->v6, map->len6))
		return NAT64_REFUSE(info, NAT64_A_MAP_V6, -EINVAL,
				    "%pI6c/%u has bits set behind its length", &map->v6,
				    map->len6);
	if (!is_unicast_prefix(map->v4, map->len4))
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -EINVAL,
				    "%pI4 is not a unicast address", &map->v4);
	if (!nat64_addr6_is_host(&map->v6))
		return NAT64_REFUSE(info, NAT64_A_MAP_V6, -EINVAL,
				    "%pI6c is not the address of a host", &map->v6);
	if (clashes(&change->conf->set.prefix, map))
		return NAT64_REFUSE(info, NAT64_A_MAP_V6, -EINVAL,
				    "%pI6c is in %pI6c/%u", &map->v6,
				    &change->conf->set.prefix.addr, change->conf->set.prefix.len);
	return check_not_own(change, map);
}

/**
 * nat64_conf_set - change the scalars
 * @change: begun with tables_only false
 * @set: all of them, those that do not change as they were
 *
 * Context: process; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_conf_set(struct nat64_change *change, const struct nat64_settings *set)
{
	const struct nat64_prefix *prefix = &set->prefix;
	struct nat64_conf *conf = change->conf;
	const struct nat64_map *map;
	const char *reason;

	reason = prefix->len ? nat64_prefix_check(&prefix->addr, prefix->len) : NULL;
	if (reason)
		return NAT64_REFUSE(change->info, NAT64_A_CONFIG_PREFIX, -EINVAL, "%s", reason);
	if (set->icmp_source && !nat64_addr4_is_unicast(set->icmp_source))
		return NAT64_REFUSE(change->info, NAT64_A_CONFIG_ICMP_SOURCE, -EINVAL,
				    "%pI4 is not a unicast address", &set->icmp_source);
	list_for_each_entry(map, &conf->maps->list, list)
		if (map->type != NAT64_MAP_TYPE_CURSOR && clashes(prefix, map))
			return NAT64_REFUSE(change->info, NAT64_A_CONFIG_PREFIX, -EEXIST,
					    "map %pI4 %pI6c is in the prefix",
					    &map->v4, &map->v6);
	conf->set = *set;
	conf->set.refuse_private = nat64_prefix_is_well_known(prefix) && !set->allow_private;
	return 0;
}

static const struct nat64_pool *find_pool(const struct nat64_pools *pools, u32 first, u32 last)
{
	unsigned int i;

	for (i = 0; i < pools->pools; i++)
		if (pools->pool[i].first <= last && pools->pool[i].last >= first)
			return &pools->pool[i];
	return NULL;
}

static int refuse_pool(struct nat64_change *change, const struct nat64_pool *old, __be32 prefix,
		       u8 len)
{
	__be32 first = htonl(old->first);

	if (first == prefix && old->len == len)
		return NAT64_REFUSE(change->info, NAT64_A_POOL_PREFIX, -EEXIST,
				    "%pI4/%u is in the pool already%s", &prefix, len,
				    old->drain ? ", it drains" : "");
	return NAT64_REFUSE(change->info, NAT64_A_POOL_PREFIX, -EEXIST,
			    "%pI4/%u overlaps %pI4/%u, which is in the pool already", &prefix, len,
			    &first, old->len);
}

/**
 * nat64_conf_pool_add - add a prefix to the pool, or change whether it drains
 * @change: begun with tables_only false
 * @prefix: network byte order
 * @len: 1 to 32
 * @drain: give no new leases from it
 *
 * Context: process; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_conf_pool_add(struct nat64_change *change, __be32 prefix, u8 len, bool drain)
{
	struct nat64_pool pool = {
		.first = ntohl(prefix),
		.last = ntohl(prefix | ~inet_make_mask(len)),
		.len = len,
		.drain = drain,
	};
	const struct nat64_pool *old;
	struct nat64_pools *new;

	if (has_host_bits4(prefix, len))
		return NAT64_REFUSE(change->info, NAT64_A_POOL_PREFIX, -EINVAL,
				    "%pI4/%u has bits set behind its length", &prefix, len);
	if (!is_unicast_prefix(prefix, len))
		return NAT64_REFUSE(change->info, NAT64_A_POOL_PREFIX, -EINVAL,
				    "%pI4/%u is not a unicast prefix", &prefix, len);
	old = find_pool(change->conf->pools, pool.first, pool.last);
	if (old && (old->first != pool.first || old->len != len || old->drain == drain))
		return refuse_pool(change, old, prefix, len);
	new = pools_copy(change->conf->pools, old, NULL);
	if (!new)
		return -ENOMEM;
	new->pool[new->pools++] = pool;
	pools_replace(change->conf, new);
	return 0;
}

/**
 * nat64_conf_pool_del - take a prefix out of the pool
 * @change: begun with tables_only false
 * @prefix: network byte order
 * @len: its length
 * @force: even if leases live in it, which then end
 *
 * Context: process; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_conf_pool_del(struct nat64_change *change, __be32 prefix, u8 len, bool force)
{
	u32 first = ntohl(prefix), last = ntohl(prefix | ~inet_make_mask(len));
	const struct nat64_pool *old = find_pool(change->conf->pools, first, last);
	struct nat64_pool_usage usage;
	struct nat64_pools *new;

	if (!old || old->first != first || old->len != len)
		return NAT64_REFUSE(change->info, NAT64_A_POOL_PREFIX, -ENOENT,
				    "%pI4/%u is not in the pool", &prefix, len);
	/* One that was staged from nothing replaces the pool, whatever lives in it. */
	if ((!change->staged || change->copied) && !force) {
		nat64_pool_usage(change->nn, change->conf, old, &usage);
		if (usage.leased)
			return NAT64_REFUSE(change->info, NAT64_A_POOL_PREFIX, -EBUSY,
					    "%u leases live in %pI4/%u", usage.leased, &prefix,
					    len);
	}
	new = pools_copy(change->conf->pools, old, NULL);
	if (!new)
		return -ENOMEM;
	pools_replace(change->conf, new);
	return 0;
}

static const struct nat64_allow *find_allow(const struct nat64_pools *pools,
					    const struct nat64_allow *allow)
{
	unsigned int i;

	for (i = 0; i < pools->allows; i++)
		if (!compare_allows(&pools->allow[i], allow))
			return &pools->allow[i];
	return NULL;
}

/**
 * nat64_conf_allow_add - let the hosts of a prefix lease
 * @change: begun with tables_only false
 * @allow: the prefix
 *
 * Context: process; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_conf_allow_add(struct nat64_change *change, const struct nat64_allow *allow)
{
	struct nat64_pools *new;

	if (has_host_bits6(&allow->prefix, allow->len))
		return NAT64_REFUSE(change->info, NAT64_A_ALLOW_PREFIX, -EINVAL,
				    "%pI6c/%u has bits set behind its length", &allow->prefix,
				    allow->len);
	if (find_allow(change->conf->pools, allow))
		return NAT64_REFUSE(change->info, NAT64_A_ALLOW_PREFIX, -EEXIST,
				    "%pI6c/%u is allowed already", &allow->prefix, allow->len);
	new = pools_copy(change->conf->pools, NULL, NULL);
	if (!new)
		return -ENOMEM;
	new->allow[new->allows++] = *allow;
	pools_replace(change->conf, new);
	return 0;
}

/**
 * nat64_conf_allow_del - take a prefix off the allow list
 * @change: begun with tables_only false
 * @allow: the prefix
 *
 * Context: process; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_conf_allow_del(struct nat64_change *change, const struct nat64_allow *allow)
{
	const struct nat64_allow *old = find_allow(change->conf->pools, allow);
	struct nat64_pools *new;

	if (!old)
		return NAT64_REFUSE(change->info, NAT64_A_ALLOW_PREFIX, -ENOENT,
				    "%pI6c/%u is not on the allow list", &allow->prefix,
				    allow->len);
	new = pools_copy(change->conf->pools, NULL, old);
	if (!new)
		return -ENOMEM;
	pools_replace(change->conf, new);
	return 0;
}

/* Static maps. */

static int refuse_duplicate(struct nat64_change *change, const struct nat64_map *old, int attr)
{
	if (nat64_map_is_host(old))
		return NAT64_REFUSE(change->info, attr, -EEXIST,
				    "%pI4 is already mapped to %pI6c", &old->v4, &old->v6);
	return NAT64_REFUSE(change->info, attr, -EEXIST, "%pI4/%u is mapped to %pI6c/%u",
			    &old->v4, old->len4, &old->v6, old->len6);
}

static void remove_map(struct nat64_change *change, struct nat64_map *map)
{
	if (change->running)
		nat64_leases_unyield(change->nn, map);
	nat64_maps_remove(change->conf->maps, map);
}

/* Put @map in the place of @by4 and @by6, any of which may be missing. It comes before they go, so
 * that no packet finds none, and nothing has changed if there is no room for it.
 */
static int replace_map(struct nat64_change *change, struct nat64_map *map, struct nat64_map *by4,
		       struct nat64_map *by6)
{
	bool reserved = by4 && map->len4 == 32;
	struct nat64_maps *maps = change->conf->maps;
	int err;

	err = nat64_maps_insert(maps, map);
	if (err) {
		nat64_map_free_rcu(map);
		return err;
	}
	if (change->running)
		err = nat64_leases_yield(change->nn, map, reserved);
	if (err) {
		nat64_maps_remove(maps, map);
		return err;
	}
	if (reserved)
		nat64_maps_remove(maps, by4);
	else if (by4)
		remove_map(change, by4);
	if (by6 && by6 != by4)
		remove_map(change, by6);
	return 0;
}

/**
 * nat64_conf_map_add - add a static map
 * @change: begun with tables_only true
 * @want: prefixes and lengths, network byte order
 * @replace: delete maps with the same prefix on either side instead of refusing
 *
 * Context: process; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_conf_map_add(struct nat64_change *change, const struct nat64_map *want, bool replace)
{
	struct nat64_maps *maps = change->conf->maps;
	struct nat64_map *map, *by4, *by6;
	int err;

	err = check_map(change, want);
	if (err)
		return err;
	by4 = nat64_maps_find4(maps, want->v4, want->len4);
	if (by4 && !replace)
		return refuse_duplicate(change, by4, NAT64_A_MAP_V4);
	by6 = nat64_maps_find6(maps, &want->v6, want->len6);
	if (by6 && !replace)
		return refuse_duplicate(change, by6, NAT64_A_MAP_V6);
	map = kzalloc(sizeof(*map), GFP_KERNEL_ACCOUNT);
	if (!map)
		return -ENOMEM;
	err = nat64_change_needs(change, NAT64_HOOKS_XLAT);
	if (err) {
		kfree(map);
		return err;
	}
	map->v6 = want->v6;
	map->v4 = want->v4;
	map->len6 = want->len6;
	map->len4 = want->len4;
	map->type = NAT64_MAP_TYPE_STATIC;
	return replace_map(change, map, by4, by6);
}

/**
 * nat64_conf_map_del - delete a static map
 * @change: begun with tables_only true
 * @want: its prefixes
 * @by6: it has that IPv6 prefix
 * @by4: it has that IPv4 prefix
 *
 * Context: process; nn->lock is held.
 * Return: 0 or -ENOENT.
 */
int nat64_conf_map_del(struct nat64_change *change, const struct nat64_map *want, bool by6,
		       bool by4)
{
	struct nat64_maps *maps = change->conf->maps;
	struct nat64_map *map;

	if (by4)
		map = nat64_maps_find4(maps, want->v4, want->len4);
	else
		map = nat64_maps_find6(maps, &want->v6, want->len6);
	if (!map)
		return -ENOENT;
	if (by4 && by6 && (map->len6 != want->len6 || !ipv6_addr_equal(&map->v6, &want->v6)))
		return -ENOENT;
	remove_map(change, map);
	return 0;
}

/**
 * nat64_conf_maps_flush - delete all static maps
 * @change: begun with tables_only false
 * @flushed: result, how many there were
 *
 * Context: process; nn->lock is held.
 * Return: 0 or -ENOMEM.
 */
int nat64_conf_maps_flush(struct nat64_change *change, u32 *flushed)
{
	struct nat64_maps *maps = nat64_maps_create(0);

	if (IS_ERR(maps))
		return PTR_ERR(maps);
	*flushed = nat64_maps_count(change->conf->maps);
	nat64_maps_put(change->conf->maps);
	change->conf->maps = maps;
	return 0;
}

/* Rules of nat44. */

static int replace_nat44(struct nat64_change *change, bool keep_rules, bool keep_excludes)
{
	struct nat64_nat44 *old = change->conf->nat44;
	struct nat64_nat44 *new;

	new = nat64_nat44_copy(change->nn->net, old, keep_rules, keep_excludes);
	if (!new)
		return -ENOMEM;
	change->conf->nat44 = new;
	nat64_nat44_put(old);
	return 0;
}

/**
 * nat64_conf_nat44_flush - delete all rules of nat44
 * @change: begun with tables_only false
 * @flushed: result, how many there were
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: 0 or -ENOMEM.
 */
int nat64_conf_nat44_flush(struct nat64_change *change, u32 *flushed)
{
	*flushed = change->conf->nat44->rules.count;
	return replace_nat44(change, false, true);
}

/**
 * nat64_conf_excludes_flush - take all exclusions back
 * @change: begun with tables_only false
 * @flushed: result, how many there were
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: 0 or -ENOMEM.
 */
int nat64_conf_excludes_flush(struct nat64_change *change, u32 *flushed)
{
	*flushed = change->conf->nat44->excludes.count;
	return replace_nat44(change, true, false);
}

/* Transactions. */

/**
 * nat64_conf_listed - the configuration that a listing is about
 * @nn: the namespace
 * @portid: who lists
 * @staged: result: it is that port's staged one; may be NULL
 *
 * Context: process; nn->lock is held, which keeps the result.
 * Return: the configuration; NULL if there is none.
 */
struct nat64_conf *nat64_conf_listed(struct nat64_net *nn, u32 portid, bool *staged)
{
	struct staged *found = find_staged(nn, portid);

	if (staged)
		*staged = found;
	return found ? found->conf : nat64_conf_locked(nn);
}

/**
 * nat64_conf_begin - begin a transaction
 * @nn: the namespace
 * @info: the request, whose port the transaction belongs to
 * @copy: start from the running configuration
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: 0 or an error.
 */
int nat64_conf_begin(struct nat64_net *nn, struct genl_info *info, bool copy)
{
	struct nat64_conf *running = nat64_conf_locked(nn);
	struct staged *staged;

	if (find_staged(nn, info->snd_portid)) {
		NL_SET_ERR_MSG(info->extack, "this socket has begun a transaction already");
		return -EBUSY;
	}
	staged = kzalloc(sizeof(*staged), GFP_KERNEL_ACCOUNT);
	if (!staged)
		return -ENOMEM;
	staged->conf = copy && running ? conf_copy(nn->net, running) : conf_create();
	if (!staged->conf) {
		kfree(staged);
		return -ENOMEM;
	}
	staged->generation = nn->generation;
	staged->portid = info->snd_portid;
	staged->copied = copy;
	list_add(&staged->list, &nn->staged);
	return 0;
}

/* Has the router got an address of a static map since the map was staged? */
static int check_all_not_own(struct nat64_net *nn, struct genl_info *info,
			     const struct nat64_conf *conf)
{
	const struct in_device *in_dev;
	const struct in_ifaddr *ifa;
	struct net_device *dev;

	if (!nat64_maps_count(conf->maps))
		return 0;
	for_each_netdev_rcu(nn->net, dev) {
		in_dev = __in_dev_get_rcu(dev);
		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rcu(ifa, in_dev) {
			if (!nat64_maps_match4(conf->maps, ifa->ifa_local))
				continue;
			NL_SET_ERR_MSG_FMT(info->extack, "%pI4 is this router's own address (%s)",
					   &ifa->ifa_local, dev->name);
			return -EADDRINUSE;
		}
	}
	return 0;
}

static int check_commit(struct nat64_net *nn, struct genl_info *info, const struct staged *staged)
{
	int err;

	if (staged->generation != nn->generation) {
		NL_SET_ERR_MSG(info->extack,
			       "somebody changed the configuration in the meantime, try again");
		return -EAGAIN;
	}
	rcu_read_lock();
	err = check_all_not_own(nn, info, staged->conf);
	rcu_read_unlock();
	return err;
}

static int commit(struct nat64_net *nn, struct genl_info *info, struct staged *staged,
		  bool dry_run, struct nat64_result *result)
{
	struct nat64_conf *running = nat64_conf_locked(nn);
	int err;

	err = check_commit(nn, info, staged);
	if (err)
		return err;
	result->changed = !running || !conf_equal(running, staged->conf);
	if (dry_run) {
		if (hooks_wanted(staged->conf) & NAT64_HOOKS_XLAT)
			err = nat64_anchor_check(nn, info->extack);
	} else if (!result->changed) {
		/* The link nat64 may be gone or down all the same. */
		err = bring_up(nn, hooks_wanted(running), info->extack);
	}
	if (err)
		return err;
	if (dry_run || !result->changed)
		return nat64_leases_count(nn, staged->conf, &result->leases_kept,
					  &result->leases_ended);
	err = publish(nn, staged->conf, info->extack, result);
	if (!err)
		staged->conf = NULL;
	return err;
}

/**
 * nat64_conf_commit - end a transaction
 * @nn: the namespace
 * @info: the request, from the port that began it
 * @dry_run: only say what would happen
 * @result: what happened
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: 0 or an error; either way the transaction is over.
 */
int nat64_conf_commit(struct nat64_net *nn, struct genl_info *info, bool dry_run,
		      struct nat64_result *result)
{
	struct staged *staged = find_staged(nn, info->snd_portid);
	int err;

	*result = (struct nat64_result){};
	if (!staged) {
		NL_SET_ERR_MSG(info->extack, "this socket has not begun a transaction");
		return -ENOENT;
	}
	err = commit(nn, info, staged, dry_run, result);
	free_staged(staged);
	return err;
}

/**
 * nat64_conf_forget - end a transaction without effect
 * @nn: the namespace
 * @portid: the port that may have begun one
 *
 * Context: process, may sleep; nn->lock is held.
 */
void nat64_conf_forget(struct nat64_net *nn, u32 portid)
{
	struct staged *staged = find_staged(nn, portid);

	if (staged)
		free_staged(staged);
}

/**
 * nat64_conf_reset - remove everything
 * @nn: the namespace
 *
 * Context: process, may sleep; nn->lock is held.
 * Return: how many leases ended.
 */
u32 nat64_conf_reset(struct nat64_net *nn)
{
	struct nat64_conf *conf = nat64_conf_locked(nn);
	u32 ended;

	rcu_assign_pointer(nn->conf, NULL);
	nat64_hooks_unregister(nn);
	nat64_anchor_delete(nn);
	ended = nat64_leases_clear(nn);
	nn->generation++;
	conf_release(conf);
	return ended;
}

/* Life of the whole. */

/**
 * nat64_conf_net_init - make a namespace ready to be configured
 * @nn: the namespace, zeroed but for its lock and its net
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int nat64_conf_net_init(struct nat64_net *nn)
{
	INIT_LIST_HEAD(&nn->staged);
	return nat64_leases_create(nn);
}

/**
 * nat64_conf_net_exit - free all that was configured
 * @nn: the namespace; no packet is in it, no socket, and no hook of ours
 *
 * Context: process, may sleep.
 */
void nat64_conf_net_exit(struct nat64_net *nn)
{
	struct staged *staged, *next;

	list_for_each_entry_safe(staged, next, &nn->staged, list)
		free_staged(staged);
	nat64_leases_destroy(nn);
	conf_free(rcu_replace_pointer(nn->conf, NULL, true));
}

/**
 * nat64_conf_init - before any namespace
 *
 * Return: 0 or -ENOMEM.
 */
int __init nat64_conf_init(void)
{
	free_wq = alloc_workqueue("nat64", WQ_UNBOUND, 0);
	return free_wq ? 0 : -ENOMEM;
}

/**
 * nat64_conf_exit - after all namespaces; waits until everything is freed
 *
 * Context: module exit, may sleep.
 */
void nat64_conf_exit(void)
{
	rcu_barrier();
	destroy_workqueue(free_wq);
}
