# SPDX-License-Identifier: GPL-2.0
"""The kernel tree's own netlink client, given nothing but our specification, for programs that are
called with DIRECTORY SPEC: the client is in DIRECTORY.
"""
import copy
import ipaddress
import json
import os
import socket
import sys

import yaml

sys.path.insert(0, sys.argv[1])
from lib import NlError, YnlFamily  # noqa: E402, F401
from lib.ynl import Netlink  # noqa: E402

# The same loader in C: in an emulated CPU the one in Python takes longer than all else.
yaml.safe_load = lambda text: yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))

os.chdir(sys.argv[1])
# What it takes for unknown is the padding of machines that do not align.
first = YnlFamily(sys.argv[2], schema="", process_unknown=True)


def connect():
    """Another socket for the same: the specification is read once."""
    family = copy.copy(first)
    family.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, Netlink.NETLINK_GENERIC)
    family.sock.setsockopt(Netlink.SOL_NETLINK, Netlink.NETLINK_CAP_ACK, 1)
    family.sock.setsockopt(Netlink.SOL_NETLINK, Netlink.NETLINK_EXT_ACK, 1)
    return family


def encode(op, attrs):
    """What the client wants for what people write: it can print addresses, but wants numbers."""
    encoded = {}
    for name, value in attrs.items():
        hint = op.attr_set[name].display_hint
        if hint == "ipv4":
            value = int(ipaddress.IPv4Address(value))
        elif hint == "ipv6":
            value = ipaddress.IPv6Address(value).packed
        encoded[name] = value
    return encoded


def request(family, name, attrs):
    """One request: its reply, a list for a dump. A refusal is an NlError."""
    op = family.ops[name]
    return (family.do if "do" in op.yaml else family.dump)(name, encode(op, attrs))


LISTS = ("config-get", "pool-get", "allow-get", "map-get", "nat44-get", "exclude-get")


def state(family):
    """All that is configured and leased, but for how long the leases have been idle, and for what
    is another number each time."""
    lines = []
    for name in LISTS:
        reply = request(family, name, {})
        for entry in reply if isinstance(reply, list) else [reply]:
            for key in ("idle", "expires", "generation", "pad"):
                entry.pop(key, None)
            if "anchor" in entry:
                entry["anchor"] = True
            lines.append(f"{name} {json.dumps(entry, sort_keys=True)}")
    return sorted(lines)


def difference(a, b):
    return "; ".join([f"- {line}" for line in a if line not in b] +
                     [f"+ {line}" for line in b if line not in a])
