# SPDX-License-Identifier: GPL-2.0
"""RFC 7915 sections 4.2, 4.3, 5.2 and 5.3: ICMP, every type and code that they name, pointers, MTUs,
and the packet that an error quotes.

An error comes from the host A about a packet that the peer P sent it, or the other way.
"""
from scapy.layers.inet import IPOption, IPOption_NOP
from scapy.layers.inet6 import IPv6ExtHdrDestOpt, IPv6ExtHdrHopByHop, PadN
from wire import (A4, A6, P4, P6, bad, case, frag6, icmp4, icmp6, p4, p6, pad, run, tcp, udp, udplite)

UDP_PAIR = udp(P6, A6, pad(24)), udp(P4, A4, pad(24))


def e6(kind, code, word, quote):
    """An ICMPv6 error that A sends to P."""
    return p6(A6, P6, 58, icmp6(A6, P6, kind, code, word, quote))


def e4(kind, code, word, quote):
    """The ICMP error that it becomes; never longer than 1260 bytes, so without DF."""
    return p4(A4, P4, 1, icmp4(kind, code, word, quote), ttl=63)


def s4(kind, code, word, quote):
    """An ICMP error that P sends to A."""
    return p4(P4, A4, 1, icmp4(kind, code, word, quote))


def r6(kind, code, word, quote):
    """The ICMPv6 error that it becomes."""
    return p6(P6, A6, 58, icmp6(P6, A6, kind, code, word, quote), hlim=63)


def q6(body, proto=17, **fields):
    """What P sent to A, as A saw it."""
    return p6(P6, A6, proto, body, **({"hlim": 57} | fields))


def q4(body, proto=17, **fields):
    """The same, as P sent it."""
    fields = {"ttl": 57, "id": 0, "flags": "DF" if len(body) > 1240 else 0} | fields
    return p4(P4, A4, proto, body, **fields)


def o4(body, proto=17, **fields):
    """What A sent to P, as P saw it."""
    return p4(A4, P4, proto, body, **({"ttl": 57, "id": 0x4321, "flags": "DF"} | fields))


def o6(body, proto=17, **fields):
    """The same, as A sent it."""
    return p6(A6, P6, proto, body, **({"hlim": 57} | fields))


Q6, Q4 = q6(UDP_PAIR[0]), q4(UDP_PAIR[1])
O6, O4 = o6(udp(A6, P6, pad(24))), o4(udp(A4, P4, pad(24)))


# --- types and codes (5.2)
def row64(kind, code, to=None, word=0, to_word=0, note=""):
    name = f"ICMPv6 {kind}/{code}{note}"
    if not to:
        return case("7915 5.2", f"{name} is dropped", e6(kind, code, word, Q6), drop="icmp-type")
    return case("7915 5.2", f"{name} becomes {to[0]}/{to[1]}", e6(kind, code, word, Q6), e4(*to, to_word, Q4))


def row46(kind, code, to=None, word=0, to_word=0, note=""):
    name = f"ICMP {kind}/{code}{note}"
    if not to:
        return case("7915 4.2", f"{name} is dropped", s4(kind, code, word, O4), drop="icmp-type", side=4)
    return case("7915 4.2", f"{name} becomes {to[0]}/{to[1]}", s4(kind, code, word, O4), r6(*to, to_word, O6), side=4)


POINTERS_64 = {0: 0, 1: 1, 4: 2, 5: 2, 6: 9, 7: 8} | {n: 12 for n in range(8, 24)} | {n: 16 for n in range(24, 40)}
POINTERS_46 = {0: 0, 1: 1, 2: 4, 3: 4, 8: 7, 9: 6} | {n: 8 for n in range(12, 16)} | {n: 24 for n in range(16, 20)}

table = [
    row64(1, 0, (3, 1)), row64(1, 1, (3, 10)), row64(1, 2, (3, 1)), row64(1, 3, (3, 1)), row64(1, 4, (3, 3)),
    row64(1, 5), row64(1, 6), row64(1, 7),
    row64(3, 0, (11, 0)), row64(3, 1, (11, 1)),
    row64(4, 1, (3, 2), word=6), row64(4, 2), row64(4, 3),
    row64(5, 0), row64(100, 0), row64(127, 0),
    *(row64(kind, 0) for kind in (130, 131, 132, 133, 134, 135, 136, 137, 139, 143, 200, 255)),
    *(row64(4, 0, (12, 0) if n in POINTERS_64 else None, n, POINTERS_64.get(n, 0) << 24, f", pointer {n}")
      for n in (*range(9), 23, 24, 39, 40, 0xffffffff)),
    *(row64(2, 0, (3, 4), mtu, to, f", MTU {mtu}")
      for mtu, to in ((1280, 1260), (1300, 1280), (1400, 1380), (1480, 1460), (1500, 1480), (1520, 1480), (9000, 1480),
                      (0x10000 + 1400, 1480), (0xffffffff, 1480))),

    *(row46(3, code, (1, 0)) for code in (0, 1, 5, 6, 7, 8, 11, 12)),
    row46(3, 2, (4, 1), to_word=6), row46(3, 3, (1, 4)),
    *(row46(3, code, (1, 1)) for code in (9, 10, 13, 15)),
    row46(3, 14), row46(3, 16), row46(3, 255),
    row46(11, 0, (3, 0)), row46(11, 1, (3, 1)),
    row46(12, 1), row46(12, 3),
    *(row46(kind, 0) for kind in (4, 5, 9, 10, 13, 14, 15, 16, 17, 18, 30, 42, 255)),
    *(row46(12, 0, (4, 0) if n in POINTERS_46 else None, n << 24, POINTERS_46.get(n, 0), f", pointer {n}")
      for n in (*range(13), 15, 16, 19, 20, 255)),
    row46(12, 2, (4, 0), 9 << 24, 6, ", pointer 9"),
    # The IPv6 link has 1500 bytes: MTU_of_IPv6_nexthop.
    *(row46(3, 4, (2, 0), mtu, to, f", MTU {mtu}")
      for mtu, to in ((68, 1280), (576, 1280), (1259, 1280), (1260, 1280), (1261, 1281), (1400, 1420), (1480, 1500),
                      (1481, 1500), (1500, 1500), (9000, 1500), (65535, 1500))),
    row46(3, 4, (2, 0), 0x12000000 + 1400, 1420, ", MTU 1400, unused bits not zero"),
]


# --- MTU 0: a router that does not know RFC 1191. The plateaus are of use on large links only.
def plateau(total, mtu):
    body = pad(total - 20)[:64]
    # Protocol 50, as it has no checksum that would cover the length.
    told4 = p4(A4, P4, 50, body, ttl=57, id=0x4321, flags="DF", len=total)
    told6 = p6(A6, P6, 50, body, hlim=57, plen=total - 20)
    return case("7915 4.2", f"ICMP 3/4, MTU 0, about {total} bytes: the plateau below, and 20", s4(3, 4, 0, told4),
                r6(2, 0, mtu, told6), side=4)


LARGE = ["ip link set lan mtu 65535", "ip link set wan mtu 65535"]
SMALL = ["ip link set lan mtu 1500", "ip link set wan mtu 1500"]
table += [
    plateau(1500, 1500),
    case("7915 4.2", "links of 65535 bytes: MTU 9000 is believed", s4(3, 4, 9000, O4), r6(2, 0, 9020, O6), side=4,
         before=LARGE),
    *(plateau(total, mtu + 20) for total, mtu in
      ((65535, 32000), (32001, 32000), (32000, 17914), (17914, 8166), (8166, 4352), (4352, 2002), (2003, 2002), (2002, 1492),
       (1493, 1492))),
    *(plateau(total, 1280) for total in (1492, 1006, 508, 296, 68, 20)),
    case("7915 5.2", "links of 65535 bytes: MTU 9000 is believed", e6(2, 0, 9000, Q6), e4(3, 4, 8980, Q4), after=SMALL),
]


# --- echo
def echo6(src, dst, kind, data, code=0):
    return icmp6(src, dst, kind, code, 0x12345678, data)


def echo4(kind, data, code=0):
    return icmp4(kind, code, 0x12345678, data)


for to6, to4, name in ((128, 8, "request"), (129, 0, "reply")):
    for size in (0, 1, 56, 1200):
        table += [
            case("7915 5.2", f"echo {name}, {size} bytes", p6(A6, P6, 58, echo6(A6, P6, to6, pad(size))),
                 p4(A4, P4, 1, echo4(to4, pad(size)), ttl=63)),
            case("7915 4.2", f"echo {name}, {size} bytes", p4(P4, A4, 1, echo4(to4, pad(size))),
                 p6(P6, A6, 58, echo6(P6, A6, to6, pad(size)), hlim=63), side=4),
        ]
table += [
    case("7915 5.2", "the code of an echo is kept", p6(A6, P6, 58, echo6(A6, P6, 128, pad(8), 3)),
         p4(A4, P4, 1, echo4(8, pad(8), 3), ttl=63)),
    case("7915 4.2", "the code of an echo is kept", p4(P4, A4, 1, echo4(8, pad(8), 3)),
         p6(P6, A6, 58, echo6(P6, A6, 128, pad(8), 3), hlim=63), side=4),
    case("7915 5.2", "an echo with a wrong checksum", bad(p6(A6, P6, 58, echo6(A6, P6, 128, pad(8))), 50),
         drop="icmp-checksum"),
    case("7915 4.2", "an echo with a wrong checksum", bad(p4(P4, A4, 1, echo4(8, pad(8))), 30), drop="icmp-checksum",
         side=4),
    case("7915 5.2", "an error with a wrong checksum", bad(e6(1, 4, 0, Q6), 100), drop="icmp-checksum"),
    case("7915 4.2", "an error with a wrong checksum", bad(s4(3, 3, 0, O4), 60), drop="icmp-checksum", side=4),
    case("7915 5.2", "ICMPv6 cut short", p6(A6, P6, 58, pad(7)), drop="malformed"),
    case("7915 4.2", "ICMP cut short", p4(P4, A4, 1, pad(7)), drop="malformed", side=4),
]


# --- what an error quotes (4.3, 5.3)
def quoted(name, six, four, drop=None, kind=(1, 4)):
    return case("7915 5.3", f"quotes {name}", e6(*kind, 0, six), () if drop else e4(3, 3, 0, four), drop=drop)


def quoted4(name, four, six, drop=None):
    return case("7915 4.3", f"quotes {name}", s4(3, 3, 0, four), () if drop else r6(1, 4, 0, six), drop=drop, side=4)


def both(name, body6, body4, proto6, proto4=None, cut=None, **fields):
    """Both directions; cut: so many bytes of the transport header are there."""
    proto4 = proto4 or proto6
    f6 = {"tc": fields["tos"]} if "tos" in fields else {}
    hop6 = {"hlim": fields["ttl"]} if "ttl" in fields else {}
    hop4 = {"ttl": fields["ttl"]} if "ttl" in fields else {}
    f4 = {"tos": fields["tos"]} if "tos" in fields else {}
    end = None if cut is None else 40 + cut
    end4 = None if cut is None else 20 + cut
    return [
        quoted(name, q6(body6(P6, A6), proto6, **f6, **hop6)[:end], q4(body4(P4, A4), proto4, **f4, **hop4)[:end4]),
        quoted4(name, o4(body4(A4, P4), proto4, **f4, **hop4)[:end4], o6(body6(A6, P6), proto6, **f6, **hop6)[:end]),
    ]


def the(function, *args):
    return lambda src, dst: function(src, dst, *args)


def opt(kind, nexthdr, size=8):
    return bytes(kind(nh=nexthdr, options=[PadN(optdata=bytes(size - 4))]))


T6, T4 = tcp(P6, A6), tcp(P4, A4)
OPTIONS = [IPOption_NOP(), IPOption(b"\x9e\x07" + pad(5))]
table += [
    *both("TCP", the(tcp, pad(30)), the(tcp, pad(30)), 6),
    *both("8 bytes of TCP", the(tcp, pad(30)), the(tcp, pad(30)), 6, cut=8),
    *both("16 bytes of TCP", the(tcp, pad(30)), the(tcp, pad(30)), 6, cut=16),
    quoted("17 bytes of TCP: half a checksum stays what it was", q6(T6, 6)[:57], q4(T4, 6)[:36] + T6[16:17]),
    quoted4("17 bytes of TCP: half a checksum stays what it was", o4(T4, 6)[:37], o6(T6, 6)[:56] + T4[16:17]),
    *both("8 bytes of UDP", the(udp, pad(500)), the(udp, pad(500)), 17, cut=8),
    *both("4 bytes of UDP", the(udp, pad(500)), the(udp, pad(500)), 17, cut=4),
    *both("no more than an IP header", the(udp, pad(500)), the(udp, pad(500)), 17, cut=0),
    *both("a packet that was 1400 bytes long, 500 of them", the(udp, pad(1352)), the(udp, pad(1352)), 17, cut=500),
    *both("UDP-Lite", the(udplite, pad(30)), the(udplite, pad(30)), 136),
    *both("ESP", lambda src, dst: pad(60), lambda src, dst: pad(60), 50),
    *both("an echo request", the(echo6, 128, pad(40)), lambda src, dst: echo4(8, pad(40)), 58, 1),
    *both("an echo reply", the(echo6, 129, pad(40)), lambda src, dst: echo4(0, pad(40)), 58, 1),
    *both("8 bytes of an echo request", the(echo6, 128, pad(40)), lambda src, dst: echo4(8, pad(40)), 58, 1, cut=8),
    *both("an odd number of bytes", the(udp, pad(31)), the(udp, pad(31)), 17),
    *both("a packet with hop limit 1, which stays", the(udp, pad(8)), the(udp, pad(8)), 17, ttl=1),
    *both("a packet with traffic class bb", the(udp, pad(8)), the(udp, pad(8)), 17, tos=0xbb),

    quoted("extension headers", q6(opt(IPv6ExtHdrHopByHop, 60) + opt(IPv6ExtHdrDestOpt, 17, 24) + UDP_PAIR[0], 0), Q4),
    quoted("the first fragment", q6(frag6(17, 0, 1, 0xabcd1234, udp(P6, A6, pad(1400))[:80]), 44),
           q4(udp(P4, A4, pad(1400))[:80], id=0x1234, flags="MF")),
    quoted("another fragment", q6(frag6(17, 80, 0, 0xabcd1234, pad(60)), 44), q4(pad(60), id=0x1234, frag=10)),
    quoted("a packet longer than IPv4 can tell", p6(P6, A6, 50, pad(64), hlim=57, plen=65535),
           p4(P4, A4, 50, pad(64), ttl=57, id=0, flags="DF", len=65535)),
    quoted4("options", o4(udp(A4, P4, pad(24)), options=OPTIONS), O6),
    quoted4("the first fragment", o4(udp(A4, P4, pad(1400))[:80], flags="MF"),
            o6(frag6(17, 0, 1, 0x4321, udp(A6, P6, pad(1400))[:80]), 44)),
    quoted4("another fragment", o4(pad(60), flags=0, frag=10), o6(frag6(17, 80, 0, 0x4321, pad(60)), 44)),
    quoted4("UDP without a checksum", o4(udp(A4, P4, pad(8))[:6] + b"\0\0" + pad(8)),
            o6(udp(A6, P6, pad(8))[:6] + b"\0\0" + pad(8))),

    quoted("an error: errors about errors", e6(1, 4, 0, O6), None, "icmp-quote"),
    quoted4("an error: errors about errors", e4(3, 3, 0, O4), None, "icmp-quote"),
    quoted("a type that has no counterpart", q6(icmp6(P6, A6, 135, 0, 0, pad(16)), 58), None, "icmp-quote"),
    quoted4("a type that has no counterpart", o4(icmp4(13, 0, 0, pad(16)), 1), None, "icmp-quote"),
    quoted("half an IPv6 header", Q6[:39], None, "icmp-quote"),
    quoted4("half an IPv4 header", O4[:19], None, "icmp-quote"),
    quoted4("options that are cut", o4(udp(A4, P4), options=OPTIONS)[:24], None, "icmp-quote"),
    quoted("nothing", b"", None, "icmp-quote"),
    quoted4("nothing", b"", None, "icmp-quote"),
    quoted("an IPv4 packet", Q4 + bytes(20), None, "icmp-quote"),
    quoted4("an IPv6 packet", O6, None, "icmp-quote"),
    quoted("a packet of an address that can not be translated",
           p6(P6, "2001:db8:77::1", 17, udp(P6, "2001:db8:77::1")), None, "icmp-quote"),

    # --- how long errors may be (RFC 1812 4.3.2.3, RFC 4443 2.4)
    case("7915 5.3", "1280 bytes of ICMPv6 error: 576 of ICMP", e6(1, 4, 0, q6(udp(P6, A6, pad(1400)))[:1232]),
         e4(3, 3, 0, q4(udp(P4, A4, pad(1400)))[:548])),
    case("7915 5.3", "596 bytes of ICMPv6 error: quote whole", e6(1, 4, 0, q6(udp(P6, A6, pad(1400)))[:548]),
         e4(3, 3, 0, q4(udp(P4, A4, pad(1400)))[:528])),
    case("7915 5.3", "1500 bytes of ICMPv6 error: 576, without DF", e6(1, 4, 0, q6(udp(P6, A6, pad(1400)))[:1448]),
         e4(3, 3, 0, q4(udp(P4, A4, pad(1400)))[:548])),
    case("7915 4.3", "1500 bytes of ICMP error: 1280 of ICMPv6", s4(3, 3, 0, o4(udp(A4, P4, pad(1472)))[:1472]),
         r6(1, 4, 0, o6(udp(A6, P6, pad(1472)))[:1232]), side=4),
    case("7915 4.3", "576 bytes of ICMP error: quote whole", s4(3, 3, 0, o4(udp(A4, P4, pad(1472)))[:548]),
         r6(1, 4, 0, o6(udp(A6, P6, pad(1472)))[:568]), side=4),
]

if __name__ == "__main__":
    run(table)
