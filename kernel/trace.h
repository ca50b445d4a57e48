/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: what happened to a lease, and which packet was dropped.
 *
 * All that a person looks for is text: every tool can show it, and a filter can ask for it. To perf
 * trace, what is named "addr" at its end is a pointer, whatever it is.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM nat64

#if !defined(NAT64_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define NAT64_TRACE_H

#include <linux/if.h>
#include <linux/inet.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <net/net_namespace.h>

#ifndef NAT64_SIGHT
#define NAT64_SIGHT
/**
 * struct nat64_sight - what is shown of a packet
 * @skb: the packet, only its address; NULL as long as nobody watches
 * @protocol: ETH_P_*
 * @len: its length
 * @src: its source, "-" if there is no whole header
 * @dst: its destination, likewise
 * @in: the link it came in by, "-" if it comes from this machine
 * @dev: the link it was to leave by, or where it came in
 *
 * Taken before the packet is given away to somebody who may drop it.
 */
struct nat64_sight {
	const void *skb;
	u16 protocol;
	unsigned int len;
	char src[INET6_ADDRSTRLEN];
	char dst[INET6_ADDRSTRLEN];
	char in[IFNAMSIZ];
	char dev[IFNAMSIZ];
};
#endif

TRACE_EVENT(nat64_lease,
	    TP_PROTO(const struct net *net, u8 event, const struct in6_addr *v6, __be32 v4,
		     u8 reason),
	    TP_ARGS(net, event, v6, v4, reason),
	    TP_STRUCT__entry(__array(char, event, 8)
			     __array(char, v4, INET_ADDRSTRLEN)
			     __array(char, v6, INET6_ADDRSTRLEN)
			     __array(char, reason, 32)
			     __field(u32, netns)
	    ),
	    TP_fast_assign(strscpy_pad(__entry->event, event_names[event],
				       sizeof(__entry->event));
			   memset(__entry->v4, 0, sizeof(__entry->v4));
			   memset(__entry->v6, 0, sizeof(__entry->v6));
			   snprintf(__entry->v4, sizeof(__entry->v4), v4 ? "%pI4" : "-", &v4);
			   snprintf(__entry->v6, sizeof(__entry->v6), "%pI6c", v6);
			   strscpy_pad(__entry->reason, reason ? drop_names[reason] : "-",
				       sizeof(__entry->reason));
			   __entry->netns = net->ns.inum;
	    ),
	    TP_printk("event=%s v4=%s v6=%s reason=%s netns=%u", __entry->event, __entry->v4,
		      __entry->v6, __entry->reason, __entry->netns)
);

TRACE_EVENT(nat64_drop,
	    TP_PROTO(const struct net *net, u8 counter, const struct nat64_sight *sight),
	    TP_ARGS(net, counter, sight),
	    TP_STRUCT__entry(__array(char, counter, 32)
			     __field(const void *, skbaddr)
			     __field(u16, protocol)
			     __field(u32, len)
			     __array(char, src, INET6_ADDRSTRLEN)
			     __array(char, dst, INET6_ADDRSTRLEN)
			     __array(char, in, IFNAMSIZ)
			     __array(char, dev, IFNAMSIZ)
			     __field(u32, netns)
	    ),
	    TP_fast_assign(strscpy_pad(__entry->counter, drop_names[counter],
				       sizeof(__entry->counter));
			   __entry->skbaddr = sight->skb;
			   __entry->protocol = sight->protocol;
			   __entry->len = sight->len;
			   memcpy(__entry->src, sight->src, sizeof(sight->src));
			   memcpy(__entry->dst, sight->dst, sizeof(sight->dst));
			   memcpy(__entry->in, sight->in, sizeof(sight->in));
			   memcpy(__entry->dev, sight->dev, sizeof(sight->dev));
			   __entry->netns = net->ns.inum;
	    ),
	    TP_printk("counter=%s skbaddr=%p protocol=0x%04x len=%u src=%s dst=%s in=%s dev=%s netns=%u",
		      __entry->counter, __entry->skbaddr, __entry->protocol, __entry->len,
		      __entry->src, __entry->dst, __entry->in, __entry->dev, __entry->netns)
);

#endif /* NAT64_TRACE_H */

/* Outside of the guard: it reads this file again. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
