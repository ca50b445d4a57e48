// SPDX-License-Identifier: GPL-2.0
/* stats: the counters, by the table that the specification gives. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

/* Those of packets and bytes, which come first in the table. */
static bool is_traffic(const struct counter *counter)
{
	return strstr(counter->name, "-64-") || strstr(counter->name, "-46-");
}

static void print_values(size_t text, const struct sample *sample, const struct counter *counter)
{
	print_text(COUNTER, counter->name);
	print_number(VALUE, sample->values[counter->attr]);
	print_text(text, counter->text);
}

static void print_sample(const struct sample *sample)
{
	static const struct column columns[] = {
		{ "counter", false }, { "value", true }, { "text", false },
	};
	size_t i;

	print_start(columns, sizeof(columns) / sizeof(*columns));
	for (i = 0; i < n_counters; i++) {
		/* an older module counts less */
		if (!sample->present[counters[i].attr])
			continue;
		print_values(TEXT - 1, sample, &counters[i]);
		print_row();
	}
	print_end();
}

/*
 * With what came per second since the sample before, if there is one. A screen has no room for
 * counters that have not counted anything.
 */
static void print_rated(const struct sample *sample, const struct sample *before, bool on_screen)
{
	static const struct column columns[] = {
		{ "counter", false }, { "value", true }, { "rate", true }, { "text", false },
	};
	double seconds = before ? seconds_between(&before->at, &sample->at) : 0;
	size_t i;

	print_start(columns, sizeof(columns) / sizeof(*columns));
	for (i = 0; i < n_counters; i++) {
		int attr = counters[i].attr;

		if (!sample->present[attr] ||
		    (on_screen && !sample->values[attr] && !is_traffic(&counters[i])))
			continue;
		print_values(TEXT, sample, &counters[i]);
		if (before)
			print_number(RATE, (sample->values[attr] - before->values[attr]) / seconds +
						   0.5);
		print_row();
	}
	print_end();
}

/* Until it fails, or nobody reads it any more. */
static int watch(struct sample *now)
{
	static const struct timespec second = { .tv_sec = 1 };
	bool on_screen = !opt.json && isatty(STDOUT_FILENO), first = true;
	struct sample before;
	int status = DONE;

	while (!status) {
		if (on_screen)
			fputs("\033[H\033[J", stdout);
		print_rated(now, first ? NULL : &before, on_screen);
		if (fflush(stdout))
			break;
		first = false;
		before = *now;
		nanosleep(&second, NULL);
		status = take_sample(now);
	}
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
	print_sample(&now);
	return DONE;
}
