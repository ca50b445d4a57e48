// SPDX-License-Identifier: GPL-2.0
/* Maps: add, del, list, flush. */
#include <stdlib.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

int cmd_add_map(const struct command *command, int argc, char **argv)
{
	struct prefix4 v4;
	struct prefix6 v6;
	int status;

	status = take_prefix4(argv[0], &v4);
	if (!status)
		status = take_prefix6(argv[1], &v6);
	if (!status)
		status = judge(wrong_map_v4(&v4));
	if (!status)
		status = judge(wrong_map_v6(&v4, &v6));
	if (!status)
		status = told(kern_add_map(&v4, &v6, opt.given & OPT_REPLACE));
	return status;
}

int cmd_del_map(const struct command *command, int argc, char **argv)
{
	struct either addr;
	int status = take_either(argv[0], &addr);

	if (!status && addr.is_v6)
		status = told(kern_del_map(NULL, &addr.v6));
	else if (!status)
		status = told(kern_del_map(&addr.v4, NULL));
	return status;
}

int cmd_flush_maps(const struct command *command, int argc, char **argv)
{
	__u32 flushed;
	int type = -1, status = DONE;

	if (argc)
		status = take_map_type(argv[0], &type);
	if (!status)
		status = told(kern_flush_maps(type, &flushed));
	if (!status && opt.verbose)
		note("%u maps deleted", flushed);
	return status;
}

/* Of two operands, in either order, one is a type and the other a prefix. */
static bool is_prefix(const char *text)
{
	struct either inside;

	return parse_prefix4(text, &inside.v4) || parse_prefix6(text, &inside.v6);
}

static int take_inside(const char *text, struct map_filter *filter)
{
	struct either inside;
	int status = take_either(text, &inside);

	filter->by_v4 = !inside.is_v6;
	filter->by_v6 = inside.is_v6;
	filter->v4 = inside.v4;
	filter->v6 = inside.v6;
	return status;
}

static int take_filter(int argc, char **argv, struct map_filter *filter)
{
	bool prefix_first = argc && is_prefix(argv[0]);
	int status = DONE;

	filter->type = -1;
	if (prefix_first)
		status = take_inside(argv[0], filter);
	else if (argc)
		status = take_map_type(argv[0], &filter->type);
	if (!status && argc == 2)
		status = prefix_first ? take_map_type(argv[1], &filter->type) :
					take_inside(argv[1], filter);
	return status;
}

int cmd_list_maps(const struct command *command, int argc, char **argv)
{
	enum { V4, V6, TYPE, IDLE, EXPIRES, PACKETS64, BYTES64, PACKETS46, BYTES46 };
	static const struct column columns[] = {
		{ "v4", false },     { "v6", false },	    { "type", false },
		{ "idle", true },    { "expires", true },   { "packets64", true },
		{ "bytes64", true }, { "packets46", true }, { "bytes46", true },
	};
	struct map_filter filter = { 0 };
	bool counted = false;
	struct map *maps;
	char buf[PREFIX_TEXT];
	size_t n, i;
	int status;

	status = take_filter(argc, argv, &filter);
	if (!status)
		status = told(kern_maps(&filter, &maps, &n));
	if (status)
		return status;
	for (i = 0; i < n && !counted; i++)
		counted = maps[i].counted;
	print_start(columns, counted ? BYTES46 + 1 : EXPIRES + 1);
	for (i = 0; i < n; i++) {
		const struct map *map = &maps[i];
		bool dynamic = map->type == NAT64_MAP_TYPE_DYNAMIC;

		print_text(V4, format_prefix4(buf, &map->v4));
		print_text(V6, format_prefix6(buf, &map->v6));
		print_text(TYPE, dynamic ? "dynamic" : "static");
		if (dynamic)
			print_number(IDLE, map->idle);
		if (dynamic && map->expires_at_all)
			print_number(EXPIRES, map->expires);
		if (map->counted) {
			print_number(PACKETS64, map->packets64);
			print_number(BYTES64, map->bytes64);
			print_number(PACKETS46, map->packets46);
			print_number(BYTES46, map->bytes46);
		}
		print_row();
	}
	print_end();
	free(maps);
	return DONE;
}
