/* SPDX-License-Identifier: GPL-2.0 */
/* Made from include/nat64.yaml by include/regen; do not edit. */
[NAT64_A_POOL_DRAIN] =
	"No new leases come from this prefix; those that live run out.",
[NAT64_A_POOL_SIZE] =
	"Addresses that can be leased, network and broadcast address left out.",
[NAT64_A_POOL_LEASED] =
	"Addresses that are leased.",
[NAT64_A_POOL_STATIC] =
	"Addresses that static maps or the router itself occupy.",
[NAT64_A_POOL_FREE] =
	"Addresses that can still be leased.",
