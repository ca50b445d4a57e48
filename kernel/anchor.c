// SPDX-License-Identifier: GPL-2.0
/*
 * The anchor: the link nat64. It carries no packets of its own; it is where routes to the prefix
 * and the pools point, and the name of the IPv4 world in IPv6 rules.
 *
 * The operator may delete it or move it elsewhere. Then nat64_net->anchor is gone at once, and
 * whatever would have been translated is dropped.
 */
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>

#include "anchor.h"
#include "drop.h"
#include "hook.h"
#include "stats.h"

#define ANCHOR_NAME "nat64"

static netdev_tx_t xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct nat64_net *nn = nat64_pernet(dev_net(dev));

	/* Packet sockets only turn BH off. */
	rcu_read_lock();
	if (unlikely(rcu_dereference(nn->anchor) != dev))
		nat64_drop(nn, skb, NAT64_A_COUNTER_DROP_NO_ANCHOR);
	else
		nat64_hook_anchor(nn, skb, dev);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

/* What the anchor carried is what was translated; it is counted once, by protocol. */
static void get_stats(struct net_device *dev, struct rtnl_link_stats64 *to)
{
	const struct nat64_net *nn = nat64_pernet(dev_net(dev));
	unsigned int i;

	for (i = NAT64_A_COUNTER_TCP_64_PACKETS; i < NAT64_A_COUNTER_TCP_46_PACKETS; i += 2) {
		to->tx_packets += nat64_stats_read(nn, i);
		to->tx_bytes += nat64_stats_read(nn, i + 1);
	}
	for (; i < NAT64_A_COUNTER_LEASES_GIVEN; i += 2) {
		to->rx_packets += nat64_stats_read(nn, i);
		to->rx_bytes += nat64_stats_read(nn, i + 1);
	}
}

static const struct net_device_ops anchor_netdev_ops = {
	.ndo_start_xmit = xmit,
	.ndo_get_stats64 = get_stats,
};

static const struct device_type anchor_type = { .name = "nat64" };

static void setup(struct net_device *dev)
{
	dev->netdev_ops = &anchor_netdev_ops;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_NOARP | IFF_POINTOPOINT;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->min_mtu = IPV6_MIN_MTU;
	dev->max_mtu = IP_MAX_MTU;
	dev->mtu = IP_MAX_MTU;
	/* A super-packet is translated whole, an unfinished checksum stays unfinished. */
	dev->features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |
			NETIF_F_GSO_SOFTWARE;
	dev->hw_features = dev->features;
	netdev_set_lltx(dev);
	/* icmp_send() wants the route of what it answers. */
	netif_keep_dst(dev);
	dev->needs_free_netdev = true;
	SET_NETDEV_DEVTYPE(dev, &anchor_type);
}

/* No creation from user space: the anchor comes with a configuration. */
static struct rtnl_link_ops anchor_link_ops __read_mostly = {
	.kind = "nat64",
	.dellink = unregister_netdevice_queue,
};

static int notify(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct nat64_net *nn;

	if (event != NETDEV_UNREGISTER || dev->rtnl_link_ops != &anchor_link_ops)
		return NOTIFY_DONE;
	nn = nat64_pernet(dev_net(dev));
	if (rcu_access_pointer(nn->anchor) == dev)
		RCU_INIT_POINTER(nn->anchor, NULL);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

/* The IPv6 stack must leave the anchor alone: no addresses, no solicitations. But it is of no use
 * without IPv6, which new links may be without, as in a container.
 */
static void quieten(struct inet6_dev *idev)
{
	idev->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;
	WRITE_ONCE(idev->cnf.accept_ra, 0);
	WRITE_ONCE(idev->cnf.disable_ipv6, 0);
}

/* Is there nothing in the way of a link that is not there yet? */
static int check(struct net *net, struct netlink_ext_ack *extack)
{
	if (!ipv6_mod_enabled()) {
		NL_SET_ERR_MSG_MOD(extack, "IPv6 is disabled on this machine");
		return -EAFNOSUPPORT;
	}
	if (__dev_get_by_name(net, ANCHOR_NAME)) {
		NL_SET_ERR_MSG_MOD(extack, "another link is named nat64; rename or delete it");
		return -EEXIST;
	}
	return 0;
}

static int create(struct nat64_net *nn, struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	struct inet6_dev *idev;
	int err;

	err = check(nn->net, extack);
	if (err)
		return err;
	dev = alloc_netdev(0, ANCHOR_NAME, NET_NAME_PREDICTABLE, setup);
	if (!dev)
		return -ENOMEM;
	dev_net_set(dev, nn->net);
	err = register_netdevice(dev);
	if (err) {
		free_netdev(dev);
		return err;
	}
	dev->rtnl_link_ops = &anchor_link_ops;
	idev = __in6_dev_get(dev);
	err = -ENOMEM;
	if (idev) {
		quieten(idev);
		err = dev_open(dev, extack);
	}
	if (err) {
		unregister_netdevice(dev);
		return err;
	}
	rcu_assign_pointer(nn->anchor, dev);
	return 0;
}

/**
 * nat64_anchor_create - make the anchor and bring it up
 * @nn: the namespace
 * @extack: where to say why not
 *
 * One that is there already is only brought up.
 *
 * Context: process, under nn->lock; takes the RTNL.
 * Return: 0 or a negative error; then there is no new link.
 */
int nat64_anchor_create(struct nat64_net *nn, struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err;

	lockdep_assert_held(&nn->lock);

	rtnl_lock();
	dev = rtnl_dereference(nn->anchor);
	err = dev ? dev_open(dev, extack) : create(nn, extack);
	rtnl_unlock();
	return err;
}

/**
 * nat64_anchor_check - could the anchor be made, if it is not there?
 * @nn: the namespace
 * @extack: where to say why not
 *
 * Context: process, under nn->lock; takes the RTNL.
 * Return: 0 or a negative error.
 */
int nat64_anchor_check(struct nat64_net *nn, struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&nn->lock);

	rtnl_lock();
	err = rtnl_dereference(nn->anchor) ? 0 : check(nn->net, extack);
	rtnl_unlock();
	return err;
}

/**
 * nat64_anchor_delete - delete the anchor and with it the routes to it
 * @nn: the namespace
 *
 * Context: process, under nn->lock; takes the RTNL.
 */
void nat64_anchor_delete(struct nat64_net *nn)
{
	struct net_device *dev;

	lockdep_assert_held(&nn->lock);

	rtnl_lock();
	dev = rtnl_dereference(nn->anchor);
	if (dev)
		unregister_netdevice(dev);
	rtnl_unlock();
}

/**
 * nat64_anchor_init - register the kind of link
 *
 * Context: module init, when the namespaces are ready.
 */
int __init nat64_anchor_init(void)
{
	int err;

	err = register_netdevice_notifier(&notifier);
	if (err)
		return err;
	err = rtnl_link_register(&anchor_link_ops);
	if (err)
		unregister_netdevice_notifier(&notifier);
	return err;
}

/**
 * nat64_anchor_exit - delete every anchor and unregister the kind of link
 *
 * Context: module exit, before the namespaces end.
 */
void nat64_anchor_exit(void)
{
	rtnl_link_unregister(&anchor_link_ops);
	unregister_netdevice_notifier(&notifier);
}
