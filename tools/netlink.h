/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel as a set of functions on plain structs. Only netlink.c knows how they are carried.
 *
 * A function returns 0 or a negative errno; kern_why() then is the kernel's own text, or ours where
 * it has none.
 */
#ifndef NAT64CTL_NETLINK_H
#define NAT64CTL_NETLINK_H

#include "config.h"

/* How often what changes while it is read is read again. */
#define READ_TRIES	10

struct map {
	struct prefix4 v4;
	struct prefix6 v6;
	__u8 type;			/* NAT64_MAP_TYPE_* */
	bool expires_at_all;
	bool counted;
	__u32 idle;
	__u32 expires;
	__u64 packets64;
	__u64 bytes64;
	__u64 packets46;
	__u64 bytes46;
};

struct map_filter {
	int type;			/* -1: both */
	bool by_v4;
	bool by_v6;
	struct prefix4 v4;
	struct prefix6 v6;
};

struct event {
	__u8 type;			/* NAT64_EVENT_TYPE_* */
	__u8 reason;			/* attribute of a counter; 0: none */
	bool has_v4;
	__u64 time;			/* nanoseconds since 1970 */
	struct in_addr v4;
	struct in6_addr v6;
};

struct commit_result {
	bool changed;
	__u32 kept;
	__u32 ended;
};

struct counter {
	int attr;
	const char *name;
	const char *text;
};

/* ICMP messages of one kind that were translated. */
struct icmp {
	__u8 direction;			/* NAT64_DIRECTION_* */
	__u8 type;			/* as they arrived */
	__u8 code;
	__u64 packets;
};

extern const struct counter counters[];
extern const size_t n_counters;

/*
 * Opening is done by the first request; kern_open() only says beforehand whether it would succeed.
 */
int kern_open(bool modprobe);
void kern_close(void);
const char *kern_why(void);
int kern_bad_attr(void); /* the attribute that was refused; 0 if the kernel named none */

int kern_get(struct settings *settings);
int kern_set(const struct settings *settings);
int kern_add_pool(const struct prefix4 *prefix, bool drain);
int kern_del_pool(const struct prefix4 *prefix, bool force);
int kern_pools(struct pool **pools, size_t *n);
int kern_add_map(const struct prefix4 *v4, const struct prefix6 *v6, bool replace);
int kern_add_lease(struct in_addr v4, const struct in6_addr *v6, __u32 idle);
/* either may be NULL */
int kern_del_map(const struct prefix4 *v4, const struct prefix6 *v6);
int kern_flush_maps(int type, __u32 *flushed);
int kern_maps(const struct map_filter *filter, struct map **maps, size_t *n);
int kern_add_nat44(const struct prefix4 *internal, const struct prefix4 *external, const char *dev);
int kern_del_nat44(const struct prefix4 *internal, const char *dev);
int kern_flush_nat44(__u32 *flushed);
int kern_nat44(struct nat44 **rules, size_t *n);
int kern_add_exclude(const struct prefix4 *prefix);
int kern_del_exclude(const struct prefix4 *prefix);
int kern_flush_excludes(__u32 *flushed);
int kern_excludes(struct exclude **excludes, size_t *n);
int kern_add_allow(const struct prefix6 *prefix);
int kern_del_allow(const struct prefix6 *prefix);
int kern_allows(struct allow **allows, size_t *n);
int kern_stats(__u64 *values, bool *present);	/* arrays of NAT64_A_COUNTER_MAX + 1 */
int kern_icmp(struct icmp **messages, size_t *n);
int kern_begin(bool copy);
int kern_commit(bool dry_run, struct commit_result *result);
int kern_reset(__u32 *ended);

/*
 * Between kern_queue() and kern_flush() the add functions only collect requests, which go out many
 * at a time; for each one that is refused failed() is called with its tag, kern_why() and
 * kern_bad_attr() being about it. They return an error only if nothing could be sent at all.
 */
struct queue {
	void (*failed)(int error, size_t tag, void *arg);
	void (*progress)(size_t done, void *arg);
	void *arg;
	size_t tag;			/* of the next request; the caller sets it */
};

int kern_queue(struct queue *queue);
int kern_flush(void);

/*
 * Calls take() for each event, and missed() when the kernel could not keep up with us; returns only
 * with an error.
 */
int kern_events(void (*ready)(void *arg), void (*take)(const struct event *event, void *arg),
		void (*missed)(void *arg), void *arg);

#endif
