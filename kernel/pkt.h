/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of a packet once it was validated; later code trusts it.
 */
#ifndef NAT64_PKT_H
#define NAT64_PKT_H

#include <linux/skbuff.h>

#include "conf.h"

/**
 * struct nat64_hdr - one IP header with all that follows up to the transport header
 * @l4: offset of the transport header from the IP header's first byte
 * @len: length of the IP packet by its own header, IP header included
 * @proto: what the transport header is, as a protocol number of the family it arrived with
 * @tos: TOS or traffic class
 * @hop: TTL or hop limit
 * @df: IPv4 don't fragment
 * @frag: a fragment header (IPv6), or offset or MF (IPv4), is there
 * @mf: more fragments follow
 * @frag_off: offset of this fragment, in bytes
 * @id: fragment identification, in host byte order (16 bits in IPv4)
 * @src6: IPv6 source, or what the IPv4 one becomes; likewise the next three
 * @dst6: IPv6 destination
 * @src4: IPv4 source
 * @dst4: IPv4 destination
 */
struct nat64_hdr {
	u32 l4;
	u32 len;
	u8 proto;
	u8 tos;
	u8 hop;
	bool df;
	bool frag;
	bool mf;
	u16 frag_off;
	u32 id;
	struct in6_addr src6;
	struct in6_addr dst6;
	__be32 src4;
	__be32 dst4;
};

/**
 * struct nat64_pkt - a packet on its way through the translator
 * @outer: its IP header
 * @inner: the IP header quoted by an ICMP error, if @is_error
 * @is_error: it is an ICMP or ICMPv6 error
 * @is_info: it is an ICMP echo request or reply
 * @hairpin: IPv4 packet that came in by the anchor: it came from an IPv6 host or from this router
 * @icmp_type: type in the family it arrived with
 * @icmp_code: code in the family it arrived with
 * @icmp_info: second word of the ICMP header (pointer, MTU, RFC 4884 length)
 * @mtu_in: MTU of the link it came by
 * @mtu_out: MTU of the route it leaves by, 0 if that is not known yet
 * @info: what a refusal needs to say: the pointer or the MTU
 */
struct nat64_pkt {
	struct nat64_hdr outer;
	struct nat64_hdr inner;
	bool is_error;
	bool is_info;
	bool hairpin;
	u8 icmp_type;
	u8 icmp_code;
	__be32 icmp_info;
	u32 mtu_in;
	u32 mtu_out;
	u32 info;
};

/* Every step that may fail returns 0 or the drop counter (NAT64_A_COUNTER_DROP_*) that says why. */

static inline bool nat64_proto_has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ||
	       proto == IPPROTO_DCCP || proto == IPPROTO_SCTP;
}

/* Is the transport header in this packet, and not in an earlier fragment? */
static inline bool nat64_hdr_is_first(const struct nat64_hdr *hdr)
{
	return !hdr->frag_off;
}

/* Only a piece of a datagram: an atomic fragment (RFC 6946) is a whole one. */
static inline bool nat64_hdr_is_piece(const struct nat64_hdr *hdr)
{
	return hdr->frag_off || hdr->mf;
}

/* parse.c */
unsigned int nat64_parse6(struct sk_buff *skb, struct nat64_pkt *pkt);
unsigned int nat64_parse4(struct sk_buff *skb, struct nat64_pkt *pkt);

#endif /* NAT64_PKT_H */
