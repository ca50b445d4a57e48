#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""nat64(4), read from stdin and written to stdout, with what the specification says between its two marks."""
import sys
import textwrap
import yaml

BEGIN = "; From include/nat64.yaml by include/regen, down to the next remark.\n"
END = "; The end of it.\n"

# For attributes whose meaning is more than their number, what they hold.
HINTS = {"ipv4": "an IPv4 address", "ipv6": "an IPv6 address"}


def text(doc, indent=""):
    return textwrap.fill(" ".join(doc.split()), 118, initial_indent=indent, subsequent_indent=indent,
                         tabsize=4, break_long_words=False, break_on_hyphens=False)


def names(attributes):
    return ", ".join("*%s*" % a for a in attributes if a != "pad")


def kind(attribute, enums):
    """Type and limits: u32, 1280 to 65535."""
    checks = attribute.get("checks", {})
    words = [attribute["type"]]
    if "exact-len" in checks:
        words[0] += " of %d bytes" % checks["exact-len"]
    if "max-len" in checks:
        words[0] += " of at most %d bytes" % checks["max-len"]
    if attribute.get("byte-order") == "big-endian":
        words[0] += " in network byte order"
    if "display-hint" in attribute:
        words.append(HINTS[attribute["display-hint"]])
    if "enum" in attribute:
        words += ["%d is *%s*" % (i, e["name"]) for i, e in enumerate(enums[attribute["enum"]]["entries"])]
    elif "max" in checks:
        words.append("%d to %d" % (checks.get("min", 0), checks["max"]))
    return ", ".join(words)


def command(operation):
    """What it does, what it takes, what it answers, and to whom."""
    yield "*%s*" % operation["name"]
    yield text(operation["doc"], "\t")
    how = operation.get("do") or operation.get("dump") or {}
    said = []
    if "dump" in operation:
        said.append("A dump.")
    if "uns-admin-perm" in operation.get("flags", []):
        said.append("Wants CAP_NET_ADMIN.")
    if "request" in how:
        said.append("Takes %s." % names(how["request"]["attributes"]))
    if "reply" in how and operation["attribute-set"] != "counter":
        said.append("Answers %s." % names(how["reply"]["attributes"]))
    if "event" in operation:
        said.append("Brings %s." % names(operation["event"]["attributes"]))
    if said:
        yield ""
        yield text(" ".join(said), "\t")
    yield ""


def reference(spec):
    enums = {d["name"]: d for d in spec["definitions"]}
    for attributes in spec["attribute-sets"]:
        is_counter = attributes["name"] == "counter"
        yield "# COUNTERS" if is_counter else "## %s" % attributes["name"]
        yield ""
        if "doc" in attributes:
            yield text(attributes["doc"])
            yield ""
        for operation in spec["operations"]["list"]:
            if operation["attribute-set"] == attributes["name"]:
                yield from command(operation)
        yield "The attributes:" if not is_counter else "The counters, each a u64:"
        yield ""
        for a in attributes["attributes"]:
            if a["type"] == "pad":
                continue
            yield "*%s*" % a["name"] if is_counter else "*%s* (%s)" % (a["name"], kind(a, enums))
            yield text(a["doc"], "\t")
            yield ""


before, rest = sys.stdin.read().split(BEGIN)
after = rest.split(END)[1]
with open(sys.argv[1], encoding="utf-8") as file:
    made = "\n".join(reference(yaml.safe_load(file)))
sys.stdout.write(before + BEGIN + "\n" + made + "\n" + END + after)
