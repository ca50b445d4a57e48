/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one network namespace holds. Every other header names one object of it.
 */
#ifndef NAT64_NAT64_H
#define NAT64_NAT64_H

#include <linux/bitmap.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <uapi/linux/nat64.h>

struct nat64_conf;
struct nat64_icmp_stats;
struct nat64_leases;
struct nat64_routes;
struct nat64_stats;
struct net_device;
struct nf_hook_ops;

/* Translation between the families, and 1:1 NAT. */
#define NAT64_HOOK_SETS 2

/* Values of NAT64_DIRECTION_*. */
#define NAT64_DIRECTIONS 2

/* Values of the first octet: what the packet path looks at before it looks an address up. */
#define NAT64_OCTETS 256

/**
 * struct nat64_net - nat64 in one network namespace
 * @conf: the running configuration; NULL as long as there is none
 * @anchor: the link nat64; NULL when it was never made or was deleted
 * @leases: the dynamic maps, which outlive a configuration
 * @stats: counters, per CPU
 * @icmp: more of them, made with the first hooks, under @lock
 * @own_octets: first octets of the router's own IPv4 addresses, present and past
 * @routes: which routes were found lately; made with the first hooks, under @lock
 * @net: the namespace
 * @hook_ops: the registered sets of netfilter hooks, NULL for one that is not; under @lock
 * @lock: serialises changes of all of the above; taken before the RTNL
 * @staged: open transactions, one per netlink port, under @lock
 * @generation: counts the changes of the configuration, under @lock
 *
 * The packet path reads the members before @net and takes no lock.
 */
struct nat64_net {
	struct nat64_conf __rcu *conf;
	struct net_device __rcu *anchor;
	struct nat64_leases *leases;
	struct nat64_stats __percpu *stats;
	struct nat64_icmp_stats __percpu *icmp;
	DECLARE_BITMAP(own_octets, NAT64_OCTETS);
	struct nat64_routes *routes;

	struct net *net;
	struct nf_hook_ops *hook_ops[NAT64_HOOK_SETS];
	struct mutex lock;	/* see above */
	struct list_head staged;
	unsigned int generation;
};

extern unsigned int nat64_net_id;

static inline struct nat64_net *nat64_pernet(const struct net *net)
{
	return net_generic(net, nat64_net_id);
}

#endif /* NAT64_NAT64_H */
