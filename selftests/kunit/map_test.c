// SPDX-License-Identifier: GPL-2.0
/*
 * Static maps: longest match against a search through all of them, and what RFC
 * 7757 makes of the bits behind a prefix.
 */
#include "../../kernel/map.c"

#include "net.h"

static struct in6_addr v6(u32 a, u32 b, u32 c, u32 d)
{
	return (struct in6_addr){ .s6_addr32 = { htonl(a), htonl(b), htonl(c), htonl(d) } };
}

/* RFC 7757 3.3: suffixes of equal length, and IPv6 ones that are longer. */
static const struct suffix {
	const char *desc;
	u32 map6[4];
	u8 len6;
	u32 map4;
	u8 len4;
	u32 v4;
	u32 v6[4];
	u32 back6[4];		/* another one of the same IPv4 address */
} suffixes[] = {
	{ "/120 and /24", { 0x20010db8, 6 }, 120, 0xc6336400, 24,
	  0xc6336407, { 0x20010db8, 6, 0, 7 }, { 0x20010db8, 6, 0, 7 } },
	{ "/64 and /24, excess ignored", { 0x20010db8, 6 }, 64, 0xc6336400, 24,
	  0xc6336407, { 0x20010db8, 6, 0x07000000, 0 }, { 0x20010db8, 6, 0x07ffffff, 0xffffffff } },
	{ "/32 and /24", { 0x20010db8 }, 32, 0xc6336400, 24,
	  0xc63364ab, { 0x20010db8, 0xab000000 }, { 0x20010db8, 0xab123456, 1, 2 } },
	{ "/56 and /16, over a word", { 0x20010db8, 0x0a0b0c00 }, 56, 0xc6330000, 16,
	  0xc633abcd, { 0x20010db8, 0x0a0b0cab, 0xcd000000, 0 },
	  { 0x20010db8, 0x0a0b0cab, 0xcd777777, 9 } },
	{ "/96 and /0", { 0x20010db8, 0, 1 }, 96, 0, 0,
	  0x08080404, { 0x20010db8, 0, 1, 0x08080404 }, { 0x20010db8, 0, 1, 0x08080404 } },
	{ "/127 and /31", { 0x20010db8, 0, 0, 0x10 }, 127, 0xc6336410, 31,
	  0xc6336411, { 0x20010db8, 0, 0, 0x11 }, { 0x20010db8, 0, 0, 0x11 } },
	{ "/64 and /32", { 0x20010db8, 9 }, 64, 0xc6336409, 32,
	  0xc6336409, { 0x20010db8, 9 }, { 0x20010db8, 9, 0xdead, 0xbeef } },
	{ "hosts", { 0x20010db8, 1, 2, 3 }, 128, 0xc6336403, 32,
	  0xc6336403, { 0x20010db8, 1, 2, 3 }, { 0x20010db8, 1, 2, 3 } },
};

KUNIT_ARRAY_PARAM_DESC(suffix, suffixes, desc);

static void rfc7757_suffix(struct kunit *test)
{
	const struct suffix *s = test->param_value;
	struct lab *lab = lab_create(test);
	struct in6_addr pfx = v6(s->map6[0], s->map6[1], s->map6[2], s->map6[3]);
	struct in6_addr back = v6(s->back6[0], s->back6[1], s->back6[2], s->back6[3]);
	struct in6_addr want = v6(s->v6[0], s->v6[1], s->v6[2], s->v6[3]);
	struct in6_addr got6 = {};
	__be32 got4 = 0;

	KUNIT_ASSERT_EQ(test, lab_map(lab, &pfx, s->len6, s->map4, s->len4), 0);
	lab_adopt(test, lab);
	rcu_read_lock();
	KUNIT_EXPECT_NOT_NULL(test, nat64_map_4to6(&lab->nn, &lab->conf, htonl(s->v4), &got6));
	KUNIT_EXPECT_MEMEQ(test, &got6, &want, sizeof(want));
	KUNIT_EXPECT_NOT_NULL(test, nat64_map_6to4(&lab->nn, &lab->conf, &want, &got4));
	KUNIT_EXPECT_EQ(test, ntohl(got4), s->v4);
	got4 = 0;
	KUNIT_EXPECT_NOT_NULL(test, nat64_map_6to4(&lab->nn, &lab->conf, &back, &got4));
	KUNIT_EXPECT_EQ(test, ntohl(got4), s->v4);
	rcu_read_unlock();
}

#define MAPS 300

struct entry {
	struct in6_addr v6;
	u32 v4;
	u8 len6, len4;
	bool there;
};

/* The longest of all that match; -1 none. */
static int search6(const struct entry *e, const struct in6_addr *addr)
{
	int i, found = -1;

	for (i = 0; i < MAPS; i++)
		if (e[i].there && ipv6_prefix_equal(&e[i].v6, addr, e[i].len6) &&
		    (found < 0 || e[i].len6 > e[found].len6))
			found = i;
	return found;
}

static int search4(const struct entry *e, u32 addr)
{
	int i, found = -1;

	for (i = 0; i < MAPS; i++)
		if (e[i].there && !((e[i].v4 ^ addr) & ntohl(inet_make_mask(e[i].len4))) &&
		    (found < 0 || e[i].len4 > e[found].len4))
			found = i;
	return found;
}

/* Addresses that have long prefixes in common, so that maps lie in maps. */
static struct in6_addr near6(struct lab *lab)
{
	return v6(0x20010db8, prandom_u32_state(&lab->rnd) % 4, 0,
		  prandom_u32_state(&lab->rnd) % 4 << 24 | prandom_u32_state(&lab->rnd) % 16);
}

static u32 near4(struct lab *lab)
{
	return 0x0a000000 | prandom_u32_state(&lab->rnd) % 4 << 16 |
	       prandom_u32_state(&lab->rnd) % 64;
}

static void longest_match(struct kunit *test)
{
	struct entry *e = kunit_kcalloc(test, MAPS, sizeof(*e), GFP_KERNEL);
	struct lab *lab = lab_create(test);
	struct nat64_map *map;
	struct in6_addr addr6;
	int i, n, err, found;
	__be32 got4;
	u32 addr4;

	KUNIT_ASSERT_NOT_NULL(test, e);
	lab_adopt(test, lab);
	for (n = 0; n < 20000; n++) {
		i = prandom_u32_state(&lab->rnd) % MAPS;
		if (e[i].there) {
			rcu_read_lock();
			map = nat64_maps_find6(lab->conf.maps, &e[i].v6, e[i].len6);
			rcu_read_unlock();
			KUNIT_ASSERT_NOT_NULL(test, map);
			KUNIT_ASSERT_EQ(test, ntohl(map->v4), e[i].v4);
			nat64_maps_remove(lab->conf.maps, map);
			e[i].there = false;
		} else {
			e[i].len4 = 32 - prandom_u32_state(&lab->rnd) % 20;
			/* the IPv6 suffix is no shorter than the IPv4 one */
			e[i].len6 = e[i].len4 + 96 - prandom_u32_state(&lab->rnd) % 2 * 40;
			addr6 = near6(lab);
			nat64_mask6(&e[i].v6, &addr6, e[i].len6);
			e[i].v4 = near4(lab) & ntohl(inet_make_mask(e[i].len4));
			err = 0;
			for (found = 0; found < MAPS; found++)
				if (e[found].there &&
				    ((e[found].len6 == e[i].len6 &&
				      ipv6_addr_equal(&e[found].v6, &e[i].v6)) ||
				     (e[found].len4 == e[i].len4 && e[found].v4 == e[i].v4)))
					err = -EEXIST;
			/* the caller's to refuse */
			if (err)
				continue;
			err = lab_map(lab, &e[i].v6, e[i].len6, e[i].v4, e[i].len4);
			KUNIT_ASSERT_EQ(test, err, 0);
			e[i].there = true;
		}

		addr6 = near6(lab);
		addr4 = near4(lab);
		/* Nobody but this test changes the maps: they stay. */
		rcu_read_lock();
		map = nat64_map_6to4(&lab->nn, &lab->conf, &addr6, &got4);
		rcu_read_unlock();
		found = search6(e, &addr6);
		KUNIT_ASSERT_EQ(test, !map, found < 0);
		if (map)
			KUNIT_ASSERT_EQ_MSG(test, map->len6, e[found].len6, "%pI6c", &addr6);
		rcu_read_lock();
		map = nat64_map_4to6(&lab->nn, &lab->conf, htonl(addr4), &addr6);
		rcu_read_unlock();
		found = search4(e, addr4);
		KUNIT_ASSERT_EQ(test, !map, found < 0);
		if (map) {
			KUNIT_ASSERT_EQ(test, map->len4, e[found].len4);
			/* and back: the address of this map, or of a longer IPv6 prefix in it */
			KUNIT_ASSERT_TRUE(test, ipv6_prefix_equal(&addr6, &e[found].v6,
								  e[found].len6));
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(rfc7757_suffix, suffix_gen_params),
	KUNIT_CASE_SLOW(longest_match),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-map",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of maps and leases");
MODULE_LICENSE("GPL");
