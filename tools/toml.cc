// SPDX-License-Identifier: GPL-2.0
/*
 * The file: TOML to plain structs, with the line and column of every value. The only C++ of the
 * tool, because the only packaged parser that tells lines and columns is toml++.
 */
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>
#include <toml++/toml.h>

extern "C" {
#include "nat64ctl.h"
}

namespace {

const char *const root_words[] = { "Pool", "Nat44", "Nat44Exclude" };
const char *const pool_words[] = { "Prefixes", "Drain", "Static", "AllowFrom" };
const char *const map_words[] = { "v4", "v6" };
const char *const nat44_words[] = { "Interface", "Internal", "External", "ProxyArp" };

position at(const toml::source_region &source)
{
	return { source.begin.line, source.begin.column };
}

const char *name_of(const toml::node &node)
{
	switch (node.type()) {
	case toml::node_type::table:		return "a table";
	case toml::node_type::array:		return "an array";
	case toml::node_type::string:		return "a string";
	case toml::node_type::integer:		return "an integer";
	case toml::node_type::floating_point:	return "a floating-point number";
	case toml::node_type::boolean:		return "a boolean";
	default:				return "a date or time";
	}
}

void wrong_type(config *config, const toml::node &node, const std::string &key,
		const char *expected)
{
	config_fail(config, at(node.source()), key.c_str(), "this is %s; expected %s",
		    name_of(node), expected);
}

/* The string of a node, or an error. C strings end at a NUL, so one inside is an error as well. */
const std::string *string_of(config *config, const toml::node &node, const std::string &key,
			     const char *expected)
{
	const auto *text = node.as_string();

	if (!text) {
		wrong_type(config, node, key, expected);
		return nullptr;
	}
	if (text->get().find('\0') != std::string::npos) {
		config_fail(config, at(node.source()), key.c_str(),
			    "a NUL in a string; expected %s", expected);
		return nullptr;
	}
	return &text->get();
}

template <typename Words>
bool is_one_of(const std::string &name, const std::string &table, const Words &words)
{
	for (const char *word : words)
		if (name == word)
			return true;
	for (size_t i = 0; i < n_settings; i++)
		if (settings[i].key == table + name)
			return true;
	return false;
}

/* A key of the root that stands below the head of a table belongs to that table. */
const char *other_place(const std::string &name, const std::string &table)
{
	if (table.empty() && is_one_of(name, "Pool.", pool_words))
		return "it belongs under [Pool]";
	if (!table.empty() && is_one_of(name, "", root_words))
		return "it belongs above the first table";
	return nullptr;
}

template <typename Words>
void unknown_key(config *config, const toml::key &key, const std::string &table, const Words &words)
{
	std::string name{ key.str() };
	suggestion like = { name.c_str(), nullptr, 0 };
	const char *place = other_place(name, table);

	if (place) {
		config_fail(config, at(key.source()), (table + name).c_str(), "unknown key; %s",
			    place);
		return;
	}
	for (const char *word : words)
		suggest(&like, word);
	for (size_t i = 0; i < n_settings; i++)
		if (!std::strncmp(settings[i].key, table.c_str(), table.size()) &&
		    !std::strchr(settings[i].key + table.size(), '.'))
			suggest(&like, settings[i].key + table.size());
	config_fail(config, at(key.source()), (table + name).c_str(), "unknown key%s%s%s",
		    like.best ? "; did you mean " : "", like.best ? like.best : "",
		    like.best ? "?" : "");
}

/* Calls take(string, node) for every string of an array. */
template <typename Take>
void each_string(config *config, const toml::node &node, const std::string &key,
		 const char *expected, Take take)
{
	const auto *array = node.as_array();

	if (!array)
		return wrong_type(config, node, key, "an array of strings");
	for (const auto &item : *array)
		if (const auto *text = string_of(config, item, key, expected))
			take(*text, item);
}

template <typename Prefix>
bool parse_or_fail(config *config, const std::string &text, const toml::node &node,
		   const std::string &key, bool (*parse)(const char *, Prefix *), Prefix *prefix,
		   const char *expected)
{
	if (parse(text.c_str(), prefix))
		return true;
	config_fail(config, at(node.source()), key.c_str(), "'%s' is not %s", text.c_str(),
		    expected);
	return false;
}

const char IPV4[] = "an IPv4 address or prefix";
const char IPV6[] = "an IPv6 address or prefix";

void take_text(config *config, const setting *setting, const toml::node &node)
{
	const auto *text = string_of(config, node, setting->key, setting->expects);
	const char *wrong = text && setting->type == SETTING_LISTEN ?
				    wrong_listen(&config->settings, text->c_str()) :
				    nullptr;

	if (wrong)
		config_fail(config, at(node.source()), setting->key, "%s", wrong);
	else if (text && !setting_parse(setting, text->c_str(), &config->settings))
		config_fail(config, at(node.source()), setting->key, "'%s' is not %s",
			    text->c_str(), setting->expects);
}

void take_setting(config *config, const setting *setting, const toml::node &node)
{
	config->at[setting->attr] = at(node.source());
	switch (setting->type) {
	case SETTING_NUMBER:
	case SETTING_BYTE:
		if (const auto *number = node.as_integer()) {
			if (**number < 0 ||
			    **number > (setting->type == SETTING_BYTE ? UINT8_MAX : UINT32_MAX))
				config_fail(config, at(node.source()), setting->key,
					    "%lld is not %s", static_cast<long long>(**number),
					    setting->expects);
			else
				setting_put_number(setting, static_cast<__u32>(**number),
						   &config->settings);
		} else {
			wrong_type(config, node, setting->key, "an integer");
		}
		break;
	case SETTING_SWITCH:
		if (const auto *on = node.as_boolean())
			setting_put_number(setting, **on, &config->settings);
		else
			wrong_type(config, node, setting->key, "true or false");
		break;
	case SETTING_LISTEN:
		if (node.is_array()) {
			for (const auto &item : *node.as_array())
				take_text(config, setting, item);
			break;
		}
		[[fallthrough]];
	default:
		take_text(config, setting, node);
	}
}

void take_pools(config *config, const toml::node &node, const std::string &key, bool drain)
{
	each_string(config, node, key, "an IPv4 prefix",
		    [&](const std::string &text, const toml::node &item) {
			    prefix4 prefix{};

			    if (!parse_or_fail(config, text, item, key, parse_prefix4, &prefix,
					       "an IPv4 prefix"))
				    return;
			    pool *pool = config_add_pool(config);
			    pool->prefix = prefix;
			    pool->drain = drain;
			    pool->at = at(item.source());
		    });
}

/* One entry of Static: { v4 = "...", v6 = "..." } */
void take_map(config *config, const toml::node &node)
{
	const std::string table = "Pool.Static.";
	const auto *entry = node.as_table();
	static_map map{};
	bool bad = false;

	if (!entry)
		return wrong_type(config, node, "Pool.Static", "{ v4 = ..., v6 = ... }");
	for (const auto &[key, value] : *entry) {
		const bool is_v4 = key == "v4";

		if (!is_v4 && key != "v6") {
			unknown_key(config, key, table, map_words);
			continue;
		}
		const std::string name = is_v4 ? "Pool.Static.v4" : "Pool.Static.v6";
		const auto *text = string_of(config, value, name, is_v4 ? IPV4 : IPV6);

		(is_v4 ? map.v4_at : map.v6_at) = at(value.source());
		if (!text)
			bad = true;
		else if (is_v4)
			bad |= !parse_or_fail(config, *text, value, name, parse_prefix4, &map.v4,
					      IPV4);
		else
			bad |= !parse_or_fail(config, *text, value, name, parse_prefix6, &map.v6,
					      IPV6);
	}
	if (!map.v4_at.line)
		config_fail(config, at(node.source()), "Pool.Static.v4", "missing");
	if (!map.v6_at.line)
		config_fail(config, at(node.source()), "Pool.Static.v6", "missing");
	if (!bad && map.v4_at.line && map.v6_at.line)
		*config_add_map(config) = map;
}

void take_allows(config *config, const toml::node &node, const std::string &key)
{
	each_string(config, node, key, IPV6, [&](const std::string &text, const toml::node &item) {
		prefix6 prefix{};

		if (!parse_or_fail(config, text, item, key, parse_prefix6, &prefix, IPV6))
			return;
		allow *allow = config_add_allow(config);
		allow->prefix = prefix;
		allow->at = at(item.source());
	});
}

void take_pool_table(config *config, const toml::node &node)
{
	const auto *table = node.as_table();

	if (!table)
		return wrong_type(config, node, "Pool", "a table");
	for (const auto &[key, value] : *table) {
		const std::string name = "Pool." + std::string{ key.str() };

		if (key == "Prefixes") {
			take_pools(config, value, name, false);
		} else if (key == "Drain") {
			take_pools(config, value, name, true);
		} else if (key == "AllowFrom") {
			take_allows(config, value, name);
		} else if (key == "Static") {
			if (!value.is_array())
				wrong_type(config, value, name,
					   "an array of { v4 = ..., v6 = ... }");
			else
				for (const auto &item : *value.as_array())
					take_map(config, item);
		} else if (const auto *setting = setting_by_key(name.c_str())) {
			take_setting(config, setting, value);
		} else {
			unknown_key(config, key, "Pool.", pool_words);
		}
	}
}

/* One [[Nat44]] */
void take_nat44(config *config, const toml::node &node)
{
	const auto *table = node.as_table();
	nat44 rule{};
	bool bad = false;

	if (!table)
		return wrong_type(config, node, "Nat44", "a table");
	for (const auto &[key, value] : *table) {
		const std::string name = "Nat44." + std::string{ key.str() };
		const bool internal = key == "Internal";

		if (key == "Interface") {
			const auto *text =
				string_of(config, value, name, "the name of an interface");

			rule.dev_at = at(value.source());
			if (!text) {
				bad = true;
			} else if (const char *wrong = wrong_dev(text->c_str())) {
				config_fail(config, rule.dev_at, name.c_str(), "%s", wrong);
				bad = true;
			} else {
				std::strcpy(rule.dev, text->c_str());
			}
		} else if (internal || key == "External") {
			const auto *text = string_of(config, value, name, IPV4);

			(internal ? rule.internal_at : rule.external_at) = at(value.source());
			bad |= !text ||
			       !parse_or_fail(config, *text, value, name, parse_prefix4,
					      internal ? &rule.internal : &rule.external, IPV4);
		} else if (key == "ProxyArp") {
			rule.proxy_arp_at = at(value.source());
			if (const auto *on = value.as_boolean()) {
				rule.proxy_arp = **on;
			} else {
				wrong_type(config, value, name, "true or false");
				bad = true;
			}
		} else {
			unknown_key(config, key, "Nat44.", nat44_words);
		}
	}
	if (!rule.dev_at.line)
		config_fail(config, at(node.source()), "Nat44.Interface", "missing");
	if (!rule.internal_at.line)
		config_fail(config, at(node.source()), "Nat44.Internal", "missing");
	if (!rule.external_at.line)
		config_fail(config, at(node.source()), "Nat44.External", "missing");
	if (!bad && rule.dev_at.line && rule.internal_at.line && rule.external_at.line)
		*config_add_nat44(config) = rule;
}

void take_excludes(config *config, const toml::node &node, const std::string &key)
{
	each_string(config, node, key, IPV4, [&](const std::string &text, const toml::node &item) {
		prefix4 prefix{};

		if (!parse_or_fail(config, text, item, key, parse_prefix4, &prefix, IPV4))
			return;
		exclude *exclude = config_add_exclude(config);
		exclude->prefix = prefix;
		exclude->at = at(item.source());
	});
}

void take_root(config *config, const toml::table &root)
{
	for (const auto &[key, value] : root) {
		const std::string name{ key.str() };

		if (key == "Pool") {
			take_pool_table(config, value);
		} else if (key == "Nat44") {
			if (!value.is_array())
				wrong_type(config, value, name, "an array of tables, [[Nat44]]");
			else
				for (const auto &item : *value.as_array())
					take_nat44(config, item);
		} else if (key == "Nat44Exclude") {
			take_excludes(config, value, name);
		} else if (const auto *setting = setting_by_key(name.c_str())) {
			take_setting(config, setting, value);
		} else {
			unknown_key(config, key, "", root_words);
		}
	}
}

/* 0 or an errno; ifstream would not tell which */
int read_file(const char *file, std::string &text)
{
	std::FILE *in = std::fopen(file, "re");
	static char buf[65536];
	int error = 0;
	size_t n;

	if (!in)
		return errno;
	while ((n = std::fread(buf, 1, sizeof(buf), in)))
		text.append(buf, n);
	if (std::ferror(in))
		error = errno;
	std::fclose(in);
	return error;
}

/*
 * What can be told of a file without parsing it: which key a place in it belongs to, and where keys
 * nest deeper than any of ours, before the parser and its tree recurse as deep. Strings and remarks
 * are passed over; what is no TOML gives something or other, and the parser says what is wrong.
 */
struct outline {
	static constexpr size_t max_dots = 256;

	position at{ 1, 1 };
	bool too_deep = false;
	/* Up to end, or to where it gets too deep. */
	outline(const std::string &text, const position &end)
	{
		const char *c = text.c_str(), *last = c + text.size();

		while (c < last && !too_deep &&
		       (at.line < end.line || (at.line == end.line && at.column < end.column)))
			c = take(c, last);
	}

	/* Of what stands there, with its tables, as messages name it; empty before a first KEY =. */
	std::string name() const
	{
		std::string text;

		for (const level &level : levels)
			if (!level.key.empty())
				text += (text.empty() ? "" : ".") + level.key;
		return text.empty() || table.empty() ? text : table + "." + text;
	}

    private:
	/* A bracket that is open, or the file. */
	struct level {
		std::string key;	/* the last KEY = in it */
		size_t dots;		/* of all keys around it, and of that one */
	};

	std::vector<level> levels{ { "", 0 } };
	std::string table;		/* the last [table] */
	std::string word;		/* a key, or what else stands between marks */
	size_t word_dots = 0;
	bool is_header = false;

	void step(char c)
	{
		if (c == '\n') {
			at.line++;
			at.column = 1;
		} else {
			at.column += (c & 0xc0) != 0x80;
		}
	}

	/* Behind a string that begins here. */
	const char *pass_string(const char *c, const char *last)
	{
		const char quote = *c;
		const bool is_long = last - c >= 3 && c[1] == quote && c[2] == quote;
		int quotes = 0;

		for (int i = is_long ? 3 : 1; i; i--)
			step(*c++);
		for (; c < last && (is_long || *c != '\n'); c++) {
			quotes = *c == quote ? quotes + 1 : 0;
			step(*c);
			if (quotes == (is_long ? 3 : 1))
				return c + 1;
			if (*c == '\\' && quote == '"' && c + 1 < last && c[1] != '\n')
				step(*++c);
		}
		return c;
	}

	void start_word()
	{
		word.clear();
		word_dots = 0;
	}

	void take_key()
	{
		level &last = levels.back();

		last.key = word;
		last.dots = word_dots + (levels.size() > 1 ? levels[levels.size() - 2].dots : 0);
		start_word();
	}

	void open()
	{
		levels.push_back({ "", levels.back().dots });
		start_word();
	}

	void close()
	{
		if (levels.size() > 1)
			levels.pop_back();
		start_word();
	}

	/* Past one mark, string, remark or letter. */
	const char *take(const char *c, const char *last)
	{
		const char *end = c + 1;

		switch (*c) {
		case '"':
		case '\'':
			end = pass_string(c, last);
			word.append(c, end);
			return end;
		case '#':
			while (c < last && *c != '\n')
				step(*c++);
			return c;
		case '.':
			too_deep = levels.back().dots + word_dots++ >= max_dots;
			if (too_deep)
				return end;
			word += '.';
			break;
		case '=':
			take_key();
			break;
		case '[':
			is_header |= levels.size() == 1 && levels[0].key.empty();
			open();
			break;
		case '{':
			open();
			break;
		case ']':
			if (is_header && !word.empty())
				table = word;
			close();
			break;
		case '}':
			close();
			break;
		case ',':
			word.clear();
			take_key();
			break;
		case '\n':
			if (is_header)
				levels.resize(1);
			if (levels.size() == 1) {
				levels[0] = { "", 0 };
				is_header = false;
			}
			start_word();
			break;
		case ' ':
		case '\t':
		case '\r':
			break;
		default:
			word += *c;
		}
		step(*c);
		return end;
	}
};

} // namespace

extern "C" void config_parse(config *config, const char *file)
{
	*config = {};
	config->file = file;
	config->settings = settings_default;

	std::string text;

	if (const int error = read_file(file, text)) {
		config_fail(config, { 0, 0 }, nullptr, "%s", std::strerror(error));
		return;
	}
	const outline whole{ text, { UINT_MAX, 0 } };

	if (whole.too_deep) {
		config_fail(config, whole.at, nullptr, "more than %zu dots in a key",
			    outline::max_dots);
		return;
	}
	try {
		take_root(config, toml::parse(text, std::string_view{ file }));
	} catch (const toml::parse_error &error) {
		const std::string key = outline{ text, at(error.source()) }.name();

		config_fail(config, at(error.source()), key.empty() ? nullptr : key.c_str(), "%s",
			    std::string{ error.description() }.c_str());
	}
}
