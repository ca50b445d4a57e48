#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# reset and rmmod with traffic running leave no trace, and it works again after.
#
#   $host6 <==== pings and pages, both ways, all the time ====> $host4
. "$(dirname "$0")/lib.sh"
need curl nft ping
ko=${NAT64_KO:-/out/nat64.ko}
[ -e "$ko" ] || skip "no module that could be unloaded"

topology
cat >"$tmp/nat64.toml" <<'END'
Nat64Prefix = "64:ff9b::/96"
[Pool]
Prefixes = ["192.0.2.0/24"]
Static = [{ v4 = "192.0.2.2", v6 = "2001:db8:1::2" }]
END
run in_ns "$host6" ip addr add 2001:db8:1::9/64 dev lan nodad preferred_lft 0
http_server "$host4" $host4_v4 80
http_server "$host6" $host6_v6 80
# Both families' conntrack sees it all.
run r nft -f - <<'END'
table inet t {
	chain forward {
		type filter hook forward priority filter
		ct state new,established,related,invalid accept
	}
	chain output {
		type filter hook output priority filter
		ct state new,established,related,invalid accept
	}
}
END
routes() { r ip route show table all; r ip -6 route show table all; r ip -br link; r ip rule; }
hooks() { r nft list hooks 2>/dev/null; }
routes_before=$(routes)
hooks_before=$(hooks)

# --- traffic, for the whole time

for _ in 1 2; do
	start ip netns exec "$host6" ping -q -i 0.05 $host4_v6
	start ip netns exec "$host4" ping -q -i 0.05 $host6_v4
	start ip netns exec "$host6" ping -q -i 0.05 -s 3000 -I 2001:db8:1::9 $host4_v6
done
# shellcheck disable=SC2016 # expanded by the inner shell
start ip netns exec "$host6" bash -c 'while :; do curl -gs --connect-timeout 0.3 "http://[$host4_v6]/page"; done'
# shellcheck disable=SC2016
start ip netns exec "$host4" bash -c 'while :; do curl -gs --connect-timeout 0.3 "http://$host6_v4/page"; done'

works() {
	ok "$1: from IPv6" fetch "$host6" "http://[$host4_v6]/page"
	ok "$1: from IPv4" fetch "$host4" "http://$host6_v4/page"
	ok "$1: a host leases" h6 ping -c 1 -W 10 -I 2001:db8:1::9 $host4_v6
}
no_trace() {
	fails "$1: no link" r ip link show dev nat64
	same "$routes_before" "$(routes)" "$1: no routes, links or rules"
	same "$hooks_before" "$(hooks)" "$1: no hooks"
}

for round in 1 2; do
	run r nat64ctl load "$tmp/nat64.toml"
	works "round $round, loaded"
	[ $round != 1 ] || [ -z "$hooks_before" ] ||
		ok "the hooks are there to be seen" grep -F "[nat64]" <(hooks)
	run r nat64ctl reset
	no_trace "round $round, reset"
	same "[]" "$(r nat64ctl --json list maps)" "round $round, reset: no maps"
	run r nat64ctl load "$tmp/nat64.toml"
	works "round $round, loaded again"
	start ip netns exec "$router" nat64ctl -v monitor
	monitor=$pid
	busywait 20000 grep -q listening "$tmp/log.$monitor"
	run rmmod nat64
	waited=0
	wait "$monitor" || waited=$?
	same "1 nat64ctl: the module nat64 was unloaded" "$waited $(tail -n 1 "$tmp/log.$monitor")" \
		"round $round, rmmod: monitor ends"
	no_trace "round $round, rmmod"
	fails "round $round, rmmod: no module" test -e /sys/module/nat64
	fails "round $round, rmmod: nothing gets through" h6 ping -c 1 -W 0.5 $host4_v6
	run insmod "$ko"
	same "[]" "$(r nat64ctl --json list maps)" "round $round, insmod: it knows nothing"
done
run r nat64ctl load "$tmp/nat64.toml"
works "at last"

# A namespace that ends while it is configured.
for pid in $(ip netns pids "$router"); do kill "$pid"; done
run ip netns del "$router"
namespaces=("$host6" "$host4")
gone() { [ "$(lsmod | awk '$1 == "nat64" {print $3}')" = 0 ] && rmmod nat64; }
ok "the module can go when its namespace has ended" busywait 10000 gone
run insmod "$ko"
finish
