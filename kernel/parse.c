// SPDX-License-Identifier: GPL-2.0
/*
 * Validate a packet once. What passed here is linear and long enough for the translators, and its
 * lengths agree with each other. Nothing is written to the packet, but padding behind it is cut.
 *
 * The two walkers serve the packet itself and the one that an ICMP error quotes; of a quoted packet
 * nothing more than its header need be there (RFC 7915 4.3, 5.3).
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "pkt.h"
#include "xlat.h"

/* More extension headers than any sender has reason for: a bound for the walk. */
#define MAX_EXTENSION_HEADERS 16

/* What may not come behind a fragment header: it was cut with the rest of the datagram, and taking
 * it out would move all that follows (RFC 7915 5.1.1, which counts AH among them, but not ESP).
 */
static bool is_extension(u8 nexthdr)
{
	return nexthdr == NEXTHDR_HOP || nexthdr == NEXTHDR_DEST || nexthdr == NEXTHDR_ROUTING ||
	       nexthdr == NEXTHDR_FRAGMENT || nexthdr == NEXTHDR_AUTH ||
	       nexthdr == NEXTHDR_MOBILITY;
}

/* Step over extension headers up to the transport header, or to what a fragment header says is one.
 * @quoted: in an ICMP error, whose sender cares not about segments left.
 */
static unsigned int walk6(const struct sk_buff *skb, unsigned int off, unsigned int end,
			  u8 nexthdr, bool quoted, struct nat64_hdr *hdr, u32 *info)
{
	unsigned int at = off + sizeof(struct ipv6hdr), i;

	for (i = 0; i < MAX_EXTENSION_HEADERS; i++) {
		union {
			struct ipv6_opt_hdr opt;
			struct ipv6_rt_hdr rt;
			struct frag_hdr frag;
		} buf, *h;

		switch (nexthdr) {
		case NEXTHDR_HOP:
		case NEXTHDR_DEST:
		case NEXTHDR_ROUTING:
		case NEXTHDR_FRAGMENT:
			break;
		default:
			hdr->proto = nexthdr;
			hdr->l4 = at - off;
			return 0;
		}

		if (at + sizeof(struct frag_hdr) > end)
			return NAT64_A_COUNTER_DROP_EXTENSION_HEADER;
		h = skb_header_pointer(skb, at, sizeof(struct frag_hdr), &buf);
		if (!h)
			return NAT64_A_COUNTER_DROP_EXTENSION_HEADER;

		if (nexthdr == NEXTHDR_FRAGMENT) {
			hdr->frag = true;
			hdr->frag_off = ntohs(h->frag.frag_off) & IP6_OFFSET;
			hdr->mf = h->frag.frag_off & htons(IP6_MF);
			hdr->id = ntohl(h->frag.identification);
			hdr->proto = h->frag.nexthdr;
			hdr->l4 = at + sizeof(struct frag_hdr) - off;
			if (!quoted)
				*info = hdr->frag_off;
			return is_extension(hdr->proto) ? NAT64_A_COUNTER_DROP_EXTENSION_HEADER : 0;
		}
		if (nexthdr == NEXTHDR_ROUTING && h->rt.segments_left && !quoted) {
			*info = at - off + offsetof(struct ipv6_rt_hdr, segments_left);
			return NAT64_A_COUNTER_DROP_SEGMENTS_LEFT;
		}
		nexthdr = h->opt.nexthdr;
		at += ipv6_optlen(&h->opt);
		if (at > end)
			return NAT64_A_COUNTER_DROP_EXTENSION_HEADER;
	}
	return NAT64_A_COUNTER_DROP_EXTENSION_HEADER;
}

static void read6(const struct ipv6hdr *ip6, struct nat64_hdr *hdr)
{
	hdr->tos = ipv6_get_dsfield(ip6);
	hdr->hop = ip6->hop_limit;
	hdr->df = false;
	hdr->frag = false;
	hdr->mf = false;
	hdr->frag_off = 0;
	hdr->id = 0;
	hdr->src6 = ip6->saddr;
	hdr->dst6 = ip6->daddr;
}

static void read4(const struct iphdr *ip, struct nat64_hdr *hdr)
{
	u16 frag = ntohs(ip->frag_off);

	hdr->l4 = ip->ihl * 4;
	hdr->proto = ip->protocol;
	hdr->tos = ip->tos;
	hdr->hop = ip->ttl;
	hdr->df = frag & IP_DF;
	hdr->frag = frag & (IP_MF | IP_OFFSET);
	hdr->mf = frag & IP_MF;
	hdr->frag_off = (frag & IP_OFFSET) << 3;
	hdr->id = ntohs(ip->id);
	hdr->src4 = ip->saddr;
	hdr->dst4 = ip->daddr;
}

/* A source route that still has somewhere to go (RFC 7915 4.1). */
static bool has_source_route(const struct iphdr *ip)
{
	const u8 *opt = (const u8 *)(ip + 1), *end = (const u8 *)ip + ip->ihl * 4;

	while (opt < end && *opt != IPOPT_END) {
		if (*opt == IPOPT_NOOP) {
			opt++;
			continue;
		}
		if (end - opt < 2 || opt[1] < 2 || opt[1] > end - opt)
			return false;
		if ((*opt == IPOPT_LSRR || *opt == IPOPT_SSRR) && opt[1] >= 3 && opt[2] <= opt[1])
			return true;
		opt += opt[1];
	}
	return false;
}

/* How much of the transport header the translators read and write. */
static unsigned int l4_min(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return sizeof(struct udphdr);
	case IPPROTO_DCCP:
		return 12;
	case IPPROTO_SCTP:
		return 12;
	default:
		return 0;
	}
}

/* The checksum of a whole ICMP message, skb->data at the IP header; @pseudo: sum of the pseudo-
 * header.
 */
static bool icmp_checksum_ok(struct sk_buff *skb, const struct nat64_hdr *hdr, __wsum pseudo)
{
	if (skb_csum_unnecessary(skb))
		return true;
	return !csum_fold(skb_checksum(skb, hdr->l4, hdr->len - hdr->l4, pseudo));
}

static unsigned int parse_icmp6(struct sk_buff *skb, struct nat64_pkt *pkt)
{
	const struct nat64_hdr *outer = &pkt->outer;
	unsigned int quote = outer->l4 + sizeof(struct icmp6hdr);
	const struct icmp6hdr *icmp;
	const struct ipv6hdr *ip6;
	unsigned int drop;
	__wsum pseudo;

	if (nat64_hdr_is_piece(outer))
		return NAT64_A_COUNTER_DROP_ICMP_FRAGMENT;
	if (skb_is_gso(skb))
		return NAT64_A_COUNTER_DROP_MALFORMED;

	pseudo = ~csum_unfold(csum_ipv6_magic(&outer->src6, &outer->dst6, outer->len - outer->l4,
					      IPPROTO_ICMPV6, 0));
	if (!icmp_checksum_ok(skb, outer, pseudo))
		return NAT64_A_COUNTER_DROP_ICMP_CHECKSUM;

	icmp = (const struct icmp6hdr *)(skb->data + outer->l4);
	pkt->icmp_type = icmp->icmp6_type;
	pkt->icmp_code = icmp->icmp6_code;
	pkt->icmp_info = icmp->icmp6_dataun.un_data32[0];
	pkt->is_info = icmp->icmp6_type == ICMPV6_ECHO_REQUEST ||
		       icmp->icmp6_type == ICMPV6_ECHO_REPLY;
	pkt->is_error = !(icmp->icmp6_type & ICMPV6_INFOMSG_MASK);
	if (!pkt->is_error)
		return pkt->is_info ? 0 : NAT64_A_COUNTER_DROP_ICMP_TYPE;

	/* Rare and short: from here on all of it is linear. */
	if (skb_linearize(skb))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;
	if (outer->len < quote + sizeof(struct ipv6hdr))
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	ip6 = (const struct ipv6hdr *)(skb->data + quote);
	if (ip6->version != 6)
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	read6(ip6, &pkt->inner);
	pkt->inner.len = ntohs(ip6->payload_len) + sizeof(*ip6);
	drop = walk6(skb, quote, outer->len, ip6->nexthdr, true, &pkt->inner, &pkt->info);
	if (drop)
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	if (pkt->inner.len < pkt->inner.l4)
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	/* Errors about errors (RFC 7915 5.3); the type is there, or nobody can tell. */
	if (pkt->inner.proto == IPPROTO_ICMPV6 && nat64_hdr_is_first(&pkt->inner)) {
		if (outer->len < quote + pkt->inner.l4 + sizeof(struct icmp6hdr))
			return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
		icmp = (const struct icmp6hdr *)(skb->data + quote + pkt->inner.l4);
		if (icmp->icmp6_type != ICMPV6_ECHO_REQUEST &&
		    icmp->icmp6_type != ICMPV6_ECHO_REPLY)
			return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	}
	return 0;
}

static unsigned int parse_icmp4(struct sk_buff *skb, struct nat64_pkt *pkt)
{
	const struct nat64_hdr *outer = &pkt->outer;
	unsigned int quote = outer->l4 + sizeof(struct icmphdr);
	const struct icmphdr *icmp;
	const struct iphdr *ip;

	if (nat64_hdr_is_piece(outer))
		return NAT64_A_COUNTER_DROP_ICMP_FRAGMENT;
	if (skb_is_gso(skb))
		return NAT64_A_COUNTER_DROP_MALFORMED;
	if (!icmp_checksum_ok(skb, outer, 0))
		return NAT64_A_COUNTER_DROP_ICMP_CHECKSUM;

	icmp = (const struct icmphdr *)(skb->data + outer->l4);
	pkt->icmp_type = icmp->type;
	pkt->icmp_code = icmp->code;
	pkt->icmp_info = icmp->un.gateway;
	pkt->is_info = icmp->type == ICMP_ECHO || icmp->type == ICMP_ECHOREPLY;
	pkt->is_error = icmp->type == ICMP_DEST_UNREACH || icmp->type == ICMP_TIME_EXCEEDED ||
			icmp->type == ICMP_PARAMETERPROB;
	if (!pkt->is_error)
		return pkt->is_info ? 0 : NAT64_A_COUNTER_DROP_ICMP_TYPE;

	if (skb_linearize(skb))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;
	if (outer->len < quote + sizeof(struct iphdr))
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	ip = (const struct iphdr *)(skb->data + quote);
	if (ip->version != 4 || ip->ihl < 5 || outer->len < quote + ip->ihl * 4)
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	read4(ip, &pkt->inner);
	pkt->inner.len = ntohs(ip->tot_len);
	if (pkt->inner.len < pkt->inner.l4)
		return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	if (pkt->inner.proto == IPPROTO_ICMP && nat64_hdr_is_first(&pkt->inner)) {
		if (outer->len < quote + pkt->inner.l4 + sizeof(struct icmphdr))
			return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
		icmp = (const struct icmphdr *)(skb->data + quote + pkt->inner.l4);
		if (icmp->type != ICMP_ECHO && icmp->type != ICMP_ECHOREPLY)
			return NAT64_A_COUNTER_DROP_ICMP_QUOTE;
	}
	return 0;
}

/* What both families ask of a transport header. */
static unsigned int check_l4(struct sk_buff *skb, const struct nat64_hdr *hdr, u8 other_icmp)
{
	unsigned int l4 = l4_min(hdr->proto);

	/* A guest may say that an unfinished sum begins in what is about to fall off the front. */
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    unlikely(skb_checksum_start_offset(skb) < (int)hdr->l4))
		return NAT64_A_COUNTER_DROP_MALFORMED;
	/* It would come out as ICMP that nobody verified. IGMP stays on its link (RFC 7915 4.2). */
	if (unlikely(hdr->proto == other_icmp || hdr->proto == IPPROTO_IGMP))
		return NAT64_A_COUNTER_DROP_ICMP_TYPE;
	/* A piece must end where the next one can begin, and before 64 KiB. */
	if (unlikely(hdr->frag)) {
		unsigned int data = hdr->len - hdr->l4;

		/* A guest's super-packet is no piece of something, nor an ICMP message. */
		if (skb_is_gso(skb))
			return NAT64_A_COUNTER_DROP_MALFORMED;
		if ((hdr->mf && data & 7) ||
		    hdr->frag_off + data > IP_MAX_MTU - sizeof(struct iphdr))
			return NAT64_A_COUNTER_DROP_FRAGMENT;
		if (!nat64_hdr_is_first(hdr))
			return pskb_may_pull(skb, hdr->l4) ? 0 : NAT64_A_COUNTER_DROP_NO_MEMORY;
	}
	if (hdr->len < hdr->l4 + l4)
		return hdr->frag ? NAT64_A_COUNTER_DROP_FRAGMENT : NAT64_A_COUNTER_DROP_MALFORMED;
	return pskb_may_pull(skb, hdr->l4 + l4) ? 0 : NAT64_A_COUNTER_DROP_NO_MEMORY;
}

/**
 * nat64_parse6 - validate an IPv6 packet
 * @skb: skb->data at the IPv6 header; headers are made linear, padding is cut
 * @pkt: result; @outer, and of an ICMP error @inner, without the IPv4 addresses
 *
 * Context: packet path. RFC 7915 section 5.
 * Return: 0 or the drop counter; pkt->info is the pointer for DROP_SEGMENTS_LEFT, else the offset
 * of a fragment in its datagram.
 */
unsigned int nat64_parse6(struct sk_buff *skb, struct nat64_pkt *pkt)
{
	struct nat64_hdr *outer = &pkt->outer;
	const struct ipv6hdr *ip6;
	unsigned int drop;

	if (!pskb_may_pull(skb, sizeof(*ip6)))
		return NAT64_A_COUNTER_DROP_MALFORMED;
	ip6 = ipv6_hdr(skb);
	if (ip6->version != 6)
		return NAT64_A_COUNTER_DROP_MALFORMED;
	read6(ip6, outer);
	pkt->is_error = false;
	pkt->is_info = false;
	pkt->hairpin = false;
	pkt->info = 0;

	outer->len = ntohs(ip6->payload_len) + sizeof(*ip6);
	/* In any other packet it means what it says: a header alone, without payload. */
	if (unlikely(!ip6->payload_len && (ip6->nexthdr == NEXTHDR_HOP || skb_is_gso(skb))))
		return NAT64_A_COUNTER_DROP_JUMBOGRAM;
	if (unlikely(outer->len != skb->len)) {
		if (outer->len > skb->len)
			return NAT64_A_COUNTER_DROP_MALFORMED;
		if (pskb_trim_rcsum(skb, outer->len))
			return NAT64_A_COUNTER_DROP_NO_MEMORY;
		ip6 = ipv6_hdr(skb);
	}

	if (likely(ip6->nexthdr == IPPROTO_TCP || ip6->nexthdr == IPPROTO_UDP)) {
		outer->proto = ip6->nexthdr;
		outer->l4 = sizeof(*ip6);
	} else {
		drop = walk6(skb, 0, outer->len, ip6->nexthdr, false, outer, &pkt->info);
		if (drop)
			return drop;
	}
	drop = check_l4(skb, outer, IPPROTO_ICMP);
	if (unlikely(drop))
		return drop;
	if (outer->proto == IPPROTO_ICMPV6)
		return parse_icmp6(skb, pkt);
	return 0;
}

/**
 * nat64_parse4 - validate an IPv4 packet
 * @skb: skb->data at the IPv4 header; headers are made linear, padding is cut
 * @pkt: result; @outer, and of an ICMP error @inner, without the IPv6 addresses
 *
 * Context: packet path. RFC 7915 section 4.
 * Return: 0 or the drop counter.
 */
unsigned int nat64_parse4(struct sk_buff *skb, struct nat64_pkt *pkt)
{
	struct nat64_hdr *outer = &pkt->outer;
	const struct iphdr *ip;
	unsigned int drop;

	if (!pskb_may_pull(skb, sizeof(*ip)))
		return NAT64_A_COUNTER_DROP_MALFORMED;
	ip = ip_hdr(skb);
	if (ip->version != 4 || ip->ihl < 5 || !pskb_may_pull(skb, ip->ihl * 4))
		return NAT64_A_COUNTER_DROP_MALFORMED;
	ip = ip_hdr(skb);
	read4(ip, outer);
	pkt->is_error = false;
	pkt->is_info = false;

	outer->len = ntohs(ip->tot_len);
	if (unlikely(!outer->len))
		return NAT64_A_COUNTER_DROP_JUMBOGRAM;
	if (outer->len < outer->l4)
		return NAT64_A_COUNTER_DROP_MALFORMED;
	if (unlikely(outer->len != skb->len)) {
		if (outer->len > skb->len)
			return NAT64_A_COUNTER_DROP_MALFORMED;
		if (pskb_trim_rcsum(skb, outer->len))
			return NAT64_A_COUNTER_DROP_NO_MEMORY;
		ip = ip_hdr(skb);
	}
	if (unlikely(ip->ihl > 5) && has_source_route(ip))
		return NAT64_A_COUNTER_DROP_SOURCE_ROUTE;

	drop = check_l4(skb, outer, IPPROTO_ICMPV6);
	if (unlikely(drop))
		return drop;
	if (outer->proto == IPPROTO_ICMP)
		return parse_icmp4(skb, pkt);
	return 0;
}
