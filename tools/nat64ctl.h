/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the verbs share: the command table, the options, and the words for success, refusal and
 * misuse.
 */
#ifndef NAT64CTL_H
#define NAT64CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "config.h"

/* Exit status. */
enum {
	DONE,		/* it is so now */
	REFUSED,	/* by the file check or the kernel */
	MISUSED,	/* the command line makes no sense */
};

/* Options that only some commands take. */
enum {
	OPT_FORCE	= 1 << 0,
	OPT_LISTEN	= 1 << 1,
	OPT_REPLACE	= 1 << 2,
	OPT_WATCH	= 1 << 3,
	OPT_PROXY_ARP	= 1 << 4,

	/* What a transaction cannot hold: leases, files, what lasts. */
	NOT_STAGED	= 1 << 16,
	/* The same, but for the operand static. */
	STATIC_STAGED	= 1 << 17,
};

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	bool verbose;
	bool json;
	bool atomic;
	enum color color;
	const char *netns;
	const char *batch;
	unsigned int given;	/* OPT_* */
	char *listen;		/* separated by blanks */
};

extern struct options opt;

/*
 * A row of the table. The operands are written as the manual writes them; their number is checked
 * by it.
 */
struct command {
	const char *name;
	const char *operands;
	int (*run)(const struct command *command, int argc, char **argv);
	unsigned int options;
	const char *help;
};

extern const struct command commands[];
extern const size_t n_commands;

/* The closest of the words, if any is close. */
struct suggestion {
	const char *wrong;
	const char *best;
	unsigned int distance;
};

void suggest(struct suggestion *suggestion, const char *word);

/* main.c: one line of a batch, as its words; whether it can be part of a transaction */
int run_command(int argc, char **argv);
int check_command(int argc, char **argv);
int refused(const char *format, ...) __printf(1, 2);
int misused(const char *format, ...) __printf(1, 2);
void note(const char *format, ...) __printf(1, 2);
/* What was done, on stdout; on stderr where stdout is for JSON alone. */
void tell(const char *format, ...) __printf(1, 2);
/* Prefix of every message, for the line of a batch; NULL for none. */
extern const char *where;

/* icmp.c: NAT64_DIRECTION_*, as lists and metrics have it */
const char *icmp_direction(unsigned int direction);

/* util.c */
void *must(void *p); /* p, unless it is NULL for want of memory */
void *xrealloc(void *old, size_t size);
void *xcalloc(size_t n, size_t size);
char *xprintf(const char *format, ...) __printf(1, 2);
/* How many bytes the character that text begins with has; 0: it is not UTF-8. */
size_t utf8_length(const char *text);
/* With what would control a terminal, and what is not UTF-8, as \xNN. */
void print_safely(FILE *to, const char *text);

/* One function for each verb, in the file of its name. */
int cmd_set(const struct command *command, int argc, char **argv);
int cmd_add_pool(const struct command *command, int argc, char **argv);
int cmd_del_pool(const struct command *command, int argc, char **argv);
int cmd_list_pools(const struct command *command, int argc, char **argv);
int cmd_add_map(const struct command *command, int argc, char **argv);
int cmd_del_map(const struct command *command, int argc, char **argv);
int cmd_list_maps(const struct command *command, int argc, char **argv);
int cmd_flush_maps(const struct command *command, int argc, char **argv);
int cmd_add_nat44(const struct command *command, int argc, char **argv);
int cmd_del_nat44(const struct command *command, int argc, char **argv);
int cmd_list_nat44(const struct command *command, int argc, char **argv);
int cmd_flush_nat44(const struct command *command, int argc, char **argv);
int cmd_add_exclude(const struct command *command, int argc, char **argv);
int cmd_del_exclude(const struct command *command, int argc, char **argv);
int cmd_list_excludes(const struct command *command, int argc, char **argv);
int cmd_flush_excludes(const struct command *command, int argc, char **argv);
int cmd_add_allow(const struct command *command, int argc, char **argv);
int cmd_del_allow(const struct command *command, int argc, char **argv);
int cmd_list_allow(const struct command *command, int argc, char **argv);
int cmd_load(const struct command *command, int argc, char **argv);
int cmd_check(const struct command *command, int argc, char **argv);
int cmd_show(const struct command *command, int argc, char **argv);
int cmd_stats(const struct command *command, int argc, char **argv);
int cmd_list_icmp(const struct command *command, int argc, char **argv);
int cmd_explain(const struct command *command, int argc, char **argv);
int cmd_doctor(const struct command *command, int argc, char **argv);
int cmd_monitor(const struct command *command, int argc, char **argv);
int cmd_save(const struct command *command, int argc, char **argv);
int cmd_restore(const struct command *command, int argc, char **argv);
int cmd_exporter(const struct command *command, int argc, char **argv);
int cmd_reset(const struct command *command, int argc, char **argv);

#endif
