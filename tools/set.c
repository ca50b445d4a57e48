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

/* A number that is too large for any field is wrong, not malformed. */
static bool is_number(const struct setting *setting, const char *text)
{
	return (setting->type == SETTING_NUMBER || setting->type == SETTING_BYTE) && *text &&
	       !text[strspn(text, "0123456789")];
}

static int take_operand(const struct setting *setting, const char *text, struct settings *set)
{
	const char *wrong = NULL;

	if (setting->type == SETTING_LISTEN)
		wrong = wrong_listen(set, text);
	if (wrong)
		return refused("%s: %s", setting->word, wrong);
	if (setting_parse(setting, text, set))
		return DONE;
	if (is_number(setting, text))
		return refused("%s: %s is not %s", setting->word, text, setting->expects);
	return misused("%s: '%s' is not %s", setting->word, text, setting->expects);
}

int cmd_set(const struct command *command, int argc, char **argv)
{
	const struct setting *setting = named(command);
	struct settings set = settings_default;
	int status = DONE, i;

	if (setting->none && argc == 1 && !strcmp(argv[0], setting->none))
		set.given = 1U << setting->attr;
	else
		for (i = 0; !status && i < argc; i++)
			status = take_operand(setting, argv[i], &set);
	if (!status)
		status = judge(wrong_setting(&set, setting->attr));
	if (!status)
		status = told(kern_set(&set));
	if (!status && setting->attr == NAT64_A_CONFIG_PREFIX)
		routes_changed();
	return status;
}
