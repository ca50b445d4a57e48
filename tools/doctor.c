// SPDX-License-Identifier: GPL-2.0
/* doctor: what newcomers get wrong, one check after the other, and what to type. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"
#include "route.h"

struct visit {
	struct settings set;
	struct pool *pools;
	size_t n_pools;
	struct nat44 *rules;
	size_t n_rules;
	unsigned int wrong;
};

static void say(struct visit *visit, const char *check, bool ok, const char *format, ...)
	__printf(4, 5);

static void say(struct visit *visit, const char *check, bool ok, const char *format, ...)
{
	char text[240];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	visit->wrong += !ok;
	print_text(0, check);
	print_bool(1, ok);
	print_text(2, text);
	print_row();
}

/* The first character of a file under /proc/sys/net; 0 if it cannot be read. */
static char sysctl(const char *name)
{
	char *path = xprintf("/proc/sys/net/%s", name);
	FILE *in = fopen(path, "re");
	int c = in ? fgetc(in) : EOF;

	if (in)
		fclose(in);
	free(path);
	return c == EOF ? 0 : c;
}

static void check_forwarding(struct visit *visit)
{
	bool needed = visit->set.prefix.len || visit->n_pools;

	if (needed && sysctl("ipv6/conf/all/forwarding") == '0')
		say(visit, "forwarding", false,
		    "IPv6 is not forwarded: sysctl -w net.ipv6.conf.all.forwarding=1");
	else if (visit->n_rules && sysctl("ipv4/ip_forward") == '0')
		say(visit, "forwarding", false,
		    "IPv4 is not forwarded: sysctl -w net.ipv4.ip_forward=1");
	else
		say(visit, "forwarding", true, "what has to be is forwarded");
}

static void check_configuration(struct visit *visit)
{
	if (!visit->set.prefix.len && !visit->n_rules)
		say(visit, "configuration", false,
		    "there is no NAT64 prefix: nat64ctl set prefix 64:ff9b::/96, or nat64ctl load");
	else
		say(visit, "configuration", true, "there is one");
}

static bool is_up(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };
	bool up;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	up = !ioctl(fd, SIOCGIFFLAGS, &request) && (request.ifr_flags & IFF_UP);
	close(fd);
	return up;
}

static void check_anchor(struct visit *visit)
{
	char name[IF_NAMESIZE];

	if (!visit->set.prefix.len)
		return;
	if (!visit->set.anchor || !if_indextoname(visit->set.anchor, name))
		say(visit, "link", false, "the link nat64 is gone: nat64ctl load makes it again");
	else if (!is_up(name))
		say(visit, "link", false, "it is down: ip link set %s up", name);
	else
		say(visit, "link", true, "%s is up", name);
}

static void check_routes(struct visit *visit)
{
	char text[PREFIX_TEXT];
	size_t i;

	if (!visit->set.anchor)
		return;
	if (visit->set.prefix.len) {
		format_prefix6(text, &visit->set.prefix);
		if (route_interface(AF_INET6, &visit->set.prefix.addr) == (int)visit->set.anchor)
			say(visit, "prefix route", true, "%s is routed to nat64", text);
		else
			say(visit, "prefix route", false, "ip -6 route replace %s dev nat64", text);
	}
	for (i = 0; i < visit->n_pools; i++) {
		format_prefix4(text, &visit->pools[i].prefix);
		if (route_interface(AF_INET, &visit->pools[i].prefix.addr) ==
		    (int)visit->set.anchor)
			say(visit, "pool route", true, "%s is routed to nat64", text);
		else
			say(visit, "pool route", false,
			    "unmapped addresses of %s go elsewhere: ip route replace %s dev nat64",
			    text, text);
	}
}

/* Some address of the Internet; nothing is sent there. */
static void check_upstream(struct visit *visit)
{
	struct in_addr somewhere = { htonl(0x08080808) };

	if (!visit->set.prefix.len)
		return;
	if (route_interface(AF_INET, &somewhere))
		say(visit, "IPv4 route", true, "there is one to the Internet");
	else
		say(visit, "IPv4 route", false,
		    "there is none to the Internet: ip route add default via ROUTER");
}

static __u8 length_of(const struct sockaddr *mask)
{
	struct in_addr bits = ((const struct sockaddr_in *)mask)->sin_addr;

	return __builtin_popcount(bits.s_addr);
}

/* A pool inside the network of an interface is looked for by ARP there. */
static void check_pool_arp(struct visit *visit, const struct ifaddrs *list,
			   const struct pool *pool)
{
	char text[PREFIX_TEXT], *name;
	const struct ifaddrs *ifa;

	for (ifa = list; ifa; ifa = ifa->ifa_next) {
		struct prefix4 net;
		char answers;

		if (!ifa->ifa_addr || ifa->ifa_addr->sa_family != AF_INET || !ifa->ifa_netmask)
			continue;
		net.addr = ((struct sockaddr_in *)ifa->ifa_addr)->sin_addr;
		net.len = length_of(ifa->ifa_netmask);
		if (net.len > pool->prefix.len || !prefix4_overlap(&net, &pool->prefix))
			continue;
		name = xprintf("ipv4/conf/%s/proxy_arp", ifa->ifa_name);
		answers = sysctl(name);
		free(name);
		if (answers == '0' && sysctl("ipv4/conf/all/proxy_arp") == '0')
			say(visit, "proxy ARP", false,
			    "%s is part of the network of %s: sysctl -w net.ipv4.conf.%s.proxy_arp=1",
			    format_prefix4(text, &pool->prefix), ifa->ifa_name, ifa->ifa_name);
	}
}

static void check_pools(struct visit *visit)
{
	char text[PREFIX_TEXT];
	struct ifaddrs *list;
	size_t i;

	if (getifaddrs(&list))
		list = NULL;
	for (i = 0; i < visit->n_pools; i++) {
		const struct pool *pool = &visit->pools[i];

		check_pool_arp(visit, list, pool);
		format_prefix4(text, &pool->prefix);
		if (!pool->free && !pool->drain)
			say(visit, "pool", false,
			    "%s is full: add a pool, or nat64ctl set max-idle to less", text);
		else
			say(visit, "pool", true, "%s has %u free addresses", text, pool->free);
	}
	if (list)
		freeifaddrs(list);
}

/* RFC 7050: the resolver's AAAA of this name tells the prefix of its DNS64. */
static int ask_dns64(struct in6_addr *found)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	int error;

	/* where there is no network, not half a minute */
	setenv("RES_OPTIONS", "timeout:2 attempts:1", 1);
	error = getaddrinfo("ipv4only.arpa", NULL, &hints, &list);
	if (error)
		return error == EAI_AGAIN || error == EAI_SYSTEM ? -1 : 0;
	*found = ((struct sockaddr_in6 *)list->ai_addr)->sin6_addr;
	freeaddrinfo(list);
	return 1;
}

static void check_dns64(struct visit *visit)
{
	struct prefix6 host = { .len = 128 };
	char text[PREFIX_TEXT];

	if (!visit->set.prefix.len)
		return;
	format_prefix6(text, &visit->set.prefix);
	switch (ask_dns64(&host.addr)) {
	case 1:
		if (prefix6_overlap(&host, &visit->set.prefix))
			say(visit, "DNS64", true, "this router's resolver answers with %s", text);
		else
			say(visit, "DNS64", false,
			    "this router's resolver answers with another prefix than %s", text);
		break;
	case 0:
		say(visit, "DNS64", true,
		    "this router's resolver has none; the hosts' resolver needs it, with %s", text);
		break;
	default:
		say(visit, "DNS64", true,
		    "this router's resolver does not answer; the hosts' resolver needs DNS64");
	}
}

static void check_others(struct visit *visit)
{
	static const char *const others[] = { "jool", "jool_siit", "nat46" };
	FILE *in = fopen("/proc/modules", "re");
	char line[256], *name, *save;
	size_t i;

	while (in && fgets(line, sizeof(line), in)) {
		name = strtok_r(line, " ", &save);
		for (i = 0; name && i < sizeof(others) / sizeof(*others); i++)
			if (!strcmp(name, others[i]))
				say(visit, "other translator", false,
				    "%s is loaded and may take the packets: rmmod %s", name, name);
	}
	if (in)
		fclose(in);
}

int cmd_doctor(const struct command *command, int argc, char **argv)
{
	static const struct column columns[] = {
		{ "check", false }, { "ok", false }, { "text", false },
	};
	struct visit visit = { 0 };
	int error;

	error = kern_get(&visit.set);
	if (!error)
		error = kern_pools(&visit.pools, &visit.n_pools);
	if (!error)
		error = kern_nat44(&visit.rules, &visit.n_rules);
	if (error)
		return told(error);
	print_start(columns, sizeof(columns) / sizeof(*columns));
	check_configuration(&visit);
	check_forwarding(&visit);
	check_anchor(&visit);
	check_routes(&visit);
	check_upstream(&visit);
	check_pools(&visit);
	check_dns64(&visit);
	check_others(&visit);
	print_end();
	free(visit.pools);
	free(visit.rules);
	return visit.wrong ? REFUSED : DONE;
}
