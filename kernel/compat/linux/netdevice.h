/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transmission without the queue's lock: a feature bit before 6.12, a member since.
 */
#ifndef NAT64_COMPAT_LINUX_NETDEVICE_H
#define NAT64_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

static inline void netdev_set_lltx(struct net_device *dev)
{
#ifdef NETIF_F_LLTX
	dev->features |= NETIF_F_LLTX;
#else
	dev->lltx = true;
#endif
}

#endif /* NAT64_COMPAT_LINUX_NETDEVICE_H */
