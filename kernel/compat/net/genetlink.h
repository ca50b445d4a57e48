/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.2 an operation table has one entry per command rather than one per way to call it, and
 * before 6.6 a dump finds its attributes in another struct. Neither leaves a macro to test for.
 */
#ifndef NAT64_COMPAT_NET_GENETLINK_H
#define NAT64_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
/* Same members as far as nat64 uses them: no command of ours can be both called and dumped. */
#define genl_split_ops genl_ops
#define split_ops ops
#define n_split_ops n_ops
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define genl_info_dump genl_dumpit_info
#endif

#endif /* NAT64_COMPAT_NET_GENETLINK_H */
