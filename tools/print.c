// SPDX-License-Identifier: GPL-2.0
/* One print call for the table and for the JSON of it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json.h>
#include <libsmartcols.h>

#include "nat64ctl.h"
#include "print.h"

/*
 * Lines that a table holds before it prints them; a list of a million must not be held as text as a
 * whole.
 */
#define CHUNK	4096

#define MAX_COLUMNS	16

static const struct column *columns;
static size_t n_columns;
static struct json_object *values[MAX_COLUMNS];
static bool is_null[MAX_COLUMNS];
static struct libscols_table *table;
static size_t widths[MAX_COLUMNS];
static size_t rows;
static bool heads_printed;

static void put(size_t column, struct json_object *value)
{
	json_object_put(values[column]);
	values[column] = value;
}

void print_text(size_t column, const char *text)
{
	put(column, json_object_new_string(text));
}

void print_number(size_t column, __u64 number)
{
	put(column, json_object_new_uint64(number));
}

void print_bool(size_t column, bool is_true)
{
	put(column, json_object_new_boolean(is_true));
}

void print_null(size_t column)
{
	is_null[column] = true;
}

static const char *cell(size_t column)
{
	struct json_object *value = values[column];

	if (!value)
		return "";
	if (json_object_get_type(value) == json_type_boolean)
		return json_object_get_boolean(value) ? "yes" : "no";
	return json_object_get_string(value);
}

static void print_object(void)
{
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; i < n_columns; i++)
		if (values[i] || is_null[i])
			json_object_object_add(object, columns[i].key, json_object_get(values[i]));
	fputs(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
							     JSON_C_TO_STRING_NOSLASHESCAPE),
	      stdout);
	json_object_put(object);
}

static void forget_values(void)
{
	size_t i;

	for (i = 0; i < n_columns; i++)
		put(i, NULL);
	memset(is_null, 0, sizeof(is_null));
}

static void head(size_t column, char buf[32])
{
	size_t i;

	snprintf(buf, 32, "%s", columns[column].key);
	for (i = 0; buf[i]; i++)
		buf[i] = toupper((unsigned char)buf[i]);
}

/* Later parts of a long table keep the widths of the first. */
static void start_table(void)
{
	char name[32];
	size_t i;

	table = scols_new_table();
	for (i = 0; i < n_columns; i++) {
		head(i, name);
		scols_table_new_column(table, name, widths[i] ? widths[i] : strlen(name),
				       (columns[i].number ? SCOLS_FL_RIGHT : 0) |
					       (widths[i] ? SCOLS_FL_STRICTWIDTH : 0));
	}
	scols_table_enable_noheadings(table, heads_printed);
}

static void end_table(void)
{
	char name[32];
	size_t i;

	if (scols_table_get_nlines(table)) {
		scols_print_table(table);
	} else if (!heads_printed) {
		for (i = 0; i < n_columns; i++) {
			head(i, name);
			printf("%s%s", i ? " " : "", name);
		}
		putchar('\n');
	}
	heads_printed = true;
	scols_unref_table(table);
	table = NULL;
}

static void add_line(void)
{
	struct libscols_line *line;
	const char *text;
	size_t i, width;

	if (rows && !(rows % CHUNK)) {
		end_table();
		start_table();
	}
	line = scols_table_new_line(table, NULL);
	for (i = 0; i < n_columns; i++) {
		text = cell(i);
		width = strlen(text);
		if (width > widths[i])
			widths[i] = width;
		scols_line_set_data(line, i, text);
	}
}

void print_start(const struct column *heads, size_t n)
{
	size_t i;

	columns = heads;
	n_columns = n;
	rows = 0;
	heads_printed = false;
	if (opt.json) {
		putchar('[');
		return;
	}
	memset(widths, 0, sizeof(widths));
	start_table();
	for (i = 0; i < n; i++)
		widths[i] = strlen(heads[i].key);
}

void print_row(void)
{
	if (opt.json) {
		fputs(rows ? ",\n" : "\n", stdout);
		print_object();
	} else {
		add_line();
	}
	rows++;
	forget_values();
}

void print_end(void)
{
	if (opt.json)
		puts(rows ? "\n]" : "]");
	else
		end_table();
	columns = NULL;
}

void print_line_start(const struct column *heads, size_t n)
{
	columns = heads;
	n_columns = n;
}

void print_line(void)
{
	bool first = true;
	size_t i;

	if (opt.json) {
		print_object();
	} else {
		for (i = 0; i < n_columns; i++) {
			if (!values[i])
				continue;
			printf("%s%s", first ? "" : " ", cell(i));
			first = false;
		}
	}
	putchar('\n');
	fflush(stdout);
	forget_values();
}
