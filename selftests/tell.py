# SPDX-License-Identifier: GPL-2.0
"""Who talks to whom, as the far end sees it.

tell.py NS...: serves TCP and UDP on port 9 in each namespace, and watches its pings. Reads requests,
a line each, "NS tcp|udp|icmp SOURCE DESTINATION", and asks from there. Prints a line for each: the
peer's address and the own one as the server saw them, once the client has its answer; or why there
was none.
"""
import ctypes
import os
import select
import socket
import struct
import sys
import threading
import time

PORT = 9
IP_PKTINFO = 8  # not in socket before Python 3.14
PATIENCE = 10

libc = ctypes.CDLL(None, use_errno=True)
pinged = {}
heard = threading.Condition()


def enter(ns):
    with open(f"/run/netns/{ns}", "rb") as file:
        if libc.setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), f"setns {ns}")


def serve_tcp(sock):
    while True:
        conn, peer = sock.accept()
        with conn:
            conn.sendall(f"{peer[0]} {conn.getsockname()[0]}".encode())


def serve_udp(sock):
    while True:
        _, ancillary, _, peer = sock.recvmsg(100, 100)
        own = ancillary[0][2][8:12]
        answer = f"{peer[0]} {socket.inet_ntoa(own)}".encode()
        # from the address that was asked
        info = (socket.IPPROTO_IP, IP_PKTINFO, struct.pack("=I4s4x", 0, own))
        sock.sendmsg([answer], [info], 0, peer)


def watch_pings(sock):
    while True:
        packet = sock.recv(2000)
        icmp = packet[(packet[0] & 15) * 4:]
        if icmp[0] == 8:
            source, own = (socket.inet_ntoa(packet[at:at + 4]) for at in (12, 16))
            with heard:
                pinged[icmp[4:8]] = f"{source} {own}"
                heard.notify()


def serve(ns):
    enter(ns)
    for kind, function in ((socket.SOCK_STREAM, serve_tcp), (socket.SOCK_DGRAM, serve_udp)):
        sock = socket.socket(socket.AF_INET, kind)
        sock.bind(("0.0.0.0", PORT))
        if kind == socket.SOCK_STREAM:
            sock.listen()
        else:
            sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        threading.Thread(target=function, args=(sock,), daemon=True).start()
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    threading.Thread(target=watch_pings, args=(sock,), daemon=True).start()


def ask(kind, source, destination):
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.settimeout(PATIENCE)
        sock.bind((source, 0))
        sock.connect((destination, PORT))
        if kind == socket.SOCK_DGRAM:
            sock.send(b"who?")
        return sock.recv(100).decode()


def ping(source, destination):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        sock.bind((source, 0))
        name = os.urandom(4)
        body = struct.pack("!BBH", 8, 0, 0) + name
        total = sum(struct.unpack("!4H", body))
        total = (total & 0xffff) + (total >> 16)
        sock.sendto(body[:2] + struct.pack("!H", ~(total + (total >> 16)) & 0xffff) + name, (destination, 0))
        until = time.monotonic() + PATIENCE
        while select.select([sock], [], [], max(0, until - time.monotonic()))[0]:
            packet, peer = sock.recvfrom(2000)
            icmp = packet[(packet[0] & 15) * 4:]
            if icmp[0] == 0 and icmp[4:8] == name and peer[0] == destination:
                with heard:
                    heard.wait_for(lambda: name in pinged, PATIENCE)
                    return pinged.get(name, "answered by nobody")
    raise TimeoutError("timed out")


for server in sys.argv[1:]:
    serve(server)
print("ready", flush=True)
for line in sys.stdin:
    client, protocol, *ends = line.split()
    enter(client)
    try:
        if protocol == "icmp":
            print(ping(*ends), flush=True)
        else:
            print(ask({"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}[protocol], *ends), flush=True)
    except OSError as error:
        print(error, flush=True)
