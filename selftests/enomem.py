#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Every request, with its first, second, ... allocation failing until none is left to fail.

enomem.py DIRECTORY SPEC: the kernel tree's netlink client is in DIRECTORY. What is refused must have
changed nothing, and must be refused for want of memory. Prints a line for each case, "ok CASE: ..."
or "not ok CASE: ...".

Which allocation fails is said to the kernel right before a message is sent, so that only those of
sending, handling and receiving it count.
"""
import errno
import os

from client import LISTS, NlError, connect, difference, request, state

fail_nth = os.open("/proc/thread-self/fail-nth", os.O_RDWR)


class Shortage:
    """Stands in for the client's socket; of the allocations of what it is asked, one fails."""

    def __init__(self, sock):
        self.sock = sock
        self.nth = 0
        self.lost = False

    def call(self, function, *args):
        if not self.nth:
            return function(*args)
        os.pwrite(fail_nth, b"%d" % self.nth, 0)
        try:
            return function(*args)
        finally:
            self.nth = int(os.pread(fail_nth, 16, 0))
            os.pwrite(fail_nth, b"0", 0)

    def send(self, *args):
        return self.call(self.sock.send, *args)

    def recv(self, *args):
        try:
            return self.call(self.sock.recv, *args)
        except OSError:
            self.lost = True
            raise

    def close(self):
        self.sock.close()


def connect_short(nth):
    family = connect()
    family.sock = Shortage(family.sock)
    family.sock.nth = nth
    return family


family = connect()


def attempt(steps, nth):
    """The steps, as nat64ctl does them: up to the first that fails. How that failed, and whether
    everything that was to fail did."""
    short = connect_short(nth)
    told = None
    try:
        for name, attrs in steps:
            request(short, name, attrs)
    except NlError as refusal:
        told = refusal.error
    except OSError as error:
        told = error.errno
    short.sock.close()
    return told, short.sock.lost, short.sock.nth == 0


def put_back(before, undo):
    """Undo what has been done, if anything has."""
    if state(family) == before:
        return None
    for name, attrs in undo:
        request(family, name, attrs)
    now = state(family)
    return None if now == before else f"cannot be undone: {difference(before, now)}"


def verdict(told, lost, before, now, after):
    """What is wrong with a state after a request that was told so."""
    if not told:
        return None if now == after else f"it was not refused: {difference(after, now)}"
    if told not in (errno.ENOMEM, errno.ENOBUFS):
        return errno.errorcode[told]
    # Whoever did not get the answer cannot know.
    if now == before or (lost and now == after):
        return None
    return difference(before, now)


def try_all(steps, undo, stride):
    """What went wrong, if anything; how many allocations failed, and how many of them mattered."""
    before = state(family)
    told, _, _ = attempt(steps, 0)
    if told:
        return f"refused with memory, too: {errno.errorcode[told]}", 0, 0
    after = state(family)
    wrong = put_back(before, undo)
    tried = refused = 0
    failed = True
    while failed and not wrong:
        told, lost, failed = attempt(steps, 1 + tried * stride)
        wrong = verdict(told, lost, before, state(family), after)
        if wrong:
            return f"allocation {1 + tried * stride}: {wrong}", tried, refused
        tried += failed
        refused += bool(told)
        wrong = put_back(before, undo)
    return wrong, tried, refused


def case(title, steps, undo=(), stride=1):
    wrong, tried, refused = try_all(steps, undo, stride)
    if not wrong and not tried:
        wrong = "no allocation failed"
    print(f"not ok {title}: {wrong}" if wrong else
          f"ok {title}: {tried} allocations failed, {refused} times it was refused", flush=True)


def lease(v4, v6, **more):
    return "map-add", {"v4": v4, "v6": v6, "type": "dynamic", **more}


BASE = [
    ("config-set", {"prefix": "64:ff9b::", "prefix-len": 96, "max-idle": 7200, "max-per-prefix": 50}),
    ("pool-add", {"prefix": "192.0.2.0", "len": 28}),
    ("pool-add", {"prefix": "203.0.113.0", "len": 28}),
    ("allow-add", {"prefix": "2001:db8::", "len": 32}),
    ("map-add", {"v4": "192.0.2.2", "v6": "2001:db8:1::2"}),
    ("map-add", {"v4": "198.18.0.0", "v4-len": 24, "v6": "2001:db8:6::", "v6-len": 120}),
    ("nat44-add", {"internal": "10.0.0.1", "external": "198.51.100.9", "dev": "wan"}),
    ("exclude-add", {"prefix": "9.9.9.9"}),
]
LEASES = [
    lease("192.0.2.5", "2001:db8:1::5"),
    lease("192.0.2.6", "2001:db8:2::6"),
    lease("203.0.113.3", "2001:db8:3::3"),
]
GIVEN_BACK = [(name, {**attrs, "replace": True}) for name, attrs in LEASES]


def small():
    case("begin, commit on nothing", [("begin", {}), ("commit", {"dry-run": True})])
    case("a first exclusion", BASE[-1:], [("reset", {})])
    # Most of it is the kernel's making of a link.
    case("a first prefix", BASE[:1], [("reset", {})], 7)
    for step in BASE + LEASES:
        request(family, *step)


def lists():
    for name in LISTS + ("stats-get",):
        case(name, [(name, {})])


def settings():
    case("set prefix", [("config-set", {"prefix": "2001:db8:64::", "prefix-len": 96})], BASE[:1])
    case("set max-idle", [("config-set", {"max-idle": 60})], BASE[:1])
    case("set max-per-prefix", [("config-set", {"max-per-prefix": 7, "per-prefix-length": 48})],
         [("config-set", {"max-per-prefix": 50, "per-prefix-length": 64})])


def pools():
    new = {"prefix": "198.18.5.0", "len": 24}
    case("add pool", [("pool-add", new)], [("pool-del", new)])
    case("del pool", [("pool-del", {"prefix": "203.0.113.0", "len": 28, "force": True})],
         [BASE[2], LEASES[2]])
    new = {"prefix": "2001:db8:1::", "len": 48}
    case("add allow", [("allow-add", new)], [("allow-del", new)])
    case("del allow", [("allow-del", BASE[3][1])], BASE[3:4])


def maps():
    def added(title, v4, v6, *undo, **more):
        case(title, [("map-add", {"v4": v4, "v6": v6, **more})], [("map-del", {"v4": v4}), *undo])

    added("add map", "198.19.0.1", "2001:db8:1::77")
    added("add map in the pool", "192.0.2.9", "2001:db8:1::77")
    added("add map of a lease's address", "192.0.2.5", "2001:db8:1::77", LEASES[0])
    added("add map of a lease's host", "198.19.0.1", "2001:db8:1::5", LEASES[0])
    added("add map of two leases", "192.0.2.5", "2001:db8:2::6", *LEASES[:2])
    added("add map --replace", "192.0.2.2", "2001:db8:1::77", BASE[4], replace=True)
    pair = {"v4": "198.19.1.0", "v4-len": 24, "v6": "2001:db8:7::", "v6-len": 120}
    case("add map of prefixes", [("map-add", pair)], [("map-del", pair)])
    case("del map", [("map-del", {"v4": "192.0.2.2"})], BASE[4:5])
    case("del map of a lease", [("map-del", {"v4": "192.0.2.5"})], LEASES[:1])
    case("flush maps static", [("map-flush", {"type": "static"})], BASE[4:6])
    case("flush maps", [("map-flush", {})], BASE[4:6] + LEASES)


def restored():
    other = {"v4": "192.0.2.9", "v6": "2001:db8:9::9"}
    case("restore", [lease(**other)], [("map-del", other)])
    # A host's other address, another host's address, and both at once.
    case("restore --replace, the host", [lease("192.0.2.10", "2001:db8:1::5", replace=True)],
         GIVEN_BACK[:1])
    case("restore --replace, the address", [lease("192.0.2.5", "2001:db8:9::9", replace=True)],
         GIVEN_BACK[:1])
    case("restore --replace, both", [lease("192.0.2.5", "2001:db8:2::6", replace=True)],
         GIVEN_BACK[:2])
    case("restore --replace, the same", GIVEN_BACK[:1])


def rules():
    for dev in "wan", "lan":
        new = {"internal": "10.0.1.0", "external": "198.18.9.0", "len": 24, "dev": dev}
        case(f"add nat44 on {dev}", [("nat44-add", new)],
             [("nat44-del", {"internal": "10.0.1.0", "len": 24, "dev": dev})])
    case("del nat44", [("nat44-del", {"internal": "10.0.0.1", "dev": "wan"})], BASE[6:7])
    case("flush nat44", [("nat44-flush", {})], BASE[6:7])
    new = {"prefix": "198.18.0.0", "len": 15}
    case("add exclude", [("exclude-add", new)], [("exclude-del", new)])
    case("del exclude", [("exclude-del", {"prefix": "9.9.9.9"})], BASE[7:])
    case("flush excludes", [("exclude-flush", {})], BASE[7:])


def transactions():
    whole = [("begin", {}), *BASE]
    back = [*whole, ("commit", {}), *GIVEN_BACK]
    more = [("map-add", {"v4": "203.0.113.3", "v6": "2001:db8:1::77"}),
            ("exclude-add", {"prefix": "8.8.8.8"})]
    # Some of the many: what comes in between is a request as above.
    case("load", [*whole, *more, ("commit", {})], back, 3)
    case("check", [*whole, *more, ("commit", {"dry-run": True})], stride=5)
    case("-b --atomic", [("begin", {"copy": True}), *more, ("pool-del", BASE[1][1] | {"force": True}),
                         ("commit", {})], back, 2)


def last():
    case("reset", [("reset", {})], BASE + LEASES)


for part in (small, lists, settings, pools, maps, restored, rules, transactions, last):
    part()
