/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.5 what this header declares is in linux/skbuff.h and linux/netdevice.h.
 */
#ifndef NAT64_COMPAT_NET_GSO_H
#define NAT64_COMPAT_NET_GSO_H

#include <linux/netdevice.h>

#ifndef SKB_GSO_CB_OFFSET
#include_next <net/gso.h>
#endif

#endif /* NAT64_COMPAT_NET_GSO_H */
