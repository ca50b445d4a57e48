#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Many at once: of two loads one wins and the other is told, and whatever adds, deletes, loads, lists and flushes under
# traffic, what is left is consistent.
. "$(dirname "$0")/lib.sh"
need_ynl

here=$(readlink -f "$(dirname "$0")")
topology

# --- loads

# many N: a file of so many maps that staging them takes a while.
many() {
	awk -v n="$1" 'BEGIN {
		print "Nat64Prefix = \"64:ff9b::/96\"\nPool.Static = ["
		for (i = 0; i < 2000; i++)
			printf "{ v4 = \"198.18.%d.%d\", v6 = \"2001:db8:10%d::%x\" },\n", n * 8 + i / 250, i % 250 + 1, n, i + 1
		print "]"
	}'
}
for i in 1 2 3 4; do
	many $i >"$tmp/$i.toml"
	run r nat64ctl load "$tmp/$i.toml"
	r nat64ctl show >"$tmp/$i.shown"
done

# load N: says how it ended, and why.
load() {
	local status=0
	r nat64ctl load "$tmp/$1.toml" >"$tmp/$1.out" 2>&1 || status=$?
	echo $status >"$tmp/$1.status"
}

won=0
lost=0
others=
for _ in 1 2 3; do
	loads=()
	for i in 1 2 3 4; do
		load $i &
		loads+=($!)
	done
	wait "${loads[@]}"
	winners=()
	for i in 1 2 3 4; do
		if [ "$(<"$tmp/$i.status")" = 0 ]; then
			won=$((won + 1))
			winners+=("$tmp/$i.shown")
		elif [ "$(<"$tmp/$i.status")" = 1 ] && grep -q "changed the configuration in the meantime" "$tmp/$i.out"; then
			lost=$((lost + 1))
		else
			others+="$(cat "$tmp/$i.status" "$tmp/$i.out")"
		fi
	done
	# The one that runs is one of the winners', whole.
	shown=$(r nat64ctl show)
	found=
	for winner in "${winners[@]}"; do
		[ "$shown" != "$(<"$winner")" ] || found=1
	done
	[ -n "$found" ] || others+="a mixture, or that of nobody who won: $shown"
done
echo "# $won won, $lost came too late"
same "" "$others" "loads at once: one wins, others are told that they came too late, and nothing is mixed"

# One that begins before a load and commits after it.
late() {
	PYTHONPATH=$here r python3 -B -c 'if True:
		import subprocess, sys
		from client import NlError, connect, request
		slow = connect()
		request(slow, "begin", {})
		request(slow, "exclude-add", {"prefix": "9.9.9.9"})
		subprocess.run(["nat64ctl", "load", sys.argv[3]], check=True)
		try:
			request(slow, "commit", {})
		except NlError as refusal:
			print(refusal.nl_msg.extack["msg"])
	' "$ynl" "$here/../include/nat64.yaml" "$1"
}
r nat64ctl load "$tmp/1.toml" 2>/dev/null
same "somebody changed the configuration in the meantime, try again" "$(late "$tmp/2.toml" 2>/dev/null)" "one that is surely late is told"
same "$(<"$tmp/2.shown")" "$(r nat64ctl show)" "and what came before it runs"

# --- everything

run r nat64ctl reset
run r nat64ctl set prefix 64:ff9b::/96
for i in $(seq 40); do
	printf 'addr add 2001:db8:1::%x/64 dev lan nodad\n' "$i"
done | sed '/::1\//d; /::2\//d' | run ip -n "$host6" -batch -
traffic() {
	local i
	while :; do
		for i in $(seq 2 40); do
			ping -qn -c 1 -W 1 -I "$(printf '2001:db8:1::%x' "$i")" $host4_v6 &
			[ $((i % 8)) != 0 ] || wait
		done
		wait
	done
}
export -f traffic
start ip netns exec "$host6" bash -c traffic
pinging=$pid
loading() {
	while :; do
		nat64ctl load "$1/1.toml"
		nat64ctl show
		nat64ctl list maps
	done >/dev/null
}
export -f loading
start ip netns exec "$router" bash -c 'loading "$@"' - "$tmp"
loader=$pid
ok "many processes at once" r python3 -B "$here/stress.py" "$ynl" "$here/../include/nat64.yaml" 8
echo "$output" | sed 's/^/# /'
stop "$loader"
stop "$pinging"
ip netns pids "$host6" | xargs -r kill 2>/dev/null
# The link goes with a reset, maybe before the route to it comes.
same "" "$(grep -vE 'in the meantime|changed while it was read|no host can get|nat64: No such device' "$tmp/log.$loader" | sort -u)" \
	"nat64ctl was told nothing else than that it came too late"

# A last state that has something of everything.
r nat64ctl set prefix 64:ff9b::/96 >/dev/null 2>&1
r nat64ctl add pool 192.0.2.32/27 >/dev/null 2>&1
r nat64ctl add map 192.0.2.40 2001:db8:1::99 --replace >/dev/null 2>&1
h6 ping -qn -c 1 -W 5 -I 2001:db8:1::20 $host4_v6 >/dev/null
r nat64ctl show >"$tmp/last"
ok "what is shown" r nat64ctl check "$tmp/last"
ok "is what runs" grep "load would change nothing" <<<"$output"
ok "loading it" r nat64ctl load "$tmp/last"
same "$(<"$tmp/last")" "$(r nat64ctl show)" "changes nothing"

cat >"$tmp/sum.py" <<'P'
import ipaddress, json, sys
pools, maps, stats = (json.load(open(f"{sys.argv[1]}/{name}.json")) for name in ("pools", "maps", "stats"))
stats = {s["counter"]: s["value"] for s in stats}
live = [m for m in maps if m["type"] == "dynamic"]
nets = [ipaddress.ip_network(m["v4"]) for m in maps if m["type"] == "static"]
for p in pools:
    net = ipaddress.ip_network(p["prefix"])
    inside = [m for m in live if ipaddress.ip_address(m["v4"]) in net]
    fixed = [n for n in nets if n.subnet_of(net) and n.network_address not in (net[0], net[-1])]
    print(p["prefix"], "size", p["size"] == net.num_addresses - 2, "leased", p["leased"] - len(inside),
          "free", p["free"] - (p["size"] - len(inside) - len(fixed)))
pooled = [ipaddress.ip_network(p["prefix"]) for p in pools]
print("strays", [m["v4"] for m in live if not any(ipaddress.ip_address(m["v4"]) in n for n in pooled)])
print("twice", len(maps) - len({m["v4"] for m in maps}), len(maps) - len({m["v6"] for m in maps}))
print("balance", stats["leases-given"] - stats["leases-expired"] - stats["leases-deleted"] - len(live))
P
for name in pools maps; do r nat64ctl --json list $name >"$tmp/$name.json"; done
r nat64ctl --json stats >"$tmp/stats.json"
sums=$(python3 "$tmp/sum.py" "$tmp")
echo "$sums" | sed 's/^/# /'
same "" "$(grep -vE '^(\S+ size True leased 0 free 0|strays \[\]|twice 0 0|balance 0)$' <<<"$sums")" \
	"pools, maps, leases and counters add up"
ok "reset" r nat64ctl reset
same "[]" "$(r nat64ctl --json list maps)" "leaves nothing"
finish
