// SPDX-License-Identifier: GPL-2.0
/*
 * RFC 6052: IPv4 addresses inside IPv6 ones.
 *
 * Prefixes shorter than /96 leave bits 64 to 71 (the u-octet) zero, so that the embedded address
 * steps over byte 8. embed() and extract() work on bytes for that reason; /96, the usual case, is
 * one 32-bit word.
 */
#include "addr.h"

#define U_OCTET 8

/**
 * nat64_prefix_check - may this be a NAT64 prefix?
 * @addr: the prefix, network byte order
 * @len: its length in bits
 *
 * Context: any. RFC 6052 section 2.2.
 * Return: NULL if it may, else the reason in words for a person.
 */
const char *nat64_prefix_check(const struct in6_addr *addr, u8 len)
{
	struct in6_addr masked;

	switch (len) {
	case 32:
	case 40:
	case 48:
	case 56:
	case 64:
	case 96:
		break;
	default:
		return "prefix length must be 32, 40, 48, 56, 64 or 96 (RFC 6052)";
	}
	nat64_mask6(&masked, addr, len);
	if (!ipv6_addr_equal(&masked, addr))
		return "prefix has bits set behind its length";
	if (addr->s6_addr[U_OCTET])
		return "bits 64 to 71 of the prefix must be zero (RFC 6052)";
	if (!nat64_addr6_is_host(addr))
		return "prefix is not unicast";
	return NULL;
}

/**
 * nat64_prefix_is_well_known - is it 64:ff9b::/96?
 * @prefix: a checked prefix
 *
 * Context: any. RFC 6052 section 2.1.
 */
bool nat64_prefix_is_well_known(const struct nat64_prefix *prefix)
{
	return prefix->len == 96 && prefix->addr.s6_addr32[0] == htonl(0x0064ff9b) &&
	       !prefix->addr.s6_addr32[1] && !prefix->addr.s6_addr32[2];
}

/**
 * nat64_prefix_contains - does an address lie inside the prefix?
 * @prefix: a checked prefix; one of length 0 contains nothing
 * @addr: network byte order
 *
 * Context: any, packet path.
 */
bool nat64_prefix_contains(const struct nat64_prefix *prefix, const struct in6_addr *addr)
{
	if (likely(prefix->len == 96))
		return !((prefix->addr.s6_addr32[0] ^ addr->s6_addr32[0]) |
			 (prefix->addr.s6_addr32[1] ^ addr->s6_addr32[1]) |
			 (prefix->addr.s6_addr32[2] ^ addr->s6_addr32[2]));
	return prefix->len && ipv6_prefix_equal(&prefix->addr, addr, prefix->len);
}

/**
 * nat64_addr_embed - the IPv6 form of an IPv4 address
 * @prefix: a checked prefix that is not of length 0
 * @v4: network byte order
 * @v6: result
 *
 * Context: any, packet path. RFC 6052 section 2.3.
 */
void nat64_addr_embed(const struct nat64_prefix *prefix, __be32 v4, struct in6_addr *v6)
{
	const u8 *byte = (const u8 *)&v4;
	unsigned int at = prefix->len / 8, i;

	*v6 = prefix->addr;
	if (likely(at == 12)) {
		v6->s6_addr32[3] = v4;
		return;
	}
	for (i = 0; i < sizeof(v4); i++, at++) {
		at += at == U_OCTET;
		v6->s6_addr[at] = byte[i];
	}
}

/**
 * nat64_addr_extract - the IPv4 address inside an IPv6 one
 * @prefix: a checked prefix that contains @v6
 * @v6: network byte order; u-octet and suffix are ignored, as RFC 6052 section 2.3 says
 *
 * Context: any, packet path.
 * Return: network byte order.
 */
__be32 nat64_addr_extract(const struct nat64_prefix *prefix, const struct in6_addr *v6)
{
	unsigned int at = prefix->len / 8, i;
	__be32 v4;
	u8 *byte = (u8 *)&v4;

	if (likely(at == 12))
		return v6->s6_addr32[3];
	for (i = 0; i < sizeof(v4); i++, at++) {
		at += at == U_OCTET;
		byte[i] = v6->s6_addr[at];
	}
	return v4;
}

/**
 * nat64_addr4_is_private - an address that the well-known prefix must not represent?
 * @v4: network byte order
 *
 * RFC 6052 section 3.1: RFC 1918 space, shared address space, loopback and link-local.
 *
 * Context: any, packet path.
 */
bool nat64_addr4_is_private(__be32 v4)
{
	return ipv4_is_private_10(v4) || ipv4_is_private_172(v4) || ipv4_is_private_192(v4) ||
	       (v4 & htonl(0xffc00000)) == htonl(0x64400000) ||
	       ipv4_is_loopback(v4) || ipv4_is_linklocal_169(v4);
}
