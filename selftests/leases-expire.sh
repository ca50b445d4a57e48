#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 100,000 leases end at once while another host's packets cross the router: none of these is lost, and none waits for the
# leases. How long the longest one took is told, beside what it takes when no lease ends.
#
#   $host6                        $router                      $host4
#   2001:db8:2::/48 ----- 2001:db8:1::1  198.51.100.1 ----- 198.51.100.2
#   2001:db8:1::2 has a static map
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/leases/topology"

many=100000
# How much longer a packet may wait than at other times, in milliseconds. A kernel that watches its memory takes many
# times as long.
longest=250
[ ! -e /sys/kernel/debug/kmemleak ] || many=20000 longest=1000

numbered_leases $many >"$tmp/leases"

# pings: begins with a packet every 5 ms, for a while.
pings() {
	start ip netns exec "$host6" ping -q -c 1000 -i 0.005 -W 10 $host4_v6
	pings=$pid
}
# slowest: none of them was lost; the milliseconds that the slowest took.
slowest() {
	wait "$pings" && grep -q " 0% packet loss" "$tmp/log.$pings" || return
	slowest=$(sed -nE 's,^rtt [^=]*= [^/]*/[^/]*/([0-9]+)\..*,\1,p' "$tmp/log.$pings")
}

hosts
run nat64 add map 192.0.2.2 $host6_v6
run nat64 add pool 10.0.0.0/8
same "$many leases restored, 0 skipped" "$(nat64 restore "$tmp/leases")" "there are $many leases"
pings
slowest
point $? "packets pass"
usual=$slowest

pings
run nat64 set max-idle 1
ok "all of the leases end" busywait 60000 grew $((many - 1)) counted leases-expired
kill -0 "$pings"
point $? "while packets pass"
slowest
point $? "of which none is lost"
echo "# the slowest took $slowest ms; $usual ms when no lease ends"
[ "$slowest" -le $((usual + longest)) ]
point $? "and none waits for them"
same "" "$(leases)" "no lease is left"
finish
