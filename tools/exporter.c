// SPDX-License-Identifier: GPL-2.0
/*
 * exporter: /metrics in Prometheus' text format. Every answer is read from the kernel when it is
 * asked for. Few connections, of which the oldest gives way, and a time-out, so that a slow or
 * hostile client holds up nothing but itself.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <microhttpd.h>

#include "args.h"
#include "nat64ctl.h"
#include "netlink.h"

/*
 * The HTTP library brings a TLS library and its whole family. It is loaded where it is needed, or
 * else every command would spend most of its time on that.
 */
static struct {
	typeof(MHD_start_daemon) *start_daemon;
	typeof(MHD_create_response_from_buffer) *create_response;
	typeof(MHD_add_response_header) *add_header;
	typeof(MHD_queue_response) *queue_response;
	typeof(MHD_destroy_response) *destroy_response;
	typeof(MHD_get_connection_info) *get_connection_info;
} mhd;

/* How many connections a listener takes, and how many of them may stay when one more comes. */
#define CONNECTIONS	64
#define KEPT		48
#define TIMEOUT_SECONDS	10

struct listener {
	char *at;
	struct sockaddr_storage addr;
	int clients[CONNECTIONS];	/* their sockets, the oldest first */
	unsigned int n_clients;
};

struct sample {
	__u64 values[NAT64_A_COUNTER_MAX + 1];
	bool present[NAT64_A_COUNTER_MAX + 1];	/* an older module counts less */
};

static const char *const pool_texts[NAT64_A_POOL_MAX + 1] = {
#include "pools-gen.h"
};

static void head(FILE *to, const char *name, const char *type, const char *help)
{
	fprintf(to, "# HELP nat64_%s %s\n# TYPE nat64_%s %s\n", name, help, name, type);
}

/*
 * Counters are named PROTOCOL-64-packets and so on, or drop-REASON, or leases-WHAT: names become
 * labels.
 */
static void write_translated(FILE *to, const struct sample *sample, const char *unit,
			     const char *help)
{
	static const char *const ways[][2] = { { "-64-", "6to4" }, { "-46-", "4to6" } };
	char name[64];
	size_t i, way;

	snprintf(name, sizeof(name), "translated_%s_total", unit);
	head(to, name, "counter", help);
	for (i = 0; i < n_counters; i++) {
		for (way = 0; way < 2; way++) {
			const char *cut = strstr(counters[i].name, ways[way][0]);

			if (cut && !strcmp(cut + 4, unit) && sample->present[counters[i].attr])
				fprintf(to, "nat64_%s{direction=\"%s\",protocol=\"%.*s\"} %llu\n",
					name, ways[way][1], (int)(cut - counters[i].name),
					counters[i].name, sample->values[counters[i].attr]);
		}
	}
}

static void write_icmp(FILE *to, const struct icmp *messages, size_t n)
{
	static const char name[] = "translated_icmp_packets_total";
	size_t i;

	head(to, name, "counter",
	     "ICMP and ICMPv6 packets translated, by the type and code that they arrived with.");
	for (i = 0; i < n; i++)
		fprintf(to, "nat64_%s{direction=\"%s\",type=\"%u\",code=\"%u\"} %llu\n", name,
			icmp_direction(messages[i].direction), messages[i].type, messages[i].code,
			messages[i].packets);
}

static void write_drops(FILE *to, const struct sample *sample)
{
	size_t i;

	head(to, "dropped_packets_total", "counter",
	     "Packets that were not translated, by reason; nat64ctl explain drop-REASON.");
	for (i = 0; i < n_counters; i++)
		if (!strncmp(counters[i].name, "drop-", 5) && sample->present[counters[i].attr])
			fprintf(to, "nat64_dropped_packets_total{reason=\"%s\"} %llu\n",
				counters[i].name + 5, sample->values[counters[i].attr]);
}

static void write_leases(FILE *to, const struct sample *sample)
{
	char name[64];
	size_t i;

	for (i = 0; i < n_counters; i++) {
		if (strncmp(counters[i].name, "leases-", 7) || !sample->present[counters[i].attr])
			continue;
		snprintf(name, sizeof(name), "leases_%s_total", counters[i].name + 7);
		head(to, name, "counter", counters[i].text);
		fprintf(to, "nat64_%s %llu\n", name, sample->values[counters[i].attr]);
	}
}

static __u32 pool_value(const struct pool *pool, int attr)
{
	switch (attr) {
	case NAT64_A_POOL_SIZE:
		return pool->size;
	case NAT64_A_POOL_LEASED:
		return pool->leased;
	case NAT64_A_POOL_STATIC:
		return pool->occupied;
	case NAT64_A_POOL_FREE:
		return pool->free;
	default:
		return pool->drain;
	}
}

static void write_pools(FILE *to, const struct pool *pools, size_t n)
{
	static const struct {
		int attr;
		const char *name;
	} gauges[] = {
		{ NAT64_A_POOL_SIZE, "pool_addresses" },
		{ NAT64_A_POOL_LEASED, "pool_leased_addresses" },
		{ NAT64_A_POOL_STATIC, "pool_static_addresses" },
		{ NAT64_A_POOL_FREE, "pool_free_addresses" },
		{ NAT64_A_POOL_DRAIN, "pool_draining" },
	};
	char buf[PREFIX_TEXT];
	size_t i, gauge;

	for (gauge = 0; gauge < sizeof(gauges) / sizeof(*gauges); gauge++) {
		head(to, gauges[gauge].name, "gauge", pool_texts[gauges[gauge].attr]);
		for (i = 0; i < n; i++)
			fprintf(to, "nat64_%s{pool=\"%s\"} %u\n", gauges[gauge].name,
				format_prefix4(buf, &pools[i].prefix),
				pool_value(&pools[i], gauges[gauge].attr));
	}
}

/* Allocated text, or NULL with kern_why(). */
static char *write_metrics(size_t *len)
{
	struct sample sample;
	struct pool *pools;
	struct icmp *messages;
	size_t n, n_messages;
	char *text = NULL;
	int error;
	FILE *to;

	if (kern_stats(sample.values, sample.present) || kern_pools(&pools, &n))
		return NULL;
	error = kern_icmp(&messages, &n_messages);
	/* an older module counts less */
	if (error && error != -EOPNOTSUPP) {
		free(pools);
		return NULL;
	}
	to = must(open_memstream(&text, len));
	write_translated(to, &sample, "packets", "Packets translated.");
	write_translated(to, &sample, "bytes", "Bytes of packets translated, as they arrived.");
	write_icmp(to, messages, n_messages);
	write_leases(to, &sample);
	write_pools(to, pools, n);
	write_drops(to, &sample);
	free(messages);
	free(pools);
	return must(fclose(to) ? NULL : text);
}

/* What is to be told to the client in its place, or NULL with *metrics. */
static char *read_kernel(char **metrics, size_t *len)
{
	/* asking for the module would load it, where somebody has just unloaded it */
	if (!access("/sys/module", F_OK) && access("/sys/module/nat64", F_OK)) {
		kern_close();
		return xprintf("the module nat64 is not loaded\n");
	}
	*metrics = write_metrics(len);
	if (*metrics)
		return NULL;
	/* once more: the module may have been loaded anew since */
	kern_close();
	*metrics = write_metrics(len);
	return *metrics ? NULL : xprintf("%s\n", kern_why());
}

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned int status,
			       const char *type, char *text, size_t len,
			       enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response = mhd.create_response(len, text, mode);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	mhd.add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		mhd.add_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	result = mhd.queue_response(connection, status, response);
	mhd.destroy_response(response);
	return result;
}

static enum MHD_Result respond_text(struct MHD_Connection *connection, unsigned int status,
				    const char *text)
{
	return respond(connection, status, "text/plain; charset=utf-8", (char *)text, strlen(text),
		       MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result answer(void *arg, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *data_size, void **state)
{
	static pthread_mutex_t kernel = PTHREAD_MUTEX_INITIALIZER;
	static int seen;
	char *metrics, *why;
	size_t len = 0;

	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		return respond_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET or HEAD\n");
	/* the first call is before the body, if there is one */
	if (!*state) {
		*state = &seen;
		return MHD_YES;
	}
	if (strcmp(url, "/metrics"))
		return respond_text(connection, MHD_HTTP_NOT_FOUND, "nat64 exporter: /metrics\n");
	/* each listener has a thread, but there is one socket to the kernel */
	pthread_mutex_lock(&kernel);
	why = read_kernel(&metrics, &len);
	pthread_mutex_unlock(&kernel);
	if (why)
		return respond(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
			       "text/plain; charset=utf-8", why, strlen(why),
			       MHD_RESPMEM_MUST_FREE);
	return respond(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", metrics,
		       len, MHD_RESPMEM_MUST_FREE);
}

/*
 * Of too many connections the oldest ends. A scrape takes a moment; whoever holds connections open,
 * or keeps them from their time-out by a byte now and then, is to keep nobody else out.
 */
static void count_client(void *arg, struct MHD_Connection *connection, void **state,
			 enum MHD_ConnectionNotificationCode what)
{
	struct listener *listener = arg;
	int fd = mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	unsigned int i;

	if (what == MHD_CONNECTION_NOTIFY_STARTED && listener->n_clients < CONNECTIONS) {
		listener->clients[listener->n_clients++] = fd;
		for (i = 0; i + KEPT < listener->n_clients; i++)
			shutdown(listener->clients[i], SHUT_RDWR);
		return;
	}
	for (i = 0; i < listener->n_clients && listener->clients[i] != fd; i++)
		;
	if (i == listener->n_clients)
		return;
	memmove(&listener->clients[i], &listener->clients[i + 1],
		(--listener->n_clients - i) * sizeof(fd));
}

static int listen_on(const struct sockaddr_storage *addr, bool v6_only)
{
	int fd, one = 1, only = v6_only;

	fd = socket(addr->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (addr->ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	if (bind(fd, (struct sockaddr *)addr,
		 addr->ss_family == AF_INET ? sizeof(struct sockaddr_in) :
					     sizeof(struct sockaddr_in6)) ||
	    listen(fd, SOMAXCONN)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A listener and its thread, for as long as the process lives. */
static int serve(struct listener *listener, bool v6_only)
{
	int fd = listen_on(&listener->addr, v6_only);

	if (fd < 0)
		return refused("cannot listen on %s: %s", listener->at, strerror(errno));
	if (!mhd.start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL,
			      answer, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
			      MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
			      MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_SECONDS,
			      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384,
			      MHD_OPTION_NOTIFY_CONNECTION, count_client, listener, MHD_OPTION_END))
		return refused("cannot answer on %s", listener->at);
	return DONE;
}

/* Both families have their port in the same place. */
static bool same_port(const struct listener *a, const struct listener *b)
{
	return ((const struct sockaddr_in *)&a->addr)->sin_port ==
	       ((const struct sockaddr_in *)&b->addr)->sin_port;
}

/* [::]:8080 takes IPv4 clients too, unless there is a listener of its own for them. */
static bool has_v4_of_its_own(const struct listener *listeners, size_t n,
			      const struct listener *one)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (listeners[i].addr.ss_family == AF_INET && same_port(&listeners[i], one))
			return true;
	return false;
}

/* The list is cut into pieces. */
static int serve_all(char *list)
{
	struct listener *listeners = NULL;
	int status = DONE;
	char *at, *save;
	size_t n = 0, i;

	for (at = strtok_r(list, " ", &save); at; at = strtok_r(NULL, " ", &save)) {
		listeners = xrealloc(listeners, (n + 1) * sizeof(*listeners));
		listeners[n].at = at;
		listeners[n].n_clients = 0;
		if (!parse_listen(at, &listeners[n++].addr)) {
			free(listeners);
			return misused("'%s' is not ADDR:PORT, as 127.0.0.1:9100 or [::]:9100 is",
				       at);
		}
	}
	if (!n)
		return misused("--listen wants ADDR:PORT, as 127.0.0.1:9100 or [::]:9100");
	for (i = 0; i < n && !status; i++)
		status = serve(&listeners[i], has_v4_of_its_own(listeners, n, &listeners[i]));
	return status;
}

/* The addresses of the command line, or those of the configuration. */
static int listen_list(char **list)
{
	struct settings set;
	int status = DONE;

	if (opt.given & OPT_LISTEN) {
		*list = xprintf("%s", opt.listen);
		return DONE;
	}
	status = told(kern_get(&set));
	if (!status && !set.prometheus[0])
		return refused("neither --listen nor the configuration says where to listen");
	if (!status)
		*list = xprintf("%s", set.prometheus);
	return status;
}

static int load_library(void)
{
	void *library = dlopen(LIBMICROHTTPD, RTLD_NOW);

	if (!library)
		return refused("the exporter needs libmicrohttpd: %s", dlerror());
	mhd.start_daemon = dlsym(library, "MHD_start_daemon");
	mhd.create_response = dlsym(library, "MHD_create_response_from_buffer");
	mhd.add_header = dlsym(library, "MHD_add_response_header");
	mhd.queue_response = dlsym(library, "MHD_queue_response");
	mhd.destroy_response = dlsym(library, "MHD_destroy_response");
	mhd.get_connection_info = dlsym(library, "MHD_get_connection_info");
	if (!mhd.start_daemon || !mhd.create_response || !mhd.add_header || !mhd.queue_response ||
	    !mhd.destroy_response || !mhd.get_connection_info)
		return refused("%s is not the libmicrohttpd that this was built with",
			       LIBMICROHTTPD);
	return DONE;
}

int cmd_exporter(const struct command *command, int argc, char **argv)
{
	char *list = NULL;
	sigset_t ends;
	int status, sig;

	status = listen_list(&list);
	if (!status)
		status = load_library();
	if (status)
		return status;
	/* before there is a thread, so that none is ended by them */
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	status = serve_all(list);
	if (!status && opt.verbose)
		note("listening");
	if (!status)
		sigwait(&ends, &sig);
	free(list);
	return status;
}
