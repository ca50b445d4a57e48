// SPDX-License-Identifier: GPL-2.0
/*
 * The tracepoints of trace.h.
 */
#include <linux/module.h>

#include "names-gen.h"

#define CREATE_TRACE_POINTS
#include "trace.h"
