/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses: the RFC 6052 algorithm and what may appear on a wire. Pure functions.
 */
#ifndef NAT64_ADDR_H
#define NAT64_ADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inetdevice.h>
#include <net/ipv6.h>

/**
 * struct nat64_prefix - an RFC 6052 prefix
 * @addr: its address, all bits after the prefix zero
 * @len: 32, 40, 48, 56, 64 or 96; 0 if there is none
 */
struct nat64_prefix {
	struct in6_addr addr;
	u8 len;
};

/* Why a prefix is refused, or 0; the text is for a person. */
const char *nat64_prefix_check(const struct in6_addr *addr, u8 len);
bool nat64_prefix_is_well_known(const struct nat64_prefix *prefix);
bool nat64_prefix_contains(const struct nat64_prefix *prefix, const struct in6_addr *addr);

void nat64_addr_embed(const struct nat64_prefix *prefix, __be32 v4, struct in6_addr *v6);
__be32 nat64_addr_extract(const struct nat64_prefix *prefix, const struct in6_addr *v6);

bool nat64_addr4_is_private(__be32 v4);

/* May @v4 be a source or destination of a translated packet? Not this network, loopback, multicast,
 * reserved or limited broadcast.
 */
static inline bool nat64_addr4_is_unicast(__be32 v4)
{
	/* ipv4_is_zeronet() is 0.0.0.0 alone */
	return v4 & htonl(0xff000000) && !ipv4_is_loopback(v4) &&
	       (v4 & htonl(0xe0000000)) != htonl(0xe0000000);
}

/* May @v6 be a host with a map: global or unique local unicast? */
static inline bool nat64_addr6_is_host(const struct in6_addr *v6)
{
	/* One test for ::/8 (unspecified, loopback, mapped; but the prefix's own space is
	 * 64::/16) and for ff00::/8, fe80::/10 (link-local) and fec0::/10.
	 */
	u32 top = ntohl(v6->s6_addr32[0]);

	if (top >= 0xfe800000 || !top)
		return false;
	return true;
}

static inline unsigned int nat64_octet4(__be32 v4)
{
	return ntohl(v4) >> 24;
}

static inline __be32 nat64_mask4(__be32 addr, u8 len)
{
	return addr & inet_make_mask(len);
}

static inline void nat64_mask6(struct in6_addr *pfx, const struct in6_addr *addr, u8 len)
{
	ipv6_addr_prefix(pfx, addr, len);
}

#endif /* NAT64_ADDR_H */
