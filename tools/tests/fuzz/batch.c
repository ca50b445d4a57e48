// SPDX-License-Identifier: GPL-2.0
/*
 * The lines of a batch: options, the table of commands, operands. With --atomic, which leaves out
 * what would read and write files or go on for ever.
 */
#include "../../batch.h"
#include "../../nat64ctl.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_quietly();
	opt = (struct options){ .atomic = true };
	run_batch(fuzz_file(data, size));
	return 0;
}
