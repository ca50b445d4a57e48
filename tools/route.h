/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NAT64CTL_ROUTE_H
#define NAT64CTL_ROUTE_H

/* The prefix or a pool changed, so that routes may have to change. */
void routes_changed(void);

/* If so, makes the routes what they should be and says what it did. Returns an exit status. */
int routes_settle(void);

/* The interface that packets to an address leave by; 0 if there is no route. */
int route_interface(int family, const void *addr);

#endif
