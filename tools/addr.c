// SPDX-License-Identifier: GPL-2.0
/* Addresses and prefixes: text to bits and back, and what can be said of them without a kernel. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"

bool parse_u32(const char *text, __u32 *value)
{
	unsigned long long n;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (*end || errno || n > UINT32_MAX)
		return false;
	*value = n;
	return true;
}

/* "ADDR" or "ADDR/LEN", split; len is max where there is none. */
static bool split_prefix(const char *text, char addr[INET6_ADDRSTRLEN], __u8 *len, __u8 max)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	__u32 bits = max;

	if (n >= INET6_ADDRSTRLEN)
		return false;
	if (slash && (!parse_u32(slash + 1, &bits) || bits > max || strlen(slash + 1) > 3))
		return false;
	memcpy(addr, text, n);
	addr[n] = '\0';
	*len = bits;
	return true;
}

bool parse_addr4(const char *text, struct in_addr *addr)
{
	return inet_pton(AF_INET, text, addr) == 1;
}

bool parse_prefix4(const char *text, struct prefix4 *prefix)
{
	char addr[INET6_ADDRSTRLEN];

	return split_prefix(text, addr, &prefix->len, 32) && parse_addr4(addr, &prefix->addr);
}

bool parse_prefix6(const char *text, struct prefix6 *prefix)
{
	char addr[INET6_ADDRSTRLEN];

	return split_prefix(text, addr, &prefix->len, 128) &&
	       inet_pton(AF_INET6, addr, &prefix->addr) == 1;
}

/* "192.0.2.1:9100" or "[::]:9100" */
bool parse_listen(const char *text, struct sockaddr_storage *addr)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)addr;
	struct sockaddr_in *in = (struct sockaddr_in *)addr;
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	__u32 port;
	size_t n;

	if (!colon || !parse_u32(colon + 1, &port) || !port || port > UINT16_MAX)
		return false;
	n = colon - text;
	if (n < 2 || n >= sizeof(host))
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	memset(addr, 0, sizeof(*addr));
	if (host[0] == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		return inet_pton(AF_INET6, host + 1, &in6->sin6_addr) == 1;
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	return parse_addr4(host, &in->sin_addr);
}

const char *format_prefix4(char buf[PREFIX_TEXT], const struct prefix4 *prefix)
{
	inet_ntop(AF_INET, &prefix->addr, buf, PREFIX_TEXT);
	if (prefix->len != 32)
		sprintf(buf + strlen(buf), "/%u", prefix->len);
	return buf;
}

const char *format_prefix6(char buf[PREFIX_TEXT], const struct prefix6 *prefix)
{
	inet_ntop(AF_INET6, &prefix->addr, buf, PREFIX_TEXT);
	if (prefix->len != 128)
		sprintf(buf + strlen(buf), "/%u", prefix->len);
	return buf;
}

static __u32 mask4(unsigned int len)
{
	return len ? ~0U << (32 - len) : 0;
}

/* Whether the first len bits are the same. */
static bool same_bits(const __u8 *a, const __u8 *b, unsigned int len)
{
	unsigned int bytes = len / 8, bits = len % 8;

	if (memcmp(a, b, bytes))
		return false;
	return !bits || !((a[bytes] ^ b[bytes]) >> (8 - bits));
}

bool prefix4_has_host_bits(const struct prefix4 *prefix)
{
	return ntohl(prefix->addr.s_addr) & ~mask4(prefix->len);
}

bool prefix6_has_host_bits(const struct prefix6 *prefix)
{
	unsigned int i = prefix->len / 8;

	if (i < 16 && (prefix->addr.s6_addr[i++] & (0xff >> prefix->len % 8)))
		return true;
	for (; i < 16; i++)
		if (prefix->addr.s6_addr[i])
			return true;
	return false;
}

bool prefix4_overlap(const struct prefix4 *a, const struct prefix4 *b)
{
	__u32 mask = mask4(a->len < b->len ? a->len : b->len);

	return !((ntohl(a->addr.s_addr) ^ ntohl(b->addr.s_addr)) & mask);
}

bool prefix6_overlap(const struct prefix6 *a, const struct prefix6 *b)
{
	return same_bits(a->addr.s6_addr, b->addr.s6_addr, a->len < b->len ? a->len : b->len);
}

int prefix4_cmp(const struct prefix4 *a, const struct prefix4 *b)
{
	int order = memcmp(&a->addr, &b->addr, sizeof(a->addr));

	return order ? order : (int)a->len - (int)b->len;
}

int prefix6_cmp(const struct prefix6 *a, const struct prefix6 *b)
{
	int order = memcmp(&a->addr, &b->addr, sizeof(a->addr));

	return order ? order : (int)a->len - (int)b->len;
}

void embed(const struct prefix6 *prefix, struct in_addr v4, struct in6_addr *v6)
{
	const __u8 *from = (const __u8 *)&v4;
	unsigned int to = prefix->len / 8, i;

	*v6 = prefix->addr;
	for (i = 0; i < 4; i++) {
		/* bits 64 to 71 stay zero (RFC 6052 2.2) */
		if (to == 8)
			to++;
		v6->s6_addr[to++] = from[i];
	}
}
