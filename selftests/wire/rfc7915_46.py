# SPDX-License-Identifier: GPL-2.0
"""RFC 7915 section 4: IPv4 packets become IPv6 ones. ICMP is in rfc7915_icmp.py."""
from scapy.layers.inet import (IPOption, IPOption_LSRR, IPOption_NOP, IPOption_RR, IPOption_SSRR)
from wire import (A4, A6, B4, B6, P4, P6, Q4, Q6, R4, bad, case, dccp, frag6, icmp4, p4, p6,
                  pad, run, tcp, udp, udplite, vanishing)


def sent(body, proto=17, **fields):
    return p4(P4, A4, proto, body, **({"id": 0x1234} | fields))


def got(body, proto=17, **fields):
    return p6(P6, A6, proto, body, **({"hlim": 63} | fields))


def u4(size, **fields):
    return udp(P4, A4, pad(size), **fields)


def u6(size, **fields):
    return udp(P6, A6, pad(size), **fields)


def zero(packet, head=20):
    """The packet with no UDP checksum."""
    return packet[:head + 6] + b"\0\0" + packet[head + 8:]


def answer4(kind, code, word, invoking, **fields):
    """An ICMP error from the router; RFC 1812 4.3.2.5: its TOS, but precedence internetwork control."""
    return p4(R4, P4, 1, icmp4(kind, code, word, invoking[:548]), tos=0xc0 | invoking[1] & 0x1e, **fields)


def prohibited(invoking):
    """RFC 7915 4.4: communication administratively prohibited."""
    return answer4(3, 13, 0, invoking)


def cut6(body, proto, ident, first=0, last=True):
    """The pieces of an IPv6 payload that fit 1280 bytes each, first of them at that offset."""
    pieces = [body[at:at + 1232] for at in range(0, len(body), 1232)]
    return [got(frag6(proto, first + at * 1232, not last or at + 1 < len(pieces), ident, piece), 44)
            for at, piece in enumerate(pieces)]


ROUTERS = ["198.18.0.1", "198.18.0.2"]
OPTIONS = [
    ("no operation, then record route", [IPOption_NOP(), IPOption_RR(routers=ROUTERS, pointer=4)]),
    ("a source route that has run out", [IPOption_LSRR(routers=ROUTERS, pointer=12)]),
    ("a strict source route that has run out", [IPOption_SSRR(routers=ROUTERS, pointer=12)]),
    ("one that nobody knows", [IPOption(b"\x9e\x04\x01\x02")]),
    ("all forty bytes of them", [IPOption(b"\x9e\x28" + pad(38))]),
]
ROUTES = [
    ("loose", [IPOption_LSRR(routers=ROUTERS, pointer=4)]),
    ("strict", [IPOption_SSRR(routers=ROUTERS, pointer=8)]),
    ("loose, behind others", [IPOption_NOP(), IPOption_RR(routers=ROUTERS, pointer=4),
                              IPOption_LSRR(routers=ROUTERS, pointer=8)]),
]

table = [
    # --- the header
    case("7915 4.1", "UDP", sent(u4(32)), got(u6(32)), side=4),
    case("7915 4.1", "UDP without data", sent(u4(0)), got(u6(0)), side=4),
    case("7915 4.1", "UDP with an odd number of bytes", sent(u4(33)), got(u6(33)), side=4),
    case("7915 4.1", "TCP", sent(tcp(P4, A4, pad(40)), 6), got(tcp(P6, A6, pad(40)), 6), side=4),
    case("7915 4.1", "TCP SYN with options",
         sent(tcp(P4, A4, flags="S", options=[("MSS", 1460), ("WScale", 7), ("NOP", None)]), 6),
         got(tcp(P6, A6, flags="S", options=[("MSS", 1460), ("WScale", 7), ("NOP", None)]), 6), side=4),
    case("7915 4.1", "towards a host whose address is not in the prefix",
         p4(Q4, B4, 17, udp(Q4, B4, pad(9))), p6(Q6, B6, 17, udp(Q6, B6, pad(9)), hlim=63), side=4),
    case("7915 4.1", "don't fragment makes no difference", sent(u4(32), flags="DF"), got(u6(32)), side=4),
    case("7915 4.1", "TOS is copied, DSCP and ECN", sent(u4(8), tos=0xbb), got(u6(8), tc=0xbb), side=4),
    case("7915 4.1", "TOS 2: ECT(0) alone", sent(u4(8), tos=2), got(u6(8), tc=2), side=4),
    case("7915 4.1", "zero-tos: DSCP zero, ECN kept", sent(u4(8), tos=0xbb), got(u6(8), tc=3), side=4,
         before=["nat64ctl set zero-tos on"], after=["nat64ctl set zero-tos off"]),
    case("7915 4.1", "TTL 2 is decremented once", sent(u4(8), ttl=2), got(u6(8), hlim=1), side=4),
    case("7915 4.1", "TTL 255", sent(u4(8), ttl=255), got(u6(8), hlim=254), side=4),
    case("7915 4.1", "TTL 1: time exceeded, the packet quoted as it was", sent(u4(8), ttl=1),
         answer=answer4(11, 0, 0, sent(u4(8), ttl=1)), drop="hop-limit", side=4),
    case("7915 4.1", "TTL 1 with options and don't fragment",
         sent(u4(8), ttl=1, flags="DF", tos=8, options=OPTIONS[0][1]),
         answer=answer4(11, 0, 0, sent(u4(8), ttl=1, flags="DF", tos=8, options=OPTIONS[0][1])),
         drop="hop-limit", side=4),

    # --- options
    *(case("7915 4.1", f"option skipped: {name}", sent(u4(8), options=options), got(u6(8)), side=4)
      for name, options in OPTIONS),
    *(case("7915 4.1", f"unexpired source route, {name}: source route failed", sent(u4(8), options=options),
           answer=answer4(3, 5, 0, sent(u4(8), options=options)), drop="source-route", side=4)
      for name, options in ROUTES),

    # --- what IPv6 routers do not fragment is cut here
    case("7915 4", "1260 bytes: 1280 of IPv6, whole", sent(u4(1232)), got(u6(1232)), side=4),
    case("7915 4", "1261 bytes without DF: cut", sent(u4(1233)), cut6(u6(1233), 17, 0x1234), side=4),
    case("7915 4", "1500 bytes without DF: cut", sent(u4(1472)), cut6(u6(1472), 17, 0x1234), side=4),
    case("7915 4", "of a host with options: their length does not count",
         sent(u4(1232), options=OPTIONS[4][1]), got(u6(1232)), side=4),
    case("7915 4", "TCP without DF: cut", sent(tcp(P4, A4, pad(1300)), 6),
         cut6(tcp(P6, A6, pad(1300)), 6, 0x1234), side=4),
    case("7915 4", "1480 bytes with DF: 1500 of IPv6, whole", sent(u4(1452), flags="DF"), got(u6(1452)), side=4),
    case("7915 4", "lowest-ipv6-mtu 1400: 1380 bytes without DF, whole", sent(u4(1352)), got(u6(1352)), side=4,
         before=["nat64ctl set lowest-ipv6-mtu 1400"], after=["nat64ctl set lowest-ipv6-mtu 1280"]),

    # --- transport
    case("7915 4.5", "a checksum that comes out as 0 is sent as ffff",
         sent(udp(P4, A4, vanishing(P6, A6))), got(udp(P6, A6, vanishing(P6, A6))), side=4),
    case("3828 3.1", "of UDP-Lite too", sent(udplite(P4, A4, vanishing(P6, A6, 136)), 136),
         got(udplite(P6, A6, vanishing(P6, A6, 136)), 136), side=4),
    case("7915 4.5", "UDP without a checksum: it is computed", sent(zero(u4(32), 0)), got(u6(32)), side=4),
    case("7915 4.5", "the same, odd length, and it comes out as 0",
         sent(zero(udp(P4, A4, vanishing(P6, A6)), 0)), got(udp(P6, A6, vanishing(P6, A6))), side=4),
    case("7915 4.5", "the same, cut", sent(zero(u4(1400), 0)), cut6(u6(1400), 17, 0x1234), side=4),
    case("7915 4.5", "UDP without a checksum, when those are not wanted", sent(zero(u4(32), 0)),
         answer=prohibited(sent(zero(u4(32), 0))), drop="udp-no-checksum", side=4, before=["nat64ctl set udp-zero-checksum drop"], after=["nat64ctl set udp-zero-checksum compute"]),
    case("7915 4.5", "UDP-Lite", sent(udplite(P4, A4, pad(21)), 136), got(udplite(P6, A6, pad(21)), 136), side=4),
    case("7915 4.5", "DCCP", sent(dccp(P4, A4, pad(20)), 33), got(dccp(P6, A6, pad(20)), 33), side=4),
    case("7915 4.5", "SCTP is not touched", sent(pad(32), 132), got(pad(32), 132), side=4),
    case("7915 4.5", "ESP passes", sent(pad(40), 50), got(pad(40), 50), side=4),
    case("7915 4.5", "GRE passes", sent(pad(24), 47), got(pad(24), 47), side=4),
    case("7915 4.5", "a protocol that nobody knows passes", sent(pad(3), 253), got(pad(3), 253), side=4),
    case("7915 4.5", "a wrong TCP checksum stays wrong by the same", sent(bad(tcp(P4, A4, pad(16)), 30), 6),
         got(bad(tcp(P6, A6, pad(16)), 30), 6), side=4),
    case("7915 4.2", "IGMP is dropped", sent(pad(8), 2), drop="icmp-type", side=4),
    case("7915 4.1", "protocol 59, and no payload", sent(b"", 59), got(b"", 59), side=4),
    case("7915 4.1", "protocol 58: ICMPv6 that nobody verified", sent(pad(8), 58), drop="icmp-type", side=4),

    # --- lengths
    case("7915 4.1", "padding behind the packet is cut", sent(u4(2)) + bytes(16), got(u6(2)), side=4),
    case("791 3.1", "a total length beyond the packet", sent(u4(8))[:-1], side=4),
    case("1812 5.2.2", "a wrong header checksum", bad(sent(u4(8)), 10), side=4),
    case("7915 4.1", "a UDP header cut short", sent(pad(7)), drop="malformed", side=4),
    case("7915 4.1", "a TCP header cut short", sent(pad(19), 6), drop="malformed", side=4),

    # --- sources that are none
    *(case("1812 5.3.7", f"from {source}", p4(source, A4, 17, udp(source, A4)), drop="martian", side=4)
      for source in ("0.0.0.1", "127.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", R4)),
]


# --- fragments, each translated by itself
whole4, whole6 = udp(P4, A4, pad(2992)), udp(P6, A6, pad(2992))  # 3000 bytes with the header
pieces = ((0, 1232, True), (1232, 2464, True), (2464, 3000, False))


def f4(start, end, more, whole=whole4, proto=17, df=0):
    return sent(whole[start:end], proto, flags=("MF" if more else 0) if not df else ("MF+DF" if more else "DF"),
                frag=start // 8)


def f6(start, end, more, whole=whole6, proto=17):
    return got(frag6(proto, start, more, 0x1234, whole[start:end]), 44)


table += [
    case("7915 4.1", "the first fragment", f4(*pieces[0]), f6(*pieces[0]), side=4),
    case("7915 4.1", "one from the middle", f4(*pieces[1]), f6(*pieces[1]), side=4),
    case("7915 4.1", "the last", f4(*pieces[2]), f6(*pieces[2]), side=4),
    case("7915 4.1", "all of them, last first", [f4(*piece) for piece in pieces[::-1]],
         [f6(*piece) for piece in pieces[::-1]], side=4),
    case("7915 4", "a fragment that is too long is cut", f4(0, 1480, True),
         cut6(whole6[:1480], 17, 0x1234, last=False), side=4),
    case("7915 4", "one from the middle that is too long", f4(1480, 2960, True),
         cut6(whole6[1480:2960], 17, 0x1234, first=1480, last=False), side=4),
    case("7915 4", "the last, too long", f4(1600, 3000, False), cut6(whole6[1600:], 17, 0x1234, first=1600), side=4),
    case("7915 4", "1252 bytes of a fragment: 1280 of IPv6, whole", f4(1232, 2464, False), f6(1232, 2464, False), side=4),
    case("7915 4.1", "a fragment with DF", f4(0, 1232, True, df=1), f6(0, 1232, True), side=4),
    case("7915 4.5", "the first one without a UDP checksum", zero(f4(*pieces[0])),
         answer=prohibited(zero(f4(*pieces[0]))), drop="udp-fragment", side=4),
    case("7915 4.5", "the same, when those are not wanted", zero(f4(*pieces[0])),
         answer=prohibited(zero(f4(*pieces[0]))), drop="udp-fragment", side=4,
         before=["nat64ctl set udp-zero-checksum drop"], after=["nat64ctl set udp-zero-checksum compute"]),
    case("7915 4.1", "of TCP", f4(0, 1200, True, tcp(P4, A4, pad(1400)), 6),
         f6(0, 1200, True, tcp(P6, A6, pad(1400)), 6), side=4),
    case("7915 4.1", "of a protocol without checksum", sent(pad(80), 50, flags="MF", frag=100),
         got(frag6(50, 800, True, 0x1234, pad(80)), 44), side=4),
    case("7915 1.2", "of ICMP: the first", sent(icmp4(8, 0, 1, pad(64)), 1, flags="MF"),
         answer=prohibited(sent(icmp4(8, 0, 1, pad(64)), 1, flags="MF")), drop="icmp-fragment", side=4),
    case("7915 1.2", "of an ICMP error: the first", sent(icmp4(3, 3, 0, pad(64)), 1, flags="MF"), drop="icmp-fragment",
         side=4),
    case("7915 1.2", "of ICMP: another", sent(pad(64), 1, frag=8), drop="icmp-fragment", side=4),
    case("791 3.2", "not a multiple of 8 bytes, but not the last", sent(whole4[:61], flags="MF"),
         answer=prohibited(sent(whole4[:61], flags="MF")), drop="fragment", side=4),
    case("791 3.2", "a first fragment without the whole TCP header", sent(pad(16), 6, flags="MF"),
         answer=prohibited(sent(pad(16), 6, flags="MF")), drop="fragment", side=4),
]

# What does not fit the IPv6 link and may not be cut is refused by the IPv6 stack; its answer is
# translated: RFC 7915 5.2, the MTU less 20.
big = sent(u4(1472), flags="DF", id=0)
table.append(
    case("7915 4", "1500 bytes with DF: fragmentation needed, MTU 1480", big,
         answer=p4(R4, P4, 1, icmp4(3, 4, 1480, big[:548])), side=4))

if __name__ == "__main__":
    run(table)
