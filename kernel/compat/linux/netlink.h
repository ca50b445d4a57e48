/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.2 an extended ACK can only point to its text.
 */
#ifndef NAT64_COMPAT_LINUX_NETLINK_H
#define NAT64_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

#ifndef NETLINK_MAX_FMTMSG_LEN
#define NETLINK_MAX_FMTMSG_LEN 80

/* The ACK is built only after the handler has returned, so a formatted text must outlive it, and
 * nobody tells when it was sent. A text is overwritten when as many later ones as there are slots
 * were made by the same file in the meantime; then a person reads another refusal's text.
 */
static inline char *nat64_compat_text(void)
{
	static char texts[16][NETLINK_MAX_FMTMSG_LEN];
	static atomic_t next;

	return texts[(unsigned int)atomic_inc_return(&next) % ARRAY_SIZE(texts)];
}

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {				\
	struct netlink_ext_ack *__extack = (extack);				\
	char *__text;								\
										\
	if (!__extack)								\
		break;								\
	__text = nat64_compat_text();						\
	snprintf(__text, NETLINK_MAX_FMTMSG_LEN, fmt, ##args);			\
	__extack->_msg = __text;						\
} while (0)

#define NL_SET_ERR_MSG_FMT_MOD(extack, fmt, args...)	\
	NL_SET_ERR_MSG_FMT((extack), KBUILD_MODNAME ": " fmt, ##args)
#endif

#endif /* NAT64_COMPAT_LINUX_NETLINK_H */
