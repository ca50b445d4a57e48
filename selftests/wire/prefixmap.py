# SPDX-License-Identifier: GPL-2.0
"""RFC 7757: pairs of prefixes. Arguments: IPv4=IPv6 for both directions, IPv4>IPv6 or IPv4<IPv6 for one."""
import re
import sys

from wire import P4, P6, case, icmp4, icmp6, p4, p6, pad, run, udp

table = []
for argument in sys.argv[1:]:
    v4, direction, v6 = re.fullmatch(r"([^=<>]*)([=<>])(.*)", argument).groups()
    body6, body4 = udp(v6, P6, pad(8)), udp(v4, P4, pad(8))
    if direction in "=<":
        table.append(case("7757 3.4", f"{v6} is {v4}", p6(v6, P6, 17, body6), p4(v4, P4, 17, body4, ttl=63)))
        quote6, quote4 = p6(P6, v6, 17, udp(P6, v6), hlim=9), p4(P4, v4, 17, udp(P4, v4), ttl=9, id=0)
        table.append(case("7757 3.4", f"{v6} is {v4} in what an error quotes",
                          p6(v6, P6, 58, icmp6(v6, P6, 1, 4, 0, quote6)),
                          p4(v4, P4, 1, icmp4(3, 3, 0, quote4), ttl=63)))
    if direction in "=>":
        table.append(case("7757 3.3", f"{v4} is {v6}", p4(P4, v4, 17, udp(P4, v4, pad(8))),
                          p6(P6, v6, 17, udp(P6, v6, pad(8)), hlim=63), side=4))

if __name__ == "__main__":
    run(table)
