// SPDX-License-Identifier: GPL-2.0
/*
 * Drops: every packet that goes no further is counted, shown to who watches nat64:nat64_drop, and
 * freed for one of the reasons that skb:kfree_skb and dropwatch know.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>

#include "drop.h"
#include "stats.h"

/* The kernel's own reason that comes nearest; a module can add none. What the configuration does
 * not let pass was dropped by netfilter, where we sit.
 */
static enum skb_drop_reason reason_of(unsigned int counter)
{
	switch (counter) {
	case NAT64_A_COUNTER_DROP_UNMAPPED:
	case NAT64_A_COUNTER_DROP_NO_PREFIX:
	case NAT64_A_COUNTER_DROP_MARTIAN:
		return SKB_DROP_REASON_IP_INADDRERRORS;
	case NAT64_A_COUNTER_DROP_RP_FILTER:
		return SKB_DROP_REASON_IP_RPFILTER;
	case NAT64_A_COUNTER_DROP_POLICY:
		return SKB_DROP_REASON_XFRM_POLICY;
	case NAT64_A_COUNTER_DROP_NO_ROUTE:
		return SKB_DROP_REASON_IP_OUTNOROUTES;
	case NAT64_A_COUNTER_DROP_NO_ANCHOR:
		return SKB_DROP_REASON_DEV_READY;
	case NAT64_A_COUNTER_DROP_MALFORMED:
	case NAT64_A_COUNTER_DROP_HOP_LIMIT:
	case NAT64_A_COUNTER_DROP_SOURCE_ROUTE:
	case NAT64_A_COUNTER_DROP_SEGMENTS_LEFT:
	case NAT64_A_COUNTER_DROP_FRAGMENT:
		return SKB_DROP_REASON_IP_INHDR;
	case NAT64_A_COUNTER_DROP_EXTENSION_HEADER:
		return SKB_DROP_REASON_IPV6_BAD_EXTHDR;
	case NAT64_A_COUNTER_DROP_JUMBOGRAM:
	case NAT64_A_COUNTER_DROP_TOO_BIG:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case NAT64_A_COUNTER_DROP_UDP_NO_CHECKSUM:
	case NAT64_A_COUNTER_DROP_UDP_FRAGMENT:
		return SKB_DROP_REASON_UDP_CSUM;
	case NAT64_A_COUNTER_DROP_ICMP_CHECKSUM:
		return SKB_DROP_REASON_ICMP_CSUM;
	case NAT64_A_COUNTER_DROP_ICMP_FRAGMENT:
	case NAT64_A_COUNTER_DROP_ICMP_TYPE:
	case NAT64_A_COUNTER_DROP_ICMP_QUOTE:
		return SKB_DROP_REASON_UNHANDLED_PROTO;
	case NAT64_A_COUNTER_DROP_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	case NAT64_A_COUNTER_DROP_QUEUE_FULL:
		return SKB_DROP_REASON_CPU_BACKLOG;
	default:
		return SKB_DROP_REASON_NETFILTER_DROP;
	}
}

/* The addresses that are in the packet now: those it came with or, once it is translated, the new
 * ones. Nothing fails in between.
 */
static void see_addresses(const struct sk_buff *skb, struct nat64_sight *sight)
{
	int at = skb_network_offset(skb);
	const struct ipv6hdr *ip6;
	const struct iphdr *ip;
	union {
		struct ipv6hdr ip6;
		struct iphdr ip;
	} buf;

	switch (skb->protocol) {
	case htons(ETH_P_IPV6):
		ip6 = skb_header_pointer(skb, at, sizeof(buf.ip6), &buf.ip6);
		if (!ip6)
			return;
		snprintf(sight->src, sizeof(sight->src), "%pI6c", &ip6->saddr);
		snprintf(sight->dst, sizeof(sight->dst), "%pI6c", &ip6->daddr);
		return;
	case htons(ETH_P_IP):
		ip = skb_header_pointer(skb, at, sizeof(buf.ip), &buf.ip);
		if (!ip)
			return;
		snprintf(sight->src, sizeof(sight->src), "%pI4", &ip->saddr);
		snprintf(sight->dst, sizeof(sight->dst), "%pI4", &ip->daddr);
		return;
	}
}

/**
 * __nat64_drop_look - write down what is to be shown of a packet
 * @nn: the namespace
 * @skb: the packet
 * @sight: result
 *
 * Context: packet path, under rcu_read_lock, and only while somebody watches.
 */
void __nat64_drop_look(const struct nat64_net *nn, const struct sk_buff *skb,
		       struct nat64_sight *sight)
{
	const struct net_device *in = dev_get_by_index_rcu(nn->net, skb->skb_iif);

	memset(sight, 0, sizeof(*sight));
	sight->skb = skb;
	sight->protocol = ntohs(skb->protocol);
	sight->len = skb->len;
	strscpy(sight->src, "-", sizeof(sight->src));
	strscpy(sight->dst, "-", sizeof(sight->dst));
	strscpy(sight->in, in ? in->name : "-", sizeof(sight->in));
	strscpy(sight->dev, skb->dev->name, sizeof(sight->dev));
	see_addresses(skb, sight);
}

/**
 * nat64_drop_count - count a drop, and show it
 * @nn: the namespace
 * @sight: the packet, from nat64_drop_look()
 * @counter: NAT64_A_COUNTER_DROP_*
 *
 * Context: packet path.
 */
void nat64_drop_count(const struct nat64_net *nn, const struct nat64_sight *sight,
		      unsigned int counter)
{
	nat64_count(nn, counter);
	if (sight->skb)
		trace_nat64_drop(nn->net, counter, sight);
}

/**
 * nat64_drop_note - count a packet that the caller is about to free, and show it
 * @nn: the namespace
 * @skb: the packet
 * @counter: NAT64_A_COUNTER_DROP_*
 *
 * Context: packet path, under rcu_read_lock.
 * Return: the reason to free it for.
 */
enum skb_drop_reason nat64_drop_note(const struct nat64_net *nn, const struct sk_buff *skb,
				     unsigned int counter)
{
	struct nat64_sight sight;

	nat64_drop_look(nn, skb, &sight);
	nat64_drop_count(nn, &sight, counter);
	return reason_of(counter);
}
