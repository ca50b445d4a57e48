/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NAT64_COMPAT_LINUX_NETFILTER_H
#define NAT64_COMPAT_LINUX_NETFILTER_H

#include_next <linux/netfilter.h>

#include <linux/version.h>

/* A verdict by which a hook says that it has freed the packet itself, and for which reason. Before,
 * the caller of the hook frees it, and has one reason for all.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define NF_DROP_REASON(skb, reason, err) \
	((void)(skb), (void)(reason), (void)(err), (unsigned int)NF_DROP)
#endif

#endif /* NAT64_COMPAT_LINUX_NETFILTER_H */
