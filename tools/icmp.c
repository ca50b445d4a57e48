// SPDX-License-Identifier: GPL-2.0
/* ICMP messages that were translated: list. */
#include <stdlib.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

/* What RFC 792 and 1812, and RFC 4443, call those that RFC 7915 translates. */
static const struct {
	__u8 direction, type, code;
	const char *text;
} names[] = {
	{ NAT64_DIRECTION_6TO4, 1, 0, "no route to destination" },
	{ NAT64_DIRECTION_6TO4, 1, 1, "administratively prohibited" },
	{ NAT64_DIRECTION_6TO4, 1, 2, "beyond scope of source address" },
	{ NAT64_DIRECTION_6TO4, 1, 3, "address unreachable" },
	{ NAT64_DIRECTION_6TO4, 1, 4, "port unreachable" },
	{ NAT64_DIRECTION_6TO4, 2, 0, "packet too big" },
	{ NAT64_DIRECTION_6TO4, 3, 0, "hop limit exceeded" },
	{ NAT64_DIRECTION_6TO4, 3, 1, "fragment reassembly time exceeded" },
	{ NAT64_DIRECTION_6TO4, 4, 0, "erroneous header field" },
	{ NAT64_DIRECTION_6TO4, 4, 1, "unrecognized next header" },
	{ NAT64_DIRECTION_6TO4, 128, 0, "echo request" },
	{ NAT64_DIRECTION_6TO4, 129, 0, "echo reply" },
	{ NAT64_DIRECTION_4TO6, 0, 0, "echo reply" },
	{ NAT64_DIRECTION_4TO6, 3, 0, "net unreachable" },
	{ NAT64_DIRECTION_4TO6, 3, 1, "host unreachable" },
	{ NAT64_DIRECTION_4TO6, 3, 2, "protocol unreachable" },
	{ NAT64_DIRECTION_4TO6, 3, 3, "port unreachable" },
	{ NAT64_DIRECTION_4TO6, 3, 4, "fragmentation needed" },
	{ NAT64_DIRECTION_4TO6, 3, 5, "source route failed" },
	{ NAT64_DIRECTION_4TO6, 3, 6, "net unknown" },
	{ NAT64_DIRECTION_4TO6, 3, 7, "host unknown" },
	{ NAT64_DIRECTION_4TO6, 3, 8, "host isolated" },
	{ NAT64_DIRECTION_4TO6, 3, 9, "net administratively prohibited" },
	{ NAT64_DIRECTION_4TO6, 3, 10, "host administratively prohibited" },
	{ NAT64_DIRECTION_4TO6, 3, 11, "net unreachable for this type of service" },
	{ NAT64_DIRECTION_4TO6, 3, 12, "host unreachable for this type of service" },
	{ NAT64_DIRECTION_4TO6, 3, 13, "administratively prohibited" },
	{ NAT64_DIRECTION_4TO6, 3, 15, "precedence cutoff" },
	{ NAT64_DIRECTION_4TO6, 8, 0, "echo request" },
	{ NAT64_DIRECTION_4TO6, 11, 0, "time to live exceeded" },
	{ NAT64_DIRECTION_4TO6, 11, 1, "fragment reassembly time exceeded" },
	{ NAT64_DIRECTION_4TO6, 12, 0, "erroneous header field" },
	{ NAT64_DIRECTION_4TO6, 12, 2, "bad length" },
};

static const char *name_of(const struct icmp *icmp)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].direction == icmp->direction && names[i].type == icmp->type &&
		    names[i].code == icmp->code)
			return names[i].text;
	return NULL;
}

const char *icmp_direction(unsigned int direction)
{
	return direction == NAT64_DIRECTION_6TO4 ? "6to4" : "4to6";
}

int cmd_list_icmp(const struct command *command, int argc, char **argv)
{
	enum { DIRECTION, TYPE, CODE, PACKETS, TEXT };
	static const struct column columns[] = {
		{ "direction", false }, { "type", true }, { "code", true },
		{ "packets", true },    { "text", false },
	};
	struct icmp *messages;
	size_t n, i;
	int status;

	status = told(kern_icmp(&messages, &n));
	if (status)
		return status;
	print_start(columns, sizeof(columns) / sizeof(*columns));
	for (i = 0; i < n; i++) {
		const char *name = name_of(&messages[i]);

		print_text(DIRECTION, icmp_direction(messages[i].direction));
		print_number(TYPE, messages[i].type);
		print_number(CODE, messages[i].code);
		print_number(PACKETS, messages[i].packets);
		if (name)
			print_text(TEXT, name);
		print_row();
	}
	print_end();
	free(messages);
	return DONE;
}
