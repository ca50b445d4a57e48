// SPDX-License-Identifier: GPL-2.0
/*
 * Transport headers: checksums by difference (RFC 1624), and what offloads know of a packet.
 *
 * TCP, UDP, UDP-Lite and DCCP sums cover a pseudo-header; of it only the addresses change, as
 * length and protocol number are the same in both families. SCTP has none.
 */
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#include "xlat.h"

static u64 sum6(const struct nat64_hdr *hdr)
{
	const struct in6_addr *s = &hdr->src6, *d = &hdr->dst6;

	return (u64)(__force u32)s->s6_addr32[0] + (__force u32)s->s6_addr32[1] +
	       (__force u32)s->s6_addr32[2] + (__force u32)s->s6_addr32[3] +
	       (__force u32)d->s6_addr32[0] + (__force u32)d->s6_addr32[1] +
	       (__force u32)d->s6_addr32[2] + (__force u32)d->s6_addr32[3];
}

static u64 sum4(const struct nat64_hdr *hdr)
{
	return (u64)(__force u32)hdr->src4 + (__force u32)hdr->dst4;
}

static __wsum fold(u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	return (__force __wsum)(u32)sum;
}

/**
 * nat64_l4_diff_64 - what the checksum gains when the IPv6 addresses become IPv4 ones
 * @hdr: with all four addresses
 *
 * Context: any, packet path.
 */
__wsum nat64_l4_diff_64(const struct nat64_hdr *hdr)
{
	return csum_sub(fold(sum4(hdr)), fold(sum6(hdr)));
}

/**
 * nat64_l4_diff_46 - what the checksum gains when the IPv4 addresses become IPv6 ones
 * @hdr: with all four addresses
 *
 * Context: any, packet path.
 */
__wsum nat64_l4_diff_46(const struct nat64_hdr *hdr)
{
	return csum_sub(fold(sum6(hdr)), fold(sum4(hdr)));
}

/* Offset of the checksum in the transport header, -1 if it covers no pseudo-header. */
static int sum_offset(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		return offsetof(struct udphdr, check);
	default:
		return -1;
	}
}

/* Is the checksum of this transport header still to be computed by whoever sends the packet? Else
 * what waits for that is a header further in, of what goes through a tunnel.
 */
static bool is_unfinished(const struct sk_buff *skb, const struct nat64_hdr *hdr)
{
	return skb->ip_summed == CHECKSUM_PARTIAL &&
	       (skb_checksum_start_offset(skb) == hdr->l4 ||
		skb_shinfo(skb)->gso_type & SKB_GSO_UDP_TUNNEL_CSUM);
}

/**
 * nat64_l4_update - bring a transport checksum up to date with changed addresses
 * @skb: the packet if @l4 is its own transport header, NULL if that of a quoted packet
 * @hdr: its IP header
 * @l4: transport header, writable
 * @room: how many bytes of it are there
 * @diff: from nat64_l4_diff_64() or nat64_l4_diff_46()
 *
 * An unfinished sum (CHECKSUM_PARTIAL) is that of the pseudo-header and not complemented. A sum of
 * zero in UDP means that there is none and stays; one that comes out as zero is written as ffff,
 * in UDP-Lite too.
 *
 * Context: any, packet path. RFC 7915 sections 4.5 and 5.5.
 */
void nat64_l4_update(struct sk_buff *skb, const struct nat64_hdr *hdr, u8 *l4, unsigned int room,
		     __wsum diff)
{
	int off = sum_offset(hdr->proto);
	__sum16 *sum = (__sum16 *)(l4 + off);

	if (off < 0 || room < off + sizeof(*sum))
		return;
	if (skb && is_unfinished(skb, hdr)) {
		*sum = ~csum_fold(csum_add(diff, csum_unfold(*sum)));
		return;
	}
	if (hdr->proto == IPPROTO_UDP && !*sum)
		return;
	*sum = csum_fold(csum_add(diff, ~csum_unfold(*sum)));
	if ((hdr->proto == IPPROTO_UDP || hdr->proto == IPPROTO_UDPLITE) && !*sum)
		*sum = CSUM_MANGLED_0;
}

/* Let whoever sends the packet compute the transport checksum; the field gets the IPv4 pseudo-
 * header's.
 */
static void demand_sum4(struct sk_buff *skb, const struct nat64_hdr *hdr, int off)
{
	__sum16 *sum = (__sum16 *)(skb->data + hdr->l4 + off);

	*sum = ~csum_tcpudp_magic(hdr->src4, hdr->dst4, hdr->len - hdr->l4, hdr->proto, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + hdr->l4;
	skb->csum_offset = off;
}

static void demand_sum6(struct sk_buff *skb, const struct nat64_hdr *hdr, int off)
{
	__sum16 *sum = (__sum16 *)(skb->data + hdr->l4 + off);

	*sum = ~csum_ipv6_magic(&hdr->src6, &hdr->dst6, hdr->len - hdr->l4, hdr->proto, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + hdr->l4;
	skb->csum_offset = off;
}

/* The same of a tunnel whose inner headers wait for it already: of both. */
static unsigned int demand_tunnel_sum4(struct sk_buff *skb, const struct nat64_hdr *hdr)
{
	struct udphdr *udp;

	if (skb_header_unclone(skb, GFP_ATOMIC))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;
	udp = (struct udphdr *)(skb->data + hdr->l4);
	udp->check = ~csum_tcpudp_magic(hdr->src4, hdr->dst4, hdr->len - hdr->l4, hdr->proto, 0);
	skb_shinfo(skb)->gso_type &= ~SKB_GSO_UDP_TUNNEL;
	skb_shinfo(skb)->gso_type |= SKB_GSO_UDP_TUNNEL_CSUM;
	return 0;
}

/* Is it UDP whose sender has not computed a checksum? */
static bool lacks_sum(const struct sk_buff *skb, const struct nat64_hdr *hdr)
{
	return hdr->proto == IPPROTO_UDP && nat64_hdr_is_first(hdr) &&
	       unlikely(!((const struct udphdr *)(skb->data + hdr->l4))->check) &&
	       !is_unfinished(skb, hdr);
}

/**
 * nat64_l4_check_udp_zero - may a UDP/IPv4 packet have no checksum?
 * @skb: parsed IPv4 packet
 * @set: settings
 * @pkt: what is known of it
 *
 * That of a fragment can not be computed, because the rest of the datagram is not here.
 *
 * Context: packet path. RFC 7915 section 4.5.
 * Return: 0, also for any other packet, or the drop counter.
 */
unsigned int nat64_l4_check_udp_zero(const struct sk_buff *skb, const struct nat64_settings *set,
				     const struct nat64_pkt *pkt)
{
	const struct nat64_hdr *outer = &pkt->outer;
	const struct udphdr *udp;

	if (likely(!lacks_sum(skb, outer)))
		return 0;
	if (nat64_hdr_is_piece(outer))
		return NAT64_A_COUNTER_DROP_UDP_FRAGMENT;
	if (set->udp_zero_drop)
		return NAT64_A_COUNTER_DROP_UDP_NO_CHECKSUM;
	udp = (const struct udphdr *)(skb->data + outer->l4);
	if (ntohs(udp->len) != outer->len - outer->l4 && !skb_is_gso(skb))
		return NAT64_A_COUNTER_DROP_MALFORMED;
	return 0;
}

/**
 * nat64_l4_udp_zero - give a UDP/IPv4 packet the checksum that IPv6 demands
 * @skb: parsed and writable IPv4 packet that may have none, still untranslated
 * @pkt: what is known of it
 *
 * That of a super-packet is computed by whoever cuts it up. Does nothing to other packets. A
 * tunnel's may have none while that of what is in it is unfinished: a single packet's is finished
 * first, a super-packet gets both. The headers may be elsewhere afterwards.
 *
 * Context: packet path. RFC 7915 section 4.5.
 * Return: 0 or the drop counter.
 */
unsigned int nat64_l4_udp_zero(struct sk_buff *skb, const struct nat64_pkt *pkt)
{
	const struct nat64_hdr *outer = &pkt->outer;

	if (likely(!lacks_sum(skb, outer)))
		return 0;
	if (skb_is_gso(skb) && skb_shinfo(skb)->gso_type & SKB_GSO_UDP_TUNNEL)
		return demand_tunnel_sum4(skb, outer);
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_csum_hwoffload_help(skb, 0))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;
	demand_sum4(skb, outer, offsetof(struct udphdr, check));
	return skb_is_gso(skb) || !skb_checksum_help(skb) ? 0 : NAT64_A_COUNTER_DROP_NO_MEMORY;
}

/* Where the payload begins, of protocols that GRO makes lists of. */
static unsigned int l4_end(const struct sk_buff *skb, const struct nat64_hdr *hdr)
{
	const u8 *l4 = skb->data + hdr->l4;

	return hdr->l4 + (hdr->proto == IPPROTO_TCP ? ((const struct tcphdr *)l4)->doff * 4 :
						      sizeof(struct udphdr));
}

/**
 * nat64_l4_switch_gso - what segmentation and checksum offload must know after the change of family
 * @skb: writable packet, skb->data still at the old IP header, checksum already up to date
 * @pkt: what is known of it
 * @to_v4: the direction
 *
 * A list of whole packets (fraglist GRO) can only be cut up again while nobody has changed their
 * headers: it becomes an ordinary super-packet, which needs an unfinished checksum and is marked
 * as dodgy, since its buffers need not end where segments do. All others are left as trusted as
 * they were: skb_segment() takes a dodgy list of buffers apart to single packets.
 *
 * Context: packet path.
 * Return: 0 or the drop counter.
 */
unsigned int nat64_l4_switch_gso(struct sk_buff *skb, const struct nat64_pkt *pkt, bool to_v4)
{
	const struct nat64_hdr *outer = &pkt->outer;
	struct skb_shared_info *shinfo;
	int off;

	if (likely(!skb_is_gso(skb)))
		return 0;

	if (skb_header_unclone(skb, GFP_ATOMIC))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;
	shinfo = skb_shinfo(skb);
	if (outer->proto == IPPROTO_TCP) {
		shinfo->gso_type &= ~(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_TCP_FIXEDID);
		shinfo->gso_type |= to_v4 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6;
	}
	if (shinfo->gso_type & (SKB_GSO_IPXIP4 | SKB_GSO_IPXIP6)) {
		shinfo->gso_type &= ~(SKB_GSO_IPXIP4 | SKB_GSO_IPXIP6);
		shinfo->gso_type |= to_v4 ? SKB_GSO_IPXIP4 : SKB_GSO_IPXIP6;
	}
	off = sum_offset(outer->proto);
	if (shinfo->gso_type & SKB_GSO_FRAGLIST) {
		if (off < 0)
			return NAT64_A_COUNTER_DROP_MALFORMED;
		/* A list that somebody has pulled bytes from can not be cut as it lies. */
		if (skb_pagelen(skb) != l4_end(skb, outer) + shinfo->gso_size &&
		    skb_linearize(skb))
			return NAT64_A_COUNTER_DROP_NO_MEMORY;
		shinfo = skb_shinfo(skb);
		shinfo->gso_type &= ~SKB_GSO_FRAGLIST;
		shinfo->gso_type |= SKB_GSO_DODGY;
		if (to_v4)
			demand_sum4(skb, outer, off);
		else
			demand_sum6(skb, outer, off);
	}
	return 0;
}
