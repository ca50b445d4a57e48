#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A host's first packet leases an address, and which one: the host's own again, or else what was returned longest ago.
# What a full pool does; which addresses and which packets have no part in it; what ends a lease by hand. How long they
# last is leases-idle.
#
#   $host6                        $router                      $host4
#   2001:db8:2::/48 ----- 2001:db8:1::1  198.51.100.1 ----- 198.51.100.2
#   as many hosts as wanted     pools as below
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/leases/topology"
need socat

hosts
sink
monitor

# --- the first packet

pool 192.0.2.0/24
ok "the first packet of a host leases, and is itself translated" one 1
a=$(lease 1)
ok "an address of the pool" grep -E '^192\.0\.2\.([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-4])$' <<<"$a"
same "lease $a $(host 1)" "$(events)" "the monitor tells it"
ok "IPv4 hosts reach the host there" h4 ping -c 1 -W 10 "$a"
ok "another one leases another address" one 2
fails "not the same" test "$a" = "$(lease 2)"
same "V4 V6 TYPE IDLE EXPIRES" "$(nat64 list maps dynamic | head -n 1 | tr -s ' ')" "the list has a header"
same "$a $(host 1) dynamic" "$(nat64 list maps dynamic "$a" | awk 'NR > 1 {print $1, $2, $3}')" "and a line for each"
cat >"$tmp/row.py" <<'P'
import json, sys
row, = json.load(sys.stdin)
print(row["v4"], row["v6"], row["type"], 0 <= row["idle"] < 60, row["idle"] + row["expires"])
P
same "$a $(host 1) dynamic True 7200" "$(nat64 --json list maps dynamic "$a" | python3 "$tmp/row.py")" \
	"in JSON too; idle and expires are max-idle together"
same '[{"prefix":"192.0.2.0/24","size":254,"leased":2,"free":252}]' "$(json list pools)" "the pool's figures"

# --- which address

pool 203.0.113.0/29
run one 1
a=$(lease 1)
run nat64 del map "$a"
run send 2 3 4 5 6
ok "five others lease" given 2 3 4 5 6
fails "an address just returned goes to none of them" grep -F "$a" <(addresses)
run one 7
same "$a" "$(lease 7)" "it is the last one that is given"
for n in 3 2 5 4; do
	was[n]=$(lease $n)
	run nat64 del map "$(host $n)"
done
run one 4
same "${was[4]}" "$(lease 4)" "its own host gets it back before that"
run send 8 9 a
same "${was[3]} ${was[2]} ${was[5]}" "$(lease 8) $(lease 9) $(lease a)" "others get what was returned longest ago"
same 1 "$(addresses | xargs -n 1 | uniq -c | awk '{print $1}' | uniq)" "no address is given twice"

# --- a full pool

pool 203.0.113.9
ok "a pool of one" one 1
same '[{"prefix":"203.0.113.9","size":1,"leased":1,"free":0}]' "$(json list pools)" "is full then"
before=$(counted drop-pool-full)
status 1 "the next host gets nothing" h6 ping -c 1 -W 10 -I "$(host 2)" $host4_v6
ok "it is told so: address unreachable" grep "^From $router_v6 .*Destination unreachable: Address unreachable" <<<"$output"
same $((before + 1)) "$(counted drop-pool-full)" "it is counted"
same "refuse - $(host 2) drop-pool-full" "$(events refuse)" "and the monitor tells it"
ok "who has the address goes on" one 1
ok "so does IPv4" h4 ping -c 1 -W 10 203.0.113.9
before=$(counted leases-refused)
run send flood 6 300
same $((before + 300)) "$(counted leases-refused)" "300 more are refused and counted"
ok "not each is told" within 1 200 "$(events refuse | wc -l)"
answers() { r awk '$1 == "Icmp6OutDestUnreachs" {print $2}' /proc/net/snmp6; }
before=$(answers)
# shellcheck disable=SC2046 # a hundred words
run send $(yes 2 | head -n 100)
ok "nor is one host answered a hundred times" within 1 50 $(($(answers) - before))
ok "who has the address goes on still" one 1
run nat64 flush maps dynamic
ok "once it is free another one gets it" one 2
same "203.0.113.9 $(host 2)" "$(leases)" "the same address"
begin
ok "two hosts race for the last address, eight times" py race "$monitor" 8
same "8 leases, 8 refused" "$output" "exactly one gets it"
same "203.0.113.9" "$(events lease | cut -d ' ' -f 2 | uniq)" "that one address"

# --- which addresses

pool 203.0.113.0/29 203.0.113.64/31 198.18.255.255 203.0.113.128/29
addr "$router" wan 203.0.113.1/32
run nat64 add map 203.0.113.2 2001:db8:1::2
run nat64 add map 203.0.113.132/30 2001:db8:7::/126
run send flood 8 16
same "3 4 5 6 64 65 129 130 131" "$(addresses | xargs -n 1 | sed -n 's/^203\.0\.113\.//p' | xargs)" \
	"all prefixes are used, but for network, broadcast, static maps and the router's own"
ok "one of a single address, too" grep -w 198.18.255.255 <(addresses)
same "198.18.255.255 1 1 0 0
203.0.113.0/29 6 4 2 0
203.0.113.64/31 2 2 0 0
203.0.113.128/29 6 3 3 0" "$(nat64 list pools | awk 'NR > 1 {print $1, $2, $3, $4, $5}')" "the pools' figures"
run in_ns "$router" ip addr del 203.0.113.1/32 dev wan
run nat64 del map 203.0.113.2
run send 1 2 3
same "203.0.113.1 203.0.113.2" "$(leases | awk '$2 ~ /:2::[123]$/ {print $1}' | sort | xargs)" \
	"what becomes free is given"

# --- which packets

pool 192.0.2.0/24
ok "ICMPv6 errors, sources that are no host's, refused destinations, broken packets" \
	py strange "$(r cat /sys/class/net/lan/address)"
ok "and at last a good one" busywait 10000 happened lease e9
same "lease $(lease e9) $(host e9)" "$(events lease)" "only that one leases"

# --- by hand

pool 192.0.2.0/24
run one 1
run send 2 3
a=$(lease 1)
begin
ok "a static map for a host with a lease" nat64 add map 198.18.0.1 "$(host 1)"
same "delete $a $(host 1)" "$(events)" "ends the lease"
same "198.18.0.1 static" "$(nat64 list maps "$(host 1)" | awk 'NR > 1 {print $1, $3}')" "and takes its place"
ok "the host uses it" one 1
ok "IPv4 reaches it there" h4 ping -c 1 -W 10 198.18.0.1
taken=$(lease 2)
begin
ok "a static map for a leased address" nat64 add map "$taken" 2001:db8:1::2
same "delete $taken $(host 2)" "$(events)" "ends the lease"
run one 2
fails "its host gets another one" test "$taken" = "$(lease 2)"
begin
b=$(lease 2) c=$(lease 3)
ok "del map ends a lease by its IPv4 address" nat64 del map "$b"
ok "or by its IPv6 address" nat64 del map "$(host 3)"
same "delete $b $(host 2)
delete $c $(host 3)" "$(events)" "the monitor tells it"
refused "there is no map of $b" "it is gone" nat64 del map "$b"
run send 2 3 4
begin
ok "flush maps dynamic" nat64 flush maps dynamic
same 3 "$(events delete | wc -l)" "ends all leases"
same "$taken 198.18.0.1 203.0.113.132/30" "$(nat64 list maps | awk 'NR > 1 {print $1}' | sort -V | xargs)" \
	"and no static map"
finish
