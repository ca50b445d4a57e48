/* SPDX-License-Identifier: GPL-2.0 */
/* How far long work has come, on stderr where that is a terminal; else nothing. */
#ifndef NAT64CTL_PROGRESS_H
#define NAT64CTL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
	size_t total;
	time_t started;
	bool shown;
	bool drawn;
};

void progress_start(struct progress *progress, size_t total);
void progress_step(struct progress *progress, size_t done);
void progress_end(struct progress *progress);

/* While a file is read, of which it is not known how far that has come; NULL: it is read. */
void progress_reading(const char *file);

#endif
