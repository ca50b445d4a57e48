#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# doctor: nothing is wrong where nothing is, and each check finds what it is for, says what to type, and is content when
# that has been typed. A resolver that says what the file $dns holds stands on the router.
#
#   $host6                          $router                      $host4
#   2001:db8:1::2 ------------- 2001:db8:1::1  198.51.100.1 ------------- 198.51.100.2
. "$(dirname "$0")/lib.sh"
need nft python3

topology
nat64() { r nat64ctl "$@"; }

dns=$tmp/dns
cat >"$tmp/dns.py" <<'P'
import socket, struct, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.53", 53))
while True:
    query, client = sock.recvfrom(512)
    found = [socket.inet_pton(socket.AF_INET6, addr) for addr in open(sys.argv[1]).read().split()]
    question = query[12:query.index(0, 12) + 5]
    sock.sendto(query[:2] + struct.pack("!5H", 0x8180, 1, len(found), 0, 0) + question + b"".join(
        struct.pack("!3HIH", 0xc00c, 28, 1, 0, 16) + addr for addr in found), client)
P
mkdir -p "/etc/netns/$router" || skip "/etc cannot be written"
echo nameserver 127.0.0.53 >"/etc/netns/$router/resolv.conf"
echo 64:ff9b::c000:aa >"$dns"
start ip netns exec "$router" python3 "$tmp/dns.py" "$dns"
resolver=$pid
wait_listen "$router" udp 53

# visit: for diagnoses, which tell what is wrong by a check or several; by all without one.
visit() { nat64 doctor --json >"$tmp/visit" 2>/dev/null || :; }
cat >"$tmp/diagnosis.py" <<'P'
import json, sys
key, checks = sys.argv[2], sys.argv[3:]
for c in json.load(open(sys.argv[1])):
    if (c["ok"] is False if key == "wrong" else c.get(key)) and (not checks or c["check"] in checks):
        print(c["text"])
P
diagnosis() { python3 "$tmp/diagnosis.py" "$tmp/visit" wrong "$@"; }
warnings() { python3 "$tmp/diagnosis.py" "$tmp/visit" warning; }

# finds TEXT DESCRIPTION CHECK...: that and nothing else.
finds() {
	visit
	same "$1" "$(diagnosis "${@:3}")" "$2"
}

# --- no configuration, and a right one

finds "there is no NAT64 prefix: nat64ctl set prefix 64:ff9b::/96, or nat64ctl load" "no configuration" configuration
echo 'Nat64Prefix = "64:ff9b::/96"' >"$tmp/prefix.toml"
ok "load without a pool" nat64 load "$tmp/prefix.toml"
ok "says so" grep -x "nat64ctl: no host can get an IPv4 address; run: nat64ctl add pool PREFIX" <<<"$output"
finds "no host can get an IPv4 address: nat64ctl add pool PREFIX" "and so does doctor" configuration
run nat64 add pool 192.0.2.8
finds "there is none to the Internet: ip route add default via ROUTER" "no IPv4 route" "IPv4 route"
run r ip route add default via $host4_v4
ok "with both nothing is wrong" nat64 doctor
visit
same "" "$(diagnosis)$(warnings)" "nor in doubt"
same "3 True True" "$(python3 -c 'import json, sys
checks = json.load(open(sys.argv[1]))
print(max(map(len, checks)), all(type(c["ok"]) is bool for c in checks), len(checks) > 5)' "$tmp/visit")" "each check has check, ok and text"

# --- DNS64

none=": dig AAAA ipv4only.arpa @RESOLVER"
: >"$dns"
ok "a resolver without DNS64 is no error" nat64 doctor
ok "but the table has it" grep "^DNS64 *maybe *this router's resolver, 127\.0\.0\.53, has none;" <<<"$output"
visit
same "this router's resolver, 127.0.0.53, has none; what does the hosts' say? It needs 64:ff9b::/96$none" "$(warnings)" \
	"and it is a warning, with what to type"
echo 2001:db8:64::192.0.0.170 >"$dns"
status 1 "one with another prefix is an error" nat64 doctor
finds "this router's resolver, 127.0.0.53, answers with another prefix than 64:ff9b::/96: give both the same" "which tells it"
echo 2001:db8:64::192.0.0.170 64:ff9b::192.0.0.170 >"$dns"
ok "one with both is none" nat64 doctor
stop "$resolver"
ok "nor is one that is silent" nat64 doctor
visit
same "this router's resolver, 127.0.0.53, is silent; what does the hosts' say? It needs 64:ff9b::/96$none" "$(warnings)" \
	"which is a warning, too"

# --- forwarding

r sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
finds "IPv6 is not forwarded: sysctl -w net.ipv6.conf.all.forwarding=1" "no forwarding of IPv6"
run nat64 add nat44 10.0.0.1 203.0.113.1 dev wan
finds "IPv6 is not forwarded: sysctl -w net.ipv6.conf.all.forwarding=1
IPv4 is not forwarded: sysctl -w net.ipv4.ip_forward=1" "nor of IPv4, where there are rules of 1:1 NAT" forwarding
forwarding "$router"
finds "" "forwarding of both" forwarding
run nat64 flush nat44

# --- the link and its routes

run r ip link set nat64 mtu 1400
finds "its MTU is 1400, and packets are cut to it: ip link set nat64 mtu 65535" "a link with a small MTU"
run r ip link set nat64 mtu 65535 down
finds "it is down: ip link set nat64 up" "one that is down" link
run r ip link set nat64 up
finds "ip -6 route replace 64:ff9b::/96 dev nat64
unmapped addresses of 192.0.2.8 go elsewhere: ip route replace 192.0.2.8 dev nat64" "its routes have gone"
run r ip -6 route replace 64:ff9b::/96 dev nat64
run r ip route replace 192.0.2.8 dev nat64
finds "" "both are back"
run r ip link del nat64
finds "the link nat64 is gone: nat64ctl load makes it again" "the link is gone" link
run r nat64ctl show >"$tmp/shown"
run r nat64ctl load "$tmp/shown"
finds "" "load makes it again"

# --- the pool is full

ok "a host leases" h6 ping -c 1 -W 10 $host4_v6
finds "192.0.2.8 is full: add a pool, or nat64ctl set max-idle to less" "that was the last address"
run nat64 del pool 192.0.2.8 --force

# --- a pool and the network of a link

# leasable: the IPv4 host gets an answer from what the IPv6 host leases.
leasable() {
	nat64 flush maps && h6 ping -q -c 1 -W 10 $host4_v6 && h4 ip neighbour flush dev wan
	h4 ping -c 1 -W 10 "$(nat64 list maps dynamic | awk '$3 == "dynamic" {print $1}')"
}

run nat64 add pool 198.51.100.128/25
finds "198.51.100.128/25 is part of the network of wan: sysctl -w net.ipv4.conf.wan.proxy_arp=1" "a pool that nobody answers for"
fails "is not reached" leasable
run r sysctl -qw net.ipv4.conf.wan.proxy_arp=1
finds "" "somebody does"
ok "it is reached" leasable
run nat64 del pool 198.51.100.128/25 --force

run nat64 add pool 198.51.100.0/23
visit
pieces='Prefixes = ["198.51.100.64/26", "198.51.100.128/25", "198.51.101.0/24"]'
same "the network of wan is part of 198.51.100.0/23 and goes there, where nobody answers ARP for a lease: $pieces" \
	"$(diagnosis "pool route")" "a pool with the network of a link in it"
same "hosts may lease 198.51.100.2 (a next hop) from 198.51.100.0/23: $pieces" "$(diagnosis "other machines")" "and the next hop"
run nat64 del pool 198.51.100.0/23 --force
run nat64 add pool 198.51.100.0/24
pieces='Prefixes = ["198.51.100.32/27", "198.51.100.64/26", "198.51.100.128/25"]'
finds "the network of wan is part of 198.51.100.0/24 and goes there, where nobody answers ARP for a lease: $pieces
hosts may lease 198.51.100.2 (a next hop) from 198.51.100.0/24: $pieces" "a pool that is the network of a link"
fails "nobody does, with proxy ARP" leasable
run nat64 del pool 198.51.100.0/24 --force
mapfile -t pieces < <(grep -o '[0-9./]*/[0-9]*' <<<"$pieces")
for piece in "${pieces[@]}"; do run nat64 add pool "$piece"; done
finds "" "in pieces it is right"
ok "and reached" leasable
for piece in "${pieces[@]}"; do run nat64 del pool "$piece" --force; done

# --- machines in the pool

run nat64 add pool 203.0.113.0/24
finds "" "a pool elsewhere"
run r ip neighbour add 203.0.113.7 lladdr 02:00:00:00:00:07 dev wan
run r ip route add 198.18.0.0/15 nexthop via 203.0.113.193 dev wan onlink nexthop via 203.0.113.194 dev wan onlink
finds 'hosts may lease 203.0.113.193 (a next hop), 203.0.113.194 (a next hop), 203.0.113.7 (a neighbour) from 203.0.113.0/24: Prefixes = ["203.0.113.32/27", "203.0.113.64/26", "203.0.113.128/26", "203.0.113.224/27"]' \
	"neighbours and several next hops in it"
run r ip neighbour add 203.0.113.8 lladdr 02:00:00:00:00:08 dev wan
visit
ok "no more than three are named" grep "(a neighbour) and 1 more from" <(diagnosis)
run nat64 add map 203.0.113.8 2001:db8:1::8
run nat64 add map 203.0.113.192/26 2001:db8:8::/122
visit
ok "what static maps have cannot be leased" grep "^hosts may lease 203.0.113.7 (a neighbour) from" <(diagnosis)
run nat64 add pool 203.0.113.0/24 drain
finds "" "nor can a pool that is drained"
run nat64 add pool 203.0.113.0/24
addr "$router" lan 203.0.113.7/32
finds "" "nor what is the router's own"
run nat64 reset
run r ip neighbour flush dev wan nud permanent
run r ip route del 198.18.0.0/15
run in_ns "$router" ip addr del 203.0.113.7/32 dev lan

# --- what others have set up

run nat64 set prefix 64:ff9b::/96
run nat64 add pool 192.0.2.8
finds "" "nothing is wrong any more"
run nat64 set lowest-ipv6-mtu 1400
run r ip link set lan mtu 1300
run r ip -6 route change 64:ff9b::/96 dev wan
run nat64 add nat44 198.51.100.77 198.51.100.78 dev wan
run nat64 add nat44 198.51.100.79 203.0.113.79 dev nowhere
# a program by that name, here and in another namespace
cp "$(command -v sleep)" "$tmp/tayga"
start ip netns exec "$router" "$tmp/tayga" 1000
tayga=$pid
start ip netns exec "$host4" "$tmp/tayga" 1000
modprobe tun 2>/dev/null
run r ip tuntap add siit1 mode tun
ok "nft has rules that concern it" r nft -f - <<'END'
table inet other {
	flowtable fast {
		hook ingress priority filter
		devices = { lan, wan }
	}
	chain pre {
		type filter hook prerouting priority -300
		meta nfproto ipv6 fib saddr . iif oif missing drop
	}
}
END
visit
same "lan takes no more than 1300 bytes: nat64ctl set lowest-ipv6-mtu 1300" "$(diagnosis MTU)" "a small MTU"
same "198.51.100.77 is told to pass the router by: sysctl -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.wan.send_redirects=0" \
	"$(diagnosis redirects)" "redirects on one arm"
same "nobody on wan answers ARP for 198.51.100.78: ip neighbour add proxy 198.51.100.78 dev wan" "$(diagnosis "external address")" \
	"an external address that nobody answers for"
same "there is no interface nowhere" "$(diagnosis "1:1 NAT")" "a rule for a link that is not there"
same "one of nft has wan and passes 1:1 NAT by: leave 198.51.100.77 out of 'flow add'" "$(diagnosis flowtable)" "a flowtable"
same "a rule with 'fib saddr . iif oif' drops what comes from IPv4: see prefix route" "$(diagnosis "nft fib")" "a rule of nft by fib"
same "siit1 is the link of another one: ip link del siit1
tayga runs and may take the packets: kill $tayga" "$(diagnosis "other translator" | sort)" "other translators, of this namespace only"
stop "$tayga"
run r nft delete table inet other
run r ip link del siit1
run r ip link set lan mtu 1500
run r ip -6 route change 64:ff9b::/96 dev nat64
run r ip neighbour add proxy 198.51.100.78 dev wan
run nat64 del nat44 198.51.100.79 dev nowhere
r sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.wan.send_redirects=0
finds "" "nothing of it is wrong when it is right"
# It is none that the machine has: the list says so for once.
echo "jool 98304 0 - Live 0x0000000000000000 (O)" >"$tmp/modules"
# shellcheck disable=SC2016 # expanded by the inner shell
r unshare -m sh -c 'mount --bind "$1" /proc/modules && nat64ctl doctor --json' - "$tmp/modules" >"$tmp/visit" 2>/dev/null
same "jool is loaded and may take the packets: rmmod jool" "$(diagnosis)" "the module of another translator"
run nat64 add pool 198.51.100.64/27
finds "hosts may lease 198.51.100.78 from the pool 198.51.100.64/27: have pools around it instead" \
	"an external address that hosts may lease" "external address"
rm -r "/etc/netns/$router"
finish
