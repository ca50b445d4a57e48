# SPDX-License-Identifier: GPL-2.0
"""killed.py DIRECTORY SPEC: a transaction whose process is killed before each of its messages. Prints
a line for each claim, "ok ..." or "not ok ...".
"""
import errno
import os
import signal

from client import NlError, connect, difference, request, state

CONF = [
    ("config-set", {"prefix": "2001:db8:64::", "prefix-len": 96, "max-idle": 60}),
    ("pool-add", {"prefix": "203.0.113.0", "len": 24}),
    ("allow-add", {"prefix": "2001:db8::", "len": 32}),
    ("map-add", {"v4": "198.18.0.1", "v6": "2001:db8:1::77"}),
    ("map-add", {"v4": "198.19.0.0", "v4-len": 24, "v6": "2001:db8:6::", "v6-len": 120}),
    ("nat44-add", {"internal": "10.0.0.1", "external": "198.51.100.9", "dev": "wan"}),
    ("exclude-add", {"prefix": "9.9.9.9"}),
]
MANY = 2000
PORT = 64646464
family = connect()


def point(wrong, what):
    print(f"not ok {what}: {wrong}" if wrong else f"ok {what}", flush=True)


def killed(work):
    """A process that works, says so, and dies by SIGKILL. Yields while it is alive."""
    told, tell = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            work(connect())
            os.write(tell, b"!")
            signal.pause()
        finally:
            os._exit(1)
    os.close(tell)
    assert os.read(told, 1), "the process has failed"
    os.close(told)
    yield
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    yield


def each_message():
    before = state(family)
    for copy in False, True:
        steps = [("begin", {"copy": copy}), *CONF, ("commit", {"dry-run": True})]
        for n in range(len(steps) + 1):
            def work(own, n=n):
                for step in steps[:n]:
                    request(own, *step)

            wrong = []
            for _ in killed(work):
                wrong.append(difference(before, state(family)))
            if any(wrong):
                return f"after {n} messages: {wrong}"
    return None


def taken_along():
    """What was staged is no more: who gets the same port has no transaction. If it was only lost,
    kmemleak finds it.
    """
    def work(own):
        own.sock.bind((PORT, 0))
        request(own, "begin", {})
        # As many at once as there is room for their answers.
        for first in range(1, MANY, 100):
            own.do_multi([("map-add", {"v4": (198 << 24) + (18 << 16) + n,
                                       "v6": b"\x20\1\x0d\xb8" + n.to_bytes(12, "big")}, [])
                          for n in range(first, first + 100)])

    for _ in killed(work):
        pass
    heir = connect()
    heir.sock.bind((PORT, 0))
    try:
        return f"it goes on: {request(heir, 'commit', {})}"
    except NlError as refusal:
        return None if refusal.error == errno.ENOENT else str(refusal)


point(each_message(), "whatever message it does not live to send")
point(taken_along(), "its transaction has died with it")
