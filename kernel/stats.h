/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters, per CPU. A counter is named by its netlink attribute, NAT64_A_COUNTER_*.
 */
#ifndef NAT64_STATS_H
#define NAT64_STATS_H

#include <linux/u64_stats_sync.h>

#include "nat64.h"

enum { NAT64_COUNTERS = __NAT64_A_COUNTER_MAX };

enum {
	NAT64_ICMP_TYPES = 6,	/* that are translated, of either family */
	NAT64_ICMP_CODES = 17,	/* the last one stands for all from there on */
};

/**
 * struct nat64_stats - what one CPU has counted
 * @value: by NAT64_A_COUNTER_*
 * @syncp: for machines that cannot read 64 bits at once
 */
struct nat64_stats {
	u64_stats_t value[NAT64_COUNTERS];
	struct u64_stats_sync syncp;
};

/**
 * struct nat64_icmp_stats - what one CPU has translated of ICMP
 * @value: by NAT64_DIRECTION_*, place in nat64_icmp_types, and code
 * @syncp: likewise
 */
struct nat64_icmp_stats {
	u64_stats_t value[NAT64_DIRECTIONS][NAT64_ICMP_TYPES][NAT64_ICMP_CODES];
	struct u64_stats_sync syncp;
};

extern const u8 nat64_icmp_types[NAT64_DIRECTIONS][NAT64_ICMP_TYPES];

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

int nat64_stats_create(struct nat64_net *nn);
void nat64_stats_destroy(struct nat64_net *nn);
void nat64_count_icmp(const struct nat64_net *nn, unsigned int way, u8 type, u8 code);
u64 nat64_stats_read(const struct nat64_net *nn, unsigned int counter);
u64 nat64_stats_read_icmp(const struct nat64_net *nn, unsigned int way, unsigned int type,
			  unsigned int code);

#endif /* NAT64_STATS_H */
