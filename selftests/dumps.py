# SPDX-License-Identifier: GPL-2.0
"""dumps.py DIRECTORY SPEC: lists read by a slow reader with a small buffer, while what is in them
comes and goes. What is there throughout must be sent exactly once, and the reader must be told if the
configuration has changed meanwhile. Prints a line for each claim, "ok ..." or "not ok ...".
"""
import itertools
import socket
import struct
from collections import Counter

from client import connect, encode, request

NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_DUMP, NLM_F_DUMP_INTR = 1, 0x300, 0x10
family = connect()


def point(wrong, what):
    print(f"not ok {what}: {wrong}" if wrong else f"ok {what}", flush=True)


class Dump:
    """A dump on its way: read() takes one piece of it and tells whether there is more."""

    def __init__(self, name, attrs=None, key="v4"):
        self.family = connect()
        self.family.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self.seen = Counter()
        self.pieces = 0
        self.interrupted = False
        op = self.family.ops[name]
        self.key = op.attr_set[key].value
        message = self.family._encode_message(op, encode(op, attrs or {}),
                                              [NLM_F_REQUEST | NLM_F_DUMP], 1)
        self.family.sock.send(message)

    def take(self, attrs):
        while attrs:
            length, kind = struct.unpack("=HH", attrs[:4])
            if kind == self.key:
                self.seen[attrs[4:length]] += 1
            attrs = attrs[(length + 3) & ~3:]

    def read(self):
        data = self.family.sock.recv(4096)
        self.pieces += 1
        while data:
            length, kind, flags = struct.unpack("=IHH", data[:8])
            self.interrupted |= bool(flags & NLM_F_DUMP_INTR)
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                error, = struct.unpack("=i", data[16:20])
                assert not error, f"error {error}"
                self.family.sock.close()
                return False
            self.take(data[20:length])
            data = data[(length + 3) & ~3:]
        return True

    def read_all(self, meanwhile=lambda n: None):
        while self.read():
            meanwhile(self.pieces)
        return self

    def wrong(self, wanted, interrupted, others=True):
        """What is wrong with it, if it should have those wanted."""
        missing = [key for key in wanted if not self.seen[key]]
        twice = [key for key, n in self.seen.items() if n > 1 and key in wanted]
        strange = [] if others else [key for key in self.seen if key not in wanted]
        if missing or twice or strange:
            return f"{len(missing)} of {len(wanted)} missing, {len(twice)} twice, {len(strange)} strange"
        if self.pieces < 4:
            return f"only {self.pieces} pieces"
        if self.interrupted != interrupted:
            return f"it says that it was {'' if self.interrupted else 'not '}interrupted"
        return None


def many(name, entries):
    """Lots of requests, as many at once as there is room for the answers."""
    op = family.ops[name]
    entries = [(name, encode(op, attrs), []) for attrs in entries]
    for i in range(0, len(entries), 50):
        family.do_multi(entries[i:i + 50])


def address(base, n):
    return socket.inet_aton(f"{base}.{n // 200}.{n % 200 + 1}")


def text(raw):
    return socket.inet_ntoa(raw)


def maps():
    def make(n):
        return address("198.18", n)

    def static(n):
        return {"v4": text(make(n)), "v6": f"2001:db8:1::{n + 1:x}"}

    def change(n):
        # One at the front of the list, one where the reader is, one behind the end.
        request(family, "map-del", {"v4": text(make(600 + n))})
        request(family, "map-add", static(700 + n))

    many("map-add", [static(n) for n in range(600, 700)] + [static(n) for n in range(600)])
    many("map-del", [{"v4": text(make(n))} for n in range(600, 700)])
    many("map-add", [static(n) for n in range(600, 650)])
    wanted = {make(n) for n in range(650)}
    point(Dump("map-get").read_all().wrong(wanted, False, False), "static maps, quiet")
    wanted = {make(n) for n in range(600)}
    point(Dump("map-get").read_all(change).wrong(wanted, True), "static maps, changing")

    # The one that is read is deleted under the reader; two readers at once.
    one, two = Dump("map-get"), Dump("map-get")
    one.read()
    two.read()
    gone = set(itertools.islice(reversed(one.seen), 3)) & wanted
    many("map-del", [{"v4": text(key)} for key in gone])
    while two.read():
        pass
    one.read_all()
    left = wanted - gone
    point(one.wrong(left, True) or two.wrong(left, True), "static maps, the last that was read is gone")
    kept = Dump("map-get")
    kept.read()
    many("map-flush", [{"type": "static"}])
    point(None if not Dump("map-get").read_all().seen else "maps are left", "static maps, flushed under a reader")
    point(kept.read_all().wrong(left, True), "and that reader still gets the old ones, and is told")
    forsaken = Dump("map-get")
    forsaken.family.sock.close()


def filters():
    many("map-add", [{"v4": text(address("198.18", n)), "v6": f"2001:db8:{n % 4:x}::{n + 1:x}"}
                     for n in range(1200)])
    wanted = {address("198.18", n) for n in range(1200) if n % 4 == 2}
    point(Dump("map-get", {"v6": "2001:db8:2::", "v6-len": 48}).read_all().wrong(wanted, False, False),
          "static maps of an IPv6 prefix, and the kernel sends no others")
    wanted = {address("198.18", n) for n in range(400, 600)}
    dump = Dump("map-get", {"v4": "198.18.2.0", "v4-len": 24}).read_all()
    point(dump.wrong(wanted, False, False), "of an IPv4 prefix")
    many("map-flush", [{"type": "static"}])


def leases():
    def make(n):
        return address("10.0", n)

    def lease(n):
        return {"v4": text(make(n)), "v6": f"2001:db8:9::{n + 1:x}", "type": "dynamic"}

    def change(n):
        request(family, "map-del", {"v4": text(make(600 + n))})
        request(family, "map-add", lease(700 + n))

    request(family, "pool-add", {"prefix": "10.0.0.0", "len": 16})
    many("map-add", [lease(n) for n in range(600, 650)] + [lease(n) for n in range(600)])
    wanted = {make(n) for n in range(600)}
    point(Dump("map-get").read_all(change).wrong(wanted, False), "leases, changing")


def rules():
    def rule(n):
        return {"internal": text(address("10.1", n)), "external": text(address("10.2", n)), "dev": "wan"}

    def change(n):
        request(family, "nat44-del", {"internal": text(address("10.1", 600 + n)), "dev": "wan"})
        request(family, "nat44-add", rule(700 + n))

    many("nat44-add", [rule(n) for n in range(600)])
    wanted = {address("10.1", n) for n in range(600)}
    point(Dump("nat44-get", key="internal").read_all().wrong(wanted, False, False), "rules of nat44, quiet")
    many("nat44-add", [rule(n) for n in range(600, 650)])
    point(Dump("nat44-get", key="internal").read_all(change).wrong(wanted, True), "rules of nat44, changing")


def excludes():
    def change(n):
        request(family, "exclude-del", {"prefix": text(address("10.3", 600 + n))})
        request(family, "exclude-add", {"prefix": text(address("10.3", 700 + n))})

    many("exclude-add", [{"prefix": text(address("10.3", n))} for n in range(650)])
    wanted = {address("10.3", n) for n in range(600)}
    point(Dump("exclude-get", key="prefix").read_all(change).wrong(wanted, True), "exclusions, changing")


def pools():
    def change(n):
        request(family, "pool-del", {"prefix": f"10.{8 + n}.0.0", "len": 24})
        request(family, "pool-add", {"prefix": f"10.{100 + n}.0.0", "len": 24})

    many("pool-add", [{"prefix": f"10.{8 + n}.0.0", "len": 24} for n in range(40)] +
         [{"prefix": f"10.{200 + n // 100}.{n % 100}.0", "len": 24} for n in range(200)])
    wanted = {socket.inet_aton(f"10.{200 + n // 100}.{n % 100}.0") for n in range(200)}
    point(Dump("pool-get", key="prefix").read_all(change).wrong(wanted, True), "pools, changing")


request(family, "config-set", {"prefix": "64:ff9b::", "prefix-len": 96})
for part in (maps, filters, leases, rules, excludes, pools):
    part()
