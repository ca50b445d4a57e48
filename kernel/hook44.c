// SPDX-License-Identifier: GPL-2.0
/*
 * 1:1 IPv4 NAT: where packets come in.
 *
 * What comes in by a rule's interface is translated before conntrack sees it, what leaves by it
 * after NAT and before conntrack confirms, so that conntrack knows internal addresses only.
 */
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_ipv4.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/route.h>

#include "drop.h"
#include "hook.h"
#include "nat44.h"
#include "send.h"
#include "xlat44.h"

/* An ICMP error is about a packet that went the other way. */
static unsigned int inbound_quote(const struct nat64_nat44 *nat44, struct sk_buff *skb, int ifindex,
				  unsigned int at, const struct iphdr *quoted)
{
	__be32 internal;

	if (likely(!at) || !nat64_nat44_in(nat44, ifindex, quoted->saddr, &internal))
		return 0;
	return nat64_xlat44_quoted(skb, at, true, internal);
}

static unsigned int outbound_quote(const struct nat64_nat44 *nat44, struct sk_buff *skb,
				   int ifindex)
{
	struct iphdr quoted;
	unsigned int at = nat64_xlat44_is_error(skb, &quoted);
	__be32 external;

	if (likely(!at) || !nat64_nat44_out(nat44, ifindex, quoted.daddr, &external))
		return 0;
	return nat64_xlat44_quoted(skb, at, false, external);
}

static unsigned int prerouting44(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct nat64_net *nn = priv;
	const struct nat64_conf *conf = rcu_dereference(nn->conf);
	const struct nat64_nat44 *nat44;
	unsigned int drop, at;
	struct iphdr quoted;
	__be32 internal;

	if (!conf)
		return NF_ACCEPT;
	nat44 = conf->nat44;
	if (!nat64_nat44_in(nat44, state->in->ifindex, ip_hdr(skb)->daddr, &internal) ||
	    nat64_hook_is_bridged_in(skb))
		return NF_ACCEPT;
	/* What an error is about went to whom it quotes, whichever router sends it. */
	at = nat64_xlat44_is_error(skb, &quoted);
	if (nat64_nat44_excludes(nat44, unlikely(at) ? quoted.daddr : ip_hdr(skb)->saddr))
		return NF_ACCEPT;
	drop = inbound_quote(nat44, skb, state->in->ifindex, at, &quoted);
	if (likely(!drop))
		drop = nat64_xlat44(skb, false, internal);
	return unlikely(drop) ? nat64_drop_verdict(nn, skb, drop) : NF_ACCEPT;
}

/* An internal host reaches another by its external address: what the wire would bring back comes
 * back in at once.
 */
static int turn_back(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	nat64_receive(nat64_pernet(net), skb, skb->dev);
	return 0;
}

static unsigned int postrouting44(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	struct nat64_net *nn = priv;
	const struct nat64_conf *conf = rcu_dereference(nn->conf);
	int ifindex = state->out->ifindex;
	const struct nf_hook_entries *entries;
	const struct nat64_nat44 *nat44;
	__be32 external, internal;
	unsigned int drop;

	if (!conf)
		return NF_ACCEPT;
	nat44 = conf->nat44;
	if (!nat64_nat44_covers(nat44, ifindex) ||
	    nat64_nat44_excludes(nat44, ip_hdr(skb)->daddr) || nat64_hook_is_bridged_out(skb))
		return NF_ACCEPT;
	drop = outbound_quote(nat44, skb, ifindex);
	if (likely(!drop) && nat64_nat44_out(nat44, ifindex, ip_hdr(skb)->saddr, &external))
		drop = nat64_xlat44(skb, true, external);
	if (unlikely(drop))
		return nat64_drop_verdict(nn, skb, drop);
	if (unlikely(nat64_nat44_in(nat44, ifindex, ip_hdr(skb)->daddr, &internal))) {
		entries = rcu_dereference(state->net->nf.hooks_ipv4[NF_INET_POST_ROUTING]);
		return nat64_hook_take_over(entries, postrouting44, skb, state, turn_back);
	}
	return NF_ACCEPT;
}

#ifdef CONFIG_NETFILTER_FAMILY_ARP
/* The stack does not answer for a proxy entry whose address it would route out of the same
 * interface, as it does those of a directly connected network; of ours it need not, since they are
 * translated before they are routed. That an address announces itself is no question.
 */
static unsigned int arp_in(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct nat64_net *nn = priv;
	const struct nat64_conf *conf = rcu_dereference(nn->conf);
	const struct arphdr *arp = arp_hdr(skb);
	const u8 *sender = (const u8 *)(arp + 1);
	struct net_device *dev = state->in;
	__be32 from, asked, internal;

	if (!conf || dev->type != ARPHRD_ETHER || arp->ar_op != htons(ARPOP_REQUEST) ||
	    arp->ar_pro != htons(ETH_P_IP))
		return NF_ACCEPT;
	memcpy(&from, sender + ETH_ALEN, sizeof(from));
	memcpy(&asked, sender + 2 * ETH_ALEN + sizeof(from), sizeof(asked));
	if (from == asked || !nat64_nat44_in(conf->nat44, dev->ifindex, asked, &internal) ||
	    !pneigh_lookup(&arp_tbl, state->net, &asked, dev))
		return NF_ACCEPT;
	arp_send(ARPOP_REPLY, ETH_P_ARP, from, dev, asked, sender, dev->dev_addr, sender);
	consume_skb(skb);
	return NF_STOLEN;
}
#endif

const struct nf_hook_ops nat64_hook44_ops[NAT64_HOOK44_OPS] = {
	{
		.hook = prerouting44,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_CONNTRACK - 1,
	},
	{
		.hook = postrouting44,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP_PRI_NAT_SRC + 1,
	},
#ifdef CONFIG_NETFILTER_FAMILY_ARP
	{
		.hook = arp_in,
		.pf = NFPROTO_ARP,
		.hooknum = NF_ARP_IN,
		/* after the operator's filter */
		.priority = INT_MAX,
	},
#endif
};
