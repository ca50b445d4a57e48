// SPDX-License-Identifier: GPL-2.0
/*
 * Stands between nat64ctl and the kernel, by LD_PRELOAD, and makes one look newer than the other:
 *
 *	SKEW_REQUEST=NAME	the module does not know this request
 *	SKEW_ATTRIBUTE=NAME	or, of that request, only not this attribute
 *	SKEW_REPLY=1		the module tells more in each reply than the tool knows
 *	SKEW_UNTOLD=N		and nothing from attribute N on that the tool does know
 *
 * What nobody knows has a number that no version has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/nat64.h>

#define NO_COMMAND	250
#define NO_ATTRIBUTE	1000

#define REQUEST(command, attribute, name)	{ command, attribute, name },

static const struct {
	int command;
	int attr;
	const char *name;
} requests[] = {
#include "requests-gen.h"
};

#define N_REQUESTS	(sizeof(requests) / sizeof(*requests))

static char buffer[1 << 20];

static int is_named(const char *variable, int command, int attr)
{
	const char *name = getenv(variable);
	size_t i;

	for (i = 0; name && i < N_REQUESTS; i++)
		if (requests[i].command == command && requests[i].attr == attr)
			return !strcmp(requests[i].name, name);
	return 0;
}

/* The attributes of a message, one after the other; NULL at the end. */
static struct nlattr *next(struct nlmsghdr *msg, struct nlattr *attr)
{
	char *at = attr ? (char *)attr + NLA_ALIGN(attr->nla_len) :
			  (char *)NLMSG_DATA(msg) + GENL_HDRLEN;

	return at + NLA_HDRLEN <= (char *)msg + msg->nlmsg_len ? (struct nlattr *)at : NULL;
}

static int is_ours(const struct nlmsghdr *msg)
{
	return msg->nlmsg_type > GENL_ID_CTRL;
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
	struct nlmsghdr *msg = memcpy(buffer, data, len);
	struct nlattr *attr;
	int left = len;

	for (; NLMSG_OK(msg, left); msg = NLMSG_NEXT(msg, left)) {
		struct genlmsghdr *request = NLMSG_DATA(msg);

		if (!is_ours(msg) || !is_named("SKEW_REQUEST", request->cmd, 0))
			continue;
		for (attr = next(msg, NULL); attr; attr = next(msg, attr))
			if (is_named("SKEW_ATTRIBUTE", request->cmd, attr->nla_type))
				attr->nla_type = NO_ATTRIBUTE;
		if (!getenv("SKEW_ATTRIBUTE"))
			request->cmd = NO_COMMAND;
	}
	return sendto(fd, buffer, len, flags, NULL, 0);
}

/* A copy of the reply, with what nobody knows at its end. */
static size_t extend(char *to, struct nlmsghdr *msg)
{
	struct nlmsghdr *copy = memcpy(to, msg, msg->nlmsg_len);
	const char *untold = getenv("SKEW_UNTOLD");
	struct nlattr *attr;

	if (is_ours(msg)) {
		for (attr = next(copy, NULL); attr; attr = next(copy, attr))
			if (untold && attr->nla_type >= atoi(untold))
				attr->nla_type += NO_ATTRIBUTE;
		attr = (struct nlattr *)(to + NLMSG_ALIGN(msg->nlmsg_len));
		attr->nla_type = NO_ATTRIBUTE;
		attr->nla_len = NLA_HDRLEN + 4;
		copy->nlmsg_len = NLMSG_ALIGN(msg->nlmsg_len) + attr->nla_len;
	}
	return NLMSG_ALIGN(copy->nlmsg_len);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
	ssize_t (*real)(int fd, void *data, size_t size, int flags) = dlsym(RTLD_NEXT, "recv");
	struct nlmsghdr *msg = data;
	ssize_t got = real(fd, data, size, flags);
	int left = got;
	size_t len = 0;

	if (got < 0 || !getenv("SKEW_REPLY"))
		return got;
	for (; NLMSG_OK(msg, left); msg = NLMSG_NEXT(msg, left))
		len += extend(buffer + len, msg);
	memcpy(data, buffer, len);
	return len;
}
