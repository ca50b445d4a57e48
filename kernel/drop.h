/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drops: counted, shown to who watches, and freed for a reason.
 */
#ifndef NAT64_DROP_H
#define NAT64_DROP_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/dropreason.h>

#include "nat64.h"
#include "trace.h"

void __nat64_drop_look(const struct nat64_net *nn, const struct sk_buff *skb,
		       struct nat64_sight *sight);
void nat64_drop_count(const struct nat64_net *nn, const struct nat64_sight *sight,
		      unsigned int counter);
enum skb_drop_reason nat64_drop_note(const struct nat64_net *nn, const struct sk_buff *skb,
				     unsigned int counter);

/* Before a packet goes where it may be dropped: remember it, if somebody watches. */
static inline void nat64_drop_look(const struct nat64_net *nn, const struct sk_buff *skb,
				   struct nat64_sight *sight)
{
	sight->skb = NULL;
	if (trace_nat64_drop_enabled())
		__nat64_drop_look(nn, skb, sight);
}

/* Count a packet and free it. Inline, so that dropwatch names the place. */
static inline void nat64_drop(const struct nat64_net *nn, struct sk_buff *skb,
			      unsigned int counter)
{
	kfree_skb_reason(skb, nat64_drop_note(nn, skb, counter));
}

/* The same in a hook, which returns the result: a sender on this machine is told. */
static inline unsigned int nat64_drop_verdict(const struct nat64_net *nn, struct sk_buff *skb,
					      unsigned int counter)
{
	return NF_DROP_REASON(skb, nat64_drop_note(nn, skb, counter), EPERM);
}

#endif /* NAT64_DROP_H */
