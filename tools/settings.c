// SPDX-License-Identifier: GPL-2.0
/* The scalar settings: one row for each. */
#include <string.h>

#include "config.h"

#define AT(member)	offsetof(struct settings, member)

const struct setting settings[] = {
	{ NAT64_A_CONFIG_PREFIX, SETTING_PREFIX, AT(prefix), "prefix", "Nat64Prefix",
	  "an IPv6 prefix, as 64:ff9b::/96 is", "none" },
	{ NAT64_A_CONFIG_PROMETHEUS, SETTING_LISTEN, AT(prometheus), "prometheus", "Prometheus",
	  "ADDR:PORT, as [::]:8080 is", "none" },
	{ NAT64_A_CONFIG_ICMP_SOURCE, SETTING_ADDR4, AT(icmp_source), "icmp-source", "IcmpSource",
	  "an IPv4 address", "none" },
	{ NAT64_A_CONFIG_LOWEST_IPV6_MTU, SETTING_NUMBER, AT(lowest_ipv6_mtu), "lowest-ipv6-mtu",
	  "LowestIPv6MTU", "a number of bytes from 1280 to 65535", NULL },
	{ NAT64_A_CONFIG_UDP_ZERO_CHECKSUM, SETTING_CHOICE, AT(udp_zero_checksum),
	  "udp-zero-checksum", "UdpZeroChecksum", "drop or compute", NULL },
	{ NAT64_A_CONFIG_ALLOW_PRIVATE, SETTING_SWITCH, AT(allow_private), "allow-private",
	  "AllowPrivate", "on or off", NULL },
	{ NAT64_A_CONFIG_ZERO_TOS, SETTING_SWITCH, AT(zero_tos), "zero-tos", "ZeroTos",
	  "on or off", NULL },
	{ NAT64_A_CONFIG_MAX_IDLE, SETTING_NUMBER, AT(max_idle), "max-idle",
	  "Pool.MaxIdleDuration", "a number of seconds (0 is for ever)", NULL },
	{ NAT64_A_CONFIG_MAX_PER_PREFIX, SETTING_NUMBER, AT(max_per_prefix), "max-per-prefix",
	  "Pool.MaxPerPrefix", "a number of leases (0 is no limit)", NULL },
	{ NAT64_A_CONFIG_PER_PREFIX_LENGTH, SETTING_BYTE, AT(per_prefix_length),
	  "per-prefix-length", "Pool.PerPrefixLength", "a prefix length from 1 to 128", NULL },
	{ NAT64_A_CONFIG_ACCOUNTING, SETTING_SWITCH, AT(accounting), "accounting",
	  "Pool.Accounting", "on or off", NULL },
};

const size_t n_settings = sizeof(settings) / sizeof(*settings);

const struct settings settings_default = {
	.max_idle = 7200,
	.lowest_ipv6_mtu = 1280,
	.per_prefix_length = 64,
};

const char *const udp_zero_words[] = {
	[NAT64_UDP_ZERO_COMPUTE] = "compute",
	[NAT64_UDP_ZERO_DROP] = "drop",
};

const struct setting *setting_by_attr(int attr)
{
	size_t i;

	for (i = 0; i < n_settings; i++)
		if (settings[i].attr == attr)
			return &settings[i];
	return NULL;
}

const struct setting *setting_by_key(const char *key)
{
	size_t i;

	for (i = 0; i < n_settings; i++)
		if (!strcmp(settings[i].key, key))
			return &settings[i];
	return NULL;
}

const struct setting *setting_by_word(const char *word)
{
	size_t i;

	for (i = 0; i < n_settings; i++)
		if (!strcmp(settings[i].word, word))
			return &settings[i];
	return NULL;
}

static void *value(const struct setting *setting, const struct settings *set)
{
	return (char *)set + setting->offset;
}

static bool is_byte(const struct setting *setting)
{
	return setting->type == SETTING_BYTE || setting->type == SETTING_SWITCH ||
	       setting->type == SETTING_CHOICE;
}

void setting_put_number(const struct setting *setting, __u32 number, struct settings *set)
{
	if (is_byte(setting))
		*(__u8 *)value(setting, set) = number;
	else
		*(__u32 *)value(setting, set) = number;
	set->given |= 1U << setting->attr;
}

__u32 setting_number(const struct setting *setting, const struct settings *set)
{
	if (is_byte(setting))
		return *(__u8 *)value(setting, set);
	return *(__u32 *)value(setting, set);
}

/* Several addresses of the exporter come one by one and are kept separated by blanks. */
static bool add_listen(const char *text, struct settings *set)
{
	size_t used = strlen(set->prometheus), len = strlen(text);
	struct sockaddr_storage addr;

	if (!parse_listen(text, &addr) || used + !!used + len >= sizeof(set->prometheus))
		return false;
	if (used)
		set->prometheus[used++] = ' ';
	memcpy(set->prometheus + used, text, len + 1);
	return true;
}

static bool parse_choice(const char *text, __u8 *choice)
{
	__u8 i;

	for (i = 0; i <= NAT64_UDP_ZERO_DROP; i++) {
		if (strcmp(text, udp_zero_words[i]))
			continue;
		*choice = i;
		return true;
	}
	return false;
}

bool setting_parse(const struct setting *setting, const char *text, struct settings *set)
{
	void *at = value(setting, set);
	__u32 number;
	bool ok = false;

	switch (setting->type) {
	case SETTING_PREFIX:
		ok = strchr(text, '/') && parse_prefix6(text, at) && ((struct prefix6 *)at)->len;
		break;
	case SETTING_ADDR4:
		ok = parse_addr4(text, at);
		break;
	case SETTING_NUMBER:
	case SETTING_BYTE:
		ok = parse_u32(text, &number) &&
		     (setting->type == SETTING_NUMBER || number <= UINT8_MAX);
		if (ok)
			setting_put_number(setting, number, set);
		break;
	case SETTING_SWITCH:
		ok = !strcmp(text, "on") || !strcmp(text, "off");
		*(__u8 *)at = !strcmp(text, "on");
		break;
	case SETTING_CHOICE:
		ok = parse_choice(text, at);
		break;
	case SETTING_LISTEN:
		ok = add_listen(text, set);
		break;
	}
	if (ok)
		set->given |= 1U << setting->attr;
	return ok;
}

bool setting_is_default(const struct setting *setting, const struct settings *set)
{
	switch (setting->type) {
	case SETTING_PREFIX:
		return !set->prefix.len;
	case SETTING_LISTEN:
		return !set->prometheus[0];
	default:
		return setting_number(setting, set) == setting_number(setting, &settings_default);
	}
}
