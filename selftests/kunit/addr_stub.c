// SPDX-License-Identifier: GPL-2.0
/* For those who need addresses but do not test them. */
#include "../../kernel/addr.c"
