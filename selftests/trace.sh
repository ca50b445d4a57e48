#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who has lost a packet finds it: nat64:nat64_drop names its counter and its addresses, skb:kfree_skb has a reason for the
# same packet that fits, and nat64:nat64_lease tells what happens to leases.
#
#   2001:db8:1::2 $host6 ---- lan $router wan ---- $host4 198.51.100.2
#   2001:db8:1::3               192.0.2.8 can be leased, 203.0.113.77 is an address of 1:1 NAT
. "$(dirname "$0")/lib.sh"
need python3

[ -d /sys/kernel/tracing ] || skip "no tracing in this kernel"
[ -e /sys/kernel/tracing/events ] || run mount -t tracefs tracefs /sys/kernel/tracing
# An instance of our own, which others do not see.
tracing=/sys/kernel/tracing/instances/$self
run mkdir "$tracing"
end_tracing() {
	local status=$?
	rmdir "$tracing"
	return $status
}
trap 'end_tracing; cleanup' EXIT

topology
addr "$host6" lan 2001:db8:1::3/64
netns=$(stat -Lc %i "/run/netns/$router")

echo 1 >"$tracing/events/nat64/enable"
echo 1 >"$tracing/events/skb/kfree_skb/enable"

# told EVENT V4 V6 REASON: that happened to a lease.
told() { grep -q "nat64_lease: event=$1 v4=$2 v6=$3 reason=$4 netns=$netns\$" "$tracing/trace"; }

# packet COUNTER: the packet that was dropped so, as "protocol source destination in dev: reason".
packet() {
	awk -v counter="$1" -v netns="$netns" '
		/ nat64_drop: / {
			for (i = 1; i <= NF; i++)
				if ((at = index($i, "=")))
					value[substr($i, 1, at - 1)] = substr($i, at + 1)
			if (value["counter"] == counter && value["netns"] == netns)
				seen = value["protocol"] " " value["src"] " " value["dst"] " " \
					value["in"] " " value["dev"] ": "
		}
		/ kfree_skb: / && seen && index($0, " skbaddr=" value["skbaddr"] " ") {
			print seen $NF
			found = 1
			exit
		}
		END { exit !found }' "$tracing/trace"
}

# lost COUNTER PACKET DESCRIPTION COMMAND...: what the command sends is dropped, and that is what is shown.
lost() {
	local counter=$1 wanted=$2 description=$3
	shift 3
	echo >"$tracing/trace"
	echo "# $*"
	"$@" >/dev/null 2>&1
	busywait 10000 packet "$counter" || sed 's/^/# /' "$tracing/trace"
	same "$wanted" "$(packet "$counter")" "$description: $counter"
}

# sends NS DESTINATION HEX: a packet as it stands, but for the sums and lengths of the kernel.
sends() {
	ip netns exec "$1" python3 - "$2" "$3" <<-'END'
		import socket, sys
		family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
		sock = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
		sock.sendto(bytes.fromhex(sys.argv[2]), (sys.argv[1], 0))
	END
}

once=(ping -q -c 1 -W 1)

# --- leases, and why there is none

run r nat64ctl set prefix 64:ff9b::/96
run r nat64ctl add pool 192.0.2.8
run h6 "${once[@]}" -I 2001:db8:1::2 $host4_v6
ok "a lease" busywait 10000 told lease 192.0.2.8 2001:db8:1::2 -
lost drop-pool-full "0x86dd 2001:db8:1::3 $host4_v6 lan nat64: NETFILTER_DROP" "the pool is full" \
	h6 "${once[@]}" -I 2001:db8:1::3 $host4_v6
ok "a refusal, with its reason" told refuse - 2001:db8:1::3 drop-pool-full
run r nat64ctl del map 192.0.2.8
ok "a deletion" busywait 10000 told delete 192.0.2.8 2001:db8:1::2 -
run r nat64ctl set max-idle 1
run h6 "${once[@]}" -I 2001:db8:1::2 $host4_v6
ok "an expiry" busywait 10000 told expire 192.0.2.8 2001:db8:1::2 -
lost drop-unmapped "0x0800 $host4_v4 192.0.2.8 wan nat64: IP_INADDRERRORS" "nobody's address" \
	h4 "${once[@]}" 192.0.2.8

# --- from IPv6

run r nat64ctl add map $host6_v4 $host6_v6
lost drop-private "0x86dd $host6_v6 64:ff9b::a00:1 lan nat64: NETFILTER_DROP" "a private address" \
	h6 "${once[@]}" -I $host6_v6 64:ff9b::10.0.0.1
lost drop-no-route "0x86dd $host6_v6 64:ff9b::cb00:7109 lan nat64: IP_OUTNOROUTES" "no route" \
	h6 "${once[@]}" -I $host6_v6 64:ff9b::203.0.113.9
run ip -n "$router" link set wan mtu 1300
lost drop-too-big "0x86dd $host6_v6 $host4_v6 lan nat64: PKT_TOO_BIG" "a packet that is too big" \
	h6 "${once[@]}" -I $host6_v6 -M "do" -s 1350 $host4_v6
run ip -n "$router" link set wan mtu 1500
reason=IP_INHDR
! grep -q IPV6_BAD_EXTHDR /sys/kernel/tracing/events/skb/kfree_skb/format || reason=IPV6_BAD_EXTHDR
lost drop-extension-header "0x86dd $host6_v6 $host4_v6 lan nat64: $reason" "options that end beyond the packet" \
	sends "$host6" $host4_v6 \
	"60000000 0008 3c 40 20010db8000100000000000000000002 0064ff9b0000000000000000c6336402 3bff010400000000"

# --- from IPv4

lost drop-hop-limit "0x0800 $host4_v4 $host6_v4 wan wan: IP_INHDR" "a TTL of 1" \
	h4 "${once[@]}" -t 1 $host6_v4
lost drop-martian "0x0800 127.0.0.1 $host6_v4 wan wan: IP_INADDRERRORS" "a martian source" \
	h4 python3 "$(dirname "$0")/spoof.py" $host6_v4 127.0.0.1
run r sysctl -qw net.ipv4.conf.wan.rp_filter=1
lost drop-rp-filter "0x0800 203.0.113.9 $host6_v4 wan wan: IP_RPFILTER" "a forged source" \
	h4 python3 "$(dirname "$0")/spoof.py" $host6_v4 203.0.113.9
# This one is found out when its translation has begun.
lost drop-icmp-type "0x0800 $host4_v4 $host6_v4 wan nat64: UNHANDLED_PROTO" "an error that IPv6 does not have" \
	sends "$host4" $host6_v4 "45000000 00010000 40010000 c6336402 c0000202 \
		0c01827d 00000000 4500001c 00010000 40110000 c0000202 c6336402 0009000900080000"
run r nat64ctl set udp-zero-checksum drop
lost drop-udp-no-checksum "0x0800 $host4_v4 $host6_v4 wan wan: UDP_CSUM" "UDP without a checksum" \
	sends "$host4" $host6_v4 "45000000 00010000 40110000 c6336402 c0000202 0009000900080000"
run r nat64ctl add nat44 10.0.0.1 203.0.113.77 dev wan
# Of what a hook drops kernels before 6.7 know one reason.
hooked() { [[ $(uname -r) =~ ^6\.[0-6]\. ]] && echo NETFILTER_DROP || echo "$1"; }
lost drop-malformed "0x0800 $host4_v4 203.0.113.77 wan wan: $(hooked IP_INHDR)" "half a TCP header, to 1:1 NAT" \
	sends "$host4" 203.0.113.77 "45000000 00010000 40060000 c6336402 cb00714d 00500050"

# Here the queue has freed the packet before we know it. Two that are let go at once are one too many.
backlog=$(sysctl -n net.core.netdev_max_backlog)
run ip -n "$router" route add $host6_v4 dev nat64
run in_ns "$router" tc qdisc add dev nat64 root netem slot 500ms 500ms
run sysctl -qw net.core.netdev_max_backlog=0
r ping -q -c 4 -i 0.01 -W 1 $host6_v4 >/dev/null
run sysctl -qw "net.core.netdev_max_backlog=$backlog"
run in_ns "$router" tc qdisc del dev nat64 root
ok "a full queue: drop-queue-full" busywait 10000 grep -Eq \
	"nat64_drop: counter=drop-queue-full .* src=$router_v4 dst=$host6_v4 in=- dev=nat64" "$tracing/trace"

# --- without the link nat64

run ip -n "$router" link set nat64 down
run ip -n "$router" route add 64:ff9b::/96 via 2001:db8:1::2
lost drop-no-anchor "0x86dd 2001:db8:1::3 $host4_v6 lan lan: $(hooked DEV_READY)" "the link nat64 is down" \
	h6 "${once[@]}" -I 2001:db8:1::3 $host4_v6
lost drop-no-anchor "0x86dd $router_v6 $host4_v6 - lan: $(hooked DEV_READY)" "the same, from the router itself" \
	r "${once[@]}" $host4_v6
refused "Operation not permitted" "its sender is told" r python3 -c \
	"import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('$host4_v6', 9))"

# --- and the module is free to go

ok "the module leaves while it is watched" rmmod nat64
ok "its events leave with it" [ ! -e "$tracing/events/nat64" ]
finish
