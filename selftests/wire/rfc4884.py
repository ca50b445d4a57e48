# SPDX-License-Identifier: GPL-2.0
"""RFC 4884: extensions behind the packet that an ICMP error quotes, and RFC 7915 4.2, 5.2 on them.

The length of the quoted packet is told in 32-bit words by ICMP, in 64-bit words by ICMPv6; either
way it is at least 128 bytes, filled up with zeroes.
"""
import struct

from scapy.utils import checksum
from wire import A4, A6, P4, P6, case, icmp4, icmp6, p4, p6, pad, run, udp


def extension(size=12):
    """An extension of that many bytes: a header and one object of a class that nobody knows."""
    body = struct.pack("!HBB", size - 4, 250, 1) + pad(size - 8)
    head = b"\x20\0\0\0"
    return head[:2] + struct.pack("!H", checksum(head + body)) + body


def filled(quote, size):
    return quote.ljust(size, b"\0")


def six(size, src=P6, dst=A6):
    """A UDP/IPv6 packet of that many bytes."""
    return p6(src, dst, 17, udp(src, dst, pad(size - 48)), hlim=57)


def four(size, src=P4, dst=A4, **fields):
    return p4(src, dst, 17, udp(src, dst, pad(size - 28)), ttl=57, **({"id": 0} | fields))


def row64(desc, kind, length, quote, to, to_length, to_quote, section="4884 4"):
    """length: bytes of quote that the error declares; the fields hold words."""
    return case(section, desc, p6(A6, P6, 58, icmp6(A6, P6, *kind, length // 8 << 24, quote)),
                p4(A4, P4, 1, icmp4(*to, to_length // 4 << 16, to_quote), ttl=63))


def row46(desc, kind, length, quote, to, to_length, to_quote, word=0, to_word=0, section="4884 4"):
    return case(section, desc, p4(P4, A4, 1, icmp4(*kind, length // 4 << 16 | word, quote)),
                p6(P6, A6, 58, icmp6(P6, A6, *to, to_length // 8 << 24 | to_word, to_quote), hlim=63), side=4)


def o4(size, **fields):
    return four(size, A4, P4, **({"id": 0x4321} | fields))


def o6(size):
    return six(size, A6, P6)


E, LONG = extension(), extension(400)

table = [
    # A packet of 100 bytes of IPv6, 80 of IPv4: both are filled up to 128.
    row64("unreachable, a short packet", (1, 4), 128, filled(six(100), 128) + E, (3, 3), 128, filled(four(80), 128) + E),
    row64("time exceeded, a short packet", (3, 0), 128, filled(six(100), 128) + E, (11, 0), 128, filled(four(80), 128) + E),
    # 128 bytes of IPv6 are 108 of IPv4.
    row64("128 bytes exactly", (1, 4), 128, six(128) + E, (3, 3), 128, filled(four(108), 128) + E),
    # 160 bytes: 140 are a multiple of 4.
    row64("160 bytes", (1, 4), 160, six(160) + E, (3, 3), 140, four(140) + E),
    row64("1000 bytes: what is quoted is cut, not the extension", (1, 4), 1000, six(1200)[:1000] + E,
          (3, 3), 536, four(1180)[:536] + E),
    row64("1232 bytes in all: the same", (1, 4), 1216, six(1400)[:1216] + E, (3, 3), 536,
          four(1380, flags="DF")[:536] + E),
    row64("a long extension", (1, 4), 600, six(600) + LONG, (3, 3), 148, four(580)[:148] + LONG),
    row64("an extension that leaves no 128 bytes goes", (1, 4), 600, six(600) + extension(424), (3, 3), 0,
          four(580)[:548]),
    row64("a length and no extension", (1, 4), 600, six(600), (3, 3), 0, four(580)[:548]),
    row64("no length: all of it is the quoted packet", (1, 4), 0, six(128) + E, (3, 3), 0, four(108) + E),

    # 80 bytes of IPv4 in 128: 148 of IPv6, filled up to 152.
    row46("unreachable, a short packet", (3, 3), 128, filled(o4(80), 128) + E, (1, 4), 152, filled(o6(100), 152) + E),
    row46("time exceeded, a short packet", (11, 0), 128, filled(o4(80), 128) + E, (3, 0), 152, filled(o6(100), 152) + E),
    row46("128 bytes exactly", (3, 3), 128, o4(128) + E, (1, 4), 152, filled(o6(148), 152) + E),
    row46("132 bytes", (3, 3), 132, o4(132) + E, (1, 4), 152, o6(152) + E),
    row46("1020 bytes, a multiple of 4", (3, 3), 1020, o4(1400)[:1020] + E, (1, 4), 1040, o6(1420)[:1040] + E),
    row46("1012 bytes and a long extension: what is quoted is cut", (3, 3), 1012, o4(1400)[:1012] + LONG,
          (1, 4), 832, o6(1420)[:832] + LONG),
    row46("a length and no extension", (3, 3), 600, o4(600), (1, 4), 0, o6(620)),
    row46("no length: all of it is the quoted packet", (3, 3), 0, o4(128) + E, (1, 4), 0, o6(148) + E),
    # ICMPv6 has no length in these.
    row46("fragmentation needed: the extension goes", (3, 4), 128, filled(o4(80), 128) + E, (2, 0), 0,
          filled(o6(100), 148), word=1400, to_word=1420, section="7915 4.2"),
    row46("parameter problem: the extension goes", (12, 0), 128, filled(o4(80), 128) + E, (4, 0), 0,
          filled(o6(100), 148), word=8 << 24, to_word=7, section="7915 4.2"),
    row46("protocol unreachable: the extension goes", (3, 2), 128, filled(o4(80), 128) + E, (4, 1), 0,
          filled(o6(100), 148), to_word=6, section="7915 4.2"),
]

if __name__ == "__main__":
    run(table)
