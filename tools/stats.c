// SPDX-License-Identifier: GPL-2.0
/* stats: the counters, by the table that the specification gives. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

struct sample {
	__u64 values[NAT64_A_COUNTER_MAX + 1];
	bool present[NAT64_A_COUNTER_MAX + 1];
	struct timespec at;
};

static int take_sample(struct sample *sample)
{
	clock_gettime(CLOCK_MONOTONIC, &sample->at);
	return told(kern_stats(sample->values, sample->present));
}

enum { COUNTER, VALUE, RATE, TEXT };

static double seconds_between(const struct timespec *from, const struct timespec *to)
{
	return to->tv_sec - from->tv_sec + (to->tv_nsec - from->tv_nsec) / 1e9;
}

/* With a sample before it, a second column is what came per second since. */
static void print_sample(const struct sample *sample, const struct sample *before)
{
	static const struct column plain[] = { { "counter", false },
					       { "value", true },
					       { "text", false } };
	static const struct column rated[] = {
		{ "counter", false }, { "value", true }, { "rate", true }, { "text", false },
	};
	double seconds = before ? seconds_between(&before->at, &sample->at) : 0;
	size_t i;

	if (before)
		print_start(rated, sizeof(rated) / sizeof(*rated));
	else
		print_start(plain, sizeof(plain) / sizeof(*plain));
	for (i = 0; i < n_counters; i++) {
		int attr = counters[i].attr;

		/* an older module counts less */
		if (!sample->present[attr])
			continue;
		print_text(COUNTER, counters[i].name);
		print_number(VALUE, sample->values[attr]);
		if (before)
			print_number(RATE,
				     (sample->values[attr] - before->values[attr]) / seconds +
					     0.5);
		print_text(before ? TEXT : TEXT - 1, counters[i].text);
		print_row();
	}
	print_end();
}

static int watch(struct sample *now)
{
	static const struct timespec second = { .tv_sec = 1 };
	struct sample before;
	int status;

	do {
		before = *now;
		nanosleep(&second, NULL);
		status = take_sample(now);
		if (status)
			break;
		if (!opt.json)
			fputs("\033[H\033[J", stdout);
		print_sample(now, &before);
	} while (!fflush(stdout));
	return status;
}

int cmd_stats(const struct command *command, int argc, char **argv)
{
	struct sample now;
	int status = take_sample(&now);

	if (status)
		return status;
	if (opt.given & OPT_WATCH)
		return watch(&now);
	print_sample(&now, NULL);
	return DONE;
}
