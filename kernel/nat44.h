/* SPDX-License-Identifier: GPL-2.0 */
/*
 * 1:1 IPv4 NAT: which address is which on an interface, and remote addresses that are left alone.
 */
#ifndef NAT64_NAT44_H
#define NAT64_NAT44_H

#include <linux/bitmap.h>
#include <linux/if.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>

#include "conf.h"

/**
 * struct nat64_link - an interface that has rules
 * @list: in nat64_nat44.links
 * @ifindex: its index; 0 as long as there is none of that name; changed under the RTNL
 * @id: what the rules' tables know it by
 * @rules: how many it has
 * @name: its name, which it keeps while the interface comes and goes
 * @rcu: frees it
 */
struct nat64_link {
	struct list_head list;
	int ifindex;
	u32 id;
	unsigned int rules;
	char name[IFNAMSIZ];
	struct rcu_head rcu;
};

/**
 * struct nat64_rule - internal and external prefix are the same hosts; or an exclusion
 * @by_internal: in the table by internal prefix
 * @by_external: in the table by external prefix
 * @internal: network byte order, bits after @len zero
 * @external: network byte order, bits after @len zero; an exclusion's is @internal
 * @link_id: of @link; 0 for an exclusion
 * @len: of both
 * @cursor: no rule: where a dump stands in the list
 * @link: the interface; NULL for an exclusion
 * @list: all rules in the order they came
 * @rcu: frees it
 *
 * The packet path reads the members before @cursor.
 */
struct nat64_rule {
	struct rhash_head by_internal;
	struct rhash_head by_external;
	__be32 internal;
	__be32 external;
	u32 link_id;
	u8 len;
	bool cursor;
	struct nat64_link *link;
	struct list_head list;
	struct rcu_head rcu;
};

/**
 * struct nat64_rules - rules of all interfaces, or all exclusions
 * @count: how many
 * @lens: which prefix lengths they have
 * @by_internal: by interface and internal prefix
 * @by_external: by interface and external prefix
 * @list: all of them, and cursors of dumps
 * @n: how many there are of each length
 */
struct nat64_rules {
	unsigned int count;
	DECLARE_BITMAP(lens, 33);
	struct rhashtable by_internal;
	struct rhashtable by_external;
	struct list_head list;
	unsigned int n[33];
};

/**
 * struct nat64_nat44 - what 1:1 NAT does
 * @links: interfaces that have rules: a handful, for which a list is the fastest table; changed
 *	under the RTNL
 * @rules: the rules
 * @excludes: remote addresses that are left alone
 * @ref: configurations and dumps that use it
 * @last_id: of a link
 *
 * Changed under nat64_net->lock. The packet path reads the first three members.
 */
struct nat64_nat44 {
	struct list_head links;
	struct nat64_rules rules;
	struct nat64_rules excludes;
	refcount_t ref;
	u32 last_id;
};

struct nat64_nat44 *nat64_nat44_create(void);
struct nat64_nat44 *nat64_nat44_copy(struct net *net, const struct nat64_nat44 *nat44, bool rules,
				     bool excludes);
void nat64_nat44_get(struct nat64_nat44 *nat44);
void nat64_nat44_put(struct nat64_nat44 *nat44);
bool nat64_nat44_equal(struct nat64_nat44 *a, struct nat64_nat44 *b);
void nat64_nat44_resolve(struct net *net, struct nat64_nat44 *nat44);
int __init nat64_nat44_init(void);
void nat64_nat44_exit(void);

int nat64_nat44_add(struct nat64_change *change, const struct nat64_rule *want, const char *name);
int nat64_nat44_del(struct nat64_change *change, const struct nat64_rule *want, const char *name);
int nat64_exclude_add(struct nat64_change *change, __be32 prefix, u8 len);
int nat64_exclude_del(struct nat64_change *change, __be32 prefix, u8 len);

static inline unsigned int nat64_nat44_count(const struct nat64_nat44 *nat44)
{
	return nat44->rules.count;
}

/* Packet path, under rcu_read_lock: the address that @internal has on an interface. */
bool nat64_nat44_out(const struct nat64_nat44 *nat44, int ifindex, __be32 internal,
		     __be32 *external);
/* The host that @external is on an interface. */
bool nat64_nat44_in(const struct nat64_nat44 *nat44, int ifindex, __be32 external,
		    __be32 *internal);
/* Has the interface rules at all? */
bool nat64_nat44_covers(const struct nat64_nat44 *nat44, int ifindex);
/* Is this remote address to be left alone? */
bool nat64_nat44_excludes(const struct nat64_nat44 *nat44, __be32 remote);

#endif /* NAT64_NAT44_H */
