// SPDX-License-Identifier: GPL-2.0
/* A bar, once work takes more than a second; and that a large file is being read. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nat64ctl.h"
#include "progress.h"

/* Smaller files are read in less than a second. */
#define LARGE_FILE	(4 << 20)

void progress_start(struct progress *progress, size_t total)
{
	*progress = (struct progress){
		.total = total,
		.started = time(NULL),
		.shown = isatty(STDERR_FILENO),
	};
}

void progress_step(struct progress *progress, size_t done)
{
	int width = 40, full;

	if (!progress->shown || !progress->total || time(NULL) - progress->started < 2)
		return;
	if (done > progress->total)
		done = progress->total;
	full = (int)(width * done / progress->total);
	fprintf(stderr, "\r[%.*s%*s] %zu of %zu", full, "########################################",
		width - full, "", done, progress->total);
	progress->drawn = true;
}

void progress_end(struct progress *progress)
{
	if (progress->drawn)
		fputc('\n', stderr);
	progress->drawn = false;
}

void progress_reading(const char *file)
{
	static bool said;
	struct stat at;

	if (said)
		fputs("\r\033[K", stderr);
	said = file && isatty(STDERR_FILENO) && !stat(file, &at) && at.st_size > LARGE_FILE;
	if (!said)
		return;
	fputs("reading ", stderr);
	print_safely(stderr, file);
	fprintf(stderr, ", %lld MB ...", (long long)at.st_size >> 20);
	fflush(stderr);
}
