# SPDX-License-Identifier: GPL-2.0
"""The kernel tree's own netlink client, given nothing but our specification.

ynl.py DIRECTORY SPEC: the client is in DIRECTORY. Reads requests, a line each, and answers each by
a line:

  OPERATION [ATTRIBUTES]  the reply as JSON, an array for a dump; or the refusal: "EEXIST .v4 TEXT"
  reopen                  another socket; what the old one had begun ends
  subscribe GROUP         one that hears these events; the client does not expect them between answers
  events                  those that it has heard since, as a JSON array
  unused                  operations and attributes of requests that nobody has used yet

ATTRIBUTES is JSON, with addresses as text: the client can print those, but wants them as numbers.
"""
import errno
import json
import sys

from client import NlError, connect, encode

family = connect()
listener = connect()
used = set()


def encoded(op, attrs):
    used.update((op.name, name) for name in attrs)
    return encode(op, attrs)


def plain(reply):
    """It as JSON, without padding."""
    for entry in reply if isinstance(reply, list) else [reply or {}]:
        entry.pop("pad", None)
    return json.dumps(reply)


def request(words):
    op = family.ops[words[0]]
    used.add((op.name, None))
    attrs = encoded(op, json.loads(words[1]) if len(words) > 1 else {})
    try:
        return plain((family.do if "do" in op.yaml else family.dump)(op.name, attrs))
    except NlError as refusal:
        extack = refusal.nl_msg.extack or {}
        told = errno.errorcode[refusal.error], extack.get("bad-attr") or extack.get("miss-type"), \
            extack.get("msg")
        return " ".join(filter(None, told))


def unused():
    for op in family.ops.values():
        mode = op.yaml.get("do") or op.yaml["dump"]
        for name in (None, *mode.get("request", {}).get("attributes", [])):
            if (op.name, name) not in used:
                yield f"{op.name} {name or ''}".strip()


def answer(words):
    global family
    if words[0] == "reopen":
        family.sock.close()
        family = connect()
        return "done"
    if words[0] == "subscribe":
        listener.ntf_subscribe(words[1])
        return "done"
    if words[0] == "events":
        listener.check_ntf()
        events, listener.async_msg_queue = listener.async_msg_queue, []
        return plain([event["msg"] for event in events])
    if words[0] == "unused":
        return ", ".join(unused())
    return request(words)


print("ready", flush=True)
for line in sys.stdin:
    try:
        print(answer(line.strip().split(" ", 1)), flush=True)
    except Exception as error:  # told where it is waited for
        print(f"{type(error).__name__}: {error}", flush=True)
