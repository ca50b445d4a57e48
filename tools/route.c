// SPDX-License-Identifier: GPL-2.0
/*
 * Routes of the prefix and the pools to the link nat64. What was made here carries a protocol
 * number of its own, so that just that is taken back. A route for exactly the same prefix that
 * somebody else made is left alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rtnl.h>

#include "nat64ctl.h"
#include "netlink.h"
#include "route.h"

/* RTPROT_* of our routes; numbers from 5 on are for user space to agree upon. */
#define RTPROT_NAT64	64

/* How often the routes are read again that changed while they were read. */
#define DUMP_TRIES	5

static bool changed;

struct target {
	int family;
	__u8 len;
	unsigned char addr[16];
	char text[PREFIX_TEXT];
	bool there;		/* somebody's route, or ours */
};

struct routing {
	struct nl_sock *sock;
	__u32 anchor;
	struct target *targets;
	size_t n;
	struct rtnl_route **stale;
	size_t n_stale;
};

void routes_changed(void)
{
	changed = true;
}

/* What is to be routed: the prefix and the pools, as long as there is a link. */
static int get_targets(struct routing *routing)
{
	struct settings set;
	struct target *target;
	struct pool *pools;
	size_t n, i;
	int error;

	error = kern_get(&set);
	if (!error)
		error = kern_pools(&pools, &n);
	if (error)
		return error;
	routing->anchor = set.anchor;
	routing->targets = xcalloc(n + 1, sizeof(*routing->targets));
	if (set.anchor && set.prefix.len) {
		target = &routing->targets[routing->n++];
		target->family = AF_INET6;
		target->len = set.prefix.len;
		memcpy(target->addr, &set.prefix.addr, sizeof(set.prefix.addr));
		format_prefix6(target->text, &set.prefix);
	}
	for (i = 0; set.anchor && i < n; i++) {
		target = &routing->targets[routing->n++];
		target->family = AF_INET;
		target->len = pools[i].prefix.len;
		memcpy(target->addr, &pools[i].prefix.addr, sizeof(pools[i].prefix.addr));
		format_prefix4(target->text, &pools[i].prefix);
	}
	free(pools);
	return 0;
}

static struct target *find_target(struct routing *routing, int family, __u8 len, const void *addr)
{
	size_t size = family == AF_INET ? 4 : 16, i;

	for (i = 0; i < routing->n; i++) {
		struct target *target = &routing->targets[i];

		if (target->family == family && target->len == len &&
		    !memcmp(target->addr, addr, size))
			return target;
	}
	return NULL;
}

/*
 * One route of the kernel's. A table may hold a million, so only those of interest are taken apart.
 */
static int take_route(struct nl_msg *msg, void *arg)
{
	static const unsigned char any[16];
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct rtmsg *route = nlmsg_data(header);
	struct routing *routing = arg;
	struct rtnl_route *parsed;
	struct target *target;
	struct nlattr *dst;
	bool in_main;

	if (header->nlmsg_type != RTM_NEWROUTE || (route->rtm_flags & RTM_F_CLONED))
		return NL_OK;
	dst = nlmsg_find_attr(header, sizeof(*route), RTA_DST);
	in_main = route->rtm_table == RT_TABLE_MAIN;
	target = in_main ? find_target(routing, route->rtm_family, route->rtm_dst_len,
				       dst ? nla_data(dst) : any) :
			   NULL;
	if (target) {
		target->there = true;
		if (opt.verbose && route->rtm_protocol != RTPROT_NAT64)
			note("%s is routed already; this route is left alone", target->text);
		return NL_OK;
	}
	if (route->rtm_protocol != RTPROT_NAT64 || !in_main || rtnl_route_parse(header, &parsed))
		return NL_OK;
	routing->stale = xrealloc(routing->stale, (routing->n_stale + 1) * sizeof(*routing->stale));
	routing->stale[routing->n_stale++] = parsed;
	return NL_OK;
}

static void forget_routes(struct routing *routing)
{
	size_t i;

	for (i = 0; i < routing->n_stale; i++)
		rtnl_route_put(routing->stale[i]);
	routing->n_stale = 0;
	for (i = 0; i < routing->n; i++)
		routing->targets[i].there = false;
}

static int read_family(struct routing *routing, int family, bool *interrupted)
{
	int error = nl_rtgen_request(routing->sock, RTM_GETROUTE, family, NLM_F_DUMP);

	if (error >= 0)
		error = nl_recvmsgs_default(routing->sock);
	if (error == -NLE_DUMP_INTR)
		*interrupted = true;
	return error == -NLE_DUMP_INTR || error > 0 ? 0 : error;
}

/* Again if the table changed meanwhile; that of a busy router always does, so not for ever. */
static int read_routes(struct routing *routing)
{
	bool interrupted;
	int error, tries = 0;

	nl_socket_modify_cb(routing->sock, NL_CB_VALID, NL_CB_CUSTOM, take_route, routing);
	do {
		forget_routes(routing);
		interrupted = false;
		error = read_family(routing, AF_INET6, &interrupted);
		if (!error)
			error = read_family(routing, AF_INET, &interrupted);
	} while (!error && interrupted && ++tries < DUMP_TRIES);
	return error ? refused("cannot read the routes: %s", nl_geterror(error)) : DONE;
}

static int add_route(struct routing *routing, const struct target *target)
{
	struct nl_addr *dst =
		nl_addr_build(target->family, target->addr, target->family == AF_INET ? 4 : 16);
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
	struct rtnl_route *route = rtnl_route_alloc();
	int error;

	nl_addr_set_prefixlen(dst, target->len);
	rtnl_route_set_family(route, target->family);
	rtnl_route_set_dst(route, dst);
	rtnl_route_set_table(route, RT_TABLE_MAIN);
	rtnl_route_set_protocol(route, RTPROT_NAT64);
	rtnl_route_set_scope(route, target->family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
	rtnl_route_nh_set_ifindex(hop, routing->anchor);
	rtnl_route_add_nexthop(route, hop);
	error = rtnl_route_add(routing->sock, route, NLM_F_EXCL);
	rtnl_route_put(route);
	nl_addr_put(dst);
	if (error < 0 && error != -NLE_EXIST)
		return refused("cannot route %s to nat64: %s", target->text, nl_geterror(error));
	if (!error)
		tell("routed %s to nat64", target->text);
	return DONE;
}

static int delete_route(struct routing *routing, struct rtnl_route *route)
{
	char text[PREFIX_TEXT];
	int error = rtnl_route_delete(routing->sock, route, 0);

	nl_addr2str(rtnl_route_get_dst(route), text, sizeof(text));
	if (error < 0 && error != -NLE_OBJ_NOTFOUND)
		return refused("cannot take back the route of %s: %s", text, nl_geterror(error));
	tell("took back the route of %s", text);
	return DONE;
}

static int settle(struct routing *routing)
{
	int status, error;
	size_t i;

	error = get_targets(routing);
	if (error)
		return refused("%s", kern_why());
	routing->sock = nl_socket_alloc();
	if (!routing->sock || nl_connect(routing->sock, NETLINK_ROUTE))
		return refused("cannot open a routing socket");
	status = read_routes(routing);
	for (i = 0; !status && i < routing->n_stale; i++)
		status = delete_route(routing, routing->stale[i]);
	for (i = 0; !status && i < routing->n; i++)
		if (!routing->targets[i].there)
			status = add_route(routing, &routing->targets[i]);
	return status;
}

int routes_settle(void)
{
	struct routing routing = { 0 };
	int status;

	if (!changed)
		return DONE;
	changed = false;
	status = settle(&routing);
	forget_routes(&routing);
	free(routing.stale);
	free(routing.targets);
	nl_socket_free(routing.sock);
	return status;
}

int route_interface(int family, const void *addr)
{
	struct nl_addr *dst = nl_addr_build(family, addr, family == AF_INET ? 4 : 16);
	struct nl_sock *sock = nl_socket_alloc();
	struct rtnl_route *route = NULL;
	int ifindex = 0;

	if (sock && dst && !nl_connect(sock, NETLINK_ROUTE) &&
	    !rtnl_route_lookup(sock, dst, &route) && rtnl_route_get_nnexthops(route))
		ifindex = rtnl_route_nh_get_ifindex(rtnl_route_nexthop_n(route, 0));
	rtnl_route_put(route);
	nl_socket_free(sock);
	nl_addr_put(dst);
	return ifindex;
}
