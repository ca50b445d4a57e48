# SPDX-License-Identifier: GPL-2.0
"""Packets in on one side, bytes out on the other.

A table is a list of case(): what is sent, from which side, and what must come out, byte for byte:
at the other side (out), back at the sender (answer), or nothing, with the drop counter that must
have moved (drop). run() sends each, then a marker in the same direction: once the marker has
arrived, what has not come out will not come any more, so silence is proved without waiting.

Expectations are built from nothing by scapy, never from what was sent. A row names the paragraph
that it tests. Where the identification is anybody's choice, ANY_ID (ANY_ID6 in a fragment header)
stands for it; if all packets of a row have it, they must have the same.

The router's links lead to two namespaces that have the links but no addresses: nobody there
answers on his own account.
"""
import ctypes
import json
import os
import select
import socket
import struct
import subprocess
import time

from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.packet import Raw
from scapy.utils import checksum

# The standard addresses: the prefix, hosts with their maps, and peers inside the prefix.
R6, R4 = "2001:db8:1::1", "192.0.2.1"
A6, A4 = "2001:db8:1c6:3364:2::", "198.51.100.2"  # a map that is its own RFC 6052 form
B6, B4 = "2001:db8:1::3", "198.51.100.3"
P6, P4 = "2001:db8:1c0:2:21::", "192.0.2.33"
Q6, Q4 = "2001:db8:1cb:71:5::", "203.0.113.5"

ANY_ID, ANY_ID6 = 0x6464, 0x64646464
ETH_P_ALL = 3
PATIENCE = 5
MARKER_PORT = 0x6464

libc = ctypes.CDLL(None, use_errno=True)


def enter(ns):
    with open(f"/run/netns/{ns}", "rb") as file:
        if libc.setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), f"setns {ns}")


class Side:
    """A link to the router: sends frames to it, keeps the packets that come from it."""

    def __init__(self, ns, dev, router_mac):
        enter(ns)
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.sock.bind((dev, ETH_P_ALL))
        self.sock.setblocking(False)
        mac = self.sock.getsockname()[4]
        self.head = bytes.fromhex(router_mac.replace(":", "")) + mac
        self.packets = []
        self.markers = set()

    def send(self, packet):
        packet = bytes(packet)
        kind = 0x0800 if packet[0] >> 4 == 4 else 0x86dd
        self.sock.send(self.head + struct.pack("!H", kind) + packet)

    def drain(self):
        while True:
            try:
                frame, sender = self.sock.recvfrom(0x20000)
            except BlockingIOError:
                return
            if sender[2] == socket.PACKET_OUTGOING:
                continue
            self.keep(frame[12:14], frame[14:])

    def keep(self, kind, packet):
        if kind == b"\x86\xdd":
            # Neighbours, routers and multicast listeners talk on their own account.
            if packet[8:10] == b"\xfe\x80" or packet[24] == 0xff:
                return
        elif kind != b"\x08\x00":
            return
        head = 40 if packet[0] >> 4 == 6 else 20
        proto = packet[6] if head == 40 else packet[9]
        if proto == 17 and packet[head:head + 4] == struct.pack("!HH", MARKER_PORT, MARKER_PORT):
            self.markers.add(packet[head + 8:])
        else:
            self.packets.append(packet)


def wait_for(sides, condition, patience=PATIENCE):
    until = time.monotonic() + patience
    while True:
        for side in sides:
            side.drain()
        if condition():
            return True
        left = until - time.monotonic()
        if left <= 0:
            return False
        select.select([side.sock for side in sides], [], [], left)


# --- building

def pad(length):
    """A payload of that length in which every byte is recognisable."""
    return bytes(i * 7 + (i >> 8) & 0xff for i in range(length))


def pseudo(src, dst, proto, length):
    family = socket.AF_INET6 if ":" in src else socket.AF_INET
    addresses = socket.inet_pton(family, src) + socket.inet_pton(family, dst)
    return addresses + struct.pack("!II" if family == socket.AF_INET6 else "!HH",
                                   *((length, proto) if family == socket.AF_INET6 else (proto, length)))


def summed(src, dst, proto, body, at, zero=0xffff):
    """body with its 16-bit checksum, pseudo-header included, at that offset."""
    body = body[:at] + b"\0\0" + body[at + 2:]
    value = checksum(pseudo(src, dst, proto, len(body)) + body)
    return body[:at] + struct.pack("!H", value or zero) + body[at + 2:]


def udp(src, dst, data=b"", sport=1024, dport=2048):
    return summed(src, dst, 17, struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data, 6)


def vanishing(src, dst, proto=17):
    """Two bytes of data with which the checksum of udp() or udplite() comes out as 0."""
    head = struct.pack("!HHHH", 1024, 2048, 10 if proto == 17 else 0, 0)
    data = struct.pack("!H", checksum(pseudo(src, dst, proto, 10) + head + b"\0\0"))
    assert checksum(pseudo(src, dst, proto, 10) + head + data) == 0
    return data


def tcp(src, dst, data=b"", **fields):
    fields = {"sport": 1024, "dport": 80, "seq": 0x01020304, "ack": 0x05060708, "flags": "PA",
              "window": 512} | fields
    head = bytes(TCP(chksum=0, **fields))
    return summed(src, dst, 6, head + data, 16, zero=0)


def udplite(src, dst, data=b""):
    return summed(src, dst, 136, struct.pack("!HHHH", 1024, 2048, 0, 0) + data, 6)


def dccp(src, dst, data=b""):
    head = struct.pack("!HHBBHBBHI", 1024, 2048, 4, 0, 0, 0x05, 0, 0, 7)
    return summed(src, dst, 33, head + data, 6, zero=0)


def icmp4(kind, code, word=0, data=b""):
    head = struct.pack("!BBHI", kind, code, 0, word)
    return head[:2] + struct.pack("!H", checksum(head + data)) + head[4:] + data


def icmp6(src, dst, kind, code, word=0, data=b""):
    return summed(src, dst, 58, struct.pack("!BBHI", kind, code, 0, word) + data, 2, zero=0)


def p4(src, dst, proto, body, **fields):
    """An IPv4 packet; by default with TTL 64 and, when the translator made it, any identification."""
    fields = {"id": ANY_ID, "ttl": 64, "flags": 0} | fields
    return bytes(IP(src=src, dst=dst, proto=proto, **fields) / Raw(body))


def p6(src, dst, proto, body, **fields):
    fields = {"hlim": 64} | fields
    return bytes(IPv6(src=src, dst=dst, nh=proto, **fields) / Raw(body))


def frag6(proto, offset, more, ident, data, reserved=0):
    """A fragment header (offset in bytes) and what follows it."""
    return struct.pack("!BBHI", proto, reserved, offset | more, ident) + data


def bad(packet, at):
    """The packet with one bit of the byte at that offset wrong."""
    packet = bytearray(packet)
    packet[at] ^= 1
    return bytes(packet)


# --- tables

def case(section, desc, send, out=(), answer=(), drop=None, side=6, before=None, after=None):
    """One row. send: a packet or a list; side: the family of the side that sends it."""
    def many(packets):
        return list(packets) if isinstance(packets, (list, tuple)) else [packets]
    return dict(section=section, desc=desc, send=many(send), out=many(out), answer=many(answer),
                drop=drop, side=side, before=before, after=after)


def any_id(expected):
    """Where in the packet an identification is that it may have for itself, or None."""
    if expected[0] >> 4 == 4:
        return slice(4, 6) if expected[4:6] == struct.pack("!H", ANY_ID) else None
    return slice(44, 48) if expected[6] == 44 and expected[44:48] == struct.pack("!I", ANY_ID6) else None


def with_id(expected, got):
    """The expected packet with the identification that the translator chose, if it may choose."""
    where = any_id(expected)
    if not where or len(got) < where.stop:
        return expected
    expected = expected[:where.start] + got[where] + expected[where.stop:]
    if expected[0] >> 4 == 6:
        return expected
    head = expected[:10] + b"\0\0" + expected[12:20]
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + expected[20:]


def difference(where, expected, got):
    lines = []
    for i in range(max(len(expected), len(got))):
        want = expected[i] if i < len(expected) else None
        have = got[i] if i < len(got) else None
        if want is not None and have is not None:
            want = with_id(want, have)
        if want == have:
            continue
        if want is None:
            lines.append(f"{where}, unexpected packet ({len(have)} bytes): {have[:128].hex(' ', 4)}")
        elif have is None:
            lines.append(f"{where}, missing packet ({len(want)} bytes): {want[:128].hex(' ', 4)}")
        else:
            at = next((n for n in range(min(len(want), len(have))) if want[n] != have[n]),
                      min(len(want), len(have)))
            lines.append(f"{where}, packet {i + 1} differs at byte {at}")
            lines.append(f"  wanted {len(want):5} bytes: {want[:128].hex(' ', 4)}")
            lines.append(f"  got    {len(have):5} bytes: {have[:128].hex(' ', 4)}")
            if at >= 128:
                lines.append(f"  from {at}: wanted {want[at:at + 32].hex(' ', 4)}, got {have[at:at + 32].hex(' ', 4)}")
    ids = [any_id(packet) for packet in expected]
    if not lines and len(ids) > 1 and all(ids) and len({packet[at] for packet, at in zip(got, ids)}) > 1:
        lines.append(f"{where}, the packets have different identifications")
    return lines


class Tap:
    """A listener on the router: every buffer is shared when it is to be written."""

    def __init__(self, dev):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.sock.bind((dev, ETH_P_ALL))
        self.sock.setblocking(False)

    def heard(self):
        """What came in, as it is now."""
        frames = []
        while True:
            try:
                frame, sender = self.sock.recvfrom(0x20000)
            except BlockingIOError:
                return frames
            if sender[2] != socket.PACKET_OUTGOING:
                frames.append(frame[14:])


class Wire:
    def __init__(self, tapped=False):
        env = os.environ
        enter(env["router"])
        mac = {dev: open_mac(dev) for dev in ("lan", "wan")}
        self.side = {6: Side(env["host6"], "lan", mac["lan"]), 4: Side(env["host4"], "wan", mac["wan"])}
        self.router = env["router"]
        enter(self.router)
        self.taps = {family: Tap(dev) for family, dev in ((6, "lan"), (4, "wan"))} if tapped else {}
        self.tool = subprocess.Popen(["stdbuf", "-oL", "nat64ctl", "--json", "-b", "-"],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.number = 0
        self.failed = 0
        self.drops = self.read_drops()

    def ctl(self, command):
        """A command and then the counters, from the one nat64ctl that serves the whole table."""
        self.tool.stdin.write(f"{command}\nstats\n".encode())
        self.tool.stdin.flush()
        text = ""
        while True:
            line = self.tool.stdout.readline().decode()
            if not line:
                raise RuntimeError(f"nat64ctl ended at: {command}")
            text += line
            try:
                return json.loads(text)
            except ValueError:
                continue

    def read_drops(self, command=""):
        stats = self.ctl(command)
        if isinstance(stats, list):
            stats = {row["counter"]: row["value"] for row in stats}
        return {name: value for name, value in stats.items() if name.startswith("drop")}

    def set_up(self, commands):
        for command in commands or ():
            if command.startswith("nat64ctl "):
                self.ctl(command.removeprefix("nat64ctl "))
            else:
                subprocess.run(command, shell=True, check=True)

    def mark(self, side):
        """True once all that was sent from that side before has had its effect."""
        self.number += 1
        body = struct.pack("!I", self.number)
        if side == 6:
            packet = p6(B6, P6, 17, udp(B6, P6, body, MARKER_PORT, MARKER_PORT))
        else:
            packet = p4(P4, B4, 17, udp(P4, B4, body, MARKER_PORT, MARKER_PORT), id=0)
        self.side[side].send(packet)
        other = self.side[10 - side]
        return wait_for(self.side.values(), lambda: body in other.markers)

    def play(self, row):
        own, other = self.side[row["side"]], self.side[10 - row["side"]]
        own.drain()
        other.drain()
        own.packets, other.packets = [], []
        for tap in self.taps.values():
            tap.heard()
        self.set_up(row["before"])
        for packet in row["send"]:
            own.send(packet)
        wait_for((own, other), lambda: len(other.packets) >= len(row["out"]) and
                 len(own.packets) >= len(row["answer"]))
        lines = [] if self.mark(row["side"]) else ["the marker behind it did not arrive"]
        lines += difference("other side", row["out"], other.packets)
        lines += difference("sender's side", row["answer"], own.packets)
        if self.taps:
            # The first ones; the marker is behind them.
            heard = self.taps[row["side"]].heard()[:len(row["send"])]
            lines += difference("a listener on the router", row["send"], heard)
        if row["drop"] or lines:
            drops = self.read_drops()
            moved = {name: value - self.drops.get(name, 0) for name, value in drops.items()
                     if value != self.drops.get(name, 0)}
            self.drops = drops
            wanted = {"drop-" + row["drop"]: len(row["send"])} if row["drop"] else {}
            if moved != wanted:
                lines.append(f"drop counters moved: {moved or 'none'}, wanted: {wanted or 'none'}")
        self.set_up(row["after"])
        return lines

    def run(self, table):
        for row in table:
            lines = self.play(row)
            for line in lines:
                print(f"# {line}")
            print(f"{'not ok' if lines else 'ok'} {row['section']}: {row['desc']}", flush=True)
            self.failed += bool(lines)
        # What is not a row's own must not have moved anything either.
        left = self.read_drops()
        moved = {name: value - self.drops.get(name, 0) for name, value in left.items()
                 if value != self.drops.get(name, 0)}
        if moved:
            print(f"# {moved}")
        print(f"{'not ok' if moved else 'ok'} no drop was counted but for those named")
        self.drops = left


def open_mac(dev):
    """The MAC address of a link of the namespace that this thread is in."""
    text = subprocess.run(["ip", "-j", "link", "show", "dev", dev], check=True,
                          stdout=subprocess.PIPE).stdout
    return json.loads(text)[0]["address"]


def run(table, tapped=False):
    Wire(tapped).run(table)
