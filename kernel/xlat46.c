// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 to IPv6 (RFC 7915 section 4): the transport header stays where it is, the IPv6 header, and
 * of a fragment its fragment header, is written before it, over the IPv4 header and into the
 * headroom.
 */
#include <net/ipv6.h>

#include "xlat.h"

/* An Ethernet header, as the neighbour code writes it. */
#define LL_RESERVE 16
/* The header of a quoted packet grows too, and may get a fragment header. */
#define ERROR_GROWTH (sizeof(struct ipv6hdr) + sizeof(struct frag_hdr) - sizeof(struct iphdr))

/**
 * nat64_xlat_write6 - write an IPv6 header, and a fragment header if one is wanted
 * @ip6: where to, 40 or 48 bytes
 * @hdr: the parsed IPv4 header with all four addresses
 * @set: settings
 * @payload_len: bytes after the IPv6 header, a fragment header included
 * @frag: write a fragment header
 *
 * Context: any, packet path. RFC 7915 section 4.1.
 */
void nat64_xlat_write6(struct ipv6hdr *ip6, const struct nat64_hdr *hdr,
		       const struct nat64_settings *set, unsigned int payload_len, bool frag)
{
	u8 nexthdr = nat64_proto_46(hdr->proto);

	ip6_flow_hdr(ip6, nat64_tos(set, hdr->tos), 0);
	ip6->payload_len = htons(payload_len);
	ip6->hop_limit = hdr->hop;
	ip6->saddr = hdr->src6;
	ip6->daddr = hdr->dst6;

	if (unlikely(frag)) {
		struct frag_hdr *fh = (struct frag_hdr *)(ip6 + 1);

		fh->nexthdr = nexthdr;
		fh->reserved = 0;
		fh->frag_off = htons(hdr->frag_off | (hdr->mf ? IP6_MF : 0));
		fh->identification = htonl(hdr->id);
		nexthdr = NEXTHDR_FRAGMENT;
	}
	ip6->nexthdr = nexthdr;
}

/**
 * nat64_xlat_46 - translate an IPv4 packet in place
 * @skb: parsed by nat64_parse4(), skb->data at the IPv4 header; on return at the IPv6 header
 * @set: settings
 * @pkt: what is known of it, all addresses included
 * @cut: the caller cuts it up: a fragment, too, gets no fragment header
 *
 * Context: packet path. RFC 7915 section 4.
 * Return: 0, or the drop counter; then the packet may be half written and is good for nothing.
 */
unsigned int nat64_xlat_46(struct sk_buff *skb, const struct nat64_settings *set,
			   struct nat64_pkt *pkt, bool cut)
{
	struct nat64_hdr *outer = &pkt->outer;
	bool frag = outer->frag && !cut;
	unsigned int hdrs = sizeof(struct ipv6hdr) + (frag ? sizeof(struct frag_hdr) : 0);
	unsigned int room, drop;
	u8 *l4;

	/* Headroom for what grows, and for a link header on the way out. */
	if (!nat64_make_writable(skb, nat64_xlat_written(skb, pkt),
				 hdrs - sizeof(struct iphdr) + LL_RESERVE +
				 (pkt->is_error ? ERROR_GROWTH : 0)))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;

	/* The sum over the whole buffer would cover the old header. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;

	if (pkt->is_error) {
		drop = nat64_icmp_error_46(skb, set, pkt);
		if (drop)
			return drop;
	} else if (nat64_hdr_is_first(outer)) {
		/* Either may move the headers elsewhere. */
		drop = pkt->is_info ? nat64_icmp_finish(skb) : nat64_l4_udp_zero(skb, pkt);
		if (drop)
			return drop;
		l4 = skb->data + outer->l4;
		room = skb_headlen(skb) - outer->l4;
		if (pkt->is_info)
			nat64_icmp_echo_46(outer, l4, room);
		else
			nat64_l4_update(skb, outer, l4, room, nat64_l4_diff_46(outer));
		drop = nat64_l4_switch_gso(skb, pkt, false);
		if (drop)
			return drop;
	}

	__skb_pull(skb, outer->l4);
	__skb_push(skb, hdrs);
	if (unlikely(skb->len - sizeof(struct ipv6hdr) > IPV6_MAXPLEN))
		return NAT64_A_COUNTER_DROP_JUMBOGRAM;
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	skb_set_transport_header(skb, hdrs);
	nat64_xlat_write6(ipv6_hdr(skb), outer, set, skb->len - sizeof(struct ipv6hdr), frag);
	skb->protocol = htons(ETH_P_IPV6);
	return 0;
}
