// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of 1:1 IPv4 NAT and exclusions. Both are prefixes, found by one look-up for each length
 * that is in use, longest first. An interface is configured by name; its rules know it by a
 * number of ours, so that nothing but one index changes when the interface comes, goes or is
 * renamed.
 */
#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "hook.h"
#include "nat44.h"

struct rule_key {
	__be32 addr;
	u32 link_id;
	u8 len;
};

static inline u32 hash_prefix(__be32 addr, u32 link_id, u8 len, u32 seed)
{
	return jhash_2words((__force u32)addr, link_id, seed ^ len);
}

static inline u32 hash_key(const void *data, u32 len, u32 seed)
{
	const struct rule_key *key = data;

	return hash_prefix(key->addr, key->link_id, key->len, seed);
}

static inline u32 hash_internal(const void *obj, u32 len, u32 seed)
{
	const struct nat64_rule *rule = obj;

	return hash_prefix(rule->internal, rule->link_id, rule->len, seed);
}

static inline u32 hash_external(const void *obj, u32 len, u32 seed)
{
	const struct nat64_rule *rule = obj;

	return hash_prefix(rule->external, rule->link_id, rule->len, seed);
}

static inline int compare_internal(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct rule_key *key = arg->key;
	const struct nat64_rule *rule = obj;

	return rule->internal != key->addr || rule->link_id != key->link_id ||
	       rule->len != key->len;
}

static inline int compare_external(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct rule_key *key = arg->key;
	const struct nat64_rule *rule = obj;

	return rule->external != key->addr || rule->link_id != key->link_id ||
	       rule->len != key->len;
}

static const struct rhashtable_params internal_params = {
	.key_len = sizeof(struct rule_key),
	.head_offset = offsetof(struct nat64_rule, by_internal),
	.hashfn = hash_key,
	.obj_hashfn = hash_internal,
	.obj_cmpfn = compare_internal,
	.automatic_shrinking = true,
};

static const struct rhashtable_params external_params = {
	.key_len = sizeof(struct rule_key),
	.head_offset = offsetof(struct nat64_rule, by_external),
	.hashfn = hash_key,
	.obj_hashfn = hash_external,
	.obj_cmpfn = compare_external,
	.automatic_shrinking = true,
};

static inline struct nat64_rule *lookup_internal(const struct nat64_rules *rules, u32 link_id,
						 __be32 addr, u8 len)
{
	struct rule_key key = { nat64_mask4(addr, len), link_id, len };

	return rhashtable_lookup((struct rhashtable *)&rules->by_internal, &key, internal_params);
}

static inline struct nat64_rule *lookup_external(const struct nat64_rules *rules, u32 link_id,
						 __be32 addr, u8 len)
{
	struct rule_key key = { nat64_mask4(addr, len), link_id, len };

	return rhashtable_lookup((struct rhashtable *)&rules->by_external, &key, external_params);
}

/* The longest length in use that is shorter than @end; @end if there is none. */
static inline unsigned int shorter(const struct nat64_rules *rules, unsigned int end)
{
	return find_last_bit(rules->lens, end);
}

/* The packet path. */

static u32 find_link_id(const struct nat64_nat44 *nat44, int ifindex)
{
	const struct nat64_link *link;

	list_for_each_entry_rcu(link, &nat44->links, list)
		if (READ_ONCE(link->ifindex) == ifindex)
			return link->id;
	return 0;
}

/**
 * nat64_nat44_out - the address that an internal host has on an interface
 * @nat44: the configuration's
 * @ifindex: the interface
 * @internal: network byte order
 * @external: result, network byte order; untouched if there is none
 *
 * Context: packet path, under rcu_read_lock().
 * Return: whether there is one.
 */
bool nat64_nat44_out(const struct nat64_nat44 *nat44, int ifindex, __be32 internal,
		     __be32 *external)
{
	u32 link_id = find_link_id(nat44, ifindex);
	unsigned int end = 33, len;
	struct nat64_rule *rule;

	if (!link_id)
		return false;
	for (; (len = shorter(&nat44->rules, end)) < end; end = len) {
		rule = lookup_internal(&nat44->rules, link_id, internal, len);
		if (!rule)
			continue;
		*external = rule->external | (internal & ~inet_make_mask(len));
		return true;
	}
	return false;
}

/**
 * nat64_nat44_in - the host that an external address is on an interface
 * @nat44: the configuration's
 * @ifindex: the interface
 * @external: network byte order
 * @internal: result, network byte order; untouched if there is none
 *
 * Context: packet path, under rcu_read_lock().
 * Return: whether there is one.
 */
bool nat64_nat44_in(const struct nat64_nat44 *nat44, int ifindex, __be32 external,
		    __be32 *internal)
{
	u32 link_id = find_link_id(nat44, ifindex);
	unsigned int end = 33, len;
	struct nat64_rule *rule;

	if (!link_id)
		return false;
	for (; (len = shorter(&nat44->rules, end)) < end; end = len) {
		rule = lookup_external(&nat44->rules, link_id, external, len);
		if (!rule)
			continue;
		*internal = rule->internal | (external & ~inet_make_mask(len));
		return true;
	}
	return false;
}

/**
 * nat64_nat44_covers - has an interface rules?
 * @nat44: the configuration's
 * @ifindex: the interface
 *
 * Context: packet path, under rcu_read_lock().
 */
bool nat64_nat44_covers(const struct nat64_nat44 *nat44, int ifindex)
{
	return find_link_id(nat44, ifindex);
}

/**
 * nat64_nat44_excludes - is a remote address to be left alone?
 * @nat44: the configuration's
 * @remote: network byte order
 *
 * Context: packet path, under rcu_read_lock().
 */
bool nat64_nat44_excludes(const struct nat64_nat44 *nat44, __be32 remote)
{
	unsigned int end = 33, len;

	if (!READ_ONCE(nat44->excludes.count))
		return false;
	for (; (len = shorter(&nat44->excludes, end)) < end; end = len)
		if (lookup_internal(&nat44->excludes, 0, remote, len))
			return true;
	return false;
}

/* Tables. */

static int rules_init(struct nat64_rules *rules)
{
	int err;

	INIT_LIST_HEAD(&rules->list);
	err = rhashtable_init(&rules->by_internal, &internal_params);
	if (err)
		return err;
	err = rhashtable_init(&rules->by_external, &external_params);
	if (err)
		rhashtable_destroy(&rules->by_internal);
	return err;
}

static void rules_destroy(struct nat64_rules *rules)
{
	struct nat64_rule *rule, *next;

	rhashtable_destroy(&rules->by_internal);
	rhashtable_destroy(&rules->by_external);
	list_for_each_entry_safe(rule, next, &rules->list, list) {
		kfree(rule);
		cond_resched();
	}
}

static int rules_insert(struct nat64_rules *rules, struct nat64_rule *rule)
{
	int err;

	err = rhashtable_insert_fast(&rules->by_internal, &rule->by_internal, internal_params);
	if (err)
		return err;
	err = rhashtable_insert_fast(&rules->by_external, &rule->by_external, external_params);
	if (err) {
		rhashtable_remove_fast(&rules->by_internal, &rule->by_internal,
				       internal_params);
		return err;
	}
	if (!rules->n[rule->len]++)
		set_bit(rule->len, rules->lens);
	WRITE_ONCE(rules->count, rules->count + 1);
	list_add_tail(&rule->list, &rules->list);
	return 0;
}

static void rules_remove(struct nat64_rules *rules, struct nat64_rule *rule)
{
	list_del(&rule->list);
	WRITE_ONCE(rules->count, rules->count - 1);
	if (!--rules->n[rule->len])
		clear_bit(rule->len, rules->lens);
	rhashtable_remove_fast(&rules->by_internal, &rule->by_internal, internal_params);
	rhashtable_remove_fast(&rules->by_external, &rule->by_external, external_params);
	kfree_rcu(rule, rcu);
}

static struct nat64_rule *find_internal(const struct nat64_rules *rules, u32 link_id, __be32 addr,
					u8 len)
{
	struct nat64_rule *rule;

	rcu_read_lock();
	rule = lookup_internal(rules, link_id, addr, len);
	rcu_read_unlock();
	return rule;
}

static struct nat64_rule *find_external(const struct nat64_rules *rules, u32 link_id, __be32 addr,
					u8 len)
{
	struct nat64_rule *rule;

	rcu_read_lock();
	rule = lookup_external(rules, link_id, addr, len);
	rcu_read_unlock();
	return rule;
}

/* Links. */

static void resolve_link(struct net *net, struct nat64_link *link)
{
	const struct net_device *dev = __dev_get_by_name(net, link->name);

	ASSERT_RTNL();
	/* Alternative names are found too, and would give an interface to two links. */
	WRITE_ONCE(link->ifindex, dev && !strcmp(dev->name, link->name) ? dev->ifindex : 0);
}

static struct nat64_link *find_link(const struct nat64_nat44 *nat44, const char *name)
{
	struct nat64_link *link;

	list_for_each_entry(link, &nat44->links, list)
		if (!strcmp(link->name, name))
			return link;
	return NULL;
}

/* The link of that name, with a rule more. */
static struct nat64_link *get_link(struct net *net, struct nat64_nat44 *nat44, const char *name)
{
	struct nat64_link *link = find_link(nat44, name);

	if (!link) {
		link = kzalloc(sizeof(*link), GFP_KERNEL_ACCOUNT);
		if (!link)
			return NULL;
		strscpy(link->name, name, sizeof(link->name));
		link->id = ++nat44->last_id;
		rtnl_lock();
		resolve_link(net, link);
		list_add_tail_rcu(&link->list, &nat44->links);
		rtnl_unlock();
	}
	link->rules++;
	return link;
}

static void put_link(struct nat64_link *link)
{
	if (--link->rules)
		return;
	rtnl_lock();
	list_del_rcu(&link->list);
	rtnl_unlock();
	kfree_rcu(link, rcu);
}

/**
 * nat64_nat44_resolve - find the interfaces of all rules
 * @net: the namespace
 * @nat44: what runs there, or is about to
 *
 * Context: process, under the RTNL.
 */
void nat64_nat44_resolve(struct net *net, struct nat64_nat44 *nat44)
{
	struct nat64_link *link;

	list_for_each_entry(link, &nat44->links, list)
		resolve_link(net, link);
}

static int notify(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net *net = dev_net(netdev_notifier_info_to_dev(ptr));
	struct nat64_net *nn = nat64_pernet(net);
	struct nat64_conf *conf;

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_UNREGISTER:
		rcu_read_lock();
		conf = rcu_dereference(nn->conf);
		if (conf)
			nat64_nat44_resolve(net, conf->nat44);
		rcu_read_unlock();
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

/* The whole. */

/**
 * nat64_nat44_create - make an empty one
 *
 * Context: process, may sleep.
 * Return: one that belongs to the caller, or NULL.
 */
struct nat64_nat44 *nat64_nat44_create(void)
{
	struct nat64_nat44 *nat44 = kzalloc(sizeof(*nat44), GFP_KERNEL_ACCOUNT);

	if (!nat44)
		return NULL;
	if (rules_init(&nat44->rules))
		goto free_nat44;
	if (rules_init(&nat44->excludes))
		goto destroy_rules;
	INIT_LIST_HEAD(&nat44->links);
	refcount_set(&nat44->ref, 1);
	return nat44;

destroy_rules:
	rules_destroy(&nat44->rules);
free_nat44:
	kfree(nat44);
	return NULL;
}

/**
 * nat64_nat44_get - take a reference
 * @nat44: one on which the caller has a reference already
 */
void nat64_nat44_get(struct nat64_nat44 *nat44)
{
	refcount_inc(&nat44->ref);
}

/**
 * nat64_nat44_put - give a reference back
 * @nat44: freed when nobody holds it; no packet sees it by then; may be NULL
 *
 * Context: process, may sleep.
 */
void nat64_nat44_put(struct nat64_nat44 *nat44)
{
	struct nat64_link *link, *next;

	if (!nat44 || !refcount_dec_and_test(&nat44->ref))
		return;
	rules_destroy(&nat44->rules);
	rules_destroy(&nat44->excludes);
	list_for_each_entry_safe(link, next, &nat44->links, list)
		kfree(link);
	kfree(nat44);
}

static struct nat64_rule *rule_dup(const struct nat64_rule *rule)
{
	struct nat64_rule *new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);

	if (!new)
		return NULL;
	new->internal = rule->internal;
	new->external = rule->external;
	new->len = rule->len;
	return new;
}

static int insert_rule(struct net *net, struct nat64_nat44 *nat44, const struct nat64_rule *want,
		       const char *name)
{
	struct nat64_rule *rule = rule_dup(want);
	int err = -ENOMEM;

	if (!rule)
		return err;
	rule->link = get_link(net, nat44, name);
	if (!rule->link)
		goto free_rule;
	rule->link_id = rule->link->id;
	err = rules_insert(&nat44->rules, rule);
	if (!err)
		return 0;
	put_link(rule->link);
free_rule:
	kfree_rcu(rule, rcu);
	return err;
}

static int insert_exclude(struct nat64_nat44 *nat44, const struct nat64_rule *want)
{
	struct nat64_rule *rule = rule_dup(want);
	int err;

	if (!rule)
		return -ENOMEM;
	err = rules_insert(&nat44->excludes, rule);
	if (err)
		kfree_rcu(rule, rcu);
	return err;
}

/**
 * nat64_nat44_copy - copy rules and exclusions
 * @net: the namespace
 * @nat44: the original
 * @rules: copy the rules
 * @excludes: copy the exclusions
 *
 * Context: process, may sleep; nat64_net->lock is held.
 * Return: one that belongs to the caller, or NULL.
 */
struct nat64_nat44 *nat64_nat44_copy(struct net *net, const struct nat64_nat44 *nat44, bool rules,
				     bool excludes)
{
	struct nat64_nat44 *copy = nat64_nat44_create();
	const struct nat64_rule *rule;

	if (!copy)
		return NULL;
	if (rules) {
		list_for_each_entry(rule, &nat44->rules.list, list)
			if (!rule->cursor && insert_rule(net, copy, rule, rule->link->name))
				goto fail;
	}
	if (excludes) {
		list_for_each_entry(rule, &nat44->excludes.list, list)
			if (!rule->cursor && insert_exclude(copy, rule))
				goto fail;
	}
	return copy;

fail:
	nat64_nat44_put(copy);
	return NULL;
}

/**
 * nat64_nat44_equal - do two say the same?
 * @a: one
 * @b: another
 *
 * Context: process; nat64_net->lock is held.
 */
bool nat64_nat44_equal(struct nat64_nat44 *a, struct nat64_nat44 *b)
{
	const struct nat64_rule *rule, *other;
	const struct nat64_link *link;

	if (a->rules.count != b->rules.count || a->excludes.count != b->excludes.count)
		return false;
	list_for_each_entry(rule, &a->rules.list, list) {
		if (rule->cursor)
			continue;
		link = find_link(b, rule->link->name);
		if (!link)
			return false;
		other = find_internal(&b->rules, link->id, rule->internal, rule->len);
		if (!other || other->external != rule->external)
			return false;
	}
	list_for_each_entry(rule, &a->excludes.list, list)
		if (!rule->cursor && !find_internal(&b->excludes, 0, rule->internal, rule->len))
			return false;
	return true;
}

/* Changes. */

static int check_prefix(struct nat64_change *change, int attr, __be32 prefix, u8 len)
{
	if (nat64_mask4(prefix, len) != prefix)
		return NAT64_REFUSE(change->info, attr, -EINVAL,
				    "%pI4/%u has bits set behind its length", &prefix, len);
	if (!nat64_addr4_is_unicast(prefix) ||
	    !nat64_addr4_is_unicast(prefix | ~inet_make_mask(len)))
		return NAT64_REFUSE(change->info, attr, -EINVAL,
				    "%pI4/%u is not a unicast address", &prefix, len);
	return 0;
}

static int check_unique(struct nat64_change *change, const struct nat64_rule *want,
			const char *name)
{
	const struct nat64_nat44 *nat44 = change->conf->nat44;
	const struct nat64_link *link = find_link(nat44, name);
	int attr = NAT64_A_NAT44_INTERNAL;
	const struct nat64_rule *rule;

	if (!link)
		return 0;
	rule = find_internal(&nat44->rules, link->id, want->internal, want->len);
	if (!rule) {
		attr = NAT64_A_NAT44_EXTERNAL;
		rule = find_external(&nat44->rules, link->id, want->external, want->len);
	}
	if (!rule)
		return 0;
	if (rule->len == 32)
		return NAT64_REFUSE(change->info, attr, -EEXIST, "%pI4 is %pI4 on %s already",
				    &rule->internal, &rule->external, name);
	return NAT64_REFUSE(change->info, attr, -EEXIST, "%pI4/%u is %pI4/%u on %s already",
			    &rule->internal, rule->len, &rule->external, rule->len, name);
}

/**
 * nat64_nat44_add - add a rule
 * @change: begun with tables_only true
 * @want: prefixes and length
 * @name: of the interface, which need not exist
 *
 * Context: process, may sleep, takes the RTNL; nat64_net->lock is held.
 * Return: 0 or an error.
 */
int nat64_nat44_add(struct nat64_change *change, const struct nat64_rule *want, const char *name)
{
	int err;

	if (!dev_valid_name(name))
		return NAT64_REFUSE(change->info, NAT64_A_NAT44_DEV, -EINVAL,
				    "\"%s\" cannot be the name of an interface", name);
	err = check_prefix(change, NAT64_A_NAT44_INTERNAL, want->internal, want->len) ?:
	      check_prefix(change, NAT64_A_NAT44_EXTERNAL, want->external, want->len) ?:
	      check_unique(change, want, name) ?:
	      nat64_change_needs(change, NAT64_HOOKS_NAT44);
	return err ?: insert_rule(change->nn->net, change->conf->nat44, want, name);
}

/**
 * nat64_nat44_del - delete a rule
 * @change: begun with tables_only true
 * @want: internal prefix and length
 * @name: of the interface
 *
 * Context: process, may sleep, takes the RTNL; nat64_net->lock is held.
 * Return: 0 or an error.
 */
int nat64_nat44_del(struct nat64_change *change, const struct nat64_rule *want, const char *name)
{
	struct nat64_nat44 *nat44 = change->conf->nat44;
	struct nat64_link *link = find_link(nat44, name);
	struct nat64_rule *rule = NULL;

	if (link)
		rule = find_internal(&nat44->rules, link->id, want->internal, want->len);
	if (!rule || rule->internal != want->internal)
		return NAT64_REFUSE(change->info, NAT64_A_NAT44_INTERNAL, -ENOENT,
				    "there is no rule for %pI4/%u on %s", &want->internal,
				    want->len, name);
	rules_remove(&nat44->rules, rule);
	put_link(link);
	return 0;
}

/**
 * nat64_exclude_add - leave remote addresses alone
 * @change: begun with tables_only true
 * @prefix: network byte order
 * @len: its length
 *
 * Context: process; nat64_net->lock is held.
 * Return: 0 or an error.
 */
int nat64_exclude_add(struct nat64_change *change, __be32 prefix, u8 len)
{
	struct nat64_rule want = { .internal = prefix, .external = prefix, .len = len };

	if (nat64_mask4(prefix, len) != prefix)
		return NAT64_REFUSE(change->info, NAT64_A_EXCLUDE_PREFIX, -EINVAL,
				    "%pI4/%u has bits set behind its length", &prefix, len);
	if (find_internal(&change->conf->nat44->excludes, 0, prefix, len))
		return NAT64_REFUSE(change->info, NAT64_A_EXCLUDE_PREFIX, -EEXIST,
				    "%pI4/%u is excluded already", &prefix, len);
	return insert_exclude(change->conf->nat44, &want);
}

/**
 * nat64_exclude_del - take an exclusion back
 * @change: begun with tables_only true
 * @prefix: network byte order
 * @len: its length
 *
 * Context: process; nat64_net->lock is held.
 * Return: 0 or an error.
 */
int nat64_exclude_del(struct nat64_change *change, __be32 prefix, u8 len)
{
	struct nat64_rules *excludes = &change->conf->nat44->excludes;
	struct nat64_rule *rule = find_internal(excludes, 0, prefix, len);

	if (!rule || rule->internal != prefix)
		return NAT64_REFUSE(change->info, NAT64_A_EXCLUDE_PREFIX, -ENOENT,
				    "%pI4/%u is not excluded", &prefix, len);
	rules_remove(excludes, rule);
	return 0;
}

/**
 * nat64_nat44_init - begin to follow the interfaces' names
 *
 * Context: module init, when the namespaces are ready.
 * Return: 0 or an error.
 */
int __init nat64_nat44_init(void)
{
	return register_netdevice_notifier(&notifier);
}

/**
 * nat64_nat44_exit - stop following them
 *
 * Context: module exit, before the namespaces end.
 */
void nat64_nat44_exit(void)
{
	unregister_netdevice_notifier(&notifier);
}
