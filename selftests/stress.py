#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""stress.py DIRECTORY SPEC SECONDS: several processes change and list one configuration, all at
once and at random. What a request may be refused for is that another was faster. Prints what each
has done, and fails if something else was told.
"""
import errno
import os
import random
import sys
import time
import traceback

from client import NlError, connect, request

# Each on what is also another's.
POOLS = [{"prefix": f"192.0.2.{i * 32}", "len": 27} for i in range(4)]


def v4(n):
    return f"192.0.2.{n % 127 + 1}" if n % 3 else f"198.18.0.{n % 64 + 1}"


def v6(n):
    return f"2001:db8:1::{n % 40 + 1:x}"


def add_or_del_map(rng):
    if rng.random() < 0.5:
        yield "map-del", {"v4": v4(rng.randrange(200))}
    else:
        yield "map-add", {"v4": v4(rng.randrange(200)), "v6": v6(rng.randrange(200)),
                          "replace": rng.random() < 0.3}


def lease(rng):
    yield "map-add", {"v4": v4(rng.randrange(200)), "v6": v6(rng.randrange(200)),
                      "type": "dynamic", "replace": rng.random() < 0.5}


def pool(rng):
    one = rng.choice(POOLS)
    if rng.random() < 0.5:
        yield "pool-add", {**one, "drain": rng.random() < 0.2}
    else:
        yield "pool-del", {**one, "force": rng.random() < 0.5}


def rule(rng):
    one = {"internal": f"10.0.0.{rng.randrange(8)}", "dev": rng.choice(("wan", "lan", "none"))}
    if rng.random() < 0.5:
        yield "nat44-del", one
    else:
        yield "nat44-add", {**one, "external": f"198.51.100.{rng.randrange(8) + 100}"}
    exclude = {"prefix": f"9.9.9.{rng.randrange(8)}"}
    yield rng.choice(("exclude-add", "exclude-del")), exclude


def setting(rng):
    yield "config-set", {"max-per-prefix": rng.choice((0, 5, 30)),
                         "per-prefix-length": rng.choice((56, 64))}
    allow = {"prefix": f"2001:db8:{rng.randrange(1, 3)}::", "len": 48}
    yield rng.choice(("allow-add", "allow-del")), allow


def flush(rng):
    yield rng.choice((("map-flush", {}), ("map-flush", {"type": "dynamic"}), ("nat44-flush", {}),
                      ("map-flush", {"type": "static"}), ("exclude-flush", {})))


def transaction(rng):
    yield "begin", {"copy": rng.random() < 0.5}
    yield "config-set", {"prefix": "64:ff9b::", "prefix-len": 96}
    for change in (pool, add_or_del_map, add_or_del_map, rule):
        yield from change(rng)
    # Or it ends with the socket.
    if rng.random() < 0.8:
        yield "commit", {"dry-run": rng.random() < 0.2}


def dump(rng):
    yield rng.choice(("map-get", "pool-get", "nat44-get", "exclude-get", "allow-get", "config-get",
                      "stats-get")), {}


def reset(rng):
    if rng.random() < 0.1:
        yield "reset", {}
        yield "config-set", {"prefix": "64:ff9b::", "prefix-len": 96}


WORK = (add_or_del_map, lease, pool, rule, setting, flush, transaction, dump, reset, dump)
SLOWER = {errno.EEXIST, errno.ENOENT, errno.EBUSY, errno.EAGAIN, errno.EDQUOT, errno.EACCES}


def work(what, seed, until):
    rng = random.Random(seed)
    family = connect()
    done = refused = 0
    # How much there is time for, and how often another is faster, is the machine's affair; something is tried.
    while time.monotonic() < until or not done + refused:
        try:
            for name, attrs in what(rng):
                request(family, name, attrs)
            done += 1
        except NlError as refusal:
            refused += 1
            if refusal.error not in SLOWER:
                raise
        if what is transaction:
            family.sock.close()
            family = connect()
    print(f"{what.__name__}: {done} done, {refused} refused", flush=True)


def child(*args):
    status = 1
    try:
        work(*args)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


end = time.monotonic() + float(sys.argv[3])
children = [os.fork() or child(what, seed, end) for seed, what in enumerate(WORK)]
failed = [pid for pid in children if os.waitpid(pid, 0)[1]]
sys.exit(bool(failed))
