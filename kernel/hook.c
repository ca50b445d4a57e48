// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets come in, and what is done with them: this file knows the order of the steps, other
 * files how each is done.
 *
 * IPv6 packets are taken where they leave by the anchor, in POSTROUTING; IPv4 packets where they
 * come in, in PREROUTING, once user DNAT has had its say. Either hook lets the rest of its chain
 * run and then takes the place of what would have come after it (the okfn), so that conntrack
 * confirms its entry, later rules see the packet, and a queue of the user's returns it to the
 * right place.
 */
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_queue.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "drop.h"
#include "hook.h"
#include "map.h"
#include "pool.h"
#include "send.h"
#include "stats.h"
#include "xlat.h"

static struct net_device *anchor_up(const struct nat64_net *nn)
{
	struct net_device *anchor = rcu_dereference(nn->anchor);

	return likely(anchor && anchor->flags & IFF_UP) ? anchor : NULL;
}

/* The counter of packets for a protocol; RFC 7915 knows three and the rest. */
static unsigned int traffic_counter(u8 proto, unsigned int tcp_counter)
{
	switch (proto) {
	case IPPROTO_TCP:
		return tcp_counter;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return tcp_counter + 2;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return tcp_counter + 4;
	default:
		return tcp_counter + 6;
	}
}

/* How many packets a super-packet was made of, and what each of them brought in headers. A sender
 * that is not trusted does not say how many. Inner headers of a tunnel are counted once.
 */
static unsigned int count_segments(const struct sk_buff *skb, const struct nat64_pkt *pkt,
				   unsigned int *headers)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	*headers = pkt->outer.l4;
	if (pkt->outer.proto == IPPROTO_TCP)
		*headers += tcp_hdrlen(skb);
	else if (shinfo->gso_type & SKB_GSO_UDP_L4)
		*headers += sizeof(struct udphdr);
	if (pkt->outer.len <= *headers)
		return 1;
	return shinfo->gso_segs ?: DIV_ROUND_UP(pkt->outer.len - *headers, shinfo->gso_size);
}

/* A packet that has just been translated, counted as it arrived; outer.l4 is still that of then but
 * for errors, which are no super-packets. @map is NULL for an error of a router that has none.
 */
static void count_traffic(const struct nat64_net *nn, const struct nat64_conf *conf,
			  const struct sk_buff *skb, const struct nat64_pkt *pkt,
			  struct nat64_map *map, unsigned int way)
{
	unsigned int segs = 1, bytes = pkt->outer.len, headers;

	if (skb_is_gso(skb)) {
		segs = count_segments(skb, pkt, &headers);
		bytes += (segs - 1) * headers;
	}
	nat64_count_packets(nn, traffic_counter(pkt->outer.proto, way == NAT64_DIRECTION_6TO4 ?
						NAT64_A_COUNTER_TCP_64_PACKETS :
						NAT64_A_COUNTER_TCP_46_PACKETS), segs, bytes);
	if (unlikely(pkt->is_error || pkt->is_info))
		nat64_count_icmp(nn, way, pkt->icmp_type, pkt->icmp_code);
	if (unlikely(conf->set.accounting) && map)
		nat64_map_count(map, way, segs, bytes);
}

typedef void (*xlat_t)(struct nat64_net *nn, struct net *net, struct sock *sk, struct sk_buff *skb);

/* A super-packet that the other family can not carry whole: segment by segment. It is consumed
 * unless a drop counter is returned.
 */
static unsigned int each_segment(struct nat64_net *nn, struct net *net, struct sock *sk,
				 struct sk_buff *skb, xlat_t xlat)
{
	struct sk_buff *segs, *seg, *next;

	/* What is not copied and not summed here need not be at all, by a link that does it. */
	segs = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM);
	if (IS_ERR_OR_NULL(segs))
		return NAT64_A_COUNTER_DROP_JUMBOGRAM;
	consume_skb(skb);
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		xlat(nn, net, sk, seg);
	}
	return 0;
}

/* What comes before an IP stack of the other family sees the packet. */
static void forget_origin(struct sk_buff *skb, struct net_device *anchor)
{
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	__vlan_hwaccel_clear_tag(skb);
	skb->dev = anchor;
}

/* --- IPv6 to IPv4 --------------------------------------------------------------------------- */

static unsigned int lease_refused(long err)
{
	switch (err) {
	case -EPERM:
		return NAT64_A_COUNTER_DROP_NOT_ALLOWED;
	case -ENOSPC:
		return NAT64_A_COUNTER_DROP_POOL_FULL;
	case -EDQUOT:
		return NAT64_A_COUNTER_DROP_POOL_LIMIT;
	case -EAGAIN:
		return NAT64_A_COUNTER_DROP_RECONFIGURING;
	case -ENOENT:
		return NAT64_A_COUNTER_DROP_NO_MAP;
	default:
		return NAT64_A_COUNTER_DROP_NO_MEMORY;
	}
}

/* An address that is no host's own: inside the prefix, or mapped. */
static bool remote_64(const struct nat64_net *nn, const struct nat64_conf *conf,
		      const struct in6_addr *v6, __be32 *v4)
{
	if (likely(nat64_prefix_contains(&conf->set.prefix, v6))) {
		*v4 = nat64_addr_extract(&conf->set.prefix, v6);
		return true;
	}
	return nat64_map_6to4(nn, conf, v6, v4);
}

static unsigned int source_64(struct nat64_net *nn, const struct nat64_conf *conf,
			      struct nat64_pkt *pkt, struct nat64_map **used)
{
	struct nat64_hdr *outer = &pkt->outer;
	struct nat64_map *map = nat64_map_6to4(nn, conf, &outer->src6, &outer->src4);

	*used = NULL;
	if (unlikely(!map)) {
		/* RFC 6791: an error needs no address of its own; 0 lets the route choose. */
		if (pkt->is_error) {
			outer->src4 = conf->set.icmp_source;
			if (nat64_prefix_contains(&conf->set.prefix, &outer->src6))
				outer->src4 = nat64_addr_extract(&conf->set.prefix, &outer->src6);
			if (outer->src4 && !nat64_addr4_is_unicast(outer->src4))
				return NAT64_A_COUNTER_DROP_MARTIAN;
			return 0;
		}
		map = nat64_lease_get(nn, conf, &outer->src6);
		if (IS_ERR(map))
			return lease_refused(PTR_ERR(map));
		outer->src4 = map->v4;
	}
	nat64_map_touch(map);
	*used = map;
	return 0;
}

/* @used: result: the map of the source, if it has one. */
static unsigned int addresses_64(struct nat64_net *nn, const struct nat64_conf *conf,
				 struct nat64_pkt *pkt, struct nat64_map **used)
{
	struct nat64_hdr *outer = &pkt->outer, *inner = &pkt->inner;

	if (!remote_64(nn, conf, &outer->dst6, &outer->dst4))
		return NAT64_A_COUNTER_DROP_NO_PREFIX;
	/* Before martians: loopback is both. */
	if (conf->set.refuse_private && unlikely(nat64_addr4_is_private(outer->dst4)) &&
	    nat64_prefix_contains(&conf->set.prefix, &outer->dst6))
		return NAT64_A_COUNTER_DROP_PRIVATE;
	if (unlikely(!nat64_addr4_is_unicast(outer->dst4)))
		return NAT64_A_COUNTER_DROP_MARTIAN;
	if (pkt->is_error && (!remote_64(nn, conf, &inner->src6, &inner->src4) ||
			      !remote_64(nn, conf, &inner->dst6, &inner->dst4)))
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	return source_64(nn, conf, pkt, used);
}

/* RFC 7915 5.1: don't fragment, unless the packet is a fragment, was put together from some, is
 * one that an IPv6 link of the smallest MTU would carry, or its sender wants it cut to fit.
 * Errors come out short.
 */
static bool decide_df(const struct sk_buff *skb, const struct nat64_pkt *pkt, u16 frag_max)
{
	if (pkt->outer.frag || pkt->is_error || frag_max ||
	    skb_shinfo(skb)->gso_type & SKB_GSO_UDP || nat64_fits4(skb, pkt, NAT64_DF_ABOVE))
		return false;
	return likely(!skb->ignore_df) || nat64_fits4(skb, pkt, pkt->mtu_out);
}

/* Translate an IPv6 packet and send it; it is consumed. */
static void xlat_64(struct nat64_net *nn, struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct net_device *anchor = anchor_up(nn);
	/* If it was put together from fragments, the largest of them. */
	u16 frag_max = IP6CB(skb)->frag_max_size;
	const struct nat64_conf *conf = rcu_dereference(nn->conf);
	struct rtable *rt = NULL;
	struct nat64_map *map;
	struct in6_addr host;
	struct nat64_pkt pkt;
	unsigned int drop;
	bool df, here;

	pkt.info = 0;
	drop = NAT64_A_COUNTER_DROP_NO_ANCHOR;
	if (unlikely(!anchor || !conf))
		goto refuse;
	if (unlikely(skb->len > IP_MAX_MTU && skb_is_gso(skb))) {
		drop = each_segment(nn, net, sk, skb, xlat_64);
		if (drop)
			goto refuse;
		return;
	}
	drop = nat64_parse6(skb, &pkt);
	if (unlikely(drop))
		goto refuse;
	drop = addresses_64(nn, conf, &pkt, &map);
	if (unlikely(drop))
		goto refuse;
	skb_set_transport_header(skb, pkt.outer.l4);
	/* IPv4 counts its header too. */
	if (unlikely(pkt.outer.len - pkt.outer.l4 > IP_MAX_MTU - sizeof(struct iphdr))) {
		drop = NAT64_A_COUNTER_DROP_JUMBOGRAM;
		goto refuse;
	}

	/* A mapped destination is one of ours: back in by the anchor. So is the router itself,
	 * whose INPUT chain sees the packet come from there.
	 */
	here = nat64_map_4to6(nn, conf, pkt.outer.dst4, &host);
	pkt.mtu_in = 0;
	pkt.mtu_out = IP_MAX_MTU;
	if (!here || !pkt.outer.src4) {
		rt = nat64_route4(net, skb, anchor, &pkt, &pkt.outer.src4);
		if (IS_ERR(rt)) {
			drop = NAT64_A_COUNTER_DROP_NO_ROUTE;
			rt = NULL;
			goto refuse;
		}
		if (rt->rt_type == RTN_LOCAL) {
			here = true;
			/* An error about a packet of the router's own, by a router without a map:
			 * it must not seem to come from ourselves.
			 */
			if (pkt.is_error && !map &&
			    inet_addr_type(net, pkt.outer.src4) == RTN_LOCAL)
				pkt.outer.src4 = pkt.inner.dst4;
		} else if (unlikely(rt->rt_type != RTN_UNICAST)) {
			drop = NAT64_A_COUNTER_DROP_MARTIAN;
			goto refuse;
		}
		if (!here && unlikely(pkt.outer.len > NAT64_DF_ABOVE || pkt.is_error))
			pkt.mtu_out = dst_mtu(&rt->dst);
	}
	if (unlikely(pkt.is_error)) {
		struct net_device *in = dev_get_by_index_rcu(net, IP6CB(skb)->iif);

		if (in && in != anchor)
			pkt.mtu_in = in->mtu;
	}

	df = decide_df(skb, &pkt, frag_max);
	if (df && unlikely(!nat64_fits4(skb, &pkt, pkt.mtu_out))) {
		pkt.info = max_t(u32, pkt.mtu_out + 20, IPV6_MIN_MTU);
		drop = NAT64_A_COUNTER_DROP_TOO_BIG;
		goto refuse;
	}

	drop = nat64_xlat_64(skb, &conf->set, &pkt, df);
	if (unlikely(drop))
		goto drop;
	count_traffic(nn, conf, skb, &pkt, map, NAT64_DIRECTION_6TO4);
	if (unlikely(here)) {
		if (rt)
			ip_rt_put(rt);
		ip_send_check(ip_hdr(skb));
		nat64_receive(nn, skb, anchor);
		return;
	}
	forget_origin(skb, anchor);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	IPCB(skb)->iif = anchor->ifindex;
	/* Of one short piece, or of a length that cannot be, nothing is known. */
	if (frag_max >= sizeof(struct ipv6hdr) + sizeof(struct frag_hdr) + 8)
		IPCB(skb)->frag_max_size = frag_max - sizeof(struct frag_hdr) - 20;
	nat64_send4(net, sk, skb, rt);
	return;

refuse:
	nat64_refuse6(nn, skb, drop, pkt.info);
	goto put;
drop:
	nat64_drop(nn, skb, drop);
put:
	if (rt)
		ip_rt_put(rt);
}

/* In place of ip6_finish_output. */
static int finish_64(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	xlat_64(nat64_pernet(net), net, sk, skb);
	return 0;
}

/* --- IPv4 to IPv6 --------------------------------------------------------------------------- */

/* An address that is no host's own: mapped, or else through the prefix. What comes back in by the
 * anchor always gets the prefix, so that the answer finds its way back through it.
 */
static bool remote_46(const struct nat64_net *nn, const struct nat64_conf *conf, bool hairpin,
		      __be32 v4, struct in6_addr *v6)
{
	const struct nat64_prefix *prefix = &conf->set.prefix;

	if (!(hairpin && prefix->len) && nat64_map_4to6(nn, conf, v4, v6))
		return true;
	if (unlikely(!prefix->len))
		return false;
	nat64_addr_embed(prefix, v4, v6);
	return true;
}

static unsigned int addresses_46(struct nat64_net *nn, const struct nat64_conf *conf,
				 struct nat64_pkt *pkt)
{
	struct nat64_hdr *outer = &pkt->outer, *inner = &pkt->inner;
	const struct nat64_map *map;

	/* A host of ours that holds a lease is nowhere on the IPv4 side: whoever sends from its
	 * address would be taken for it behind the firewall.
	 */
	map = pkt->hairpin ? NULL : nat64_map_4to6(nn, conf, outer->src4, &outer->src6);
	if (unlikely(map && map->type == NAT64_MAP_TYPE_DYNAMIC))
		return NAT64_A_COUNTER_DROP_MARTIAN;
	if (!map && !remote_46(nn, conf, pkt->hairpin, outer->src4, &outer->src6))
		return NAT64_A_COUNTER_DROP_NO_PREFIX;
	/* RFC 6052 3.1. But routers that have private addresses only must be heard, or path MTU
	 * discovery fails.
	 */
	if (conf->set.refuse_private && !pkt->is_error &&
	    unlikely(nat64_addr4_is_private(outer->src4)) &&
	    nat64_prefix_contains(&conf->set.prefix, &outer->src6))
		return NAT64_A_COUNTER_DROP_PRIVATE;
	if (pkt->is_error && ((!nat64_map_4to6(nn, conf, inner->src4, &inner->src6) &&
			       !remote_46(nn, conf, pkt->hairpin, inner->src4, &inner->src6)) ||
			      !remote_46(nn, conf, pkt->hairpin, inner->dst4, &inner->dst6)))
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	return 0;
}

#if IS_ENABLED(CONFIG_NF_CONNTRACK)
/* An IPv4 entry whose connection has had no answer yet does not outlive this. */
#define UNANSWERED (10 * HZ)

/* IPv6's firewall, which has the say, has not seen the packet yet: what it drops must not fill
 * IPv4's table. The first answer gives the entry its usual time.
 */
static void limit_unanswered(struct nf_conn *ct)
{
	u32 end = nf_ct_is_confirmed(ct) ? nfct_time_stamp + UNANSWERED : UNANSWERED;

	if (!test_bit(IPS_SEEN_REPLY_BIT, &ct->status) &&
	    !test_bit(IPS_FIXED_TIMEOUT_BIT, &ct->status) &&
	    (s32)(READ_ONCE(ct->timeout) - end) > 0)
		WRITE_ONCE(ct->timeout, end);
}
#endif

/* The packet ends here for IPv4: what POSTROUTING would confirm has to be confirmed now, or
 * replies do not belong to anything.
 */
static bool confirm4(struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	const struct nf_ct_hook *hook;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || nf_ct_is_template(ct))
		return true;
	limit_unanswered(ct);
	if (nf_ct_is_confirmed(ct))
		return true;
	hook = rcu_dereference(nf_ct_hook);
	return !hook || hook->confirm(skb) == NF_ACCEPT;
#else
	return true;
#endif
}

/* Would the IPv6 packet be longer than @mtu? */
static bool exceeds6(const struct sk_buff *skb, const struct nat64_pkt *pkt, unsigned int mtu)
{
	unsigned int frag = pkt->outer.frag ? sizeof(struct frag_hdr) : 0;
	unsigned int limit = mtu - sizeof(struct ipv6hdr) - frag + pkt->outer.l4;

	return pkt->outer.len > limit &&
	       !(skb_is_gso(skb) && skb_gso_validate_network_len(skb, limit));
}

/* RFC 7915 4: cut what IPv4 routers may cut and IPv6 ones may not. @skb is IPv6 already, without a
 * fragment header.
 */
static unsigned int send_pieces6(struct net *net, struct sk_buff *skb, const struct nat64_pkt *pkt,
				 unsigned int mtu, struct net_device *anchor)
{
	const unsigned int hlen = sizeof(struct ipv6hdr);
	struct ip6_frag_state state;
	struct sk_buff *piece;

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_csum_hwoffload_help(skb, 0))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;
	ip6_frag_init(skb, hlen, mtu - hlen - sizeof(struct frag_hdr), 0,
		      LL_RESERVED_SPACE(anchor) + LL_MAX_HEADER, &ipv6_hdr(skb)->nexthdr,
		      ipv6_hdr(skb)->nexthdr, htonl(pkt->outer.id), &state);
	state.offset = pkt->outer.frag_off;
	while (state.left > 0) {
		piece = ip6_frag_next(skb, &state);
		if (IS_ERR(piece))
			return NAT64_A_COUNTER_DROP_NO_MEMORY;
		if (pkt->outer.mf)
			((struct frag_hdr *)(ipv6_hdr(piece) + 1))->frag_off |= htons(IP6_MF);
		skb_reset_mac_header(piece);
		nat64_send6(net, piece, anchor);
	}
	consume_skb(skb);
	return 0;
}

static void find_and_xlat_46(struct nat64_net *nn, struct net *net, struct sock *sk,
			     struct sk_buff *skb);

/* Translate an IPv4 packet to @host, whose map is @map, and let it come in by the anchor; it is
 * consumed.
 */
static void xlat_46(struct nat64_net *nn, const struct nat64_conf *conf, struct net *net,
		    struct sk_buff *skb, struct nat64_map *map, const struct in6_addr *host)
{
	struct net_device *anchor = anchor_up(nn);
	struct nat64_pkt pkt;
	unsigned int drop;
	bool cut;

	drop = NAT64_A_COUNTER_DROP_NO_ANCHOR;
	if (unlikely(!anchor))
		goto refuse;
	if (unlikely(skb->len > IP_MAX_MTU && skb_is_gso(skb)))
		goto segment;
	pkt.hairpin = skb->dev == anchor;
	drop = nat64_parse4(skb, &pkt);
	if (unlikely(drop))
		goto refuse;
	drop = nat64_source4_check(nn, skb, &pkt);
	if (unlikely(drop))
		goto refuse;
	pkt.outer.dst6 = *host;
	drop = addresses_46(nn, conf, &pkt);
	if (unlikely(drop))
		goto refuse;
	drop = nat64_l4_check_udp_zero(skb, &conf->set, &pkt);
	if (unlikely(drop))
		goto refuse;
	nat64_map_touch(map);
	skb_set_transport_header(skb, pkt.outer.l4);
	if (unlikely(pkt.outer.hop <= 1 && !nat64_is_local6(net, &pkt.outer.dst6))) {
		drop = NAT64_A_COUNTER_DROP_HOP_LIMIT;
		goto refuse;
	}
	if (unlikely(pkt.is_error)) {
		pkt.mtu_in = pkt.hairpin ? 0 : skb->dev->mtu;
		pkt.mtu_out = nat64_mtu6(net, skb, anchor, &pkt);
	}

	drop = NAT64_A_COUNTER_DROP_POLICY;
	if (unlikely(!pkt.hairpin && !xfrm4_policy_check(NULL, XFRM_POLICY_FWD, skb)))
		goto refuse;
	if (unlikely(!confirm4(skb)))
		goto refuse;

	/* What was put together from fragments is cut again, even if they had DF. */
	cut = (!pkt.outer.df || IPCB(skb)->frag_max_size) && !pkt.is_error &&
	      exceeds6(skb, &pkt, conf->set.lowest_ipv6_mtu);
	if (unlikely(cut && skb_is_gso(skb)))
		goto segment;

	skb_orphan(skb);
	skb_dst_drop(skb);
	skb->ignore_df = 0;
	forget_origin(skb, anchor);
	drop = nat64_xlat_46(skb, &conf->set, &pkt, cut);
	if (unlikely(drop))
		goto drop;
	count_traffic(nn, conf, skb, &pkt, map, NAT64_DIRECTION_4TO6);
	if (likely(!cut)) {
		nat64_send6(net, skb, anchor);
		return;
	}
	drop = send_pieces6(net, skb, &pkt, conf->set.lowest_ipv6_mtu, anchor);
	if (likely(!drop))
		return;
drop:
	nat64_drop(nn, skb, drop);
	return;
segment:
	drop = each_segment(nn, net, NULL, skb, find_and_xlat_46);
	if (likely(!drop))
		return;
refuse:
	nat64_refuse4(nn, skb, drop);
}

static void find_and_xlat_46(struct nat64_net *nn, struct net *net, struct sock *sk,
			     struct sk_buff *skb)
{
	const struct nat64_conf *conf = rcu_dereference(nn->conf);
	struct nat64_map *map = NULL;
	struct in6_addr host;

	if (conf)
		map = nat64_map_4to6(nn, conf, ip_hdr(skb)->daddr, &host);
	if (map)
		xlat_46(nn, conf, net, skb, map, &host);
	else
		nat64_refuse4(nn, skb, NAT64_A_COUNTER_DROP_UNMAPPED);
}

/* In place of ip_rcv_finish. */
static int finish_46(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	find_and_xlat_46(nat64_pernet(net), net, sk, skb);
	return 0;
}

/* --- Front doors ---------------------------------------------------------------------------- */

/**
 * nat64_hook_take_over - let the hooks after ours run, then go on elsewhere
 * @entries: the chain that is running, dereferenced anew
 * @self: our hook in it
 * @skb: the packet
 * @state: what our hook was called with
 * @okfn: where the packet goes instead of where the caller had in mind
 *
 * Context: netfilter hook, under rcu_read_lock.
 * Return: the verdict for our hook to return.
 */
unsigned int nat64_hook_take_over(const struct nf_hook_entries *entries, nf_hookfn *self,
				  struct sk_buff *skb, const struct nf_hook_state *state,
				  nat64_okfn_t okfn)
{
	struct nf_hook_state rest;
	unsigned int i;
	int verdict;

	for (i = 0; entries && i < entries->num_hook_entries; i++)
		if (entries->hooks[i].hook == self)
			break;
	/* Being unregistered: the routes to the anchor still keep the packet from going
	 * elsewhere.
	 */
	if (unlikely(!entries || i == entries->num_hook_entries))
		return NF_ACCEPT;
	if (++i < entries->num_hook_entries) {
		rest = *state;
		rest.okfn = okfn;
		verdict = nf_hook_slow(skb, &rest, entries, i);
		/* Who dropped it says what its sender is to be told. */
		if (verdict != 1)
			return NF_STOLEN | (verdict < 0 ? -verdict : 0) << NF_VERDICT_QBITS;
	}
	okfn(state->net, state->sk, skb);
	return NF_STOLEN;
}

static unsigned int postrouting6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct nat64_net *nn = priv;
	struct net_device *anchor = anchor_up(nn);
	const struct nf_hook_entries *entries;
	const struct nat64_conf *conf;

	if (likely(anchor)) {
		/* What IPsec still has to wrap is not for us. */
		if (state->out != anchor || dst_xfrm(skb_dst(skb)))
			return NF_ACCEPT;
		entries = rcu_dereference(state->net->nf.hooks_ipv6[NF_INET_POST_ROUTING]);
		return nat64_hook_take_over(entries, postrouting6, skb, state, finish_64);
	}
	/* Without the anchor the prefix has no route of its own: closed, not open. */
	conf = rcu_dereference(nn->conf);
	if (!conf || !nat64_prefix_contains(&conf->set.prefix, &ipv6_hdr(skb)->daddr))
		return NF_ACCEPT;
	return nat64_drop_verdict(nn, skb, NAT64_A_COUNTER_DROP_NO_ANCHOR);
}

static unsigned int prerouting4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct nat64_net *nn = priv;
	const struct nat64_conf *conf = rcu_dereference(nn->conf);
	const struct nf_hook_entries *entries;
	struct nat64_map *map;
	struct in6_addr host;

	if (!conf)
		return NF_ACCEPT;
	map = nat64_map_4to6(nn, conf, ip_hdr(skb)->daddr, &host);
	if (!map)
		return NF_ACCEPT;
	if (unlikely(skb->pkt_type != PACKET_HOST || nat64_hook_is_bridged_in(skb)))
		return NF_ACCEPT;
	entries = rcu_dereference(state->net->nf.hooks_ipv4[NF_INET_PRE_ROUTING]);
	if (likely(entries && entries->hooks[entries->num_hook_entries - 1].hook == prerouting4)) {
		xlat_46(nn, conf, state->net, skb, map, &host);
		return NF_STOLEN;
	}
	return nat64_hook_take_over(entries, prerouting4, skb, state, finish_46);
}

/**
 * nat64_hook_anchor - translate a packet that the anchor is told to transmit
 * @nn: the namespace
 * @skb: any packet, skb->data at its network header; consumed
 * @anchor: the anchor
 *
 * IPv6 comes this way from senders that know no hooks: flowtables, tc, packet sockets. IPv4 comes
 * from programs on the router itself and from hosts that ask for an address nobody holds.
 *
 * Context: transmit, under rcu_read_lock; the sender may hold a socket lock.
 */
void nat64_hook_anchor(struct nat64_net *nn, struct sk_buff *skb, struct net_device *anchor)
{
	struct net *net = dev_net(anchor);
	const struct nat64_conf *conf = rcu_dereference(nn->conf);
	struct in6_addr host;

	skb_reset_network_header(skb);
	switch (skb->protocol) {
	case htons(ETH_P_IPV6):
		if (!pskb_may_pull(skb, sizeof(struct ipv6hdr)))
			break;
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		/* The sender's socket may be one that no IP stack knows. */
		xlat_64(nn, net, NULL, skb);
		return;
	case htons(ETH_P_IP):
		if (!pskb_may_pull(skb, sizeof(struct iphdr)))
			break;
		/* Who had it before left here what icmp_send() would take for IP options. */
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
		if (!conf || !nat64_map_4to6(nn, conf, ip_hdr(skb)->daddr, &host)) {
			nat64_refuse4(nn, skb, NAT64_A_COUNTER_DROP_UNMAPPED);
			return;
		}
		nat64_receive(nn, skb, anchor);
		return;
	}
	nat64_drop(nn, skb, NAT64_A_COUNTER_DROP_MALFORMED);
}

static const struct nf_hook_ops xlat_ops[] = {
	{
		.hook = postrouting6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP6_PRI_FIRST,
	},
	{
		.hook = prerouting4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_NAT_DST + 1,
	},
};

static const struct {
	unsigned int bit;
	const struct nf_hook_ops *ops;
	unsigned int n;
} sets[NAT64_HOOK_SETS] = {
	{ NAT64_HOOKS_XLAT, xlat_ops, ARRAY_SIZE(xlat_ops) },
	{ NAT64_HOOKS_NAT44, nat64_hook44_ops, NAT64_HOOK44_OPS },
};

static int register_set(struct nat64_net *nn, unsigned int set)
{
	unsigned int n = sets[set].n, i;
	struct nf_hook_ops *ops;
	int err;

	if (nn->hook_ops[set])
		return 0;
	ops = kmemdup(sets[set].ops, n * sizeof(*ops), GFP_KERNEL);
	if (!ops)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		ops[i].priv = nn;
	err = nf_register_net_hooks(nn->net, ops, n);
	if (err)
		kfree(ops);
	else
		nn->hook_ops[set] = ops;
	return err;
}

/**
 * nat64_hooks_register - let packets of a namespace come to us
 * @nn: the namespace
 * @want: NAT64_HOOKS_*; what is registered already is left alone
 *
 * Context: process, under nn->lock.
 * Return: 0 or a negative error; what was registered before it stays so, which is harmless.
 */
int nat64_hooks_register(struct nat64_net *nn, unsigned int want)
{
	unsigned int i;
	int err;

	lockdep_assert_held(&nn->lock);

	err = nat64_routes_create(nn) ?: nat64_stats_create(nn);
	if (err)
		return err;
	for (i = 0; i < NAT64_HOOK_SETS; i++) {
		if (!(want & sets[i].bit))
			continue;
		err = register_set(nn, i);
		if (err)
			return err;
	}
	return 0;
}

/**
 * nat64_hooks_unregister - let no more packets come to us
 * @nn: the namespace
 *
 * A queue of the user's may hold packets that would return into this module. Unregistering
 * flushes the queues, but a packet that is in the hook at that moment may be queued after it;
 * hence once more; and again, for a packet that returned from IPv4's queue may be in IPv6's by
 * then, with an okfn of ours. 6.1 warns in a flush when the chain has become shorter than where the
 * packet was queued; hence once before, too.
 *
 * Context: process, under nn->lock. Sleeps.
 */
void nat64_hooks_unregister(struct nat64_net *nn)
{
	unsigned int i;

	if (!memchr_inv(nn->hook_ops, 0, sizeof(nn->hook_ops)))
		return;
	nf_queue_nf_hook_drop(nn->net);
	for (i = 0; i < NAT64_HOOK_SETS; i++)
		if (nn->hook_ops[i])
			nf_unregister_net_hooks(nn->net, nn->hook_ops[i], sets[i].n);
	for (i = 0; i < 2; i++) {
		synchronize_net();
		nf_queue_nf_hook_drop(nn->net);
	}
	for (i = 0; i < NAT64_HOOK_SETS; i++) {
		kfree(nn->hook_ops[i]);
		nn->hook_ops[i] = NULL;
	}
}
