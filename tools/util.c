// SPDX-License-Identifier: GPL-2.0
/* Allocation that does not fail, text for a terminal, the search for the word that was meant. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nat64ctl.h"

void *must(void *p)
{
	if (p)
		return p;
	fputs("nat64ctl: out of memory\n", stderr);
	exit(REFUSED);
}

void *xrealloc(void *old, size_t size)
{
	return must(realloc(old, size));
}

void *xcalloc(size_t n, size_t size)
{
	return must(calloc(n ? n : 1, size));
}

char *xprintf(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return must(text);
}

size_t utf8_length(const char *text)
{
	static const struct {
		unsigned char mask, lead;
		unsigned int least;
	} forms[] = {
		{ 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	unsigned char lead = *text;
	unsigned int code;
	size_t n, i;

	for (n = 0; n < 4 && (lead & forms[n].mask) != forms[n].lead; n++)
		;
	if (n == 4)
		return 0;
	code = lead & ~forms[n].mask;
	for (i = 1; i <= n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < forms[n].least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return n + 1;
}

void print_safely(FILE *to, const char *text)
{
	size_t n;

	for (; *text; text += n) {
		const unsigned char *c = (const unsigned char *)text;
		bool control = *c < ' ' || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0);

		n = utf8_length(text);
		if (n && !control) {
			fwrite(text, 1, n, to);
			continue;
		}
		n = 1;
		fprintf(to, "\\x%02x", *c);
	}
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * Insertions, deletions, replacements and swaps of neighbours between two words; case counts as
 * little.
 */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[3][33], *above = rows[0], *last = rows[1], *row = rows[2], *spare;
	size_t n = strlen(a), m = strlen(b), i, j;

	if (!strcasecmp(a, b))
		return 0;
	if (n > 32 || m > 32)
		return 32;
	for (j = 0; j <= m; j++)
		last[j] = j;
	for (i = 1; i <= n; i++) {
		row[0] = i;
		for (j = 1; j <= m; j++) {
			row[j] = least(last[j - 1] + (a[i - 1] != b[j - 1]),
				       1 + least(last[j], row[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], above[j - 2] + 1);
		}
		spare = above;
		above = last;
		last = row;
		row = spare;
	}
	return last[m];
}

/* One is how the other begins: delete for del, drop-pool for drop-pool-full. */
static bool begins(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), shorter = n < m ? n : m;

	return shorter >= 3 && !strncasecmp(a, b, shorter);
}

void suggest(struct suggestion *suggestion, const char *word)
{
	unsigned int d = begins(suggestion->wrong, word) ? 1 : distance(suggestion->wrong, word),
		     limit = strlen(suggestion->wrong) / 3 + 1;

	if (d > limit || d >= strlen(word))
		return;
	if (suggestion->best && d >= suggestion->distance)
		return;
	suggestion->best = word;
	suggestion->distance = d;
}
