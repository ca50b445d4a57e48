/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one network namespace holds. Every other header names one object of it.
 */
#ifndef NAT64_NAT64_H
#define NAT64_NAT64_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <uapi/linux/nat64.h>

struct nat64_conf;
struct nat64_leases;
struct nat64_stats;
struct net_device;
struct nf_hook_ops;

/**
 * struct nat64_net - nat64 in one network namespace
 * @conf: the running configuration; NULL as long as there is none
 * @anchor: the link nat64; NULL when it was never made or was deleted
 * @leases: the dynamic maps, which outlive a configuration
 * @stats: counters, per CPU
 * @net: the namespace
 * @hooks: which sets of netfilter hooks are registered (NAT64_HOOKS_*), under @lock
 * @xlat_ops: the registered operations of NAT64_HOOKS_XLAT, under @lock
 * @lock: serialises changes of all of the above; taken before the RTNL
 * @staged: open transactions, one per netlink port, under @lock
 *
 * The packet path reads the first four members and takes no lock.
 */
struct nat64_net {
	struct nat64_conf __rcu *conf;
	struct net_device __rcu *anchor;
	struct nat64_leases *leases;
	struct nat64_stats __percpu *stats;

	struct net *net;
	unsigned int hooks;
	struct nf_hook_ops *xlat_ops;
	struct mutex lock;
	struct list_head staged;
};

extern unsigned int nat64_net_id;

static inline struct nat64_net *nat64_pernet(const struct net *net)
{
	return net_generic(net, nat64_net_id);
}

#endif /* NAT64_NAT64_H */
