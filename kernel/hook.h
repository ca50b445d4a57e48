/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where packets come in.
 */
#ifndef NAT64_HOOK_H
#define NAT64_HOOK_H

#include <linux/etherdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>

#include "nat64.h"

enum {
	NAT64_HOOKS_XLAT = 1,	/* IPv6 POSTROUTING and IPv4 PREROUTING */
	NAT64_HOOKS_NAT44 = 2,	/* IPv4 PREROUTING and POSTROUTING, and ARP */
};

/* Register what @want names and is not registered yet; under nn->lock. */
int nat64_hooks_register(struct nat64_net *nn, unsigned int want);
/* Unregister all. On return no packet is in a hook of ours and none is queued to return to one. */
void nat64_hooks_unregister(struct nat64_net *nn);

/* On a bridge, IPv4 PREROUTING also sees what is only passing by. */
static inline bool nat64_hook_is_bridged_in(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	return nf_bridge_info_exists(skb) &&
	       !ether_addr_equal(eth_hdr(skb)->h_dest, skb->dev->dev_addr);
#else
	return false;
#endif
}

/* And so does POSTROUTING. */
static inline bool nat64_hook_is_bridged_out(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	return nf_bridge_get_physoutdev(skb);
#else
	return false;
#endif
}

typedef int (*nat64_okfn_t)(struct net *net, struct sock *sk, struct sk_buff *skb);

unsigned int nat64_hook_take_over(const struct nf_hook_entries *entries, nf_hookfn *self,
				  struct sk_buff *skb, const struct nf_hook_state *state,
				  nat64_okfn_t okfn);

/* hook44.c: PREROUTING, POSTROUTING and, where the kernel has such hooks, ARP. */
#define NAT64_HOOK44_OPS (2 + IS_ENABLED(CONFIG_NETFILTER_FAMILY_ARP))
extern const struct nf_hook_ops nat64_hook44_ops[NAT64_HOOK44_OPS];

/* Packets that the anchor is told to transmit; they are consumed. Under rcu_read_lock. */
void nat64_hook_anchor(struct nat64_net *nn, struct sk_buff *skb, struct net_device *anchor);

#endif /* NAT64_HOOK_H */
