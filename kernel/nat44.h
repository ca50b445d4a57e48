/* SPDX-License-Identifier: GPL-2.0 */
/*
 * 1:1 IPv4 NAT: which address is which on an interface, and remote addresses that are left alone.
 */
#ifndef NAT64_NAT44_H
#define NAT64_NAT44_H

#include <linux/refcount.h>

#include "conf.h"

/**
 * struct nat64_nat44 - rules and exclusions
 * @ref: configurations and dumps that use it
 */
struct nat64_nat44 {
	refcount_t ref;
};

struct nat64_nat44 *nat64_nat44_create(void);
struct nat64_nat44 *nat64_nat44_copy(const struct nat64_nat44 *nat44);
void nat64_nat44_get(struct nat64_nat44 *nat44);
void nat64_nat44_put(struct nat64_nat44 *nat44);
bool nat64_nat44_equal(const struct nat64_nat44 *a, const struct nat64_nat44 *b);
unsigned int nat64_nat44_count(const struct nat64_nat44 *nat44);

/* Packet path, under rcu_read_lock. */
bool nat64_nat44_out(const struct nat64_nat44 *nat44, int ifindex, __be32 internal,
		     __be32 *external);
bool nat64_nat44_in(const struct nat64_nat44 *nat44, int ifindex, __be32 external,
		    __be32 *internal);
bool nat64_nat44_covers(const struct nat64_nat44 *nat44, int ifindex);
bool nat64_nat44_excludes(const struct nat64_nat44 *nat44, __be32 remote);

#endif /* NAT64_NAT44_H */
