#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a user would type, step by step, in the topology of lib.sh: an IPv6-only
# host behind a router with nat64, which also runs a DNS64 server, and an
# IPv4-only web server. Goes to /out/screen; each step is a point too.
. "$(dirname "$0")/../lib.sh"
screen=/out/screen

say() { echo "$*" >>$screen; }

# step FUNCTION COMMAND PATTERN: types the command in h6, r or h4; it must
# succeed and print what matches.
step() {
	local got=0
	say
	case $1 in
	h6) say "host6\$ $2" ;;
	h4) say "host4\$ $2" ;;
	r) say "router# $2" ;;
	esac
	output=$("$1" bash -c "$2" 2>&1) || got=$?
	[ -z "$output" ] || say "$output"
	[ $got = 0 ] && [[ $output =~ $3 ]] && { point 0 "$2"; return; }
	say "# failed: exit status $got, or no \"$3\""
	point 1 "$2"
	finish
}

# The README's own file, so that what it says is what was tried.
awk '/^```/ {if (file ~ /Nat64Prefix/) exit; file = ""; on = /^```toml/; next}
     on {file = file $0 "\n"} END {printf "%s", file}' /nat64/README.md >/etc/nat64.toml

say
say "Linux $(uname -r)"
say "   host6                         router                       host4"
say "   IPv6 only                     nat64, DNS64                 IPv4 only"
say "   2001:db8:1::2 ------ 2001:db8:1::1  198.51.100.1 ------ 198.51.100.2"

topology

resolver example <<CONF
server:
	interface: $router_v6
	access-control: ::/0 allow
	module-config: "dns64 iterator"
	dns64-prefix: 64:ff9b::/96
	local-zone: "example." transparent
CONF
wait_listen "$router" udp 53
mkdir -p "/etc/netns/$host6"
echo "nameserver $router_v6" >"/etc/netns/$host6/resolv.conf"

# web NS ADDRESS NAME: a web server that says who asked.
web() {
	mkdir -p "$tmp/$3/cgi-bin"
	cat >"$tmp/$3/cgi-bin/hello" <<-CGI
		#!/bin/sh
		echo
		echo "Hello \$(echo "\$REMOTE_ADDR" | tr -d []), this is the web server of $3."
	CGI
	chmod +x "$tmp/$3/cgi-bin/hello"
	start ip netns exec "$1" busybox httpd -f -p "$2:80" -h "$tmp/$3"
	wait_listen "$1" tcp 80
}
web "$host4" $host4_v4 host4
web "$host6" "[$host6_v6]" host6

cd /out/bin && rmmod nat64 || exit
step r "insmod nat64.ko" ""
step r "cat /etc/nat64.toml" "Nat64Prefix"
step r "nat64ctl load /etc/nat64.toml" ""

say
say "# The IPv6-only host asks for a name that has only an IPv4 address, and goes there."
step h6 "ip -brief -4 address show dev lan" "^$"
step h6 "dig +short AAAA www.example" "^$host4_v6\$"
step h6 "curl -sS http://www.example/cgi-bin/hello" "^Hello $host6_v4, this is the web server of host4"
step h6 "ping -c 3 -i 0.3 www.example" " 0% packet loss"

say
say "# An IPv4 client reaches the IPv6-only host by its static map."
step h4 "curl -sS http://$host6_v4/cgi-bin/hello" "^Hello $host4_v6, this is the web server of host6"

step r "nat64ctl list maps" "$host6_v4 .*$host6_v6"
say
finish
