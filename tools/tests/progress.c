// SPDX-License-Identifier: GPL-2.0
/* Work of four seconds, by a clock of its own. */
#include <time.h>

#include "../progress.h"

static time_t seconds = 1000;

time_t time(time_t *now)
{
	return seconds;
}

int main(void)
{
	struct progress progress;
	size_t i;

	progress_start(&progress, 400);
	for (i = 1; i <= 4; i++) {
		seconds++;
		progress_step(&progress, i * 100);
	}
	progress_end(&progress);
	return 0;
}
