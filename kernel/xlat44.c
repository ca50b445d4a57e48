// SPDX-License-Identifier: GPL-2.0
/*
 * 1:1 IPv4 NAT: one address of a packet is exchanged, in place, and of an ICMP error the matching
 * address of the packet it quotes. No length changes, so every checksum is updated by difference.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "xlat.h"
#include "xlat44.h"

/* Offset of a checksum that covers the addresses, -1 if there is none. */
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

static void replace(struct iphdr *ip, bool source, __be32 to)
{
	__be32 *addr = source ? &ip->saddr : &ip->daddr;

	csum_replace4(&ip->check, *addr, to);
	*addr = to;
}

/* Does the header say that its transport header is in this packet? */
static bool is_first(const struct iphdr *ip)
{
	return !(ip->frag_off & htons(IP_OFFSET));
}

/* Is the transport checksum still to be computed by whoever sends the packet? One that waits for
 * that may also be of a header further in, in a tunnel, whose own sum then is finished, unless
 * whoever cuts it up computes that, too.
 */
static bool is_unfinished(const struct sk_buff *skb, unsigned int l4)
{
	return skb->ip_summed == CHECKSUM_PARTIAL &&
	       (skb_checksum_start_offset(skb) == l4 ||
		skb_shinfo(skb)->gso_type & SKB_GSO_UDP_TUNNEL_CSUM);
}

/* A sum of zero in UDP means that there is none; one that comes out as zero is written as ffff, in
 * UDP-Lite too.
 */
static void update_sum(__sum16 *sum, u8 proto, __be32 from, __be32 to)
{
	if (proto == IPPROTO_UDP && !*sum)
		return;
	csum_replace4(sum, from, to);
	if ((proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE) && !*sum)
		*sum = CSUM_MANGLED_0;
}

/**
 * nat64_xlat44_is_error - does an ICMP error quote a packet here?
 * @skb: IPv4 packet, skb->data at its header, the header linear
 * @quoted: result: the header of the quoted packet, without options
 *
 * Context: packet path.
 * Return: its offset from skb->data, 0 if there is none.
 */
unsigned int nat64_xlat44_is_error(const struct sk_buff *skb, struct iphdr *quoted)
{
	const struct iphdr *ip = ip_hdr(skb), *q;
	unsigned int at = ip->ihl * 4;
	const struct icmphdr *icmp;
	struct icmphdr icmp_buf;

	if (likely(ip->protocol != IPPROTO_ICMP) || !is_first(ip))
		return 0;
	icmp = skb_header_pointer(skb, at, sizeof(icmp_buf), &icmp_buf);
	if (!icmp || !icmp_is_err(icmp->type))
		return 0;
	at += sizeof(*icmp);
	q = skb_header_pointer(skb, at, sizeof(*quoted), quoted);
	if (!q || q->version != 4 || q->ihl < 5)
		return 0;
	*quoted = *q;
	return at;
}

/**
 * nat64_xlat44 - exchange an address of a packet
 * @skb: IPv4 packet, skb->data at its header
 * @source: its source, else its destination
 * @to: the new address
 *
 * Context: packet path.
 * Return: 0 or the drop counter; then nothing was written.
 */
unsigned int nat64_xlat44(struct sk_buff *skb, bool source, __be32 to)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int l4 = ip->ihl * 4;
	int off = is_first(ip) ? sum_offset(ip->protocol) : -1;
	unsigned int len = off < 0 ? l4 : l4 + off + sizeof(__sum16);
	__sum16 *sum, old;
	__be32 from;

	if (skb_ensure_writable(skb, len))
		return skb->len < len ? NAT64_A_COUNTER_DROP_MALFORMED
				      : NAT64_A_COUNTER_DROP_NO_MEMORY;
	ip = ip_hdr(skb);
	from = source ? ip->saddr : ip->daddr;
	if (off >= 0) {
		sum = (__sum16 *)(skb->data + l4 + off);
		old = *sum;
		if (is_unfinished(skb, l4))
			inet_proto_csum_replace4(sum, skb, from, to, true);
		else
			update_sum(sum, ip->protocol, from, to);
		/* What the device summed up has changed by as much as the field. */
		if (skb->ip_summed == CHECKSUM_COMPLETE)
			skb->csum = csum_add(csum_sub(skb->csum, csum_unfold(old)),
					     csum_unfold(*sum));
	}
	replace(ip_hdr(skb), source, to);
	return 0;
}

/**
 * nat64_xlat44_quoted - exchange an address of the packet that an ICMP error quotes
 * @skb: IPv4 packet, skb->data at its header
 * @at: offset of the quoted header, from nat64_xlat44_is_error()
 * @source: its source, else its destination
 * @to: the new address
 *
 * The quoted header and its checksum change by opposite amounts; what the ICMP checksum sees is the
 * change of the quoted transport checksum, if that much of it is quoted.
 *
 * Context: packet path.
 * Return: 0 or the drop counter; then nothing was written.
 */
unsigned int nat64_xlat44_quoted(struct sk_buff *skb, unsigned int at, bool source, __be32 to)
{
	struct iphdr *ip = (struct iphdr *)(skb->data + at), buf;
	unsigned int l4, len;
	struct icmphdr *icmp;
	__sum16 *sum, old;
	__be32 from;
	int off;

	ip = skb_header_pointer(skb, at, sizeof(buf), &buf);
	l4 = at + ip->ihl * 4;
	off = is_first(ip) ? sum_offset(ip->protocol) : -1;
	len = off < 0 ? l4 : l4 + off + sizeof(*sum);
	if (len > skb->len) {
		off = -1;
		len = at + sizeof(*ip);
	}
	if (skb_ensure_writable(skb, len))
		return NAT64_A_COUNTER_DROP_NO_MEMORY;

	ip = (struct iphdr *)(skb->data + at);
	from = source ? ip->saddr : ip->daddr;
	replace(ip, source, to);
	if (off < 0)
		return 0;
	sum = (__sum16 *)(skb->data + l4 + off);
	old = *sum;
	update_sum(sum, ip->protocol, from, to);
	icmp = (struct icmphdr *)(skb->data + at - sizeof(*icmp));
	inet_proto_csum_replace2(&icmp->checksum, skb, (__force __be16)old, (__force __be16)*sum,
				 false);
	return 0;
}
