// SPDX-License-Identifier: GPL-2.0
/* monitor: a line or a JSON object for each event, flushed at once. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"

enum { TIME, EVENT, V4, V6, REASON };

static const struct column text_columns[] = {
	{ "time", false }, { "event", false },	{ "v4", false },
	{ "v6", false },   { "reason", false },
};

/* UTC with nanoseconds, as RFC 3339 writes it */
static void format_time(char buf[48], __u64 ns)
{
	time_t seconds = ns / 1000000000;
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(buf, 48, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, 48 - n, ".%09uZ", (unsigned int)(ns % 1000000000));
}

static const char *reason_name(int attr)
{
	size_t i;

	for (i = 0; i < n_counters; i++)
		if (counters[i].attr == attr)
			return counters[i].name;
	return "unknown";
}

static void print_event(const struct event *event, void *arg)
{
	static const char *const names[] = {
		[NAT64_EVENT_TYPE_LEASE] = "lease", [NAT64_EVENT_TYPE_REFUSE] = "refuse",
		[NAT64_EVENT_TYPE_EXPIRE] = "expire", [NAT64_EVENT_TYPE_DELETE] = "delete",
	};
	char buf[PREFIX_TEXT], when[48];

	format_time(when, event->time);
	print_text(TIME, when);
	print_text(EVENT,
		   event->type < sizeof(names) / sizeof(*names) ? names[event->type] : "unknown");
	if (event->has_v4)
		print_text(V4, inet_ntop(AF_INET, &event->v4, buf, sizeof(buf)));
	else if (opt.json)
		print_null(V4);
	else
		print_text(V4, "-");
	print_text(V6, inet_ntop(AF_INET6, &event->v6, buf, sizeof(buf)));
	if (event->reason)
		print_text(REASON, reason_name(event->reason));
	print_line();
}

static void listening(void *arg)
{
	if (opt.verbose)
		note("listening");
}

/* The kernel does not count what it could not deliver; the counters of stats go on counting. */
static void say_missed(void *arg)
{
	note("events came faster than they were read, and some were missed");
}

int cmd_monitor(const struct command *command, int argc, char **argv)
{
	print_line_start(text_columns, sizeof(text_columns) / sizeof(*text_columns));
	return told(kern_events(listening, print_event, say_missed, NULL));
}
