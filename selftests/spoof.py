#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""spoof.py DESTINATION SOURCE... - an ICMP echo request from each source, whoever owns it."""
import socket
import struct
import sys


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff


sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
for number, source in enumerate(sys.argv[2:]):
    echo = struct.pack("!BBHHH", 8, 0, 0, 0x6464, number)
    echo = echo[:2] + struct.pack("!H", checksum(echo)) + echo[4:]
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(echo), 1, 0, 64, 1, 0,
                         socket.inet_aton(source), socket.inet_aton(sys.argv[1]))
    sock.sendto(header + echo, (sys.argv[1], 0))
