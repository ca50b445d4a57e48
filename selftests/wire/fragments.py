# SPDX-License-Identifier: GPL-2.0
"""Fragments where the router puts them together: with conntrack in IPv4 (argument: ip), in IPv6 (ip6)
or in both (ip ip6).

What comes out is cut like what came in, or as RFC 7915 section 4 says. The identification is that of
the datagram as long as nobody has put it together on the IPv6 side.
"""
import sys

from wire import (A4, A6, ANY_ID, ANY_ID6, P4, P6, R4, case, frag6, icmp4, icmp6, p4, p6, pad, run, tcp, udp)

ip, ip6 = "ip" in sys.argv[1:], "ip6" in sys.argv[1:]
mode = " and ".join(sys.argv[1:])
id4 = ANY_ID if ip6 else 0x1234
id6 = ANY_ID6 if ip6 else 0x1234


def ranges(total, size):
    return [(at, min(at + size, total)) for at in range(0, total, size)]


def sent6(proto, body, size, ident=0xabcd1234):
    return [p6(A6, P6, 44, frag6(proto, a, b < len(body), ident, body[a:b])) for a, b in ranges(len(body), size)]


def got4(proto, body, size):
    return [p4(A4, P4, proto, body[a:b], ttl=63, id=id4, frag=a // 8, flags="MF" if b < len(body) else 0)
            for a, b in ranges(len(body), size)]


def sent4(proto, body, size, df=""):
    return [p4(P4, A4, proto, body[a:b], id=0x1234, frag=a // 8, flags="+".join(filter(None, ("MF" if b < len(body) else "", df))) or 0)
            for a, b in ranges(len(body), size)]


def got6(proto, body, size):
    if size >= len(body):
        return [p6(P6, A6, proto, body, hlim=63)]
    return [p6(P6, A6, 44, frag6(proto, a, b < len(body), id6, body[a:b]), hlim=63) for a, b in ranges(len(body), size)]


def echo6(size):
    return icmp6(A6, P6, 128, 0, 0x12340001, pad(size)), icmp4(8, 0, 0x12340001, pad(size))


def echo4(size):
    return icmp4(8, 0, 0x12340001, pad(size)), icmp6(P6, A6, 128, 0, 0x12340001, pad(size))


def both64(function, size):
    return function(A6, P6, pad(size)), function(A4, P4, pad(size))


def both46(function, size):
    return function(P4, A4, pad(size)), function(P6, A6, pad(size))


def row64(desc, proto6, proto4, bodies, size, drop=None, order=1):
    return case("7915 5.1.1", f"{mode}: {desc}", sent6(proto6, bodies[0], size)[::order],
                () if drop else got4(proto4, bodies[1], size), drop=drop)


def row46(desc, proto4, proto6, bodies, size, to, drop=None, order=1, df=""):
    pieces = sent4(proto4, bodies[0], size, df)
    # RFC 7915 4.4, for the first alone.
    refusal = p4(R4, P4, 1, icmp4(3, 13, 0, pieces[0][:548]), tos=0xc0)
    return case("7915 4.1", f"{mode}: {desc}", pieces[::order], () if drop else got6(proto6, bodies[1], to),
                answer=refusal if drop else (), drop=drop, side=4)


def unsummed(body):
    return body[:6] + b"\0\0" + body[8:]


table = [
    row64("UDP in three pieces", 17, 17, both64(udp, 2992), 1232),
    row64("last piece first", 17, 17, both64(udp, 2992), 1232, order=-1),
    row64("TCP in two", 6, 6, both64(tcp, 2000), 1232),
    row64("pieces of 600 bytes stay so small", 17, 17, both64(udp, 1492), 600),
    row64("pieces of 1448 bytes, without DF", 17, 17, both64(udp, 2992), 1448),
    row64("64 KB of UDP", 17, 17, both64(udp, 65000), 1232),
    row64("of a protocol without checksum", 50, 50, (pad(2000), pad(2000)), 1232),
    row64("ICMPv6 echo: only whole" if ip6 else "ICMPv6 echo: not piecemeal", 58, 1, echo6(2992), 1232,
          None if ip6 else "icmp-fragment"),
    case("7915 5.1.1", f"{mode}: a fragment that is the whole packet (atomic): no DF",
         p6(A6, P6, 44, frag6(17, 0, 0, 0xabcd1234, udp(A6, P6, pad(1400)))),
         p4(A4, P4, 17, udp(A4, P4, pad(1400)), ttl=63, id=id4)),

    # In IPv4 put together: cut anew, to 1280 bytes of IPv6. Otherwise each piece by itself.
    row46("UDP in three pieces", 17, 17, both46(udp, 2992), 1232, 1232),
    row46("last piece first", 17, 17, both46(udp, 2992), 1232, 1232, order=-1),
    row46("TCP in two", 6, 6, both46(tcp, 2000), 1232, 1232),
    row46("pieces of 600 bytes", 17, 17, both46(udp, 2492), 600, 1232 if ip else 600),
    row46("two pieces that are 1200 bytes together", 17, 17, both46(udp, 1192), 600, 1200 if ip else 600),
    row46("64 KB of UDP", 17, 17, both46(udp, 65000), 1232, 1232),
    row46("of a protocol without checksum", 50, 50, (pad(2000), pad(2000)), 1232, 1232),
    row46("pieces with DF", 17, 17, both46(udp, 2992), 1232, 1232, df="DF"),
    row46("ICMP echo: only whole" if ip else "ICMP echo: not piecemeal", 1, 58, echo4(2992), 1232, 1232,
          None if ip else "icmp-fragment"),
]
if ip:
    table += [
        row46("pieces of 1480 bytes", 17, 17, both46(udp, 2992), 1480, 1232),
        row46("pieces of 1480 bytes with DF", 17, 17, both46(udp, 2992), 1480, 1232, df="DF"),
        row46("UDP without a checksum: it is computed", 17, 17,
              (unsummed(udp(P4, A4, pad(2992))), udp(P6, A6, pad(2992))), 1232, 1232),
    ]

if __name__ == "__main__":
    run(table)
