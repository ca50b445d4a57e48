# SPDX-License-Identifier: GPL-2.0
"""RFC 7915 section 5: IPv6 packets become IPv4 ones. ICMPv6 is in rfc7915_icmp.py."""
from scapy.layers.inet6 import (IPv6ExtHdrDestOpt, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PadN)
from wire import (A4, A6, B4, B6, P4, P6, Q4, Q6, R6, bad, case, dccp, frag6, icmp6, p4, p6,
                  pad, run, tcp, udp, udplite, vanishing)


def sent(body, proto=17, **fields):
    return p6(A6, P6, proto, body, **fields)


def got(body, proto=17, **fields):
    return p4(A4, P4, proto, body, ttl=63, **fields)


def u6(size, **fields):
    return udp(A6, P6, pad(size), **fields)


def u4(size, **fields):
    return udp(A4, P4, pad(size), **fields)


def opt(kind, nexthdr, size=8):
    """An extension header of that many bytes, filled with one PadN option."""
    return bytes(kind(nh=nexthdr, options=[PadN(optdata=bytes(size - 4))]))


def routing(nexthdr, left, kind=2):
    return bytes(IPv6ExtHdrRouting(nh=nexthdr, type=kind, segleft=left, addresses=["2001:db8::9"]))


def prohibited(invoking):
    """RFC 7915 5.4: communication with destination administratively prohibited."""
    return p6(R6, A6, 58, icmp6(R6, A6, 1, 1, 0, invoking[:1232]))


def first_only(offset, invoking):
    """RFC 4443 2.4 (e.1): a later fragment might be one of an error."""
    return () if offset else prohibited(invoking)


def pointer(invoking, at):
    """Parameter problem, erroneous header field, from the router."""
    return p6(R6, A6, 58, icmp6(R6, A6, 4, 0, at, invoking))


XB6 = "2001:db8:1c6:3364:3::"  # B's IPv4 address inside the prefix
HBH, DST = IPv6ExtHdrHopByHop, IPv6ExtHdrDestOpt
DF = dict(flags="DF", id=0)

table = [
    # --- the header
    case("7915 5.1", "UDP", sent(u6(32)), got(u4(32))),
    case("7915 5.1", "UDP without data", sent(u6(0)), got(u4(0))),
    case("7915 5.1", "UDP with an odd number of bytes", sent(u6(33)), got(u4(33))),
    case("7915 5.1", "TCP", sent(tcp(A6, P6, pad(40)), 6), got(tcp(A4, P4, pad(40)), 6)),
    case("7915 5.1", "TCP SYN with options",
         sent(tcp(A6, P6, flags="S", options=[("MSS", 1440), ("WScale", 7), ("NOP", None)]), 6),
         got(tcp(A4, P4, flags="S", options=[("MSS", 1440), ("WScale", 7), ("NOP", None)]), 6)),
    case("7915 5.1", "from a host whose address is not in the prefix",
         p6(B6, Q6, 17, udp(B6, Q6, pad(9))), p4(B4, Q4, 17, udp(B4, Q4, pad(9)), ttl=63)),
    case("7915 5.1", "traffic class is copied, DSCP and ECN", sent(u6(8), tc=0xbb), got(u4(8), tos=0xbb)),
    case("7915 5.1", "traffic class 1: ECT(1) alone", sent(u6(8), tc=1), got(u4(8), tos=1)),
    case("7915 5.1", "flow label is ignored", sent(u6(8), fl=0xfffff, tc=3), got(u4(8), tos=3)),
    case("7915 5.1", "hop limit 2 is decremented once", sent(u6(8), hlim=2), p4(A4, P4, 17, u4(8), ttl=1)),
    case("7915 5.1", "hop limit 255", sent(u6(8), hlim=255), p4(A4, P4, 17, u4(8), ttl=254)),
    case("7915 5.1", "hop limit 1: time exceeded", sent(u6(8), hlim=1),
         answer=p6(R6, A6, 58, icmp6(R6, A6, 3, 0, 0, sent(u6(8), hlim=1)))),
    case("7915 5.1", "zero-tos off, then on: DSCP zero, ECN kept", sent(u6(8), tc=0xbb), got(u4(8), tos=3),
         before=["nat64ctl set zero-tos on"], after=["nat64ctl set zero-tos off"]),
    case("6052 2.3", "the suffix of the destination is ignored", p6(A6, "2001:db8:1c0:2:21::1:1", 17,
         udp(A6, "2001:db8:1c0:2:21::1:1", pad(5))), got(u4(5))),

    case("7757 4.2", "towards another host with a map: there and back, decremented twice",
         p6(A6, XB6, 17, udp(A6, XB6, pad(8))), answer=p6(A6, B6, 17, udp(A6, B6, pad(8)), hlim=62)),

    # --- don't fragment
    case("7915 5.1", "1260 bytes of IPv4: may be fragmented", sent(u6(1232)), got(u4(1232))),
    case("7915 5.1", "1261 bytes of IPv4: may not", sent(u6(1233)), got(u4(1233), **DF)),
    case("7915 5.1", "1480 bytes of IPv4: may not", sent(u6(1452)), got(u4(1452), **DF)),
    case("7915 5.1", "TCP, 1480 bytes of IPv4", sent(tcp(A6, P6, pad(1440)), 6), got(tcp(A4, P4, pad(1440)), 6, **DF)),

    # --- transport
    case("7915 5.5", "a checksum that comes out as 0 is sent as ffff",
         sent(udp(A6, P6, vanishing(A4, P4))), got(udp(A4, P4, vanishing(A4, P4)))),
    case("3828 3.1", "of UDP-Lite too", sent(udplite(A6, P6, vanishing(A4, P4, 136)), 136),
         got(udplite(A4, P4, vanishing(A4, P4, 136)), 136)),
    case("7915 5.5", "UDP-Lite", sent(udplite(A6, P6, pad(21)), 136), got(udplite(A4, P4, pad(21)), 136)),
    case("7915 5.5", "DCCP", sent(dccp(A6, P6, pad(20)), 33), got(dccp(A4, P4, pad(20)), 33)),
    case("7915 5.5", "SCTP is not touched", sent(pad(32), 132), got(pad(32), 132)),
    case("7915 5.5", "ESP passes", sent(pad(40), 50), got(pad(40), 50)),
    case("7915 5.5", "GRE passes", sent(pad(24), 47), got(pad(24), 47)),
    case("7915 5.5", "a protocol that nobody knows passes", sent(pad(3), 253), got(pad(3), 253)),
    case("7915 5.5", "a wrong TCP checksum stays wrong by the same", sent(bad(tcp(A6, P6, pad(16)), 30), 6),
         got(bad(tcp(A4, P4, pad(16)), 30), 6)),
    case("7915 5.1", "next header 1: ICMP that nobody verified", sent(pad(8), 1), drop="icmp-type"),

    # --- extension headers
    case("7915 5.1", "hop-by-hop options are skipped", sent(opt(HBH, 17) + u6(8), 0), got(u4(8))),
    case("7915 5.1", "destination options are skipped", sent(opt(DST, 17) + u6(8), 60), got(u4(8))),
    case("7915 5.1", "destination options of 64 bytes are skipped", sent(opt(DST, 17, 64) + u6(8), 60), got(u4(8))),
    case("7915 5.1", "a routing header with no segments left is skipped", sent(routing(17, 0) + u6(8), 43), got(u4(8))),
    case("7915 5.1", "all of them, before TCP",
         sent(opt(HBH, 60) + opt(DST, 43, 24) + routing(60, 0) + opt(DST, 6) + tcp(A6, P6, pad(4)), 0),
         got(tcp(A4, P4, pad(4)), 6)),
    case("7915 5.1", "extension headers count not for the 1260 bytes",
         sent(opt(DST, 17, 64) + u6(1232), 60), got(u4(1232))),
    case("7915 5.1", "one segment left: the pointer points at it", sent(routing(17, 1) + u6(8), 43),
         answer=pointer(sent(routing(17, 1) + u6(8), 43), 43), drop="segments-left"),
    case("7915 5.1", "the same, of a type that nobody knows", sent(routing(17, 2, 200) + u6(8), 43),
         answer=pointer(sent(routing(17, 2, 200) + u6(8), 43), 43), drop="segments-left"),
    case("7915 5.1", "behind hop-by-hop and destination options",
         sent(opt(HBH, 60) + opt(DST, 43, 24) + routing(17, 1) + u6(8), 0),
         answer=pointer(sent(opt(HBH, 60) + opt(DST, 43, 24) + routing(17, 1) + u6(8), 0), 75), drop="segments-left"),
    case("7915 5.1", "no next header", sent(pad(8), 59), got(pad(8), 59)),
    case("7915 5.1", "no next header, and no payload", sent(b"", 59), got(b"", 59)),
    case("7915 5.1", "no payload where there should be some", sent(b"", 17), drop="malformed"),
    case("7915 5.1", "an extension header longer than the packet", sent(bytes([17, 9]) + bytes(6) + u6(8), 60),
         answer=prohibited(sent(bytes([17, 9]) + bytes(6) + u6(8), 60)), drop="extension-header"),
    case("7915 5.1", "an extension header cut short", sent(bytes([17, 0, 1, 1]), 60),
         answer=prohibited(sent(bytes([17, 0, 1, 1]), 60)), drop="extension-header"),
    case("7915 5.1", "AH passes", sent(pad(24), 51), got(pad(24), 51)),
    case("7915 5.1", "next header 2: IGMP does not leave its link", sent(pad(8), 2), drop="icmp-type"),

    # --- lengths
    case("7915 5.1", "padding behind the packet is cut", sent(u6(2)) + bytes(6), got(u4(2))),
    case("8200 3", "a payload length beyond the packet", sent(u6(8))[:-1]),
    case("7915 5.1", "a UDP header cut short", sent(pad(7)), drop="malformed"),
    case("7915 5.1", "a TCP header cut short", sent(pad(19), 6), drop="malformed"),

    # --- destinations that are none
    *(case("6890", f"towards {v4}",
           p6(A6, v6, 17, udp(A6, v6)), answer=prohibited(p6(A6, v6, 17, udp(A6, v6))), drop="martian")
      for v4, v6 in (("0.0.0.1", "2001:db8:100:0:1::"), ("127.0.0.1", "2001:db8:17f:0:1::"),
                     ("224.0.0.1", "2001:db8:1e0:0:1::"), ("240.0.0.1", "2001:db8:1f0:0:1::"),
                     ("255.255.255.255", "2001:db8:1ff:ffff:ff::"))),
    case("4443 3.1", "from a host without a map, and no pool",
         p6("2001:db8:9::99", P6, 17, udp("2001:db8:9::99", P6)),
         answer=p6(R6, "2001:db8:9::99", 58, icmp6(R6, "2001:db8:9::99", 1, 5, 0,
                   p6("2001:db8:9::99", P6, 17, udp("2001:db8:9::99", P6)))), drop="no-map"),
]


# --- fragments, each translated by itself
whole6, whole4 = udp(A6, P6, pad(2992)), udp(A4, P4, pad(2992))  # 3000 bytes with the header
pieces = ((0, 1232, 1), (1232, 2464, 1), (2464, 3000, 0))


def f6(start, end, more, ident=0xabcd1234, whole=whole6, proto=17):
    return sent(frag6(proto, start, more, ident, whole[start:end]), 44)


def f4(start, end, more, whole=whole4, proto=17):
    return got(whole[start:end], proto, id=0x1234, flags="MF" if more else 0, frag=start // 8)


t6, t4 = tcp(A6, P6, pad(2000)), tcp(A4, P4, pad(2000))
table += [
    case("7915 5.1.1", "the first fragment", f6(*pieces[0]), f4(*pieces[0])),
    case("7915 5.1.1", "one from the middle", f6(*pieces[1]), f4(*pieces[1])),
    case("7915 5.1.1", "the last", f6(*pieces[2]), f4(*pieces[2])),
    case("7915 5.1.1", "all of them, last first", [f6(*piece) for piece in pieces[::-1]],
         [f4(*piece) for piece in pieces[::-1]]),
    case("7915 5.1.1", "of TCP", f6(0, 1440, 1, whole=t6, proto=6), f4(0, 1440, 1, whole=t4, proto=6)),
    case("7915 5.1.1", "no DF on a fragment longer than 1260 bytes", f6(0, 1448, 1), f4(0, 1448, 1)),
    case("7915 5.1.1", "a fragment that is the whole packet (atomic)",
         sent(frag6(17, 0, 0, 0xabcd1234, u6(20)), 44), got(u4(20), id=0x1234)),
    case("7915 5.1.1", "the same, longer than 1260 bytes: no DF",
         sent(frag6(17, 0, 0, 0xabcd1234, u6(1400)), 44), got(u4(1400), id=0x1234)),
    case("7915 5.1.1", "the reserved bits of the fragment header are ignored",
         sent(frag6(17, 0, 0, 7, u6(20), reserved=0xff), 44), got(u4(20), id=7)),
    case("7915 5.1.1", "extension headers before the fragment header",
         sent(opt(HBH, 44) + frag6(17, 0, 1, 5, whole6[:64]), 0), got(whole4[:64], id=5, flags="MF")),
    case("7915 5.1.1", "of a protocol without checksum", sent(frag6(50, 800, 1, 9, pad(80)), 44),
         got(pad(80), 50, id=9, flags="MF", frag=100)),
    *(case("7915 5.1.1", f"extension header {kind} behind the fragment header{where}",
           sent(frag6(kind, offset, more, 5, opt(DST, 17) + whole6[:64]), 44),
           answer=first_only(offset, sent(frag6(kind, offset, more, 5, opt(DST, 17) + whole6[:64]), 44)),
           drop="extension-header")
      for kind in (0, 43, 44, 51, 60, 135)
      for where, offset, more in (("", 0, 1), (", a later one", 1232, 1), (", atomic", 0, 0))),
    case("7915 5.1.1", "ESP behind it passes", sent(frag6(50, 0, 1, 9, pad(80)), 44), got(pad(80), 50, id=9, flags="MF")),
    case("7915 1.2, 5.4", "of ICMPv6: the first", sent(frag6(58, 0, 1, 9, icmp6(A6, P6, 128, 0, 1, pad(64))), 44),
         drop="icmp-fragment"),
    case("7915 1.2", "of an ICMPv6 error: the first", sent(frag6(58, 0, 1, 9, icmp6(A6, P6, 1, 4, 0, pad(64))), 44),
         drop="icmp-fragment"),
    case("7915 1.2", "of ICMPv6: another", sent(frag6(58, 64, 0, 9, pad(64)), 44), drop="icmp-fragment"),
    *(case("8200 4.5", name, sent(frag6(proto, offset, more, 5, data), 44),
           answer=first_only(offset, sent(frag6(proto, offset, more, 5, data), 44)), drop="fragment")
      for name, proto, offset, more, data in (
          ("not a multiple of 8 bytes, but not the last", 17, 0, 1, whole6[:61]),
          ("the same, a later one", 17, 1232, 1, whole6[:61]),
          ("the same, of ICMPv6", 58, 1232, 1, whole6[:61]),
          ("beyond 64 KiB", 17, 65520, 0, pad(64)),
          ("a first fragment without the whole TCP header", 6, 0, 1, t6[:16]))),
]

if __name__ == "__main__":
    run(table)
