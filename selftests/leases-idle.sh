#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How long a lease lasts: packets of either direction keep it, and it ends when there were none for max-idle, at most a
# second late. Its host gets the same address again.
#
#   $host6                        $router                      $host4
#   2001:db8:2::/48 ----- 2001:db8:1::1  198.51.100.1 ----- 198.51.100.2
#   as many hosts as wanted    pool 192.0.2.0/24            198.51.100.4
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/leases/topology"
need socat

hosts
sink
monitor
lateness

# --- either direction keeps it

run nat64 add pool 192.0.2.0/24
run one 1
run one 2
run one 3
for n in 1 2 3; do was[n]=$(lease $n); done
# Nobody answers host 1 and host 3, nor does host 2 answer 198.51.100.4.
run in_ns "$host4" ip route add blackhole "${was[1]}"
run in_ns "$host4" ip route add blackhole "${was[3]}"
addr "$host4" wan 198.51.100.4/24
run in_ns "$host6" ip -6 route add blackhole 64:ff9b::c633:6404
start ip netns exec "$host6" ping -q -i 0.3 -I "$(host 1)" $host4_v6
one_way=$pid
start ip netns exec "$host4" ping -q -i 0.3 -I 198.51.100.4 "${was[2]}"
other_way=$pid
run nat64 set max-idle 3
ok "a lease ends when its host is idle" busywait 10000 happened expire 3
h6 ping -q -c 1 -W 0.1 -I "$(host 3)" $host4_v6 >/dev/null
same "${was[3]}" "$(lease 3)" "the host gets the same address again"
ok "that one ends too" busywait 10000 happened expire 3 2
ok "neither before max-idle nor more than a second after" in_time 3000 4000 "$(between lease expire 3)"
same "" "$(events expire 1)" "packets from IPv6 alone keep a lease"
same "" "$(events expire 2)" "packets from IPv4 alone keep a lease"
stop $one_way
stop $other_way
run in_ns "$host4" ip route del blackhole "${was[1]}"
run in_ns "$host4" ip route del blackhole "${was[3]}"
ok "without them it ends" busywait 10000 happened expire 1
ok "and so does the other" busywait 10000 happened expire 2
same '[]' "$(json list maps dynamic)" "nothing is leased"
same '[{"prefix":"192.0.2.0/24","size":254,"leased":0,"free":254}]' "$(json list pools)" "all is free"

# --- exactly how long

ok "24 leases begin at other times, 12 are used again" py idle "$monitor" 3
ended=$output
ok "none ends before its time" in_time 0 1000 "${ended% *}"
ok "none ends more than a second late" in_time 0 1000 "${ended#* }"

# --- the wall clock is set

# set_clock SECONDS: forward by so much, and nothing is lost meanwhile.
set_clock() {
	python3 -c 'import sys, time
time.clock_settime_ns(time.CLOCK_REALTIME, time.time_ns() + int(sys.argv[1]) * 10**9)' "$1"
}

# age N: how long the host has been idle and will have its lease yet; it has all of it together.
age() { nat64 list maps dynamic | awk -v v6="$(host "$1")" '$2 == v6 {print $4, $4 + $5}'; }

# told_at EVENT N: when the monitor says that it happened, in seconds since 1970.
told_at() { date -d "$(awk -v event="$1" -v v6="$(host "$2")" '$2 == event && $4 == v6 {print $1}' "$monitor")" +%s; }

for day in 86400 -86400; do
	run nat64 flush maps dynamic
	run nat64 set max-idle 600
	begin
	run send 1
	run set_clock $day
	age=$(age 1)
	ok "by $day seconds: a lease is as idle as before" within 0 60 "${age% *}"
	same 600 "${age#* }" "and lasts as long"
	now=$(date +%s)
	run send 2
	busywait 10000 happened lease 2
	ok "events have the time of the new clock" within 0 60 $(($(told_at lease 2) - now))
	run set_clock $((-day))
	run nat64 set max-idle 3
	run send 3
	run set_clock $day
	ok "a lease ends" busywait 10000 happened expire 3
	ok "when it would have, but for its date" in_time 3000 4000 "$(between lease expire 3)"
	run set_clock $((-day))
done
run nat64 flush maps dynamic

# --- max-idle 0

begin
run nat64 set max-idle 0
run send 1 2
ok "max-idle 0: leases have no end" grep -qE '"type":"dynamic","idle":[0-9]+}' <(json list maps dynamic)
same "IDLE 4" "$(nat64 list maps dynamic | awk 'NR == 1 {print $4} NR == 2 {print NF}' | xargs)" "the table shows none"
status 1 "nothing ends" busywait 3500 grep expire "$monitor"
before=$(clock)
run nat64 set max-idle 1
after=$(clock)
ok "with max-idle again, what was idle for longer ends" busywait 5000 happened expire 1
ok "not before, nor more than a second after" \
	in_time 0 $(($(elapsed "$before" "$after") + 1000)) "$(elapsed "$before" "$(at expire 1)")"
echo "# a process woke up $(late) ms late, at worst"
finish
