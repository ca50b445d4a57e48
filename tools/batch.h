/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NAT64CTL_BATCH_H
#define NAT64CTL_BATCH_H

/* Runs the commands of a file, one a line, up to the first that fails; returns its exit status. */
int run_batch(const char *file);

#endif
