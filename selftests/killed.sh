#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who is killed in the middle of a load has done nothing: what ran before runs on, and what was staged is freed.
. "$(dirname "$0")/lib.sh"
need_ynl

here=$(readlink -f "$(dirname "$0")")
basic
run r nat64ctl add pool 192.0.2.128/25
old=$(r nat64ctl show)

# --- by a client, at every message

while IFS= read -r line; do
	case $line in
	"ok "*) point 0 "killed in a transaction: ${line#ok }" ;;
	*) point 1 "$line" ;;
	esac
done < <(r python3 -B "$here/killed.py" "$ynl" "$here/../include/nat64.yaml" 2>&1)

# --- nat64ctl, at any time

awk 'BEGIN {
	print "Nat64Prefix = \"64:ff9b::/96\"\nPool.Static = ["
	print "{ v4 = \"192.0.2.2\", v6 = \"2001:db8:1::2\" },"
	for (i = 0; i < 3000; i++)
		printf "{ v4 = \"198.18.%d.%d\", v6 = \"2001:db8:8::%x\" },\n", i / 250, i % 250 + 1, i + 1
	print "]"
}' >"$tmp/new.toml"
echo "$old" >"$tmp/old.toml"
milliseconds
before=$now
run r nat64ctl load "$tmp/new.toml"
milliseconds
took=$((now - before))
new=$(r nat64ctl show)
run r nat64ctl load "$tmp/old.toml"
in_time=0
mixed=
silent=0
for i in $(seq 0 12); do
	ip netns exec "$router" nat64ctl load "$tmp/new.toml" >"$tmp/log" 2>&1 &
	pid=$!
	delay=$((took * i / 11))
	printf -v seconds %d.%03d $((delay / 1000)) $((delay % 1000))
	read -r -t "$seconds" -u "$nothing" || :
	kill -KILL $pid 2>/dev/null
	{ wait $pid; } 2>/dev/null
	shown=$(r nat64ctl show)
	case $shown in
	"$old") in_time=$((in_time + 1)) ;;
	"$new") r nat64ctl load "$tmp/old.toml" ;;
	*) mixed+="after $delay ms: $shown" ;;
	esac
	h6 ping -qn -c 1 -W 10 "$host4_v6" >/dev/null || silent=$((silent + 1))
done
echo "# a load takes $took ms; $in_time of 13 were killed in time"
same "" "$mixed" "nat64ctl killed in a load leaves the old configuration or the new one"
[ $in_time -gt 2 ]
point $? "some were killed in time"
same 0 $silent "packets are translated all the while"
ok "the next load" r nat64ctl load "$tmp/new.toml"
same "$new" "$(r nat64ctl show)" "is done"
finish
