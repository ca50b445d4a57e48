// SPDX-License-Identifier: GPL-2.0
/* Operands: what is malformed makes no sense (status 2), what is wrong is refused (status 1). */
#include <string.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"

int take_prefix4(const char *text, struct prefix4 *prefix)
{
	if (parse_prefix4(text, prefix))
		return DONE;
	return misused("'%s' is not an IPv4 address or prefix", text);
}

int take_prefix6(const char *text, struct prefix6 *prefix)
{
	if (parse_prefix6(text, prefix))
		return DONE;
	return misused("'%s' is not an IPv6 address or prefix", text);
}

int take_either(const char *text, struct either *either)
{
	if (parse_prefix4(text, &either->v4)) {
		either->is_v6 = false;
		return DONE;
	}
	either->is_v6 = true;
	if (parse_prefix6(text, &either->v6))
		return DONE;
	return misused("'%s' is not an address or prefix", text);
}

int take_map_type(const char *text, int *type)
{
	struct suggestion like = { text, NULL, 0 };

	if (!strcmp(text, "static")) {
		*type = NAT64_MAP_TYPE_STATIC;
		return DONE;
	}
	if (!strcmp(text, "dynamic")) {
		*type = NAT64_MAP_TYPE_DYNAMIC;
		return DONE;
	}
	suggest(&like, "static");
	suggest(&like, "dynamic");
	if (like.best)
		return misused("'%s' is no type of maps; did you mean %s?", text, like.best);
	return misused("'%s' is no type of maps; expected static or dynamic", text);
}

int expect_word(const char *text, const char *word)
{
	if (!strcmp(text, word))
		return DONE;
	return misused("'%s' stands where '%s' is expected", text, word);
}

int judge(const char *wrong)
{
	return wrong ? refused("%s", wrong) : DONE;
}

int told(int error)
{
	return error ? refused("%s", kern_why()) : DONE;
}
