// SPDX-License-Identifier: GPL-2.0
/*
 * 1:1 IPv4 NAT. The rules are yet to come; a configuration has room for them already.
 */
#include <linux/slab.h>

#include "nat44.h"

struct nat64_nat44 *nat64_nat44_create(void)
{
	struct nat64_nat44 *nat44 = kzalloc(sizeof(*nat44), GFP_KERNEL_ACCOUNT);

	if (nat44)
		refcount_set(&nat44->ref, 1);
	return nat44;
}

struct nat64_nat44 *nat64_nat44_copy(const struct nat64_nat44 *nat44)
{
	return nat64_nat44_create();
}

void nat64_nat44_get(struct nat64_nat44 *nat44)
{
	refcount_inc(&nat44->ref);
}

void nat64_nat44_put(struct nat64_nat44 *nat44)
{
	if (nat44 && refcount_dec_and_test(&nat44->ref))
		kfree(nat44);
}

bool nat64_nat44_equal(const struct nat64_nat44 *a, const struct nat64_nat44 *b)
{
	return true;
}

unsigned int nat64_nat44_count(const struct nat64_nat44 *nat44)
{
	return 0;
}

bool nat64_nat44_out(const struct nat64_nat44 *nat44, int ifindex, __be32 internal,
		     __be32 *external)
{
	return false;
}

bool nat64_nat44_in(const struct nat64_nat44 *nat44, int ifindex, __be32 external,
		    __be32 *internal)
{
	return false;
}

bool nat64_nat44_covers(const struct nat64_nat44 *nat44, int ifindex)
{
	return false;
}

bool nat64_nat44_excludes(const struct nat64_nat44 *nat44, __be32 remote)
{
	return false;
}
