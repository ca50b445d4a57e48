// SPDX-License-Identifier: GPL-2.0
/*
 * RFC 7915 sections 4.2, 4.3, 5.2 and 5.3: every type and code, the pointers, the
 * MTU arithmetic, and whole errors with the packet they quote, byte by byte.
 */
#include "../../kernel/xlat_icmp.c"

#include "packet.h"

static const struct nat64_settings plain;

#define ANY 0x100

/* What becomes of a type and code; what is in no row is dropped. */
static const struct row {
	const char *desc;
	u8 type;
	u16 code;
	u8 to_type;
	u16 to_code;
	enum { ZERO, MTU, POINTER, NEXT_HEADER } word;
} rows64[] = {
	/* RFC 7915 5.2 */
	{ "no route to destination", 1, 0, 3, 1 },
	{ "administratively prohibited", 1, 1, 3, 10 },
	{ "beyond scope of source address", 1, 2, 3, 1 },
	{ "address unreachable", 1, 3, 3, 1 },
	{ "port unreachable", 1, 4, 3, 3 },
	{ "packet too big", 2, ANY, 3, 4, MTU },
	{ "time exceeded", 3, ANY, 11, ANY },
	{ "erroneous header field", 4, 0, 12, 0, POINTER },
	{ "unrecognized next header", 4, 1, 3, 2 },
}, rows46[] = {
	/* RFC 7915 4.2 */
	{ "net unreachable", 3, 0, 1, 0 },
	{ "host unreachable", 3, 1, 1, 0 },
	{ "protocol unreachable", 3, 2, 4, 1, NEXT_HEADER },
	{ "port unreachable", 3, 3, 1, 4 },
	{ "fragmentation needed", 3, 4, 2, 0, MTU },
	{ "source route failed", 3, 5, 1, 0 },
	{ "net unknown", 3, 6, 1, 0 },
	{ "host unknown", 3, 7, 1, 0 },
	{ "source host isolated", 3, 8, 1, 0 },
	{ "net prohibited", 3, 9, 1, 1 },
	{ "host prohibited", 3, 10, 1, 1 },
	{ "net unreachable for TOS", 3, 11, 1, 0 },
	{ "host unreachable for TOS", 3, 12, 1, 0 },
	{ "communication prohibited", 3, 13, 1, 1 },
	/* 14, host precedence violation, is dropped */
	{ "precedence cutoff", 3, 15, 1, 1 },
	{ "time exceeded", 11, ANY, 3, ANY },
	{ "pointer indicates the error", 12, 0, 4, 0, POINTER },
	{ "bad length", 12, 2, 4, 0, POINTER },
};

static const struct row *find(const struct row *rows, int n, u8 type, u8 code)
{
	int i;

	for (i = 0; i < n; i++)
		if (rows[i].type == type && (rows[i].code == ANY || rows[i].code == code))
			return &rows[i];
	return NULL;
}

static void check_row(struct kunit *test, const struct row *row, u8 type, u8 code, bool known,
		      const struct error *to)
{
	KUNIT_ASSERT_EQ_MSG(test, known, !!row, "type %u code %u", type, code);
	if (!row)
		return;
	KUNIT_EXPECT_EQ_MSG(test, to->type, row->to_type, "type %u code %u", type, code);
	KUNIT_EXPECT_EQ_MSG(test, to->code, row->to_code == ANY ? code : row->to_code,
			    "type %u code %u", type, code);
}

static void every_code_64(struct kunit *test)
{
	const struct row *row;
	struct error to;
	int type, code;
	bool known;

	for (type = 0; type < 256; type++) {
		for (code = 0; code < 256; code++) {
			row = find(rows64, ARRAY_SIZE(rows64), type, code);
			known = error_64(type, code, &to);
			check_row(test, row, type, code, known, &to);
		}
	}
}

static void every_code_46(struct kunit *test)
{
	const struct row *row;
	struct error to;
	int type, code;
	bool known;

	for (type = 0; type < 256; type++) {
		for (code = 0; code < 256; code++) {
			row = find(rows46, ARRAY_SIZE(rows46), type, code);
			known = error_46(type, code, &to);
			check_row(test, row, type, code, known, &to);
		}
	}
}

/* RFC 7915 figures 3 and 6; -1: no counterpart, dropped. */
static int figure3(unsigned int p)
{
	switch (p) {
	case 0: return 0;		/* version, header length */
	case 1: return 1;		/* type of service */
	case 2: case 3: return 4;	/* total length: payload length */
	case 8: return 7;		/* time to live: hop limit */
	case 9: return 6;		/* protocol: next header */
	case 12 ... 15: return 8;	/* source address */
	case 16 ... 19: return 24;	/* destination address */
	default: return -1;		/* identification, flags, offset, checksum, options */
	}
}

static int figure6(unsigned int p)
{
	switch (p) {
	case 0: return 0;
	case 1: return 1;
	case 4: case 5: return 2;
	case 6: return 9;
	case 7: return 8;
	case 8 ... 23: return 12;
	case 24 ... 39: return 16;
	default: return -1;		/* flow label, behind the header */
	}
}

static void pointers_46(struct kunit *test)
{
	struct error to = { .type = 4, .word = WORD_POINTER };
	struct nat64_pkt *pkt = kunit_kzalloc(test, sizeof(*pkt), GFP_KERNEL);
	unsigned int p;
	__be32 word;

	KUNIT_ASSERT_NOT_NULL(test, pkt);
	for (p = 0; p < 256; p++) {
		/* the rest of the word is not the pointer's */
		pkt->icmp_info = htonl(p << 24 | 0x00bbcc);
		if (figure3(p) < 0) {
			KUNIT_EXPECT_FALSE_MSG(test, error_word_46(pkt, &to, &word),
					       "pointer %u", p);
			continue;
		}
		KUNIT_EXPECT_TRUE_MSG(test, error_word_46(pkt, &to, &word), "pointer %u", p);
		KUNIT_EXPECT_EQ_MSG(test, (int)ntohl(word), figure3(p), "pointer %u", p);
	}
}

static void pointers_64(struct kunit *test)
{
	struct error to = { .type = 12, .word = WORD_POINTER };
	struct nat64_pkt *pkt = kunit_kzalloc(test, sizeof(*pkt), GFP_KERNEL);
	static const u32 far[] = { 256, 0x10000, 0x01000001, 0xffffffff };
	unsigned int p;
	__be32 word;

	KUNIT_ASSERT_NOT_NULL(test, pkt);
	for (p = 0; p < 256; p++) {
		pkt->icmp_info = htonl(p);
		if (figure6(p) < 0) {
			KUNIT_EXPECT_FALSE_MSG(test, error_word_64(pkt, &to, &word),
					       "pointer %u", p);
			continue;
		}
		KUNIT_EXPECT_TRUE_MSG(test, error_word_64(pkt, &to, &word), "pointer %u", p);
		KUNIT_EXPECT_EQ_MSG(test, (int)ntohl(word), figure6(p) << 24, "pointer %u", p);
	}
	for (p = 0; p < ARRAY_SIZE(far); p++) {
		pkt->icmp_info = htonl(far[p]);
		KUNIT_EXPECT_FALSE_MSG(test, error_word_64(pkt, &to, &word),
				       "pointer %x", far[p]);
	}
}

/* Links in 0: not known. */
static const struct mtu {
	const char *desc;
	u32 told, in, out;
	unsigned int length;	/* of the quoted packet */
	u32 want;
} mtus64[] = {
	/* RFC 7915 5.2: minimum(MTU - 20, IPv4 next hop's MTU, IPv6 next hop's MTU - 20) */
	{ "1280", 1280, 1500, 1500, 1400, 1260 },
	{ "1500", 1500, 1500, 1500, 1501, 1480 },
	{ "the IPv4 link is smaller", 1500, 9000, 1400, 1501, 1400 },
	{ "the IPv6 link is smaller", 9000, 1500, 9000, 9001, 1480 },
	{ "links not known", 1400, 0, 0, 1401, 1380 },
	{ "more than 16 bits", 0x12345678, 0, 0, 1401, 65535 },
}, mtus46[] = {
	/* RFC 7915 4.2: maximum(1280, minimum(MTU + 20, IPv6 next hop's MTU,
	 * IPv4 next hop's MTU + 20))
	 */
	{ "1500", 1500, 9000, 9000, 9000, 1520 },
	{ "1480", 1480, 1500, 1500, 1500, 1500 },
	{ "the IPv6 link is smaller", 1500, 9000, 1400, 1501, 1400 },
	{ "the IPv4 link is smaller", 9000, 1500, 9000, 9001, 1520 },
	{ "below the minimum", 576, 1500, 1500, 1500, 1280 },
	{ "just below the minimum", 1259, 1500, 1500, 1500, 1280 },
	{ "the minimum", 1260, 1500, 1500, 1500, 1280 },
	{ "just above the minimum", 1261, 1500, 1500, 1500, 1281 },
	{ "links not known", 1400, 0, 0, 1401, 1420 },
	{ "largest", 65535, 0, 0, 65535, 65555 },
	/* RFC 1191 section 7: the plateau below the length of what did not fit */
	{ "plateau of 65535", 0, 0, 0, 65535, 32020 },
	{ "plateau of 32001", 0, 0, 0, 32001, 32020 },
	{ "plateau of 32000", 0, 0, 0, 32000, 17934 },
	{ "plateau of 9000", 0, 0, 0, 9000, 8186 },
	{ "plateau of 8166", 0, 0, 0, 8166, 4372 },
	{ "plateau of 4000", 0, 0, 0, 4000, 2022 },
	{ "plateau of 1500", 0, 0, 0, 1500, 1512 },
	{ "plateau of 1492", 0, 0, 0, 1492, 1280 },
	{ "plateau of 600", 0, 0, 0, 600, 1280 },
	{ "plateau of 20", 0, 0, 0, 20, 1280 },
	{ "plateau and link", 0, 1500, 1400, 9000, 1400 },
};

KUNIT_ARRAY_PARAM_DESC(mtu64, mtus64, desc);

KUNIT_ARRAY_PARAM_DESC(mtu46, mtus46, desc);

static void mtu(struct kunit *test, bool to_v6)
{
	struct nat64_pkt *pkt = kunit_kzalloc(test, sizeof(*pkt), GFP_KERNEL);
	const struct mtu *m = test->param_value;
	struct error to = { .word = WORD_MTU };
	__be32 word;

	KUNIT_ASSERT_NOT_NULL(test, pkt);
	pkt->icmp_info = htonl(m->told);
	pkt->mtu_in = m->in;
	pkt->mtu_out = m->out;
	pkt->inner.len = m->length;
	KUNIT_EXPECT_TRUE(test, to_v6 ? error_word_46(pkt, &to, &word) :
					error_word_64(pkt, &to, &word));
	KUNIT_EXPECT_EQ(test, ntohl(word), m->want);
}

static void mtu_of_error_64(struct kunit *test)
{
	mtu(test, false);
}

static void mtu_of_error_46(struct kunit *test)
{
	mtu(test, true);
}

/* --- whole errors */

struct fixture {
	struct bytes in, out, quote, l4, l4_out;
	struct nat64_pkt pkt;
	struct ends outer, inner;
	struct rnd_state rnd;
	struct sk_buff *skb;
};

static struct fixture *fixture(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	seed(test, &f->rnd);
	return f;
}

/* An error that quotes a packet of @proto with @data bytes, of whose transport
 * part @quoted are there, and @ext bytes of extension behind it.
 */
struct shape {
	u8 type, code;
	u32 info;
	u8 proto;
	unsigned int data, quoted, ext;
	bool frag;		/* the quoted packet is the first piece of a larger one */
	bool df;		/* of a quoted IPv4 packet */
	u16 id;
};

static void finish_icmp(struct bytes *b, unsigned int at, bool v6, const struct ends *e)
{
	u32 sum = v6 ? pseudo(e, true, IPPROTO_ICMPV6, b->len - at) : 0;

	set16(b, at + 2, 0);
	set16(b, at + 2, checksum(b->data + at, b->len - at, sum));
}

static void put_zero(struct bytes *b, unsigned int len)
{
	while (len--)
		put8(b, 0);
}

/* The packet that is quoted: complete in @l4 and translated in @l4_out, then cut. */
static void build_quoted(struct fixture *f, const struct shape *s, bool v6)
{
	u8 proto = s->proto == IPPROTO_ICMP && v6 ? IPPROTO_ICMPV6 : s->proto;

	random_ends(&f->outer, &f->rnd);
	random_ends(&f->inner, &f->rnd);
	f->l4.len = 0;
	f->l4_out.len = 0;
	put_l4(&f->l4, &f->rnd, &f->inner, v6, proto, s->data);
	put_l4_translated(&f->l4_out, &f->inner, !v6, proto, f->l4.data, f->l4.len);
}

/* An ICMPv6 error, and RFC 7915's idea of it. */
static void build64(struct fixture *f, const struct shape *s, u8 to_type, u8 to_code, u32 word)
{
	unsigned int whole = f->l4.len, there = min(s->quoted, whole), padded, room, at, keep;
	u8 proto = s->proto == IPPROTO_ICMP ? IPPROTO_ICMPV6 : s->proto;

	f->in.len = 0;
	put_ip6(&f->in, &f->outer, 0, IPPROTO_ICMPV6, 64, 0);
	put8(&f->in, s->type);
	put8(&f->in, s->code);
	put16(&f->in, 0);
	put32(&f->in, s->info);
	put_ip6(&f->in, &f->inner, 0x12, s->frag ? NEXTHDR_FRAGMENT : proto, 3,
		whole + (s->frag ? 8 : 0));
	if (s->frag)
		put_frag6(&f->in, proto, 0, true, 0x12340000 | s->id);
	put(&f->in, f->l4.data, there);
	padded = there;
	if (s->ext) {
		/* RFC 4884 3: zeroes up to a multiple of eight, 128 at least */
		unsigned int quote = f->in.len - 48;

		put_zero(&f->in, max(ALIGN(quote, 8), 128U) - quote);
		padded += f->in.len - 48 - quote;
		f->in.data[44] = (f->in.len - 48) / 8;
		put_random(&f->in, &f->rnd, s->ext);
	}
	set16(&f->in, 4, f->in.len - 40);
	finish_icmp(&f->in, 40, true, &f->outer);

	/* 576 bytes at most */
	f->out.len = 0;
	room = 576 - 20 - 8 - 20;
	keep = min(padded, room);
	at = 20;
	put_ip4(&f->out, &f->outer, 0, IPPROTO_ICMP, 64, 0, 0, 0x4000);
	put8(&f->out, to_type);
	put8(&f->out, to_code);
	put16(&f->out, 0);
	put32(&f->out, word);
	put_ip4(&f->out, &f->inner, 0x12, s->proto, 3, whole + 20, s->frag ? s->id : 0,
		s->frag ? 0x2000 : whole + 20 > 1260 ? 0x4000 : 0);
	if (s->ext) {
		/* a multiple of four now */
		keep = max(ALIGN(20 + padded, 4), 128U) - 20;
		if (keep + s->ext > room)
			keep = ALIGN_DOWN(room + 20 - s->ext, 4) - 20;
	}
	put(&f->out, f->l4_out.data, min(there, keep));
	put_zero(&f->out, keep - min(there, keep));
	if (s->ext) {
		f->out.data[at + 5] = (keep + 20) / 4;
		put(&f->out, f->in.data + f->in.len - s->ext, s->ext);
	}
	set16(&f->out, 2, f->out.len);
	set16(&f->out, 10, 0);
	set16(&f->out, 10, checksum(f->out.data, 20, 0));
	finish_icmp(&f->out, at, false, NULL);
}

/* An ICMP error, likewise. @ext_kept: the ICMPv6 error has a place for its length. */
static void build46(struct fixture *f, const struct shape *s, u8 to_type, u8 to_code, u32 word,
		    bool ext_kept)
{
	unsigned int whole = f->l4.len, there = min(s->quoted, whole), padded, room, hdr;
	unsigned int keep, fits;
	u8 proto = s->proto == IPPROTO_ICMP ? IPPROTO_ICMPV6 : s->proto;

	f->in.len = 0;
	put_ip4(&f->in, &f->outer, 0, IPPROTO_ICMP, 64, 0, 0, 0);
	put8(&f->in, s->type);
	put8(&f->in, s->code);
	put16(&f->in, 0);
	put32(&f->in, s->info);
	put_ip4(&f->in, &f->inner, 0x12, s->proto, 3, whole + 20, s->id,
		s->frag ? 0x2000 : s->df ? 0x4000 : 0);
	put(&f->in, f->l4.data, there);
	padded = there;
	if (s->ext) {
		unsigned int quote = f->in.len - 28;

		put_zero(&f->in, max(ALIGN(quote, 4), 128U) - quote);
		padded += f->in.len - 28 - quote;
		f->in.data[25] = (f->in.len - 28) / 4;
		put_random(&f->in, &f->rnd, s->ext);
	}
	set16(&f->in, 2, f->in.len);
	set16(&f->in, 10, 0);
	set16(&f->in, 10, checksum(f->in.data, 20, 0));
	finish_icmp(&f->in, 20, false, NULL);

	hdr = s->frag ? 48 : 40;
	room = 1280 - 40 - 8 - hdr;
	f->out.len = 0;
	put_ip6(&f->out, &f->outer, 0, IPPROTO_ICMPV6, 64, 0);
	put8(&f->out, to_type);
	put8(&f->out, to_code);
	put16(&f->out, 0);
	put32(&f->out, word);
	put_ip6(&f->out, &f->inner, 0x12, s->frag ? NEXTHDR_FRAGMENT : proto, 3,
		whole + hdr - 40);
	if (s->frag)
		put_frag6(&f->out, proto, 0, true, s->id);
	keep = min(padded, room);
	if (s->ext && ext_kept) {
		keep = max(ALIGN(hdr + padded, 8), 128U) - hdr;
		if (keep + s->ext > room)
			keep = ALIGN_DOWN(room + hdr - s->ext, 8) - hdr;
	}
	fits = min(there, keep);
	put(&f->out, f->l4_out.data, fits);
	put_zero(&f->out, keep - fits);
	if (s->ext && ext_kept) {
		f->out.data[44] = (keep + hdr) / 8;
		put(&f->out, f->in.data + f->in.len - s->ext, s->ext);
	}
	set16(&f->out, 4, f->out.len - 40);
	finish_icmp(&f->out, 40, true, &f->outer);
}

static unsigned int translate(struct kunit *test, struct fixture *f, bool v6, unsigned int headroom)
{
	unsigned int drop;

	f->skb = to_skb(test, &f->in, headroom, v6 ? 40 : 20, v6);
	drop = v6 ? nat64_parse6(f->skb, &f->pkt) : nat64_parse4(f->skb, &f->pkt);
	if (drop)
		return drop;
	f->pkt.mtu_in = 0;
	f->pkt.mtu_out = 0;
	if (v6) {
		f->pkt.outer.src4 = f->outer.src4;
		f->pkt.outer.dst4 = f->outer.dst4;
		f->pkt.inner.src4 = f->inner.src4;
		f->pkt.inner.dst4 = f->inner.dst4;
		drop = nat64_xlat_64(f->skb, &plain, &f->pkt, true);
		/* ip_local_out()'s share */
		ip_send_check(ip_hdr(f->skb));
		return drop;
	}
	f->pkt.outer.src6 = f->outer.src6;
	f->pkt.outer.dst6 = f->outer.dst6;
	f->pkt.inner.src6 = f->inner.src6;
	f->pkt.inner.dst6 = f->inner.dst6;
	return nat64_xlat_46(f->skb, &plain, &f->pkt, false);
}

static const u8 protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_SCTP, IPPROTO_ICMP, IPPROTO_ESP,
};

static void random_shape(struct shape *s, struct rnd_state *rnd)
{
	static const unsigned int quotes[] = { 8, 8, 20, 64, 400, 512, 1100, 1232 };

	*s = (struct shape){
		.proto = protos[prandom_u32_state(rnd) % ARRAY_SIZE(protos)],
		.data = prandom_u32_state(rnd) % 1400,
		.quoted = quotes[prandom_u32_state(rnd) % ARRAY_SIZE(quotes)] +
			  prandom_u32_state(rnd) % 3 * 4,
		.frag = prandom_u32_state(rnd) % 4 == 0,
		.df = prandom_u32_state(rnd) % 2,
		.id = prandom_u32_state(rnd),
		.ext = prandom_u32_state(rnd) % 2 ? 0 : 8 + prandom_u32_state(rnd) % 30 * 4,
	};
	/* padding before an extension cannot be told from a header's zeroes */
	if (s->ext)
		s->quoted = max(s->quoted, 20U);
}

static void errors_64(struct kunit *test)
{
	struct fixture *f = fixture(test);
	const struct row *row;
	struct shape s;
	bool same = true;
	char what[120];
	u32 word;
	u8 code;
	int i;

	for (i = 0; i < 2000 && same; i++) {
		row = &rows64[prandom_u32_state(&f->rnd) % ARRAY_SIZE(rows64)];
		random_shape(&s, &f->rnd);
		code = prandom_u32_state(&f->rnd) % 2;
		s.type = row->type;
		s.code = row->code == ANY ? code : row->code;
		/* only these two have room for a length (RFC 4884 4.4, 4.5) */
		if (s.type != 1 && s.type != 3)
			s.ext = 0;
		word = 0;
		if (row->word == MTU) {
			s.info = 1400;
			word = 1380;
		} else if (row->word == POINTER) {
			s.info = 7;
			word = 8 << 24;
		}
		build_quoted(f, &s, true);
		build64(f, &s, row->to_type, row->to_code == ANY ? s.code : row->to_code, word);
		snprintf(what, sizeof(what), "%s, proto %u data %u quoted %u ext %u frag %d",
			 row->desc, s.proto, s.data, s.quoted, s.ext, s.frag);
		KUNIT_EXPECT_EQ_MSG(test, translate(test, f, true, 0), 0, "%s", what);
		same = expect_packet(test, f->skb, &f->out, what);
		kfree_skb(f->skb);
	}
}

static void errors_46(struct kunit *test)
{
	struct fixture *f = fixture(test);
	const struct row *row;
	struct shape s;
	bool same = true;
	char what[120];
	u32 word;
	u8 code;
	int i;

	for (i = 0; i < 2000 && same; i++) {
		row = &rows46[prandom_u32_state(&f->rnd) % ARRAY_SIZE(rows46)];
		random_shape(&s, &f->rnd);
		code = prandom_u32_state(&f->rnd) % 2;
		s.type = row->type;
		s.code = row->code == ANY ? code : row->code;
		/* the length is eight bits of four bytes each (RFC 4884 4.1) */
		if (s.ext)
			s.quoted = min(s.quoted, 255U * 4 - 20);
		word = 0;
		if (row->word == MTU) {
			s.info = 1380;
			word = 1400;
		} else if (row->word == POINTER) {
			s.info = 8 << 24;
			word = 7;
		} else if (row->word == NEXT_HEADER) {
			word = 6;
		}
		build_quoted(f, &s, false);
		build46(f, &s, row->to_type, row->to_code == ANY ? s.code : row->to_code, word,
			row->word == ZERO);
		snprintf(what, sizeof(what), "%s, proto %u data %u quoted %u ext %u frag %d",
			 row->desc, s.proto, s.data, s.quoted, s.ext, s.frag);
		KUNIT_EXPECT_EQ_MSG(test, translate(test, f, false,
						    prandom_u32_state(&f->rnd) % 128), 0,
				    "%s", what);
		same = expect_packet(test, f->skb, &f->out, what);
		kfree_skb(f->skb);
	}
}

/* RFC 7915 4.3, 5.3: an error about an error is not translated; only echoes are asked about. */
static void error_about_error(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct shape s = { .type = 3, .proto = IPPROTO_ICMP, .data = 56, .quoted = 64 };
	int type;

	for (type = 0; type < 256; type++) {
		build_quoted(f, &s, true);
		f->l4.data[0] = type;
		build64(f, &s, 11, 0, 0);
		KUNIT_EXPECT_EQ_MSG(test, translate(test, f, true, 0),
				    type == 128 || type == 129 ? 0 :
				    NAT64_A_COUNTER_DROP_ICMP_QUOTE,
				    "ICMPv6 type %d", type);
		kfree_skb(f->skb);
	}
	s.type = 11;
	for (type = 0; type < 256; type++) {
		build_quoted(f, &s, false);
		f->l4.data[0] = type;
		build46(f, &s, 3, 0, 0, true);
		KUNIT_EXPECT_EQ_MSG(test, translate(test, f, false, 0),
				    type == 0 || type == 8 ? 0 : NAT64_A_COUNTER_DROP_ICMP_QUOTE,
				    "ICMP type %d", type);
		kfree_skb(f->skb);
	}
}

/* RFC 7915 4.2, 5.2: nothing but echo and errors. */
static void no_other_type(struct kunit *test)
{
	struct fixture *f = fixture(test);
	unsigned int drop;
	int type;

	random_ends(&f->outer, &f->rnd);
	for (type = 128; type < 256; type++) {
		f->in.len = 0;
		put_ip6(&f->in, &f->outer, 0, IPPROTO_ICMPV6, 64, 8);
		put_l4(&f->in, &f->rnd, &f->outer, true, IPPROTO_ICMPV6, 0);
		f->in.data[40] = type;
		finish_icmp(&f->in, 40, true, &f->outer);
		drop = translate(test, f, true, 0);
		KUNIT_EXPECT_EQ_MSG(test, drop, type < 130 ? 0 : NAT64_A_COUNTER_DROP_ICMP_TYPE,
				    "ICMPv6 type %d", type);
		kfree_skb(f->skb);
	}
	for (type = 0; type < 256; type++) {
		if (type == 3 || type == 11 || type == 12)
			continue;
		f->in.len = 0;
		put_ip4(&f->in, &f->outer, 0, IPPROTO_ICMP, 64, 28, 0, 0);
		put_l4(&f->in, &f->rnd, &f->outer, false, IPPROTO_ICMP, 0);
		f->in.data[20] = type;
		finish_icmp(&f->in, 20, false, NULL);
		drop = translate(test, f, false, 0);
		KUNIT_EXPECT_EQ_MSG(test, drop,
				    type == 0 || type == 8 ? 0 : NAT64_A_COUNTER_DROP_ICMP_TYPE,
				    "ICMP type %d", type);
		kfree_skb(f->skb);
	}
}

/* A wrong checksum would come out as a right one. */
static void bad_checksum(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct shape s = { .type = 3, .proto = IPPROTO_UDP, .data = 56, .quoted = 64 };
	unsigned int i;

	build_quoted(f, &s, true);
	for (i = 40; i < 152; i += 7) {
		build64(f, &s, 11, 0, 0);
		f->in.data[i] ^= 0x10;
		KUNIT_EXPECT_EQ_MSG(test, translate(test, f, true, 0),
				    NAT64_A_COUNTER_DROP_ICMP_CHECKSUM, "ICMPv6 byte %u", i);
		kfree_skb(f->skb);
	}
	s.type = 11;
	build_quoted(f, &s, false);
	for (i = 20; i < 112; i += 7) {
		build46(f, &s, 3, 0, 0, true);
		f->in.data[i] ^= 0x10;
		KUNIT_EXPECT_EQ_MSG(test, translate(test, f, false, 0),
				    NAT64_A_COUNTER_DROP_ICMP_CHECKSUM, "ICMP byte %u", i);
		kfree_skb(f->skb);
	}
}

/* However little is quoted: translated or dropped, never read beyond. KASAN watches. */
static void short_quotes(struct kunit *test)
{
	struct fixture *f = fixture(test);
	struct shape s = { .proto = IPPROTO_TCP, .data = 56, .quoted = 76 };
	unsigned int drop;
	unsigned int len;

	for (len = 48; len <= 48 + 40 + 76; len++) {
		s.type = 3;
		build_quoted(f, &s, true);
		build64(f, &s, 11, 0, 0);
		f->in.len = len;
		set16(&f->in, 4, len - 40);
		finish_icmp(&f->in, 40, true, &f->outer);
		drop = translate(test, f, true, 0);
		if (len < 48 + 40)
			KUNIT_EXPECT_EQ_MSG(test, drop, NAT64_A_COUNTER_DROP_ICMP_QUOTE, "%u", len);
		else
			KUNIT_EXPECT_EQ_MSG(test, drop, 0, "%u", len);
		kfree_skb(f->skb);
	}
	for (len = 28; len <= 28 + 20 + 76; len++) {
		s.type = 11;
		build_quoted(f, &s, false);
		build46(f, &s, 3, 0, 0, true);
		f->in.len = len;
		set16(&f->in, 2, len);
		set16(&f->in, 10, 0);
		set16(&f->in, 10, checksum(f->in.data, 20, 0));
		finish_icmp(&f->in, 20, false, NULL);
		drop = translate(test, f, false, 0);
		if (len < 28 + 20)
			KUNIT_EXPECT_EQ_MSG(test, drop, NAT64_A_COUNTER_DROP_ICMP_QUOTE, "%u", len);
		else
			KUNIT_EXPECT_EQ_MSG(test, drop, 0, "%u", len);
		kfree_skb(f->skb);
	}
}

/* Any bytes with a right checksum: no crash, and what comes out is consistent. */
static void noise(struct kunit *test)
{
	struct fixture *f = fixture(test);
	unsigned int i, done = 0;
	struct shape s;

	for (i = 0; i < 6000; i++) {
		bool v6 = i % 2;
		unsigned int hdr = v6 ? 40 : 20, n;

		random_shape(&s, &f->rnd);
		s.type = v6 ? 1 + prandom_u32_state(&f->rnd) % 4 : 11;
		build_quoted(f, &s, v6);
		if (v6)
			build64(f, &s, 0, 0, 0);
		else
			build46(f, &s, 0, 0, 0, true);
		for (n = prandom_u32_state(&f->rnd) % 4; n; n--)
			f->in.data[hdr + 4 + prandom_u32_state(&f->rnd) % 60] =
				prandom_u32_state(&f->rnd);
		finish_icmp(&f->in, hdr, v6, &f->outer);
		if (translate(test, f, v6, 64) == 0) {
			done++;
			KUNIT_ASSERT_EQ(test, skb_linearize(f->skb), 0);
			f->out.len = 0;
			put(&f->out, f->skb->data, f->skb->len);
			hdr = v6 ? 20 : 40;
			KUNIT_EXPECT_LE(test, f->out.len, v6 ? 576 : 1280);
			KUNIT_EXPECT_EQ(test, get16(f->out.data + (v6 ? 2 : 4)),
					f->out.len - (v6 ? 0 : 40));
			n = get16(f->out.data + hdr + 2);
			finish_icmp(&f->out, hdr, !v6, &f->outer);
			KUNIT_EXPECT_EQ(test, n, get16(f->out.data + hdr + 2));
		}
		kfree_skb(f->skb);
	}
	/* and most of it was not simply refused */
	KUNIT_EXPECT_GT(test, done, 1000);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_code_64),
	KUNIT_CASE(every_code_46),
	KUNIT_CASE(pointers_64),
	KUNIT_CASE(pointers_46),
	KUNIT_CASE_PARAM(mtu_of_error_64, mtu64_gen_params),
	KUNIT_CASE_PARAM(mtu_of_error_46, mtu46_gen_params),
	KUNIT_CASE(errors_64),
	KUNIT_CASE(errors_46),
	KUNIT_CASE(error_about_error),
	KUNIT_CASE(no_other_type),
	KUNIT_CASE(bad_checksum),
	KUNIT_CASE(short_quotes),
	KUNIT_CASE(noise),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-xlat-icmp",
	.test_cases = cases,
};

kunit_test_suite(suite);
