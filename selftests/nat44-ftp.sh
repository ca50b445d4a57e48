#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# FTP through 1:1 IPv4 NAT, which changes no payload: passive mode in both directions, and what becomes of addresses that
# are said inside the connection.
#
#   $inside                  $router                         $outside
#   10.0.0.2 ------- lan 10.0.0.1  198.51.100.1 wan ------- 198.51.100.2
#
#   10.0.0.2 is 203.0.113.2 on wan
. "$(dirname "$0")/lib.sh"
need curl
/usr/bin/python3 -c "import pyftpdlib" 2>/dev/null || skip "no pyftpdlib"

inside='' outside=''
setup_ns inside router outside
forwarding "$router"
link "$inside" lan "$router" lan
link "$outside" wan "$router" wan
addr "$inside" lan 10.0.0.2/24
addr "$router" lan 10.0.0.1/24
addr "$router" wan 198.51.100.1/24
addr "$outside" wan 198.51.100.2/24
run ip -n "$inside" route add default via 10.0.0.1
run ip -n "$outside" route add 203.0.113.0/24 via 198.51.100.1
run r nat64ctl add nat44 10.0.0.2 203.0.113.2 dev wan

mkdir "$tmp/files"
head -c 100000 /dev/urandom >"$tmp/files/file"
# ftp_server NS PORT OPTION...: for anybody, to read and to write.
ftp_server() {
	start ip netns exec "$1" /usr/bin/python3 -W ignore -m pyftpdlib -w -p "$2" -d "$tmp/files" "${@:3}"
}
ftp_server "$outside" 21
outside_log=$tmp/log.$pid
ftp_server "$inside" 21
inside_log=$tmp/log.$pid
ftp_server "$inside" 2121 -n 203.0.113.2
wait_listen "$outside" tcp 21
wait_listen "$inside" tcp 21
wait_listen "$inside" tcp 2121

ftp() { in_ns "$1" curl -sS --max-time 20 "${@:2}"; }
# gets NS HOST[:PORT] OPTION...: the file, whole.
gets() {
	ftp "$1" "ftp://$2/file" -o "$tmp/got" "${@:3}" && cmp "$tmp/got" "$tmp/files/file"
	set -- $?
	rm -f "$tmp/got"
	return "$1"
}
puts() { ftp "$1" -T "$tmp/files/file" "ftp://$2/$3" "${@:4}" && cmp "$tmp/files/$3" "$tmp/files/file"; }

# --- from inside

ok "from inside, passive (EPSV)" gets "$inside" 198.51.100.2
ok "the server sees the external address" grep -q "203.0.113.2:[0-9]*-\[anonymous\] RETR .*completed=1" "$outside_log"
ok "from inside, passive (PASV)" gets "$inside" 198.51.100.2 --disable-epsv --no-ftp-skip-pasv-ip
ok "from inside, to put a file there" puts "$inside" 198.51.100.2 one
ok "a list of files" ftp "$inside" ftp://198.51.100.2/
ok "has it" grep -q "one$" <<<"$output"
fails "from inside, active: the internal address is what the server is told" \
	gets "$inside" 198.51.100.2 -v --ftp-port - --disable-eprt
ok "which it does not believe" grep "< 501 .*foreign address 10\.0\.0\.2" <<<"$output"

# --- from outside

ok "from outside, passive (EPSV)" gets "$outside" 203.0.113.2
ok "the server sees the client's address" grep -q "198.51.100.2:[0-9]*-\[anonymous\] RETR .*completed=1" "$inside_log"
ok "from outside, passive (PASV), the server's word about its address ignored" \
	gets "$outside" 203.0.113.2 --disable-epsv --ftp-skip-pasv-ip
fails "from outside, passive (PASV), the server's word believed" \
	gets "$outside" 203.0.113.2 -v --disable-epsv --no-ftp-skip-pasv-ip
ok "that is its internal address" grep "< 227 .*(10,0,0,2," <<<"$output"
ok "from outside, passive (PASV), the server knows its external address" \
	gets "$outside" 203.0.113.2:2121 --disable-epsv --no-ftp-skip-pasv-ip
ok "from outside, to put a file there" puts "$outside" 203.0.113.2 two
ok "from outside, active (EPRT)" gets "$outside" 203.0.113.2 --ftp-port -
ok "from outside, active (PORT)" gets "$outside" 203.0.113.2 --ftp-port - --disable-eprt
finish
