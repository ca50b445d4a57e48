# SPDX-License-Identifier: GPL-2.0
"""burst.py send ADDRESS PORT SIZE COUNT: COUNT datagrams of SIZE bytes, the last one shorter, as
super-packets of up to 40 (UDP_SEGMENT) where the link computes checksums.
burst.py receive PORT COUNT: waits for COUNT datagrams and prints a digest of them in order."""
import errno
import hashlib
import socket
import sys

SOL_UDP, UDP_SEGMENT, SO_RCVBUFFORCE = 17, 103, 33


def datagrams(size, count):
    return [(b"%08d" % n * (size // 8 + 1))[:size if n + 1 < count else size // 2] for n in range(count)]


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


if sys.argv[1] == "send":
    address, port, size, count = sys.argv[2], *map(int, sys.argv[3:])
    sock = socket.socket(family(address), socket.SOCK_DGRAM)
    sock.setsockopt(SOL_UDP, UDP_SEGMENT, size)
    sock.connect((address, port))
    packets = datagrams(size, count)
    for at in range(0, count, 40):
        try:
            sock.send(b"".join(packets[at:at + 40]))
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            sock.setsockopt(SOL_UDP, UDP_SEGMENT, 0)
            for packet in packets[at:at + 40]:
                sock.send(packet)
            sock.setsockopt(SOL_UDP, UDP_SEGMENT, size)
    digest = hashlib.sha256(b"".join(packets))
else:
    port, count = map(int, sys.argv[2:])
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    sock.bind(("::", port))
    sock.settimeout(20)
    digest = hashlib.sha256()
    for _ in range(count):
        digest.update(sock.recv(65536))
print(digest.hexdigest())
