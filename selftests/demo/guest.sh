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

# DNS64: the zone has an IPv4 address and nothing else.
cat >"$tmp/zone" <<ZONE
\$ORIGIN example.
@ 60 IN SOA ns hostmaster 1 3600 600 86400 60
@ 60 IN NS ns
ns 60 IN A $host4_v4
www 60 IN A $host4_v4
ZONE
cat >"$tmp/unbound.conf" <<CONF
server:
	directory: "$tmp"
	chroot: ""
	username: ""
	pidfile: ""
	use-syslog: no
	interface: $router_v6
	access-control: ::/0 allow
	module-config: "dns64 iterator"
	dns64-prefix: 64:ff9b::/96
	local-zone: "example." transparent
auth-zone:
	name: "example."
	zonefile: "$tmp/zone"
	for-downstream: no
	for-upstream: yes
	fallback-enabled: no
CONF
start ip netns exec "$router" unbound -d -c "$tmp/unbound.conf"
wait_listen "$router" udp 53
mkdir -p "/etc/netns/$host6"
echo "nameserver $router_v6" >"/etc/netns/$host6/resolv.conf"

# Web servers that say who asked.
cat >"$tmp/web.py" <<'PYTHON'
import http.server, socket, sys
class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"Hello {self.client_address[0]}, this is {sys.argv[1]}.\n".encode())
class Server(http.server.HTTPServer):
    address_family = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET
Server((sys.argv[2], 80), Hello).serve_forever()
PYTHON
start ip netns exec "$host4" python3 "$tmp/web.py" "an IPv4-only web server" $host4_v4
start ip netns exec "$host6" python3 "$tmp/web.py" "a web server on the IPv6-only host" $host6_v6
wait_listen "$host4" tcp 80
wait_listen "$host6" tcp 80

cd /out/bin && rmmod nat64 || exit
step r "insmod nat64.ko" ""
step r "cat /etc/nat64.toml" "Nat64Prefix"
step r "nat64ctl load /etc/nat64.toml" ""

say
say "# The IPv6-only host asks for a name that has only an IPv4 address, and goes there."
step h6 "ip -brief -4 address show dev lan" "^$"
step h6 "dig +short AAAA www.example" "^$host4_v6\$"
step h6 "curl -sS http://www.example/" "^Hello $host6_v4, this is an IPv4-only"
step h6 "ping -c 3 -i 0.3 www.example" " 0% packet loss"

say
say "# An IPv4 client reaches the IPv6-only host by its static map."
step h4 "curl -sS http://$host6_v4/" "^Hello $host4_v6, this is a web server on the IPv6"

step r "nat64ctl list maps" "$host6_v4 .*$host6_v6"
say
finish
