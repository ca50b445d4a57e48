/* SPDX-License-Identifier: GPL-2.0 */
/* What doctor has to know of the machine, but for the module: all of it is only read. */
#ifndef NAT64CTL_MACHINE_H
#define NAT64CTL_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <netinet/in.h>
#include <linux/types.h>

#include "config.h"

struct link {
	int ifindex;
	char name[16];
	char kind[16];		/* "tun"; empty where it has none */
	__u32 mtu;
	bool up;
};

/* Of this namespace. Empty if they cannot be read. */
void machine_links(struct link **links, size_t *n);

/* The first character of a file under /proc/sys/net; 0 if it cannot be read. */
char machine_sysctl(const char *format, ...) __printf(1, 2);

/* Calls found() for each IPv4 address that packets are sent to on their way, with repetitions. */
void machine_next_hops(void (*found)(struct in_addr addr, void *arg), void *arg);

/* Calls found() for each IPv4 address whose machine is known to be on a link. */
void machine_neighbours(void (*found)(struct in_addr addr, void *arg), void *arg);

/* The address of the first DNS server that this machine asks; the caller frees it. */
char *machine_resolver(void);

/* Calls found() for each program of another translator that runs in this namespace. */
void machine_programs(void (*found)(const char *name, int pid, void *arg), void *arg);

/* Calls found() for each module of another translator. */
void machine_modules(void (*found)(const char *name, void *arg), void *arg);

/* The rules of nft, as it prints them; NULL if there is no nft or it does not tell. */
char *machine_ruleset(void);

/* Have they a rule of IPv6 that looks where a source is routed to? */
bool ruleset_checks_sources(const char *ruleset);

/* Have they a flowtable for IPv4 with this interface? */
bool ruleset_offloads(const char *ruleset, const char *dev);

#endif
