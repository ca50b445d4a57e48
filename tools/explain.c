// SPDX-License-Identifier: GPL-2.0
/*
 * explain: what a counter counts, which the specification says, and what to do about it, which is
 * said here.
 */
#include <stdio.h>
#include <string.h>

#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

/* Advice, in the lines that are printed. */
static const struct {
	int attr;
	const char *lines[4];
} advices[] = {
	{ NAT64_A_COUNTER_LEASES_REFUSED, {
		"See drop-no-map, drop-not-allowed, drop-pool-full and drop-pool-limit for",
		"the reason, and nat64ctl monitor for the hosts.",
	} },
	{ NAT64_A_COUNTER_DROP_NO_MAP, {
		"Give the host an address with 'nat64ctl add map V4 V6', or let hosts lease",
		"one with 'nat64ctl add pool PREFIX'.",
	} },
	{ NAT64_A_COUNTER_DROP_RECONFIGURING, {
		"Nothing to do: the host is told nothing, and what it sends again is served.",
		"Loading a configuration takes longer the more leases and maps there are.",
	} },
	{ NAT64_A_COUNTER_DROP_NOT_ALLOWED, {
		"If the host should lease, run 'nat64ctl add allow PREFIX'; 'nat64ctl list",
		"allow' shows who may.",
	} },
	{ NAT64_A_COUNTER_DROP_POOL_FULL, {
		"Add a pool, shorten max-idle, or limit what one customer may hold with",
		"'nat64ctl set max-per-prefix N'; 'nat64ctl list pools' shows how full they",
		"are.",
	} },
	{ NAT64_A_COUNTER_DROP_POOL_LIMIT, {
		"Raise the limit with 'nat64ctl set max-per-prefix N', or find out why one",
		"network has so many hosts: 'nat64ctl list maps PREFIX'.",
	} },
	{ NAT64_A_COUNTER_DROP_UNMAPPED, {
		"Usually somebody scans the pool. If the host should be reached from IPv4 at",
		"any time, give it a static map.",
	} },
	{ NAT64_A_COUNTER_DROP_NO_PREFIX, {
		"Set the prefix that the DNS64 server uses: 'nat64ctl set prefix",
		"64:ff9b::/96'.",
	} },
	{ NAT64_A_COUNTER_DROP_PRIVATE, {
		"If IPv6 hosts should reach private IPv4 addresses, use a prefix of your own,",
		"or run 'nat64ctl set allow-private on'.",
	} },
	{ NAT64_A_COUNTER_DROP_MARTIAN, {
		"Somebody sends packets with addresses that are nobody's; tcpdump -ni any",
		"host ADDR finds the sender.",
	} },
	{ NAT64_A_COUNTER_DROP_RP_FILTER, {
		"Either the source is forged, or routes are asymmetric: then set",
		"net.ipv4.conf.DEV.rp_filter to 2 or 0.",
	} },
	{ NAT64_A_COUNTER_DROP_POLICY, {
		"'ip xfrm policy' shows the policy that forbids it.",
	} },
	{ NAT64_A_COUNTER_DROP_NO_ROUTE, {
		"'ip route get ADDR' on the router shows what is missing; most often it is",
		"the IPv4 default route.",
	} },
	{ NAT64_A_COUNTER_DROP_NO_ANCHOR, {
		"Run 'ip link set nat64 up', or 'nat64ctl load' if the link is gone.",
	} },
	{ NAT64_A_COUNTER_DROP_MALFORMED, {
		"A few are normal on the Internet; many from one host mean that its network",
		"card or driver is broken.",
	} },
	{ NAT64_A_COUNTER_DROP_HOP_LIMIT, {
		"traceroute does this. Many of them mean a routing loop: the pool must be",
		"routed to the link nat64, not upstream.",
	} },
	{ NAT64_A_COUNTER_DROP_JUMBOGRAM, {
		"Nothing to configure; IPv4 has no packets of that length.",
	} },
	{ NAT64_A_COUNTER_DROP_TOO_BIG, {
		"This is path MTU discovery at work. If connections hang, somebody on the way",
		"filters ICMP.",
	} },
	{ NAT64_A_COUNTER_DROP_SOURCE_ROUTE, {
		"Source routing is obsolete; let the sender stop it.",
	} },
	{ NAT64_A_COUNTER_DROP_SEGMENTS_LEFT, {
		"Source routing does not cross to IPv4; let the sender stop it.",
	} },
	{ NAT64_A_COUNTER_DROP_EXTENSION_HEADER, {
		"Find out with tcpdump which header the host sends.",
	} },
	{ NAT64_A_COUNTER_DROP_UDP_NO_CHECKSUM, {
		"'nat64ctl set udp-zero-checksum compute' translates them.",
	} },
	{ NAT64_A_COUNTER_DROP_UDP_FRAGMENT, {
		"Loading nf_defrag_ipv4 (any conntrack rule does) reassembles them first; or",
		"let the sender compute checksums.",
	} },
	{ NAT64_A_COUNTER_DROP_ICMP_FRAGMENT, {
		"Loading nf_defrag_ipv4 and nf_defrag_ipv6 (any conntrack rule does)",
		"reassembles them first.",
	} },
	{ NAT64_A_COUNTER_DROP_ICMP_CHECKSUM, {
		"A packet was damaged on the way; 'ip -s link' shows which interface has",
		"errors.",
	} },
	{ NAT64_A_COUNTER_DROP_ICMP_TYPE, {
		"Nothing to configure; such messages have no meaning in the other family.",
	} },
	{ NAT64_A_COUNTER_DROP_ICMP_QUOTE, {
		"Nothing to configure; a few are normal.",
	} },
	{ NAT64_A_COUNTER_DROP_FRAGMENT, {
		"Overlapping fragments are an attack or a broken host; tcpdump shows whose.",
	} },
	{ NAT64_A_COUNTER_DROP_NO_MEMORY, {
		"The router is short of memory; see free and dmesg.",
	} },
	{ NAT64_A_COUNTER_DROP_QUEUE_FULL, {
		"The router itself gets more than it can take; raise",
		"net.core.netdev_max_backlog.",
	} },
};

static const char *const *advice_of(int attr)
{
	static const char *const none[] = { NULL };
	size_t i;

	for (i = 0; i < sizeof(advices) / sizeof(*advices); i++)
		if (advices[i].attr == attr)
			return advices[i].lines;
	return none;
}

static void print_plainly(const struct counter *counter, const char *const *line)
{
	printf("%s: %s\n", counter->name, counter->text);
	for (; *line; line++)
		puts(*line);
}

/* The advice in one line; no member where there is none. */
static void print_object(const struct counter *counter, const char *const *line)
{
	static const struct column columns[] = {
		{ "counter", false }, { "text", false }, { "advice", false },
	};
	char text[320] = "";

	for (; *line; line++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			 *text ? " " : "", *line);
	print_start(columns, 3);
	print_text(0, counter->name);
	print_text(1, counter->text);
	if (*text)
		print_text(2, text);
	print_row();
	print_end();
}

int cmd_explain(const struct command *command, int argc, char **argv)
{
	struct suggestion like = { argv[0], NULL, 0 };
	size_t i;

	for (i = 0; i < n_counters; i++) {
		suggest(&like, counters[i].name);
		if (strcmp(counters[i].name, argv[0]))
			continue;
		(opt.json ? print_object : print_plainly)(&counters[i],
							  advice_of(counters[i].attr));
		return DONE;
	}
	if (like.best)
		return misused("no counter %s; did you mean %s?", argv[0], like.best);
	return misused("no counter %s; nat64ctl stats lists them", argv[0]);
}
