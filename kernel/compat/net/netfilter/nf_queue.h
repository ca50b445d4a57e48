/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exported to modules, but declared only in net/netfilter/nf_internals.h.
 */
#ifndef NAT64_COMPAT_NET_NETFILTER_NF_QUEUE_H
#define NAT64_COMPAT_NET_NETFILTER_NF_QUEUE_H

#include_next <net/netfilter/nf_queue.h>

/* Flush the packets of a namespace that user space still has to decide on. */
void nf_queue_nf_hook_drop(struct net *net);

#endif /* NAT64_COMPAT_NET_NETFILTER_NF_QUEUE_H */
