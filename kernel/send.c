// SPDX-License-Identifier: GPL-2.0
/*
 * Routing and sending: where a translated packet goes, whether its source may be believed, and what
 * the sender of an untranslatable one is told.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/inetdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <linux/rtnetlink.h>
#include <net/dst_cache.h>
#include <net/dst_metadata.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "drop.h"
#include "pool.h"
#include "send.h"

/* The first four bytes of a transport header that has ports, else nothing. */
static __be32 ports(const struct sk_buff *skb, const struct nat64_hdr *hdr)
{
	if (!nat64_proto_has_ports(hdr->proto) || !nat64_hdr_is_first(hdr))
		return 0;
	return *(const __be32 *)(skb->data + hdr->l4);
}

/* Would IPsec have a say in what leaves? */
static bool has_policy(const struct net *net)
{
#ifdef CONFIG_XFRM
	return net->xfrm.policy_count[XFRM_POLICY_OUT] ||
	       net->xfrm.policy_default[XFRM_POLICY_OUT] != XFRM_USERPOLICY_ACCEPT;
#else
	return false;
#endif
}

/* How many routes of either family every CPU remembers; a power of two. */
#define ROUTES 64

/**
 * struct nat64_routes - routes found lately
 * @v4: of translated packets, by destination; the key is where a tunnel would keep its source
 * @v6: likewise
 *
 * They are checked before each use as a tunnel's are, so a change of routes takes effect at once.
 */
struct nat64_routes {
	struct dst_cache v4[ROUTES];
	struct dst_cache v6[ROUTES];
};

/**
 * nat64_routes_create - make room for routes to remember
 * @nn: the namespace; if it has it already, nothing is done
 *
 * Context: process, under nn->lock.
 * Return: 0 or -ENOMEM.
 */
int nat64_routes_create(struct nat64_net *nn)
{
	struct nat64_routes *routes;
	unsigned int i;

	lockdep_assert_held(&nn->lock);

	if (nn->routes)
		return 0;
	routes = kzalloc(sizeof(*routes), GFP_KERNEL_ACCOUNT);
	nn->routes = routes;
	for (i = 0; routes && i < ROUTES; i++) {
		if (dst_cache_init(&routes->v4[i], GFP_KERNEL_ACCOUNT) ||
		    dst_cache_init(&routes->v6[i], GFP_KERNEL_ACCOUNT)) {
			nat64_routes_destroy(nn);
			return -ENOMEM;
		}
	}
	return routes ? 0 : -ENOMEM;
}

/**
 * nat64_routes_destroy - forget them
 * @nn: the namespace; no packet comes to us any more
 *
 * Context: process.
 */
void nat64_routes_destroy(struct nat64_net *nn)
{
	unsigned int i;

	for (i = 0; nn->routes && i < ROUTES; i++) {
		dst_cache_destroy(&nn->routes->v4[i]);
		dst_cache_destroy(&nn->routes->v6[i]);
	}
	kfree(nn->routes);
	nn->routes = NULL;
}

static unsigned int slot_of(__be32 addr)
{
	return (__force u32)addr * GOLDEN_RATIO_32 >> (32 - ilog2(ROUTES));
}

static struct rtable *lookup4(struct net *net, const struct sk_buff *skb,
			      const struct net_device *anchor, const struct nat64_pkt *pkt,
			      __be32 *saddr)
{
	const struct nat64_hdr *outer = &pkt->outer;
	const __be32 both = ports(skb, outer);
	const __be16 *port = (const __be16 *)&both;
	struct sock *sk = sk_to_full_sk(skb->sk);
	struct flowi4 fl4;
	struct rtable *rt;

	/* User ids are those of local senders; what is forwarded has none. */
	flowi4_init_output(&fl4, l3mdev_master_ifindex_rcu(anchor), skb->mark,
			   outer->tos & INET_DSCP_MASK, RT_SCOPE_UNIVERSE,
			   outer->proto == IPPROTO_ICMPV6 ? IPPROTO_ICMP : outer->proto,
			   FLOWI_FLAG_ANYSRC, outer->dst4, outer->src4, port[1], port[0],
			   unlikely(sk) ? sk->sk_uid : GLOBAL_ROOT_UID);
	rt = __ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return rt;
	*saddr = fl4.saddr;
	if (unlikely(has_policy(net)))
		rt = (struct rtable *)xfrm_lookup_route(net, &rt->dst, flowi4_to_flowi(&fl4),
							NULL, 0);
	return rt;
}

/* As may_remember6(), but a route does not know how many paths there were: ask again, now and
 * then.
 */
static bool may_remember4(struct net *net, const struct rtable *rt, __be32 daddr)
{
	static DEFINE_PER_CPU(unsigned int, misses);
	struct flowi4 fl4 = { .daddr = daddr };
	struct fib_result res;

	return (this_cpu_inc_return(misses) & 7) == 0 && rt->rt_type == RTN_UNICAST &&
	       !fib_lookup(net, &fl4, &res, 0) && fib_info_num_path(res.fi) == 1;
}

/**
 * nat64_route4 - the IPv4 route of a packet that still is IPv6
 * @net: the namespace
 * @skb: parsed IPv6 packet
 * @anchor: the anchor; a VRF it belongs to is looked in
 * @pkt: what is known of it, IPv4 addresses included
 * @saddr: where to put the source that the route prefers, for a packet without one
 *	   (pkt->outer.src4 zero)
 *
 * The source is no address of ours, so the route is that of a packet that is passed on. An IPv4
 * IPsec policy has been applied to it.
 *
 * Context: packet path, under rcu_read_lock.
 * Return: a route, with a reference, or an ERR_PTR.
 */
struct rtable *nat64_route4(struct net *net, const struct sk_buff *skb,
			    const struct net_device *anchor, const struct nat64_pkt *pkt,
			    __be32 *saddr)
{
	struct nat64_routes *routes = nat64_pernet(net)->routes;
	__be32 daddr = pkt->outer.dst4, key;
	struct dst_cache *slot;
	struct rtable *rt;

	if (unlikely(!routes || fib4_has_custom_rules(net) || has_policy(net) || skb->sk ||
		     !pkt->outer.src4 || pkt->outer.tos & INET_DSCP_MASK ||
		     netif_is_l3_slave(anchor)))
		return lookup4(net, skb, anchor, pkt, saddr);

	slot = &routes->v4[slot_of(daddr)];
	local_bh_disable();
	rt = dst_cache_get_ip4(slot, &key);
	if (!rt || unlikely(key != daddr)) {
		if (rt)
			ip_rt_put(rt);
		rt = lookup4(net, skb, anchor, pkt, saddr);
		if (!IS_ERR(rt) && may_remember4(net, rt, daddr))
			dst_cache_set_ip4(slot, &rt->dst, daddr);
	}
	local_bh_enable();
	return rt;
}

/* Reverse path filter as the IPv4 input path does it; @strict wants the very interface. */
static bool reverse_path_ok(struct net *net, const struct sk_buff *skb,
			    const struct nat64_pkt *pkt, struct in_device *in_dev, bool strict)
{
	struct flowi4 fl4;
	struct fib_result res;

	flowi4_init_output(&fl4, l3mdev_master_ifindex_rcu(skb->dev),
			   IN_DEV_SRC_VMARK(in_dev) ? skb->mark : 0,
			   pkt->outer.tos & INET_DSCP_MASK, RT_SCOPE_UNIVERSE, pkt->outer.proto, 0,
			   pkt->outer.src4, pkt->outer.dst4, 0, 0, GLOBAL_ROOT_UID);
	if (fib_lookup(net, &fl4, &res, 0) || res.type != RTN_UNICAST)
		return false;
	return !strict || fib_info_nh_uses_dev(res.fi, skb->dev);
}

/**
 * nat64_source4_check - may a packet with this IPv4 source come in here?
 * @nn: the namespace
 * @skb: IPv4 packet; skb->dev is where it came in
 * @pkt: what is known of it
 *
 * Martian sources never may, among them the router's own addresses; where reverse path filtering is
 * on, the others need a route back. A packet that came in by the anchor was made by us.
 *
 * Context: packet path, under rcu_read_lock. RFC 7915 section 4.1, RFC 3704.
 * Return: 0 or the drop counter.
 */
unsigned int nat64_source4_check(const struct nat64_net *nn, const struct sk_buff *skb,
				 const struct nat64_pkt *pkt)
{
	struct in_device *in_dev;
	int mode;

	if (!nat64_addr4_is_unicast(pkt->outer.src4))
		return NAT64_A_COUNTER_DROP_MARTIAN;
	if (pkt->hairpin)
		return 0;
	in_dev = __in_dev_get_rcu(skb->dev);
	if (!in_dev)
		return NAT64_A_COUNTER_DROP_MARTIAN;
	if (test_bit(nat64_octet4(pkt->outer.src4), nn->own_octets) &&
	    !IN_DEV_ACCEPT_LOCAL(in_dev) && __ip_dev_find(nn->net, pkt->outer.src4, false))
		return NAT64_A_COUNTER_DROP_MARTIAN;
	mode = secpath_exists(skb) ? 0 : IN_DEV_RPFILTER(in_dev);
	if (mode && !reverse_path_ok(nn->net, skb, pkt, in_dev, mode == 1))
		return NAT64_A_COUNTER_DROP_RP_FILTER;
	return 0;
}

/* Which first octets the router's own addresses have spares most packets the look-up above. No
 * lease has one of them.
 */
static int note_address(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct in_ifaddr *ifa = ptr;
	struct net *net = dev_net(ifa->ifa_dev->dev);

	if (event != NETDEV_UP)
		return NOTIFY_DONE;
	set_bit(nat64_octet4(ifa->ifa_local), nat64_pernet(net)->own_octets);
	nat64_leases_give_way(nat64_pernet(net), ifa->ifa_local);
	return NOTIFY_DONE;
}

static struct notifier_block address_notifier = { .notifier_call = note_address };

static void note_addresses(struct net *net)
{
	struct in_device *in_dev;
	struct net_device *dev;
	struct in_ifaddr *ifa;

	for_each_netdev(net, dev) {
		in_dev = __in_dev_get_rtnl(dev);
		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rtnl(ifa, in_dev)
			note_address(NULL, NETDEV_UP, ifa);
	}
}

/**
 * nat64_source_init - learn the router's own IPv4 addresses, those to come too
 *
 * Context: module init, when the namespaces are ready.
 * Return: 0 or a negative error.
 */
int __init nat64_source_init(void)
{
	struct net *net;
	int err;

	err = register_inetaddr_notifier(&address_notifier);
	if (err)
		return err;
	rtnl_lock();
	down_read(&net_rwsem);
	for_each_net(net)
		note_addresses(net);
	up_read(&net_rwsem);
	rtnl_unlock();
	return 0;
}

/**
 * nat64_source_exit - learn no more
 *
 * Context: module exit, before the namespaces end.
 */
void nat64_source_exit(void)
{
	unregister_inetaddr_notifier(&address_notifier);
}

/**
 * nat64_fits4 - does an IPv6 packet, once it is IPv4, fit an MTU?
 * @skb: parsed IPv6 packet, transport header set
 * @pkt: what is known of it
 * @mtu: bytes; of a super-packet every segment counts by itself
 *
 * Context: packet path.
 */
bool nat64_fits4(const struct sk_buff *skb, const struct nat64_pkt *pkt, unsigned int mtu)
{
	unsigned int limit = mtu + pkt->outer.l4 - sizeof(struct iphdr);

	return pkt->outer.len <= limit ||
	       (skb_is_gso(skb) && skb_gso_validate_network_len(skb, limit));
}

/**
 * nat64_is_local6 - does an IPv6 address belong to this router?
 * @net: the namespace
 * @v6: network byte order
 *
 * Context: packet path, under rcu_read_lock.
 */
bool nat64_is_local6(struct net *net, const struct in6_addr *v6)
{
	return ipv6_chk_addr(net, v6, NULL, 0);
}

/**
 * nat64_mtu6 - the MTU of the route of a packet that still is IPv4
 * @net: the namespace
 * @skb: IPv4 packet
 * @anchor: the anchor
 * @pkt: what is known of it, IPv6 addresses included
 *
 * Only errors ask: RFC 7915 section 4.2 wants it in a packet too big.
 *
 * Context: packet path, under rcu_read_lock.
 */
u32 nat64_mtu6(struct net *net, const struct sk_buff *skb, struct net_device *anchor,
	       const struct nat64_pkt *pkt)
{
	struct flowi6 fl6 = {
		.flowi6_iif = anchor->ifindex,
		.flowi6_mark = skb->mark,
		.daddr = pkt->outer.dst6,
		.saddr = pkt->outer.src6,
	};
	struct dst_entry *dst;
	u32 mtu;

	dst = ip6_route_input_lookup(net, anchor, &fl6, skb, RT6_LOOKUP_F_HAS_SADDR);
	mtu = dst->error ? 0 : dst_mtu(dst);
	dst_release(dst);
	return mtu;
}

/**
 * nat64_send4 - send a packet that became IPv4
 * @net: the namespace
 * @sk: who sent it, NULL for a forwarded one
 * @skb: the packet, owned by the callee from here on
 * @rt: its route; the reference goes with it
 *
 * Context: packet path, under rcu_read_lock.
 */
void nat64_send4(struct net *net, struct sock *sk, struct sk_buff *skb, struct rtable *rt)
{
	skb_dst_drop(skb);
	skb_dst_set(skb, &rt->dst);
	ip_local_out(net, sk, skb);
}

static struct dst_entry *lookup6(struct net *net, const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.flowi6_iif = skb->dev->ifindex,
		.flowi6_mark = skb->mark,
		.flowi6_proto = ip6->nexthdr,
		.flowlabel = ip6_flowinfo(ip6),
		.daddr = ip6->daddr,
		.saddr = ip6->saddr,
	};

	return ip6_route_input_lookup(net, skb->dev, &fl6, skb, RT6_LOOKUP_F_HAS_SADDR);
}

/* May every packet to this address take the same route? As the receive path of IPv6 asks before it
 * lets a packet take the route of the one before.
 */
static bool may_remember6(const struct dst_entry *dst)
{
	const struct fib6_info *from = rcu_dereference(dst_rt6_info(dst)->from);

	return !dst->error && from && !from->fib6_nsiblings && !from->nh;
}

/* The route of a packet, remembered by its destination alone where nothing else matters. */
static struct dst_entry *find_route6(struct net *net, const struct sk_buff *skb)
{
	const struct in6_addr *daddr = &ipv6_hdr(skb)->daddr;
	struct nat64_routes *routes = nat64_pernet(net)->routes;
	struct dst_cache *slot;
	struct dst_entry *dst;
	struct in6_addr key;

	if (unlikely(!routes || fib6_has_custom_rules(net) || fib6_routes_require_src(net) ||
		     netif_is_l3_slave(skb->dev)))
		return lookup6(net, skb);

	slot = &routes->v6[slot_of(daddr->s6_addr32[3] ^ daddr->s6_addr32[2] ^
				   daddr->s6_addr32[1])];
	local_bh_disable();
	dst = dst_cache_get_ip6(slot, &key);
	if (!dst || unlikely(!ipv6_addr_equal(&key, daddr))) {
		dst_release(dst);
		dst = lookup6(net, skb);
		if (may_remember6(dst))
			dst_cache_set_ip6(slot, dst, daddr);
	}
	local_bh_enable();
	return dst;
}

/* In place of ip6_rcv_finish. */
static int route6(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	skb = l3mdev_ip6_rcv(skb);
	if (!skb)
		return NET_RX_SUCCESS;
	if (!skb_valid_dst(skb)) {
		skb_dst_drop(skb);
		skb_dst_set(skb, find_route6(net, skb));
	}
	return dst_input(skb);
}

/**
 * nat64_send6 - let a packet that became IPv6 come in by the anchor
 * @net: the namespace
 * @skb: the packet, owned by the callee from here on
 * @anchor: the anchor
 *
 * Context: packet path, under rcu_read_lock; not below a sender that holds a socket lock.
 */
void nat64_send6(struct net *net, struct sk_buff *skb, struct net_device *anchor)
{
	skb->dev = anchor;
	skb->skb_iif = anchor->ifindex;
	/* Input reads extension headers from here, a fragment header first of all. */
	skb_set_transport_header(skb, sizeof(struct ipv6hdr));
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->iif = anchor->ifindex;
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	NF_HOOK(NFPROTO_IPV6, NF_INET_PRE_ROUTING, net, NULL, skb, anchor, NULL, route6);
}

/**
 * nat64_receive - let a packet come in by a link later, from the receive queue
 * @nn: the namespace
 * @skb: IPv4 or IPv6 packet, skb->data at its IP header; owned by the callee from here on
 * @dev: the anchor, or another link
 *
 * For packets whose sender may hold locks that their receiver wants. On Ethernet they get a header:
 * who sits on the link would take what is there for one.
 *
 * Context: packet path, under rcu_read_lock.
 */
void nat64_receive(struct nat64_net *nn, struct sk_buff *skb, struct net_device *dev)
{
	struct nat64_sight sight;

	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	skb->ignore_df = 0;
	skb_clear_tstamp(skb);
	if (dev->type == ARPHRD_ETHER) {
		if (skb_cow_head(skb, ETH_HLEN)) {
			nat64_drop(nn, skb, NAT64_A_COUNTER_DROP_NO_MEMORY);
			return;
		}
		eth_header(skb, dev, ntohs(skb->protocol), dev->dev_addr, dev->dev_addr, skb->len);
		skb_reset_mac_header(skb);
		__skb_pull(skb, ETH_HLEN);
	} else {
		skb_reset_mac_header(skb);
	}
	skb_reset_mac_len(skb);
	skb_clear_hash_if_not_l4(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	/* Freed, and its reason given, by the queue if that is full. */
	nat64_drop_look(nn, skb, &sight);
	if (unlikely(netif_rx(skb) != NET_RX_SUCCESS))
		nat64_drop_count(nn, &sight, NAT64_A_COUNTER_DROP_QUEUE_FULL);
}

/**
 * nat64_refuse6 - count, answer and drop an IPv6 packet that can not be translated
 * @nn: the namespace
 * @skb: the packet, still IPv6; freed
 * @drop: the drop counter
 * @info: what nat64_parse6() left there, or the MTU
 *
 * Not answered is what has no addresses to trust, what RFC 7915 wants to be dropped silently, and a
 * fragment but the first: it might be one of an error.
 *
 * Context: packet path. RFC 7915 section 5.4.
 */
void nat64_refuse6(struct nat64_net *nn, struct sk_buff *skb, unsigned int drop, u32 info)
{
	enum skb_drop_reason reason = nat64_drop_note(nn, skb, drop);

	/* The answer quotes what came in, before it was forwarded here. */
	if (IP6CB(skb)->iif && !skb->sk && !skb_ensure_writable(skb, sizeof(struct ipv6hdr)))
		ipv6_hdr(skb)->hop_limit++;
	switch (drop) {
	case NAT64_A_COUNTER_DROP_POOL_FULL:
	case NAT64_A_COUNTER_DROP_POOL_LIMIT:
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
		break;
	case NAT64_A_COUNTER_DROP_NO_MAP:
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_POLICY_FAIL, 0);
		break;
	case NAT64_A_COUNTER_DROP_EXTENSION_HEADER:
	case NAT64_A_COUNTER_DROP_FRAGMENT:
		if (info)
			break;
		fallthrough;
	case NAT64_A_COUNTER_DROP_NOT_ALLOWED:
	case NAT64_A_COUNTER_DROP_PRIVATE:
	case NAT64_A_COUNTER_DROP_MARTIAN:
	case NAT64_A_COUNTER_DROP_JUMBOGRAM:
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED, 0);
		break;
	case NAT64_A_COUNTER_DROP_NO_PREFIX:
	case NAT64_A_COUNTER_DROP_NO_ROUTE:
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, 0);
		break;
	case NAT64_A_COUNTER_DROP_TOO_BIG:
		icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, info);
		break;
	case NAT64_A_COUNTER_DROP_SEGMENTS_LEFT:
		icmpv6_send(skb, ICMPV6_PARAMPROB, ICMPV6_HDR_FIELD, info);
		break;
	}
	kfree_skb_reason(skb, reason);
}

/**
 * nat64_refuse4 - count, answer and drop an IPv4 packet that can not be translated
 * @nn: the namespace
 * @skb: the packet, still IPv4; freed
 * @drop: the drop counter
 *
 * As above. icmp_send() knows itself that it must not answer errors, and fragments but the first;
 * martian sources it answers if only there is a route.
 *
 * Context: packet path. RFC 7915 section 4.4.
 */
void nat64_refuse4(struct nat64_net *nn, struct sk_buff *skb, unsigned int drop)
{
	enum skb_drop_reason reason = nat64_drop_note(nn, skb, drop);
	const struct iphdr *ip = ip_hdr(skb);
	int type = ICMP_DEST_UNREACH, code = -1;

	switch (drop) {
	case NAT64_A_COUNTER_DROP_UNMAPPED:
		code = ICMP_HOST_UNREACH;
		break;
	case NAT64_A_COUNTER_DROP_SOURCE_ROUTE:
		code = ICMP_SR_FAILED;
		break;
	case NAT64_A_COUNTER_DROP_PRIVATE:
	case NAT64_A_COUNTER_DROP_NO_PREFIX:
	case NAT64_A_COUNTER_DROP_FRAGMENT:
	case NAT64_A_COUNTER_DROP_ICMP_FRAGMENT:
	case NAT64_A_COUNTER_DROP_UDP_FRAGMENT:
	case NAT64_A_COUNTER_DROP_UDP_NO_CHECKSUM:
		code = ICMP_PKT_FILTERED;
		break;
	case NAT64_A_COUNTER_DROP_HOP_LIMIT:
		type = ICMP_TIME_EXCEEDED;
		code = ICMP_EXC_TTL;
		break;
	}
	/* icmp_send() answers only what has a route, and before routing nothing has. */
	if (code >= 0 && nat64_addr4_is_unicast(ip->saddr) &&
	    (skb_valid_dst(skb) ||
	     !ip_route_input(skb, ip->daddr, ip->saddr, inet_dsfield_to_dscp(ip->tos), skb->dev)))
		icmp_send(skb, type, code, 0);
	kfree_skb_reason(skb, reason);
}
