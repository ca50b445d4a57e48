// SPDX-License-Identifier: GPL-2.0
/* The file of save and restore. */
#include "../../nat64ctl.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *file = (char *)fuzz_file(data, size);

	fuzz_quietly();
	cmd_restore(NULL, 1, &file);
	return 0;
}
