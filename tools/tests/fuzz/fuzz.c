// SPDX-License-Identifier: GPL-2.0
/* What the fuzz targets share: a file in memory, and silence. */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

const char *fuzz_file(const uint8_t *data, size_t size)
{
	static char name[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		if (fd < 0)
			err(1, "memfd_create");
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		err(1, "%s", name);
	return name;
}

/* libFuzzer and the sanitizers have taken note of where to complain. */
void fuzz_quietly(void)
{
	static FILE *nowhere;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere)
		err(1, "/dev/null");
	stdout = nowhere;
	stderr = nowhere;
}
