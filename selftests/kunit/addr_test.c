// SPDX-License-Identifier: GPL-2.0
/*
 * The RFC 6052 algorithm: the vectors of its section 2.4 and what surrounds them.
 */
#include <kunit/test.h>
#include <linux/inet.h>
#include <linux/random.h>

#include "../../kernel/addr.c"

static struct in6_addr v6(struct kunit *test, const char *text)
{
	struct in6_addr addr;

	KUNIT_ASSERT_EQ_MSG(test, in6_pton(text, -1, addr.s6_addr, -1, NULL), 1, "%s", text);
	return addr;
}

static __be32 v4(struct kunit *test, const char *text)
{
	__be32 addr;

	KUNIT_ASSERT_EQ_MSG(test, in4_pton(text, -1, (u8 *)&addr, -1, NULL), 1, "%s", text);
	return addr;
}

static struct nat64_prefix prefix(struct kunit *test, const char *text, u8 len)
{
	return (struct nat64_prefix){ .addr = v6(test, text), .len = len };
}

/* RFC 6052 2.4, tables 1 and 2 */
static const struct vector {
	const char *desc, *prefix;
	u8 len;
	const char *v4, *v6;
} vectors[] = {
	{ "/32", "2001:db8::", 32, "192.0.2.33", "2001:db8:c000:221::" },
	{ "/40", "2001:db8:100::", 40, "192.0.2.33", "2001:db8:1c0:2:21::" },
	{ "/48", "2001:db8:122::", 48, "192.0.2.33", "2001:db8:122:c000:2:2100::" },
	{ "/56", "2001:db8:122:300::", 56, "192.0.2.33", "2001:db8:122:3c0:0:221::" },
	{ "/64", "2001:db8:122:344::", 64, "192.0.2.33", "2001:db8:122:344:c0:2:2100::" },
	{ "/96", "2001:db8:122:344::", 96, "192.0.2.33", "2001:db8:122:344::192.0.2.33" },
	{ "well-known", "64:ff9b::", 96, "192.0.2.33", "64:ff9b::192.0.2.33" },
	/* every bit of the IPv4 address, none of the u-octet */
	{ "/32 ones", "2001:db8::", 32, "255.255.255.255", "2001:db8:ffff:ffff::" },
	{ "/40 ones", "2001:db8:100::", 40, "255.255.255.255", "2001:db8:1ff:ffff:ff::" },
	{ "/48 ones", "2001:db8:122::", 48, "255.255.255.255", "2001:db8:122:ffff:ff:ff00::" },
	{ "/56 ones", "2001:db8:122:300::", 56, "255.255.255.255", "2001:db8:122:3ff:ff:ffff::" },
	{ "/64 ones", "2001:db8:122:344::", 64, "255.255.255.255",
	  "2001:db8:122:344:ff:ffff:ff00::" },
	{ "/96 ones", "64:ff9b::", 96, "255.255.255.255", "64:ff9b::ffff:ffff" },
};

KUNIT_ARRAY_PARAM_DESC(vector, vectors, desc);

static void embed(struct kunit *test)
{
	const struct vector *v = test->param_value;
	struct nat64_prefix pfx = prefix(test, v->prefix, v->len);
	struct in6_addr want = v6(test, v->v6), got;

	memset(&got, 0xa5, sizeof(got));
	nat64_addr_embed(&pfx, v4(test, v->v4), &got);
	KUNIT_EXPECT_MEMEQ(test, &got, &want, sizeof(got));
}

static void extract(struct kunit *test)
{
	const struct vector *v = test->param_value;
	struct nat64_prefix pfx = prefix(test, v->prefix, v->len);
	struct in6_addr addr = v6(test, v->v6);

	KUNIT_EXPECT_TRUE(test, nat64_prefix_contains(&pfx, &addr));
	KUNIT_EXPECT_EQ(test, ntohl(nat64_addr_extract(&pfx, &addr)), ntohl(v4(test, v->v4)));
}

/* RFC 6052 2.3: the u-octet is skipped, and the suffix ignored. */
static void extract_ignores(struct kunit *test)
{
	const struct vector *v = test->param_value;
	struct nat64_prefix pfx = prefix(test, v->prefix, v->len);
	struct in6_addr addr = v6(test, v->v6);
	int last = v->len == 96 ? 16 : v->len / 8 + 5;

	if (v->len < 96)
		addr.s6_addr[8] = 0xff;
	if (v->len == 32)
		last = 9;
	memset(addr.s6_addr + last, 0xff, 16 - last);
	KUNIT_EXPECT_EQ(test, ntohl(nat64_addr_extract(&pfx, &addr)), ntohl(v4(test, v->v4)));
}

static void round_trip(struct kunit *test)
{
	static const u8 lens[] = { 32, 40, 48, 56, 64, 96 };
	int i, n;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		for (n = 0; n < 1000; n++) {
			struct nat64_prefix pfx = { .len = lens[i] };
			__be32 in = (__force __be32)get_random_u32();
			struct in6_addr random, addr;

			get_random_bytes(&random, sizeof(random));
			nat64_mask6(&pfx.addr, &random, pfx.len);
			pfx.addr.s6_addr[8] = 0;
			nat64_addr_embed(&pfx, in, &addr);
			KUNIT_ASSERT_TRUE(test, nat64_prefix_contains(&pfx, &addr));
			KUNIT_ASSERT_EQ(test, addr.s6_addr[8], 0);
			KUNIT_ASSERT_EQ(test, ntohl(nat64_addr_extract(&pfx, &addr)), ntohl(in));
		}
	}
}

/* RFC 6052 2.2: six lengths, bits 64 to 71 zero; and what can be no prefix at all. */
static const struct check {
	const char *desc, *addr;
	u8 len;
	bool good;
} checks[] = {
	{ "/32", "2001:db8::", 32, true },
	{ "/40", "2001:db8:100::", 40, true },
	{ "/48", "2001:db8:122::", 48, true },
	{ "/56", "2001:db8:122:300::", 56, true },
	{ "/64", "2001:db8:122:344::", 64, true },
	{ "/96", "2001:db8:122:344::", 96, true },
	{ "well-known", "64:ff9b::", 96, true },
	{ "local-use of RFC 8215", "64:ff9b:1::", 48, true },
	{ "unique local", "fd00:64::", 96, true },
	{ "bits after the u-octet", "2001:db8:122:344:0:1::", 96, true },
	{ "/0", "::", 0, false },
	{ "/31", "2001:db8::", 31, false },
	{ "/33", "2001:db8::", 33, false },
	{ "/72", "2001:db8::", 72, false },
	{ "/95", "2001:db8::", 95, false },
	{ "/97", "2001:db8::", 97, false },
	{ "/128", "2001:db8::", 128, false },
	{ "u-octet", "2001:db8:122:344:100::", 96, false },
	{ "u-octet, last bit", "2001:db8:122:344:8000::", 96, false },
	{ "host bits /32", "2001:db8:1::", 32, false },
	{ "host bits /64", "2001:db8::1:0:0:0", 64, false },
	{ "host bits /96", "64:ff9b::1", 96, false },
	{ "multicast", "ff0e::", 96, false },
	{ "link-local", "fe80::", 64, false },
	{ "IPv4-mapped", "::ffff:0:0", 96, false },
	{ "IPv4-compatible", "::", 96, false },
};

KUNIT_ARRAY_PARAM_DESC(check, checks, desc);

static void check(struct kunit *test)
{
	const struct check *c = test->param_value;
	struct in6_addr addr = v6(test, c->addr);
	const char *why = nat64_prefix_check(&addr, c->len);

	if (c->good)
		KUNIT_EXPECT_STREQ(test, why ?: "accepted", "accepted");
	else
		KUNIT_EXPECT_NOT_NULL(test, why);
}

static void contains(struct kunit *test)
{
	struct nat64_prefix none = {}, pfx = prefix(test, "2001:db8:100::", 40);
	struct in6_addr inside = v6(test, "2001:db8:1ff:ffff:ffff:ffff:ffff:ffff");
	struct in6_addr before = v6(test, "2001:db8:ff:ffff:ffff:ffff:ffff:ffff");
	struct in6_addr after = v6(test, "2001:db8:200::");

	KUNIT_EXPECT_TRUE(test, nat64_prefix_contains(&pfx, &pfx.addr));
	KUNIT_EXPECT_TRUE(test, nat64_prefix_contains(&pfx, &inside));
	KUNIT_EXPECT_FALSE(test, nat64_prefix_contains(&pfx, &before));
	KUNIT_EXPECT_FALSE(test, nat64_prefix_contains(&pfx, &after));
	KUNIT_EXPECT_FALSE(test, nat64_prefix_contains(&none, &inside));
}

static void well_known(struct kunit *test)
{
	struct nat64_prefix wkp = prefix(test, "64:ff9b::", 96);
	struct nat64_prefix local = prefix(test, "64:ff9b:1::", 96);
	struct nat64_prefix shorter = prefix(test, "64:ff9b::", 64);
	struct nat64_prefix none = {};

	KUNIT_EXPECT_TRUE(test, nat64_prefix_is_well_known(&wkp));
	KUNIT_EXPECT_FALSE(test, nat64_prefix_is_well_known(&local));
	KUNIT_EXPECT_FALSE(test, nat64_prefix_is_well_known(&shorter));
	KUNIT_EXPECT_FALSE(test, nat64_prefix_is_well_known(&none));
}

/* What the well-known prefix must not lead to (RFC 6052 3.1), and what no packet may carry. */
static const struct kind {
	const char *addr;
	bool private, unicast;
} kinds[] = {
	{ "8.8.8.8", false, true },
	{ "192.0.2.1", false, true },
	{ "9.255.255.255", false, true },
	{ "10.0.0.0", true, true },
	{ "10.255.255.255", true, true },
	{ "11.0.0.0", false, true },
	{ "100.63.255.255", false, true },
	{ "100.64.0.0", true, true },
	{ "100.127.255.255", true, true },
	{ "100.128.0.0", false, true },
	{ "126.255.255.255", false, true },
	{ "127.0.0.1", true, false },
	{ "127.255.255.255", true, false },
	{ "128.0.0.0", false, true },
	{ "169.253.255.255", false, true },
	{ "169.254.0.0", true, true },
	{ "169.254.255.255", true, true },
	{ "169.255.0.0", false, true },
	{ "172.15.255.255", false, true },
	{ "172.16.0.0", true, true },
	{ "172.31.255.255", true, true },
	{ "172.32.0.0", false, true },
	{ "192.167.255.255", false, true },
	{ "192.168.0.0", true, true },
	{ "192.168.255.255", true, true },
	{ "192.169.0.0", false, true },
	{ "223.255.255.255", false, true },
};

KUNIT_ARRAY_PARAM_DESC(kind, kinds, addr);

static void kind(struct kunit *test)
{
	const struct kind *k = test->param_value;
	__be32 addr = v4(test, k->addr);

	KUNIT_EXPECT_EQ(test, nat64_addr4_is_private(addr), k->private);
	KUNIT_EXPECT_EQ(test, nat64_addr4_is_unicast(addr), k->unicast);
}

static const char * const not_unicast[] = {
	"0.0.0.0", "0.255.255.255", "127.0.0.0", "224.0.0.0", "239.255.255.255", "240.0.0.0",
	"255.255.255.254", "255.255.255.255",
};

static void never_unicast(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(not_unicast); i++)
		KUNIT_EXPECT_FALSE_MSG(test, nat64_addr4_is_unicast(v4(test, not_unicast[i])),
				       "%s", not_unicast[i]);
}

static const struct host {
	const char *addr;
	bool host;
} hosts[] = {
	{ "2001:db8::1", true },
	{ "2000::", true },
	{ "3fff:ffff::1", true },
	{ "fc00::1", true },
	{ "fd00::1", true },
	{ "64:ff9b::1", true },
	{ "::", false },
	{ "::1", false },
	{ "::ffff:192.0.2.1", false },
	{ "fe80::1", false },
	{ "febf::1", false },
	{ "fec0::1", false },
	{ "ff02::1", false },
	{ "ffff::1", false },
};

KUNIT_ARRAY_PARAM_DESC(host, hosts, addr);

static void host(struct kunit *test)
{
	const struct host *h = test->param_value;
	struct in6_addr addr = v6(test, h->addr);

	KUNIT_EXPECT_EQ(test, nat64_addr6_is_host(&addr), h->host);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(embed, vector_gen_params),
	KUNIT_CASE_PARAM(extract, vector_gen_params),
	KUNIT_CASE_PARAM(extract_ignores, vector_gen_params),
	KUNIT_CASE(round_trip),
	KUNIT_CASE_PARAM(check, check_gen_params),
	KUNIT_CASE(contains),
	KUNIT_CASE(well_known),
	KUNIT_CASE_PARAM(kind, kind_gen_params),
	KUNIT_CASE(never_unicast),
	KUNIT_CASE_PARAM(host, host_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "nat64-addr",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of kernel/addr.c");
MODULE_LICENSE("GPL");
