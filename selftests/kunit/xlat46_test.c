// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 to IPv6, whole packets but errors: random ones, parsed, translated and
 * compared byte by byte with what RFC 7915 section 4.1 makes of them.
 */
#include "../../kernel/xlat46.c"

#include "packet.h"

static const struct nat64_settings plain;

static const u8 protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_DCCP, IPPROTO_SCTP, IPPROTO_ICMP,
	IPPROTO_ESP, IPPROTO_GRE, 253,
};

struct shape {
	u8 proto, tos, ttl;
	unsigned int options;	/* bytes */
	unsigned int data;	/* bytes behind the transport header */
	bool df, mf, cut;
	u16 off, id;
	u8 l4_at;		/* result: the transport header's offset */
};

static void random_shape(struct shape *s, struct rnd_state *rnd)
{
	*s = (struct shape){
		.proto = protos[prandom_u32_state(rnd) % ARRAY_SIZE(protos)],
		.tos = prandom_u32_state(rnd),
		.ttl = prandom_u32_state(rnd),
		.options = prandom_u32_state(rnd) % 4 ? 0 : prandom_u32_state(rnd) % 11 * 4,
		.data = prandom_u32_state(rnd) % 1400,
		.id = prandom_u32_state(rnd),
		.df = prandom_u32_state(rnd) % 2,
		.cut = prandom_u32_state(rnd) % 4 == 0,
	};
	if (s->proto == IPPROTO_ICMP || prandom_u32_state(rnd) % 4)
		return;
	s->mf = prandom_u32_state(rnd) % 2;
	if (!s->mf || prandom_u32_state(rnd) % 2)
		s->off = (prandom_u32_state(rnd) % 1000 + 1) * 8;
	/* all pieces but the last are a multiple of eight */
	if (s->mf)
		s->data = ALIGN(s->data, 8) + (s->proto == IPPROTO_TCP ||
					       s->proto == IPPROTO_DCCP ||
					       s->proto == IPPROTO_SCTP ? 4 : 0);
}

/* The packet before and after. */
static void build(struct shape *s, struct rnd_state *rnd, const struct ends *e, struct bytes *in,
		  struct bytes *out)
{
	bool frag = (s->off || s->mf) && !s->cut;
	u8 proto = s->proto == IPPROTO_ICMP ? IPPROTO_ICMPV6 : s->proto;
	unsigned int i, l4, len;

	in->len = 0;
	put_ip4(in, e, s->tos, s->proto, s->ttl, 0, s->id,
		s->off >> 3 | (s->mf ? 0x2000 : 0) | (s->df ? 0x4000 : 0));
	/* record route, then no-operation */
	for (i = 0; i < s->options; i++)
		put8(in, i == 0 ? 7 : i == 1 ? (s->options > 7 ? 7 : 3) : i == 2 ? 4 :
		     i < 7 && s->options > 7 ? prandom_u32_state(rnd) : 1);
	in->data[0] = 0x45 + s->options / 4;
	l4 = in->len;
	s->l4_at = l4;
	if (s->off)
		put_random(in, rnd, s->data + 1);
	else
		put_l4(in, rnd, e, false, s->proto, s->data);
	if (s->off && s->mf)
		in->len -= (in->len - l4) % 8;
	len = in->len - l4;
	set16(in, 2, in->len);
	set16(in, 10, 0);
	set16(in, 10, checksum(in->data, l4, 0));

	out->len = 0;
	put_ip6(out, e, s->tos, frag ? NEXTHDR_FRAGMENT : proto, s->ttl, len + (frag ? 8 : 0));
	if (frag)
		put_frag6(out, proto, s->off, s->mf, s->id);
	if (s->off)
		put(out, in->data + l4, len);
	else
		put_l4_translated(out, e, true, s->proto, in->data + l4, len);
}

struct fixture {
	struct bytes in, out;
	struct nat64_pkt pkt;
	struct ends e;
	struct shape s;
	struct rnd_state rnd;
};

static struct fixture *fixture(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	seed(test, &f->rnd);
	return f;
}

static unsigned int translate(struct fixture *f, struct sk_buff *skb,
			      const struct nat64_settings *set)
{
	unsigned int drop = nat64_parse4(skb, &f->pkt);

	if (drop)
		return drop;
	drop = nat64_l4_check_udp_zero(skb, set, &f->pkt);
	if (drop)
		return drop;
	f->pkt.outer.src6 = f->e.src6;
	f->pkt.outer.dst6 = f->e.dst6;
	return nat64_xlat_46(skb, set, &f->pkt, f->s.cut);
}

static void packets(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct sk_buff *skb, *clone;
	bool same = true;
	char what[80];
	int i;

	for (i = 0; i < 3000 && same; i++) {
		random_shape(&f->s, &f->rnd);
		random_ends(&f->e, &f->rnd);
		build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
		snprintf(what, sizeof(what), "proto %u options %u off %u mf %d cut %d data %u",
			 f->s.proto, f->s.options, f->s.off, f->s.mf, f->s.cut, f->s.data);
		skb = to_skb(test, &f->in, prandom_u32_state(&f->rnd) % 160,
			     prandom_u32_state(&f->rnd) % 2 ? 20 : PACKET_MAX, false);
		/* A tap on the router holds the other one. */
		clone = prandom_u32_state(&f->rnd) % 2 ? skb_clone(skb, GFP_KERNEL) : NULL;

		KUNIT_EXPECT_EQ_MSG(test, translate(f, skb, &plain), 0, "%s", what);
		same = expect_packet(test, skb, &f->out, what);
		KUNIT_EXPECT_EQ(test, skb->protocol, htons(ETH_P_IPV6));
		KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
		KUNIT_EXPECT_EQ(test, skb_transport_offset(skb),
				(f->s.off || f->s.mf) && !f->s.cut ? 48 : 40);
		if (clone)
			same &= expect_packet(test, clone, &f->in, "what the tap sees");
		kfree_skb(clone);
		kfree_skb(skb);
	}
}

/* The states that a checksum can be in. */
static void summed(struct kunit *test)
{
	static const struct {
		const char *desc;
		u8 is;
	} states[] = {
		{ "CHECKSUM_NONE", CHECKSUM_NONE },
		{ "CHECKSUM_UNNECESSARY", CHECKSUM_UNNECESSARY },
		{ "CHECKSUM_COMPLETE", CHECKSUM_COMPLETE },
		{ "CHECKSUM_PARTIAL", CHECKSUM_PARTIAL },
	};
	struct fixture *f = fixture(test);
	struct sk_buff *skb;
	unsigned int at;
	int i, n;

	for (n = 0; n < 200; n++) {
		for (i = 0; i < ARRAY_SIZE(states); i++) {
			random_shape(&f->s, &f->rnd);
			f->s.off = 0;
			f->s.mf = false;
			random_ends(&f->e, &f->rnd);
			build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
			at = checksum_at(f->s.proto);
			if (!at || f->s.proto == IPPROTO_UDPLITE || f->s.proto == IPPROTO_DCCP)
				continue;
			if (states[i].is == CHECKSUM_PARTIAL)
				set16(&f->in, f->s.l4_at + at, f->s.proto == IPPROTO_ICMP ? 0 :
				      pseudo(&f->e, false, f->s.proto, f->in.len - f->s.l4_at));
			skb = to_skb(test, &f->in, 64, PACKET_MAX, false);
			skb->ip_summed = states[i].is;
			if (states[i].is == CHECKSUM_PARTIAL) {
				skb->csum_start = skb_headroom(skb) + f->s.l4_at;
				skb->csum_offset = at;
			} else if (states[i].is == CHECKSUM_COMPLETE) {
				skb->csum = (__force __wsum)htons(sum16(f->in.data, f->in.len, 0));
			}
			KUNIT_EXPECT_EQ_MSG(test, translate(f, skb, &plain), 0, "%s",
					    states[i].desc);
			KUNIT_EXPECT_FALSE(test, skb->ip_summed == CHECKSUM_COMPLETE);
			if (skb->ip_summed == CHECKSUM_PARTIAL) {
				KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb), 40);
				KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
				expect_sent_sum(&f->out, 40 + at);
			}
			expect_packet(test, skb, &f->out, states[i].desc);
			kfree_skb(skb);
		}
	}
}

/* RFC 7915 4.5: UDP without a checksum, whole. */
static void udp_no_checksum(struct kunit *test)
{
	static const struct nat64_settings drop = { .udp_zero_drop = true };
	struct fixture *f = fixture(test);
	struct sk_buff *skb;
	int n;

	for (n = 0; n < 200; n++) {
		f->s = (struct shape){ .proto = IPPROTO_UDP, .ttl = 64, .data = n };
		random_ends(&f->e, &f->rnd);
		build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
		set16(&f->in, f->s.l4_at + 6, 0);

		skb = to_skb(test, &f->in, 64, n % 2 ? 20 : PACKET_MAX, false);
		KUNIT_EXPECT_EQ(test, translate(f, skb, &plain), 0);
		if (skb->ip_summed == CHECKSUM_PARTIAL)
			KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
		expect_packet(test, skb, &f->out, "computed");
		kfree_skb(skb);

		skb = to_skb(test, &f->in, 64, PACKET_MAX, false);
		KUNIT_EXPECT_EQ(test, translate(f, skb, &drop),
				NAT64_A_COUNTER_DROP_UDP_NO_CHECKSUM);
		kfree_skb(skb);
	}
}

/* RFC 7915 4.5: the first piece of one is dropped even when computing; others cannot be told. */
static void udp_no_checksum_piece(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct sk_buff *skb;

	f->s = (struct shape){ .proto = IPPROTO_UDP, .ttl = 64, .data = 64, .mf = true };
	random_ends(&f->e, &f->rnd);
	build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
	set16(&f->in, f->s.l4_at + 6, 0);
	skb = to_skb(test, &f->in, 64, PACKET_MAX, false);
	KUNIT_EXPECT_EQ(test, translate(f, skb, &plain), NAT64_A_COUNTER_DROP_UDP_FRAGMENT);
	kfree_skb(skb);
}

/* A UDP checksum that comes out as zero is sent as ffff, computed or updated. */
static void udp_checksum_zero(struct kunit *test)
{
	struct fixture *f = fixture(test);
	unsigned int l4 = 20, n;
	struct sk_buff *skb;
	u32 sum;

	for (n = 0; n < 2; n++) {
		f->s = (struct shape){ .proto = IPPROTO_UDP, .ttl = 64, .data = 20 };
		random_ends(&f->e, &f->rnd);
		build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
		set16(&f->in, l4 + 6, 0);
		set16(&f->in, l4 + 8, 0);
		sum = sum16(f->in.data + l4, 28, pseudo(&f->e, true, IPPROTO_UDP, 28));
		set16(&f->in, l4 + 8, ~sum);
		f->out.len = 40;
		put(&f->out, f->in.data + l4, 28);
		set16(&f->out, 46, 0xffff);
		if (n)
			set16(&f->in, l4 + 6, checksum(f->in.data + l4, 28,
						       pseudo(&f->e, false, IPPROTO_UDP, 28)));

		skb = to_skb(test, &f->in, 0, PACKET_MAX, false);
		KUNIT_EXPECT_EQ(test, translate(f, skb, &plain), 0);
		if (skb->ip_summed == CHECKSUM_PARTIAL)
			KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
		expect_packet(test, skb, &f->out, n ? "updated" : "computed");
		kfree_skb(skb);
	}
}

static void zero_tos(struct kunit *test)
{
	static const struct nat64_settings zero = { .zero_tos = true };
	struct fixture *f = fixture(test);
	struct sk_buff *skb;
	int tos;

	/* RFC 7915 4.1: DSCP may be ignored; ECN belongs to the ends. */
	for (tos = 0; tos < 256; tos++) {
		f->s = (struct shape){ .proto = IPPROTO_TCP, .tos = tos, .ttl = 1 };
		random_ends(&f->e, &f->rnd);
		build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
		skb = to_skb(test, &f->in, 64, PACKET_MAX, false);
		KUNIT_EXPECT_EQ(test, translate(f, skb, &zero), 0);
		KUNIT_EXPECT_EQ(test, get16(skb->data) >> 4 & 0xff, tos & 3);
		kfree_skb(skb);
	}
}

/* What no longer fits the payload length. */
static void too_long(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct sk_buff *skb;
	unsigned int len;

	f->s = (struct shape){ .proto = 253, .ttl = 64 };
	random_ends(&f->e, &f->rnd);
	for (len = 65535 - 8; len <= 65535; len++) {
		build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
		set16(&f->in, 2, len);
		skb = alloc_skb(65536, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		skb_put_data(skb, f->in.data, 20);
		skb_put_zero(skb, len - 20);
		skb_reset_network_header(skb);
		KUNIT_EXPECT_EQ(test, translate(f, skb, &plain), 0);
		KUNIT_EXPECT_EQ(test, skb->len, len + 20);
		KUNIT_EXPECT_EQ(test, get16(skb->data + 4), len - 20);
		kfree_skb(skb);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(packets),
	KUNIT_CASE(summed),
	KUNIT_CASE(udp_no_checksum),
	KUNIT_CASE(udp_no_checksum_piece),
	KUNIT_CASE(udp_checksum_zero),
	KUNIT_CASE(zero_tos),
	KUNIT_CASE(too_long),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-xlat46",
	.test_cases = cases,
};

kunit_test_suite(suite);
