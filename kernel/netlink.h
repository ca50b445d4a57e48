/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family, as the rest of the module sees it.
 */
#ifndef NAT64_NETLINK_H
#define NAT64_NETLINK_H

#include "nat64.h"

struct in6_addr;

/* Tell who listens what happened to a lease; any context but hard irq. @v4 and @reason 0: absent.
 */
void nat64_event_send(struct nat64_net *nn, u8 type, const struct in6_addr *v6, __be32 v4,
		      u8 reason);

int __init nat64_netlink_init(void);
void nat64_netlink_exit(void);

#endif /* NAT64_NETLINK_H */
