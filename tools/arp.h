/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NAT64CTL_ARP_H
#define NAT64CTL_ARP_H

#include "config.h"

/* External addresses are to be answered for on their interface, as long as they have this rule. */
void arp_answer(const struct nat44 *rule);

/* Rules may have gone, and with them what was answered for. */
void arp_changed(void);

/* Nothing is to be answered for but what is asked for from now on. */
void arp_replaced(void);

/* If so, makes the proxy entries right and says what it did. Returns an exit status. */
int arp_settle(void);

/* Who made the proxy entries that count: nat64ctl, or anybody. */
enum arp_whose { ARP_OURS, ARP_ANYBODYS };

/* Which of the rules have their external addresses answered for. Returns an exit status. */
int arp_mark(struct nat44 *rules, size_t n, enum arp_whose whose);

#endif
