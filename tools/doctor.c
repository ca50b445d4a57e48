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

#include "args.h"
#include "arp.h"
#include "machine.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"
#include "route.h"

/* How much of a pool is cut off, in bits of its length, to keep it apart from what is others'. */
#define CUT_DEPTH	3

/* How many of them are named. */
#define NAMED		3

/* An address that hosts may lease, and that some machine has already. */
struct taken {
	struct in_addr addr;
	const char *by;
};

struct visit {
	struct settings set;
	struct pool *pools;
	size_t n_pools;
	struct map *maps;	/* the static ones */
	size_t n_maps;
	bool has_maps;		/* or it cannot be told */
	struct taken *taken;
	size_t n_taken;
	struct nat44 *rules;
	size_t n_rules;
	struct link *links;
	size_t n_links;
	struct ifaddrs *addrs;
	char *ruleset;		/* of nft; NULL if it cannot be told */
	bool prefix_is_routed;
	unsigned int wrong;
};

enum { CHECK, OK, TEXT, WARNING };

static void print_check(const char *check, const char *format, va_list args)
{
	char text[320];

	vsnprintf(text, sizeof(text), format, args);
	print_text(CHECK, check);
	print_text(TEXT, text);
	print_row();
}

static void say(struct visit *visit, const char *check, bool ok, const char *format, ...)
	__printf(4, 5);

static void say(struct visit *visit, const char *check, bool ok, const char *format, ...)
{
	va_list args;

	visit->wrong += !ok;
	print_bool(OK, ok);
	va_start(args, format);
	print_check(check, format, args);
	va_end(args);
}

static void warn(const char *check, const char *format, ...) __printf(2, 3);

/* Nothing is known to be wrong, but somebody has to look who knows more than this router. */
static void warn(const char *check, const char *format, ...)
{
	va_list args;

	if (opt.json) {
		print_bool(OK, true);
		print_bool(WARNING, true);
	} else {
		print_text(OK, "maybe");
		print_alarm(OK);
	}
	va_start(args, format);
	print_check(check, format, args);
	va_end(args);
}

static void check_forwarding(struct visit *visit)
{
	bool no6 = (visit->set.prefix.len || visit->n_pools) &&
		   machine_sysctl("ipv6/conf/all/forwarding") == '0';
	bool no4 = visit->n_rules && machine_sysctl("ipv4/ip_forward") == '0';

	if (no6)
		say(visit, "forwarding", false,
		    "IPv6 is not forwarded: sysctl -w net.ipv6.conf.all.forwarding=1");
	if (no4)
		say(visit, "forwarding", false,
		    "IPv4 is not forwarded: sysctl -w net.ipv4.ip_forward=1");
	if (!no6 && !no4)
		say(visit, "forwarding", true, "what has to be is forwarded");
}

static void check_configuration(struct visit *visit)
{
	if (!visit->set.prefix.len && !visit->n_rules && (visit->n_pools || !visit->has_maps))
		say(visit, "configuration", false,
		    "there is no NAT64 prefix: nat64ctl set prefix 64:ff9b::/96, or nat64ctl load");
	else if (visit->set.prefix.len && !visit->n_pools && !visit->has_maps)
		say(visit, "configuration", false,
		    "no host can get an IPv4 address: nat64ctl add pool PREFIX");
	else
		say(visit, "configuration", true, "there is one");
}

static const struct link *link_by_index(const struct visit *visit, int ifindex)
{
	size_t i;

	for (i = 0; i < visit->n_links; i++)
		if (visit->links[i].ifindex == ifindex)
			return &visit->links[i];
	return NULL;
}

static const struct link *link_by_name(const struct visit *visit, const char *name)
{
	size_t i;

	for (i = 0; i < visit->n_links; i++)
		if (!strcmp(visit->links[i].name, name))
			return &visit->links[i];
	return NULL;
}

static void check_anchor(struct visit *visit)
{
	const struct link *anchor;

	if (!visit->set.prefix.len)
		return;
	anchor = link_by_index(visit, visit->set.anchor);
	if (!anchor)
		say(visit, "link", false, "the link nat64 is gone: nat64ctl load makes it again");
	else if (!anchor->up)
		say(visit, "link", false, "it is down: ip link set %s up", anchor->name);
	else if (anchor->mtu < 1500)
		say(visit, "link", false,
		    "its MTU is %u, and packets are cut to it: ip link set %s mtu 65535",
		    anchor->mtu, anchor->name);
	else
		say(visit, "link", true, "%s is up", anchor->name);
}

static __u8 length_of(const struct sockaddr *mask)
{
	struct in_addr bits = ((const struct sockaddr_in *)mask)->sin_addr;

	return __builtin_popcount(bits.s_addr);
}

/* The network of one of the router's own IPv4 addresses. */
static bool get_network(const struct ifaddrs *ifa, struct prefix4 *net)
{
	if (!ifa->ifa_addr || ifa->ifa_addr->sa_family != AF_INET || !ifa->ifa_netmask)
		return false;
	net->addr = ((struct sockaddr_in *)ifa->ifa_addr)->sin_addr;
	net->len = length_of(ifa->ifa_netmask);
	return true;
}

/* The interface whose network is part of the prefix, or all of it; NULL if there is none. */
static const char *network_within(const struct visit *visit, const struct prefix4 *prefix)
{
	const struct ifaddrs *ifa;
	struct prefix4 net;

	for (ifa = visit->addrs; ifa; ifa = ifa->ifa_next)
		if (get_network(ifa, &net) && net.len >= prefix->len && net.len < 31 &&
		    prefix4_overlap(&net, prefix))
			return ifa->ifa_name;
	return NULL;
}

static bool is_within(struct in_addr addr, const struct prefix4 *prefix)
{
	const struct prefix4 host = { .addr = addr, .len = 32 };

	return prefix4_overlap(&host, prefix);
}

static size_t count_taken(const struct visit *visit, const struct prefix4 *prefix)
{
	size_t n = 0, i;

	for (i = 0; i < visit->n_taken; i++)
		n += is_within(visit->taken[i].addr, prefix);
	return n;
}

/* What of a prefix may be a pool, in pieces no longer than @longest. */
static void print_pieces(FILE *to, const struct visit *visit, struct prefix4 piece, __u8 longest)
{
	char text[PREFIX_TEXT];

	if (!network_within(visit, &piece) && !count_taken(visit, &piece)) {
		fprintf(to, ", \"%s\"", format_prefix4(text, &piece));
	} else if (piece.len < longest) {
		piece.len++;
		print_pieces(to, visit, piece, longest);
		piece.addr.s_addr |= htonl(1U << (32 - piece.len));
		print_pieces(to, visit, piece, longest);
	}
}

/* What to have in place of a pool, as it stands in the file; the caller frees it. */
static char *cut(const struct visit *visit, const struct prefix4 *pool)
{
	__u8 longest = pool->len + CUT_DEPTH;
	char *pieces = NULL, *text;
	size_t size;
	FILE *to = must(open_memstream(&pieces, &size));

	print_pieces(to, visit, *pool, longest < 32 ? longest : 32);
	fclose(to);
	text = *pieces ? xprintf("Prefixes = [%s]", pieces + 2) : xprintf("have it elsewhere");
	free(pieces);
	return text;
}

static void check_pool_route(struct visit *visit, const struct prefix4 *pool)
{
	const char *dev = network_within(visit, pool);
	char text[PREFIX_TEXT], *instead;

	format_prefix4(text, pool);
	if (dev) {
		/* what is routed to a link is not answered for on it, with proxy_arp or without */
		instead = cut(visit, pool);
		say(visit, "pool route", false,
		    "the network of %s is part of %s and goes there, where nobody answers ARP for a lease: %s",
		    dev, text, instead);
		free(instead);
	} else if (route_interface(AF_INET, &pool->addr) == (int)visit->set.anchor) {
		say(visit, "pool route", true, "%s is routed to nat64", text);
	} else {
		say(visit, "pool route", false,
		    "unmapped addresses of %s go elsewhere: ip route replace %s dev nat64", text,
		    text);
	}
}

static void check_routes(struct visit *visit)
{
	char text[PREFIX_TEXT];
	size_t i;

	if (!visit->set.anchor)
		return;
	if (visit->set.prefix.len) {
		format_prefix6(text, &visit->set.prefix);
		visit->prefix_is_routed = route_interface(AF_INET6, &visit->set.prefix.addr) ==
					  (int)visit->set.anchor;
		if (visit->prefix_is_routed)
			say(visit, "prefix route", true, "%s is routed to nat64", text);
		else
			say(visit, "prefix route", false, "ip -6 route replace %s dev nat64", text);
	}
	for (i = 0; i < visit->n_pools; i++)
		check_pool_route(visit, &visit->pools[i].prefix);
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

static bool is_proxy(const char *dev)
{
	return machine_sysctl("ipv4/conf/%s/proxy_arp", dev) != '0' ||
	       machine_sysctl("ipv4/conf/all/proxy_arp") != '0';
}

/* A pool that is part of the network of an interface is looked for by ARP there. */
static void check_pool_arp(struct visit *visit, const struct pool *pool)
{
	const struct ifaddrs *ifa;
	char text[PREFIX_TEXT];
	struct prefix4 net;

	for (ifa = visit->addrs; ifa; ifa = ifa->ifa_next) {
		if (!get_network(ifa, &net) || net.len >= pool->prefix.len ||
		    !prefix4_overlap(&net, &pool->prefix) || is_proxy(ifa->ifa_name))
			continue;
		say(visit, "proxy ARP", false,
		    "%s is part of the network of %s: sysctl -w net.ipv4.conf.%s.proxy_arp=1",
		    format_prefix4(text, &pool->prefix), ifa->ifa_name, ifa->ifa_name);
	}
}

/* Whose address a host leases, loses what is sent to it, or the host does. */
static void check_taken(struct visit *visit, const struct pool *pool)
{
	size_t n = count_taken(visit, &pool->prefix), i, left = NAMED, size;
	char addr[INET_ADDRSTRLEN], text[PREFIX_TEXT], *names = NULL, *instead;
	FILE *to;

	if (!n)
		return;
	to = must(open_memstream(&names, &size));
	for (i = 0; i < visit->n_taken && left; i++) {
		const struct taken *taken = &visit->taken[i];

		if (!is_within(taken->addr, &pool->prefix))
			continue;
		inet_ntop(AF_INET, &taken->addr, addr, sizeof(addr));
		fprintf(to, "%s%s (%s)", left-- < NAMED ? ", " : "", addr, taken->by);
	}
	if (n > NAMED)
		fprintf(to, " and %zu more", n - NAMED);
	fclose(to);
	instead = cut(visit, &pool->prefix);
	say(visit, "other machines", false, "hosts may lease %s from %s: %s", names,
	    format_prefix4(text, &pool->prefix), instead);
	free(instead);
	free(names);
}

static void check_pools(struct visit *visit)
{
	char text[PREFIX_TEXT];
	size_t i;

	for (i = 0; i < visit->n_pools; i++) {
		const struct pool *pool = &visit->pools[i];

		check_pool_arp(visit, pool);
		check_taken(visit, pool);
		format_prefix4(text, &pool->prefix);
		if (!pool->free && !pool->drain)
			say(visit, "pool", false,
			    "%s is full: add a pool, or nat64ctl set max-idle to less", text);
		else
			say(visit, "pool", true, "%s has %u free addresses", text, pool->free);
	}
}

static bool has_ipv6(const struct visit *visit, const char *name)
{
	const struct sockaddr_in6 *addr;
	const struct ifaddrs *ifa;

	for (ifa = visit->addrs; ifa; ifa = ifa->ifa_next) {
		addr = (const struct sockaddr_in6 *)ifa->ifa_addr;
		if (addr && addr->sin6_family == AF_INET6 && !strcmp(ifa->ifa_name, name) &&
		    !IN6_IS_ADDR_LINKLOCAL(&addr->sin6_addr))
			return true;
	}
	return false;
}

/* What is cut to lowest-ipv6-mtu has to fit wherever IPv6 hosts may be. */
static void check_mtu(struct visit *visit)
{
	size_t i;

	for (i = 0; i < visit->n_links; i++) {
		const struct link *link = &visit->links[i];

		if (link->up && link->mtu < visit->set.lowest_ipv6_mtu &&
		    has_ipv6(visit, link->name))
			say(visit, "MTU", false,
			    "%s takes no more than %u bytes: nat64ctl set lowest-ipv6-mtu %u",
			    link->name, link->mtu, link->mtu);
	}
}

/*
 * 1:1 NAT
 */

/*
 * Where the hosts are on the same link as the world, Linux tells them that there is a shorter way,
 * without the router and so without NAT.
 */
static bool has_redirects(struct visit *visit, const struct nat44 *rule, const struct link *link)
{
	char text[PREFIX_TEXT];

	if (route_interface(AF_INET, &rule->internal.addr) != link->ifindex ||
	    (machine_sysctl("ipv4/conf/all/send_redirects") == '0' &&
	     machine_sysctl("ipv4/conf/%s/send_redirects", link->name) == '0'))
		return false;
	say(visit, "redirects", false,
	    "%s is told to pass the router by: sysctl -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.%s.send_redirects=0",
	    format_prefix4(text, &rule->internal), link->name);
	return true;
}

static bool is_own(const struct visit *visit, struct in_addr addr)
{
	const struct ifaddrs *ifa;
	struct prefix4 net;

	for (ifa = visit->addrs; ifa; ifa = ifa->ifa_next)
		if (get_network(ifa, &net) && net.addr.s_addr == addr.s_addr)
			return true;
	return false;
}

/* An external address inside the network of its interface is looked for by ARP there. */
static void check_external(struct visit *visit, const struct nat44 *rule, const struct link *link)
{
	const struct ifaddrs *ifa;
	char text[PREFIX_TEXT];
	struct prefix4 net;

	/* of a prefix, any address may be unused */
	if (rule->external.len != 32 || rule->proxy_arp || is_own(visit, rule->external.addr))
		return;
	for (ifa = visit->addrs; ifa; ifa = ifa->ifa_next)
		if (!strcmp(ifa->ifa_name, link->name) && get_network(ifa, &net) && net.len < 32 &&
		    prefix4_overlap(&net, &rule->external))
			break;
	if (!ifa || (is_proxy(link->name) &&
		     route_interface(AF_INET, &rule->external.addr) != link->ifindex))
		return;
	format_prefix4(text, &rule->external);
	say(visit, "external address", false,
	    "nobody on %s answers ARP for %s: ip neighbour add proxy %s dev %s", link->name, text,
	    text, link->name);
}

/* A host that leased such an address would send from it, and the answers go to another. */
static void check_leasable(struct visit *visit, const struct nat44 *rule)
{
	char external[PREFIX_TEXT], pool[PREFIX_TEXT];
	size_t i;

	format_prefix4(external, &rule->external);
	for (i = 0; i < visit->n_pools; i++)
		if (prefix4_overlap(&visit->pools[i].prefix, &rule->external))
			say(visit, "external address", false,
			    "hosts may lease %s from the pool %s: have pools around it instead",
			    external, format_prefix4(pool, &visit->pools[i].prefix));
}

/* The rules come in order of their interfaces, of which each is told of once. */
static void check_nat44(struct visit *visit)
{
	const char *dev = "", *redirecting = "";
	char text[PREFIX_TEXT];
	size_t i;

	for (i = 0; i < visit->n_rules; i++) {
		const struct nat44 *rule = &visit->rules[i];
		const struct link *link = link_by_name(visit, rule->dev);
		bool first = strcmp(dev, rule->dev);

		check_leasable(visit, rule);
		dev = rule->dev;
		if (!link && first)
			say(visit, "1:1 NAT", false, "there is no interface %s", dev);
		if (!link)
			continue;
		if (strcmp(redirecting, dev) && has_redirects(visit, rule, link))
			redirecting = dev;
		check_external(visit, rule, link);
		if (first && visit->ruleset && ruleset_offloads(visit->ruleset, dev))
			say(visit, "flowtable", false,
			    "one of nft has %s and passes 1:1 NAT by: leave %s out of 'flow add'",
			    dev, format_prefix4(text, &rule->internal));
	}
}

/* A source is looked for where its IPv6 address is routed to, which has to be the link nat64. */
static void check_fib_rules(struct visit *visit)
{
	if (!visit->set.anchor || !visit->ruleset || !ruleset_checks_sources(visit->ruleset))
		return;
	if (!visit->set.prefix.len)
		say(visit, "nft fib", false,
		    "a rule with 'fib saddr . iif oif' drops mapped sources: nft insert rule ... iifname nat64 accept");
	else if (!visit->prefix_is_routed)
		say(visit, "nft fib", false,
		    "a rule with 'fib saddr . iif oif' drops what comes from IPv4: see prefix route");
	else
		say(visit, "nft fib", true, "sources in the prefix pass 'fib saddr . iif oif'");
}

enum dns64 { DNS64_SILENT, DNS64_NONE, DNS64_OTHER, DNS64_RIGHT };

/* RFC 7050: the resolver's AAAA of this name tells the prefixes of its DNS64. */
static enum dns64 ask_dns64(const struct prefix6 *prefix)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct prefix6 host = { .len = 128 };
	enum dns64 answer = DNS64_OTHER;
	struct addrinfo *list, *one;
	int error;

	/* where there is no network, not half a minute */
	setenv("RES_OPTIONS", "timeout:2 attempts:1", 1);
	error = getaddrinfo("ipv4only.arpa", NULL, &hints, &list);
	if (error)
		return error == EAI_AGAIN || error == EAI_SYSTEM ? DNS64_SILENT : DNS64_NONE;
	for (one = list; one; one = one->ai_next) {
		host.addr = ((struct sockaddr_in6 *)one->ai_addr)->sin6_addr;
		if (prefix6_overlap(&host, prefix))
			answer = DNS64_RIGHT;
	}
	freeaddrinfo(list);
	return answer;
}

/* The hosts may ask another resolver than this router, so that nothing need be wrong. */
static void check_dns64(struct visit *visit)
{
	char text[PREFIX_TEXT], *resolver;

	if (!visit->set.prefix.len)
		return;
	format_prefix6(text, &visit->set.prefix);
	resolver = machine_resolver();
	switch (ask_dns64(&visit->set.prefix)) {
	case DNS64_RIGHT:
		say(visit, "DNS64", true, "this router's resolver, %s, answers with %s", resolver,
		    text);
		break;
	case DNS64_OTHER:
		say(visit, "DNS64", false,
		    "this router's resolver, %s, answers with another prefix than %s: give both the same",
		    resolver, text);
		break;
	case DNS64_NONE:
		warn("DNS64",
		     "this router's resolver, %s, has none; what does the hosts' say? It needs %s: dig AAAA ipv4only.arpa @RESOLVER",
		     resolver, text);
		break;
	case DNS64_SILENT:
		warn("DNS64",
		     "this router's resolver, %s, is silent; what does the hosts' say? It needs %s: dig AAAA ipv4only.arpa @RESOLVER",
		     resolver, text);
	}
	free(resolver);
}

static void say_module(const char *name, void *visit)
{
	say(visit, "other translator", false, "%s is loaded and may take the packets: rmmod %s",
	    name, name);
}

static void say_program(const char *name, int pid, void *visit)
{
	say(visit, "other translator", false, "%s runs and may take the packets: kill %d", name,
	    pid);
}

static void check_others(struct visit *visit)
{
	static const char *const names[] = { "nat64", "siit", "clat", "tayga", "protomask",
					     "tundra" };
	size_t i, j;

	machine_modules(say_module, visit);
	machine_programs(say_program, visit);
	for (i = 0; i < visit->n_links; i++)
		for (j = 0; j < sizeof(names) / sizeof(*names); j++)
			if (!strcmp(visit->links[i].kind, "tun") &&
			    !strncmp(visit->links[i].name, names[j], strlen(names[j])))
				say(visit, "other translator", false,
				    "%s is the link of another one: ip link del %s",
				    visit->links[i].name, visit->links[i].name);
}

/* Network and broadcast addresses, static maps and the router's own are never leased. */
static bool is_leasable(const struct visit *visit, struct in_addr addr)
{
	size_t i;

	for (i = 0; i < visit->n_maps; i++)
		if (is_within(addr, &visit->maps[i].v4))
			return false;
	for (i = 0; i < visit->n_pools; i++) {
		const struct prefix4 *prefix = &visit->pools[i].prefix;
		__u32 hosts = prefix->len < 31 ? ~0U >> prefix->len : 0;
		__u32 host = ntohl(addr.s_addr) & hosts;

		if (!visit->pools[i].drain && is_within(addr, prefix) &&
		    (!hosts || (host && host != hosts)))
			return !is_own(visit, addr);
	}
	return false;
}

static void take(struct visit *visit, struct in_addr addr, const char *by)
{
	size_t i;

	for (i = 0; i < visit->n_taken; i++)
		if (visit->taken[i].addr.s_addr == addr.s_addr)
			return;
	if (!is_leasable(visit, addr))
		return;
	visit->taken = xrealloc(visit->taken, (visit->n_taken + 1) * sizeof(*visit->taken));
	visit->taken[visit->n_taken++] = (struct taken){ .addr = addr, .by = by };
}

static void take_next_hop(struct in_addr addr, void *visit)
{
	take(visit, addr, "a next hop");
}

static void take_neighbour(struct in_addr addr, void *visit)
{
	take(visit, addr, "a neighbour");
}

static void look_around(struct visit *visit)
{
	const struct map_filter only_static = { .type = NAT64_MAP_TYPE_STATIC };

	visit->has_maps = kern_maps(&only_static, &visit->maps, &visit->n_maps) || visit->n_maps;
	machine_links(&visit->links, &visit->n_links);
	arp_mark(visit->rules, visit->n_rules, ARP_ANYBODYS);
	if (getifaddrs(&visit->addrs))
		visit->addrs = NULL;
	if (visit->n_pools) {
		machine_next_hops(take_next_hop, visit);
		machine_neighbours(take_neighbour, visit);
	}
	visit->ruleset = machine_ruleset();
}

int cmd_doctor(const struct command *command, int argc, char **argv)
{
	static const struct column columns[] = {
		[CHECK] = { "check", false },
		[OK] = { "ok", false },
		[TEXT] = { "text", false },
		[WARNING] = { "warning", false },
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
	look_around(&visit);
	print_start(columns, opt.json ? WARNING + 1 : WARNING);
	check_configuration(&visit);
	check_forwarding(&visit);
	check_anchor(&visit);
	check_routes(&visit);
	check_upstream(&visit);
	check_pools(&visit);
	check_mtu(&visit);
	check_nat44(&visit);
	check_fib_rules(&visit);
	check_dns64(&visit);
	check_others(&visit);
	print_end();
	free(visit.pools);
	free(visit.maps);
	free(visit.taken);
	free(visit.rules);
	free(visit.links);
	free(visit.ruleset);
	if (visit.addrs)
		freeifaddrs(visit.addrs);
	return visit.wrong ? REFUSED : DONE;
}
