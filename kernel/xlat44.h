/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rewriting for 1:1 IPv4 NAT: no look-ups, no sending.
 */
#ifndef NAT64_XLAT44_H
#define NAT64_XLAT44_H

#include <linux/skbuff.h>

struct iphdr;

unsigned int nat64_xlat44_is_error(const struct sk_buff *skb, struct iphdr *quoted);
unsigned int nat64_xlat44(struct sk_buff *skb, bool source, __be32 to);
unsigned int nat64_xlat44_quoted(struct sk_buff *skb, unsigned int at, bool source, __be32 to);

#endif /* NAT64_XLAT44_H */
