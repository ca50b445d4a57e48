// SPDX-License-Identifier: GPL-2.0
/* show: the running configuration, read from the kernel as if it came from a file. */
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "arp.h"
#include "nat64ctl.h"
#include "netlink.h"

static int get_static_maps(struct config *config)
{
	struct map_filter only_static = { .type = NAT64_MAP_TYPE_STATIC };
	struct static_map *map;
	struct map *maps;
	size_t n, i;
	int error;

	error = kern_maps(&only_static, &maps, &n);
	if (error)
		return error;
	for (i = 0; i < n; i++) {
		map = config_add_map(config);
		map->v4 = maps[i].v4;
		map->v6 = maps[i].v6;
	}
	free(maps);
	return 0;
}

static int get_lists(struct config *config)
{
	int error;

	memset(config, 0, sizeof(*config));
	error = kern_get(&config->settings);
	if (!error)
		error = kern_pools(&config->pools, &config->n_pools);
	if (!error)
		error = get_static_maps(config);
	if (!error)
		error = kern_nat44(&config->nat44, &config->n_nat44);
	if (!error)
		error = kern_excludes(&config->excludes, &config->n_excludes);
	if (!error)
		error = kern_allows(&config->allows, &config->n_allows);
	return error;
}

/* What changes between two lists is read again: a mixture of two configurations is none. */
static int get_running(struct config *config)
{
	struct settings after;
	int error, tries = 0;

	error = get_lists(config);
	while (!error) {
		error = kern_get(&after);
		if (error || after.generation == config->settings.generation)
			break;
		if (++tries == READ_TRIES) {
			note("the configuration changed while it was read, %d times over", tries);
			break;
		}
		config_free(config);
		error = get_lists(config);
	}
	return error;
}

int cmd_show(const struct command *command, int argc, char **argv)
{
	struct config config;
	int status = told(get_running(&config));

	if (!status && config.n_nat44)
		status = arp_mark(config.nat44, config.n_nat44, ARP_OURS);
	if (!status && opt.json)
		config_write_json(&config);
	else if (!status)
		config_write_toml(&config);
	config_free(&config);
	return status;
}
