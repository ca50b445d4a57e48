// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel for the fuzz targets: it takes what it is told, and has one object of each kind, which
 * is as long as it can be.
 */
#include <errno.h>
#include <string.h>

#include "../../arp.h"
#include "../../nat64ctl.h"
#include "../../netlink.h"
#include "../../route.h"

#define COUNTER(attr, name, text) { attr, name, text },
const struct counter counters[] = {
#include "../../counters-gen.h"
};

const size_t n_counters = sizeof(counters) / sizeof(*counters);

static const struct prefix4 some4 = { .addr = { 0xffffffff }, .len = 31 };
static const struct prefix6 some6 = { .addr = { { { 0xfd, [15] = 0xfe } } }, .len = 127 };

/* A list of one. */
static int give(void *list, size_t *n, const void *object, size_t size)
{
	*(void **)list = memcpy(xcalloc(1, size), object, size);
	*n = 1;
	return 0;
}

#define GIVE(list, n, object)	give(list, n, &(object), sizeof(object))

static int count(__u32 *flushed)
{
	*flushed = -1;
	return 0;
}

static struct queue *queued;

int kern_queue(struct queue *queue)
{
	queued = queue;
	return 0;
}

/* Every other lease is refused. */
int kern_add_lease(struct in_addr v4, const struct in6_addr *v6, __u32 idle)
{
	if (queued->tag & 1)
		queued->failed(-EEXIST, queued->tag, queued->arg);
	queued->progress(queued->tag, queued->arg);
	return 0;
}

int kern_get(struct settings *settings)
{
	*settings = settings_default;
	return 0;
}

int kern_pools(struct pool **pools, size_t *n)
{
	const struct pool pool = { .prefix = some4, .size = -1, .leased = -1, .free = -1 };

	return GIVE(pools, n, pool);
}

int kern_maps(const struct map_filter *filter, struct map **maps, size_t *n)
{
	const struct map map = {
		.v4 = some4, .v6 = some6, .type = NAT64_MAP_TYPE_DYNAMIC, .idle = -1, .expires = -1,
		.expires_at_all = true, .counted = true, .packets64 = -1, .bytes64 = -1,
	};

	return GIVE(maps, n, map);
}

int kern_nat44(struct nat44 **rules, size_t *n)
{
	const struct nat44 rule = {
		.internal = some4, .external = some4, .dev = "fifteen-of-them",
	};

	return GIVE(rules, n, rule);
}

int kern_excludes(struct exclude **excludes, size_t *n)
{
	const struct exclude exclude = { .prefix = some4 };

	return GIVE(excludes, n, exclude);
}

int kern_allows(struct allow **allows, size_t *n)
{
	const struct allow allow = { .prefix = some6 };

	return GIVE(allows, n, allow);
}

int kern_flush_maps(int type, __u32 *flushed)
{
	return count(flushed);
}

int kern_flush_nat44(__u32 *flushed)
{
	return count(flushed);
}

int kern_flush_excludes(__u32 *flushed)
{
	return count(flushed);
}

int kern_reset(__u32 *ended)
{
	return count(ended);
}

int kern_commit(bool dry_run, struct commit_result *result)
{
	*result = (struct commit_result){ .changed = true };
	return 0;
}

const char *kern_why(void)
{
	return "so";
}

void kern_close(void)
{
}

void routes_changed(void)
{
}

void arp_changed(void)
{
}

void arp_replaced(void)
{
}

void arp_answer(const struct nat44 *rule)
{
}

int kern_open(bool modprobe)
{
	return 0;
}

int kern_bad_attr(void)
{
	return 0;
}

int kern_flush(void)
{
	return 0;
}

int kern_begin(bool copy)
{
	return 0;
}

int kern_set(const struct settings *settings)
{
	return 0;
}

int kern_add_pool(const struct prefix4 *prefix, bool drain)
{
	return 0;
}

int kern_del_pool(const struct prefix4 *prefix, bool force)
{
	return 0;
}

int kern_add_map(const struct prefix4 *v4, const struct prefix6 *v6, bool replace)
{
	return 0;
}

int kern_del_map(const struct prefix4 *v4, const struct prefix6 *v6)
{
	return -ENOENT;
}

int kern_add_nat44(const struct prefix4 *inside, const struct prefix4 *outside, const char *dev)
{
	return 0;
}

int kern_del_nat44(const struct prefix4 *internal, const char *dev)
{
	return 0;
}

int kern_add_exclude(const struct prefix4 *prefix)
{
	return 0;
}

int kern_del_exclude(const struct prefix4 *prefix)
{
	return -ENOENT;
}

int kern_add_allow(const struct prefix6 *prefix)
{
	return 0;
}

int kern_del_allow(const struct prefix6 *prefix)
{
	return 0;
}

int kern_icmp(struct icmp **messages, size_t *n)
{
	const struct icmp icmp = { .direction = -1, .type = -1, .code = -1, .packets = -1 };

	return GIVE(messages, n, icmp);
}

/* or stats --watch and monitor go on for ever */
int kern_stats(__u64 *values, bool *present)
{
	return -EIO;
}

int kern_events(void (*ready)(void *arg), void (*take)(const struct event *event, void *arg),
		void (*missed)(void *arg), void *arg)
{
	return -EIO;
}

int routes_settle(void)
{
	return DONE;
}

int route_interface(int family, const void *addr)
{
	return 0;
}

int arp_settle(void)
{
	return DONE;
}

int arp_mark(struct nat44 *rules, size_t n, enum arp_whose whose)
{
	return DONE;
}
