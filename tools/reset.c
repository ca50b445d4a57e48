// SPDX-License-Identifier: GPL-2.0
/*
 * reset: the kernel removes all, the link nat64 and with it the routes; proxy entries are left to
 * us.
 */
#include <errno.h>

#include "args.h"
#include "arp.h"
#include "nat64ctl.h"
#include "netlink.h"

int cmd_reset(const struct command *command, int argc, char **argv)
{
	__u32 ended;
	int status;

	arp_replaced();
	/* no module: nothing to reset, and no reason to load one */
	if (kern_open(false) == -ENOENT)
		return DONE;
	status = told(kern_reset(&ended));
	if (!status && opt.verbose)
		note("%u leases ended", ended);
	return status;
}
