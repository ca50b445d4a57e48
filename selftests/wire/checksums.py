# SPDX-License-Identifier: GPL-2.0
"""checksums.py FILE: prints how many packets a capture holds, how many of them with a wrong IPv4, TCP
or UDP checksum, the length of the longest, and a digest of all UDP payloads in order."""
import hashlib
import struct
import sys


def total(data):
    if len(data) % 2:
        data += b"\0"
    value = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while value >> 16:
        value = (value & 0xffff) + (value >> 16)
    return value


def wrong(packet, digest):
    if packet[0] >> 4 == 4:
        head, proto, addresses = (packet[0] & 15) * 4, packet[9], packet[12:20]
        size = struct.unpack("!H", packet[2:4])[0]
        if total(packet[:head]) != 0xffff:
            return True
    else:
        head, proto, addresses = 40, packet[6], packet[8:40]
        size = struct.unpack("!H", packet[4:6])[0] + 40
    body = packet[head:size]
    if size != len(packet) or proto not in (6, 17):
        return size != len(packet)
    if proto == 17:
        digest.update(body[8:])
    return total(addresses + struct.pack("!II", proto, len(body)) + body) != 0xffff


def main():
    digest = hashlib.sha256()
    count = bad = longest = 0
    with open(sys.argv[1], "rb") as file:
        order = "<" if file.read(24)[:1] in b"\xd4\x4d" else ">"
        while record := file.read(16):
            captured, length = struct.unpack(order + "4I", record)[2:]
            frame = file.read(captured)
            if frame[12:14] not in (b"\x08\x00", b"\x86\xdd"):
                continue
            count += 1
            longest = max(longest, length - 14)
            bad += wrong(frame[14:], digest)
    print(f"packets={count} wrong={bad} longest={longest} udp={digest.hexdigest()[:16]}")


main()
