// SPDX-License-Identifier: GPL-2.0
/*
 * 1:1 IPv4 NAT: packets of random content, and such that ICMP errors quote, against the same built
 * with the other address from the start.
 */
#include "../../kernel/xlat44.c"

#include "packet.h"

static const u8 protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_DCCP, IPPROTO_SCTP, IPPROTO_ICMP,
	IPPROTO_ESP, IPPROTO_GRE, IPPROTO_IPIP, 253,
};

struct shape {
	u8 proto, tos, ttl;
	unsigned int options;	/* bytes */
	unsigned int data;	/* bytes behind the transport header */
	u16 id, frag;		/* frag as in the header */
};

struct fixture {
	struct bytes in, out;
	struct bytes quoted, want;
	struct ends before, after;
	bool source;		/* which address is exchanged */
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

static unsigned int random_below(struct fixture *f, unsigned int end)
{
	return prandom_u32_state(&f->rnd) % end;
}

static void random_shape(struct fixture *f)
{
	f->s = (struct shape){
		.proto = protos[random_below(f, ARRAY_SIZE(protos))],
		.tos = random_below(f, 256),
		.ttl = random_below(f, 256),
		.options = random_below(f, 4) ? 0 : random_below(f, 11) * 4,
		.data = random_below(f, 1400),
		.id = random_below(f, 65536),
		.frag = random_below(f, 2) << 14,
	};
}

/* One address is another one afterwards. */
static void random_addresses(struct fixture *f)
{
	random_ends(&f->before, &f->rnd);
	/* Runs of equal bytes bring the sums near their ends. */
	if (random_below(f, 8) == 0)
		memset(&f->before, random_below(f, 2) ? 0xff : 0, random_below(f, 41));
	f->after = f->before;
	f->source = random_below(f, 2);
	prandom_bytes_state(&f->rnd, f->source ? &f->after.src4 : &f->after.dst4, 4);
}

static __be32 new_address(const struct fixture *f)
{
	return f->source ? f->after.src4 : f->after.dst4;
}

/* An IPv4 header with options that do nothing, for @len bytes behind it. */
static void put_head(struct bytes *b, const struct ends *e, const struct shape *s, unsigned int len)
{
	unsigned int at = b->len, i;

	put_ip4(b, e, s->tos, s->proto, s->ttl, 20 + s->options + len, s->id, s->frag);
	for (i = 0; i < s->options; i++)
		put8(b, 1);
	b->data[at] = 0x45 + s->options / 4;
	set16(b, at + 10, 0);
	set16(b, at + 10, checksum(b->data + at, 20 + s->options, 0));
}

/* A packet of this shape with either address. Pieces but the first have no transport header. */
static void build(struct fixture *f, struct bytes *before, struct bytes *after)
{
	static struct bytes l4;

	l4.len = 0;
	if (f->s.frag & 0x1fff)
		put_random(&l4, &f->rnd, f->s.data);
	else
		put_l4(&l4, &f->rnd, &f->before, false, f->s.proto, f->s.data);
	before->len = 0;
	after->len = 0;
	put_head(before, &f->before, &f->s, l4.len);
	put(before, l4.data, l4.len);
	put_head(after, &f->after, &f->s, l4.len);
	if (f->s.proto == IPPROTO_ICMP || f->s.frag & 0x1fff)
		put(after, l4.data, l4.len);
	else
		put_l4_translated(after, &f->after, false, f->s.proto, l4.data, l4.len);
}

static unsigned int header_len(const struct fixture *f)
{
	return 20 + f->s.options;
}

static struct sk_buff *random_skb(struct kunit *test, struct fixture *f)
{
	return to_skb(test, &f->in, random_below(f, 160),
		      random_below(f, 2) ? header_len(f) : PACKET_MAX, false);
}

static void packets(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct sk_buff *skb, *clone;
	bool same = true;
	char what[80];
	int i;

	for (i = 0; i < 5000 && same; i++) {
		random_shape(f);
		random_addresses(f);
		if (random_below(f, 4) == 0)
			f->s.frag = random_below(f, 2) << 13 | random_below(f, 1000);
		build(f, &f->in, &f->out);
		snprintf(what, sizeof(what), "proto %u options %u frag %x data %u %s", f->s.proto,
			 f->s.options, f->s.frag, f->s.data, f->source ? "source" : "destination");
		skb = random_skb(test, f);
		/* A tap on the router holds the other one. */
		clone = random_below(f, 2) ? skb_clone(skb, GFP_KERNEL) : NULL;

		KUNIT_EXPECT_EQ_MSG(test, nat64_xlat44(skb, f->source, new_address(f)), 0, "%s",
				    what);
		same = expect_packet(test, skb, &f->out, what);
		if (clone)
			same &= expect_packet(test, clone, &f->in, "what the tap sees");
		kfree_skb(clone);
		kfree_skb(skb);
	}
}

static const struct sum_row {
	const char *desc;
	u8 proto;
	u8 is;
	bool tunnel;		/* what is unfinished is the sum of a header further in */
	bool none;		/* UDP without a checksum */
} sum_rows[] = {
	{ "TCP, CHECKSUM_NONE", IPPROTO_TCP, CHECKSUM_NONE },
	{ "TCP, CHECKSUM_UNNECESSARY", IPPROTO_TCP, CHECKSUM_UNNECESSARY },
	{ "TCP, CHECKSUM_COMPLETE", IPPROTO_TCP, CHECKSUM_COMPLETE },
	{ "TCP, CHECKSUM_PARTIAL", IPPROTO_TCP, CHECKSUM_PARTIAL },
	{ "UDP, CHECKSUM_NONE", IPPROTO_UDP, CHECKSUM_NONE },
	{ "UDP, CHECKSUM_UNNECESSARY", IPPROTO_UDP, CHECKSUM_UNNECESSARY },
	{ "UDP, CHECKSUM_COMPLETE", IPPROTO_UDP, CHECKSUM_COMPLETE },
	{ "UDP, CHECKSUM_PARTIAL", IPPROTO_UDP, CHECKSUM_PARTIAL },
	{ "UDP that carries an unfinished sum", IPPROTO_UDP, CHECKSUM_PARTIAL, true },
	{ "UDP without a checksum", IPPROTO_UDP, CHECKSUM_NONE, false, true },
	{ "UDP without a checksum, CHECKSUM_COMPLETE", IPPROTO_UDP, CHECKSUM_COMPLETE, false,
	  true },
	{ "UDP without a checksum that carries an unfinished sum", IPPROTO_UDP, CHECKSUM_PARTIAL,
	  true, true },
	{ "UDP-Lite, CHECKSUM_COMPLETE", IPPROTO_UDPLITE, CHECKSUM_COMPLETE },
	{ "DCCP, CHECKSUM_COMPLETE", IPPROTO_DCCP, CHECKSUM_COMPLETE },
	{ "GRE, CHECKSUM_COMPLETE", IPPROTO_GRE, CHECKSUM_COMPLETE },
	{ "GRE that carries an unfinished sum", IPPROTO_GRE, CHECKSUM_PARTIAL, true },
	{ "ICMP, CHECKSUM_COMPLETE", IPPROTO_ICMP, CHECKSUM_COMPLETE },
};

static void describe_sum(const struct sum_row *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sum, sum_rows, describe_sum);

/* The sum that is unfinished lies 100 bytes behind the transport header in a tunnel. */
static void finish_inner(struct bytes *b, unsigned int start)
{
	set16(b, start + 16, checksum(b->data + start, b->len - start, 0));
}

static void sums(struct kunit *test)
{
	const struct sum_row *row = test->param_value;
	struct fixture *f = fixture(test);
	unsigned int at = checksum_at(row->proto), l4, start, n;
	struct sk_buff *skb;

	for (n = 0; n < 300; n++) {
		random_shape(f);
		f->s.proto = row->proto;
		f->s.data = 200 + random_below(f, 1000);
		random_addresses(f);
		build(f, &f->in, &f->out);
		l4 = header_len(f);
		start = row->tunnel ? l4 + 100 : l4;
		if (row->none) {
			set16(&f->in, l4 + at, 0);
			set16(&f->out, l4 + at, 0);
		}
		if (row->is == CHECKSUM_PARTIAL && !row->tunnel)
			set16(&f->in, l4 + at,
			      pseudo(&f->before, false, row->proto, f->in.len - l4));
		skb = to_skb(test, &f->in, 64, PACKET_MAX, false);
		skb->ip_summed = row->is;
		if (row->is == CHECKSUM_PARTIAL) {
			skb->csum_start = skb_headroom(skb) + start;
			skb->csum_offset = row->tunnel ? 16 : at;
		} else if (row->is == CHECKSUM_COMPLETE) {
			skb->csum = (__force __wsum)htons(sum16(f->in.data, f->in.len, 0));
		}
		KUNIT_EXPECT_EQ(test, nat64_xlat44(skb, f->source, new_address(f)), 0);
		KUNIT_EXPECT_TRUE(test, skb->ip_summed == row->is);
		if (row->is == CHECKSUM_COMPLETE)
			KUNIT_EXPECT_EQ(test, (u16)~ntohs((__force __be16)csum_fold(skb->csum)),
					sum16(f->out.data, f->out.len, 0));
		if (row->is == CHECKSUM_PARTIAL) {
			KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb), start);
			KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
		}
		if (row->tunnel)
			finish_inner(&f->out, start);
		if (row->is == CHECKSUM_PARTIAL)
			expect_sent_sum(&f->out, row->tunnel ? start + 16 : l4 + at);
		if (!expect_packet(test, skb, &f->out, row->desc))
			n = 300;
		kfree_skb(skb);
	}
}

static const struct zero_row {
	const char *desc;
	u8 proto;
	u16 sum;
} zero_rows[] = {
	{ "UDP", IPPROTO_UDP, 0xffff },
	{ "UDP-Lite", IPPROTO_UDPLITE, 0xffff },
	{ "TCP", IPPROTO_TCP, 0 },
	{ "DCCP", IPPROTO_DCCP, 0 },
};

static void describe_zero(const struct zero_row *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(zero, zero_rows, describe_zero);

/* The data's first two bytes are such that the new sum comes out as zero. */
static void zero_sum(struct kunit *test)
{
	const struct zero_row *row = test->param_value;
	struct fixture *f = fixture(test);
	unsigned int at = 20 + checksum_at(row->proto), word, len, n;
	struct sk_buff *skb;

	for (n = 0; n < 100; n++) {
		random_addresses(f);
		f->s = (struct shape){ .proto = row->proto, .ttl = 64, .data = 20 };
		build(f, &f->in, &f->out);
		len = f->in.len - 20;
		word = f->in.len - 20;
		set16(&f->in, at, 0);
		set16(&f->in, word, 0);
		set16(&f->in, word, checksum(f->in.data + 20, len,
					     pseudo(&f->after, false, row->proto, len)));
		memcpy(f->out.data + 20, f->in.data + 20, len);
		set16(&f->in, at, checksum(f->in.data + 20, len,
					   pseudo(&f->before, false, row->proto, len)));
		set16(&f->out, at, row->sum);
		skb = to_skb(test, &f->in, 0, PACKET_MAX, false);
		KUNIT_EXPECT_EQ(test, nat64_xlat44(skb, f->source, new_address(f)), 0);
		expect_packet(test, skb, &f->out, row->desc);
		kfree_skb(skb);
	}
}

/* A packet that ends before its checksum is left as it is, for its drop to be seen. */
static void cut_short(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(protos); i++) {
		unsigned int at = protos[i] == IPPROTO_ICMP ? 0 : checksum_at(protos[i]);

		random_addresses(f);
		f->s = (struct shape){ .proto = protos[i], .ttl = 64 };
		build(f, &f->in, &f->out);
		f->in.len = 20 + (at ? at + 1 : 0);
		f->out.len = f->in.len;
		skb = random_skb(test, f);
		KUNIT_EXPECT_EQ(test, nat64_xlat44(skb, f->source, new_address(f)),
				at ? NAT64_A_COUNTER_DROP_MALFORMED : 0);
		expect_packet(test, skb, at ? &f->in : &f->out, "cut");
		kfree_skb(skb);
	}
}

static const struct error_row {
	const char *desc;
	u8 type;
	bool is;
	unsigned int quoted;	/* bytes */
	u8 first;		/* byte of what is quoted */
	u16 frag;
} error_rows[] = {
	{ "destination unreachable", 3, true, 28, 0x45 },
	{ "source quench", 4, true, 28, 0x45 },
	{ "redirect", 5, true, 28, 0x45 },
	{ "time exceeded", 11, true, 28, 0x45 },
	{ "parameter problem", 12, true, 28, 0x45 },
	{ "its first piece", 11, true, 28, 0x45, 0x2000 },
	{ "nothing but a header quoted", 3, true, 20, 0x45 },
	{ "options quoted", 3, true, 28, 0x47 },
	{ "echo request", 8, false, 28, 0x45 },
	{ "echo reply", 0, false, 28, 0x45 },
	{ "unknown type", 100, false, 28, 0x45 },
	{ "not its first piece", 3, false, 28, 0x45, 4 },
	{ "nothing quoted", 3, false, 0 },
	{ "half a header quoted", 3, false, 19, 0x45 },
	{ "IPv6 quoted", 3, false, 40, 0x60 },
	{ "a header too short quoted", 3, false, 28, 0x44 },
};

static void describe_error(const struct error_row *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(error, error_rows, describe_error);

static void is_error(struct kunit *test)
{
	const struct error_row *row = test->param_value;
	struct fixture *f = fixture(test);
	unsigned int at, options;
	struct sk_buff *skb;
	struct iphdr quoted;

	for (options = 0; options <= 40; options += 4) {
		random_addresses(f);
		f->s = (struct shape){ .proto = IPPROTO_ICMP, .ttl = 64, .options = options,
				       .frag = row->frag };
		f->in.len = 0;
		put_head(&f->in, &f->before, &f->s, 8 + row->quoted);
		put8(&f->in, row->type);
		put_random(&f->in, &f->rnd, 7);
		put_random(&f->in, &f->rnd, row->quoted);
		at = f->in.len - row->quoted;
		f->in.data[at] = row->first;
		skb = to_skb(test, &f->in, 0, 20 + options, false);
		KUNIT_EXPECT_EQ(test, nat64_xlat44_is_error(skb, &quoted), row->is ? at : 0);
		if (row->is)
			KUNIT_EXPECT_MEMEQ(test, (const u8 *)&quoted, f->in.data + at,
					   sizeof(quoted));
		kfree_skb(skb);
	}
	/* of another protocol nothing is one */
	f->in.data[9] = IPPROTO_UDP;
	skb = to_skb(test, &f->in, 0, PACKET_MAX, false);
	KUNIT_EXPECT_EQ(test, nat64_xlat44_is_error(skb, &quoted), 0);
	kfree_skb(skb);
}

/* An error that quotes the first @len bytes. */
static void put_error(struct bytes *b, const struct bytes *quoted, unsigned int len)
{
	struct shape s = { .proto = IPPROTO_ICMP, .ttl = 64 };
	struct ends e = { .src4 = htonl(0xc0000201), .dst4 = htonl(0xc6336402) };

	b->len = 0;
	put_head(b, &e, &s, 8 + len);
	put16(b, 3 << 8 | 4);
	put16(b, 0);
	put32(b, 1400);
	put(b, quoted->data, len);
	set16(b, 22, checksum(b->data + 20, b->len - 20, 0));
}

static void quotes(struct kunit *test)
{
	static const u8 states[] = { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE };
	struct fixture *f = fixture(test);
	struct sk_buff *skb, *clone;
	unsigned int len, hdr, at, n;
	bool same = true;
	char what[80];

	for (n = 0; n < 5000 && same; n++) {
		random_shape(f);
		random_addresses(f);
		build(f, &f->quoted, &f->want);
		hdr = header_len(f);
		at = f->s.proto == IPPROTO_ICMP ? 0 : checksum_at(f->s.proto);
		len = random_below(f, 2) ? f->quoted.len :
		      20 + random_below(f, min(f->quoted.len - 19, f->s.options + 40));
		if (f->s.proto == IPPROTO_UDP && random_below(f, 4) == 0) {
			set16(&f->quoted, hdr + at, 0);
			set16(&f->want, hdr + at, 0);
		}
		/* a sum of which only a half is quoted stays */
		if (at && len < hdr + at + 2)
			memcpy(f->want.data + hdr + at, f->quoted.data + hdr + at, 2);
		put_error(&f->in, &f->quoted, len);
		put_error(&f->out, &f->want, len);
		snprintf(what, sizeof(what), "proto %u options %u, %u of %u bytes, %s", f->s.proto,
			 f->s.options, len, f->quoted.len, f->source ? "source" : "destination");

		skb = to_skb(test, &f->in, 0, random_below(f, 2) ? 20 : PACKET_MAX, false);
		skb->ip_summed = states[n % ARRAY_SIZE(states)];
		if (skb->ip_summed == CHECKSUM_COMPLETE)
			skb->csum = (__force __wsum)htons(sum16(f->in.data, f->in.len, 0));
		clone = random_below(f, 2) ? skb_clone(skb, GFP_KERNEL) : NULL;
		KUNIT_EXPECT_EQ_MSG(test,
				    nat64_xlat44_quoted(skb, 28, f->source, new_address(f)), 0,
				    "%s", what);
		same = expect_packet(test, skb, &f->out, what);
		if (skb->ip_summed == CHECKSUM_COMPLETE)
			KUNIT_EXPECT_EQ(test, (u16)~ntohs((__force __be16)csum_fold(skb->csum)),
					sum16(f->out.data, f->out.len, 0));
		if (clone)
			same &= expect_packet(test, clone, &f->in, "what the tap sees");
		kfree_skb(clone);
		kfree_skb(skb);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(packets),
	KUNIT_CASE_PARAM(sums, sum_gen_params),
	KUNIT_CASE_PARAM(zero_sum, zero_gen_params),
	KUNIT_CASE(cut_short),
	KUNIT_CASE_PARAM(is_error, error_gen_params),
	KUNIT_CASE(quotes),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-xlat44",
	.test_cases = cases,
};

kunit_test_suite(suite);
