/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operands of the command line, and what a command makes of the kernel's answer: exit statuses all.
 */
#ifndef NAT64CTL_ARGS_H
#define NAT64CTL_ARGS_H

#include "addr.h"

int take_prefix4(const char *text, struct prefix4 *prefix);
int take_prefix6(const char *text, struct prefix6 *prefix);
int take_map_type(const char *text, int *type);
int expect_word(const char *text, const char *word);

/* An address or prefix of either family. */
struct either {
	bool is_v6;
	struct prefix4 v4;
	struct prefix6 v6;
};

int take_either(const char *text, struct either *either);

/* What one of the wrong_...() functions said. */
int judge(const char *wrong);

/* What the kernel answered. */
int told(int error);

#endif
