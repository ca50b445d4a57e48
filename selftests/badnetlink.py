#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""badnetlink.py targeted|random - malformed messages to the generic netlink family nat64.

targeted: every attribute of every request, too short, too long, out of range, nested, unknown, in
headers of a wrong length; each must be refused, and the caller looks that nothing changed. A line
for every message that was not refused, and a last line "N messages, M accepted".
random: attributes of random kinds, lengths and contents; whatever the answer, the family must
still answer at the end.
"""
import os
import random
import socket
import struct
import sys

import yaml

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "include", "nat64.yaml")
NETLINK_GENERIC = 16
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 3, 1, 2
NLA_F_NESTED = 0x8000


def attr(kind, data, length=None):
    """An attribute; @length is what its header claims."""
    text = struct.pack("=HH", 4 + len(data) if length is None else length, kind) + data
    return text + b"\0" * (-len(text) % 4)


class Family:
    def __init__(self, name):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.settimeout(20)
        self.sock.bind((0, 0))
        self.family = GENL_ID_CTRL
        self.family = self.find(name)

    def send(self, payload, flags=0, length=None):
        """@payload after the netlink header; @length is what that claims."""
        length = 16 + len(payload) if length is None else length
        self.sock.send(struct.pack("=IHHII", length, self.family,
                                   NLM_F_REQUEST | NLM_F_ACK | flags, 1, 0) + payload)

    def answer(self):
        """Until the ACK or the end of a dump: its error, 0 when there is none."""
        while True:
            data = self.sock.recv(1 << 17)
            while len(data) >= 16:
                length, kind = struct.unpack("=IH", data[:6])
                if kind == NLMSG_ERROR:
                    return -struct.unpack("=i", data[16:20])[0]
                if kind == NLMSG_DONE:
                    return 0
                self.last = data[16:length]
                data = data[(length + 3) & ~3:]

    def ask(self, cmd, attrs=b"", flags=0):
        self.send(struct.pack("=BBH", cmd, 1, 0) + attrs, flags)
        return self.answer()

    def find(self, name):
        error = self.ask(CTRL_CMD_GETFAMILY, attr(CTRL_ATTR_FAMILY_NAME, name.encode() + b"\0"))
        if error:
            sys.exit(f"no family {name}: {os.strerror(error)}")
        data = self.last[4:]
        while data:
            length, kind = struct.unpack("=HH", data[:4])
            if kind == CTRL_ATTR_FAMILY_ID:
                return struct.unpack("=H", data[4:6])[0]
            data = data[(length + 3) & ~3:]
        sys.exit("no family id")


# The loader in C is many times faster, which counts in an emulated CPU.
spec = yaml.load(open(SPEC, encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
sets = {s["name"]: s["attributes"] for s in spec["attribute-sets"]}
ops = [(number, op) for number, op in enumerate(spec["operations"]["list"], 1)
       if "event" not in op]
WIDTH = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}


def width(a):
    return WIDTH.get(a["type"]) or a.get("checks", {}).get("exact-len")


def wrong_values(a):
    """(what, encoded) of an attribute's contents that no policy may let pass."""
    size = width(a)
    if a["type"] == "flag":
        return
    if size:
        yield "empty", b""
        yield "short", b"\1" * (size - 1)
    if a.get("checks", {}).get("exact-len"):
        yield "long", b"\1" * (size + 1)
    checks = a.get("checks", {})
    order = "big" if a.get("byte-order") == "big-endian" else "little"
    if size and "max" in checks:
        yield "above", (checks["max"] + 1).to_bytes(size, order)
    if size and "min" in checks:
        yield "below", (checks["min"] - 1).to_bytes(size, order)
    if a.get("enum"):
        yield "no such value", b"\xee"
    if "max-len" in checks:
        yield "long", b"x" * (checks["max-len"] + 1) + b"\0"
    if a["type"] == "string":
        yield "without an end", b"\xff" * 4000


def right_value(a):
    size = width(a)
    if a["type"] == "flag":
        return b""
    if a["type"] == "string":
        return b"lo\0"
    checks = a.get("checks", {})
    return max(checks.get("min", 1), 1).to_bytes(size, "little")


def targeted():
    nat64 = Family("nat64")
    sent = accepted = 0

    def refuse(what, cmd, attrs, flags=0):
        nonlocal sent, accepted
        sent += 1
        if nat64.ask(cmd, attrs, flags) == 0:
            accepted += 1
            print(f"accepted: {what}")

    for cmd, op in ops:
        attributes = sets[op["attribute-set"]]
        mode = op.get("do") or op["dump"]
        wanted = mode.get("request", {}).get("attributes", [])
        flags = 0 if "do" in op else NLM_F_DUMP
        for number, a in enumerate(attributes, 1):
            where = f"{op['name']} {a['name']}"
            if a["name"] not in wanted:
                if a["type"] != "pad" and wanted and width(a):
                    refuse(f"{where}: not of this request", cmd, attr(number, right_value(a)),
                           flags)
                continue
            for what, data in wrong_values(a):
                refuse(f"{where}: {what}", cmd, attr(number, data), flags)
            refuse(f"{where}: longer than the message", cmd,
                   attr(number, right_value(a), 4 + len(right_value(a)) + 64), flags)
            refuse(f"{where}: nested", cmd,
                   attr(number | NLA_F_NESTED, attr(1, b"\1\2\3\4") * 3), flags)
        if wanted:
            refuse(f"{op['name']}: an attribute that nobody knows", cmd, attr(999, b"1234"), flags)
            refuse(f"{op['name']}: an attribute of kind 0", cmd, attr(0, b"1234"), flags)
        if "do" in op and op["name"].endswith(("-add", "-del")):
            refuse(f"{op['name']}: nothing said", cmd, b"")
            for number, a in enumerate(attributes, 1):
                if a["name"] in wanted and width(a) != 4 and width(a) != 16:
                    refuse(f"{op['name']}: only {a['name']}", cmd, attr(number, right_value(a)))
    last = ops[-1][0]
    for cmd in (0, last + 1, last + 2, 200, 255):
        refuse(f"command {cmd}", cmd, b"")
    print(f"{sent} messages, {accepted} accepted")


def scrambled(rng):
    """A message of attributes that mean something, more or less."""
    cmd, op = rng.choice(ops)
    attributes = sets[op["attribute-set"]]
    attrs = b""
    for _ in range(rng.randrange(6)):
        number, a = rng.choice(list(enumerate(attributes, 1)))
        size = width(a) or rng.randrange(40)
        if rng.random() < 0.2:
            number = rng.randrange(70)
        if rng.random() < 0.2:
            size = rng.randrange(64)
        data = rng.choice((rng.randbytes(size), bytes(size), b"\xff" * size,
                           rng.randrange(129).to_bytes(4, "little")[:size].ljust(size, b"\0")))
        length = None if rng.random() < 0.9 else rng.randrange(256)
        attrs += attr(number | (NLA_F_NESTED if rng.random() < 0.1 else 0), data, length)
    return cmd, attrs[:rng.randrange(len(attrs) + 1)] if rng.random() < 0.1 else attrs, \
        NLM_F_DUMP if "do" not in op or rng.random() < 0.1 else 0


def at_random():
    rng = random.Random(64)
    nat64 = Family("nat64")
    answers = {}
    for number in range(1500):
        if number % 50 == 0:
            nat64.sock.close()
            nat64 = Family("nat64")
        cmd, attrs, flags = scrambled(rng)
        if rng.random() < 0.05:
            # The netlink header is shorter or longer than what follows: there may be no answer.
            other = Family("nat64")
            other.send(struct.pack("=BBH", cmd, 1, 0) + attrs, flags,
                       rng.randrange(16, 64 + len(attrs)))
            other.sock.close()
            continue
        error = nat64.ask(cmd, attrs, flags)
        answers[error] = answers.get(error, 0) + 1
    print(", ".join(f"{os.strerror(e) if e else 'accepted'}: {n}"
                    for e, n in sorted(answers.items(), key=lambda item: -item[1])))
    error = nat64.ask(next(number for number, op in ops if op["name"] == "stats-get"))
    sys.exit(f"the family does not answer: {os.strerror(error)}" if error else 0)


{"targeted": targeted, "random": at_random}[sys.argv[1]]()
