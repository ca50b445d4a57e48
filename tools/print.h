/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rows of values, printed as a table or as JSON: one call for both. A value that was left out is an
 * empty field of the table, and no member of the JSON object.
 */
#ifndef NAT64CTL_PRINT_H
#define NAT64CTL_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct column {
	const char *key;
	bool number;		/* printed flush right */
};

/* The table goes to stdout; with --json an array of objects does. */
void print_start(const struct column *columns, size_t n);
void print_text(size_t column, const char *text);
void print_number(size_t column, __u64 number);
void print_bool(size_t column, bool is_true);
void print_null(size_t column);
/* Red, where there is color, as "no" is: what was put last into the column wants attention. */
void print_alarm(size_t column);
void print_row(void);
void print_end(void);

/* A row by itself, at once: an object on a line of its own, or the values separated by blanks. */
void print_line_start(const struct column *columns, size_t n);
void print_line(void);

#endif
