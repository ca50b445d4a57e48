// SPDX-License-Identifier: GPL-2.0
/*
 * nat64: stateless NAT64 (RFC 7915) with an address pool, and 1:1 IPv4 NAT.
 */
#include <linux/module.h>
#include <linux/percpu.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "anchor.h"
#include "conf.h"
#include "hook.h"
#include "nat44.h"
#include "netlink.h"
#include "send.h"
#include "stats.h"
#include "xlat.h"

unsigned int nat64_net_id __read_mostly;

static int __net_init net_init(struct net *net)
{
	struct nat64_net *nn = nat64_pernet(net);
	int err;

	nn->net = net;
	mutex_init(&nn->lock);
	nn->stats = netdev_alloc_pcpu_stats(struct nat64_stats);
	if (!nn->stats)
		return -ENOMEM;
	err = nat64_conf_net_init(nn);
	if (err)
		nat64_stats_destroy(nn);
	return err;
}

/* No packet comes in after this. */
static void __net_exit net_pre_exit(struct net *net)
{
	struct nat64_net *nn = nat64_pernet(net);

	mutex_lock(&nn->lock);
	nat64_hooks_unregister(nn);
	mutex_unlock(&nn->lock);
}

static void __net_exit net_exit(struct net *net)
{
	struct nat64_net *nn = nat64_pernet(net);

	nat64_conf_net_exit(nn);
	nat64_routes_destroy(nn);
	nat64_stats_destroy(nn);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &nat64_net_id,
	.size = sizeof(struct nat64_net),
};

static int __init nat64_init(void)
{
	int err;

	err = nat64_conf_init();
	if (err)
		return err;
	nat64_xlat_init();
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto err_conf;
	err = nat64_nat44_init();
	if (err)
		goto err_net;
	err = nat64_source_init();
	if (err)
		goto err_nat44;
	err = nat64_anchor_init();
	if (err)
		goto err_source;
	err = nat64_netlink_init();
	if (err)
		goto err_anchor;
	return 0;

err_anchor:
	nat64_anchor_exit();
err_source:
	nat64_source_exit();
err_nat44:
	nat64_nat44_exit();
err_net:
	unregister_pernet_subsys(&net_ops);
err_conf:
	nat64_conf_exit();
	return err;
}

static void __exit nat64_exit(void)
{
	nat64_netlink_exit();
	nat64_anchor_exit();
	nat64_source_exit();
	nat64_nat44_exit();
	unregister_pernet_subsys(&net_ops);
	nat64_conf_exit();
}

module_init(nat64_init);
module_exit(nat64_exit);

MODULE_DESCRIPTION("Stateless NAT64 and 1:1 IPv4 NAT");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
MODULE_ALIAS_GENL_FAMILY(NAT64_FAMILY_NAME);
