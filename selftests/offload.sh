#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# GSO and GRO: TCP and UDP super-packets cross the translator whole and come
# out right after segmentation; with every offload on or off the receiver gets
# the same bytes, and the checksums of what leaves are right.
. "$(dirname "$0")/lib.sh"
need socat tcpdump ethtool nft
tools=$(dirname "$(readlink -f "$0")")/wire

# offloads NS DEV [FEATURE on|off]...
offloads() {
	local ns=$1 dev=$2
	shift 2
	in_ns "$ns" ethtool -K "$dev" "$@" >/dev/null
}

# tcp FROM TO ADDRESS FAMILY: 1 MB arrives as it left.
tcp() {
	local port=$((5000 + points))
	start ip netns exec "$2" socat -u "TCP$4-LISTEN:$port,reuseaddr" "CREATE:$tmp/got.$port"
	local server=$pid
	wait_listen "$2" tcp "$port"
	timeout 60 ip netns exec "$1" socat -u -b 250000 "FILE:$tmp/data" "TCP:$3:$port" || return
	wait "$server"
	cmp "$tmp/data" "$tmp/got.$port" && rm "$tmp/got.$port"
}

# udp FROM TO ADDRESS: 200 datagrams arrive as they left, in order.
udp() {
	local sent port=$((5000 + points))
	start ip netns exec "$2" /usr/bin/python3 "$tools/burst.py" receive "$port" 200
	local server=$pid
	wait_listen "$2" udp "$port"
	sent=$(in_ns "$1" /usr/bin/python3 "$tools/burst.py" send "$3" "$port" 1200 200) || return
	wait "$server"
	[ -n "$sent" ] && [ "$sent" = "$(cat "$tmp/log.$server")" ]
}

# A hop-by-hop header is that of a jumbogram.
wanted="tcp or udp or (ip6 and ip6[6] == 0)"

# streams DESCRIPTION [in|out]: both protocols, both ways. What arrives at either host (or leaves it)
# is captured.
streams() {
	local cap4 cap6
	capture "$host4" wan "$tmp/cap4" -Q "${2:-in}" -s 0 "$wanted"
	cap4=$pid
	capture "$host6" lan "$tmp/cap6" -Q "${2:-in}" -s 0 "$wanted"
	cap6=$pid
	ok "$1: TCP from IPv6" tcp "$host6" "$host4" "[$host4_v6]" 4
	ok "$1: TCP from IPv4" tcp "$host4" "$host6" $host6_v4 6
	ok "$1: UDP from IPv6" udp "$host6" "$host4" $host4_v6
	ok "$1: UDP from IPv4" udp "$host4" "$host6" $host6_v4
	captured "$cap4" "$tmp/cap4" >/dev/null
	captured "$cap6" "$tmp/cap6" >/dev/null
	captured4=$(/usr/bin/python3 "$tools/checksums.py" "$tmp/cap4")
	captured6=$(/usr/bin/python3 "$tools/checksums.py" "$tmp/cap6")
	echo "# IPv4 host: $captured4"
	echo "# IPv6 host: $captured6"
}

# value NAME LINE: of checksums.py.
value() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" <<<"$2"; }

# right DESCRIPTION: all that was captured has right checksums, and there was something.
right() {
	[ "$(value packets "$captured4")" -gt 300 ] && [ "$(value wrong "$captured4")" = 0 ]
	point $? "$1: every checksum at the IPv4 host is right"
	[ "$(value packets "$captured6")" -gt 300 ] && [ "$(value wrong "$captured6")" = 0 ]
	point $? "$1: every checksum at the IPv6 host is right"
}

basic
head -c 1000000 /dev/urandom >"$tmp/data"
devices=("$host6 lan" "$router lan" "$router wan" "$host4 wan")

# --- nothing offloaded: the measure for the rest

for device in "${devices[@]}"; do
	# shellcheck disable=SC2086 # namespace and link
	offloads $device gro off gso off tso off tx-udp-segmentation off tx off
done
streams "no offloads"
right "no offloads"

# --- super-packets from the host's own stack cross whole

for device in "${devices[@]}"; do
	# shellcheck disable=SC2086
	offloads $device tx on gso on tso on tx-udp-segmentation on
done
streams "segmentation offload"
[ "$(value longest "$captured4")" -gt 3000 ]
point $? "segmentation offload: super-packets reach the IPv4 host"
[ "$(value longest "$captured6")" -gt 3000 ]
point $? "segmentation offload: super-packets reach the IPv6 host"

# --- super-packets that the router's stack cuts up: what leaves it is right

for device in "$router lan" "$router wan"; do
	# shellcheck disable=SC2086
	offloads $device tso off tx-udp-segmentation off tx off gso on
done
streams "segmentation on the router"
right "segmentation on the router"
[ "$(value longest "$captured4")" -le 1500 ] && [ "$(value longest "$captured6")" -le 1500 ]
point $? "segmentation on the router: no packet is longer than its link takes"

# --- what comes in small is put together by the router (GRO), and cut up again

# Super-packets through the anchor towards IPv4, and what they were made of.
run r nft -f - <<'END'
table ip6 anchor {
	counter passed { }
	chain forward {
		type filter hook forward priority 0
		oifname "nat64" meta l4proto { tcp, udp } counter name passed
	}
}
END
passed() { packets "$router" ip6 anchor passed; }
segments() { echo $(($(counted tcp-64-packets) + $(counted udp-64-packets))); }

# Packets that come one by one wait for others: an emulated CPU receives each before the next is sent.
for dev in lan wan; do
	r bash -c "echo 100 >/sys/class/net/$dev/napi_defer_hard_irqs; echo 5000000 >/sys/class/net/$dev/gro_flush_timeout"
done
for list in off on; do
	name="GRO"
	[ $list = off ] || name="fraglist GRO"
	for device in "$host6 lan" "$host4 wan"; do
		# shellcheck disable=SC2086
		offloads $device tso off gso off tx-udp-segmentation off tx on
	done
	for device in "$router lan" "$router wan"; do
		# shellcheck disable=SC2086
		offloads $device gro on rx-gro-list $list rx-udp-gro-forwarding on
	done
	before=$(passed) segments=$(segments)
	streams "$name"
	right "$name"
	passed=$(($(passed) - before)) segments=$(($(segments) - segments))
	echo "# $segments packets passed towards IPv4 as $passed"
	[ $passed -lt $segments ]
	point $? "$name: the router put packets together"
done

# --- BIG TCP: larger than 64 KiB

for device in "${devices[@]}"; do
	# shellcheck disable=SC2086
	offloads $device tx on gso on tso on tx-udp-segmentation on gro on rx-gro-list off
done
big() {
	local device
	for device in "${devices[@]}"; do
		# shellcheck disable=SC2086
		set -- $device
		ip -n "$1" link set "$2" gso_max_size 185000 gro_max_size 185000 || return
		# For IPv4 since 6.3.
		ip -n "$1" link set "$2" gso_ipv4_max_size 185000 gro_ipv4_max_size 185000 2>/dev/null
	done
	return 0
}
if big; then
	for ns in "$host6" "$host4"; do
		in_ns "$ns" sysctl -qw net.ipv4.tcp_wmem="4096 524288 8388608" net.ipv4.tcp_rmem="4096 4194304 8388608" \
			net.ipv4.tcp_tso_rtt_log=20
	done
	# A packet is half a window at most, so there must be time for large windows.
	head -c 8000000 /dev/urandom >"$tmp/data"
	run ip -n "$host6" route change default via $router_v6 initcwnd 200
	run ip -n "$host4" route change default via $router_v4 initcwnd 200
	streams "BIG TCP" out
	[ "$(value longest "$captured6")" -gt 65575 ]
	point $? "BIG TCP: the IPv6 host sent packets larger than 64 KiB"
else
	point 0 "BIG TCP # SKIP ip or the kernel does not know gso_max_size"
fi
finish
