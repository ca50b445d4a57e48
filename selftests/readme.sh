#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the README says is typed and loaded as it stands there: its file, its commands, its rules of nft. What installs and
# what starts services is typed by deb/run; static/readme.sh sees to it that no block is left.
. "$(dirname "$0")/lib.sh"
need nft curl unbound dig

readme=$(dirname "$0")/../README.md
block() { "$(dirname "$0")/block" "$@"; }

# typed SECTION N [EXCEPT]: the lines of a block of commands, each a point.
typed() {
	local line lines
	block "$1" sh "$2" | sed 's/ *#.*//' | grep -vE "${3:-^$}" >"$tmp/lines"
	mapfile -t lines <"$tmp/lines"
	[ ${#lines[@]} -gt 0 ] || point 1 "$1 has commands"
	for line in "${lines[@]}"; do
		ok "$1: $line" r bash -c "$line"
	done
}

topology
cp /etc/nat64.toml "$tmp/saved" 2>/dev/null
block "A real router" toml >/etc/nat64.toml || skip "/etc cannot be written"
r sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
run ip -n "$router" route add default via $host4_v4

# --- a real router

# doctor is the last of them, and content
typed "A real router" 2 "^modprobe"
ok "the IPv6 host reaches IPv4" h6 ping -c 1 -W 10 $host4_v6
ok "IPv4 reaches the IPv6 host" h4 ping -c 1 -W 10 $host6_v4

# --- DNS64

resolver ipv4only.arpa example < <(block DNS64 unbound)
busywait 60000 r dig +short +tries=1 +time=2 A www.example @::1 || give_up "unbound does not answer"
# shellcheck disable=SC2016 # the README's marks
line=$(grep -o 'dig [^`]*@[^`]*' "$readme")
ok "DNS64: $line" r bash -c "$line"
same "64:ff9b::c000:aa" "$output" "answers inside the prefix"
ok "the IPv6 host asks as well" h6 dig +short AAAA www.example @$router_v6
same "$host4_v6" "$output" "and is told"
ok "what it then reaches" h6 ping -c 1 -W 10 "$output"

# --- day by day

typed "Day by day" 1

# --- the firewall

block Firewall nft >"$tmp/rules"
ok "the firewall's rules" r nft -f "$tmp/rules"
http_server "$host6" $host6_v6 80
http_server "$host6" $host6_v6 443
ok "what the IPv6 host asks is answered" h6 ping -c 1 -W 10 $host4_v6
same "hello from $host6_v6" "$(fetch "$host4" http://$host6_v4:443/page)" "the port that is open is reached"
status 28 "another is not" h4 curl -sS --max-time 2 http://$host6_v4/page
run r nft delete table ip6 filter

# --- many hosts behind one address

block "Many hosts behind one address" nft >"$tmp/rules"
run r nat64ctl flush maps
run r nat64ctl del pool 192.0.2.0/24
run r nat64ctl add pool 100.64.0.0/16
ok "the rules for masquerade" r nft -f "$tmp/rules"
http_server "$host4" $host4_v4 80
log=$tmp/log.$pid
same "hello from $host4_v4" "$(fetch "$host6" "http://[$host4_v6]/page")" "a page"
ok "was asked for by the router's address" visited $router_v4 "$log"
snat=$(grep -o 'snat to [0-9.-]* persistent' "$readme")
ok "several addresses" r nft "add rule ip nat postrouting oifname wan ip saddr 100.64.0.0/16 $snat"
run r nft delete table ip nat

# --- 1:1 IPv4 NAT

typed "1:1 IPv4 NAT" 1
ok "and is listed" grep "192.168.1.123 *203.0.113.6" <<<"$output"
block "1:1 IPv4 NAT" toml >"$tmp/nat44.toml"
ok "the same in a file" r nat64ctl load "$tmp/nat44.toml"
ok "is listed, too" grep "192.168.1.123 *203.0.113.6 *wan *yes" <(r nat64ctl list nat44)
ok "and answers ARP" grep "203.0.113.6" <(r ip neighbour show proxy)

# --- what the other translators have

while IFS='|' read -r _ _ here _; do
	grep -oE '`(set|add)[^`A-Z]*`' <<<"$here" | tr -d '`'
done < <(sed -n '/^## Coming/,/^## Cost/p' "$readme") >"$tmp/lines"
run r nat64ctl reset
while read -r line; do
	[[ ! $line =~ [0-9] ]] || ok "nat64ctl $line" r bash -c "nat64ctl $line"
done <"$tmp/lines"

# --- the end

ok "reset" r nat64ctl reset
if [ -e "$tmp/saved" ]; then cp "$tmp/saved" /etc/nat64.toml; else rm /etc/nat64.toml; fi
finish
