/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reasons that came later than 6.1, by what they were part of before. An enum leaves no macro to
 * test for; where the reason has been there earlier, the older one is not wrong.
 */
#ifndef NAT64_COMPAT_NET_DROPREASON_H
#define NAT64_COMPAT_NET_DROPREASON_H

#include <linux/version.h>
#include_next <net/dropreason.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define SKB_DROP_REASON_IPV6_BAD_EXTHDR SKB_DROP_REASON_IP_INHDR
#endif

#endif /* NAT64_COMPAT_NET_DROPREASON_H */
