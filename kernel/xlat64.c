// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 to IPv4 (RFC 7915 section 5): the transport header stays where it is, the IPv4 header is
 * written right before it, what is left of the IPv6 headers falls off the front.
 */
#include <linux/percpu.h>
#include <linux/prandom.h>
#include <linux/random.h>

#include "xlat.h"

/**
 * nat64_xlat_write4 - write an IPv4 header
 * @ip: where to, 20 bytes; need not be aligned more than the packet is
 * @hdr: the parsed IPv6 header with all four addresses
 * @set: settings
 * @tot_len: total length, 0 for one that does not fit the field (BIG TCP)
 * @df: don't fragment
 * @id: identification, host byte order; for a packet that is no fragment
 *
 * The header checksum is left to ip_local_out(), or to the caller.
 *
 * Context: any, packet path. RFC 7915 section 5.1.
 */
void nat64_xlat_write4(struct iphdr *ip, const struct nat64_hdr *hdr,
		       const struct nat64_settings *set, unsigned int tot_len, bool df, u16 id)
{
	u16 frag = df ? IP_DF : 0;

	if (unlikely(hdr->frag)) {
		id = hdr->id;
		frag = hdr->frag_off >> 3 | (hdr->mf ? IP_MF : 0);
	}
	ip->version = 4;
	ip->ihl = 5;
	ip->tos = nat64_tos(set, hdr->tos);
	ip->tot_len = htons(tot_len);
	ip->id = htons(id);
	ip->frag_off = htons(frag);
	ip->ttl = hdr->hop;
	ip->protocol = nat64_proto_64(hdr->proto);
	ip->saddr = hdr->src4;
	ip->daddr = hdr->dst4;
}

static DEFINE_PER_CPU(struct rnd_state, id_state);

/**
 * nat64_xlat_init - seed the generator of identifications
 *
 * Context: module init.
 */
void __init nat64_xlat_init(void)
{
	prandom_seed_full_state(&id_state);
}

/* Short packets may be fragmented, so they get an identification, though hardly any ever is: one
 * that costs little. An interrupt here at worst repeats a number. Longer ones that may be
 * fragmented will be, and nobody shall guess theirs.
 */
static u16 random_id(unsigned int len)
{
	u16 id;

	if (unlikely(len > NAT64_DF_ABOVE))
		return get_random_u32();
	id = prandom_u32_state(get_cpu_ptr(&id_state));
	put_cpu_ptr(&id_state);
	return id;
}

/**
 * nat64_xlat_64 - translate an IPv6 packet in place
 * @skb: parsed by nat64_parse6(), skb->data at the IPv6 header; on return at the IPv4 header
 * @set: settings
 * @pkt: what is known of it, all addresses included
 * @df: forbid fragmentation on the IPv4 side
 *
 * Context: packet path. RFC 7915 section 5.
 * Return: 0, or the drop counter; then the packet may be half written and is good for nothing.
 */
unsigned int nat64_xlat_64(struct sk_buff *skb, const struct nat64_settings *set,
			   struct nat64_pkt *pkt, bool df)
{
	struct nat64_hdr *outer = &pkt->outer;
	unsigned int room, drop;
	u8 *l4;

	if (!nat64_make_writable(skb, nat64_xlat_written(skb, pkt), 0))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;

	/* The sum over the whole buffer would cover the old header. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;

	if (pkt->is_error) {
		drop = nat64_icmp_error_64(skb, set, pkt);
		if (drop)
			return drop;
	} else if (nat64_hdr_is_first(outer)) {
		/* It may move the headers elsewhere. */
		drop = pkt->is_info ? nat64_icmp_finish(skb) : 0;
		if (unlikely(drop))
			return drop;
		l4 = skb->data + outer->l4;
		room = skb_headlen(skb) - outer->l4;
		if (pkt->is_info)
			nat64_icmp_echo_64(outer, l4, room);
		else
			nat64_l4_update(skb, outer, l4, room, nat64_l4_diff_64(outer));
		drop = nat64_l4_switch_gso(skb, pkt, true);
		if (drop)
			return drop;
	}

	__skb_pull(skb, outer->l4 - sizeof(struct iphdr));
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	skb_set_transport_header(skb, sizeof(struct iphdr));
	nat64_xlat_write4(ip_hdr(skb), outer, set, skb->len, df,
			  df ? 0 : random_id(skb->len));
	skb->protocol = htons(ETH_P_IP);
	return 0;
}
