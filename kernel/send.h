/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routing and sending. The only file that knows either.
 */
#ifndef NAT64_SEND_H
#define NAT64_SEND_H

#include "pkt.h"

struct rtable;

struct rtable *nat64_route4(struct net *net, const struct sk_buff *skb,
			    const struct net_device *anchor, const struct nat64_pkt *pkt,
			    __be32 *saddr);
unsigned int nat64_source4_check(const struct nat64_net *nn, const struct sk_buff *skb,
				 const struct nat64_pkt *pkt);
int nat64_source_init(void);
void nat64_source_exit(void);
bool nat64_is_local6(struct net *net, const struct in6_addr *v6);
u32 nat64_mtu6(struct net *net, const struct sk_buff *skb, struct net_device *anchor,
	       const struct nat64_pkt *pkt);
bool nat64_fits4(const struct sk_buff *skb, const struct nat64_pkt *pkt, unsigned int mtu);

void nat64_send4(struct net *net, struct sock *sk, struct sk_buff *skb, struct rtable *rt);
void nat64_send6(struct net *net, struct sk_buff *skb, struct net_device *anchor);
int nat64_routes_create(struct nat64_net *nn);
void nat64_routes_destroy(struct nat64_net *nn);
void nat64_receive(struct nat64_net *nn, struct sk_buff *skb, struct net_device *dev);

void nat64_refuse6(struct nat64_net *nn, struct sk_buff *skb, unsigned int drop, u32 info);
void nat64_refuse4(struct nat64_net *nn, struct sk_buff *skb, unsigned int drop);

#endif /* NAT64_SEND_H */
