// SPDX-License-Identifier: GPL-2.0
/*
 * One print call for the table and for the JSON of it. The widths of a table's columns are those of
 * its first rows, which are held back for that; a list of a million is not held as a whole.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <json.h>

#include "nat64ctl.h"
#include "print.h"

#define HELD_ROWS	1000
#define MAX_COLUMNS	16
#define CELL_SIZE	320

#define HEADING		"\033[1m"
#define ALARM		"\033[1;31m"
#define PLAIN		"\033[0m"

struct value {
	enum { ABSENT, TEXT, NUMBER, BOOL, EMPTY } type;
	bool alarming;
	__u64 number;
	char text[CELL_SIZE];	/* as the table shows it */
};

static const struct column *columns;
static size_t n_columns;
static struct value values[MAX_COLUMNS];
static bool colored;

/* As it is printed, without its padding. */
struct cell {
	char *text;
	bool alarming;
};

static struct cell held[HELD_ROWS][MAX_COLUMNS];
static size_t n_held;
static size_t rows;
static bool streaming;
static int widths[MAX_COLUMNS];

void print_text(size_t column, const char *text)
{
	values[column].type = TEXT;
	snprintf(values[column].text, CELL_SIZE, "%s", text);
}

void print_number(size_t column, __u64 number)
{
	values[column].type = NUMBER;
	values[column].number = number;
	snprintf(values[column].text, CELL_SIZE, "%llu", number);
}

void print_bool(size_t column, bool is_true)
{
	values[column].type = BOOL;
	values[column].number = is_true;
	values[column].alarming = !is_true;
	snprintf(values[column].text, CELL_SIZE, "%s", is_true ? "yes" : "no");
}

void print_alarm(size_t column)
{
	values[column].alarming = true;
}

void print_null(size_t column)
{
	values[column].type = EMPTY;
	values[column].text[0] = '\0';
}

static struct json_object *json_of(const struct value *value)
{
	switch (value->type) {
	case TEXT:
		return json_object_new_string(value->text);
	case NUMBER:
		return json_object_new_uint64(value->number);
	case BOOL:
		return json_object_new_boolean(value->number);
	default:
		return NULL;
	}
}

static void print_object(void)
{
	const int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; i < n_columns; i++)
		if (values[i].type != ABSENT)
			json_object_object_add(object, columns[i].key, json_of(&values[i]));
	fputs(json_object_to_json_string_ext(object, flags), stdout);
	json_object_put(object);
}

static void forget_values(void)
{
	size_t i;

	for (i = 0; i < n_columns; i++) {
		values[i].type = ABSENT;
		values[i].alarming = false;
		values[i].text[0] = '\0';
	}
}

static void print_cell(const struct cell *cell, const char *color, int before, int after)
{
	printf("%*s%s%s%s%*s", before, "", color, cell->text, *color ? PLAIN : "", after, "");
}

/* Cells one blank apart, and no blanks at the end of the line. */
static void print_cells(const struct cell *cells, bool heads)
{
	size_t last = n_columns, i;

	while (last && !*cells[last - 1].text)
		last--;
	for (i = 0; i < last; i++) {
		int padding = widths[i] - (int)strlen(cells[i].text);
		const char *color = "";

		if (padding < 0)
			padding = 0;
		if (colored && heads)
			color = HEADING;
		else if (colored && cells[i].alarming)
			color = ALARM;
		print_cell(&cells[i], color, columns[i].number ? padding : 0,
			   columns[i].number || i + 1 == last ? 0 : padding);
		putchar(i + 1 < last ? ' ' : '\n');
	}
}

static void print_heads(void)
{
	struct cell cells[MAX_COLUMNS];
	char names[MAX_COLUMNS][32];
	size_t i, j;

	for (i = 0; i < n_columns; i++) {
		for (j = 0; columns[i].key[j]; j++)
			names[i][j] = toupper((unsigned char)columns[i].key[j]);
		names[i][j] = '\0';
		cells[i].text = names[i];
	}
	print_cells(cells, true);
}

/* The first rows are complete, or there are no more: now the widths are known. */
static void stop_holding(void)
{
	size_t row, i;

	if (streaming)
		return;
	streaming = true;
	print_heads();
	for (row = 0; row < n_held; row++) {
		print_cells(held[row], false);
		for (i = 0; i < n_columns; i++)
			free(held[row][i].text);
	}
}

static void hold_row(void)
{
	size_t i;

	for (i = 0; i < n_columns; i++) {
		int width = strlen(values[i].text);

		if (width > widths[i])
			widths[i] = width;
		held[n_held][i].text = xprintf("%s", values[i].text);
		held[n_held][i].alarming = values[i].alarming;
	}
	n_held++;
}

static void print_row_of_table(void)
{
	struct cell cells[MAX_COLUMNS];
	size_t i;

	if (n_held < HELD_ROWS) {
		hold_row();
		return;
	}
	stop_holding();
	for (i = 0; i < n_columns; i++) {
		cells[i].text = values[i].text;
		cells[i].alarming = values[i].alarming;
	}
	print_cells(cells, false);
}

/* NO_COLOR is https://no-color.org */
static bool wants_color(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (opt.color != COLOR_AUTO)
		return opt.color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

void print_start(const struct column *heads, size_t n)
{
	size_t i;

	colored = wants_color();

	columns = heads;
	n_columns = n;
	n_held = 0;
	rows = 0;
	streaming = false;
	forget_values();
	for (i = 0; i < n; i++)
		widths[i] = strlen(heads[i].key);
	if (opt.json)
		putchar('[');
}

void print_row(void)
{
	if (opt.json) {
		fputs(rows ? ",\n" : "\n", stdout);
		print_object();
	} else {
		print_row_of_table();
	}
	rows++;
	forget_values();
}

void print_end(void)
{
	if (opt.json)
		puts(rows ? "\n]" : "]");
	else
		stop_holding();
}

void print_line_start(const struct column *heads, size_t n)
{
	columns = heads;
	n_columns = n;
	forget_values();
}

void print_line(void)
{
	bool first = true;
	size_t i;

	if (opt.json) {
		print_object();
	} else {
		for (i = 0; i < n_columns; i++) {
			if (values[i].type == ABSENT)
				continue;
			printf("%s%s", first ? "" : " ", values[i].text);
			first = false;
		}
	}
	putchar('\n');
	fflush(stdout);
	forget_values();
}
