// SPDX-License-Identifier: GPL-2.0
/*
 * save and restore: the leases as lines of "V4 V6 idle SECONDS". What is kept is how long a host
 * was idle, so a lease has as long to live after restore as it had at save.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"
#include "print.h"
#include "progress.h"

#define FIRST_LINE	"# nat64 leases 1"

struct lease {
	struct in_addr v4;
	struct in6_addr v6;
	__u32 idle;
	unsigned int line;
};

static void write_leases(FILE *to, const struct map *maps, size_t n)
{
	char v4[PREFIX_TEXT], v6[PREFIX_TEXT];
	size_t i;

	fputs(FIRST_LINE "\n", to);
	for (i = 0; i < n; i++)
		fprintf(to, "%s %s idle %u\n", format_prefix4(v4, &maps[i].v4),
			format_prefix6(v6, &maps[i].v6), maps[i].idle);
}

/* In full or not at all: a new file takes the place of the old one when it is on the disk. */
static int replace_file(const char *file, const struct map *maps, size_t n)
{
	char *temporary = xprintf("%s.XXXXXX", file);
	int fd = mkstemp(temporary);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	int status = DONE;

	if (!to) {
		status = refused("%s: %s", temporary, strerror(errno));
	} else {
		write_leases(to, maps, n);
		if (fflush(to) || fsync(fd) || fclose(to) || rename(temporary, file)) {
			status = refused("%s: %s", file, strerror(errno));
			unlink(temporary);
		}
	}
	free(temporary);
	return status;
}

static int write_through(const char *file, int create, const struct map *maps, size_t n)
{
	int fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC | create, 0600);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");

	if (!to)
		return refused("%s: %s", file, strerror(errno));
	write_leases(to, maps, n);
	if (ferror(to) || fclose(to))
		return refused("%s: %s", file, strerror(errno));
	return DONE;
}

/*
 * A pipe, a device and the like are written to and stay what they are, and so does a symbolic link:
 * what it leads to is replaced, or made.
 */
static int write_file(const char *file, const struct map *maps, size_t n)
{
	char *target = realpath(file, NULL);
	struct stat at;
	int status;

	if (target && !stat(target, &at) && !S_ISREG(at.st_mode))
		status = write_through(target, 0, maps, n);
	else if (!target && !lstat(file, &at))
		status = write_through(file, O_CREAT, maps, n);
	else
		status = replace_file(target ? target : file, maps, n);
	free(target);
	return status;
}

int cmd_save(const struct command *command, int argc, char **argv)
{
	struct map_filter only_leases = { .type = NAT64_MAP_TYPE_DYNAMIC };
	struct map *maps;
	size_t n;
	int status;

	status = told(kern_maps(&only_leases, &maps, &n));
	if (status)
		return status;
	if (!strcmp(argv[0], "-"))
		write_leases(stdout, maps, n);
	else
		status = write_file(argv[0], maps, n);
	if (!status && opt.verbose)
		note("%zu leases saved", n);
	free(maps);
	return status;
}

static bool parse_lease(const char *line, struct lease *lease)
{
	char v4[INET6_ADDRSTRLEN], v6[INET6_ADDRSTRLEN], idle[16];
	int end = 0;

	return sscanf(line, "%45s %45s idle %15s %n", v4, v6, idle, &end) == 3 && !line[end] &&
	       parse_addr4(v4, &lease->v4) && inet_pton(AF_INET6, v6, &lease->v6) == 1 &&
	       parse_u32(idle, &lease->idle);
}

/* The whole file before anything is done: a damaged one restores nothing. */
static int read_leases(const char *file, struct lease **leases, size_t *n)
{
	FILE *in = strcmp(file, "-") ? fopen(file, "re") : stdin;
	unsigned int number = 0;
	int status = DONE;
	char *line = NULL;
	size_t size = 0;

	*leases = NULL;
	*n = 0;
	if (!in)
		return refused("%s: %s", file, strerror(errno));
	while (!status && getline(&line, &size, in) >= 0) {
		number++;
		if (number == 1 && strcmp(line, FIRST_LINE "\n"))
			status = refused("%s:1: this is not a file of nat64ctl save", file);
		if (status || *line == '#' || *line == '\n')
			continue;
		if (!(*n & (*n - 1)))
			*leases = xrealloc(*leases, (*n ? *n * 2 : 1) * sizeof(**leases));
		(*leases)[*n].line = number;
		if (!parse_lease(line, &(*leases)[(*n)++]))
			status = refused("%s:%u: this is not 'V4 V6 idle SECONDS'", file, number);
	}
	if (!status && ferror(in))
		status = refused("%s: %s", file, strerror(errno));
	if (!status && !number)
		status = refused("%s is empty; it is not a file of nat64ctl save", file);
	free(line);
	if (in != stdin)
		fclose(in);
	return status;
}

struct restoring {
	const char *file;
	const struct lease *leases;
	struct progress progress;
	size_t skipped;
	bool denied;
};

static void restore_failed(int error, size_t tag, void *arg)
{
	struct restoring *restoring = arg;

	/* Not for want of what the lease needs: the others would fare no better. */
	if ((error == -EPERM || error == -ENOMEM) && !restoring->denied) {
		restoring->denied = true;
		note("%s", kern_why());
	}
	restoring->skipped++;
	if (opt.verbose && !restoring->denied)
		note("%s:%u: skipped: %s", restoring->file, restoring->leases[tag].line,
		     kern_why());
}

static void restore_progress(size_t done, void *arg)
{
	struct restoring *restoring = arg;

	progress_step(&restoring->progress, done);
}

static void print_restored(size_t restored, size_t skipped)
{
	static const struct column columns[] = { { "restored", true }, { "skipped", true } };

	if (!opt.json) {
		printf("%zu leases restored, %zu skipped\n", restored, skipped);
		return;
	}
	print_start(columns, 2);
	print_number(0, restored);
	print_number(1, skipped);
	print_row();
	print_end();
}

static int restore_all(const char *file, const struct lease *leases, size_t n)
{
	struct restoring restoring = { .file = file, .leases = leases };
	struct queue queue = { .failed = restore_failed,
			       .progress = restore_progress,
			       .arg = &restoring };
	int error, flushed;
	size_t i;

	error = kern_queue(&queue);
	if (error)
		return told(error);
	progress_start(&restoring.progress, n);
	for (i = 0; !error && !restoring.denied && i < n; i++) {
		queue.tag = i;
		error = kern_add_lease(leases[i].v4, &leases[i].v6, leases[i].idle);
	}
	flushed = kern_flush();
	progress_end(&restoring.progress);
	if (restoring.denied)
		return REFUSED;
	if (error || flushed)
		return told(error ? error : flushed);
	print_restored(n - restoring.skipped, restoring.skipped);
	return DONE;
}

int cmd_restore(const struct command *command, int argc, char **argv)
{
	struct lease *leases;
	size_t n;
	int status;

	progress_reading(argv[0]);
	status = read_leases(argv[0], &leases, &n);
	progress_reading(NULL);
	if (!status)
		status = restore_all(argv[0], leases, n);
	free(leases);
	return status;
}
