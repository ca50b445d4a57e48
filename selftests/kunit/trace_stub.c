// SPDX-License-Identifier: GPL-2.0
/* For those who have tracepoints but do not test them. */
#include "../../kernel/trace.c"
