#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 1:1 IPv4 NAT: rules of hosts and of prefixes, both ways, with conntrack and without; what is refused, listed,
# excluded and taken back; interfaces that come, go and change their names.
#
#   $inside                           $router                           $outside
#   192.168.1.123, .124 ---- lan 192.168.1.1  198.51.100.1 wan ---- 198.51.100.2, .3
#   10.0.0.5, .7                              198.18.0.1 dmz ------ 198.18.0.2
#                                             198.19.0.1 late ----- 198.19.0.2 (later)
#   192.168.1.123 is 6.6.6.6 on wan, 10.0.0.0/24 is 203.0.113.0/24,
#   but 10.0.0.7 is 6.6.6.7, and 203.0.113.200 is 192.168.1.124
. "$(dirname "$0")/lib.sh"
need nft conntrack python3

inside='' outside=''
setup_ns inside router outside
forwarding "$router"
link "$inside" lan "$router" lan
link "$outside" wan "$router" wan
link "$outside" dmz "$router" dmz
addr "$inside" lan 192.168.1.123/24 192.168.1.124/24 10.0.0.5/32 10.0.0.7/32
addr "$router" lan 192.168.1.1/24
addr "$router" wan 198.51.100.1/24
addr "$router" dmz 198.18.0.1/24
addr "$outside" wan 198.51.100.2/24 198.51.100.3/24
addr "$outside" dmz 198.18.0.2/24
run ip -n "$inside" route add default via 192.168.1.1
run ip -n "$router" route add 10.0.0.0/24 via 192.168.1.123
run ip -n "$outside" route add 6.6.6.0/24 via 198.51.100.1
run ip -n "$outside" route add 203.0.113.0/24 via 198.51.100.1
run ip -n "$outside" route add 7.7.7.7 via 198.18.0.1

nat64() { r nat64ctl "$@"; }
# The router has no route to external addresses: untranslated, they are this.
unreachable="[Errno 101] Network is unreachable"

tellers "$inside" "$outside"

# --- rules, both ways

same "INTERNAL EXTERNAL DEV ACTIVE" "$(nat64 list nat44 | xargs)" "a table without rules has a head"
ok "a rule for a host" nat64 add nat44 192.168.1.123 6.6.6.6 dev wan
ok "a rule for a prefix" nat64 add nat44 10.0.0.0/24 203.0.113.0/24 dev wan
ok "a host within its internal prefix" nat64 add nat44 10.0.0.7 6.6.6.7 dev wan
ok "another one within its external prefix" nat64 add nat44 192.168.1.124 203.0.113.200 dev wan

both_ways() {
	seen "$inside" 192.168.1.123 198.51.100.2 6.6.6.6 198.51.100.2 "$1: out by a host's rule"
	seen "$outside" 198.51.100.2 6.6.6.6 198.51.100.2 192.168.1.123 "$1: in by a host's rule"
	seen "$inside" 10.0.0.5 198.51.100.2 203.0.113.5 198.51.100.2 "$1: out by a prefix's rule"
	seen "$outside" 198.51.100.2 203.0.113.5 198.51.100.2 10.0.0.5 "$1: in by a prefix's rule"
}
both_ways "no conntrack"
same "6.6.6.7 198.51.100.2" "$(tells "$inside" tcp 10.0.0.7 198.51.100.2)" "out, the longest prefix is first"
same "198.51.100.2 192.168.1.124" "$(tells "$outside" tcp 198.51.100.2 203.0.113.200)" "in, the longest prefix is first"

# --- only there

same "192.168.1.123 198.18.0.2" "$(run ip -n "$outside" route add 192.168.1.0/24 via 198.18.0.1 >/dev/null
	tells "$inside" tcp 192.168.1.123 198.18.0.2)" "by another interface a packet leaves as it is"
run ip -n "$outside" route add 6.6.6.6 via 198.18.0.1
same "$unreachable" "$(tells "$outside" tcp 198.18.0.2 6.6.6.6)" "what comes in by another interface is routed as it is"
run ip -n "$outside" route del 6.6.6.6 via 198.18.0.1
ok "the same host has another address there" nat64 add nat44 192.168.1.123 7.7.7.7 dev dmz
seen "$inside" 192.168.1.123 198.18.0.2 7.7.7.7 198.18.0.2 "out by the other interface"
seen "$outside" 198.18.0.2 7.7.7.7 198.18.0.2 192.168.1.123 "in by the other interface"
run ip -n "$outside" route del 192.168.1.0/24 via 198.18.0.1

# --- refused, and listed

rules=$(nat64 list nat44)
same "INTERNAL      EXTERNAL       DEV ACTIVE
192.168.1.123 7.7.7.7        dmz yes
10.0.0.0/24   203.0.113.0/24 wan yes
10.0.0.7      6.6.6.7        wan yes
192.168.1.123 6.6.6.6        wan yes
192.168.1.124 203.0.113.200  wan yes" "$rules" "a table of the rules"
same '[{"internal": "192.168.1.123", "external": "7.7.7.7", "dev": "dmz"},
{"internal": "10.0.0.0/24", "external": "203.0.113.0/24", "dev": "wan"},
{"internal": "10.0.0.7", "external": "6.6.6.7", "dev": "wan"},
{"internal": "192.168.1.123", "external": "6.6.6.6", "dev": "wan"},
{"internal": "192.168.1.124", "external": "203.0.113.200", "dev": "wan"}]' \
	"$(nat64 --json list nat44 | python3 -c 'import json, sys
print("[" + ",\n".join(json.dumps(rule) for rule in json.load(sys.stdin)) + "]")')" "the same as JSON"
refused "192\.168\.1\.123 is 6\.6\.6\.6 on wan already" "an internal address twice" \
	nat64 add nat44 192.168.1.123 6.6.6.9 dev wan
refused "192\.168\.1\.123 is 6\.6\.6\.6 on wan already" "an external address twice" \
	nat64 add nat44 192.168.1.99 6.6.6.6 dev wan
refused "10\.0\.0\.0/24 is 203\.0\.113\.0/24 on wan already" "an internal prefix twice" \
	nat64 add nat44 10.0.0.0/24 198.19.5.0/24 dev wan
refused "10\.0\.0\.0/24 is 203\.0\.113\.0/24 on wan already" "an external prefix twice" \
	nat64 add nat44 10.9.9.0/24 203.0.113.0/24 dev wan
refused "differ in length" "prefixes of different lengths" nat64 add nat44 10.9.0.0/16 203.0.112.0/24 dev wan
refused "there is no rule for 192\.168\.1\.99" "deleting what is not there" nat64 del nat44 192.168.1.99 dev wan
same "$rules" "$(nat64 list nat44)" "nothing refused has changed anything"

# --- conntrack

run r nft -f - <<'END'
table ip t {
	counter invalid { }
	chain prerouting {
		type filter hook prerouting priority filter
		ct state invalid counter name invalid
	}
	chain output {
		type filter hook output priority filter
		ct state invalid counter name invalid
	}
}
END
both_ways "conntrack"
# entries PROTOCOL ORIGINAL-SOURCE ORIGINAL-DESTINATION: one whose answers go just the other way.
tracked() { r conntrack -L -p "$1" 2>/dev/null | grep -E "src=$2 dst=$3 .*src=$3 dst=$2 "; }
for proto in tcp udp icmp; do
	ok "${proto^^} out: conntrack sees the internal address both ways" tracked $proto 192.168.1.123 198.51.100.2
	ok "${proto^^} in: conntrack sees the internal address both ways" tracked $proto 198.51.100.2 10.0.0.5
done
status 1 "it sees no external address" grep -E "=(6\.6\.6|203\.0\.113)\." <(r conntrack -L 2>/dev/null)
same 0 "$(packets "$router" ip t invalid)" "nothing is invalid to it"
run r nft flush ruleset

# --- interfaces

active() { nat64 list nat44 | grep -qE "^192\.168\.1\.123 +5\.5\.5\.5 +late +$1\$"; }
ok "an interface named before it exists" nat64 add nat44 192.168.1.123 5.5.5.5 dev late
ok "its rule is listed as inactive" active no
same '[False]' "$(nat64 --json list nat44 | python3 -c 'import json, sys
print([rule["active"] for rule in json.load(sys.stdin) if "active" in rule])')" "in JSON only there"
late() {
	link "$outside" "$1" "$router" "$1"
	addr "$router" "$1" 198.19.0.1/24
	addr "$outside" "$1" 198.19.0.2/24
	ip -n "$outside" route replace 5.5.5.5 via 198.19.0.1
}
run late late
ok "it is active once the interface is there" busywait 10000 active yes
same "5.5.5.5 198.19.0.2" "$(tells "$inside" tcp 192.168.1.123 198.19.0.2)" "and translates"
rename() { ip -n "$router" link set "$1" down && ip -n "$router" link set "$1" name "$2" && ip -n "$router" link set "$2" up; }
run rename late other
ok "when the interface has another name, the rule is inactive" busywait 10000 active no
run ip -n "$outside" route add 192.168.1.0/24 via 198.19.0.1
same "192.168.1.123 198.19.0.2" "$(tells "$inside" tcp 192.168.1.123 198.19.0.2)" "and translates nothing"
run ip -n "$outside" route del 192.168.1.0/24 via 198.19.0.1
run rename other late
ok "when it has its name again, the rule is active" busywait 10000 active yes
same "198.19.0.2 192.168.1.123" "$(tells "$outside" tcp 198.19.0.2 5.5.5.5)" "and translates"
run ip -n "$router" link del late
ok "when it is gone, the rule is inactive" busywait 10000 active no
ok "and stays" nat64 del nat44 192.168.1.123 dev late
ok "again for the next one" nat64 add nat44 192.168.1.123 5.5.5.5 dev late
run late late
ok "when there is another of that name, the rule is active" busywait 10000 active yes
same "5.5.5.5 198.19.0.2" "$(tells "$inside" tcp 192.168.1.123 198.19.0.2)" "and translates"
run ip -n "$router" link set late netns "$inside"
ok "when it went to another namespace, the rule is inactive" busywait 10000 active no

# --- exclusions

run ip -n "$outside" route add 192.168.1.0/24 via 198.51.100.1
ok "an address is excluded" nat64 add exclude 198.51.100.3
ok "a prefix is excluded" nat64 add exclude 198.18.0.0/24
refused "198\.51\.100\.3(/32)? is excluded already" "an exclusion twice" nat64 add exclude 198.51.100.3
same "192.168.1.123 198.51.100.3" "$(tells "$inside" tcp 192.168.1.123 198.51.100.3)" "out to it, the source stays"
same "192.168.1.123 198.51.100.3" "$(tells "$inside" udp 192.168.1.123 198.51.100.3)" "so it does in UDP"
same "6.6.6.6 198.51.100.2" "$(tells "$inside" tcp 192.168.1.123 198.51.100.2)" "out to others, it does not"
same "198.51.100.3 192.168.1.123" "$(tells "$outside" tcp 198.51.100.3 192.168.1.123)" "it reaches the internal address"
same "$unreachable" "$(tells "$outside" tcp 198.51.100.3 6.6.6.6)" "in from it, the destination stays"
same "198.51.100.2 192.168.1.123" "$(tells "$outside" tcp 198.51.100.2 6.6.6.6)" "in from others, it does not"
run ip -n "$outside" route replace 192.168.1.0/24 via 198.18.0.1
same "192.168.1.123 198.18.0.2" "$(tells "$inside" tcp 192.168.1.123 198.18.0.2)" "on every interface, out"
same "$unreachable" "$(tells "$outside" tcp 198.18.0.2 7.7.7.7)" "on every interface, in"
run ip -n "$outside" route del 192.168.1.0/24 via 198.18.0.1
same "PREFIX 198.18.0.0/24 198.51.100.3" "$(nat64 list excludes | xargs)" "the exclusions are listed"
ok "one is taken back" nat64 del exclude 198.51.100.3
refused "198\.51\.100\.3(/32)? is not excluded" "but once" nat64 del exclude 198.51.100.3
same "6.6.6.6 198.51.100.3" "$(tells "$inside" tcp 192.168.1.123 198.51.100.3)" "out to it, the source is translated"
same "198.51.100.3 192.168.1.123" "$(tells "$outside" tcp 198.51.100.3 6.6.6.6)" "in from it, the destination is"
ok "all are taken back" nat64 flush excludes
same "[]" "$(nat64 --json list excludes)" "none is left"
same "7.7.7.7 198.18.0.2" "$(tells "$inside" tcp 192.168.1.123 198.18.0.2)" "the last one translates again"

# --- taken back

ok "a rule is deleted" nat64 del nat44 192.168.1.123 dev wan
same "$unreachable" "$(tells "$outside" tcp 198.51.100.2 6.6.6.6)" "it translates no more"
same "7.7.7.7 198.18.0.2" "$(tells "$inside" tcp 192.168.1.123 198.18.0.2)" "that of another interface stays"
same "203.0.113.5 198.51.100.2" "$(tells "$inside" tcp 10.0.0.5 198.51.100.2)" "the others stay"
ok "all are deleted" nat64 -v flush nat44
same "nat64ctl: 5 rules deleted" "$output" "it says how many"
same "[]" "$(nat64 --json list nat44)" "none is left"
run ip -n "$outside" route add 10.0.0.0/24 via 198.51.100.1
same "10.0.0.5 198.51.100.2" "$(tells "$inside" tcp 10.0.0.5 198.51.100.2)" "nothing is translated"
finish
