#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An nft flowtable takes established flows past the chains, straight to the link
# nat64: they are translated there all the same.
#
#   $host6 ---- lan  $router  wan ---- $host4
#                 \          /
#         flowtable { lan, nat64, wan }
. "$(dirname "$0")/lib.sh"
need curl socat nft conntrack python3

basic
run r nft -f - <<'END'
table inet fastpath {
	counter slow { }
	flowtable fast {
		hook ingress priority filter
		devices = { lan, nat64, wan }
	}
	chain forward {
		type filter hook forward priority filter
		meta l4proto { tcp, udp } iifname "lan" counter name slow
		meta l4proto { tcp, udp } flow add @fast
		ct state invalid drop
	}
}
END

# sends and takes NS NAME: a server that takes what is sent and answers with its hash.
cat >"$tmp/take.py" <<'PYTHON'
import hashlib, socket, sys
server = socket.create_server((sys.argv[1], 9), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
while True:
    client, _ = server.accept()
    digest = hashlib.sha256()
    while data := client.recv(65536):
        digest.update(data)
    client.sendall(digest.hexdigest().encode() + b"\n")
    client.close()
PYTHON
start ip netns exec "$host4" python3 "$tmp/take.py" $host4_v4
start ip netns exec "$host6" python3 "$tmp/take.py" $host6_v6
wait_listen "$host4" tcp 9
wait_listen "$host6" tcp 9
head -c 3000000 /dev/urandom >"$tmp/data"
sum=$(sha256sum <"$tmp/data")
sum=${sum%% *}
# transfer NS ADDRESS: prints the hash of what arrived.
transfer() {
	ip netns exec "$1" python3 -c '
import socket, sys
sock = socket.create_connection((sys.argv[1], 9), 30)
sock.sendall(open(sys.argv[2], "rb").read())
sock.shutdown(socket.SHUT_WR)
print(sock.makefile().readline().strip())' "$2" "$tmp/data"
}

before=$(packets "$router" inet fastpath slow)
ok "3 MB from IPv6" transfer "$host6" $host4_v6
same "$sum" "$output" "arrive as they were"
slow=$(($(packets "$router" inet fastpath slow) - before))
echo "# $slow packets went through the forward chain"
ok "most of them by the fast path" test $slow -lt 30
before=$(packets "$router" inet fastpath slow)
ok "3 MB from IPv4" transfer "$host4" $host6_v4
same "$sum" "$output" "arrive as they were"
slow=$(($(packets "$router" inet fastpath slow) - before))
echo "# $slow of the answers went through the forward chain"
ok "most answers by the fast path" test $slow -lt 30

# While a connection is open.
echo_server "$host4" tcp4 7
start ip netns exec "$host6" bash -c "
	exec 3<>/dev/tcp/$host4_v6/7
	for _ in 1 2 3 4 5; do echo hello >&3 && read -r line <&3 && echo \$line; done
	exec sleep infinity"
said() { [ "$(grep -c hello "$tmp/log.$pid")" = 5 ]; }
ok "a connection stays open" busywait 10000 said
ok "it is offloaded" grep "src=$host6_v6 dst=$host4_v6 .*\[OFFLOAD\]" <(r conntrack -L -f ipv6 -p tcp 2>/dev/null)
status 1 "hop limit 1 is answered beside it" h6 ping -c 1 -W 10 -t 1 $host4_v6
ok "by the router" grep "^From $router_v6 .*Time exceeded" <<<"$output"

# The link goes while flows use it.
run r ip link del nat64
fails "no link: closed" h6 ping -c 1 -W 0.5 $host4_v6
run r nat64ctl set prefix 64:ff9b::/96
ok "and open again" h6 ping -c 1 -W 10 $host4_v6
finish
