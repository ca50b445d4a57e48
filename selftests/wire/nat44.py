# SPDX-License-Identifier: GPL-2.0
"""1:1 IPv4 NAT: of every packet one address is another, and nothing else but the checksums; the same
holds for the packet that an ICMP error quotes. With conntrack, and with it reassembly (argument:
conntrack), and without.

Inside is the side "lan" (6), outside the side "wan" (4). I is known there as E.
"""
import struct
import sys

from scapy.layers.inet import IPOption_NOP, IPOption_RR
from wire import (MARKER_PORT, P4, Wire, bad, case, dccp, icmp4, p4, pad, tcp, udp, udplite, vanishing, wait_for)

INSIDE, OUTSIDE = 6, 4
I, E = "10.0.0.2", "198.51.100.2"
BI, BE = "10.0.0.3", "198.51.100.3"  # for the markers
RI, RE = "10.0.0.1", "192.0.2.1"  # the router
Q4 = "203.0.113.5"  # a router on the way to P

# With conntrack once more what it has to do with: not every size, code and length.
conntrack = "conntrack" in sys.argv[1:]
mode = "conntrack" if conntrack else "no conntrack"
sizes = (33,) if conntrack else (0, 1, 33, 1400)
codes = (1, 3, 4) if conntrack else range(16)
lengths = ((28, "8 bytes of it"),) if conntrack else ((None, "whole"), (28, "8 bytes of it"), (20, "its header only"))


class Wire44(Wire):
    def mark(self, side):
        self.number += 1
        body = struct.pack("!I", self.number)
        src, dst = (BI, P4) if side == INSIDE else (P4, BE)
        self.side[side].send(p4(src, dst, 17, udp(src, dst, body, MARKER_PORT, MARKER_PORT), id=0))
        other = self.side[10 - side]
        return wait_for(self.side.values(), lambda: body in other.markers)


def row(section, desc, *args, **kwargs):
    return case(section, f"{mode}: {desc}", *args, **kwargs)


def both(desc, proto, make, **fields):
    """A row each way. make(src, dst) is what follows the IPv4 header."""
    fields = {"id": 0x1234} | fields

    def packet(src, dst, ttl):
        return p4(src, dst, proto, make(src, dst), ttl=ttl, **fields)
    return [row("out", desc, packet(I, P4, 64), packet(E, P4, 63), side=INSIDE),
            row("in", desc, packet(P4, E, 64), packet(P4, I, 63), side=OUTSIDE)]


def same(data):
    return lambda src, dst: data


def unsummed(src, dst):
    body = udp(src, dst, pad(33))
    return body[:6] + b"\0\0" + body[8:]


def zeros(proto, name):
    function = udp if proto == 17 else udplite

    def packet(src, dst, data, ttl):
        return p4(src, dst, proto, function(src, dst, data), id=0x1234, ttl=ttl)
    rows = []
    for note, out, back in (("comes out as", (E, P4), (P4, I)), ("was", (I, P4), (P4, E))):
        there, here = vanishing(*out, proto), vanishing(*back, proto)
        rows += [row("out", f"{name} whose checksum {note} 0 has ffff", packet(I, P4, there, 64), packet(E, P4, there, 63),
                     side=INSIDE),
                 row("in", f"{name} whose checksum {note} 0 has ffff", packet(P4, E, here, 64), packet(P4, I, here, 63),
                     side=OUTSIDE)]
    return rows


def pieces(src, dst, proto, body, size, ttl, df):
    cuts = range(0, len(body), size)
    return [p4(src, dst, proto, body[at:at + size], id=0x1234, ttl=ttl, frag=at // 8,
               flags="+".join(filter(None, ("MF" if at + size < len(body) else "", df))) or 0) for at in cuts]


def fragments(desc, proto, make, size=1232, order=1, df=""):
    def sent(src, dst):
        return pieces(src, dst, proto, make(src, dst), size, 64, df)[::order]

    def got(src, dst):
        return pieces(src, dst, proto, make(src, dst), size, 63, df)[::1 if conntrack else order]
    return [row("out", desc, sent(I, P4), got(E, P4), side=INSIDE),
            row("in", desc, sent(P4, E), got(P4, I), side=OUTSIDE)]


def wrong(desc, proto, make, at):
    rows = both(desc, proto, make)
    for this in rows:
        this["send"] = [bad(packet, at) for packet in this["send"]]
        this["out"] = [bad(packet, at) for packet in this["out"]]
    return rows


GRE = bytes.fromhex("20000800 12345678") + pad(200)
NOPS = [IPOption_NOP()] * 8

table = [
    # --- whole packets
    *(line for size in sizes for line in both(f"TCP, {size} bytes", 6, lambda s, d, n=size: tcp(s, d, pad(n)))),
    *(line for size in sizes for line in both(f"UDP, {size} bytes", 17, lambda s, d, n=size: udp(s, d, pad(n)))),
    *both("TCP with options", 6, lambda s, d: tcp(s, d, options=[("MSS", 1400), ("NOP", None), ("WScale", 7)], flags="S")),
    *both("UDP without a checksum", 17, unsummed),
    *zeros(17, "UDP"),
    *both("UDP-Lite", 136, lambda s, d: udplite(s, d, pad(77))),
    *zeros(136, "UDP-Lite"),
    *both("DCCP", 33, lambda s, d: dccp(s, d, pad(64))),
    *both("SCTP", 132, same(bytes.fromhex("04000800 01020304 89abcdef 03000010") + pad(12))),
    *both("GRE", 47, same(GRE)),
    *both("ESP", 50, same(pad(120))),
    *both("AH", 51, same(bytes.fromhex("06040000 00000101 00000001") + pad(32))),
    *both("OSPF", 89, same(pad(44))),
    *both("IPv4 in IPv4: not that within", 4, same(p4(I, P4, 17, udp(I, P4, pad(9)), id=7))),
    *both("IPv6 in IPv4", 41, same(pad(60))),
    *both("an unknown protocol", 253, same(pad(61))),
    *both("a protocol without any data", 253, same(b"")),
    *both("echo request", 1, same(icmp4(8, 0, 0x12340001, pad(56)))),
    *both("echo reply", 1, same(icmp4(0, 0, 0x12340001, pad(56)))),
    *both("timestamp request", 1, same(icmp4(13, 0, 0x12340001, pad(12)))),
    *both("IPv4 options", 17, lambda s, d: udp(s, d, pad(40)), options=NOPS),
    *both("DSCP and ECN", 17, lambda s, d: udp(s, d, pad(40)), tos=0xbb),
    *both("DF", 6, lambda s, d: tcp(s, d, pad(40)), flags="DF"),
    *wrong("a wrong UDP checksum stays wrong", 17, lambda s, d: udp(s, d, pad(40)), 30),
    *wrong("a wrong TCP checksum stays wrong", 6, lambda s, d: tcp(s, d, pad(40)), 45),

    # --- fragments
    *fragments("UDP in three pieces", 17, lambda s, d: udp(s, d, pad(2992))),
    *fragments("last piece first", 17, lambda s, d: udp(s, d, pad(2992)), order=-1),
    *fragments("TCP in two", 6, lambda s, d: tcp(s, d, pad(2000))),
    *fragments("UDP without a checksum in pieces", 17, unsummed, size=24),
    *fragments("pieces of 600 bytes", 17, lambda s, d: udp(s, d, pad(2492)), size=600),
    *fragments("64 KB of UDP", 17, lambda s, d: udp(s, d, pad(65000))),
    *fragments("echo in pieces", 1, same(icmp4(8, 0, 0x12340001, pad(2992)))),
    *fragments("of a protocol without checksum", 50, same(pad(2000))),
]
if conntrack:
    table += fragments("TCP whose checksum is in the second piece", 6, lambda s, d: tcp(s, d, pad(40)), size=16)
else:
    # Reassembled, Linux forgets that they had it.
    table += fragments("pieces with DF", 17, lambda s, d: udp(s, d, pad(2992)), df="DF")
    table += [row("out", "TCP whose first piece ends before the checksum", p4(I, P4, 6, tcp(I, P4)[:16], flags="MF"),
                  drop="malformed", side=INSIDE)]


# --- ICMP errors

def truncated(desc, kind, code, word, proto, make, length=None, tail=b"", about=(I, E), **fields):
    """A row each way: who is here told of its packet by a router on the way, who is there by the host.
    Of the packet so much is quoted; tail is put behind it. about: the address here and there."""
    fields = {"id": 0x4321, "ttl": 57, "flags": "DF"} | fields
    here, there = about

    def quote(src, dst):
        return p4(src, dst, proto, make(src, dst), **fields)[:length] + tail
    return [row("in", desc, p4(Q4, E, 1, icmp4(kind, code, word, quote(there, P4)), id=9),
                p4(Q4, I, 1, icmp4(kind, code, word, quote(here, P4)), id=9, ttl=63), side=OUTSIDE),
            row("out", desc, p4(I, P4, 1, icmp4(kind, code, word, quote(P4, here)), id=9),
                p4(E, P4, 1, icmp4(kind, code, word, quote(P4, there)), id=9, ttl=63), side=INSIDE)]


def plain(src, dst):
    return udp(src, dst, pad(24))


def quoted(name, proto, make):
    return [line for length, note in lengths
            for line in truncated(f"about {name}, {note}", 11, 0, 0, proto, make, length)]


table += [
    *(line for code in codes for line in truncated(f"unreachable, code {code}", 3, code, 1400 if code == 4 else 0,
                                                        17, plain)),
    *truncated("source quench", 4, 0, 0, 17, plain),
    *truncated("time exceeded", 11, 0, 0, 17, plain),
    *truncated("reassembly time exceeded", 11, 1, 0, 17, plain),
    *truncated("parameter problem", 12, 0, 8 << 24, 17, plain),
    *quoted("UDP", 17, plain),
    *quoted("TCP", 6, lambda s, d: tcp(s, d, pad(31))),
    *quoted("UDP-Lite", 136, lambda s, d: udplite(s, d, pad(24))),
    *quoted("DCCP", 33, lambda s, d: dccp(s, d, pad(24))),
    *quoted("SCTP", 132, same(pad(40))),
    *quoted("GRE", 47, same(GRE)),
    *quoted("ping", 1, same(icmp4(8, 0, 0x12340001, pad(56)))),
    *quoted("UDP without a checksum", 17, unsummed),
    *truncated("a packet with options quoted", 11, 0, 0, 17, plain, options=NOPS),
    *truncated("only half of its options quoted", 11, 0, 0, 17, plain, 24, options=NOPS),
    *truncated("a later piece quoted", 11, 0, 0, 17, same(pad(24)), flags="MF", frag=100),
    *truncated("548 bytes quoted", 11, 0, 0, 17, lambda s, d: udp(s, d, pad(1400)), 548),
    *truncated("extensions (RFC 4884)", 11, 0, 32 << 16, 17, lambda s, d: udp(s, d, pad(100)),
               tail=bytes.fromhex("2000 0000 0010 0101 12345678 9abcdef0 00000000")),
    *truncated("about somebody else's packet", 3, 1, 0, 17, plain, about=("10.0.0.77", "10.0.0.77")),
    *truncated("half a header quoted", 3, 1, 0, 17, plain, 19, about=(I, I)),
]

# --- the router's own


def router_tells(src, dst, kind, code, word, sent, **fields):
    return p4(src, dst, 1, icmp4(kind, code, word, sent[:548]), **({"tos": 0xc0} | fields))


def large(src, dst):
    return p4(src, dst, 17, udp(src, dst, pad(1460)), id=0x1234, flags="DF")


def last_hop(src, dst, body):
    return p4(src, dst, 6, body(src, dst), id=0x1234, ttl=1)


def some_tcp(src, dst):
    return tcp(src, dst, pad(100))


reject = ["nft add table ip refusal", "nft 'add chain ip refusal c { type filter hook forward priority 0; }'"]
table += [
    row("in", "time exceeded: what was sent is quoted", last_hop(P4, E, some_tcp),
        answer=router_tells(RE, P4, 11, 0, 0, last_hop(P4, E, some_tcp)), side=OUTSIDE),
    row("out", "time exceeded: what was sent is quoted", last_hop(I, P4, some_tcp),
        answer=router_tells(RI, I, 11, 0, 0, last_hop(I, P4, some_tcp)), side=INSIDE),
    row("in", "too big: what was sent is quoted", large(P4, E), answer=router_tells(RE, P4, 3, 4, 1400, large(P4, E)),
        side=OUTSIDE, before=["ip link set lan mtu 1400"], after=["ip link set lan mtu 1500"]),
    row("out", "too big: what was sent is quoted", large(I, P4), answer=router_tells(RI, I, 3, 4, 1400, large(I, P4)),
        side=INSIDE, before=["ip link set wan mtu 1400"], after=["ip link set wan mtu 1500"]),
    row("in", "rejected: what was sent is quoted", p4(P4, E, 17, plain(P4, E), id=5),
        answer=router_tells(RE, P4, 3, 3, 0, p4(P4, E, 17, plain(P4, E), id=5, ttl=63)), side=OUTSIDE,
        before=[*reject, "nft add rule ip refusal c iifname wan udp dport 2048 reject"],
        after=["nft delete table ip refusal"]),
    row("in", "rejected with a reset: it is the external address's",
        p4(P4, E, 6, tcp(P4, E, flags="S", ack=0), id=5),
        answer=p4(E, P4, 6, tcp(E, P4, sport=80, dport=1024, seq=0, ack=0x01020305, flags="RA", window=0), id=0,
                  flags="DF"),
        side=OUTSIDE, before=[*reject, "nft add rule ip refusal c iifname wan tcp dport 80 reject with tcp reset"],
        after=["nft delete table ip refusal"]),
]

if __name__ == "__main__":
    Wire44().run(table)
