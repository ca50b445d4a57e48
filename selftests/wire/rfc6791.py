# SPDX-License-Identifier: GPL-2.0
"""RFC 6791: the IPv4 source of errors from IPv6 routers that have no map.

The argument is the source that they must get, or "lease" for what comes once there is a pool.
"""
import sys

from wire import A4, A6, P4, P6, case, icmp4, icmp6, p4, p6, pad, run, udp

source = sys.argv[1]
ROUTER = "2001:db8:ffff::1"
INSIDE6, INSIDE4 = "2001:db8:1c6:3364:63::", "198.51.100.99"

quote6 = p6(P6, A6, 17, udp(P6, A6, pad(40)), hlim=3)
quote4 = p4(P4, A4, 17, udp(P4, A4, pad(40)), ttl=3, id=0)


def error(desc, src6, src4, kind6, kind4):
    return case("6791 4", desc, p6(src6, P6, 58, icmp6(src6, P6, *kind6, quote6)),
                p4(src4, P4, 1, icmp4(*kind4, quote4), ttl=63))


table = [
    error(f"time exceeded from a router without a map comes from {source}", ROUTER, source, (3, 0, 0), (11, 0, 0)),
    error("no route to destination too", ROUTER, source, (1, 0, 0), (3, 1, 0)),
    error("packet too big too", ROUTER, source, (2, 0, 1400), (3, 4, 1380)),
    error("and from another router", "2001:db8:ffff::2", source, (3, 0, 0), (11, 0, 0)),
    error("a host with a map has its own address", A6, A4, (1, 4, 0), (3, 3, 0)),
    error("an address inside the prefix stands for itself", INSIDE6, INSIDE4, (3, 0, 0), (11, 0, 0)),
]

if __name__ == "__main__":
    run(table)
