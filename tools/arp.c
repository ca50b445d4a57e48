// SPDX-License-Identifier: GPL-2.0
/*
 * Proxy ARP for external addresses of 1:1 NAT: neighbour entries of the kernel's. What was made
 * here carries a protocol number of its own, so that just that is taken back. An entry for the same
 * address that somebody else made is left alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "arp.h"
#include "nat64ctl.h"
#include "netlink.h"

/* RTPROT_* of our entries, as of our routes. */
#define RTPROT_NAT64	64

struct entry {
	__u32 ifindex;
	__u32 addr;		/* host byte order, for the sake of ranges */
	bool ours;
	bool covered;		/* by a rule */
};

struct table {
	struct entry *entries;
	size_t n;
};

static bool changed, replaced;
static struct nat44 *wanted;
static size_t n_wanted;

void arp_answer(const struct nat44 *rule)
{
	wanted = xrealloc(wanted, (n_wanted + 1) * sizeof(*wanted));
	wanted[n_wanted++] = *rule;
	changed = true;
}

void arp_changed(void)
{
	changed = true;
}

void arp_replaced(void)
{
	changed = true;
	replaced = true;
	n_wanted = 0;
}

static int take_entry(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct ndmsg *neighbour = nlmsg_data(header);
	struct nlattr *dst, *protocol;
	struct table *table = arg;
	struct entry *entry;

	if (header->nlmsg_type != RTM_NEWNEIGH || !(neighbour->ndm_flags & NTF_PROXY))
		return NL_OK;
	dst = nlmsg_find_attr(header, sizeof(*neighbour), NDA_DST);
	protocol = nlmsg_find_attr(header, sizeof(*neighbour), NDA_PROTOCOL);
	if (!dst || nla_len(dst) != 4)
		return NL_OK;
	table->entries = xrealloc(table->entries, (table->n + 1) * sizeof(*table->entries));
	entry = &table->entries[table->n++];
	*entry = (struct entry){
		.ifindex = neighbour->ndm_ifindex,
		.addr = ntohl(nla_get_u32(dst)),
		.ours = protocol && nla_get_u8(protocol) == RTPROT_NAT64,
	};
	return NL_OK;
}

static int order_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->ifindex != y->ifindex)
		return x->ifindex < y->ifindex ? -1 : 1;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static int read_table(struct nl_sock *sock, struct table *table)
{
	struct ndmsg all = { .ndm_family = AF_INET, .ndm_flags = NTF_PROXY };
	int error;

	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, take_entry, table);
	error = nl_send_simple(sock, RTM_GETNEIGH, NLM_F_DUMP, &all, sizeof(all));
	if (error >= 0)
		error = nl_recvmsgs_default(sock);
	if (error < 0)
		return refused("cannot read the proxy entries: %s", nl_geterror(error));
	if (table->n)
		qsort(table->entries, table->n, sizeof(*table->entries), order_entries);
	return DONE;
}

/* The first entry on the interface that is not below the address, which may be another's. */
static size_t find_entry(const struct table *table, __u32 ifindex, __u32 addr)
{
	const struct entry key = { .ifindex = ifindex, .addr = addr };
	size_t low = 0, high = table->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (order_entries(&table->entries[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_entry(const struct table *table, size_t i, __u32 ifindex, __u32 addr)
{
	return i < table->n && table->entries[i].ifindex == ifindex &&
	       table->entries[i].addr == addr;
}

static __u32 last_of(const struct prefix4 *prefix)
{
	return ntohl(prefix->addr.s_addr) | ((1ULL << (32 - prefix->len)) - 1);
}

/* The entries of a rule are covered by it. Returns whether its first address has one of @whose. */
static bool cover(struct table *table, const struct nat44 *rule, enum arp_whose whose)
{
	__u32 first = ntohl(rule->external.addr.s_addr), last = last_of(&rule->external);
	__u32 ifindex = if_nametoindex(rule->dev);
	bool marked = false;
	size_t i;

	if (!ifindex || !table->n)
		return false;
	for (i = find_entry(table, ifindex, first);
	     i < table->n && table->entries[i].ifindex == ifindex && table->entries[i].addr <= last;
	     i++) {
		table->entries[i].covered = true;
		marked |= (whose == ARP_ANYBODYS || table->entries[i].ours) &&
			  table->entries[i].addr == first;
	}
	return marked;
}

/* @what is done to the entry of an address: RTM_NEWNEIGH or RTM_DELNEIGH. */
static int change_entry(struct nl_sock *sock, int what, __u32 ifindex, __u32 addr)
{
	int flags = what == RTM_NEWNEIGH ? NLM_F_CREATE | NLM_F_EXCL : 0;
	struct ndmsg neighbour = {
		.ndm_family = AF_INET,
		.ndm_ifindex = ifindex,
		.ndm_state = NUD_PERMANENT,
		.ndm_flags = NTF_PROXY,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(what, flags);
	char dev[IFNAMSIZ] = "?", text[INET_ADDRSTRLEN];
	__u32 dst = htonl(addr);
	int error;

	nlmsg_append(msg, &neighbour, sizeof(neighbour), NLMSG_ALIGNTO);
	nla_put(msg, NDA_DST, sizeof(dst), &dst);
	nla_put_u8(msg, NDA_PROTOCOL, RTPROT_NAT64);
	error = nl_send_sync(sock, msg);
	inet_ntop(AF_INET, &dst, text, sizeof(text));
	if_indextoname(ifindex, dev);
	if (error < 0)
		return refused("cannot change the proxy entry of %s on %s: %s", text, dev,
			       nl_geterror(error));
	if (what == RTM_NEWNEIGH)
		tell("answers ARP for %s on %s", text, dev);
	else
		tell("no longer answers ARP for %s on %s", text, dev);
	return DONE;
}

static bool has_rule(const struct nat44 *rules, size_t n, const struct nat44 *want)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(rules[i].dev, want->dev) &&
		    !prefix4_cmp(&rules[i].external, &want->external))
			return true;
	return false;
}

static int add_entries(struct nl_sock *sock, const struct table *table, const struct nat44 *want)
{
	__u32 addr = ntohl(want->external.addr.s_addr), last = last_of(&want->external);
	__u32 ifindex = if_nametoindex(want->dev);
	int status = DONE;

	if (!ifindex) {
		note("there is no interface %s to answer ARP on; load again when there is",
		     want->dev);
		return DONE;
	}
	for (; !status && addr <= last; addr++)
		if (!is_entry(table, find_entry(table, ifindex, addr), ifindex, addr))
			status = change_entry(sock, RTM_NEWNEIGH, ifindex, addr);
	return status;
}

static int settle(struct nl_sock *sock, struct table *table)
{
	struct nat44 *rules = NULL;
	size_t n_rules = 0, i;
	int status, error;

	if (!sock || nl_connect(sock, NETLINK_ROUTE))
		return refused("cannot open a routing socket");
	status = read_table(sock, table);
	if (status || (!table->n && !n_wanted))
		return status;
	/* without the module there are no rules */
	error = kern_open(false);
	if (!error)
		error = kern_nat44(&rules, &n_rules);
	if (error && error != -ENOENT)
		return refused("%s", kern_why());
	for (i = 0; i < (replaced ? n_wanted : n_rules); i++)
		cover(table, replaced ? &wanted[i] : &rules[i], ARP_OURS);
	for (i = 0; !status && i < table->n; i++)
		if (table->entries[i].ours && !table->entries[i].covered)
			status = change_entry(sock, RTM_DELNEIGH, table->entries[i].ifindex,
					      table->entries[i].addr);
	for (i = 0; !status && i < n_wanted; i++)
		if (has_rule(rules, n_rules, &wanted[i]))
			status = add_entries(sock, table, &wanted[i]);
	free(rules);
	return status;
}

int arp_settle(void)
{
	struct nl_sock *sock;
	struct table table = { 0 };
	int status;

	if (!changed)
		return DONE;
	sock = nl_socket_alloc();
	status = settle(sock, &table);
	nl_socket_free(sock);
	free(table.entries);
	free(wanted);
	wanted = NULL;
	n_wanted = 0;
	changed = false;
	replaced = false;
	return status;
}

int arp_mark(struct nat44 *rules, size_t n, enum arp_whose whose)
{
	struct nl_sock *sock = nl_socket_alloc();
	struct table table = { 0 };
	int status = DONE;
	size_t i;

	if (!sock || nl_connect(sock, NETLINK_ROUTE))
		status = refused("cannot open a routing socket");
	if (!status)
		status = read_table(sock, &table);
	for (i = 0; !status && i < n; i++)
		rules[i].proxy_arp = cover(&table, &rules[i], whose);
	nl_socket_free(sock);
	free(table.entries);
	return status;
}
