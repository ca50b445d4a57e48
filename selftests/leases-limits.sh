#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who may lease, how much, and from where: max-per-prefix, the allow list, prefixes of the pool that drain or go.
#
#   $host6                        $router                      $host4
#   2001:db8:2:N::/64 --- 2001:db8:1::1  198.51.100.1 ----- 198.51.100.2
#   several networks            pools as below
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/leases/topology"
need socat

hosts
sink
monitor

# told: the hosts that asked and were refused, with why, since the monitor's file was empty.
told() { events refuse | awk '{print $3, $4}'; }

# --- max-per-prefix

pool 192.0.2.0/24
run nat64 set max-per-prefix 2
run send 1:1 1:2 1:3 2:1
ok "two hosts of a /64 lease, and one of another" given 1:1 1:2 2:1
same "$(host 1:3) drop-pool-limit" "$(told)" "a third of the first is refused"
same 1 "$(counted drop-pool-limit)" "and counted"
status 1 "it gets nothing" h6 ping -c 1 -W 10 -I "$(host 1:3)" $host4_v6
ok "it is told so: address unreachable" grep "^From $router_v6 .*Address unreachable" <<<"$output"
ok "those with a lease go on" one 1:1
run nat64 del map "$(host 1:1)"
ok "one that ends makes room" one 1:3
begin
run send 1:1
same "$(host 1:1) drop-pool-limit" "$(told)" "who had it before waits"
run nat64 set max-per-prefix 3
ok "a higher limit holds at once" one 1:1
begin
run nat64 set max-per-prefix 1
same "" "$(events)" "a lower one ends nothing"
ok "who has a lease keeps it" given 1:1 1:2 1:3 2:1
run nat64 del map "$(host 1:1)"
run nat64 del map "$(host 1:2)"
begin
run send 1:2 2:2 3:1 3:2
same "$(host 1:2) drop-pool-limit
$(host 2:2) drop-pool-limit
$(host 3:2) drop-pool-limit" "$(told)" "but nobody gets more than that"

begin
run nat64 set max-per-prefix 4
run nat64 set per-prefix-length 48
run send 4:1 5:1
same "lease $(lease 4:1) $(host 4:1)
refuse - $(host 5:1) drop-pool-limit" "$(events)" "of a /48: the leases of all its networks count"
begin
run nat64 set per-prefix-length 128
run nat64 set max-per-prefix 1
run send 1:1 1:2 2:2 5:1
same "" "$(told)" "of a /128: one for each host"
begin
run nat64 set per-prefix-length 64
run nat64 set max-per-prefix 0
run send 1:4 1:5 1:6
same "" "$(told)" "0: no limit"
ok "all lease" given 1:1 1:2 1:3 1:4 1:5 1:6
run nat64 set max-per-prefix 6
run send 1:7
same "$(host 1:7) drop-pool-limit" "$(told)" "those that are there count when there is a limit again"
run nat64 set max-per-prefix 0

# --- the allow list

pool 192.0.2.0/24
run send 1:1 2:1
was=$(lease 1:1)
ok "add allow" nat64 add allow 2001:db8:2:1::/64
same "$was $(host 1:1)" "$(leases)" "leases of others end, the allowed stay"
same "delete $(host 2:1)" "$(events delete | awk '{print $1, $3}')" "the monitor tells it"
begin
run send 1:2 2:1
same "lease $(lease 1:2) $(host 1:2)
refuse - $(host 2:1) drop-not-allowed" "$(events)" "only the allowed may lease"
same 1 "$(counted drop-not-allowed)" "a refusal is counted"
run nat64 add map 198.18.0.1 "$(host 2:1)"
ok "a static map needs no permission" one 2:1
run nat64 del map 198.18.0.1
run nat64 add allow "$(host 2:1)"
ok "a single host may be allowed" one 2:1
run nat64 add allow 2001:db8:2::/48
ok "or a wider prefix" one 3:1
same "2001:db8:2:1::/64 2001:db8:2:2::1 2001:db8:2::/48" \
	"$(nat64 list allow | awk 'NR > 1 {print $1}' | sort | xargs)" "list allow has all three"
refused "2001:db8:2:1::/64 is allowed already" "once each" nat64 add allow 2001:db8:2:1::/64
begin
run nat64 del allow 2001:db8:2::/48
same "delete $(host 3:1)" "$(events | awk '{print $1, $3}')" \
	"del allow ends the leases of its hosts, but for those that others allow"
run nat64 del allow "$(host 2:1)"
run nat64 del allow 2001:db8:2:1::/64
ok "with none, all may" one 3:1

# --- drain

pool 203.0.113.0/30
run nat64 set max-idle 0
run send 1 2
ok "two hosts have leases" given 1 2
was=$(leases)
ok "their pool drains" nat64 add pool 203.0.113.0/30 drain
same "203.0.113.0/30 2 2 yes" "$(nat64 list pools | awk 'NR > 1 {print $1, $2, $3, $6}')" "list pools says so"
same '[{"prefix":"203.0.113.0/30","size":2,"leased":2,"free":0,"drain":true}]' "$(json list pools)" "in JSON too"
same "$was" "$(leases)" "the leases stay"
refused "203\.0\.113\.0/30 is in the pool already, it drains" "once is enough" nat64 add pool 203.0.113.0/30 drain
ok "they are used and kept" one 1
begin
run send 3
same "refuse - $(host 3) drop-pool-full" "$(events)" "no host gets a new one"
run nat64 add pool 192.0.2.0/24
ok "but from another pool" one 3
ok "that one" grep '^192\.0\.2\.' <(lease 3)
run nat64 set max-idle 1
ok "the old ones run out" busywait 10000 happened expire 2
ok "all of them" busywait 10000 happened expire 1
run nat64 set max-idle 7200
run send 1 2
ok "their hosts get another" given 1 2
fails "not to the pool that drains" grep '^203' <(leases)
same "203.0.113.0/30 2 0 yes" "$(nat64 list pools | awk '$1 ~ /^203/ {print $1, $2, $3, $6}')" "it is empty"
ok "del pool needs no force then" nat64 del pool 203.0.113.0/30

pool 203.0.113.0/30
run nat64 add pool 203.0.113.0/30 drain
run send 1
same "refuse - $(host 1) drop-pool-full" "$(events)" "a pool that drains gives nothing"
ok "add pool without drain opens it again" nat64 add pool 203.0.113.0/30
ok "it gives leases" one 1

# --- del pool

run nat64 add pool 192.0.2.0/24
run send flood 9 8
begin
all=$(nat64 list pools | awk '$1 == "203.0.113.0/30" {print $3}')
refused "^nat64ctl: $all leases live in 203\.0\.113\.0/30; --force ends them" "del pool is refused where leases live" \
	nat64 del pool 203.0.113.0/30
same "" "$(events)" "and ends nothing"
was=$(leases | grep '^192')
ok "del pool --force" nat64 del pool 203.0.113.0/30 --force
same "$all" "$(events delete | grep -c ' 203\.0\.113\.')" "ends those leases"
same "$was" "$(leases)" "and no others"
same "192.0.2.0/24" "$(nat64 list pools | awk 'NR > 1 {print $1}')" "the prefix is gone"
same "" "$(r ip route show 203.0.113.0/30)" "and its route"
refused "203\.0\.113\.0/30 is not in the pool" "it is gone" nat64 del pool 203.0.113.0/30
ok "a host that lost its lease gets another one" one 1
ok "from what is left" grep '^192' <(lease 1)
finish
