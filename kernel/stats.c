// SPDX-License-Identifier: GPL-2.0
/*
 * Counters, per CPU; summed only when somebody asks.
 */
#include <linux/percpu.h>

#include "stats.h"

/**
 * nat64_stats_read - the value of a counter
 * @nn: the namespace
 * @counter: NAT64_A_COUNTER_*
 *
 * Context: any.
 */
u64 nat64_stats_read(const struct nat64_net *nn, unsigned int counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct nat64_stats *stats = per_cpu_ptr(nn->stats, cpu);
		unsigned int start;
		u64 value;

		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			value = u64_stats_read(&stats->value[counter]);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		sum += value;
	}
	return sum;
}
