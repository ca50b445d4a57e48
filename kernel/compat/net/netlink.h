/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.8 a policy's range is not const, although nobody writes to it.
 */
#ifndef NAT64_COMPAT_NET_NETLINK_H
#define NAT64_COMPAT_NET_NETLINK_H

#include_next <net/netlink.h>

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#undef NLA_POLICY_FULL_RANGE
#define NLA_POLICY_FULL_RANGE(tp, _range) {			\
	.type = NLA_ENSURE_UINT_OR_BINARY_TYPE(tp),		\
	.validation_type = NLA_VALIDATE_RANGE_PTR,		\
	.range = (struct netlink_range_validation *)(_range),	\
}
#endif

#endif /* NAT64_COMPAT_NET_NETLINK_H */
