/* SPDX-License-Identifier: GPL-2.0 */
/* Made from include/nat64.yaml by include/regen; do not edit. */
#include <uapi/linux/nat64.h>

static const char * const drop_names[] = {
	[NAT64_A_COUNTER_DROP_NO_MAP] = "drop-no-map",
	[NAT64_A_COUNTER_DROP_RECONFIGURING] = "drop-reconfiguring",
	[NAT64_A_COUNTER_DROP_NOT_ALLOWED] = "drop-not-allowed",
	[NAT64_A_COUNTER_DROP_POOL_FULL] = "drop-pool-full",
	[NAT64_A_COUNTER_DROP_POOL_LIMIT] = "drop-pool-limit",
	[NAT64_A_COUNTER_DROP_UNMAPPED] = "drop-unmapped",
	[NAT64_A_COUNTER_DROP_NO_PREFIX] = "drop-no-prefix",
	[NAT64_A_COUNTER_DROP_PRIVATE] = "drop-private",
	[NAT64_A_COUNTER_DROP_MARTIAN] = "drop-martian",
	[NAT64_A_COUNTER_DROP_RP_FILTER] = "drop-rp-filter",
	[NAT64_A_COUNTER_DROP_POLICY] = "drop-policy",
	[NAT64_A_COUNTER_DROP_NO_ROUTE] = "drop-no-route",
	[NAT64_A_COUNTER_DROP_NO_ANCHOR] = "drop-no-anchor",
	[NAT64_A_COUNTER_DROP_MALFORMED] = "drop-malformed",
	[NAT64_A_COUNTER_DROP_HOP_LIMIT] = "drop-hop-limit",
	[NAT64_A_COUNTER_DROP_JUMBOGRAM] = "drop-jumbogram",
	[NAT64_A_COUNTER_DROP_TOO_BIG] = "drop-too-big",
	[NAT64_A_COUNTER_DROP_SOURCE_ROUTE] = "drop-source-route",
	[NAT64_A_COUNTER_DROP_SEGMENTS_LEFT] = "drop-segments-left",
	[NAT64_A_COUNTER_DROP_EXTENSION_HEADER] = "drop-extension-header",
	[NAT64_A_COUNTER_DROP_UDP_NO_CHECKSUM] = "drop-udp-no-checksum",
	[NAT64_A_COUNTER_DROP_UDP_FRAGMENT] = "drop-udp-fragment",
	[NAT64_A_COUNTER_DROP_ICMP_FRAGMENT] = "drop-icmp-fragment",
	[NAT64_A_COUNTER_DROP_ICMP_CHECKSUM] = "drop-icmp-checksum",
	[NAT64_A_COUNTER_DROP_ICMP_TYPE] = "drop-icmp-type",
	[NAT64_A_COUNTER_DROP_ICMP_QUOTE] = "drop-icmp-quote",
	[NAT64_A_COUNTER_DROP_FRAGMENT] = "drop-fragment",
	[NAT64_A_COUNTER_DROP_NO_MEMORY] = "drop-no-memory",
	[NAT64_A_COUNTER_DROP_QUEUE_FULL] = "drop-queue-full",
};

static const char * const event_names[] = {
	[NAT64_EVENT_TYPE_LEASE] = "lease",
	[NAT64_EVENT_TYPE_REFUSE] = "refuse",
	[NAT64_EVENT_TYPE_EXPIRE] = "expire",
	[NAT64_EVENT_TYPE_DELETE] = "delete",
};
