/* SPDX-License-Identifier: GPL-2.0 */
/* A configuration as plain structs, between the file, the command line and the kernel. */
#ifndef NAT64CTL_CONFIG_H
#define NAT64CTL_CONFIG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "addr.h"
#include "../include/uapi/linux/nat64.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ATTRIBUTE(list)		__attribute__(list)
#define __printf(text, first)	ATTRIBUTE((format(printf, text, first)))

/* Where in the file a value stands; line 0 is nowhere. */
struct position {
	unsigned int line;
	unsigned int column;
};

/* The scalar settings. given has bit NAT64_A_CONFIG_x of every one that was said. */
struct settings {
	__u32 given;
	struct prefix6 prefix;		/* length 0: none */
	__u32 max_idle;
	struct in_addr icmp_source;	/* 0.0.0.0: the router's own */
	__u32 lowest_ipv6_mtu;
	__u8 udp_zero_checksum;
	__u8 allow_private;
	__u8 zero_tos;
	__u32 max_per_prefix;
	__u8 per_prefix_length;
	__u8 accounting;
	char prometheus[256];		/* separated by blanks */
	__u32 anchor;
	__u32 generation;
};

#define GIVEN(attr)	(1U << NAT64_A_CONFIG_##attr)

extern const struct settings settings_default;

enum setting_type {
	SETTING_PREFIX,		/* "64:ff9b::/96" */
	SETTING_ADDR4,		/* "192.0.2.254" */
	SETTING_NUMBER,		/* 7200 */
	SETTING_BYTE,		/* 64, in one byte */
	SETTING_SWITCH,		/* true; on the command line on and off */
	SETTING_CHOICE,		/* "drop" */
	SETTING_LISTEN,		/* "[::]:8080" or several */
};

/*
 * settings.c: one row for each, from which the file's keys, the command line's words and show are
 * made.
 */
struct setting {
	int attr;
	enum setting_type type;
	size_t offset;		/* in struct settings */
	const char *word;	/* after "set" */
	const char *key;	/* in the file, with its table */
	const char *expects;
	const char *none;	/* on the command line, what takes it away */
};

extern const struct setting settings[];
extern const size_t n_settings;
extern const char *const udp_zero_words[];

const struct setting *setting_by_attr(int attr);
const struct setting *setting_by_key(const char *key);
const struct setting *setting_by_word(const char *word);

/*
 * Text as it stands in the file's strings, or on the command line. False: it is not what the
 * setting expects.
 */
bool setting_parse(const struct setting *setting, const char *text, struct settings *settings);
void setting_put_number(const struct setting *setting, __u32 value, struct settings *settings);
__u32 setting_number(const struct setting *setting, const struct settings *settings);
bool setting_is_default(const struct setting *setting, const struct settings *settings);

struct pool {
	struct prefix4 prefix;
	bool drain;
	__u32 size;
	__u32 leased;
	__u32 occupied;
	__u32 free;
	struct position at;
};

/* A static map of the file; a million of them are to fit. */
struct static_map {
	struct prefix4 v4;
	struct prefix6 v6;
	struct position v4_at;
	struct position v6_at;
};

struct nat44 {
	struct prefix4 internal;
	struct prefix4 external;
	char dev[16];
	bool active;
	bool proxy_arp;
	struct position internal_at;
	struct position external_at;
	struct position dev_at;
	struct position proxy_arp_at;
};

struct exclude {
	struct prefix4 prefix;
	struct position at;
};

struct allow {
	struct prefix6 prefix;
	struct position at;
};

struct config_error {
	struct position at;
	char *text;
};

struct config {
	const char *file;
	struct settings settings;
	struct position at[NAT64_A_CONFIG_MAX + 1];	/* of each setting */
	struct pool *pools;
	size_t n_pools;
	struct static_map *maps;
	size_t n_maps;
	struct nat44 *nat44;
	size_t n_nat44;
	struct exclude *excludes;
	size_t n_excludes;
	struct allow *allows;
	size_t n_allows;
	struct config_error *errors;
	size_t n_errors;
};

/* toml.cc: fills config from the file; what is wrong goes to its errors. */
void config_parse(struct config *config, const char *file);

/* config.c */
struct pool *config_add_pool(struct config *config);
struct static_map *config_add_map(struct config *config);
struct nat44 *config_add_nat44(struct config *config);
struct exclude *config_add_exclude(struct config *config);
struct allow *config_add_allow(struct config *config);
void config_fail(struct config *config, struct position at, const char *key, const char *format,
		 ...) __printf(4, 5);
void config_check(struct config *config);
void config_print_errors(struct config *config);
void config_free(struct config *config);

/* write.c: to stdout */
void config_write_toml(const struct config *config);
void config_write_json(const struct config *config);

/*
 * rules.c: what is wrong with one object by itself; NULL when nothing is. The text lives until the
 * next call.
 */
const char *wrong_setting(const struct settings *settings, int attr);
/* of one more address of the exporter, if it is one */
const char *wrong_listen(const struct settings *settings, const char *more);
const char *wrong_pool(const struct prefix4 *prefix);
const char *wrong_map_v4(const struct prefix4 *v4);
const char *wrong_map_v6(const struct prefix4 *v4, const struct prefix6 *v6);
const char *wrong_map_prefix(const struct prefix4 *v4, const struct prefix6 *v6,
			     const struct prefix6 *prefix);
const char *wrong_nat44(const struct prefix4 *addr);
const char *wrong_nat44_pair(const struct prefix4 *internal, const struct prefix4 *external);
const char *wrong_proxy_arp(const struct prefix4 *external);
const char *wrong_dev(const char *dev);
const char *wrong_exclude(const struct prefix4 *prefix);
const char *wrong_allow(const struct prefix6 *prefix);

#ifdef __cplusplus
}
#endif

#endif
