// SPDX-License-Identifier: GPL-2.0
/*
 * What is wrong with one object by itself, whatever else there is. The kernel refuses all of this
 * too; said here, it can be said without a kernel and with the file's line.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "nat64ctl.h"

static char text[256];

static const char *say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

static const char *wrong_host_bits4(const struct prefix4 *prefix)
{
	char buf[PREFIX_TEXT], net[PREFIX_TEXT];
	struct prefix4 masked = *prefix;

	if (!prefix4_has_host_bits(prefix))
		return NULL;
	masked.addr.s_addr &= masked.len ? htonl(~0U << (32 - masked.len)) : 0;
	return say("%s has bits set behind its length; %s?", format_prefix4(buf, prefix),
		   format_prefix4(net, &masked));
}

static const char *wrong_unicast4(const struct prefix4 *prefix)
{
	static const struct { const char *prefix, *what; } bad[] = {
		{ "0.0.0.0/8", "this network" }, { "127.0.0.0/8", "loopback" },
		{ "224.0.0.0/4", "multicast" }, { "240.0.0.0/4", "reserved" },
	};
	const char *wrong = wrong_host_bits4(prefix);
	char buf[PREFIX_TEXT];
	struct prefix4 other;
	size_t i;

	if (wrong)
		return wrong;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		parse_prefix4(bad[i].prefix, &other);
		if (prefix4_overlap(prefix, &other))
			return say("%s is not unicast: %s is %s", format_prefix4(buf, prefix),
				   bad[i].prefix, bad[i].what);
	}
	return NULL;
}

static const char *wrong_host_bits6(const struct prefix6 *prefix)
{
	char buf[PREFIX_TEXT];

	if (prefix6_has_host_bits(prefix))
		return say("%s has bits set behind its length", format_prefix6(buf, prefix));
	return NULL;
}

static const char *wrong_unicast6(const struct prefix6 *prefix)
{
	static const struct { const char *prefix, *what;
	} bad[] = {
		{ "::/32", "reserved (unspecified, loopback, IPv4-mapped)" },
		{ "fe80::/10", "link-local" },
		{ "fec0::/10", "site-local" },
		{ "ff00::/8", "multicast" },
	};
	const char *wrong = wrong_host_bits6(prefix);
	char buf[PREFIX_TEXT];
	struct prefix6 other;
	size_t i;

	if (wrong)
		return wrong;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		parse_prefix6(bad[i].prefix, &other);
		if (prefix6_overlap(prefix, &other))
			return say("%s is not unicast: %s is %s", format_prefix6(buf, prefix),
				   bad[i].prefix, bad[i].what);
	}
	return NULL;
}

static const char *wrong_nat64_prefix(const struct prefix6 *prefix)
{
	char buf[PREFIX_TEXT];
	const char *wrong;

	if (!prefix->len)
		return NULL;
	format_prefix6(buf, prefix);
	switch (prefix->len) {
	case 32: case 40: case 48: case 56: case 64: case 96:
		break;
	default:
		return say("%s: the length must be 32, 40, 48, 56, 64 or 96 (RFC 6052 2.2)", buf);
	}
	wrong = wrong_unicast6(prefix);
	if (wrong)
		return wrong;
	if (prefix->len == 96 && prefix->addr.s6_addr[8])
		return say("%s: bits 64 to 71 must be zero (RFC 6052 2.2)", buf);
	return NULL;
}

static const char *wrong_prometheus(const char *list)
{
	struct sockaddr_storage addr;
	char word[256], *at, *save;

	snprintf(word, sizeof(word), "%s", list);
	for (at = strtok_r(word, " ", &save); at; at = strtok_r(NULL, " ", &save))
		if (!parse_listen(at, &addr))
			return say("'%s' is not ADDR:PORT, as 127.0.0.1:9100 or [::]:9100 is", at);
	return NULL;
}

const char *wrong_listen(const struct settings *settings, const char *more)
{
	struct sockaddr_storage addr, other;
	char word[256], *at, *save;

	if (!parse_listen(more, &addr))
		return NULL;
	snprintf(word, sizeof(word), "%s", settings->prometheus);
	for (at = strtok_r(word, " ", &save); at; at = strtok_r(NULL, " ", &save))
		if (parse_listen(at, &other) && !memcmp(&addr, &other, sizeof(addr)))
			return say("%s is there already%s%s", more, strcmp(at, more) ? ", as " : "",
				   strcmp(at, more) ? at : "");
	if (strlen(settings->prometheus) + 1 + strlen(more) >= sizeof(settings->prometheus))
		return say("%s is too much: all addresses together have at most %zu characters",
			   more, sizeof(settings->prometheus) - 1);
	return NULL;
}

const char *wrong_setting(const struct settings *settings, int attr)
{
	struct prefix4 source = { settings->icmp_source, 32 };

	switch (attr) {
	case NAT64_A_CONFIG_PREFIX:
		return wrong_nat64_prefix(&settings->prefix);
	case NAT64_A_CONFIG_ICMP_SOURCE:
		return source.addr.s_addr ? wrong_unicast4(&source) : NULL;
	case NAT64_A_CONFIG_LOWEST_IPV6_MTU:
		if (settings->lowest_ipv6_mtu < 1280 || settings->lowest_ipv6_mtu > 65535)
			return say("%u is not between 1280 and 65535", settings->lowest_ipv6_mtu);
		return NULL;
	case NAT64_A_CONFIG_PER_PREFIX_LENGTH:
		if (settings->per_prefix_length < 1 || settings->per_prefix_length > 128)
			return say("%u is not between 1 and 128", settings->per_prefix_length);
		return NULL;
	case NAT64_A_CONFIG_PROMETHEUS:
		return wrong_prometheus(settings->prometheus);
	default:
		return NULL;
	}
}

const char *wrong_pool(const struct prefix4 *prefix)
{
	return wrong_unicast4(prefix);
}

const char *wrong_map_v4(const struct prefix4 *v4)
{
	return wrong_unicast4(v4);
}

const char *wrong_map_v6(const struct prefix4 *v4, const struct prefix6 *v6)
{
	const char *wrong = wrong_unicast6(v6);
	char buf4[PREFIX_TEXT], buf6[PREFIX_TEXT];

	if (wrong)
		return wrong;
	if (128 - v6->len < 32 - v4->len)
		return say("%s has fewer addresses than %s", format_prefix6(buf6, v6),
			   format_prefix4(buf4, v4));
	return NULL;
}

const char *wrong_map_prefix(const struct prefix4 *v4, const struct prefix6 *v6,
			     const struct prefix6 *prefix)
{
	char buf6[PREFIX_TEXT], buf[PREFIX_TEXT];
	struct in6_addr own;

	if (!prefix->len || !prefix6_overlap(v6, prefix))
		return NULL;
	/* but for its own RFC 6052 form, which a prefix pair has if one suffix is the other */
	if (prefix->len <= 96 && ((v4->len == 32 && v6->len == 128) ||
				  (prefix->len == 96 && v6->len == 96 + v4->len))) {
		embed(prefix, v4->addr, &own);
		if (!memcmp(&own, &v6->addr, sizeof(own)))
			return NULL;
	}
	return say("%s %s the NAT64 prefix %s", format_prefix6(buf6, v6),
		   v6->len < prefix->len ? "contains" : "lies inside", format_prefix6(buf, prefix));
}

const char *wrong_nat44(const struct prefix4 *addr)
{
	return wrong_unicast4(addr);
}

const char *wrong_nat44_pair(const struct prefix4 *internal, const struct prefix4 *external)
{
	char a[PREFIX_TEXT], b[PREFIX_TEXT];

	if (internal->len != external->len)
		return say("%s and %s differ in length", format_prefix4(a, internal),
			   format_prefix4(b, external));
	return NULL;
}

const char *wrong_proxy_arp(const struct prefix4 *external)
{
	char buf[PREFIX_TEXT];

	if (external->len < 24)
		return say("%s has more than the 256 addresses that ARP is answered for",
			   format_prefix4(buf, external));
	return NULL;
}

const char *wrong_dev(const char *dev)
{
	const char *c;
	size_t n;

	if (!*dev || strlen(dev) > 15)
		return say("'%s' is no interface name: 1 to 15 bytes", dev);
	for (c = dev; *c; c += n) {
		n = utf8_length(c);
		if (!n || *c == '/' || *c == ':' || (unsigned char)*c <= ' ' || *c == 0x7f)
			return say("'%s' is no interface name", dev);
	}
	if (!strcmp(dev, ".") || !strcmp(dev, ".."))
		return say("'%s' is no interface name", dev);
	return NULL;
}

const char *wrong_exclude(const struct prefix4 *prefix)
{
	return wrong_host_bits4(prefix);
}

const char *wrong_allow(const struct prefix6 *prefix)
{
	return wrong_host_bits6(prefix);
}
