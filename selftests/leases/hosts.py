#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Many IPv6 hosts; runs where they live. Packets go to UDP port 9 of the IPv4 host, which is silent.

hosts.py serve                 reads lines "N..." for one packet from each of these hosts, or "flood M COUNT"
                               for one from each of so many in 2001:db8:2:M::/64; answers when the router
                               is done with them
hosts.py idle MONITOR SECONDS  leases that begin in every phase of the clock, half of them refreshed;
                               prints how long after SECONDS of idleness they ended, in ms: least and most
hosts.py race MONITOR ROUNDS   two hosts at once, at an address that was just made free
hosts.py strange MAC           packets that must not lease to the router with that address, and at last
                               one that does, from host e9
hosts.py churn LISTS           reads so many lists, each of them another one, for leases come and go;
                               prints what was wrong with them
hosts.py lateness              sleeps again and again, prints each time that it woke up later than ever, by how
                               many ms
"""
import calendar
import ipaddress
import json
import multiprocessing
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time

PEER = "64:ff9b::c633:6402"
ROUTER = "2001:db8:1::1"


def host(n):
    """2001:db8:2::n, or 2001:db8:2:m::n for "m:n"."""
    *net, last = str(n).split(":")
    return f"2001:db8:2:{net[0]}::{last}" if net else f"2001:db8:2::{last}"


def open_host(address):
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.bind((address, 0))
    return sock


def send(address):
    with open_host(address) as sock:
        sock.sendto(b"x", (PEER, 9))


def nat64ctl(*words, **more):
    return subprocess.run(["ip", "netns", "exec", os.environ["router"], "nat64ctl", *words],
                          check=True, stdout=subprocess.PIPE, text=True, **more).stdout


def events(monitor, name):
    """(time, v4, v6) of each event of that name so far; the time in seconds."""
    found = []
    with open(monitor, encoding="ascii") as log:
        for line in log:
            words = line.split()
            if line.endswith("\n") and len(words) > 3 and words[1] == name:
                stamp, nanoseconds = words[0].rstrip("Z").split(".")
                seconds = calendar.timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%S"))
                found.append((seconds + int(nanoseconds) / 1e9, words[2], words[3]))
    return found


def wait(seconds, condition):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def in_order():
    """What one CPU sends by a veth arrives in the order it was sent."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def answered(pings, number):
    pings.sendto(struct.pack("!BBHI", 128, 0, 0, number), (ROUTER, 0))
    answer = bytes(8)
    try:
        while answer[0] != 129 or answer[4:] != struct.pack("!I", number):
            answer = pings.recv(2048)
    except TimeoutError:
        return False
    return True


def serve():
    # An answer of the router comes after all that was sent before.
    in_order()
    pings = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    pings.settimeout(5)
    number = 0
    for line in sys.stdin:
        words = line.split()
        if words[0] == "flood":
            words = [f"{words[1]}:{n + 1:x}" for n in range(int(words[2]))]
        for n in words:
            send(host(n))
        number += 1
        until = time.monotonic() + 60
        while not answered(pings, number):
            # a ping may be lost, and a later one says the same
            if time.monotonic() > until:
                raise TimeoutError("the router does not answer")
        print("sent", flush=True)


def idle(monitor, seconds):
    seconds = int(seconds)
    hosts = [host(f"1d:{n:x}") for n in range(1, 25)]
    before, after = {}, {}

    def use(address):
        before[address] = time.time()
        send(address)
        after[address] = time.time()

    # 24 steps of 45 ms are eight ticks of the kernel's, each met in another place.
    for address in hosts:
        use(address)
        time.sleep(0.045)
    for address in hosts[::2]:
        use(address)
        time.sleep(0.045)
    wait(seconds + 10, lambda: {v6 for _, _, v6 in events(monitor, "expire")} >= set(hosts))
    ended = {v6: when for when, _, v6 in events(monitor, "expire")}
    if not set(hosts) <= set(ended):
        sys.exit(f"not ended: {sorted(set(hosts) - set(ended))}")
    least = min(ended[address] - before[address] for address in hosts)
    most = max(ended[address] - after[address] for address in hosts)
    print(round((least - seconds) * 1000), round((most - seconds) * 1000))


def racer(address, cpu, start):
    os.sched_setaffinity(0, {cpu % os.cpu_count()})
    sock = open_host(address)
    sock.connect((PEER, 9))
    while time.monotonic() < start:
        pass
    sock.send(b"x")


def race(monitor, rounds):
    rounds = int(rounds)
    leased, refused = len(events(monitor, "lease")), len(events(monitor, "refuse"))
    for number in range(1, rounds + 1):
        nat64ctl("flush", "maps", "dynamic")
        # Each pair twice: the second time one of them has had the address before.
        pair = [host(f"{number // 2 * 2 + n:x}:ace") for n in (0x10, 0x11)]
        start = time.monotonic() + 0.4
        racers = [multiprocessing.Process(target=racer, args=(address, cpu, start))
                  for cpu, address in enumerate(pair)]
        for process in racers:
            process.start()
        for process in racers:
            process.join()
        if not wait(10, lambda: len(events(monitor, "lease")) - leased >= number and
                    len(events(monitor, "refuse")) - refused >= number):
            break
    print(len(events(monitor, "lease")) - leased, "leases,",
          len(events(monitor, "refuse")) - refused, "refused")


def summed(src, dst, proto, data, at):
    """The upper layer's bytes with their checksum."""
    pseudo = (ipaddress.IPv6Address(src).packed + ipaddress.IPv6Address(dst).packed +
              struct.pack("!II", len(data), proto))
    total = sum(struct.unpack(f"!{(len(pseudo + data) + 1) // 2}H", pseudo + data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return data[:at] + struct.pack("!H", ~total & 0xffff or 0xffff) + data[at + 2:]


def ipv6(src, dst, proto, data, hops=64):
    return (struct.pack("!IHBB", 6 << 28, len(data), proto, hops) + ipaddress.IPv6Address(src).packed +
            ipaddress.IPv6Address(dst).packed + data)


def udp(src, dst):
    return ipv6(src, dst, 17, summed(src, dst, 17, struct.pack("!HHHH", 4242, 9, 12, 0) + b"data", 6))


def icmp(src, dst, kind, data):
    return ipv6(src, dst, 58, summed(src, dst, 58, struct.pack("!BBHI", kind, 0, 0, 1280) + data, 2))


def strange(mac):
    in_order()
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    # About a packet to a host with a static map, and to one that has none.
    quote = udp(PEER, "2001:db8:7::1")
    packets = [icmp(host(f"e{kind:x}"), PEER, kind, quote) for kind in (1, 2, 3, 4)]
    packets += [icmp(host(f"e{kind:x}"), PEER, kind, udp(PEER, host("e0"))) for kind in (1, 2, 3, 4)]
    # Errors that nobody knows; those that quote nothing.
    packets += [icmp(host("e5"), PEER, 100, quote), icmp(host("e6"), PEER, 1, b"")]
    packets += [udp(source, PEER) for source in ("fe80::e", "ff02::e", "ff0e::e", "::", "::1", "64:ff9b::c633:6408")]
    # Destinations that are refused, packets that are broken.
    packets += [udp(host("e7"), f"64:ff9b::{dst}") for dst in ("10.0.0.1", "127.0.0.1", "224.0.0.1", "0.0.0.1")]
    packets += [udp(host("e8"), PEER)[:44], ipv6(host("e8"), PEER, 17, b"short"),
                ipv6(host("e8"), PEER, 17, udp(host("e8"), PEER)[40:], hops=1),
                ipv6(host("e8"), PEER, 43, struct.pack("!BBBBI", 17, 0, 4, 1, 0) + udp(host("e8"), PEER)[40:])]
    packets += [udp(host("e9"), PEER)]
    for packet in packets:
        sock.sendto(packet, ("lan", 0x86dd, 0, 0, bytes.fromhex(mac.replace(":", ""))))


def churn(lists):
    lasting, done = [host(f"2:{n:x}") for n in range(1, 301)], threading.Event()
    failed = []

    def packets():
        """Keeps the lasting ones in use, and has new ones come."""
        new = 0
        while not done.is_set():
            for number, address in enumerate(lasting):
                send(address)
                if number % 5 == 0:
                    new += 1
                    send(host(f"3:{new:x}"))

    def restores():
        """Some that have only a second to live, at addresses that packets do not get to."""
        new = 0
        while not done.is_set():
            text = "# nat64 leases 1\n"
            for _ in range(30):
                new += 1
                text += f"203.0.{96 + new // 250 % 16}.{1 + new % 250} {host(f'4:{new:x}')} idle 29\n"
            if not nat64ctl("restore", "-", input=text, stderr=subprocess.STDOUT).endswith(" 0 skipped\n"):
                failed.append("a restore failed;")

    for address in lasting:
        send(address)
        send(host(f"5:{random.getrandbits(15):x}"))
    threads = [threading.Thread(target=packets), threading.Thread(target=restores)]
    for thread in threads:
        thread.start()
    duplicates = lost = changed = 0
    last = set()
    until = time.monotonic() + 60
    while changed < int(lists) and time.monotonic() < until:
        maps = json.loads(nat64ctl("--json", "list", "maps", "dynamic"))
        # An address that one host lost and another one got meanwhile may be there with both.
        v6 = {row["v6"] for row in maps}
        duplicates += len(maps) - len({(row["v4"], row["v6"]) for row in maps})
        lost += len(set(lasting) - v6)
        changed += bool(last - v6) and bool(v6 - last)
        last = v6
    done.set()
    for thread in threads:
        thread.join()
    if changed < int(lists):
        failed.append(f"only {changed} lists;")
    print(*failed, f"{duplicates} duplicates, {lost} lost")


def lateness():
    worst = -1
    while True:
        began = time.monotonic()
        time.sleep(0.05)
        late = int((time.monotonic() - began) * 1000) - 50
        if late > worst:
            worst = late
            print(worst, flush=True)


def main():
    word, *rest = sys.argv[1:]
    {"serve": serve, "idle": idle, "race": race, "strange": strange, "churn": churn,
     "lateness": lateness}[word](*rest)


main()
