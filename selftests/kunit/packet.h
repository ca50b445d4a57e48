/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets for tests, written and checked byte by byte, without anything of
 * kernel/ and without the kernel's own checksum functions.
 */
#ifndef NAT64_KUNIT_PACKET_H
#define NAT64_KUNIT_PACKET_H

#include <kunit/test.h>
#include <linux/inet.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/skbuff.h>

#define PACKET_MAX 4096

/* A packet as bytes. */
struct bytes {
	u8 data[PACKET_MAX];
	unsigned int len;
};

static inline void put(struct bytes *b, const void *data, unsigned int len)
{
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

static inline void put8(struct bytes *b, u8 value)
{
	b->data[b->len++] = value;
}

static inline void put16(struct bytes *b, u16 value)
{
	put8(b, value >> 8);
	put8(b, value);
}

static inline void put32(struct bytes *b, u32 value)
{
	put16(b, value >> 16);
	put16(b, value);
}

static inline void put_random(struct bytes *b, struct rnd_state *rnd, unsigned int len)
{
	while (len--)
		put8(b, prandom_u32_state(rnd));
}

static inline void set16(struct bytes *b, unsigned int at, u16 value)
{
	b->data[at] = value >> 8;
	b->data[at + 1] = value;
}

static inline u16 get16(const u8 *data)
{
	return data[0] << 8 | data[1];
}

/* RFC 1071, as slowly as it says. */
static inline u32 sum16(const u8 *data, unsigned int len, u32 sum)
{
	unsigned int i;

	for (i = 0; i < len; i++) {
		sum += i % 2 ? data[i] : data[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

static inline u16 checksum(const u8 *data, unsigned int len, u32 sum)
{
	return ~sum16(data, len, sum);
}

/* The addresses of a packet in both families. */
struct ends {
	struct in6_addr src6, dst6;
	__be32 src4, dst4;
};

static inline void random_ends(struct ends *e, struct rnd_state *rnd)
{
	prandom_bytes_state(rnd, e, sizeof(*e));
}

static inline u32 pseudo(const struct ends *e, bool v6, u8 proto, unsigned int len)
{
	u32 sum;

	if (v6)
		sum = sum16((const u8 *)&e->src6, 32, 0);
	else
		sum = sum16((const u8 *)&e->src4, 8, 0);
	sum += proto + (len & 0xffff) + (len >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

static inline void put_ip6(struct bytes *b, const struct ends *e, u8 tclass, u8 nexthdr, u8 hop,
			   unsigned int payload)
{
	put32(b, 6 << 28 | tclass << 20);
	put16(b, payload);
	put8(b, nexthdr);
	put8(b, hop);
	put(b, &e->src6, 16);
	put(b, &e->dst6, 16);
}

static inline void put_frag6(struct bytes *b, u8 nexthdr, u16 off, bool mf, u32 id)
{
	put8(b, nexthdr);
	put8(b, 0);
	put16(b, off | mf);
	put32(b, id);
}

static inline void put_ip4(struct bytes *b, const struct ends *e, u8 tos, u8 proto, u8 ttl,
			   unsigned int tot_len, u16 id, u16 frag)
{
	unsigned int at = b->len;

	put8(b, 0x45);
	put8(b, tos);
	put16(b, tot_len);
	put16(b, id);
	put16(b, frag);
	put8(b, ttl);
	put8(b, proto);
	put16(b, 0);
	put(b, &e->src4, 4);
	put(b, &e->dst4, 4);
	set16(b, at + 10, checksum(b->data + at, 20, 0));
}

/* Where the checksum of a transport header is; 0 if it has none that we know. */
static inline unsigned int checksum_at(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	default:
		return 0;
	}
}

/*
 * A transport header of random content with @data bytes behind it and the right
 * checksum. @proto is ICMP or ICMPv6 as the family of the packet has it: that
 * becomes an echo request.
 */
static inline void put_l4(struct bytes *b, struct rnd_state *rnd, const struct ends *e, bool v6,
			  u8 proto, unsigned int data)
{
	unsigned int at = b->len, sum_at = checksum_at(proto), hdr, len;
	u32 sum = 0;

	switch (proto) {
	case IPPROTO_TCP:
		hdr = 20;
		break;
	case IPPROTO_DCCP:
	case IPPROTO_SCTP:
		hdr = 12;
		break;
	default:
		hdr = 8;
		break;
	}
	len = hdr + data;
	put_random(b, rnd, len);
	if (proto == IPPROTO_TCP)
		b->data[at + 12] = 0x50;
	if (proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE)
		set16(b, at + 4, len);
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) {
		b->data[at] = v6 ? 128 : 8;
		b->data[at + 1] = 0;
	}
	if (!sum_at)
		return;
	set16(b, at + sum_at, 0);
	if (proto != IPPROTO_ICMP)
		sum = pseudo(e, v6, proto, len);
	sum = checksum(b->data + at, len, sum);
	if ((proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE) && !sum)
		sum = 0xffff;
	set16(b, at + sum_at, sum);
}

/*
 * What put_l4() wrote at @from becomes what it should have written for the other
 * family: nothing but echo type and checksum differ.
 */
static inline void put_l4_translated(struct bytes *b, const struct ends *e, bool to_v6, u8 proto,
				     const u8 *from, unsigned int len)
{
	unsigned int at = b->len, sum_at = checksum_at(proto);
	bool icmp = proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6;
	u32 sum = 0;

	put(b, from, len);
	if (icmp)
		b->data[at] = to_v6 ? (from[0] == 8 ? 128 : 129) : (from[0] == 128 ? 8 : 0);
	if (!sum_at)
		return;
	set16(b, at + sum_at, 0);
	if (!icmp || to_v6)
		sum = pseudo(e, to_v6, icmp ? IPPROTO_ICMPV6 : proto, len);
	sum = checksum(b->data + at, len, sum);
	if ((proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE) && !sum)
		sum = 0xffff;
	set16(b, at + sum_at, sum);
}

/*
 * As skb, with the bytes from @linear on in a page fragment.
 */
static inline struct sk_buff *to_skb(struct kunit *test, const struct bytes *b,
				     unsigned int headroom, unsigned int linear, bool v6)
{
	struct sk_buff *skb;
	struct page *page;

	linear = min(linear, b->len);
	skb = alloc_skb(headroom + linear, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, headroom);
	skb_put_data(skb, b->data, linear);
	if (linear < b->len) {
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), b->data + linear, b->len - linear);
		skb_add_rx_frag(skb, 0, page, 0, b->len - linear, PAGE_SIZE);
	}
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb->protocol = v6 ? htons(ETH_P_IPV6) : htons(ETH_P_IP);
	return skb;
}

/* Whoever sends a packet whose sum was left to him writes one that comes out as zero as ffff, in
 * any protocol.
 */
static inline void expect_sent_sum(struct bytes *want, unsigned int at)
{
	if (!get16(want->data + at))
		set16(want, at, 0xffff);
}

/* Byte by byte; what differs is told as offset:got/want. */
static inline bool expect_packet(struct kunit *test, struct sk_buff *skb, const struct bytes *want,
				 const char *what)
{
	struct bytes *got = kunit_kzalloc(test, sizeof(*got), GFP_KERNEL);
	unsigned int i, wrong = 0, n = 0;
	char list[200] = "";

	KUNIT_ASSERT_NOT_NULL(test, got);
	KUNIT_EXPECT_EQ_MSG(test, skb->len, want->len, "%s", what);
	if (skb->len != want->len || skb_copy_bits(skb, 0, got->data, skb->len))
		return false;
	for (i = 0; i < want->len; i++) {
		if (got->data[i] == want->data[i])
			continue;
		wrong++;
		n += scnprintf(list + n, sizeof(list) - n, " %u:%02x/%02x", i, got->data[i],
			       want->data[i]);
	}
	KUNIT_EXPECT_EQ_MSG(test, wrong, 0, "%s:%s", what, list);
	kunit_kfree(test, got);
	return !wrong;
}

/* Each run takes other packets; a failed one can be repeated by its seed. */
static inline void seed(struct kunit *test, struct rnd_state *rnd)
{
	u64 value = get_random_u64();

	kunit_info(test, "random %llu", value);
	prandom_seed_state(rnd, value);
}

#endif /* NAT64_KUNIT_PACKET_H */
