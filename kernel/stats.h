/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters, per CPU. A counter is named by its netlink attribute, NAT64_A_COUNTER_*.
 */
#ifndef NAT64_STATS_H
#define NAT64_STATS_H

#include <linux/u64_stats_sync.h>

#include "nat64.h"

enum { NAT64_COUNTERS = __NAT64_A_COUNTER_MAX };

struct nat64_stats {
	u64_stats_t value[NAT64_COUNTERS];
	struct u64_stats_sync syncp;
};

/* Any context. On 64-bit machines this is an addition on this CPU and nothing else. */
static inline void nat64_count(const struct nat64_net *nn, unsigned int counter)
{
	struct nat64_stats *stats = get_cpu_ptr(nn->stats);
	unsigned long flags = u64_stats_update_begin_irqsave(&stats->syncp);

	u64_stats_inc(&stats->value[counter]);
	u64_stats_update_end_irqrestore(&stats->syncp, flags);
	put_cpu_ptr(nn->stats);
}

/* A translated packet; @packets is the counter of packets, the one of bytes follows it. */
static inline void nat64_count_packets(const struct nat64_net *nn, unsigned int packets,
				       unsigned int segs, unsigned int bytes)
{
	struct nat64_stats *stats = get_cpu_ptr(nn->stats);
	unsigned long flags = u64_stats_update_begin_irqsave(&stats->syncp);

	u64_stats_add(&stats->value[packets], segs);
	u64_stats_add(&stats->value[packets + 1], bytes);
	u64_stats_update_end_irqrestore(&stats->syncp, flags);
	put_cpu_ptr(nn->stats);
}

u64 nat64_stats_read(const struct nat64_net *nn, unsigned int counter);

#endif /* NAT64_STATS_H */
