// SPDX-License-Identifier: GPL-2.0
/*
 * Counters, per CPU; summed only when somebody asks.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netdevice.h>

#include "stats.h"

/* The types that RFC 7915 translates, by the family that they arrive with; the rest of a row
 * repeats its last one and stays at 0.
 */
const u8 nat64_icmp_types[NAT64_DIRECTIONS][NAT64_ICMP_TYPES] = {
	[NAT64_DIRECTION_6TO4] = {
		ICMPV6_DEST_UNREACH, ICMPV6_PKT_TOOBIG, ICMPV6_TIME_EXCEED, ICMPV6_PARAMPROB,
		ICMPV6_ECHO_REQUEST, ICMPV6_ECHO_REPLY,
	},
	[NAT64_DIRECTION_4TO6] = {
		ICMP_ECHOREPLY, ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_TIME_EXCEEDED,
		ICMP_PARAMETERPROB, ICMP_PARAMETERPROB,
	},
};

/**
 * nat64_stats_create - make room for what is counted only where packets are translated
 * @nn: the namespace; if it has it already, nothing is done
 *
 * Context: process, under nn->lock, before packets come to us.
 * Return: 0 or -ENOMEM.
 */
int nat64_stats_create(struct nat64_net *nn)
{
	lockdep_assert_held(&nn->lock);

	if (!nn->icmp)
		nn->icmp = __netdev_alloc_pcpu_stats(struct nat64_icmp_stats, GFP_KERNEL_ACCOUNT);
	return nn->icmp ? 0 : -ENOMEM;
}

/**
 * nat64_stats_destroy - free all counters
 * @nn: the namespace; nobody counts or reads any more
 *
 * Context: any.
 */
void nat64_stats_destroy(struct nat64_net *nn)
{
	free_percpu(nn->icmp);
	free_percpu(nn->stats);
}

/**
 * nat64_count_icmp - count a translated ICMP message by its type and code
 * @nn: the namespace
 * @way: NAT64_DIRECTION_*
 * @type: that it arrived with; one of nat64_icmp_types[@way]
 * @code: that it arrived with
 *
 * Context: packet path.
 */
void nat64_count_icmp(const struct nat64_net *nn, unsigned int way, u8 type, u8 code)
{
	struct nat64_icmp_stats *stats;
	unsigned long flags;
	unsigned int i;

	for (i = 0; nat64_icmp_types[way][i] != type; i++)
		if (i == NAT64_ICMP_TYPES - 1)
			return;
	code = min_t(u8, code, NAT64_ICMP_CODES - 1);
	stats = get_cpu_ptr(nn->icmp);
	flags = u64_stats_update_begin_irqsave(&stats->syncp);
	u64_stats_inc(&stats->value[way][i][code]);
	u64_stats_update_end_irqrestore(&stats->syncp, flags);
	put_cpu_ptr(nn->icmp);
}

/* The sum over all CPUs of what stands at the offset @value of such counters, whose syncp stands at
 * the offset @syncp.
 */
static u64 sum(const void __percpu *stats, size_t value, size_t syncp)
{
	u64 total = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const void *one = per_cpu_ptr(stats, cpu);
		unsigned int start;
		u64 here;

		do {
			start = u64_stats_fetch_begin(one + syncp);
			here = u64_stats_read(one + value);
		} while (u64_stats_fetch_retry(one + syncp, start));
		total += here;
	}
	return total;
}

/**
 * nat64_stats_read - the value of a counter
 * @nn: the namespace
 * @counter: NAT64_A_COUNTER_*
 *
 * Context: any.
 */
u64 nat64_stats_read(const struct nat64_net *nn, unsigned int counter)
{
	return sum(nn->stats, offsetof(struct nat64_stats, value[counter]),
		   offsetof(struct nat64_stats, syncp));
}

/**
 * nat64_stats_read_icmp - how many ICMP messages were translated
 * @nn: the namespace
 * @way: NAT64_DIRECTION_*
 * @type: of those in the place @type of nat64_icmp_types[@way]
 * @code: their code; the last one stands for all from there on
 *
 * Context: process, under nn->lock.
 */
u64 nat64_stats_read_icmp(const struct nat64_net *nn, unsigned int way, unsigned int type,
			  unsigned int code)
{
	lockdep_assert_held(&nn->lock);

	if (!nn->icmp)
		return 0;
	return sum(nn->icmp, offsetof(struct nat64_icmp_stats, value[way][type][code]),
		   offsetof(struct nat64_icmp_stats, syncp));
}
