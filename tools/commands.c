// SPDX-License-Identifier: GPL-2.0
/*
 * The table of commands. Help comes from it, the number of operands is checked by it, and a test holds the manual and the
 * completion against it.
 */
#include "nat64ctl.h"

const struct command commands[] = {
	{ "set prefix", "PREFIX|none", cmd_set, 0, "translate to and from this NAT64 prefix" },
	{ "set max-idle", "SECONDS", cmd_set, 0, "end a lease that was idle for so long; 0 is never" },
	{ "set icmp-source", "ADDR|none", cmd_set, 0, "IPv4 source of ICMP errors of IPv6 routers without a map" },
	{ "set lowest-ipv6-mtu", "BYTES", cmd_set, 0, "cut what may be fragmented to this length" },
	{ "set udp-zero-checksum", "drop|compute", cmd_set, 0, "what to do with UDP/IPv4 that has no checksum" },
	{ "set allow-private", "on|off", cmd_set, 0, "let 64:ff9b::/96 lead to private IPv4 addresses" },
	{ "set zero-tos", "on|off", cmd_set, 0, "write 0 as traffic class and TOS instead of copying" },
	{ "set max-per-prefix", "N", cmd_set, 0, "leases that the hosts of one IPv6 prefix may hold; 0 is no limit" },
	{ "set per-prefix-length", "LEN", cmd_set, 0, "the length of the prefix that max-per-prefix counts by" },
	{ "set accounting", "on|off", cmd_set, 0, "count packets and bytes of every map" },
	{ "set prometheus", "ADDR:PORT...|none", cmd_set, 0, "where the exporter listens" },
	{ "add pool", "PREFIX [drain]", cmd_add_pool, 0, "lease IPv4 addresses from this prefix" },
	{ "del pool", "PREFIX", cmd_del_pool, OPT_FORCE, "lease no more from this prefix" },
	{ "list pools", "", cmd_list_pools, 0, "the pools and how full they are" },
	{ "add map", "V4 V6", cmd_add_map, OPT_REPLACE, "map an IPv6 host or prefix to its own IPv4 one" },
	{ "del map", "V4|V6", cmd_del_map, 0, "delete the map or lease with this address" },
	{ "list maps", "[static|dynamic] [PREFIX]", cmd_list_maps, 0, "the maps, of one type or inside a prefix" },
	{ "flush maps", "[static|dynamic]", cmd_flush_maps, 0, "delete all maps" },
	{ "add nat44", "INTERNAL EXTERNAL dev DEV", cmd_add_nat44, 0, "1:1 IPv4 NAT on an interface" },
	{ "del nat44", "INTERNAL dev DEV", cmd_del_nat44, 0, "take it back" },
	{ "list nat44", "", cmd_list_nat44, 0, "the 1:1 rules" },
	{ "flush nat44", "", cmd_flush_nat44, 0, "delete all 1:1 rules" },
	{ "add exclude", "PREFIX", cmd_add_exclude, 0, "leave this remote address or prefix alone in 1:1 NAT" },
	{ "del exclude", "PREFIX", cmd_del_exclude, 0, "take it back" },
	{ "list excludes", "", cmd_list_excludes, 0, "the exclusions" },
	{ "flush excludes", "", cmd_flush_excludes, 0, "delete all exclusions" },
	{ "add allow", "PREFIX", cmd_add_allow, 0, "let the hosts of this IPv6 prefix lease; with none all may" },
	{ "del allow", "PREFIX", cmd_del_allow, 0, "take it back" },
	{ "list allow", "", cmd_list_allow, 0, "the IPv6 prefixes whose hosts may lease" },
	{ "load", "[FILE]", cmd_load, 0, "replace the whole configuration by the file's, all or nothing" },
	{ "check", "[FILE]", cmd_check, 0, "what load would do, without doing it" },
	{ "show", "", cmd_show, 0, "the running configuration, as a file that load takes" },
	{ "stats", "", cmd_stats, OPT_WATCH, "packets and bytes each way, leases, and drops by reason" },
	{ "explain", "COUNTER", cmd_explain, 0, "what a counter means and what to do about it" },
	{ "monitor", "", cmd_monitor, 0, "a line for every lease given, refused, expired or deleted" },
	{ "save", "FILE", cmd_save, 0, "write the leases with their remaining time to a file" },
	{ "restore", "FILE", cmd_restore, 0, "take leases from such a file" },
	{ "exporter", "", cmd_exporter, OPT_LISTEN, "Prometheus text at /metrics" },
	{ "reset", "", cmd_reset, 0, "remove everything from this network namespace" },
};

const size_t n_commands = sizeof(commands) / sizeof(*commands);
