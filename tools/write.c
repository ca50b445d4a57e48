// SPDX-License-Identifier: GPL-2.0
/* A configuration as the file that load takes, or the same keys as JSON. */
#include <stdio.h>
#include <string.h>
#include <json.h>

#include "config.h"

static struct json_object *prefix4_value(const struct prefix4 *prefix)
{
	char buf[PREFIX_TEXT];

	return json_object_new_string(format_prefix4(buf, prefix));
}

static struct json_object *prefix6_value(const struct prefix6 *prefix)
{
	char buf[PREFIX_TEXT];

	return json_object_new_string(format_prefix6(buf, prefix));
}

/* How many pools drain, or do not. */
static size_t count_pools(const struct config *config, bool drain)
{
	size_t i, n = 0;

	for (i = 0; i < config->n_pools; i++)
		n += config->pools[i].drain == drain;
	return n;
}

/*
 * A value of the file is a JSON value too, but for the brackets' layout; so both are made of JSON
 * values.
 */
static struct json_object *value_of(const struct setting *setting, const struct settings *set)
{
	char list[sizeof(set->prometheus)], *word, *save;
	const struct prefix4 source = { set->icmp_source, 32 };
	struct json_object *array;
	int choice;

	switch (setting->type) {
	case SETTING_PREFIX:
		return prefix6_value(&set->prefix);
	case SETTING_ADDR4:
		return prefix4_value(&source);
	case SETTING_NUMBER:
	case SETTING_BYTE:
		return json_object_new_int64(setting_number(setting, set));
	case SETTING_SWITCH:
		return json_object_new_boolean(setting_number(setting, set));
	case SETTING_CHOICE:
		choice = set->udp_zero_checksum == NAT64_UDP_ZERO_DROP;
		return json_object_new_string(udp_zero_words[choice]);
	case SETTING_LISTEN:
		break;
	}
	if (!strchr(set->prometheus, ' '))
		return json_object_new_string(set->prometheus);
	array = json_object_new_array();
	snprintf(list, sizeof(list), "%s", set->prometheus);
	for (word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save))
		json_object_array_add(array, json_object_new_string(word));
	return array;
}

static bool is_in_pool(const struct setting *setting)
{
	return !strncmp(setting->key, "Pool.", 5);
}

/* A lease's life is worth saying wherever there are leases. */
static bool is_shown(const struct setting *setting, const struct config *config)
{
	return !setting_is_default(setting, &config->settings) ||
	       (setting->attr == NAT64_A_CONFIG_MAX_IDLE && config->n_pools);
}

static bool has_pool_table(const struct config *config)
{
	bool shown = config->n_pools || config->n_maps || config->n_allows;
	size_t i;

	for (i = 0; i < n_settings; i++)
		shown |= is_in_pool(&settings[i]) && is_shown(&settings[i], config);
	return shown;
}

static struct json_object *pools_of(const struct config *config, bool drain)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < config->n_pools; i++)
		if (config->pools[i].drain == drain)
			json_object_array_add(array, prefix4_value(&config->pools[i].prefix));
	return array;
}

static struct json_object *excludes_of(const struct config *config)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < config->n_excludes; i++)
		json_object_array_add(array, prefix4_value(&config->excludes[i].prefix));
	return array;
}

static struct json_object *allows_of(const struct config *config)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < config->n_allows; i++)
		json_object_array_add(array, prefix6_value(&config->allows[i].prefix));
	return array;
}

static bool any_written;

/* A blank line before each table but the first line of the file. */
static void start_table(const char *name)
{
	printf("%s%s\n", any_written ? "\n" : "", name);
	any_written = true;
}

/* KEY = VALUE; takes the value over */
static void print_key(const char *key, struct json_object *value)
{
	size_t i, n;

	any_written = true;
	printf("%s = ", key);
	if (json_object_is_type(value, json_type_array)) {
		putchar('[');
		n = json_object_array_length(value);
		for (i = 0; i < n; i++)
			printf("%s%s", i ? ", " : "",
			       json_object_to_json_string_ext(json_object_array_get_idx(value, i),
							      JSON_C_TO_STRING_NOSLASHESCAPE));
		puts("]");
	} else {
		puts(json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE));
	}
	json_object_put(value);
}

static void print_settings(const struct config *config, bool pool)
{
	size_t i;

	for (i = 0; i < n_settings; i++)
		if (is_in_pool(&settings[i]) == pool && is_shown(&settings[i], config))
			print_key(settings[i].key + (pool ? 5 : 0),
				  value_of(&settings[i], &config->settings));
}

static void print_pool(const struct config *config)
{
	char v4[PREFIX_TEXT], v6[PREFIX_TEXT];
	size_t i;

	if (!has_pool_table(config))
		return;
	start_table("[Pool]");
	if (count_pools(config, false))
		print_key("Prefixes", pools_of(config, false));
	if (count_pools(config, true))
		print_key("Drain", pools_of(config, true));
	print_settings(config, true);
	if (config->n_allows)
		print_key("AllowFrom", allows_of(config));
	if (!config->n_maps)
		return;
	puts("Static = [");
	for (i = 0; i < config->n_maps; i++)
		printf("\t{ v4 = \"%s\", v6 = \"%s\" },\n", format_prefix4(v4, &config->maps[i].v4),
		       format_prefix6(v6, &config->maps[i].v6));
	puts("]");
}

static void print_nat44(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->n_nat44; i++) {
		start_table("[[Nat44]]");
		print_key("Interface", json_object_new_string(config->nat44[i].dev));
		print_key("Internal",
			  prefix4_value(&config->nat44[i].internal));
		print_key("External",
			  prefix4_value(&config->nat44[i].external));
		if (config->nat44[i].proxy_arp)
			print_key("ProxyArp", json_object_new_boolean(true));
	}
}

void config_write_toml(const struct config *config)
{
	any_written = false;
	print_settings(config, false);
	if (config->n_excludes)
		print_key("Nat44Exclude", excludes_of(config));
	print_pool(config);
	print_nat44(config);
}

static void add_settings(struct json_object *to, const struct config *config, bool pool)
{
	size_t i;

	for (i = 0; i < n_settings; i++)
		if (is_in_pool(&settings[i]) == pool && is_shown(&settings[i], config))
			json_object_object_add(to, settings[i].key + (pool ? 5 : 0),
					       value_of(&settings[i], &config->settings));
}

static struct json_object *pool_object(const struct config *config)
{
	struct json_object *pool = json_object_new_object(), *array, *map;
	size_t i;

	if (count_pools(config, false))
		json_object_object_add(pool, "Prefixes", pools_of(config, false));
	if (count_pools(config, true))
		json_object_object_add(pool, "Drain", pools_of(config, true));
	add_settings(pool, config, true);
	if (config->n_allows)
		json_object_object_add(pool, "AllowFrom", allows_of(config));
	if (!config->n_maps)
		return pool;
	array = json_object_new_array();
	for (i = 0; i < config->n_maps; i++) {
		map = json_object_new_object();
		json_object_object_add(map, "v4", prefix4_value(&config->maps[i].v4));
		json_object_object_add(map, "v6", prefix6_value(&config->maps[i].v6));
		json_object_array_add(array, map);
	}
	json_object_object_add(pool, "Static", array);
	return pool;
}

static struct json_object *nat44_array(const struct config *config)
{
	struct json_object *array = json_object_new_array(), *rule;
	size_t i;

	for (i = 0; i < config->n_nat44; i++) {
		rule = json_object_new_object();
		json_object_object_add(rule, "Interface",
				       json_object_new_string(config->nat44[i].dev));
		json_object_object_add(rule, "Internal", prefix4_value(&config->nat44[i].internal));
		json_object_object_add(rule, "External", prefix4_value(&config->nat44[i].external));
		if (config->nat44[i].proxy_arp)
			json_object_object_add(rule, "ProxyArp", json_object_new_boolean(true));
		json_object_array_add(array, rule);
	}
	return array;
}

void config_write_json(const struct config *config)
{
	struct json_object *root = json_object_new_object();

	add_settings(root, config, false);
	if (config->n_excludes)
		json_object_object_add(root, "Nat44Exclude", excludes_of(config));
	if (has_pool_table(config))
		json_object_object_add(root, "Pool", pool_object(config));
	if (config->n_nat44)
		json_object_object_add(root, "Nat44", nat44_array(config));
	puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_SPACED |
							  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
}
