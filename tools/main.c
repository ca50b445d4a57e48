// SPDX-License-Identifier: GPL-2.0
/* nat64ctl: options, help, and which row of the table is meant. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arp.h"
#include "batch.h"
#include "nat64ctl.h"
#include "route.h"

struct options opt;
const char *where;

static void say(const char *format, va_list args)
{
	char *text = NULL;

	fputs("nat64ctl: ", stderr);
	if (where) {
		print_safely(stderr, where);
		fputs(": ", stderr);
	}
	if (vasprintf(&text, format, args) >= 0)
		print_safely(stderr, text);
	free(text);
	fputc('\n', stderr);
}

void note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

int refused(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return REFUSED;
}

int misused(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return MISUSED;
}

void tell(const char *format, ...)
{
	FILE *to = opt.json ? stderr : stdout;
	va_list args;

	va_start(args, format);
	vfprintf(to, format, args);
	va_end(args);
	fputc('\n', to);
}

/*
 * Options, before or after the command
 */

enum {
	LONG_ATOMIC = 256,
	LONG_COLOR,
	LONG_FORCE,
	LONG_LISTEN,
	LONG_PROXY_ARP,
	LONG_REPLACE,
	LONG_WATCH,
};

static const struct option long_options[] = {
	{ "help",	no_argument,		NULL, 'h' },
	{ "version",	no_argument,		NULL, 'V' },
	{ "verbose",	no_argument,		NULL, 'v' },
	{ "json",	no_argument,		NULL, 'j' },
	{ "netns",	required_argument,	NULL, 'n' },
	{ "batch",	required_argument,	NULL, 'b' },
	{ "atomic",	no_argument,		NULL, LONG_ATOMIC },
	{ "color",	required_argument,	NULL, LONG_COLOR },
	{ "force",	no_argument,		NULL, LONG_FORCE },
	{ "listen",	required_argument,	NULL, LONG_LISTEN },
	{ "proxy-arp",	no_argument,		NULL, LONG_PROXY_ARP },
	{ "replace",	no_argument,		NULL, LONG_REPLACE },
	{ "watch",	no_argument,		NULL, LONG_WATCH },
	{ NULL }
};

static const struct {
	unsigned int only;	/* OPT_*: with some commands */
	const char *text, *help;
} option_help[] = {
	{ 0, "-h, --help", "this, or the help of one command" },
	{ 0, "-V, --version", "the version" },
	{ 0, "-v, --verbose", "say more" },
	{ 0, "-j, --json", "print JSON" },
	{ 0, "-n, --netns NAME", "act in this network namespace" },
	{ 0, "-b, --batch FILE", "run the commands of a file, one a line, - being stdin" },
	{ 0, "--atomic", "with --batch: all of them or none" },
	{ 0, "--color WHEN", "auto, always or never: color headings and what wants attention" },
	{ OPT_FORCE, "--force", "with del pool: end the leases that live in it" },
	{ OPT_LISTEN, "--listen ADDR:PORT",
	  "with exporter: listen here; may be given more than once" },
	{ OPT_PROXY_ARP, "--proxy-arp", "with add nat44: answer ARP for the external address" },
	{ OPT_REPLACE, "--replace", "with add map: take the place of a map with either address" },
	{ OPT_WATCH, "--watch", "with stats: again every second, with rates" },
};

static void add_listen(const char *addr)
{
	char *old = opt.listen;

	opt.listen = xprintf("%s%s%s", old ? old : "", old ? " " : "", addr);
	free(old);
}

/* What getopt would say by itself, but for the line of a batch. word is what it stopped at. */
static int misused_option(bool no_argument_given, const char *word)
{
	struct suggestion like = { word + 2, NULL, 0 };
	const struct option *option;
	unsigned int fit = 0;

	for (option = long_options; option->name; option++) {
		if (optopt && option->val == optopt)
			return misused("option '--%s' %s", option->name,
				       no_argument_given ? "requires an argument" :
							   "takes no argument");
		if (!optopt) {
			fit += !strncmp(option->name, word + 2, strlen(word + 2));
			suggest(&like, option->name);
		}
	}
	if (optopt)
		return misused("unrecognized option '-%c'", optopt);
	if (fit > 1)
		return misused("option '%s' is ambiguous", word);
	if (like.best)
		return misused("unrecognized option '%s'; did you mean --%s?", word, like.best);
	return misused("unrecognized option '%s'", word);
}

static int take_color(const char *when)
{
	static const char *const words[] = {
		[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(when, words[i]))
			continue;
		opt.color = i;
		return DONE;
	}
	return misused("--color: '%s' is not auto, always or never", when);
}

/* The rest of argv are the words of the command. */
static int parse_options(int argc, char **argv, bool *help, bool *version)
{
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":hVvjn:b:", long_options, NULL)) != -1) {
		switch (c) {
		case 'h':
			*help = true;
			break;
		case 'V':
			*version = true;
			break;
		case 'v':
			opt.verbose = true;
			break;
		case 'j':
			opt.json = true;
			break;
		case 'n':
			opt.netns = optarg;
			break;
		case 'b':
			opt.batch = optarg;
			break;
		case LONG_ATOMIC:
			opt.atomic = true;
			break;
		case LONG_COLOR:
			if (take_color(optarg))
				return MISUSED;
			break;
		case LONG_FORCE:
			opt.given |= OPT_FORCE;
			break;
		case LONG_LISTEN:
			opt.given |= OPT_LISTEN;
			add_listen(optarg);
			break;
		case LONG_PROXY_ARP:
			opt.given |= OPT_PROXY_ARP;
			break;
		case LONG_REPLACE:
			opt.given |= OPT_REPLACE;
			break;
		case LONG_WATCH:
			opt.given |= OPT_WATCH;
			break;
		default:
			return misused_option(c == ':', argv[optind - 1]);
		}
	}
	return DONE;
}

static const char *option_name(unsigned int option)
{
	switch (option) {
	case OPT_FORCE:
		return "--force";
	case OPT_LISTEN:
		return "--listen";
	case OPT_PROXY_ARP:
		return "--proxy-arp";
	case OPT_REPLACE:
		return "--replace";
	default:
		return "--watch";
	}
}

/*
 * Help
 */

static void print_command(FILE *to, const struct command *command)
{
	fprintf(to, "  %-44s %s\n",
		xprintf("%s%s%s", command->name, *command->operands ? " " : "", command->operands),
		command->help);
}

static void help_all(FILE *to)
{
	size_t i;

	fputs("Usage: nat64ctl [OPTION]... COMMAND ...\n\nCommands:\n", to);
	for (i = 0; i < n_commands; i++)
		print_command(to, &commands[i]);
	fputs("\nOptions, before or after the command:\n", to);
	for (i = 0; i < sizeof(option_help) / sizeof(*option_help); i++)
		fprintf(to, "  %-44s %s\n", option_help[i].text, option_help[i].help);
	fputs("\nExit status: 0 done, 1 refused, 2 the command line makes no sense.\n", to);
	fputs("Manuals: nat64ctl(8), nat64.toml(5), nat64(4)\n", to);
}

/*
 * Which command is meant
 */

/* How many words the name of a command has if argv begins with it, else 0. */
static int match(const struct command *command, int argc, char **argv)
{
	const char *space = strchr(command->name, ' ');
	size_t n = space ? (size_t)(space - command->name) : strlen(command->name);

	if (argc < 1 || strlen(argv[0]) != n || memcmp(argv[0], command->name, n))
		return 0;
	if (!space)
		return 1;
	return argc > 1 && !strcmp(argv[1], space + 1) ? 2 : 0;
}

static bool is_verb(const struct command *command, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(command->name, word, n) && command->name[n] == ' ';
}

/* The objects of a verb, as "pool, map or nat44". */
static char *objects_of(const char *verb)
{
	size_t i, n = 0, seen = 0;
	char *text = xprintf("%s", ""), *old;

	for (i = 0; i < n_commands; i++)
		n += is_verb(&commands[i], verb);
	for (i = 0; i < n_commands; i++) {
		if (!is_verb(&commands[i], verb))
			continue;
		old = text;
		seen++;
		text = xprintf("%s%s%s", old, seen == 1 ? "" : seen == n ? " or " : ", ",
			       commands[i].name + strlen(verb) + 1);
		free(old);
	}
	return text;
}

static int no_such_command(int argc, char **argv)
{
	struct suggestion like = { argv[0], NULL, 0 };
	bool verb = false;
	size_t i;

	for (i = 0; i < n_commands; i++)
		verb |= is_verb(&commands[i], argv[0]);
	if (verb && argc < 2)
		return misused("%s what? One of %s", argv[0], objects_of(argv[0]));
	if (verb) {
		like.wrong = argv[1];
		for (i = 0; i < n_commands; i++)
			if (is_verb(&commands[i], argv[0]))
				suggest(&like, commands[i].name + strlen(argv[0]) + 1);
		if (like.best)
			return misused("unknown: %s %s; did you mean %s %s?", argv[0], argv[1],
				       argv[0], like.best);
		return misused("unknown: %s %s; one of %s is expected", argv[0], argv[1],
			       objects_of(argv[0]));
	}
	for (i = 0; i < n_commands; i++) {
		char *first = xprintf("%s", commands[i].name);

		suggest(&like, strtok(first, " "));
	}
	if (like.best)
		return misused("unknown command: %s; did you mean %s?", argv[0], like.best);
	return misused("unknown command: %s; nat64ctl --help lists them", argv[0]);
}

/*
 * The number of operands that the text of a row allows: words in brackets may be missing, "..."
 * repeats.
 */
static bool operands_fit(const char *operands, int argc)
{
	int min = 0, max = 0;
	char *text = xprintf("%s", operands), *word, *save;

	for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		max++;
		min += *word != '[';
	}
	if (strstr(operands, "..."))
		max = argc;
	free(text);
	return argc >= min && argc <= max;
}

static void help_one(const struct command *command)
{
	size_t i;

	print_command(stdout, command);
	for (i = 0; i < sizeof(option_help) / sizeof(*option_help); i++)
		if (option_help[i].only & command->options)
			printf("  %-44s %s\n", option_help[i].text, option_help[i].help);
}

/* Of one command, of all those of a verb, or of everything. */
static int help_about(const struct command *command, int argc, char **argv)
{
	bool any = false;
	size_t i;

	if (!argc) {
		help_all(stdout);
		return DONE;
	}
	if (command) {
		help_one(command);
		return DONE;
	}
	for (i = 0; argc == 1 && i < n_commands; i++) {
		if (!is_verb(&commands[i], argv[0]))
			continue;
		print_command(stdout, &commands[i]);
		any = true;
	}
	return any ? DONE : no_such_command(argc, argv);
}

/* The words after those that are the name of the command. */
struct call {
	const struct command *command;
	bool help;
	int argc;
	char **argv;
};

/* Whatever can be wrong with words by themselves is refused here. */
static int understand(int argc, char **argv, bool help, struct call *call)
{
	unsigned int wrong;
	int words = 0;
	size_t i;

	if (argc && !strcmp(argv[0], "help")) {
		help = true;
		argc--;
		argv++;
	}
	*call = (struct call){ .help = help, .argc = argc, .argv = argv };
	for (i = 0; i < n_commands && !words; i++) {
		words = match(&commands[i], argc, argv);
		if (words)
			call->command = &commands[i];
	}
	if (help)
		return DONE;
	if (!argc)
		return misused("options, but no command");
	if (!call->command)
		return no_such_command(argc, argv);
	call->argc -= words;
	call->argv += words;
	wrong = opt.given & ~call->command->options;
	if (wrong)
		return misused("%s does not go with %s", option_name(wrong & -wrong),
			       call->command->name);
	if (!operands_fit(call->command->operands, call->argc))
		return misused("usage: nat64ctl %s%s%s", call->command->name,
			       *call->command->operands ? " " : "", call->command->operands);
	return DONE;
}

static int run_words(int argc, char **argv, bool help)
{
	struct call call;
	int status = understand(argc, argv, help, &call);

	if (status)
		return status;
	if (call.help)
		return help_about(call.command, call.argc, call.argv);
	return call.command->run(call.command, call.argc, call.argv);
}

static int check_words(int argc, char **argv, bool help)
{
	struct call call;
	int status = understand(argc, argv, help, &call);
	bool fits;

	if (status || call.help)
		return status;
	fits = !(call.command->options & NOT_STAGED);
	if (call.command->options & STATIC_STAGED)
		fits = call.argc && !strcmp(call.argv[0], "static");
	if (fits)
		return DONE;
	if (call.command->options & STATIC_STAGED)
		return refused("%s: leases cannot be part of a transaction; say static",
			       call.command->name);
	return refused("%s cannot be part of a transaction", call.command->name);
}

/* Options of a line count for this line, and those of the whole batch cannot stand in it. */
static int with_options(int argc, char **argv, int (*go)(int argc, char **argv, bool help))
{
	const struct options whole = opt;
	bool help = false, version = false;
	int status;

	opt = (struct options){
		.verbose = whole.verbose, .json = whole.json, .color = whole.color,
	};
	status = parse_options(argc, argv, &help, &version);
	if (!status && (opt.netns || opt.batch || opt.atomic || version))
		status = misused("an option of the whole batch stands in one of its lines");
	opt.netns = whole.netns;
	opt.batch = whole.batch;
	opt.atomic = whole.atomic;
	if (!status)
		status = go(argc - optind, argv + optind, help);
	free(opt.listen);
	opt = whole;
	return status;
}

int run_command(int argc, char **argv)
{
	return with_options(argc, argv, run_words);
}

int check_command(int argc, char **argv)
{
	return with_options(argc, argv, check_words);
}

/*
 * The namespace
 */

static int enter_netns(const char *name)
{
	char *path = xprintf("/run/netns/%s", name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (strchr(name, '/') || fd < 0)
		return refused("no network namespace %s: %s", name,
			       strchr(name, '/') ? "this is a path" : strerror(errno));
	if (setns(fd, CLONE_NEWNET))
		return refused("cannot enter the network namespace %s: %s", name, strerror(errno));
	close(fd);
	free(path);
	return DONE;
}

static int run_all(int argc, char **argv)
{
	bool help = false, version = false;
	int status, settled;

	status = parse_options(argc, argv, &help, &version);
	if (status)
		return status;
	argc -= optind;
	argv += optind;
	if (version) {
		puts("nat64ctl " VERSION);
		return DONE;
	}
	if (help)
		return run_words(argc, argv, true);
	if (!argc && !opt.batch) {
		help_all(stderr);
		return MISUSED;
	}
	if (argc && opt.batch)
		return misused("with --batch the commands are in the file, so '%s' is too much",
			       argv[0]);
	if (opt.atomic && !opt.batch)
		return misused("--atomic goes with --batch");
	if (opt.netns)
		status = enter_netns(opt.netns);
	if (!status)
		status = opt.batch ? run_batch(opt.batch) : run_words(argc, argv, false);
	/* also after a failure: a batch may have changed something before it */
	settled = routes_settle();
	if (!status)
		status = settled;
	settled = arp_settle();
	return status ? status : settled;
}

int main(int argc, char **argv)
{
	int status;

	argv[0] = "nat64ctl";
	/* options stand before or after the command, whatever the environment says */
	unsetenv("POSIXLY_CORRECT");
	status = run_all(argc, argv);
	if (fflush(stdout) || ferror(stdout))
		return refused("cannot write: %s", strerror(errno));
	return status;
}
