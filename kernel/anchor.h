/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The anchor: the link nat64, which the prefix and the pools are routed to.
 */
#ifndef NAT64_ANCHOR_H
#define NAT64_ANCHOR_H

#include "nat64.h"

struct netlink_ext_ack;

/* Make the anchor in @nn's namespace and bring it up, if there is none. Takes the RTNL; called
 * under nn->lock.
 */
int nat64_anchor_create(struct nat64_net *nn, struct netlink_ext_ack *extack);
/* Would that work, as far as one can tell before? Takes the RTNL; called under nn->lock. */
int nat64_anchor_check(struct nat64_net *nn, struct netlink_ext_ack *extack);
/* Delete it, with the routes to it, if there is one. Takes the RTNL; called under nn->lock. */
void nat64_anchor_delete(struct nat64_net *nn);

int __init nat64_anchor_init(void);
void nat64_anchor_exit(void);

#endif /* NAT64_ANCHOR_H */
