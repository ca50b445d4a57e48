// SPDX-License-Identifier: GPL-2.0
/*
 * The only file that knows generic netlink. Messages are made and taken apart by libnl; they are
 * received here, because libnl throws away the text of an extended ACK and reads no more than one
 * answer at a time.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "nat64ctl.h"
#include "netlink.h"

/* What a dump is read into, and what requests are collected in. */
#define RECEIVE_SIZE	(256 * 1024)
#define SEND_SIZE	(64 * 1024)

/* What an error answer takes of the socket's receive buffer, rather too much. */
#define ERROR_SIZE	2048

const struct counter counters[] = {
#define COUNTER(attribute, counter_name, counter_text) { attribute, counter_name, counter_text },
#include "counters-gen.h"
#undef COUNTER
};

const size_t n_counters = sizeof(counters) / sizeof(*counters);

static const struct {
	int command;
	int attr;
	const char *name;
} requests[] = {
#define REQUEST(command, attribute, request_name) { command, attribute, request_name },
#include "requests-gen.h"
#undef REQUEST
};

static struct nl_sock *sock;
static int family;
static __u32 sequence;
static unsigned char *receive_buffer;

static char why[512];
static int bad_attr;

/* Requests that were collected and not yet sent, all in one piece. */
static struct {
	struct queue *queue;
	unsigned char *data;
	size_t len;
	struct nlmsghdr *last;
	__u32 first_sequence;
	size_t *tags;
	unsigned int n;
	unsigned int max;	/* so that the answers fit the receive buffer */
	size_t done;
} out;

const char *kern_why(void)
{
	return why;
}

int kern_bad_attr(void)
{
	return bad_attr;
}

static int fail(int error, const char *format, ...) __printf(2, 3);

static int fail(int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return error;
}

static const char *request_name(int command, int attr)
{
	size_t i;

	for (i = 0; i < sizeof(requests) / sizeof(*requests); i++)
		if (requests[i].command == command && requests[i].attr == attr)
			return requests[i].name;
	return "?";
}

/* Where the kernel gave no text. */
static int fail_plainly(int error, const struct nlmsghdr *request)
{
	int command = genlmsg_hdr((struct nlmsghdr *)request)->cmd;

	switch (error) {
	case -EPERM:
		return fail(error, "this needs CAP_NET_ADMIN in the network namespace (root)");
	case -EOPNOTSUPP:
		return fail(error, "the module that is loaded is too old to know the request %s",
			    request_name(command, 0));
	default:
		return fail(error, "%s", strerror(-error));
	}
}

/* The kernel's own words for an attribute that the module does not have. */
static bool is_unknown_attribute(const char *text)
{
	return !strcmp(text, "Unknown attribute type") || !strcmp(text, "Unsupported attribute");
}

/*
 * Opening
 */

static void run_modprobe(void)
{
	int status;
	pid_t pid;

	if (geteuid())
		return;
	pid = fork();
	if (!pid) {
		execl("/sbin/modprobe", "modprobe", "-q", "nat64", (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
}

static int resolve(bool modprobe)
{
	/* Asking for the family makes the kernel look for a module with its alias. */
	family = genl_ctrl_resolve(sock, NAT64_FAMILY_NAME);
	if (family >= 0)
		return 0;
	if (modprobe) {
		run_modprobe();
		family = genl_ctrl_resolve(sock, NAT64_FAMILY_NAME);
		if (family >= 0)
			return 0;
	}
	return fail(-ENOENT, "the module nat64 is not loaded; as root, run: modprobe nat64");
}

static int open_socket(void)
{
	int fd, one = 1, size = 8 << 20, error;
	socklen_t len = sizeof(size);

	sock = nl_socket_alloc();
	if (!sock)
		return fail(-ENOMEM, "out of memory");
	error = genl_connect(sock);
	if (error < 0) {
		nl_socket_free(sock);
		sock = NULL;
		return fail(-EIO, "cannot open a generic netlink socket: %s", nl_geterror(error));
	}
	fd = nl_socket_get_fd(sock);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	/*
	 * libnl sets both sizes to 32 kB; and only a privileged user may pass the limit of the
	 * machine
	 */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &len);
	out.max = size / ERROR_SIZE;
	if (!receive_buffer)
		receive_buffer = xrealloc(NULL, RECEIVE_SIZE);
	return 0;
}

int kern_open(bool modprobe)
{
	int error;

	if (sock)
		return 0;
	error = open_socket();
	if (error)
		return error;
	error = resolve(modprobe);
	if (error)
		kern_close();
	return error;
}

static void forget_queue(void)
{
	free(out.data);
	free(out.tags);
	out.data = NULL;
	out.tags = NULL;
	out.queue = NULL;
	out.n = 0;
	out.len = 0;
}

void kern_close(void)
{
	forget_queue();
	nl_socket_free(sock);
	sock = NULL;
}

/*
 * Receiving
 */

typedef void (*take_fn)(struct nlattr **attrs, void *arg);

struct answer {
	int max;		/* highest attribute of the replies */
	take_fn take;
	void *arg;
	bool interrupted;	/* the list changed while it was read */
};

static const void *request_at(const struct nlmsghdr *request, __u32 offset)
{
	if (!request || offset + sizeof(struct nlattr) > request->nlmsg_len)
		return NULL;
	return (const char *)request + offset;
}

/* The attributes behind an ACK: the text, and where in the request the bad attribute stands. */
static void read_extack(const struct nlmsghdr *ack, size_t offset, const struct nlmsghdr *request)
{
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1];
	const struct nlattr *bad;
	int command, len = (int)ack->nlmsg_len - (int)offset;

	bad_attr = 0;
	*why = '\0';
	if (!(ack->nlmsg_flags & NLM_F_ACK_TLVS) || len <= 0)
		return;
	if (nla_parse(attrs, NLMSGERR_ATTR_MAX, (struct nlattr *)((char *)ack + offset), len, NULL))
		return;
	if (attrs[NLMSGERR_ATTR_MSG])
		snprintf(why, sizeof(why), "%.*s", nla_len(attrs[NLMSGERR_ATTR_MSG]),
			 (char *)nla_data(attrs[NLMSGERR_ATTR_MSG]));
	if (attrs[NLMSGERR_ATTR_OFFS] && nla_len(attrs[NLMSGERR_ATTR_OFFS]) >= (int)sizeof(__u32)) {
		bad = request_at(request, nla_get_u32(attrs[NLMSGERR_ATTR_OFFS]));
		if (bad)
			bad_attr = bad->nla_type & NLA_TYPE_MASK;
	}
	if (bad_attr && is_unknown_attribute(why)) {
		command = genlmsg_hdr((struct nlmsghdr *)request)->cmd;
		fail(-EINVAL, "the module that is loaded is too old to know %s of the request %s",
		     request_name(command, bad_attr), request_name(command, 0));
	}
}

/* The status of a request, out of its ACK. */
static int read_ack(const struct nlmsghdr *ack, const struct nlmsghdr *request)
{
	const struct nlmsgerr *status = nlmsg_data(ack);
	size_t offset = NLMSG_HDRLEN + sizeof(*status);

	if (!(ack->nlmsg_flags & NLM_F_CAPPED))
		offset += NLMSG_ALIGN(status->msg.nlmsg_len - NLMSG_HDRLEN);
	read_extack(ack, offset, request);
	if (status->error && !*why)
		fail_plainly(status->error, request);
	return status->error;
}

static int read_done(const struct nlmsghdr *done, const struct nlmsghdr *request)
{
	int error = 0;

	if (nlmsg_datalen(done) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(done), sizeof(error));
	if (error >= 0)
		return 0;
	read_extack(done, NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(error)), request);
	if (!*why)
		fail_plainly(error, request);
	return error;
}

static ssize_t receive(int flags)
{
	ssize_t len;

	do
		len = recv(nl_socket_get_fd(sock), receive_buffer, RECEIVE_SIZE, flags | MSG_TRUNC);
	while (len < 0 && errno == EINTR);
	if (len < 0 && errno == ENOBUFS)
		return fail(-errno,
			    "an answer of the kernel was lost; 'nat64ctl show' tells what was done");
	if (len < 0)
		return fail(-errno, "receiving from the kernel: %s", strerror(errno));
	if (len > RECEIVE_SIZE)
		return fail(-EMSGSIZE, "an answer of the kernel is %zd bytes long", len);
	return len;
}

static void take_reply(const struct nlmsghdr *reply, const struct answer *answer)
{
	struct nlattr *attrs[NAT64_A_COUNTER_MAX + 1];

	if (answer->take && !genlmsg_parse((struct nlmsghdr *)reply, 0, attrs, answer->max, NULL))
		answer->take(attrs, answer->arg);
}

/* All answers to one request, up to its ACK or the end of its dump. */
static int receive_answers(const struct nlmsghdr *request, struct answer *answer)
{
	for (;;) {
		struct nlmsghdr *reply = (struct nlmsghdr *)receive_buffer;
		ssize_t got = receive(0);
		int len = got;

		if (got < 0)
			return got;
		for (; nlmsg_ok(reply, len); reply = nlmsg_next(reply, &len)) {
			if (reply->nlmsg_seq != request->nlmsg_seq)
				continue;
			if (reply->nlmsg_flags & NLM_F_DUMP_INTR)
				answer->interrupted = true;
			if (reply->nlmsg_type == NLMSG_ERROR)
				return read_ack(reply, request);
			if (reply->nlmsg_type == NLMSG_DONE)
				return read_done(reply, request);
			take_reply(reply, answer);
		}
	}
}

/*
 * Sending
 */

static int send_all(const void *data, size_t len)
{
	ssize_t sent;

	do
		sent = send(nl_socket_get_fd(sock), data, len, 0);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? fail(-errno, "sending to the kernel: %s", strerror(errno)) : 0;
}

/* Reports one refused request of those that were sent together. */
static void report(const struct nlmsghdr *ack)
{
	const struct nlmsghdr *request = (struct nlmsghdr *)out.data;
	__u32 index = ack->nlmsg_seq - out.first_sequence;
	__u32 i;
	int error;

	for (i = 0; i < index; i++)
		request = (const struct nlmsghdr *)((const char *)request +
						    NLMSG_ALIGN(request->nlmsg_len));
	error = read_ack(ack, request);
	if (error)
		out.queue->failed(error, out.tags[index], out.queue->arg);
}

/*
 * Only the last request asks for an ACK; refusals of the others are told anyway, and come before
 * it.
 */
static int send_queue(void)
{
	__u32 last = out.first_sequence + out.n - 1;
	bool ended = false;
	int error;

	if (!out.n)
		return 0;
	out.last->nlmsg_flags |= NLM_F_ACK;
	error = send_all(out.data, out.len);
	while (!error && !ended) {
		struct nlmsghdr *ack = (struct nlmsghdr *)receive_buffer;
		ssize_t got = receive(0);
		int len = got;

		if (got < 0)
			error = got;
		for (; !error && nlmsg_ok(ack, len); ack = nlmsg_next(ack, &len)) {
			if (ack->nlmsg_type != NLMSG_ERROR ||
			    ack->nlmsg_seq - out.first_sequence >= out.n)
				continue;
			report(ack);
			ended |= ack->nlmsg_seq == last;
		}
	}
	out.done += out.n;
	out.n = 0;
	out.len = 0;
	if (!error && out.queue->progress)
		out.queue->progress(out.done, out.queue->arg);
	return error;
}

static int enqueue(const struct nlmsghdr *request)
{
	size_t len = NLMSG_ALIGN(request->nlmsg_len);
	int error = 0;

	if (out.len + len > SEND_SIZE || out.n == out.max)
		error = send_queue();
	if (error)
		return error;
	if (!out.n)
		out.first_sequence = request->nlmsg_seq;
	out.last = memcpy(out.data + out.len, request, request->nlmsg_len);
	out.tags[out.n++] = out.queue->tag;
	out.len += len;
	return 0;
}

int kern_queue(struct queue *queue)
{
	int error = kern_open(true);

	if (error)
		return error;
	out.queue = queue;
	out.done = 0;
	out.data = xcalloc(1, SEND_SIZE);
	out.tags = xcalloc(out.max, sizeof(*out.tags));
	return 0;
}

int kern_flush(void)
{
	int error = send_queue();

	forget_queue();
	return error;
}

/* A request whose attributes the caller adds. */
static struct nl_msg *request_new(int command, int flags)
{
	struct nl_msg *msg;

	if (kern_open(true))
		return NULL;
	msg = nlmsg_alloc_size(512);
	if (!msg || !genlmsg_put(msg, 0, ++sequence, family, 0, NLM_F_REQUEST | flags, command,
				 NAT64_FAMILY_VERSION)) {
		fputs("nat64ctl: out of memory\n", stderr);
		exit(REFUSED);
	}
	return msg;
}

/* Sends it, or collects it, and frees it. */
static int request_send(struct nl_msg *msg, struct answer *answer)
{
	struct nlmsghdr *request;
	int error;

	if (!msg)
		return -ENOENT;
	request = nlmsg_hdr(msg);
	bad_attr = 0;
	if (out.queue) {
		error = enqueue(request);
	} else {
		if (!(request->nlmsg_flags & NLM_F_DUMP))
			request->nlmsg_flags |= NLM_F_ACK;
		error = send_all(request, request->nlmsg_len);
		if (!error)
			error = receive_answers(request, answer);
	}
	nlmsg_free(msg);
	return error;
}

static int request_send_only(struct nl_msg *msg)
{
	struct answer answer = { 0 };

	return request_send(msg, &answer);
}

/* A request whose reply tells one number, if it has a reply. */
struct number {
	int attr;
	__u32 value;
};

static void take_number(struct nlattr **attrs, void *arg)
{
	struct number *number = arg;

	if (attrs[number->attr])
		number->value = nla_get_u32(attrs[number->attr]);
}

static int request_number(struct nl_msg *msg, int attr, __u32 *value)
{
	struct number number = { .attr = attr };
	struct answer answer = { .max = attr, .take = take_number, .arg = &number };
	int error = request_send(msg, &answer);

	if (value)
		*value = number.value;
	return error;
}

/*
 * Lists. A list is read again as long as it changes under us; what take() collects is then dropped.
 */

struct list {
	void *items;
	size_t n;
	size_t size;
};

static void *list_add(struct list *list)
{
	if (!(list->n & (list->n - 1)))
		list->items = xrealloc(list->items, (list->n ? list->n * 2 : 1) * list->size);
	return memset((char *)list->items + list->n++ * list->size, 0, list->size);
}

static int dump(int command, void (*put)(struct nl_msg *msg, const void *arg), const void *arg,
		int max, take_fn take, struct list *list)
{
	struct answer answer = { .max = max, .take = take, .arg = list };
	int error, tries = 0;
	struct nl_msg *msg;

	do {
		list->n = 0;
		answer.interrupted = false;
		msg = request_new(command, NLM_F_DUMP);
		if (msg && put)
			put(msg, arg);
		error = request_send(msg, &answer);
	} while (!error && answer.interrupted && ++tries < READ_TRIES);
	if (error) {
		free(list->items);
		list->items = NULL;
		list->n = 0;
	} else if (answer.interrupted) {
		note("the list changed while it was read, %d times over, and may lack what is new",
		     tries);
	}
	return error;
}

/*
 * Attributes
 */

static void put_addr4(struct nl_msg *msg, int attr, struct in_addr addr)
{
	nla_put(msg, attr, sizeof(addr), &addr);
}

static void put_prefix4(struct nl_msg *msg, int attr, int len_attr, const struct prefix4 *prefix)
{
	put_addr4(msg, attr, prefix->addr);
	nla_put_u8(msg, len_attr, prefix->len);
}

static void put_prefix6(struct nl_msg *msg, int attr, int len_attr, const struct prefix6 *prefix)
{
	nla_put(msg, attr, sizeof(prefix->addr), &prefix->addr);
	nla_put_u8(msg, len_attr, prefix->len);
}

static void get(struct nlattr *attr, void *value, size_t size)
{
	if (attr && nla_len(attr) >= (int)size)
		memcpy(value, nla_data(attr), size);
}

static void get_prefix4(struct nlattr *attr, struct nlattr *len, struct prefix4 *prefix)
{
	prefix->len = 32;
	get(attr, &prefix->addr, sizeof(prefix->addr));
	get(len, &prefix->len, sizeof(prefix->len));
}

static void get_prefix6(struct nlattr *attr, struct nlattr *len, struct prefix6 *prefix)
{
	prefix->len = 128;
	get(attr, &prefix->addr, sizeof(prefix->addr));
	get(len, &prefix->len, sizeof(prefix->len));
}

/* Terminated, whatever the kernel sent. */
static void get_string(struct nlattr *attr, char *value, size_t size)
{
	if (attr)
		nla_strlcpy(value, attr, size);
}

/*
 * The settings
 */

static void take_settings(struct nlattr **attrs, void *arg)
{
	struct settings *set = arg;
	__u8 len = 0;
	size_t i;

	get(attrs[NAT64_A_CONFIG_PREFIX_LEN], &len, sizeof(len));
	if (attrs[NAT64_A_CONFIG_PREFIX] && len)
		get_prefix6(attrs[NAT64_A_CONFIG_PREFIX], attrs[NAT64_A_CONFIG_PREFIX_LEN],
			    &set->prefix);
	get(attrs[NAT64_A_CONFIG_ICMP_SOURCE], &set->icmp_source, sizeof(set->icmp_source));
	get_string(attrs[NAT64_A_CONFIG_PROMETHEUS], set->prometheus, sizeof(set->prometheus));
	get(attrs[NAT64_A_CONFIG_ANCHOR], &set->anchor, sizeof(set->anchor));
	get(attrs[NAT64_A_CONFIG_GENERATION], &set->generation, sizeof(set->generation));
	for (i = 0; i < n_settings; i++) {
		const struct setting *setting = &settings[i];
		struct nlattr *attr = attrs[setting->attr];

		if (!attr)
			continue;
		if (setting->type == SETTING_NUMBER)
			setting_put_number(setting, nla_get_u32(attr), set);
		else if (setting->type == SETTING_BYTE || setting->type == SETTING_SWITCH ||
			 setting->type == SETTING_CHOICE)
			setting_put_number(setting, nla_get_u8(attr), set);
	}
}

int kern_get(struct settings *set)
{
	struct answer answer = { .max = NAT64_A_CONFIG_MAX, .take = take_settings, .arg = set };

	*set = settings_default;
	return request_send(request_new(NAT64_CMD_CONFIG_GET, 0), &answer);
}

static void put_setting(struct nl_msg *msg, const struct setting *setting,
			const struct settings *set)
{
	switch (setting->type) {
	case SETTING_PREFIX:
		put_prefix6(msg, NAT64_A_CONFIG_PREFIX, NAT64_A_CONFIG_PREFIX_LEN, &set->prefix);
		break;
	case SETTING_ADDR4:
		put_addr4(msg, setting->attr, set->icmp_source);
		break;
	case SETTING_NUMBER:
		nla_put_u32(msg, setting->attr, setting_number(setting, set));
		break;
	case SETTING_BYTE:
	case SETTING_SWITCH:
	case SETTING_CHOICE:
		nla_put_u8(msg, setting->attr, setting_number(setting, set));
		break;
	case SETTING_LISTEN:
		nla_put_string(msg, setting->attr, set->prometheus);
		break;
	}
}

int kern_set(const struct settings *set)
{
	struct nl_msg *msg = request_new(NAT64_CMD_CONFIG_SET, 0);
	size_t i;

	for (i = 0; msg && i < n_settings; i++)
		if (set->given & 1U << settings[i].attr)
			put_setting(msg, &settings[i], set);
	return request_send_only(msg);
}

/*
 * Pools
 */

int kern_add_pool(const struct prefix4 *prefix, bool drain)
{
	struct nl_msg *msg = request_new(NAT64_CMD_POOL_ADD, 0);

	if (msg) {
		put_prefix4(msg, NAT64_A_POOL_PREFIX, NAT64_A_POOL_LEN, prefix);
		if (drain)
			nla_put_flag(msg, NAT64_A_POOL_DRAIN);
	}
	return request_send_only(msg);
}

int kern_del_pool(const struct prefix4 *prefix, bool force)
{
	struct nl_msg *msg = request_new(NAT64_CMD_POOL_DEL, 0);

	if (msg) {
		put_prefix4(msg, NAT64_A_POOL_PREFIX, NAT64_A_POOL_LEN, prefix);
		if (force)
			nla_put_flag(msg, NAT64_A_POOL_FORCE);
	}
	return request_send_only(msg);
}

static void take_pool(struct nlattr **attrs, void *arg)
{
	struct pool *pool = list_add(arg);

	get_prefix4(attrs[NAT64_A_POOL_PREFIX], attrs[NAT64_A_POOL_LEN], &pool->prefix);
	pool->drain = attrs[NAT64_A_POOL_DRAIN];
	get(attrs[NAT64_A_POOL_SIZE], &pool->size, sizeof(pool->size));
	get(attrs[NAT64_A_POOL_LEASED], &pool->leased, sizeof(pool->leased));
	get(attrs[NAT64_A_POOL_STATIC], &pool->occupied, sizeof(pool->occupied));
	get(attrs[NAT64_A_POOL_FREE], &pool->free, sizeof(pool->free));
}

static int order_pool(const void *a, const void *b)
{
	const struct pool *x = a, *y = b;

	return prefix4_cmp(&x->prefix, &y->prefix);
}

/* What was collected, in order. */
static void hand_over(struct list *list, void *items, size_t *n,
		      int (*order)(const void *, const void *))
{
	if (list->n)
		qsort(list->items, list->n, list->size, order);
	*(void **)items = list->items;
	*n = list->n;
}

int kern_pools(struct pool **pools, size_t *n)
{
	struct list list = { .size = sizeof(**pools) };
	int error = dump(NAT64_CMD_POOL_GET, NULL, NULL, NAT64_A_POOL_MAX, take_pool, &list);

	hand_over(&list, pools, n, order_pool);
	return error;
}

/*
 * Maps
 */

int kern_add_map(const struct prefix4 *v4, const struct prefix6 *v6, bool replace)
{
	struct nl_msg *msg = request_new(NAT64_CMD_MAP_ADD, 0);

	if (msg) {
		put_prefix4(msg, NAT64_A_MAP_V4, NAT64_A_MAP_V4_LEN, v4);
		put_prefix6(msg, NAT64_A_MAP_V6, NAT64_A_MAP_V6_LEN, v6);
		if (replace)
			nla_put_flag(msg, NAT64_A_MAP_REPLACE);
	}
	return request_send_only(msg);
}

int kern_add_lease(struct in_addr v4, const struct in6_addr *v6, __u32 idle)
{
	struct nl_msg *msg = request_new(NAT64_CMD_MAP_ADD, 0);

	if (msg) {
		put_addr4(msg, NAT64_A_MAP_V4, v4);
		nla_put(msg, NAT64_A_MAP_V6, sizeof(*v6), v6);
		nla_put_u8(msg, NAT64_A_MAP_TYPE, NAT64_MAP_TYPE_DYNAMIC);
		nla_put_u32(msg, NAT64_A_MAP_IDLE, idle);
	}
	return request_send_only(msg);
}

int kern_del_map(const struct prefix4 *v4, const struct prefix6 *v6)
{
	struct nl_msg *msg = request_new(NAT64_CMD_MAP_DEL, 0);

	if (msg && v4)
		put_prefix4(msg, NAT64_A_MAP_V4, NAT64_A_MAP_V4_LEN, v4);
	if (msg && v6)
		put_prefix6(msg, NAT64_A_MAP_V6, NAT64_A_MAP_V6_LEN, v6);
	return request_send_only(msg);
}

int kern_flush_maps(int type, __u32 *flushed)
{
	struct nl_msg *msg = request_new(NAT64_CMD_MAP_FLUSH, 0);

	if (msg && type >= 0)
		nla_put_u8(msg, NAT64_A_MAP_TYPE, type);
	return request_number(msg, NAT64_A_MAP_FLUSHED, flushed);
}

static void put_map_filter(struct nl_msg *msg, const void *arg)
{
	const struct map_filter *filter = arg;

	if (filter->type >= 0)
		nla_put_u8(msg, NAT64_A_MAP_TYPE, filter->type);
	if (filter->by_v4)
		put_prefix4(msg, NAT64_A_MAP_V4, NAT64_A_MAP_V4_LEN, &filter->v4);
	if (filter->by_v6)
		put_prefix6(msg, NAT64_A_MAP_V6, NAT64_A_MAP_V6_LEN, &filter->v6);
}

static void take_map(struct nlattr **attrs, void *arg)
{
	struct map *map = list_add(arg);

	get_prefix4(attrs[NAT64_A_MAP_V4], attrs[NAT64_A_MAP_V4_LEN], &map->v4);
	get_prefix6(attrs[NAT64_A_MAP_V6], attrs[NAT64_A_MAP_V6_LEN], &map->v6);
	get(attrs[NAT64_A_MAP_TYPE], &map->type, sizeof(map->type));
	get(attrs[NAT64_A_MAP_IDLE], &map->idle, sizeof(map->idle));
	map->expires_at_all = attrs[NAT64_A_MAP_EXPIRES];
	get(attrs[NAT64_A_MAP_EXPIRES], &map->expires, sizeof(map->expires));
	map->counted = attrs[NAT64_A_MAP_PACKETS64];
	get(attrs[NAT64_A_MAP_PACKETS64], &map->packets64, sizeof(map->packets64));
	get(attrs[NAT64_A_MAP_BYTES64], &map->bytes64, sizeof(map->bytes64));
	get(attrs[NAT64_A_MAP_PACKETS46], &map->packets46, sizeof(map->packets46));
	get(attrs[NAT64_A_MAP_BYTES46], &map->bytes46, sizeof(map->bytes46));
}

static int order_map(const void *a, const void *b)
{
	const struct map *x = a, *y = b;
	int order = prefix4_cmp(&x->v4, &y->v4);

	return order ? order : prefix6_cmp(&x->v6, &y->v6);
}

int kern_maps(const struct map_filter *filter, struct map **maps, size_t *n)
{
	struct list list = { .size = sizeof(**maps) };
	int error =
		dump(NAT64_CMD_MAP_GET, put_map_filter, filter, NAT64_A_MAP_MAX, take_map, &list);

	hand_over(&list, maps, n, order_map);
	return error;
}

/*
 * 1:1 rules and exclusions
 */

int kern_add_nat44(const struct prefix4 *internal, const struct prefix4 *external, const char *dev)
{
	struct nl_msg *msg = request_new(NAT64_CMD_NAT44_ADD, 0);

	if (msg) {
		put_prefix4(msg, NAT64_A_NAT44_INTERNAL, NAT64_A_NAT44_LEN, internal);
		put_addr4(msg, NAT64_A_NAT44_EXTERNAL, external->addr);
		nla_put_string(msg, NAT64_A_NAT44_DEV, dev);
	}
	return request_send_only(msg);
}

int kern_del_nat44(const struct prefix4 *internal, const char *dev)
{
	struct nl_msg *msg = request_new(NAT64_CMD_NAT44_DEL, 0);

	if (msg) {
		put_prefix4(msg, NAT64_A_NAT44_INTERNAL, NAT64_A_NAT44_LEN, internal);
		nla_put_string(msg, NAT64_A_NAT44_DEV, dev);
	}
	return request_send_only(msg);
}

int kern_flush_nat44(__u32 *flushed)
{
	return request_number(request_new(NAT64_CMD_NAT44_FLUSH, 0), NAT64_A_NAT44_FLUSHED,
			      flushed);
}

static void take_nat44(struct nlattr **attrs, void *arg)
{
	struct nat44 *rule = list_add(arg);
	__u8 active = 1;

	get_prefix4(attrs[NAT64_A_NAT44_INTERNAL], attrs[NAT64_A_NAT44_LEN], &rule->internal);
	get_prefix4(attrs[NAT64_A_NAT44_EXTERNAL], attrs[NAT64_A_NAT44_LEN], &rule->external);
	get_string(attrs[NAT64_A_NAT44_DEV], rule->dev, sizeof(rule->dev));
	get(attrs[NAT64_A_NAT44_ACTIVE], &active, sizeof(active));
	rule->active = active;
}

static int order_nat44(const void *a, const void *b)
{
	const struct nat44 *x = a, *y = b;
	int order = strcmp(x->dev, y->dev);

	return order ? order : prefix4_cmp(&x->internal, &y->internal);
}

int kern_nat44(struct nat44 **rules, size_t *n)
{
	struct list list = { .size = sizeof(**rules) };
	int error = dump(NAT64_CMD_NAT44_GET, NULL, NULL, NAT64_A_NAT44_MAX, take_nat44, &list);

	hand_over(&list, rules, n, order_nat44);
	return error;
}

static int change_exclude(int command, const struct prefix4 *prefix)
{
	struct nl_msg *msg = request_new(command, 0);

	if (msg)
		put_prefix4(msg, NAT64_A_EXCLUDE_PREFIX, NAT64_A_EXCLUDE_LEN, prefix);
	return request_send_only(msg);
}

int kern_add_exclude(const struct prefix4 *prefix)
{
	return change_exclude(NAT64_CMD_EXCLUDE_ADD, prefix);
}

int kern_del_exclude(const struct prefix4 *prefix)
{
	return change_exclude(NAT64_CMD_EXCLUDE_DEL, prefix);
}

int kern_flush_excludes(__u32 *flushed)
{
	return request_number(request_new(NAT64_CMD_EXCLUDE_FLUSH, 0), NAT64_A_EXCLUDE_FLUSHED,
			      flushed);
}

static void take_exclude(struct nlattr **attrs, void *arg)
{
	struct exclude *exclude = list_add(arg);

	get_prefix4(attrs[NAT64_A_EXCLUDE_PREFIX], attrs[NAT64_A_EXCLUDE_LEN], &exclude->prefix);
}

static int order_exclude(const void *a, const void *b)
{
	const struct exclude *x = a, *y = b;

	return prefix4_cmp(&x->prefix, &y->prefix);
}

int kern_excludes(struct exclude **excludes, size_t *n)
{
	struct list list = { .size = sizeof(**excludes) };
	int error =
		dump(NAT64_CMD_EXCLUDE_GET, NULL, NULL, NAT64_A_EXCLUDE_MAX, take_exclude, &list);

	hand_over(&list, excludes, n, order_exclude);
	return error;
}

/*
 * Who may lease
 */

static int change_allow(int command, const struct prefix6 *prefix)
{
	struct nl_msg *msg = request_new(command, 0);

	if (msg)
		put_prefix6(msg, NAT64_A_ALLOW_PREFIX, NAT64_A_ALLOW_LEN, prefix);
	return request_send_only(msg);
}

int kern_add_allow(const struct prefix6 *prefix)
{
	return change_allow(NAT64_CMD_ALLOW_ADD, prefix);
}

int kern_del_allow(const struct prefix6 *prefix)
{
	return change_allow(NAT64_CMD_ALLOW_DEL, prefix);
}

static void take_allow(struct nlattr **attrs, void *arg)
{
	struct allow *allow = list_add(arg);

	get_prefix6(attrs[NAT64_A_ALLOW_PREFIX], attrs[NAT64_A_ALLOW_LEN], &allow->prefix);
}

static int order_allow(const void *a, const void *b)
{
	const struct allow *x = a, *y = b;

	return prefix6_cmp(&x->prefix, &y->prefix);
}

int kern_allows(struct allow **allows, size_t *n)
{
	struct list list = { .size = sizeof(**allows) };
	int error = dump(NAT64_CMD_ALLOW_GET, NULL, NULL, NAT64_A_ALLOW_MAX, take_allow, &list);

	hand_over(&list, allows, n, order_allow);
	return error;
}

/*
 * Counters
 */

struct stats {
	__u64 *values;
	bool *present;
};

static void take_stats(struct nlattr **attrs, void *arg)
{
	struct stats *stats = arg;
	int attr;

	for (attr = 1; attr <= NAT64_A_COUNTER_MAX; attr++) {
		if (!attrs[attr])
			continue;
		stats->present[attr] = true;
		get(attrs[attr], &stats->values[attr], sizeof(*stats->values));
	}
}

int kern_stats(__u64 *values, bool *present)
{
	struct stats stats = { values, present };
	struct answer answer = { .max = NAT64_A_COUNTER_MAX, .take = take_stats, .arg = &stats };

	memset(values, 0, (NAT64_A_COUNTER_MAX + 1) * sizeof(*values));
	memset(present, 0, (NAT64_A_COUNTER_MAX + 1) * sizeof(*present));
	return request_send(request_new(NAT64_CMD_STATS_GET, 0), &answer);
}

static void take_icmp(struct nlattr **attrs, void *arg)
{
	struct icmp *icmp = list_add(arg);

	get(attrs[NAT64_A_ICMP_DIRECTION], &icmp->direction, sizeof(icmp->direction));
	get(attrs[NAT64_A_ICMP_TYPE], &icmp->type, sizeof(icmp->type));
	get(attrs[NAT64_A_ICMP_CODE], &icmp->code, sizeof(icmp->code));
	get(attrs[NAT64_A_ICMP_PACKETS], &icmp->packets, sizeof(icmp->packets));
}

static int order_icmp(const void *a, const void *b)
{
	const struct icmp *x = a, *y = b;

	return (x->direction - y->direction) ?: (x->type - y->type) ?: (x->code - y->code);
}

int kern_icmp(struct icmp **messages, size_t *n)
{
	struct list list = { .size = sizeof(**messages) };
	int error = dump(NAT64_CMD_ICMP_GET, NULL, NULL, NAT64_A_ICMP_MAX, take_icmp, &list);

	hand_over(&list, messages, n, order_icmp);
	return error;
}

/*
 * Transactions
 */

int kern_begin(bool copy)
{
	struct nl_msg *msg = request_new(NAT64_CMD_BEGIN, 0);

	if (msg && copy)
		nla_put_flag(msg, NAT64_A_TRANSACTION_COPY);
	return request_send_only(msg);
}

static void take_commit(struct nlattr **attrs, void *arg)
{
	struct commit_result *result = arg;
	__u8 changed = 0;

	get(attrs[NAT64_A_TRANSACTION_CHANGED], &changed, sizeof(changed));
	result->changed = changed;
	get(attrs[NAT64_A_TRANSACTION_LEASES_KEPT], &result->kept, sizeof(result->kept));
	get(attrs[NAT64_A_TRANSACTION_LEASES_ENDED], &result->ended, sizeof(result->ended));
}

int kern_commit(bool dry_run, struct commit_result *result)
{
	struct answer answer = { .max = NAT64_A_TRANSACTION_MAX,
				 .take = take_commit,
				 .arg = result };
	struct nl_msg *msg = request_new(NAT64_CMD_COMMIT, 0);

	memset(result, 0, sizeof(*result));
	if (msg && dry_run)
		nla_put_flag(msg, NAT64_A_TRANSACTION_DRY_RUN);
	return request_send(msg, &answer);
}

int kern_reset(__u32 *ended)
{
	return request_number(request_new(NAT64_CMD_RESET, 0), NAT64_A_TRANSACTION_LEASES_ENDED,
			      ended);
}

/*
 * Events
 */

static void take_event(const struct nlmsghdr *reply,
		       void (*take)(const struct event *event, void *arg), void *arg)
{
	struct nlattr *attrs[NAT64_A_EVENT_MAX + 1];
	struct event event = { 0 };

	if (genlmsg_hdr((struct nlmsghdr *)reply)->cmd != NAT64_CMD_EVENT_NTF ||
	    genlmsg_parse((struct nlmsghdr *)reply, 0, attrs, NAT64_A_EVENT_MAX, NULL))
		return;
	get(attrs[NAT64_A_EVENT_TYPE], &event.type, sizeof(event.type));
	get(attrs[NAT64_A_EVENT_TIME], &event.time, sizeof(event.time));
	get(attrs[NAT64_A_EVENT_V6], &event.v6, sizeof(event.v6));
	get(attrs[NAT64_A_EVENT_REASON], &event.reason, sizeof(event.reason));
	event.has_v4 = attrs[NAT64_A_EVENT_V4];
	get(attrs[NAT64_A_EVENT_V4], &event.v4, sizeof(event.v4));
	take(&event, arg);
}

/* Is this the notice that our family is gone? */
static bool is_farewell(const struct nlmsghdr *notice)
{
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];

	return notice->nlmsg_type == GENL_ID_CTRL &&
	       genlmsg_hdr((struct nlmsghdr *)notice)->cmd == CTRL_CMD_DELFAMILY &&
	       !genlmsg_parse((struct nlmsghdr *)notice, 0, attrs, CTRL_ATTR_MAX, NULL) &&
	       attrs[CTRL_ATTR_FAMILY_ID] &&
	       nla_get_u16(attrs[CTRL_ATTR_FAMILY_ID]) == family;
}

/* The controller's group first, so that whoever has joined ours is told when it goes. */
static int join_groups(void)
{
	int group = genl_ctrl_resolve_grp(sock, "nlctrl", "notify"), error;

	if (group >= 0)
		nl_socket_add_membership(sock, group);
	group = genl_ctrl_resolve_grp(sock, NAT64_FAMILY_NAME, NAT64_MCGRP_EVENTS);
	if (group < 0)
		return fail(-ENOENT, "the loaded module sends no events");
	error = nl_socket_add_membership(sock, group);
	return error < 0 ? fail(-EPERM, "cannot listen to events: %s", nl_geterror(error)) : 0;
}

int kern_events(void (*ready)(void *arg), void (*take)(const struct event *event, void *arg),
		void (*missed)(void *arg), void *arg)
{
	int error = kern_open(true);

	if (!error)
		error = join_groups();
	if (error)
		return error;
	ready(arg);
	for (;;) {
		struct nlmsghdr *reply = (struct nlmsghdr *)receive_buffer;
		ssize_t got = receive(0);
		int len = got;

		if (got == -ENOBUFS) {
			missed(arg);
			continue;
		}
		if (got < 0)
			return got;
		for (; nlmsg_ok(reply, len); reply = nlmsg_next(reply, &len)) {
			if (is_farewell(reply))
				return fail(-ENODEV, "the module nat64 was unloaded");
			if (reply->nlmsg_type == family)
				take_event(reply, take, arg);
		}
	}
}
