// SPDX-License-Identifier: GPL-2.0
/*
 * load and check: the file is checked here, then staged in the kernel and committed there, or only
 * tried. Whatever is refused is told with its place in the file.
 */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "arp.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"
#include "progress.h"
#include "route.h"

#define DEFAULT_FILE	"/etc/nat64.toml"

/* Which entry of the file a request is about, in one number. */
enum kind { SETTING, ALLOW, POOL, MAP, NAT44, EXCLUDE };

#define TAG(kind, index)	((size_t)(kind) << 56 | (index))
#define TAG_KIND(tag)		((enum kind)((tag) >> 56))
#define TAG_INDEX(tag)		((tag) & ~((size_t)0xff << 56))

struct staging {
	struct config *config;
	struct progress progress;
};

static size_t count_requests(const struct config *config)
{
	return config->n_allows + config->n_pools + config->n_maps + config->n_nat44 +
	       config->n_excludes;
}

/*
 * The kernel refused one request: an error at the place of its entry, of the very value if the
 * kernel named it.
 */
static void stage_failed(int error, size_t tag, void *arg)
{
	struct staging *staging = arg;
	struct config *config = staging->config;
	size_t i = TAG_INDEX(tag);
	bool second;

	switch (TAG_KIND(tag)) {
	case SETTING:
		config_fail(config, config->at[settings[i].attr], settings[i].key, "%s",
			    kern_why());
		break;
	case ALLOW:
		config_fail(config, config->allows[i].at, "Pool.AllowFrom", "%s", kern_why());
		break;
	case POOL:
		config_fail(config, config->pools[i].at,
			    config->pools[i].drain ? "Pool.Drain" : "Pool.Prefixes", "%s",
			    kern_why());
		break;
	case MAP:
		second = kern_bad_attr() == NAT64_A_MAP_V6 || kern_bad_attr() == NAT64_A_MAP_V6_LEN;
		config_fail(config, second ? config->maps[i].v6_at : config->maps[i].v4_at,
			    second ? "Pool.Static.v6" : "Pool.Static.v4", "%s", kern_why());
		break;
	case NAT44:
		second = kern_bad_attr() == NAT64_A_NAT44_EXTERNAL;
		if (kern_bad_attr() == NAT64_A_NAT44_DEV)
			config_fail(config, config->nat44[i].dev_at, "Nat44.Interface", "%s",
				    kern_why());
		else
			config_fail(config,
				    second ? config->nat44[i].external_at :
					     config->nat44[i].internal_at,
				    second ? "Nat44.External" : "Nat44.Internal", "%s",
				    kern_why());
		break;
	case EXCLUDE:
		config_fail(config, config->excludes[i].at, "Nat44Exclude", "%s", kern_why());
		break;
	}
}

static void stage_progress(size_t done, void *arg)
{
	struct staging *staging = arg;

	progress_step(&staging->progress, done);
}

static int queue_all(struct config *config, struct queue *queue)
{
	struct settings one;
	int error = 0;
	size_t i;

	/* one by one, so that each refusal has its own place */
	for (i = 0; !error && i < n_settings; i++) {
		one = config->settings;
		one.given &= 1U << settings[i].attr;
		if (!one.given)
			continue;
		queue->tag = TAG(SETTING, i);
		error = kern_set(&one);
	}
	for (i = 0; !error && i < config->n_allows; i++) {
		queue->tag = TAG(ALLOW, i);
		error = kern_add_allow(&config->allows[i].prefix);
	}
	for (i = 0; !error && i < config->n_pools; i++) {
		queue->tag = TAG(POOL, i);
		error = kern_add_pool(&config->pools[i].prefix, config->pools[i].drain);
	}
	for (i = 0; !error && i < config->n_maps; i++) {
		queue->tag = TAG(MAP, i);
		error = kern_add_map(&config->maps[i].v4, &config->maps[i].v6, false);
	}
	for (i = 0; !error && i < config->n_nat44; i++) {
		queue->tag = TAG(NAT44, i);
		error = kern_add_nat44(&config->nat44[i].internal, &config->nat44[i].external,
				       config->nat44[i].dev);
	}
	for (i = 0; !error && i < config->n_excludes; i++) {
		queue->tag = TAG(EXCLUDE, i);
		error = kern_add_exclude(&config->excludes[i].prefix);
	}
	return error;
}

/*
 * Sends the configuration into the transaction that is open. What is refused goes to config's
 * errors.
 */
static int stage(struct config *config)
{
	struct staging staging = { .config = config };
	struct queue queue = { .failed = stage_failed,
			       .progress = stage_progress,
			       .arg = &staging };
	int error, flushed;

	error = kern_queue(&queue);
	if (error)
		return error;
	progress_start(&staging.progress, count_requests(config));
	error = queue_all(config, &queue);
	flushed = error ? error : kern_flush();
	progress_end(&staging.progress);
	return flushed;
}

/* Errors of a file begin with its own line, so that of a batch is told behind them. */
static int refuse_file(struct config *config)
{
	config_print_errors(config);
	return where ? refused("%s is refused", config->file) : REFUSED;
}

/* Stages and commits. The socket is closed where that fails, which drops what is staged. */
static int apply(struct config *config, bool dry_run, struct commit_result *result)
{
	int error = stage(config);

	if (error || config->n_errors) {
		kern_close();
		if (!error)
			return refuse_file(config);
		config_print_errors(config);
		return refused("%s: %s", config->file, kern_why());
	}
	error = kern_commit(dry_run, result);
	if (error)
		return refused("%s: %s", config->file, kern_why());
	return DONE;
}

/* The file and what it says by itself. */
static int read_file(struct config *config, int argc, char **argv)
{
	const char *file = argc ? argv[0] : DEFAULT_FILE;

	progress_reading(file);
	config_parse(config, file);
	progress_reading(NULL);
	/* the tree of a large file is large */
	malloc_trim(0);
	config_check(config);
	return config->n_errors ? refuse_file(config) : DONE;
}

static bool is_on(const char *sysctl)
{
	FILE *in = fopen(sysctl, "re");
	int c = '1';

	if (in) {
		c = fgetc(in);
		fclose(in);
	}
	return c != '0';
}

static void warn_forwarding(const struct config *config)
{
	if ((config->settings.prefix.len || config->n_maps) &&
	    !is_on("/proc/sys/net/ipv6/conf/all/forwarding"))
		note("IPv6 forwarding is off; run: sysctl -w net.ipv6.conf.all.forwarding=1");
	if (config->n_nat44 && !is_on("/proc/sys/net/ipv4/ip_forward"))
		note("IPv4 forwarding is off; run: sysctl -w net.ipv4.ip_forward=1");
}

static void answer_arp(const struct config *config)
{
	size_t i;

	arp_replaced();
	for (i = 0; i < config->n_nat44; i++)
		if (config->nat44[i].proxy_arp)
			arp_answer(&config->nat44[i]);
}

static void warn_no_address(const struct config *config)
{
	if (config->settings.prefix.len && !config->n_pools && !config->n_maps)
		note("no host can get an IPv4 address; run: nat64ctl add pool PREFIX");
}

int cmd_load(const struct command *command, int argc, char **argv)
{
	struct commit_result result;
	struct config config;
	int status;

	status = read_file(&config, argc, argv);
	if (!status)
		status = told(kern_begin(false));
	if (!status)
		status = apply(&config, false, &result);
	if (!status) {
		if (result.ended || opt.verbose)
			tell("%u leases kept, %u ended", result.kept, result.ended);
		warn_forwarding(&config);
		warn_no_address(&config);
		routes_changed();
		answer_arp(&config);
	}
	config_free(&config);
	return status;
}

/* Without a result, the kernel was not asked. */
static void print_check(const char *file, const struct commit_result *result)
{
	static const struct column columns[] = {
		{ "file", false },
		{ "changed", false },
		{ "leases_kept", true },
		{ "leases_ended", true },
	};

	if (!opt.json) {
		if (result)
			printf("%s is right; load would %s, keep %u leases and end %u\n", file,
			       result->changed ? "change the configuration" : "change nothing",
			       result->kept, result->ended);
		return;
	}
	print_start(columns, sizeof(columns) / sizeof(*columns));
	print_text(0, file);
	if (result) {
		print_bool(1, result->changed);
		print_number(2, result->kept);
		print_number(3, result->ended);
	}
	print_row();
	print_end();
}

int cmd_check(const struct command *command, int argc, char **argv)
{
	struct commit_result result = { 0 };
	struct config config;
	int status, error;

	status = read_file(&config, argc, argv);
	if (!status) {
		error = kern_open(false);
		if (!error)
			error = kern_begin(false);
		if (error == -ENOENT || error == -EPERM) {
			note("%s: only the file itself was checked: %s", config.file, kern_why());
			print_check(config.file, NULL);
		} else if (error) {
			status = told(error);
		} else {
			status = apply(&config, true, &result);
			if (!status)
				print_check(config.file, &result);
		}
	}
	config_free(&config);
	return status;
}
