/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rewriting of validated packets (RFC 7915): no look-ups, no sending.
 */
#ifndef NAT64_XLAT_H
#define NAT64_XLAT_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include <net/ip.h>

#include "pkt.h"

/* IPv4 packets up to this size may be fragmented, longer ones may not (RFC 7915 5.1). */
#define NAT64_DF_ABOVE 1260

/* xlat64.c, xlat46.c: the whole packet, in place */
unsigned int nat64_xlat_64(struct sk_buff *skb, const struct nat64_settings *set,
			   struct nat64_pkt *pkt, bool df);
void nat64_xlat_init(void);
unsigned int nat64_xlat_46(struct sk_buff *skb, const struct nat64_settings *set,
			   struct nat64_pkt *pkt, bool cut);
void nat64_xlat_write4(struct iphdr *ip, const struct nat64_hdr *hdr,
		       const struct nat64_settings *set, unsigned int tot_len, bool df, u16 id);
void nat64_xlat_write6(struct ipv6hdr *ip6, const struct nat64_hdr *hdr,
		       const struct nat64_settings *set, unsigned int payload_len, bool frag);

/* xlat_l4.c: transport headers */
__wsum nat64_l4_diff_64(const struct nat64_hdr *hdr);
__wsum nat64_l4_diff_46(const struct nat64_hdr *hdr);
void nat64_l4_update(struct sk_buff *skb, const struct nat64_hdr *hdr, u8 *l4, unsigned int room,
		     __wsum diff);
unsigned int nat64_l4_check_udp_zero(const struct sk_buff *skb, const struct nat64_settings *set,
				     const struct nat64_pkt *pkt);
unsigned int nat64_l4_udp_zero(struct sk_buff *skb, const struct nat64_pkt *pkt);
unsigned int nat64_l4_switch_gso(struct sk_buff *skb, const struct nat64_pkt *pkt, bool to_v4);

/* xlat_icmp.c: ICMP messages; see there */
unsigned int nat64_icmp_finish(struct sk_buff *skb);
void nat64_icmp_echo_64(const struct nat64_hdr *hdr, u8 *l4, unsigned int room);
void nat64_icmp_echo_46(const struct nat64_hdr *hdr, u8 *l4, unsigned int room);
unsigned int nat64_icmp_error_64(struct sk_buff *skb, const struct nat64_settings *set,
				 struct nat64_pkt *pkt);
unsigned int nat64_icmp_error_46(struct sk_buff *skb, const struct nat64_settings *set,
				 struct nat64_pkt *pkt);

/* Make the first @len bytes linear and ours, with @headroom before them, at the cost of one copy
 * at most.
 */
static inline bool nat64_make_writable(struct sk_buff *skb, unsigned int len, unsigned int headroom)
{
	unsigned int have = skb_headroom(skb);

	if (likely(have >= headroom && (!skb_cloned(skb) || skb_clone_writable(skb, len))))
		return true;
	headroom = have < headroom ? ALIGN(headroom - have, NET_SKB_PAD) : 0;
	return !pskb_expand_head(skb, headroom, 0, GFP_ATOMIC);
}

/* How much of a packet gets written: its headers; of an ICMP error, which is linear, all. */
static inline unsigned int nat64_xlat_written(const struct sk_buff *skb,
					      const struct nat64_pkt *pkt)
{
	return pkt->is_error ? skb->len : pkt->outer.l4 + sizeof(struct tcphdr);
}

static inline u8 nat64_proto_64(u8 proto)
{
	return proto == IPPROTO_ICMPV6 ? IPPROTO_ICMP : proto;
}

static inline u8 nat64_proto_46(u8 proto)
{
	return proto == IPPROTO_ICMP ? IPPROTO_ICMPV6 : proto;
}

static inline u8 nat64_tos(const struct nat64_settings *set, u8 tos)
{
	return set->zero_tos ? tos & INET_ECN_MASK : tos;
}

#endif /* NAT64_XLAT_H */
