// SPDX-License-Identifier: GPL-2.0
/* set: the scalar settings, by the rows of settings.c. */
#include <string.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "route.h"

static const struct setting *named(const struct command *command)
{
	return setting_by_word(strchr(command->name, ' ') + 1);
}

int cmd_set(const struct command *command, int argc, char **argv)
{
	const struct setting *setting = named(command);
	struct settings set = settings_default;
	int status, i;

	if (setting->none && argc == 1 && !strcmp(argv[0], setting->none)) {
		set.given = 1U << setting->attr;
	} else {
		for (i = 0; i < argc; i++)
			if (!setting_parse(setting, argv[i], &set))
				return misused("%s: '%s' is not %s", setting->word, argv[i],
					       setting->expects);
	}
	status = judge(wrong_setting(&set, setting->attr));
	if (status)
		return status;
	status = told(kern_set(&set));
	if (!status && setting->attr == NAT64_A_CONFIG_PREFIX)
		routes_changed();
	return status;
}
