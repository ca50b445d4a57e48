/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NAT64CTL_ADDR_H
#define NAT64CTL_ADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/types.h>
#include <netinet/in.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prefix4 {
	struct in_addr addr;
	__u8 len;
};

struct prefix6 {
	struct in6_addr addr;
	__u8 len;
};

/* Room for any prefix of either family as text. */
#define PREFIX_TEXT	(INET6_ADDRSTRLEN + 4)

/* Text to address; only a form that inet_pton() takes, so no 010.1 and no zones. */
bool parse_addr4(const char *text, struct in_addr *addr);
bool parse_prefix4(const char *text, struct prefix4 *prefix);
bool parse_prefix6(const char *text, struct prefix6 *prefix);
bool parse_listen(const char *text, struct sockaddr_storage *addr);
bool parse_u32(const char *text, __u32 *value);

/* Address to text; a host loses its /32 or /128. Returns buf. */
const char *format_prefix4(char buf[PREFIX_TEXT], const struct prefix4 *prefix);
const char *format_prefix6(char buf[PREFIX_TEXT], const struct prefix6 *prefix);

bool prefix4_has_host_bits(const struct prefix4 *prefix);
bool prefix6_has_host_bits(const struct prefix6 *prefix);
bool prefix4_overlap(const struct prefix4 *a, const struct prefix4 *b);
bool prefix6_overlap(const struct prefix6 *a, const struct prefix6 *b);
int prefix4_cmp(const struct prefix4 *a, const struct prefix4 *b);
int prefix6_cmp(const struct prefix6 *a, const struct prefix6 *b);

/* The IPv6 form that RFC 6052 2.2 gives an IPv4 address under a prefix. */
void embed(const struct prefix6 *prefix, struct in_addr v4, struct in6_addr *v6);

#ifdef __cplusplus
}
#endif

#endif
