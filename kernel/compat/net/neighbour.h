/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.17 looking up a proxy entry and making one are the same function.
 */
#ifndef NAT64_COMPAT_NET_NEIGHBOUR_H
#define NAT64_COMPAT_NET_NEIGHBOUR_H

#include <linux/version.h>
#include_next <net/neighbour.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define pneigh_lookup(tbl, net, key, dev) pneigh_lookup((tbl), (net), (key), (dev), 0)
#endif

#endif /* NAT64_COMPAT_NET_NEIGHBOUR_H */
