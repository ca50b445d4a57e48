// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 to IPv4, whole packets but errors: random ones, parsed, translated and
 * compared byte by byte with what RFC 7915 section 5.1 makes of them.
 */
#include "../../kernel/xlat64.c"

#include "packet.h"

static const struct nat64_settings plain;

static const u8 protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_DCCP, IPPROTO_SCTP, IPPROTO_ICMPV6,
	IPPROTO_ESP, IPPROTO_GRE, 253,
};

struct shape {
	u8 proto, tclass, hop;
	unsigned int exts;	/* extension headers */
	unsigned int data;	/* bytes behind the transport header */
	bool frag, mf;
	u16 off;
	u32 id;
	bool df;
	u8 l4_at;		/* result: the transport header's offset */
};

static void random_shape(struct shape *s, struct rnd_state *rnd)
{
	*s = (struct shape){
		.proto = protos[prandom_u32_state(rnd) % ARRAY_SIZE(protos)],
		.tclass = prandom_u32_state(rnd),
		.hop = prandom_u32_state(rnd),
		.exts = prandom_u32_state(rnd) % 4 ? 0 : prandom_u32_state(rnd) % 4,
		.data = prandom_u32_state(rnd) % 1400,
		.frag = prandom_u32_state(rnd) % 4 == 0,
		.id = prandom_u32_state(rnd),
		.df = prandom_u32_state(rnd) % 2,
	};
	if (s->frag && s->proto != IPPROTO_ICMPV6) {
		s->mf = prandom_u32_state(rnd) % 2;
		if (prandom_u32_state(rnd) % 2)
			s->off = (prandom_u32_state(rnd) % 1000 + 1) * 8;
		/* all pieces but the last are a multiple of eight */
		if (s->mf)
			s->data = ALIGN(s->data, 8) + (s->proto == IPPROTO_TCP ||
						       s->proto == IPPROTO_DCCP ||
						       s->proto == IPPROTO_SCTP ? 4 : 0);
	}
}

/* The packet before and after. */
static void build(struct shape *s, struct rnd_state *rnd, const struct ends *e, struct bytes *in,
		  struct bytes *out)
{
	static const u8 kinds[] = { NEXTHDR_HOP, NEXTHDR_DEST, NEXTHDR_ROUTING, NEXTHDR_DEST };
	u8 last = s->frag ? NEXTHDR_FRAGMENT : s->proto, *next;
	unsigned int i, l4, len;

	in->len = 0;
	put_ip6(in, e, s->tclass, last, s->hop, 0);
	next = &in->data[6];
	for (i = 0; i < s->exts; i++) {
		unsigned int at = in->len, units = prandom_u32_state(rnd) % 3;

		*next = kinds[i];
		put8(in, last);
		put8(in, units);
		put_random(in, rnd, 6 + units * 8);
		if (kinds[i] == NEXTHDR_ROUTING)
			in->data[at + 3] = 0;	/* segments left */
		next = &in->data[at];
	}
	if (s->frag)
		put_frag6(in, s->proto, s->off, s->mf, s->id);
	l4 = in->len;
	s->l4_at = l4;
	if (s->off)
		put_random(in, rnd, s->data + 1);
	else
		put_l4(in, rnd, e, true, s->proto, s->data);
	if (s->off && s->mf)
		in->len -= (in->len - l4) % 8;
	len = in->len - l4;
	set16(in, 4, in->len - 40);

	out->len = 0;
	put_ip4(out, e, s->tclass, s->proto == IPPROTO_ICMPV6 ? IPPROTO_ICMP : s->proto, s->hop,
		len + 20, s->frag ? s->id : 0,
		s->frag ? s->off >> 3 | (s->mf ? 0x2000 : 0) : s->df ? 0x4000 : 0);
	if (s->off)
		put(out, in->data + l4, len);
	else
		put_l4_translated(out, e, false, s->proto, in->data + l4, len);
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
	unsigned int drop = nat64_parse6(skb, &f->pkt);

	if (drop)
		return drop;
	f->pkt.outer.src4 = f->e.src4;
	f->pkt.outer.dst4 = f->e.dst4;
	drop = nat64_xlat_64(skb, set, &f->pkt, f->s.df);
	/* ip_local_out()'s share */
	ip_send_check(ip_hdr(skb));
	return drop;
}

/* An identification of the translator's choice: any. */
static void take_id(struct fixture *f, struct sk_buff *skb)
{
	if (f->s.frag || f->s.df)
		return;
	memcpy(f->out.data + 4, &ip_hdr(skb)->id, 2);
	set16(&f->out, 10, 0);
	set16(&f->out, 10, checksum(f->out.data, 20, 0));
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
		snprintf(what, sizeof(what), "proto %u exts %u frag %d off %u mf %d data %u",
			 f->s.proto, f->s.exts, f->s.frag, f->s.off, f->s.mf, f->s.data);
		skb = to_skb(test, &f->in, prandom_u32_state(&f->rnd) % 64,
			     prandom_u32_state(&f->rnd) % 2 ? 40 : PACKET_MAX, true);
		/* A tap on the router holds the other one. */
		clone = prandom_u32_state(&f->rnd) % 2 ? skb_clone(skb, GFP_KERNEL) : NULL;

		KUNIT_EXPECT_EQ_MSG(test, translate(f, skb, &plain), 0, "%s", what);
		take_id(f, skb);
		same = expect_packet(test, skb, &f->out, what);
		KUNIT_EXPECT_EQ(test, skb->protocol, htons(ETH_P_IP));
		KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
		KUNIT_EXPECT_EQ(test, skb_transport_offset(skb), 20);
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
			f->s.frag = false;
			f->s.off = 0;
			f->s.mf = false;
			random_ends(&f->e, &f->rnd);
			build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
			at = checksum_at(f->s.proto);
			/* UDP-Lite's unfinished sums are not ours to finish. */
			if (!at || f->s.proto == IPPROTO_UDPLITE || f->s.proto == IPPROTO_DCCP)
				continue;
			if (states[i].is == CHECKSUM_PARTIAL)
				set16(&f->in, f->s.l4_at + at,
				      pseudo(&f->e, true, f->s.proto, f->in.len - f->s.l4_at));
			skb = to_skb(test, &f->in, 64, PACKET_MAX, true);
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
				KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb), 20);
				KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
				expect_sent_sum(&f->out, 20 + at);
			}
			take_id(f, skb);
			expect_packet(test, skb, &f->out, states[i].desc);
			kfree_skb(skb);
		}
	}
}

/* RFC 768: a UDP checksum that comes out as zero is sent as ffff. */
static void udp_checksum_zero(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct sk_buff *skb;
	unsigned int l4 = 40;
	u32 sum;

	f->s = (struct shape){ .proto = IPPROTO_UDP, .hop = 64, .data = 20, .df = true };
	random_ends(&f->e, &f->rnd);
	build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
	/* Data that makes the sum ffff with the IPv4 pseudo-header. */
	set16(&f->in, l4 + 6, 0);
	set16(&f->in, l4 + 8, 0);
	sum = sum16(f->in.data + l4, 28, pseudo(&f->e, false, IPPROTO_UDP, 28));
	set16(&f->in, l4 + 8, ~sum);
	f->out.len = 20;
	put(&f->out, f->in.data + l4, 28);
	set16(&f->out, 26, 0xffff);
	set16(&f->in, l4 + 6, checksum(f->in.data + l4, 28, pseudo(&f->e, true, IPPROTO_UDP, 28)));

	skb = to_skb(test, &f->in, 0, PACKET_MAX, true);
	KUNIT_EXPECT_EQ(test, translate(f, skb, &plain), 0);
	expect_packet(test, skb, &f->out, "ffff");
	kfree_skb(skb);
}

static void zero_tos(struct kunit *test)
{
	static const struct nat64_settings zero = { .zero_tos = true };
	struct fixture *f = fixture(test);
	struct sk_buff *skb;
	int tclass;

	/* RFC 7915 5.1: DSCP may be ignored; ECN belongs to the ends. */
	for (tclass = 0; tclass < 256; tclass++) {
		f->s = (struct shape){
			.proto = IPPROTO_TCP, .tclass = tclass, .hop = 1, .df = true,
		};
		random_ends(&f->e, &f->rnd);
		build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
		skb = to_skb(test, &f->in, 0, PACKET_MAX, true);
		KUNIT_EXPECT_EQ(test, translate(f, skb, &zero), 0);
		KUNIT_EXPECT_EQ(test, ip_hdr(skb)->tos, tclass & 3);
		KUNIT_EXPECT_EQ(test, checksum(skb->data, 20, 0), 0);
		kfree_skb(skb);
	}
}

/* Padding behind the packet is no part of it. */
static void padding(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct sk_buff *skb;

	f->s = (struct shape){ .proto = IPPROTO_UDP, .hop = 64, .data = 3, .df = true };
	random_ends(&f->e, &f->rnd);
	build(&f->s, &f->rnd, &f->e, &f->in, &f->out);
	put_random(&f->in, &f->rnd, 17);
	skb = to_skb(test, &f->in, 0, PACKET_MAX, true);
	KUNIT_EXPECT_EQ(test, translate(f, skb, &plain), 0);
	expect_packet(test, skb, &f->out, "padded");
	kfree_skb(skb);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(packets),
	KUNIT_CASE(summed),
	KUNIT_CASE(udp_checksum_zero),
	KUNIT_CASE(zero_tos),
	KUNIT_CASE(padding),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-xlat64",
	.test_cases = cases,
};

kunit_test_suite(suite);
