// SPDX-License-Identifier: GPL-2.0
/*
 * Checksums by difference, against the whole computation.
 */
#include "../../kernel/xlat_l4.c"

#include "packet.h"

static void update(struct kunit *test, u8 proto, bool to_v6)
{
	struct bytes *in = kunit_kzalloc(test, sizeof(*in), GFP_KERNEL);
	struct bytes *out = kunit_kzalloc(test, sizeof(*out), GFP_KERNEL);
	struct nat64_hdr hdr = { .proto = proto };
	struct rnd_state rnd;
	struct ends e;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, in);
	KUNIT_ASSERT_NOT_NULL(test, out);
	seed(test, &rnd);
	for (i = 0; i < 20000; i++) {
		random_ends(&e, &rnd);
		/* Runs of equal bytes bring the sums near their ends. */
		if (i % 8 == 0)
			memset(&e, i % 16 ? 0xff : 0, i % 41);
		in->len = 0;
		out->len = 0;
		put_l4(in, &rnd, &e, !to_v6, proto, prandom_u32_state(&rnd) % 64);
		put_l4_translated(out, &e, to_v6, proto, in->data, in->len);
		hdr.src6 = e.src6;
		hdr.dst6 = e.dst6;
		hdr.src4 = e.src4;
		hdr.dst4 = e.dst4;
		nat64_l4_update(NULL, &hdr, in->data, in->len,
				to_v6 ? nat64_l4_diff_46(&hdr) : nat64_l4_diff_64(&hdr));
		KUNIT_ASSERT_EQ_MSG(test, get16(in->data + checksum_at(proto)),
				    get16(out->data + checksum_at(proto)), "packet %d", i);
		KUNIT_ASSERT_EQ(test, memcmp(in->data, out->data, in->len), 0);
	}
}

static void tcp_64(struct kunit *test)
{
	update(test, IPPROTO_TCP, false);
}

static void tcp_46(struct kunit *test)
{
	update(test, IPPROTO_TCP, true);
}

static void udp_64(struct kunit *test)
{
	update(test, IPPROTO_UDP, false);
}

static void udp_46(struct kunit *test)
{
	update(test, IPPROTO_UDP, true);
}

static void dccp_64(struct kunit *test)
{
	update(test, IPPROTO_DCCP, false);
}

static void udplite_46(struct kunit *test)
{
	update(test, IPPROTO_UDPLITE, true);
}

/* Of a quoted packet only so much is there: nothing behind it is written. */
static void truncated(struct kunit *test)
{
	struct nat64_hdr hdr = { .src4 = htonl(0x01020304) };
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, 253 };
	u8 data[24], want[24];
	unsigned int i, room;

	for (i = 0; i < ARRAY_SIZE(protos); i++) {
		unsigned int at = checksum_at(protos[i]);

		hdr.proto = protos[i];
		for (room = 0; room <= sizeof(data); room++) {
			memset(data, 0x5a, sizeof(data));
			memset(want, 0x5a, sizeof(want));
			nat64_l4_update(NULL, &hdr, data, room, nat64_l4_diff_64(&hdr));
			if (at && room >= at + 2) {
				KUNIT_EXPECT_NE(test, get16(data + at), 0x5a5a);
				memcpy(want + at, data + at, 2);
			}
			KUNIT_EXPECT_MEMEQ(test, data, want, sizeof(data));
		}
	}
}

/* A UDP/IPv4 packet without a checksum that an error quotes has none afterwards. */
static void udp_none(struct kunit *test)
{
	struct nat64_hdr hdr = { .proto = IPPROTO_UDP, .src4 = htonl(0x01020304) };
	u8 data[8] = {};

	nat64_l4_update(NULL, &hdr, data, sizeof(data), nat64_l4_diff_46(&hdr));
	KUNIT_EXPECT_EQ(test, get16(data + 6), 0);
}

static void gso(struct kunit *test)
{
	static const struct {
		const char *desc;
		u8 proto;
		bool to_v4;
		unsigned int in, out;
	} rows[] = {
		{ "TCP to IPv4", IPPROTO_TCP, true, SKB_GSO_TCPV6, SKB_GSO_TCPV4 },
		{ "TCP to IPv6", IPPROTO_TCP, false, SKB_GSO_TCPV4, SKB_GSO_TCPV6 },
		{ "TCP with ECN", IPPROTO_TCP, false, SKB_GSO_TCPV4 | SKB_GSO_TCP_ECN,
		  SKB_GSO_TCPV6 | SKB_GSO_TCP_ECN },
		{ "TCP with one id", IPPROTO_TCP, false, SKB_GSO_TCPV4 | SKB_GSO_TCP_FIXEDID,
		  SKB_GSO_TCPV6 },
		{ "TCP of a guest", IPPROTO_TCP, true, SKB_GSO_TCPV6 | SKB_GSO_DODGY,
		  SKB_GSO_TCPV4 | SKB_GSO_DODGY },
		{ "UDP", IPPROTO_UDP, true, SKB_GSO_UDP_L4, SKB_GSO_UDP_L4 },
		{ "UDP, a list", IPPROTO_UDP, true, SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST,
		  SKB_GSO_UDP_L4 | SKB_GSO_DODGY },
	};
	struct nat64_pkt *pkt = kunit_kzalloc(test, sizeof(*pkt), GFP_KERNEL);
	struct sk_buff *skb;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, pkt);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		skb = alloc_skb(200, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		skb_reserve(skb, 64);
		skb_put_zero(skb, 100);
		pkt->outer.proto = rows[i].proto;
		pkt->outer.l4 = rows[i].to_v4 ? 40 : 20;
		pkt->outer.len = 100;
		skb_shinfo(skb)->gso_size = 10;
		skb_shinfo(skb)->gso_type = rows[i].in;
		KUNIT_EXPECT_EQ(test, nat64_l4_switch_gso(skb, pkt, rows[i].to_v4), 0);
		KUNIT_EXPECT_EQ_MSG(test, skb_shinfo(skb)->gso_type, rows[i].out, "%s",
				    rows[i].desc);
		KUNIT_EXPECT_EQ_MSG(test, skb_shinfo(skb)->gso_size, 10, "%s", rows[i].desc);
		if (rows[i].in & SKB_GSO_FRAGLIST)
			KUNIT_EXPECT_TRUE_MSG(test, skb->ip_summed == CHECKSUM_PARTIAL, "%s",
					      rows[i].desc);
		kfree_skb(skb);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(tcp_64),
	KUNIT_CASE(tcp_46),
	KUNIT_CASE(udp_64),
	KUNIT_CASE(udp_46),
	KUNIT_CASE(dccp_64),
	KUNIT_CASE(udplite_46),
	KUNIT_CASE(truncated),
	KUNIT_CASE(udp_none),
	KUNIT_CASE(gso),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-xlat-l4",
	.test_cases = cases,
};

kunit_test_suite(suite);
