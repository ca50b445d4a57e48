#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""nfqueue.py accept|hold NUMBER - take packets from an NFQUEUE queue, by raw netlink.

accept: each packet goes on. hold: none ever does, until SIGUSR1, which lets all of them go and
accepts what comes after. Says "ready" when the queue is bound, and "released N, M refused" then.
"""
import signal
import socket
import struct
import sys

NETLINK_NETFILTER = 12
NLM_F_REQUEST, NLM_F_ACK = 1, 4
NLMSG_ERROR = 2
NFNL_SUBSYS_QUEUE = 3
NFQNL_MSG_PACKET, NFQNL_MSG_VERDICT, NFQNL_MSG_CONFIG = 0, 1, 2
NFQA_CFG_CMD, NFQA_CFG_PARAMS, NFQA_CFG_QUEUE_MAXLEN = 1, 2, 3
NFQA_CFG_FLAGS, NFQA_CFG_MASK, NFQA_CFG_F_GSO = 5, 4, 1 << 2
NFQA_PACKET_HDR, NFQA_VERDICT_HDR = 1, 2
NFQNL_CFG_CMD_BIND, NFQNL_COPY_META, NF_ACCEPT = 1, 1, 1
NETLINK_NO_ENOBUFS, SOL_NETLINK = 5, 270

mode, number = sys.argv[1], int(sys.argv[2])
sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
sock.setsockopt(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1)
sock.bind((0, 0))


def attr(kind, data):
    text = struct.pack("=HH", 4 + len(data), kind) + data
    return text + b"\0" * (-len(text) % 4)


def message(kind, attrs, flags=0):
    """An nfnetlink message about our queue."""
    body = struct.pack("!BBH", 0, 0, number) + attrs
    return struct.pack("=IHHII", 16 + len(body), NFNL_SUBSYS_QUEUE << 8 | kind,
                       NLM_F_REQUEST | flags, 0, 0) + body


def configure(attrs):
    sock.send(message(NFQNL_MSG_CONFIG, attrs, NLM_F_ACK))
    data = sock.recv(65536)
    error = -struct.unpack("=i", data[16:20])[0]
    if error:
        sys.exit(f"queue {number}: error {error}")


configure(attr(NFQA_CFG_CMD, struct.pack("!BBH", NFQNL_CFG_CMD_BIND, 0, 0)))
configure(attr(NFQA_CFG_PARAMS, struct.pack("!IB", 0, NFQNL_COPY_META)))
# A super-packet stays one packet.
configure(attr(NFQA_CFG_FLAGS, struct.pack("!I", NFQA_CFG_F_GSO)) +
          attr(NFQA_CFG_MASK, struct.pack("!I", NFQA_CFG_F_GSO)))

held = []
holding = mode == "hold"
refused = 0


def accept(packet):
    sock.send(message(NFQNL_MSG_VERDICT,
                      attr(NFQA_VERDICT_HDR, struct.pack("!II", NF_ACCEPT, packet)), NLM_F_ACK))


def release(_signal, _frame):
    global holding
    holding = False


signal.signal(signal.SIGUSR1, release)
signal.siginterrupt(signal.SIGUSR1, True)
print("ready", flush=True)
sock.settimeout(0.2)
while True:
    try:
        data = sock.recv(65536)
    except (socket.timeout, InterruptedError):
        data = b""
    while len(data) >= 20:
        length, kind = struct.unpack("=IH", data[:6])
        if kind == NLMSG_ERROR:
            refused += struct.unpack("=i", data[16:20])[0] != 0
        elif kind == NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET:
            attrs = data[20:length]
            while attrs:
                size, what = struct.unpack("=HH", attrs[:4])
                if what == NFQA_PACKET_HDR:
                    held.append(struct.unpack("!I", attrs[4:8])[0])
                attrs = attrs[(size + 3) & ~3:]
        data = data[(length + 3) & ~3:]
    if not holding and mode == "hold":
        print(f"releasing {len(held)}", flush=True)
        mode = "accept"
    if not holding:
        for packet in held:
            accept(packet)
        held.clear()
