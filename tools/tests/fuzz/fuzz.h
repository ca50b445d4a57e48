/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzz targets share. */
#ifndef NAT64CTL_FUZZ_H
#define NAT64CTL_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer calls it with text that nobody would write. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file with this content, by name; it is the same file each time. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* From now on nothing is printed. */
void fuzz_quietly(void);

#endif
