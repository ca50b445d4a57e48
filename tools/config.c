// SPDX-License-Identifier: GPL-2.0
/* A whole configuration: its parts, what contradicts what in it, and the errors of its file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "nat64ctl.h"

/* Doubles, so that a million additions cost as many copies. */
static void *grow(void **array, size_t *n, size_t size)
{
	void *item;

	if (!(*n & (*n - 1)))
		*array = xrealloc(*array, (*n ? *n * 2 : 1) * size);
	item = (char *)*array + (*n)++ * size;
	memset(item, 0, size);
	return item;
}

struct pool *config_add_pool(struct config *config)
{
	return grow((void **)&config->pools, &config->n_pools, sizeof(*config->pools));
}

struct static_map *config_add_map(struct config *config)
{
	return grow((void **)&config->maps, &config->n_maps, sizeof(*config->maps));
}

struct nat44 *config_add_nat44(struct config *config)
{
	return grow((void **)&config->nat44, &config->n_nat44, sizeof(*config->nat44));
}

struct exclude *config_add_exclude(struct config *config)
{
	return grow((void **)&config->excludes, &config->n_excludes, sizeof(*config->excludes));
}

struct allow *config_add_allow(struct config *config)
{
	return grow((void **)&config->allows, &config->n_allows, sizeof(*config->allows));
}

void config_fail(struct config *config, struct position at, const char *key, const char *format,
		 ...)
{
	struct config_error *error;
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);

	error = grow((void **)&config->errors, &config->n_errors, sizeof(*config->errors));
	error->at = at;
	error->text = xprintf("%s%s%s", key ? key : "", key ? ": " : "", text);
}

static int order_errors(const void *a, const void *b)
{
	const struct config_error *x = a, *y = b;

	if (x->at.line != y->at.line)
		return x->at.line < y->at.line ? -1 : 1;
	if (x->at.column != y->at.column)
		return x->at.column < y->at.column ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* In the order of the file. An error of the file as a whole has no line. */
void config_print_errors(struct config *config)
{
	size_t i;

	if (config->n_errors)
		qsort(config->errors, config->n_errors, sizeof(*config->errors), order_errors);
	for (i = 0; i < config->n_errors; i++) {
		const struct config_error *error = &config->errors[i];

		if (error->at.line)
			fprintf(stderr, "%s:%u:%u: ", config->file, error->at.line,
				error->at.column);
		else
			fprintf(stderr, "%s: ", config->file);
		print_safely(stderr, error->text);
		fputc('\n', stderr);
	}
}

void config_free(struct config *config)
{
	size_t i;

	for (i = 0; i < config->n_errors; i++)
		free(config->errors[i].text);
	free(config->errors);
	free(config->pools);
	free(config->maps);
	free(config->nat44);
	free(config->excludes);
	free(config->allows);
	memset(config, 0, sizeof(*config));
}

/*
 * A set of keys, each with the index of what it was first seen on: open addressing, at most half
 * full.
 */
struct seen {
	size_t mask;
	size_t *slots;		/* index + 1; 0 is free */
	const void *(*key)(const void *base, size_t index, size_t *len);
	const void *base;
};

static void seen_init(struct seen *seen, size_t n, const void *base,
		      const void *(*key)(const void *base, size_t index, size_t *len))
{
	size_t size = 16;

	while (size < 2 * n)
		size *= 2;
	seen->mask = size - 1;
	seen->slots = xcalloc(size, sizeof(*seen->slots));
	seen->base = base;
	seen->key = key;
}

/* The index of an earlier one with the same key, or this one's own. */
static size_t seen_add(struct seen *seen, size_t index)
{
	__u64 hash = 0xcbf29ce484222325;
	const unsigned char *key;
	size_t len, other, i;
	const void *theirs;

	key = seen->key(seen->base, index, &len);
	for (i = 0; i < len; i++)
		hash = (hash ^ key[i]) * 0x100000001b3;
	hash ^= hash >> 32;
	for (i = hash & seen->mask; seen->slots[i]; i = (i + 1) & seen->mask) {
		theirs = seen->key(seen->base, seen->slots[i] - 1, &other);
		if (other == len && !memcmp(theirs, key, len))
			return seen->slots[i] - 1;
	}
	seen->slots[i] = index + 1;
	return index;
}

/* Address and length without the padding behind them. */
#define PREFIX4_KEY	(offsetof(struct prefix4, len) + 1)
#define PREFIX6_KEY	(offsetof(struct prefix6, len) + 1)

static const void *map_v4(const void *base, size_t index, size_t *len)
{
	*len = PREFIX4_KEY;
	return &((const struct static_map *)base)[index].v4;
}

static const void *map_v6(const void *base, size_t index, size_t *len)
{
	*len = PREFIX6_KEY;
	return &((const struct static_map *)base)[index].v6;
}

static void fail_map(struct config *config, const struct static_map *map, bool v6,
		     const struct static_map *other)
{
	char mine[PREFIX_TEXT], v4[PREFIX_TEXT], theirs[PREFIX_TEXT];

	if (v6)
		format_prefix6(mine, &map->v6);
	else
		format_prefix4(mine, &map->v4);
	config_fail(config, v6 ? map->v6_at : map->v4_at, v6 ? "Pool.Static.v6" : "Pool.Static.v4",
		    "%s is mapped already, by %s <-> %s in line %u", mine,
		    format_prefix4(v4, &other->v4), format_prefix6(theirs, &other->v6),
		    v6 ? other->v6_at.line : other->v4_at.line);
}

static void check_maps(struct config *config)
{
	struct seen by_v4, by_v6;
	const char *wrong;
	size_t i, other;

	seen_init(&by_v4, config->n_maps, config->maps, map_v4);
	seen_init(&by_v6, config->n_maps, config->maps, map_v6);
	for (i = 0; i < config->n_maps; i++) {
		const struct static_map *map = &config->maps[i];

		wrong = wrong_map_v4(&map->v4);
		if (wrong)
			config_fail(config, map->v4_at, "Pool.Static.v4", "%s", wrong);
		wrong = wrong_map_v6(&map->v4, &map->v6);
		if (wrong)
			config_fail(config, map->v6_at, "Pool.Static.v6", "%s", wrong);
		wrong = wrong_map_prefix(&map->v4, &map->v6, &config->settings.prefix);
		if (wrong)
			config_fail(config, map->v6_at, "Pool.Static.v6", "%s (line %u)", wrong,
				    config->at[NAT64_A_CONFIG_PREFIX].line);
		other = seen_add(&by_v4, i);
		if (other != i)
			fail_map(config, map, false, &config->maps[other]);
		other = seen_add(&by_v6, i);
		if (other != i)
			fail_map(config, map, true, &config->maps[other]);
	}
	free(by_v4.slots);
	free(by_v6.slots);
}

static int order_pools(const void *a, const void *b)
{
	const struct pool *const *x = a, *const *y = b;

	return prefix4_cmp(&(*x)->prefix, &(*y)->prefix);
}

/*
 * Sorted, a prefix that overlaps another comes after it, with none but others that overlap in
 * between.
 */
static void check_pools(struct config *config)
{
	const struct pool **order = xcalloc(config->n_pools + 1, sizeof(*order)), *last = NULL;
	char mine[PREFIX_TEXT], theirs[PREFIX_TEXT];
	const char *wrong;
	size_t i;

	for (i = 0; i < config->n_pools; i++) {
		const struct pool *pool = &config->pools[i];

		order[i] = pool;
		wrong = wrong_pool(&pool->prefix);
		if (wrong)
			config_fail(config, pool->at, pool->drain ? "Pool.Drain" : "Pool.Prefixes",
				    "%s", wrong);
	}
	qsort(order, config->n_pools, sizeof(*order), order_pools);
	for (i = 0; i < config->n_pools; i++) {
		const struct pool *first = last, *second = order[i];

		if (!last || !prefix4_overlap(&last->prefix, &second->prefix)) {
			last = second;
			continue;
		}
		if (first->at.line > second->at.line ||
		    (first->at.line == second->at.line && first->at.column > second->at.column)) {
			first = second;
			second = last;
		}
		config_fail(config, second->at, second->drain ? "Pool.Drain" : "Pool.Prefixes",
			    "%s overlaps %s in line %u", format_prefix4(mine, &second->prefix),
			    format_prefix4(theirs, &first->prefix), first->at.line);
	}
	free(order);
}

/* Key of a rule on one side: the name of the interface, the address and its length. */
struct nat44_key {
	char dev[16];
	struct prefix4 addr;
};

static const void *nat44_key(const void *base, size_t index, size_t *len)
{
	*len = offsetof(struct nat44_key, addr) + PREFIX4_KEY;
	return &((const struct nat44_key *)base)[index];
}

static void check_nat44_side(struct config *config, const struct nat44_key *keys, bool external)
{
	char mine[PREFIX_TEXT], internal[PREFIX_TEXT], theirs[PREFIX_TEXT];
	struct seen seen;
	size_t i, j;

	seen_init(&seen, config->n_nat44, keys, nat44_key);
	for (i = 0; i < config->n_nat44; i++) {
		const struct nat44 *rule = &config->nat44[i], *other;

		j = seen_add(&seen, i);
		if (j == i)
			continue;
		other = &config->nat44[j];
		config_fail(config, external ? rule->external_at : rule->internal_at,
			    external ? "Nat44.External" : "Nat44.Internal",
			    "%s has a rule on %s already: %s <-> %s in line %u",
			    format_prefix4(mine, external ? &rule->external : &rule->internal),
			    rule->dev, format_prefix4(internal, &other->internal),
			    format_prefix4(theirs, &other->external),
			    external ? other->external_at.line : other->internal_at.line);
	}
	free(seen.slots);
}

static void check_nat44(struct config *config)
{
	struct nat44_key *keys = xcalloc(config->n_nat44 + 1, sizeof(*keys));
	const char *wrong;
	size_t i;

	for (i = 0; i < config->n_nat44; i++) {
		const struct nat44 *rule = &config->nat44[i];

		wrong = wrong_nat44(&rule->internal);
		if (wrong)
			config_fail(config, rule->internal_at, "Nat44.Internal", "%s", wrong);
		wrong = wrong_nat44(&rule->external);
		if (wrong)
			config_fail(config, rule->external_at, "Nat44.External", "%s", wrong);
		wrong = wrong_nat44_pair(&rule->internal, &rule->external);
		if (wrong)
			config_fail(config, rule->external_at, "Nat44.External", "%s", wrong);
		wrong = wrong_dev(rule->dev);
		if (wrong)
			config_fail(config, rule->dev_at, "Nat44.Interface", "%s", wrong);
		wrong = rule->proxy_arp ? wrong_proxy_arp(&rule->external) : NULL;
		if (wrong)
			config_fail(config, rule->proxy_arp_at, "Nat44.ProxyArp", "%s", wrong);
		memcpy(keys[i].dev, rule->dev, sizeof(rule->dev));
		keys[i].addr = rule->internal;
	}
	check_nat44_side(config, keys, false);
	for (i = 0; i < config->n_nat44; i++)
		keys[i].addr = config->nat44[i].external;
	check_nat44_side(config, keys, true);
	free(keys);
}

static const void *exclude_key(const void *base, size_t index, size_t *len)
{
	*len = PREFIX4_KEY;
	return &((const struct exclude *)base)[index].prefix;
}

static void check_excludes(struct config *config)
{
	char buf[PREFIX_TEXT];
	struct seen seen;
	const char *wrong;
	size_t i, j;

	seen_init(&seen, config->n_excludes, config->excludes, exclude_key);
	for (i = 0; i < config->n_excludes; i++) {
		const struct exclude *exclude = &config->excludes[i];

		wrong = wrong_exclude(&exclude->prefix);
		if (wrong)
			config_fail(config, exclude->at, "Nat44Exclude", "%s", wrong);
		j = seen_add(&seen, i);
		if (j != i)
			config_fail(config, exclude->at, "Nat44Exclude",
				    "%s is there already, in line %u",
				    format_prefix4(buf, &exclude->prefix),
				    config->excludes[j].at.line);
	}
	free(seen.slots);
}

static const void *allow_key(const void *base, size_t index, size_t *len)
{
	*len = PREFIX6_KEY;
	return &((const struct allow *)base)[index].prefix;
}

static void check_allows(struct config *config)
{
	char buf[PREFIX_TEXT];
	struct seen seen;
	const char *wrong;
	size_t i, j;

	seen_init(&seen, config->n_allows, config->allows, allow_key);
	for (i = 0; i < config->n_allows; i++) {
		const struct allow *allow = &config->allows[i];

		wrong = wrong_allow(&allow->prefix);
		if (wrong)
			config_fail(config, allow->at, "Pool.AllowFrom", "%s", wrong);
		j = seen_add(&seen, i);
		if (j != i)
			config_fail(config, allow->at, "Pool.AllowFrom",
				    "%s is there already, in line %u",
				    format_prefix6(buf, &allow->prefix),
				    config->allows[j].at.line);
	}
	free(seen.slots);
}

void config_check(struct config *config)
{
	const char *wrong;
	int attr;

	for (attr = 1; attr <= NAT64_A_CONFIG_MAX; attr++) {
		if (!(config->settings.given & 1U << attr))
			continue;
		wrong = wrong_setting(&config->settings, attr);
		if (wrong)
			config_fail(config, config->at[attr], setting_by_attr(attr)->key, "%s",
				    wrong);
	}
	check_pools(config);
	check_maps(config);
	check_nat44(config);
	check_excludes(config);
	check_allows(config);
}
