// SPDX-License-Identifier: GPL-2.0
/*
 * What validation refuses, and what it says of the rest.
 */
#include "../../kernel/parse.c"

#include "packet.h"

struct fixture {
	struct bytes in;
	struct nat64_pkt pkt;
	struct ends e;
	struct rnd_state rnd;
};

static struct fixture *fixture(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	seed(test, &f->rnd);
	random_ends(&f->e, &f->rnd);
	return f;
}

static unsigned int parse(struct kunit *test, struct fixture *f, bool v6)
{
	struct sk_buff *skb = to_skb(test, &f->in, 0, PACKET_MAX, v6);
	unsigned int drop = v6 ? nat64_parse6(skb, &f->pkt) : nat64_parse4(skb, &f->pkt);

	kfree_skb(skb);
	return drop;
}

/* An IPv6 packet: @exts extension headers, then UDP with 16 bytes of data. */
static void build6(struct fixture *f, const u8 *exts, unsigned int n)
{
	unsigned int i;

	f->in.len = 0;
	put_ip6(&f->in, &f->e, 0, n ? exts[0] : IPPROTO_UDP, 64, 0);
	for (i = 0; i < n; i++) {
		u8 next = i + 1 < n ? exts[i + 1] : IPPROTO_UDP;

		if (exts[i] == NEXTHDR_FRAGMENT) {
			put_frag6(&f->in, next, 0, false, 7);
		} else {
			put8(&f->in, next);
			put8(&f->in, 0);
			put_random(&f->in, &f->rnd, 6);
			f->in.data[f->in.len - 5] = 0;
		}
	}
	put_l4(&f->in, &f->rnd, &f->e, true, IPPROTO_UDP, 16);
	set16(&f->in, 4, f->in.len - 40);
}

static void build4(struct fixture *f, const u8 *options, unsigned int n)
{
	f->in.len = 0;
	put_ip4(&f->in, &f->e, 0, IPPROTO_UDP, 64, 0, 0, 0);
	put(&f->in, options, n);
	while (f->in.len % 4)
		put8(&f->in, 0);
	f->in.data[0] = 0x40 | f->in.len / 4;
	put_l4(&f->in, &f->rnd, &f->e, false, IPPROTO_UDP, 16);
	set16(&f->in, 2, f->in.len);
}

/* Bytes changed in a good packet, and what is said of it. */
static const struct bad {
	const char *desc;
	bool v6;
	u8 at;
	u16 value;
	unsigned int drop;
} bads[] = {
	{ "IPv6, as it is", true, 40, 1, 0 },
	{ "IPv6, version 4", true, 0, 0x4000, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv6, payload longer than the packet", true, 4, 25, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv6, padded", true, 4, 23, 0 },
	{ "IPv6, no room for the transport header", true, 4, 7, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv6, no payload", true, 4, 0, NAT64_A_COUNTER_DROP_MALFORMED },
	/* it would come out as ICMP */
	{ "IPv6, ICMP", true, 6, 0x0140, NAT64_A_COUNTER_DROP_ICMP_TYPE },
	{ "IPv6, IGMP", true, 6, 0x0240, NAT64_A_COUNTER_DROP_ICMP_TYPE },
	{ "IPv4, as it is", false, 20, 1, 0 },
	{ "IPv4, version 6", false, 0, 0x6500, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv4, header of 16", false, 0, 0x4400, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv4, header longer than the packet", false, 0, 0x4f00, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv4, longer than the packet", false, 2, 45, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv4, padded", false, 2, 43, 0 },
	{ "IPv4, shorter than its header", false, 2, 19, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv4, no room for the transport header", false, 2, 27, NAT64_A_COUNTER_DROP_MALFORMED },
	{ "IPv4, total length 0", false, 2, 0, NAT64_A_COUNTER_DROP_JUMBOGRAM },
	{ "IPv4, ICMPv6", false, 8, 0x403a, NAT64_A_COUNTER_DROP_ICMP_TYPE },
	/* RFC 7915 4.2 */
	{ "IPv4, IGMP", false, 8, 0x4002, NAT64_A_COUNTER_DROP_ICMP_TYPE },
	/* ping of death */
	{ "IPv4, ends behind 64 KiB", false, 6, 0x1fff, NAT64_A_COUNTER_DROP_FRAGMENT },
	{ "IPv4, piece of 24", false, 6, 0x2010, 0 },
};

KUNIT_ARRAY_PARAM_DESC(bad, bads, desc);

static void malformed(struct kunit *test)
{
	const struct bad *b = test->param_value;
	struct fixture *f = fixture(test);

	if (b->v6)
		build6(f, NULL, 0);
	else
		build4(f, NULL, 0);
	set16(&f->in, b->at, b->value);
	KUNIT_EXPECT_EQ(test, parse(test, f, b->v6), b->drop);
}

/* RFC 7915 5.1: up to the transport header; 5.1.1: none behind a fragment header. */
static const struct chain {
	const char *desc;
	u8 exts[18];
	u8 n;
	unsigned int drop;
} chains[] = {
	{ "hop-by-hop", { 0 }, 1, 0 },
	{ "destination options", { 60 }, 1, 0 },
	{ "routing, no segments left", { 43 }, 1, 0 },
	{ "the order of RFC 8200", { 0, 60, 43, 44 }, 4, 0 },
	{ "all behind the fragment header", { 44, 60 }, 2, NAT64_A_COUNTER_DROP_EXTENSION_HEADER },
	{ "AH there", { 44, 51 }, 2, NAT64_A_COUNTER_DROP_EXTENSION_HEADER },
	{ "fragment", { 44 }, 1, 0 },
	{ "fragment twice", { 44, 44 }, 2, NAT64_A_COUNTER_DROP_EXTENSION_HEADER },
	{ "without end", { 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60 },
	  18, NAT64_A_COUNTER_DROP_EXTENSION_HEADER },
};

KUNIT_ARRAY_PARAM_DESC(chain, chains, desc);

static void extension_headers(struct kunit *test)
{
	const struct chain *c = test->param_value;
	struct fixture *f = fixture(test);

	build6(f, c->exts, c->n);
	KUNIT_ASSERT_EQ(test, parse(test, f, true), c->drop);
	if (c->drop)
		return;
	KUNIT_EXPECT_EQ(test, f->pkt.outer.l4, 40 + 8 * c->n);
	KUNIT_EXPECT_EQ(test, f->pkt.outer.proto, IPPROTO_UDP);
	KUNIT_EXPECT_EQ(test, f->pkt.outer.len, f->in.len);
	KUNIT_EXPECT_FALSE(test, nat64_hdr_is_piece(&f->pkt.outer));
}

/* RFC 7915 5.1: segments left, and the pointer of the parameter problem. */
static void segments_left(struct kunit *test)
{
	static const u8 exts[] = { 0, 60, 43 };
	struct fixture *f = fixture(test);
	unsigned int n;

	for (n = 0; n < 3; n++) {
		build6(f, exts + n, 3 - n);
		f->in.data[40 + 8 * (2 - n) + 3] = 1;
		KUNIT_EXPECT_EQ(test, parse(test, f, true), NAT64_A_COUNTER_DROP_SEGMENTS_LEFT);
		KUNIT_EXPECT_EQ(test, f->pkt.info, 40 + 8 * (2 - n) + 3);
	}
}

/* An extension header that ends behind the packet, however long the packet is. */
static void cut_extension(struct kunit *test)
{
	static const u8 exts[] = { 0, 60, 43, 60 };
	struct fixture *f = fixture(test);
	unsigned int units, len;

	for (units = 0; units < 256; units++) {
		build6(f, exts, 4);
		f->in.data[41] = units;
		if (40 + 8 + units * 8 > f->in.len)
			KUNIT_EXPECT_EQ_MSG(test, parse(test, f, true),
					    NAT64_A_COUNTER_DROP_EXTENSION_HEADER, "%u", units);
		else
			parse(test, f, true);
	}
	for (len = 1; len < 32; len++) {
		build6(f, exts, 4);
		f->in.len = 40 + len;
		set16(&f->in, 4, len);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, f, true),
				    NAT64_A_COUNTER_DROP_EXTENSION_HEADER, "%u", len);
	}
}

/* RFC 7915 4.1: an unexpired source route; other options, broken ones too, are skipped. */
static const struct option {
	const char *desc;
	u8 bytes[12];
	u8 n;
	unsigned int drop;
} options[] = {
	{ "none", {}, 0, 0 },
	{ "no-operation", { 1, 1, 1, 0 }, 4, 0 },
	{ "record route", { 7, 7, 4, 1, 2, 3, 4, 0 }, 8, 0 },
	{ "router alert", { 148, 4, 0, 0 }, 4, 0 },
	{ "loose source route", { 131, 7, 4, 1, 2, 3, 4, 0 }, 8,
	  NAT64_A_COUNTER_DROP_SOURCE_ROUTE },
	{ "strict source route", { 137, 7, 4, 1, 2, 3, 4, 0 }, 8,
	  NAT64_A_COUNTER_DROP_SOURCE_ROUTE },
	{ "behind others", { 1, 148, 4, 0, 0, 131, 7, 4, 1, 2, 3, 4 }, 12,
	  NAT64_A_COUNTER_DROP_SOURCE_ROUTE },
	{ "expired", { 131, 7, 8, 1, 2, 3, 4, 0 }, 8, 0 },
	{ "behind the end of options", { 0, 131, 7, 4, 1, 2, 3, 4 }, 8, 0 },
	{ "length 0", { 131, 0, 4, 0 }, 4, 0 },
	{ "length 1", { 131, 1, 4, 0 }, 4, 0 },
	{ "length 2", { 131, 2, 4, 0 }, 4, 0 },
	{ "longer than the header", { 131, 40, 4, 0 }, 4, 0 },
	{ "length cut off", { 1, 1, 1, 131 }, 4, 0 },
};

KUNIT_ARRAY_PARAM_DESC(option, options, desc);

static void ip_options(struct kunit *test)
{
	const struct option *o = test->param_value;
	struct fixture *f = fixture(test);

	build4(f, o->bytes, o->n);
	KUNIT_ASSERT_EQ(test, parse(test, f, false), o->drop);
	if (!o->drop)
		KUNIT_EXPECT_EQ(test, f->pkt.outer.l4, 20 + o->n);
}

/* Fragmented ICMP is translated only when reassembled (RFC 7915 4, 5). */
static void icmp_piece(struct kunit *test)
{
	struct fixture *f = fixture(test);

	f->in.len = 0;
	put_ip6(&f->in, &f->e, 0, NEXTHDR_FRAGMENT, 64, 32);
	put_frag6(&f->in, IPPROTO_ICMPV6, 0, true, 1);
	put_l4(&f->in, &f->rnd, &f->e, true, IPPROTO_ICMPV6, 16);
	KUNIT_EXPECT_EQ(test, parse(test, f, true), NAT64_A_COUNTER_DROP_ICMP_FRAGMENT);
	f->in.data[43] = 0;
	KUNIT_EXPECT_EQ_MSG(test, parse(test, f, true), 0, "an atomic fragment is whole");
	f->in.data[42] = 1;
	KUNIT_EXPECT_EQ(test, parse(test, f, true), NAT64_A_COUNTER_DROP_ICMP_FRAGMENT);

	f->in.len = 0;
	put_ip4(&f->in, &f->e, 0, IPPROTO_ICMP, 64, 44, 1, 0x2000);
	put_l4(&f->in, &f->rnd, &f->e, false, IPPROTO_ICMP, 16);
	KUNIT_EXPECT_EQ(test, parse(test, f, false), NAT64_A_COUNTER_DROP_ICMP_FRAGMENT);
	set16(&f->in, 6, 4);
	KUNIT_EXPECT_EQ(test, parse(test, f, false), NAT64_A_COUNTER_DROP_ICMP_FRAGMENT);
	set16(&f->in, 6, 0x4000);
	KUNIT_EXPECT_EQ(test, parse(test, f, false), 0);
}

/* All but the last piece are a multiple of eight. */
static void odd_piece(struct kunit *test)
{
	struct fixture *f = fixture(test);
	unsigned int len;

	for (len = 8; len < 24; len++) {
		f->in.len = 0;
		put_ip4(&f->in, &f->e, 0, IPPROTO_UDP, 64, 20 + len, 1, 0x2010);
		put_random(&f->in, &f->rnd, len);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, f, false),
				    len % 8 ? NAT64_A_COUNTER_DROP_FRAGMENT : 0, "%u", len);
	}
}

/* An unfinished checksum is the transport's, or that of something in it; not of what falls off. */
static void unfinished(struct kunit *test, bool v6, const u8 *more, unsigned int n)
{
	struct fixture *f = fixture(test);
	unsigned int drop, l4, start;
	struct sk_buff *skb;

	if (v6)
		build6(f, more, n);
	else
		build4(f, more, n);
	l4 = v6 ? 40 + 8 * n : 20 + n;
	for (start = 20; start <= l4 + 8; start += 4) {
		skb = to_skb(test, &f->in, 0, PACKET_MAX, v6);
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_headroom(skb) + start;
		skb->csum_offset = 6;
		drop = v6 ? nat64_parse6(skb, &f->pkt) : nat64_parse4(skb, &f->pkt);
		KUNIT_EXPECT_EQ_MSG(test, drop, start < l4 ? NAT64_A_COUNTER_DROP_MALFORMED : 0,
				    "%u", start);
		kfree_skb(skb);
	}
}

static void unfinished_sums(struct kunit *test)
{
	static const u8 exts[] = { 60, 44 }, noop[8] = { 1, 1, 1, 1 };

	unfinished(test, true, exts, 0);
	unfinished(test, true, exts, 2);
	unfinished(test, false, noop, 0);
	unfinished(test, false, noop, 8);
}

/* Any bytes: no crash, and what is accepted lies inside the packet. */
static void noise(struct kunit *test)
{
	static const u8 nexthdrs[] = { 0, 43, 44, 60, 6, 17, 58, 1, 132, 50, 59 };
	struct fixture *f = fixture(test);
	struct sk_buff *skb;
	unsigned int i, n;
	bool v6;

	for (i = 0; i < 20000; i++) {
		v6 = i % 2;
		f->in.len = 0;
		put_random(&f->in, &f->rnd, 20 + prandom_u32_state(&f->rnd) % 200);
		n = f->in.len - prandom_u32_state(&f->rnd) % 4;
		if (v6) {
			f->in.data[0] = 0x60;
			set16(&f->in, 4, n < 40 ? 0 : n - 40);
			for (n = 6; n < f->in.len; n = n == 6 ? 40 : n + 8) {
				f->in.data[n] = nexthdrs[prandom_u32_state(&f->rnd) %
							 ARRAY_SIZE(nexthdrs)];
				if (n >= 40)
					f->in.data[n + 1] = prandom_u32_state(&f->rnd) % 3;
			}
		} else {
			f->in.data[0] = 0x40 | (5 + prandom_u32_state(&f->rnd) % 11);
			set16(&f->in, 2, n);
			f->in.data[9] = nexthdrs[4 + prandom_u32_state(&f->rnd) % 6];
			if (prandom_u32_state(&f->rnd) % 2)
				set16(&f->in, 6, 0);
		}
		skb = to_skb(test, &f->in, 0, prandom_u32_state(&f->rnd) % f->in.len + 1, v6);
		if (!(v6 ? nat64_parse6(skb, &f->pkt) : nat64_parse4(skb, &f->pkt))) {
			KUNIT_ASSERT_EQ(test, skb->len, f->pkt.outer.len);
			KUNIT_ASSERT_LE(test, f->pkt.outer.l4, skb_headlen(skb));
			KUNIT_ASSERT_GE(test, f->pkt.outer.l4, v6 ? 40 : 20);
		}
		kfree_skb(skb);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(malformed, bad_gen_params),
	KUNIT_CASE_PARAM(extension_headers, chain_gen_params),
	KUNIT_CASE(segments_left),
	KUNIT_CASE(cut_extension),
	KUNIT_CASE_PARAM(ip_options, option_gen_params),
	KUNIT_CASE(icmp_piece),
	KUNIT_CASE(odd_piece),
	KUNIT_CASE(unfinished_sums),
	KUNIT_CASE(noise),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-parse",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of the translator");
MODULE_LICENSE("GPL");
