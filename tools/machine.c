// SPDX-License-Identifier: GPL-2.0
/* What doctor has to know of the machine: links, neighbours, sysctls, programs, rules of nft. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/rtnl.h>

#include "machine.h"
#include "nat64ctl.h"

static const char *const programs[] = { "tayga", "protomask", "protomask-clat", "tundra",
					"tundra-nat64" };
static const char *const modules[] = { "jool", "jool_siit", "nat46" };

void machine_links(struct link **links, size_t *n)
{
	struct nl_sock *sock = nl_socket_alloc();
	struct nl_cache *cache = NULL;
	struct nl_object *object;

	*links = NULL;
	*n = 0;
	if (!sock || nl_connect(sock, NETLINK_ROUTE) ||
	    rtnl_link_alloc_cache(sock, AF_UNSPEC, &cache))
		goto out;
	*links = xcalloc(nl_cache_nitems(cache), sizeof(**links));
	for (object = nl_cache_get_first(cache); object; object = nl_cache_get_next(object)) {
		struct rtnl_link *from = (struct rtnl_link *)object;
		const char *kind = rtnl_link_get_type(from);
		struct link *link = &(*links)[(*n)++];

		link->ifindex = rtnl_link_get_ifindex(from);
		snprintf(link->name, sizeof(link->name), "%s", rtnl_link_get_name(from));
		snprintf(link->kind, sizeof(link->kind), "%s", kind ? kind : "");
		link->mtu = rtnl_link_get_mtu(from);
		link->up = rtnl_link_get_flags(from) & IFF_UP;
	}
	nl_cache_free(cache);
out:
	nl_socket_free(sock);
}

struct finding {
	void (*found)(struct in_addr addr, void *arg);
	void *arg;
};

static void find_addr(const struct finding *finding, const struct nlattr *attr)
{
	struct in_addr addr;

	if (!attr || nla_len(attr) != sizeof(addr))
		return;
	memcpy(&addr, nla_data(attr), sizeof(addr));
	finding->found(addr, finding->arg);
}

static int take_route(struct nl_msg *msg, void *finding)
{
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct nlattr *hops;
	struct rtnexthop *hop;
	int left;

	if (header->nlmsg_type != RTM_NEWROUTE)
		return NL_OK;
	find_addr(finding, nlmsg_find_attr(header, sizeof(struct rtmsg), RTA_GATEWAY));
	hops = nlmsg_find_attr(header, sizeof(struct rtmsg), RTA_MULTIPATH);
	if (!hops)
		return NL_OK;
	hop = nla_data(hops);
	for (left = nla_len(hops); left >= (int)sizeof(*hop) && RTNH_OK(hop, left);
	     left -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		find_addr(finding, nla_find((struct nlattr *)RTNH_DATA(hop),
					    hop->rtnh_len - (int)sizeof(*hop), RTA_GATEWAY));
	return NL_OK;
}

static int take_neighbour(struct nl_msg *msg, void *finding)
{
	const int known = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT;
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct ndmsg *neighbour = nlmsg_data(header);

	if (header->nlmsg_type == RTM_NEWNEIGH && (neighbour->ndm_state & known))
		find_addr(finding, nlmsg_find_attr(header, sizeof(*neighbour), NDA_DST));
	return NL_OK;
}

/* All objects of IPv4 of a kind. */
static void dump(int command, int (*take)(struct nl_msg *msg, void *arg), struct finding *finding)
{
	struct nl_sock *sock = nl_socket_alloc();

	if (sock && !nl_connect(sock, NETLINK_ROUTE)) {
		nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, take, finding);
		if (nl_rtgen_request(sock, command, AF_INET, NLM_F_DUMP) >= 0)
			nl_recvmsgs_default(sock);
	}
	nl_socket_free(sock);
}

void machine_next_hops(void (*found)(struct in_addr addr, void *arg), void *arg)
{
	dump(RTM_GETROUTE, take_route, &(struct finding){ found, arg });
}

void machine_neighbours(void (*found)(struct in_addr addr, void *arg), void *arg)
{
	dump(RTM_GETNEIGH, take_neighbour, &(struct finding){ found, arg });
}

char *machine_resolver(void)
{
	FILE *in = fopen("/etc/resolv.conf", "re");
	char line[512], addr[64];
	bool found = false;

	while (in && !found && fgets(line, sizeof(line), in))
		found = sscanf(line, "nameserver %63s", addr) == 1;
	if (in)
		fclose(in);
	/* as the C library has it */
	return xprintf("%s", found ? addr : "127.0.0.1");
}

char machine_sysctl(const char *format, ...)
{
	char name[128], *path;
	va_list args;
	FILE *in;
	int c;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	path = xprintf("/proc/sys/net/%s", name);
	in = fopen(path, "re");
	c = in ? fgetc(in) : EOF;
	if (in)
		fclose(in);
	free(path);
	return c == EOF ? 0 : c;
}

static bool is_here(const char *pid)
{
	char *path = xprintf("/proc/%s/ns/net", pid), mine[64] = "", theirs[64] = "";
	bool same = readlink("/proc/self/ns/net", mine, sizeof(mine) - 1) > 0 &&
		    readlink(path, theirs, sizeof(theirs) - 1) > 0 && !strcmp(mine, theirs);

	free(path);
	return same;
}

static void look_at(const char *pid, void (*found)(const char *name, int pid, void *arg), void *arg)
{
	char *path = xprintf("/proc/%s/comm", pid), name[32] = "";
	FILE *in = fopen(path, "re");
	size_t i;

	if (in && fgets(name, sizeof(name), in))
		name[strcspn(name, "\n")] = '\0';
	for (i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (!strcmp(name, programs[i]) && is_here(pid))
			found(name, atoi(pid), arg);
	if (in)
		fclose(in);
	free(path);
}

void machine_programs(void (*found)(const char *name, int pid, void *arg), void *arg)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)*entry->d_name))
			look_at(entry->d_name, found, arg);
	if (proc)
		closedir(proc);
}

void machine_modules(void (*found)(const char *name, void *arg), void *arg)
{
	FILE *in = fopen("/proc/modules", "re");
	char line[512];
	size_t i;

	while (in && fgets(line, sizeof(line), in)) {
		line[strcspn(line, " ")] = '\0';
		for (i = 0; i < sizeof(modules) / sizeof(*modules); i++)
			if (!strcmp(line, modules[i]))
				found(line, arg);
	}
	if (in)
		fclose(in);
}

char *machine_ruleset(void)
{
	char buf[4096], *text = NULL;
	size_t size = 0, n;
	FILE *in, *to;

	in = popen("PATH=/usr/sbin:/sbin:/usr/bin:/bin nft -s list ruleset 2>/dev/null", "re");
	if (!in)
		return NULL;
	to = open_memstream(&text, &size);
	while (to && (n = fread(buf, 1, sizeof(buf), in)))
		fwrite(buf, 1, n, to);
	if (to)
		fclose(to);
	if (pclose(in)) {
		free(text);
		text = NULL;
	}
	return text;
}

/* Calls match() for every line of the tables of one family, and of those of both. */
static bool any_line(const char *ruleset, const char *family,
		     bool (*match)(const char *line, const void *arg), const void *arg)
{
	char *text = xprintf("%s", ruleset), *line, *save, kind[16];
	bool ours = false, found = false;

	for (line = strtok_r(text, "\n", &save); line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "table %15s", kind) == 1)
			ours = !strcmp(kind, "inet") || !strcmp(kind, family);
		else if (ours)
			found = match(line, arg);
	}
	free(text);
	return found;
}

static bool checks_source(const char *line, const void *arg)
{
	const char *fib = strstr(line, "fib saddr"), *iif = fib ? strstr(fib, "iif") : NULL;

	return iif && strstr(iif, " oif ");
}

bool ruleset_checks_sources(const char *ruleset)
{
	return any_line(ruleset, "ip6", checks_source, NULL);
}

static bool has_device(const char *line, const void *arg)
{
	const char *devices = strstr(line, "devices = {"), *dev = arg;
	char *text, *word, *save;
	bool found = false;

	if (!devices)
		return false;
	text = xprintf("%s", strchr(devices, '{') + 1);
	for (word = strtok_r(text, " \t,\"}", &save); word; word = strtok_r(NULL, " \t,\"}", &save))
		found |= !strcmp(word, dev);
	free(text);
	return found;
}

bool ruleset_offloads(const char *ruleset, const char *dev)
{
	return any_line(ruleset, "ip", has_device, dev);
}
