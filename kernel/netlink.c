// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: one handler per command of include/nat64.yaml. A handler turns
 * attributes into values and lets conf.c or pool.c decide; what can be wrong with an attribute by
 * itself the generated policies have refused before.
 */
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "conf.h"
#include "map.h"
#include "nat44.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "pool.h"
#include "stats.h"

static struct genl_family nat64_nl_family;

/* Replies. One is made before anything is done that it tells of, so that what was done is told. */

static struct sk_buff *reply_new(struct genl_info *info, void **hdr)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, &nat64_nl_family, 0, info->genlhdr->cmd);
	if (*hdr)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static int reply_send(struct sk_buff *msg, void *hdr, struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/* Settings. */

static int put_settings(struct sk_buff *msg, const struct nat64_settings *set)
{
	if (set->prefix.len &&
	    (nla_put_in6_addr(msg, NAT64_A_CONFIG_PREFIX, &set->prefix.addr) ||
	     nla_put_u8(msg, NAT64_A_CONFIG_PREFIX_LEN, set->prefix.len)))
		return -EMSGSIZE;
	if (set->prometheus[0] &&
	    nla_put_string(msg, NAT64_A_CONFIG_PROMETHEUS, set->prometheus))
		return -EMSGSIZE;
	if (nla_put_u32(msg, NAT64_A_CONFIG_MAX_IDLE, set->max_idle) ||
	    nla_put_in_addr(msg, NAT64_A_CONFIG_ICMP_SOURCE, set->icmp_source) ||
	    nla_put_u32(msg, NAT64_A_CONFIG_LOWEST_IPV6_MTU, set->lowest_ipv6_mtu) ||
	    nla_put_u8(msg, NAT64_A_CONFIG_UDP_ZERO_CHECKSUM,
		       set->udp_zero_drop ? NAT64_UDP_ZERO_DROP : NAT64_UDP_ZERO_COMPUTE) ||
	    nla_put_u8(msg, NAT64_A_CONFIG_ALLOW_PRIVATE, set->allow_private) ||
	    nla_put_u8(msg, NAT64_A_CONFIG_ZERO_TOS, set->zero_tos) ||
	    nla_put_u32(msg, NAT64_A_CONFIG_MAX_PER_PREFIX, set->max_per_prefix) ||
	    nla_put_u8(msg, NAT64_A_CONFIG_PER_PREFIX_LENGTH, set->per_prefix_len) ||
	    nla_put_u8(msg, NAT64_A_CONFIG_ACCOUNTING, set->accounting))
		return -EMSGSIZE;
	return 0;
}

static int put_anchor(struct sk_buff *msg, struct nat64_net *nn)
{
	const struct net_device *anchor;
	int err = 0;

	rcu_read_lock();
	anchor = rcu_dereference(nn->anchor);
	if (anchor)
		err = nla_put_u32(msg, NAT64_A_CONFIG_ANCHOR, anchor->ifindex);
	rcu_read_unlock();
	return err;
}

int nat64_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	const struct nat64_conf *conf;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&nn->lock);
	conf = nat64_conf_listed(nn, info->snd_portid, NULL);
	err = nla_put_u32(msg, NAT64_A_CONFIG_GENERATION, nn->generation);
	if (!err && conf)
		err = put_settings(msg, &conf->set);
	mutex_unlock(&nn->lock);
	return reply_send(msg, hdr, info, err ?: put_anchor(msg, nn));
}

static int get_prefix(struct genl_info *info, struct nat64_prefix *prefix)
{
	struct nlattr *addr = info->attrs[NAT64_A_CONFIG_PREFIX];
	struct nlattr *len = info->attrs[NAT64_A_CONFIG_PREFIX_LEN];

	if (!addr && !len)
		return 0;
	if (len && !nla_get_u8(len)) {
		*prefix = (struct nat64_prefix){};
		return 0;
	}
	if (GENL_REQ_ATTR_CHECK(info, NAT64_A_CONFIG_PREFIX) ||
	    GENL_REQ_ATTR_CHECK(info, NAT64_A_CONFIG_PREFIX_LEN)) {
		NL_SET_ERR_MSG(info->extack, "a prefix and its length come together");
		return -EINVAL;
	}
	prefix->addr = nla_get_in6_addr(addr);
	prefix->len = nla_get_u8(len);
	return 0;
}

static int get_settings(struct genl_info *info, struct nat64_settings *set)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[NAT64_A_CONFIG_MAX_IDLE])
		set->max_idle = nla_get_u32(attrs[NAT64_A_CONFIG_MAX_IDLE]);
	if (attrs[NAT64_A_CONFIG_ICMP_SOURCE])
		set->icmp_source = nla_get_in_addr(attrs[NAT64_A_CONFIG_ICMP_SOURCE]);
	if (attrs[NAT64_A_CONFIG_LOWEST_IPV6_MTU])
		set->lowest_ipv6_mtu = nla_get_u32(attrs[NAT64_A_CONFIG_LOWEST_IPV6_MTU]);
	if (attrs[NAT64_A_CONFIG_UDP_ZERO_CHECKSUM])
		set->udp_zero_drop = nla_get_u8(attrs[NAT64_A_CONFIG_UDP_ZERO_CHECKSUM]) ==
				     NAT64_UDP_ZERO_DROP;
	if (attrs[NAT64_A_CONFIG_ALLOW_PRIVATE])
		set->allow_private = nla_get_u8(attrs[NAT64_A_CONFIG_ALLOW_PRIVATE]);
	if (attrs[NAT64_A_CONFIG_ZERO_TOS])
		set->zero_tos = nla_get_u8(attrs[NAT64_A_CONFIG_ZERO_TOS]);
	if (attrs[NAT64_A_CONFIG_MAX_PER_PREFIX])
		set->max_per_prefix = nla_get_u32(attrs[NAT64_A_CONFIG_MAX_PER_PREFIX]);
	if (attrs[NAT64_A_CONFIG_PER_PREFIX_LENGTH])
		set->per_prefix_len = nla_get_u8(attrs[NAT64_A_CONFIG_PER_PREFIX_LENGTH]);
	if (attrs[NAT64_A_CONFIG_ACCOUNTING])
		set->accounting = nla_get_u8(attrs[NAT64_A_CONFIG_ACCOUNTING]);
	/* The packet path allocates the counters, and nobody is charged for them. */
	if (set->accounting && genl_info_net(info)->user_ns != &init_user_ns) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[NAT64_A_CONFIG_ACCOUNTING],
				    "accounting is not for network namespaces of user namespaces");
		return -EPERM;
	}
	if (attrs[NAT64_A_CONFIG_PROMETHEUS])
		nla_strscpy(set->prometheus, attrs[NAT64_A_CONFIG_PROMETHEUS],
			    sizeof(set->prometheus));
	return get_prefix(info, &set->prefix);
}

static int set_settings(struct nat64_change *change)
{
	struct nat64_settings *set;
	int err;

	set = kmemdup(&change->conf->set, sizeof(*set), GFP_KERNEL);
	if (!set)
		return -ENOMEM;
	err = get_settings(change->info, set);
	if (!err)
		err = nat64_conf_set(change, set);
	kfree(set);
	return err;
}

/* Let @apply change whatever configuration the request is about. */
static int change_conf(struct genl_info *info, bool tables_only,
		       int (*apply)(struct nat64_change *change))
{
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	struct nat64_change change;
	int err;

	mutex_lock(&nn->lock);
	err = nat64_change_begin(&change, nn, info, tables_only);
	if (!err)
		err = nat64_change_end(&change, apply(&change));
	mutex_unlock(&nn->lock);
	return err;
}

int nat64_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change_conf(info, false, set_settings);
}

/* Pools. */

static int need(struct genl_info *info, int attr)
{
	return GENL_REQ_ATTR_CHECK(info, attr) ? -EINVAL : 0;
}

static int add_pool(struct nat64_change *change)
{
	struct nlattr **attrs = change->info->attrs;

	return nat64_conf_pool_add(change, nla_get_in_addr(attrs[NAT64_A_POOL_PREFIX]),
				   nla_get_u8(attrs[NAT64_A_POOL_LEN]),
				   nla_get_flag(attrs[NAT64_A_POOL_DRAIN]));
}

int nat64_nl_pool_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = need(info, NAT64_A_POOL_PREFIX) ?: need(info, NAT64_A_POOL_LEN);

	return err ?: change_conf(info, false, add_pool);
}

static int del_pool(struct nat64_change *change)
{
	struct nlattr **attrs = change->info->attrs;

	return nat64_conf_pool_del(change, nla_get_in_addr(attrs[NAT64_A_POOL_PREFIX]),
				   nla_get_u8(attrs[NAT64_A_POOL_LEN]),
				   nla_get_flag(attrs[NAT64_A_POOL_FORCE]));
}

int nat64_nl_pool_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = need(info, NAT64_A_POOL_PREFIX) ?: need(info, NAT64_A_POOL_LEN);

	return err ?: change_conf(info, false, del_pool);
}

/* One entry of a dump. */
static void *put_entry(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				&nat64_nl_family, NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

static int end_entry(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

static int put_pool(struct sk_buff *skb, struct netlink_callback *cb, struct nat64_net *nn,
		    const struct nat64_conf *conf, const struct nat64_pool *pool)
{
	struct nat64_pool_usage usage;
	u32 free;
	void *hdr;
	int err;

	hdr = put_entry(skb, cb, NAT64_CMD_POOL_GET);
	if (!hdr)
		return -EMSGSIZE;
	nat64_pool_usage(nn, conf, pool, &usage);
	free = usage.size - min(usage.size, usage.leased + usage.taken);
	err = nla_put_in_addr(skb, NAT64_A_POOL_PREFIX, htonl(pool->first)) ?:
	      nla_put_u8(skb, NAT64_A_POOL_LEN, pool->len) ?:
	      nla_put_u32(skb, NAT64_A_POOL_SIZE, usage.size) ?:
	      nla_put_u32(skb, NAT64_A_POOL_LEASED, usage.leased) ?:
	      nla_put_u32(skb, NAT64_A_POOL_STATIC, usage.taken) ?:
	      nla_put_u32(skb, NAT64_A_POOL_FREE, free);
	if (!err && pool->drain)
		err = nla_put_flag(skb, NAT64_A_POOL_DRAIN);
	return end_entry(skb, hdr, err);
}

/* The pool and the allow list are dumped in the order of their addresses, and resumed behind the
 * last one that was sent: what is there throughout is sent once, whatever comes and goes.
 */

/* A dump that is through says so with its last entries: with each further message there could be
 * more of them, without end for a reader who is slower than the changes.
 */
static int dumped(const struct sk_buff *skb, int err)
{
	return err ? skb->len ?: err : 0;
}

int nat64_nl_pool_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nat64_net *nn = nat64_pernet(sock_net(skb->sk));
	const struct nat64_conf *conf;
	unsigned int i;
	u32 *next = (u32 *)cb->ctx;
	int err = 0;

	mutex_lock(&nn->lock);
	cb->seq = nn->generation;
	conf = nat64_conf_listed(nn, NETLINK_CB(cb->skb).portid, NULL);
	for (i = 0; conf && i < conf->pools->pools; i++) {
		const struct nat64_pool *pool = &conf->pools->pool[i];

		if (pool->first < *next)
			continue;
		err = put_pool(skb, cb, nn, conf, pool);
		if (err)
			break;
		*next = pool->last + 1;
	}
	mutex_unlock(&nn->lock);
	return dumped(skb, err);
}

/* The allow list. */

static int get_allow(struct genl_info *info, struct nat64_allow *allow)
{
	struct nlattr *len = info->attrs[NAT64_A_ALLOW_LEN];

	if (need(info, NAT64_A_ALLOW_PREFIX))
		return -EINVAL;
	allow->prefix = nla_get_in6_addr(info->attrs[NAT64_A_ALLOW_PREFIX]);
	allow->len = len ? nla_get_u8(len) : 128;
	return 0;
}

static int add_allow(struct nat64_change *change)
{
	struct nat64_allow allow;

	return get_allow(change->info, &allow) ?: nat64_conf_allow_add(change, &allow);
}

int nat64_nl_allow_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change_conf(info, false, add_allow);
}

static int del_allow(struct nat64_change *change)
{
	struct nat64_allow allow;

	return get_allow(change->info, &allow) ?: nat64_conf_allow_del(change, &allow);
}

int nat64_nl_allow_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change_conf(info, false, del_allow);
}

static int put_allow(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct nat64_allow *allow)
{
	void *hdr = put_entry(skb, cb, NAT64_CMD_ALLOW_GET);

	if (!hdr)
		return -EMSGSIZE;
	return end_entry(skb, hdr,
			 nla_put_in6_addr(skb, NAT64_A_ALLOW_PREFIX, &allow->prefix) ?:
			 nla_put_u8(skb, NAT64_A_ALLOW_LEN, allow->len));
}

struct allow_dump {
	struct nat64_allow last;
	bool begun;
};

static bool is_behind(const struct nat64_allow *allow, const struct allow_dump *dump)
{
	int order = memcmp(&allow->prefix, &dump->last.prefix, sizeof(allow->prefix));

	return !dump->begun || order > 0 || (!order && allow->len > dump->last.len);
}

int nat64_nl_allow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nat64_net *nn = nat64_pernet(sock_net(skb->sk));
	struct allow_dump *dump = (struct allow_dump *)cb->ctx;
	const struct nat64_conf *conf;
	unsigned int i;
	int err = 0;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	mutex_lock(&nn->lock);
	cb->seq = nn->generation;
	conf = nat64_conf_listed(nn, NETLINK_CB(cb->skb).portid, NULL);
	for (i = 0; conf && i < conf->pools->allows; i++) {
		const struct nat64_allow *allow = &conf->pools->allow[i];

		if (!is_behind(allow, dump))
			continue;
		err = put_allow(skb, cb, allow);
		if (err)
			break;
		dump->last = *allow;
		dump->begun = true;
	}
	mutex_unlock(&nn->lock);
	return dumped(skb, err);
}

/* Maps. */

/* The addresses of a request. A length without its address says nothing. */
static void get_map(struct nlattr **attrs, struct nat64_map *map)
{
	memset(map, 0, sizeof(*map));
	map->len4 = 32;
	map->len6 = 128;
	if (attrs[NAT64_A_MAP_V4]) {
		map->v4 = nla_get_in_addr(attrs[NAT64_A_MAP_V4]);
		if (attrs[NAT64_A_MAP_V4_LEN])
			map->len4 = nla_get_u8(attrs[NAT64_A_MAP_V4_LEN]);
	}
	if (attrs[NAT64_A_MAP_V6]) {
		map->v6 = nla_get_in6_addr(attrs[NAT64_A_MAP_V6]);
		if (attrs[NAT64_A_MAP_V6_LEN])
			map->len6 = nla_get_u8(attrs[NAT64_A_MAP_V6_LEN]);
	}
}

static int add_static(struct nat64_change *change)
{
	struct nlattr **attrs = change->info->attrs;
	struct nat64_map map;

	get_map(attrs, &map);
	return nat64_conf_map_add(change, &map, nla_get_flag(attrs[NAT64_A_MAP_REPLACE]));
}

static int restore_lease(struct genl_info *info)
{
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	struct nlattr *idle = info->attrs[NAT64_A_MAP_IDLE];
	struct nat64_map map;
	bool staged;
	int err;

	get_map(info->attrs, &map);
	if (!nat64_map_is_host(&map))
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -EINVAL, "only hosts have leases");
	mutex_lock(&nn->lock);
	nat64_conf_listed(nn, info->snd_portid, &staged);
	if (staged)
		err = NAT64_REFUSE(info, NAT64_A_MAP_TYPE, -EINVAL,
				   "leases are no part of a transaction");
	else
		err = nat64_lease_restore(nn, info, &map, idle ? nla_get_u32(idle) : 0,
					  nla_get_flag(info->attrs[NAT64_A_MAP_REPLACE]));
	mutex_unlock(&nn->lock);
	return err;
}

static bool is_type(const struct nlattr *attr, u8 type)
{
	return attr && nla_get_u8(attr) == type;
}

int nat64_nl_map_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = need(info, NAT64_A_MAP_V4) ?: need(info, NAT64_A_MAP_V6);

	if (err)
		return err;
	if (is_type(info->attrs[NAT64_A_MAP_TYPE], NAT64_MAP_TYPE_DYNAMIC))
		return restore_lease(info);
	return change_conf(info, true, add_static);
}

static int refuse_unknown(struct genl_info *info, const struct nat64_map *map, bool by6, bool by4)
{
	if (by4 && by6)
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -ENOENT,
				    "there is no map %pI4 %pI6c", &map->v4, &map->v6);
	if (by4)
		return NAT64_REFUSE(info, NAT64_A_MAP_V4, -ENOENT, "there is no map of %pI4/%u",
				    &map->v4, map->len4);
	return NAT64_REFUSE(info, NAT64_A_MAP_V6, -ENOENT, "there is no map of %pI6c/%u",
			    &map->v6, map->len6);
}

static int del_map(struct nat64_change *change)
{
	struct genl_info *info = change->info;
	bool by4 = info->attrs[NAT64_A_MAP_V4];
	bool by6 = info->attrs[NAT64_A_MAP_V6];
	struct nat64_map map;
	int err;

	get_map(info->attrs, &map);
	err = nat64_conf_map_del(change, &map, by6, by4);
	if (err == -ENOENT && change->running && nat64_map_is_host(&map)) {
		err = nat64_lease_delete(change->nn, &map, by6, by4);
		change->leases_only = true;
	}
	if (err == -ENOENT)
		err = refuse_unknown(info, &map, by6, by4);
	return err;
}

int nat64_nl_map_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[NAT64_A_MAP_V4] && !info->attrs[NAT64_A_MAP_V6])
		return need(info, NAT64_A_MAP_V4);
	return change_conf(info, true, del_map);
}

/* Delete the maps of the types that were asked for from what the request is about. */
static int flush_maps(struct nat64_net *nn, struct genl_info *info, u32 *flushed)
{
	struct nlattr *type = info->attrs[NAT64_A_MAP_TYPE];
	const struct nat64_conf *conf;
	struct nat64_change change;
	bool staged;
	int err = 0;

	*flushed = 0;
	conf = nat64_conf_listed(nn, info->snd_portid, &staged);
	if (conf && !is_type(type, NAT64_MAP_TYPE_DYNAMIC) && nat64_maps_count(conf->maps)) {
		err = nat64_change_begin(&change, nn, info, false);
		if (!err)
			err = nat64_change_end(&change, nat64_conf_maps_flush(&change, flushed));
	}
	if (!err && !staged && !is_type(type, NAT64_MAP_TYPE_STATIC))
		*flushed += nat64_leases_flush(nn);
	return err;
}

int nat64_nl_map_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	struct sk_buff *msg;
	u32 flushed;
	void *hdr;
	int err;

	msg = reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&nn->lock);
	err = flush_maps(nn, info, &flushed);
	mutex_unlock(&nn->lock);
	return reply_send(msg, hdr, info, err ?: nla_put_u32(msg, NAT64_A_MAP_FLUSHED, flushed));
}

#define LEASES_AT_ONCE 64

/**
 * struct map_dump - a dump of maps on its way
 * @maps: the table of static maps, kept alive although another one may have replaced it
 * @at: where the dump stands in the list of static maps
 * @leases_at: where it stands in the list of leases
 * @want: the prefix that the listed ones must lie in
 * @by4: @want has an IPv4 prefix
 * @by6: @want has an IPv6 prefix
 * @fixed: static maps are wanted and there are more
 * @leased: leases are wanted and there are more
 * @have: leases read ahead
 * @sent: how many of those were sent
 * @lease: the leases read ahead
 */
struct map_dump {
	struct nat64_maps *maps;
	struct nat64_map at;
	struct nat64_map leases_at;
	struct nat64_map want;
	bool by4;
	bool by6;
	bool fixed;
	bool leased;
	unsigned int have;
	unsigned int sent;
	struct nat64_lease_info lease[LEASES_AT_ONCE];
};

static bool is_wanted(const struct map_dump *dump, __be32 v4, u8 len4, const struct in6_addr *v6,
		      u8 len6)
{
	const struct nat64_map *want = &dump->want;

	if (dump->by4 && (len4 < want->len4 || nat64_mask4(v4 ^ want->v4, want->len4)))
		return false;
	return !dump->by6 ||
	       (len6 >= want->len6 && ipv6_prefix_equal(v6, &want->v6, want->len6));
}

static int put_addresses(struct sk_buff *skb, __be32 v4, u8 len4, const struct in6_addr *v6,
			 u8 len6, u8 type)
{
	return nla_put_in_addr(skb, NAT64_A_MAP_V4, v4) ?:
	       nla_put_u8(skb, NAT64_A_MAP_V4_LEN, len4) ?:
	       nla_put_in6_addr(skb, NAT64_A_MAP_V6, v6) ?:
	       nla_put_u8(skb, NAT64_A_MAP_V6_LEN, len6) ?:
	       nla_put_u8(skb, NAT64_A_MAP_TYPE, type);
}

static int put_total(struct sk_buff *skb, const struct nat64_map_total *total)
{
	const u64 *packets = total->packets, *bytes = total->bytes;

	return nla_put_u64_64bit(skb, NAT64_A_MAP_PACKETS64, packets[NAT64_DIRECTION_6TO4],
				 NAT64_A_MAP_PAD) ?:
	       nla_put_u64_64bit(skb, NAT64_A_MAP_BYTES64, bytes[NAT64_DIRECTION_6TO4],
				 NAT64_A_MAP_PAD) ?:
	       nla_put_u64_64bit(skb, NAT64_A_MAP_PACKETS46, packets[NAT64_DIRECTION_4TO6],
				 NAT64_A_MAP_PAD) ?:
	       nla_put_u64_64bit(skb, NAT64_A_MAP_BYTES46, bytes[NAT64_DIRECTION_4TO6],
				 NAT64_A_MAP_PAD);
}

static int put_static(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct nat64_map *map, bool counted)
{
	struct nat64_map_total total;
	void *hdr = put_entry(skb, cb, NAT64_CMD_MAP_GET);
	int err;

	if (!hdr)
		return -EMSGSIZE;
	err = put_addresses(skb, map->v4, map->len4, &map->v6, map->len6, NAT64_MAP_TYPE_STATIC);
	if (!err && counted) {
		nat64_map_total(map, &total);
		err = put_total(skb, &total);
	}
	return end_entry(skb, hdr, err);
}

static int put_lease(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct nat64_lease_info *lease, bool counted)
{
	void *hdr = put_entry(skb, cb, NAT64_CMD_MAP_GET);
	int err;

	if (!hdr)
		return -EMSGSIZE;
	err = put_addresses(skb, lease->v4, 32, &lease->v6, 128, NAT64_MAP_TYPE_DYNAMIC) ?:
	      nla_put_u32(skb, NAT64_A_MAP_IDLE, lease->idle);
	if (!err && lease->ends)
		err = nla_put_u32(skb, NAT64_A_MAP_EXPIRES, lease->expires);
	if (!err && counted)
		err = put_total(skb, &lease->total);
	return end_entry(skb, hdr, err);
}

static void skip_lens(struct map_dump *dump)
{
	dump->want.v4 = nat64_mask4(dump->want.v4, dump->want.len4);
}

static int start_map_dump(struct nat64_net *nn, struct map_dump *dump, u32 portid,
			  struct nlattr **attrs)
{
	struct nat64_conf *conf;
	bool staged;

	get_map(attrs, &dump->want);
	skip_lens(dump);
	dump->by4 = attrs[NAT64_A_MAP_V4];
	dump->by6 = attrs[NAT64_A_MAP_V6];
	conf = nat64_conf_listed(nn, portid, &staged);
	dump->fixed = conf && !is_type(attrs[NAT64_A_MAP_TYPE], NAT64_MAP_TYPE_DYNAMIC);
	dump->leased = !staged && !is_type(attrs[NAT64_A_MAP_TYPE], NAT64_MAP_TYPE_STATIC);
	if (dump->fixed) {
		dump->maps = conf->maps;
		nat64_maps_get(dump->maps);
		dump->at.type = NAT64_MAP_TYPE_CURSOR;
		list_add(&dump->at.list, &dump->maps->list);
	}
	nat64_leases_walk_start(nn, &dump->leases_at);
	return 0;
}

int nat64_nl_map_get_start(struct netlink_callback *cb)
{
	struct nat64_net *nn = nat64_pernet(sock_net(cb->skb->sk));
	struct map_dump *dump = kvzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	int err;

	if (!dump)
		return -ENOMEM;
	mutex_lock(&nn->lock);
	err = start_map_dump(nn, dump, NETLINK_CB(cb->skb).portid, genl_info_dump(cb)->attrs);
	/* What changes before the first part of the list is a change, too. */
	cb->prev_seq = nn->generation;
	mutex_unlock(&nn->lock);
	cb->args[0] = (long)dump;
	return err;
}

static int dump_static(struct sk_buff *skb, struct netlink_callback *cb, struct map_dump *dump,
		       bool counted)
{
	struct nat64_map *map;

	while (!list_is_last(&dump->at.list, &dump->maps->list)) {
		map = list_next_entry(&dump->at, list);
		if (map->type != NAT64_MAP_TYPE_CURSOR &&
		    is_wanted(dump, map->v4, map->len4, &map->v6, map->len6) &&
		    put_static(skb, cb, map, counted))
			return -EMSGSIZE;
		list_move(&dump->at.list, &map->list);
	}
	dump->fixed = false;
	return 0;
}

static int dump_leases(struct sk_buff *skb, struct netlink_callback *cb, struct nat64_net *nn,
		       struct map_dump *dump, bool counted)
{
	const struct nat64_lease_info *lease;

	for (;;) {
		for (; dump->sent < dump->have; dump->sent++) {
			lease = &dump->lease[dump->sent];
			if (is_wanted(dump, lease->v4, 32, &lease->v6, 128) &&
			    put_lease(skb, cb, lease, counted))
				return -EMSGSIZE;
		}
		dump->sent = 0;
		dump->have = nat64_leases_walk(nn, &dump->leases_at, dump->lease,
					       LEASES_AT_ONCE);
		if (!dump->have)
			break;
	}
	dump->leased = false;
	return 0;
}

/* A cursor in each list says where the dump stands, so that what is there throughout is sent
 * exactly once while maps and leases come and go. Only when the configuration changes on the way
 * the dump is marked as interrupted.
 */
int nat64_nl_map_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nat64_net *nn = nat64_pernet(sock_net(skb->sk));
	struct map_dump *dump = (struct map_dump *)cb->args[0];
	const struct nat64_conf *conf;
	bool counted;
	int err = 0;

	mutex_lock(&nn->lock);
	cb->seq = nn->generation;
	conf = nat64_conf_locked(nn);
	counted = conf && conf->set.accounting;
	if (dump->fixed)
		err = dump_static(skb, cb, dump, counted);
	if (!err && dump->leased)
		err = dump_leases(skb, cb, nn, dump, counted);
	mutex_unlock(&nn->lock);
	return dumped(skb, err);
}

int nat64_nl_map_get_done(struct netlink_callback *cb)
{
	struct nat64_net *nn = nat64_pernet(sock_net(cb->skb->sk));
	struct map_dump *dump = (struct map_dump *)cb->args[0];

	if (!dump)
		return 0;
	mutex_lock(&nn->lock);
	if (dump->maps)
		list_del(&dump->at.list);
	nat64_leases_walk_stop(nn, &dump->leases_at);
	mutex_unlock(&nn->lock);
	if (dump->maps)
		nat64_maps_put(dump->maps);
	kvfree(dump);
	return 0;
}

/* 1:1 NAT. */

static void get_rule(struct nlattr **attrs, struct nat64_rule *rule)
{
	struct nlattr *external = attrs[NAT64_A_NAT44_EXTERNAL];
	struct nlattr *len = attrs[NAT64_A_NAT44_LEN];

	memset(rule, 0, sizeof(*rule));
	rule->internal = nla_get_in_addr(attrs[NAT64_A_NAT44_INTERNAL]);
	rule->external = external ? nla_get_in_addr(external) : 0;
	rule->len = len ? nla_get_u8(len) : 32;
}

static int add_nat44(struct nat64_change *change)
{
	struct nlattr **attrs = change->info->attrs;
	struct nat64_rule rule;

	get_rule(attrs, &rule);
	return nat64_nat44_add(change, &rule, nla_data(attrs[NAT64_A_NAT44_DEV]));
}

int nat64_nl_nat44_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = need(info, NAT64_A_NAT44_INTERNAL) ?: need(info, NAT64_A_NAT44_EXTERNAL) ?:
		  need(info, NAT64_A_NAT44_DEV);

	return err ?: change_conf(info, true, add_nat44);
}

static int del_nat44(struct nat64_change *change)
{
	struct nlattr **attrs = change->info->attrs;
	struct nat64_rule rule;

	get_rule(attrs, &rule);
	return nat64_nat44_del(change, &rule, nla_data(attrs[NAT64_A_NAT44_DEV]));
}

int nat64_nl_nat44_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = need(info, NAT64_A_NAT44_INTERNAL) ?: need(info, NAT64_A_NAT44_DEV);

	return err ?: change_conf(info, true, del_nat44);
}

/* Empty a table of whatever the request is about, and say in the reply how much was in it. */
static int flush(struct genl_info *info, int attr,
		 int (*empty)(struct nat64_change *change, u32 *flushed))
{
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	struct nat64_change change;
	struct sk_buff *msg;
	u32 flushed = 0;
	int err = 0;
	void *hdr;

	msg = reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&nn->lock);
	if (nat64_conf_listed(nn, info->snd_portid, NULL)) {
		err = nat64_change_begin(&change, nn, info, false);
		if (!err)
			err = nat64_change_end(&change, empty(&change, &flushed));
	}
	mutex_unlock(&nn->lock);
	return reply_send(msg, hdr, info, err ?: nla_put_u32(msg, attr, flushed));
}

int nat64_nl_nat44_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return flush(info, NAT64_A_NAT44_FLUSHED, nat64_conf_nat44_flush);
}

/**
 * struct rule_dump - a dump of rules or exclusions on its way
 * @nat44: kept alive although another one may have replaced it
 * @rules: what is dumped of it
 * @at: where the dump stands in the list
 */
struct rule_dump {
	struct nat64_nat44 *nat44;
	struct nat64_rules *rules;
	struct nat64_rule at;
};

static int start_rule_dump(struct netlink_callback *cb, bool excludes)
{
	struct nat64_net *nn = nat64_pernet(sock_net(cb->skb->sk));
	struct rule_dump *dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	const struct nat64_conf *conf;

	if (!dump)
		return -ENOMEM;
	mutex_lock(&nn->lock);
	conf = nat64_conf_listed(nn, NETLINK_CB(cb->skb).portid, NULL);
	if (conf) {
		dump->nat44 = conf->nat44;
		nat64_nat44_get(dump->nat44);
		dump->rules = excludes ? &dump->nat44->excludes : &dump->nat44->rules;
		dump->at.cursor = true;
		list_add(&dump->at.list, &dump->rules->list);
	}
	cb->prev_seq = nn->generation;
	mutex_unlock(&nn->lock);
	cb->args[0] = (long)dump;
	return 0;
}

static int put_nat44(struct sk_buff *skb, struct netlink_callback *cb, struct net *net,
		     const struct nat64_rule *rule)
{
	void *hdr = put_entry(skb, cb, NAT64_CMD_NAT44_GET);
	bool active = READ_ONCE(rule->link->ifindex);

	if (!hdr)
		return -EMSGSIZE;
	return end_entry(skb, hdr,
			 nla_put_in_addr(skb, NAT64_A_NAT44_INTERNAL, rule->internal) ?:
			 nla_put_in_addr(skb, NAT64_A_NAT44_EXTERNAL, rule->external) ?:
			 nla_put_u8(skb, NAT64_A_NAT44_LEN, rule->len) ?:
			 nla_put_string(skb, NAT64_A_NAT44_DEV, rule->link->name) ?:
			 nla_put_u8(skb, NAT64_A_NAT44_ACTIVE, active));
}

static int put_exclude(struct sk_buff *skb, struct netlink_callback *cb, struct net *net,
		       const struct nat64_rule *rule)
{
	void *hdr = put_entry(skb, cb, NAT64_CMD_EXCLUDE_GET);

	if (!hdr)
		return -EMSGSIZE;
	return end_entry(skb, hdr,
			 nla_put_in_addr(skb, NAT64_A_EXCLUDE_PREFIX, rule->internal) ?:
			 nla_put_u8(skb, NAT64_A_EXCLUDE_LEN, rule->len));
}

static int dump_rules(struct sk_buff *skb, struct netlink_callback *cb,
		      int (*put)(struct sk_buff *skb, struct netlink_callback *cb,
				 struct net *net, const struct nat64_rule *rule))
{
	struct net *net = sock_net(skb->sk);
	struct rule_dump *dump = (struct rule_dump *)cb->args[0];
	struct nat64_net *nn = nat64_pernet(net);
	struct nat64_rule *rule;
	int err = 0;

	mutex_lock(&nn->lock);
	cb->seq = nn->generation;
	while (dump->rules && !list_is_last(&dump->at.list, &dump->rules->list)) {
		rule = list_next_entry(&dump->at, list);
		err = rule->cursor ? 0 : put(skb, cb, net, rule);
		if (err)
			break;
		list_move(&dump->at.list, &rule->list);
	}
	mutex_unlock(&nn->lock);
	return dumped(skb, err);
}

static int end_rule_dump(struct netlink_callback *cb)
{
	struct nat64_net *nn = nat64_pernet(sock_net(cb->skb->sk));
	struct rule_dump *dump = (struct rule_dump *)cb->args[0];

	if (!dump)
		return 0;
	if (dump->nat44) {
		mutex_lock(&nn->lock);
		list_del(&dump->at.list);
		mutex_unlock(&nn->lock);
		nat64_nat44_put(dump->nat44);
	}
	kfree(dump);
	return 0;
}

int nat64_nl_nat44_get_start(struct netlink_callback *cb)
{
	return start_rule_dump(cb, false);
}

int nat64_nl_nat44_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_rules(skb, cb, put_nat44);
}

int nat64_nl_nat44_get_done(struct netlink_callback *cb)
{
	return end_rule_dump(cb);
}

static __be32 exclude_prefix(struct nlattr **attrs)
{
	return nla_get_in_addr(attrs[NAT64_A_EXCLUDE_PREFIX]);
}

static u8 exclude_len(struct nlattr **attrs)
{
	return attrs[NAT64_A_EXCLUDE_LEN] ? nla_get_u8(attrs[NAT64_A_EXCLUDE_LEN]) : 32;
}

static int add_exclude(struct nat64_change *change)
{
	struct nlattr **attrs = change->info->attrs;

	return nat64_exclude_add(change, exclude_prefix(attrs), exclude_len(attrs));
}

int nat64_nl_exclude_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return need(info, NAT64_A_EXCLUDE_PREFIX) ?: change_conf(info, true, add_exclude);
}

static int del_exclude(struct nat64_change *change)
{
	struct nlattr **attrs = change->info->attrs;

	return nat64_exclude_del(change, exclude_prefix(attrs), exclude_len(attrs));
}

int nat64_nl_exclude_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return need(info, NAT64_A_EXCLUDE_PREFIX) ?: change_conf(info, true, del_exclude);
}

int nat64_nl_exclude_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return flush(info, NAT64_A_EXCLUDE_FLUSHED, nat64_conf_excludes_flush);
}

int nat64_nl_exclude_get_start(struct netlink_callback *cb)
{
	return start_rule_dump(cb, true);
}

int nat64_nl_exclude_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_rules(skb, cb, put_exclude);
}

int nat64_nl_exclude_get_done(struct netlink_callback *cb)
{
	return end_rule_dump(cb);
}

/* Counters. */

int nat64_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	unsigned int counter;
	struct sk_buff *msg;
	int err = 0;
	void *hdr;

	msg = reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	for (counter = NAT64_A_COUNTER_PAD + 1; !err && counter <= NAT64_A_COUNTER_MAX; counter++)
		err = nla_put_u64_64bit(msg, counter, nat64_stats_read(nn, counter),
					NAT64_A_COUNTER_PAD);
	return reply_send(msg, hdr, info, err);
}

static int put_icmp(struct sk_buff *skb, struct netlink_callback *cb, unsigned int way, u8 type,
		    u8 code, u64 packets)
{
	void *hdr = put_entry(skb, cb, NAT64_CMD_ICMP_GET);

	if (!hdr)
		return -EMSGSIZE;
	return end_entry(skb, hdr,
			 nla_put_u8(skb, NAT64_A_ICMP_DIRECTION, way) ?:
			 nla_put_u8(skb, NAT64_A_ICMP_TYPE, type) ?:
			 nla_put_u8(skb, NAT64_A_ICMP_CODE, code) ?:
			 nla_put_u64_64bit(skb, NAT64_A_ICMP_PACKETS, packets,
					   NAT64_A_ICMP_PAD));
}

int nat64_nl_icmp_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const unsigned int rows = NAT64_ICMP_TYPES * NAT64_ICMP_CODES;
	struct nat64_net *nn = nat64_pernet(sock_net(skb->sk));
	unsigned int *next = (unsigned int *)cb->ctx;
	int err = 0;

	mutex_lock(&nn->lock);
	for (; *next < NAT64_DIRECTIONS * rows; (*next)++) {
		unsigned int way = *next / rows;
		unsigned int type = *next % rows / NAT64_ICMP_CODES;
		unsigned int code = *next % NAT64_ICMP_CODES;
		u64 packets = nat64_stats_read_icmp(nn, way, type, code);

		if (!packets)
			continue;
		err = put_icmp(skb, cb, way, nat64_icmp_types[way][type], code, packets);
		if (err)
			break;
	}
	mutex_unlock(&nn->lock);
	return dumped(skb, err);
}

/* Transactions. */

int nat64_nl_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	int err;

	mutex_lock(&nn->lock);
	err = nat64_conf_begin(nn, info, nla_get_flag(info->attrs[NAT64_A_TRANSACTION_COPY]));
	mutex_unlock(&nn->lock);
	return err;
}

int nat64_nl_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	bool dry_run = nla_get_flag(info->attrs[NAT64_A_TRANSACTION_DRY_RUN]);
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	struct nat64_result result;
	struct sk_buff *msg;
	void *hdr;
	int err;

	/* First, for nothing may fail once the configuration runs. */
	msg = reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&nn->lock);
	err = nat64_conf_commit(nn, info, dry_run, &result);
	mutex_unlock(&nn->lock);
	if (!err)
		err = nla_put_u8(msg, NAT64_A_TRANSACTION_CHANGED, result.changed) ?:
		      nla_put_u32(msg, NAT64_A_TRANSACTION_LEASES_KEPT, result.leases_kept) ?:
		      nla_put_u32(msg, NAT64_A_TRANSACTION_LEASES_ENDED, result.leases_ended);
	return reply_send(msg, hdr, info, err);
}

int nat64_nl_reset_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_net *nn = nat64_pernet(genl_info_net(info));
	struct sk_buff *msg;
	u32 ended = 0;
	bool staged;
	void *hdr;
	int err;

	msg = reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&nn->lock);
	nat64_conf_listed(nn, info->snd_portid, &staged);
	if (!staged)
		ended = nat64_conf_reset(nn);
	mutex_unlock(&nn->lock);
	if (staged) {
		NL_SET_ERR_MSG(info->extack, "this socket has a transaction open");
		err = -EBUSY;
	} else {
		err = nla_put_u32(msg, NAT64_A_TRANSACTION_LEASES_ENDED, ended);
	}
	return reply_send(msg, hdr, info, err);
}

/* A closed socket takes its transaction along. */
static int forget_port(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct netlink_notify *notify = ptr;
	struct nat64_net *nn;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	nn = nat64_pernet(notify->net);
	/* Most sockets never begin one. */
	if (list_empty_careful(&nn->staged))
		return NOTIFY_DONE;
	mutex_lock(&nn->lock);
	nat64_conf_forget(nn, notify->portid);
	mutex_unlock(&nn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block port_notifier = { .notifier_call = forget_port };

/* The family. The generated part is included here because its groups are static. */
#include "netlink-gen.c"

static struct genl_family nat64_nl_family __ro_after_init = {
	.name = NAT64_FAMILY_NAME,
	.version = NAT64_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.split_ops = nat64_nl_ops,
	.n_split_ops = ARRAY_SIZE(nat64_nl_ops),
	.mcgrps = nat64_nl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(nat64_nl_mcgrps),
};

/* Events. */

#define EVENT_SIZE (2 * nla_total_size(sizeof(u8)) + nla_total_size_64bit(sizeof(u64)) + \
		    nla_total_size(sizeof(struct in6_addr)) + nla_total_size(sizeof(__be32)))

static int put_event(struct sk_buff *msg, u8 type, const struct in6_addr *v6, __be32 v4, u8 reason)
{
	void *hdr = genlmsg_put(msg, 0, 0, &nat64_nl_family, 0, NAT64_CMD_EVENT_NTF);

	if (!hdr || nla_put_u8(msg, NAT64_A_EVENT_TYPE, type) ||
	    nla_put_u64_64bit(msg, NAT64_A_EVENT_TIME, ktime_get_real_ns(),
			      NAT64_A_EVENT_PAD) ||
	    nla_put_in6_addr(msg, NAT64_A_EVENT_V6, v6))
		return -EMSGSIZE;
	if (v4 && nla_put_in_addr(msg, NAT64_A_EVENT_V4, v4))
		return -EMSGSIZE;
	if (reason && nla_put_u8(msg, NAT64_A_EVENT_REASON, reason))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

/**
 * nat64_event_send - tell who listens what happened to a lease
 * @nn: the namespace
 * @type: NAT64_EVENT_TYPE_*
 * @v6: the host, network byte order
 * @v4: its address, network byte order; 0 if there is none
 * @reason: NAT64_A_COUNTER_* of the drop, for a refusal; else 0
 *
 * A listener that is too slow misses events and is told so; nobody waits for it.
 *
 * Context: any but hard irq. Costs nearly nothing when nobody listens.
 */
void nat64_event_send(struct nat64_net *nn, u8 type, const struct in6_addr *v6, __be32 v4,
		      u8 reason)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&nat64_nl_family, nn->net, NAT64_NLGRP_EVENTS))
		return;
	/* In its size: a page would be cut down, by a copy, for whoever listens. */
	msg = genlmsg_new(EVENT_SIZE, GFP_ATOMIC);
	if (!msg)
		return;
	if (put_event(msg, type, v6, v4, reason))
		nlmsg_free(msg);
	else
		genlmsg_multicast_netns(&nat64_nl_family, nn->net, msg, 0, NAT64_NLGRP_EVENTS,
					GFP_ATOMIC);
}

/**
 * nat64_netlink_init - register the family
 *
 * Context: module init, when all else is ready.
 * Return: 0 or an error.
 */
int __init nat64_netlink_init(void)
{
	int err;

	err = netlink_register_notifier(&port_notifier);
	if (err)
		return err;
	err = genl_register_family(&nat64_nl_family);
	if (err)
		netlink_unregister_notifier(&port_notifier);
	return err;
}

/**
 * nat64_netlink_exit - unregister the family
 *
 * Context: module exit, before anything else goes.
 */
void nat64_netlink_exit(void)
{
	genl_unregister_family(&nat64_nl_family);
	netlink_unregister_notifier(&port_notifier);
}
