#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nat64ctl against a real module: what it prints, for a person and as JSON; a file goes in and comes out again; routes
# come and go with the prefix and the pool; leases are saved and restored, and told as they happen.
#
#   $host6                          $router                      $host4
#   2001:db8:1::2 ------------- 2001:db8:1::1  198.51.100.1 ------------- 198.51.100.2
. "$(dirname "$0")/lib.sh"
need curl python3

files=$(readlink -f "$(dirname "$0")/../tools/tests")
topology
nat64() { r nat64ctl "$@"; }

# json WANTED DESCRIPTION WORD...: the same JSON, whatever its blanks.
json() {
	local wanted=$1 description=$2
	shift 2
	echo "# nat64ctl $* --json"
	same "$(python3 -m json.tool <<<"$wanted")" "$(nat64 "$@" --json 2>&1 | python3 -m json.tool 2>&1)" "$description"
}

# --- nothing

for object in pools maps nat44 excludes; do
	json "[]" "no $object are []" list $object
done
same "" "$(nat64 show)" "no configuration is an empty file"
ok "reset where there is nothing" nat64 reset

# --- routes

ok "set prefix" nat64 set prefix 64:ff9b::/96
same "routed 64:ff9b::/96 to nat64" "$output" "says that it routed the prefix"
ok "add pool, with JSON on stdout" bash -c "ip netns exec $router nat64ctl add pool 192.0.2.0/24 --json 2>'$tmp/err'"
same "" "$output" "leaves stdout alone"
same "routed 192.0.2.0/24 to nat64" "$(cat "$tmp/err")" "says on stderr that it routed the pool"
r ip route add 203.0.113.0/24 via $host4_v4
ok "a pool that is routed already" nat64 add pool 203.0.113.0/24
same "" "$output" "is left alone"
same "203.0.113.0/24 via $host4_v4 dev wan" "$(r ip route show 203.0.113.0/24 | sed 's/ *$//')" "as it was"
ok "it goes" nat64 del pool 203.0.113.0/24
same "203.0.113.0/24 via $host4_v4 dev wan" "$(r ip route show 203.0.113.0/24 | sed 's/ *$//')" "its route stays"
ok "another prefix" nat64 set prefix 3fff:64::/96
same "3fff:64::/96" "$(r ip -6 route show dev nat64 | awk '$1 != "fe80::/64" {print $1}')" "its route replaces the old one"
ok "no prefix" nat64 set prefix none
same "" "$(r ip -6 route show | grep nat64)" "has no route"
nat64 set prefix 64:ff9b::/96

# --- lists

nat64 add map 192.0.2.2 2001:db8:1::2
nat64 add map 198.18.0.0/24 2001:db8:6:0:0:0:0:0/120
nat64 add nat44 192.168.1.123 6.6.6.6 dev wan
nat64 add exclude 5.6.7.8
json '[{"v4": "192.0.2.2", "v6": "2001:db8:1::2", "type": "static"},
       {"v4": "198.18.0.0/24", "v6": "2001:db8:6::/120", "type": "static"}]' "maps as JSON" list maps
json '[{"v4": "192.0.2.2", "v6": "2001:db8:1::2", "type": "static"}]' "those inside a prefix" list maps 192.0.2.0/24
json '[]' "no leases" list maps dynamic
json '[{"internal": "192.168.1.123", "external": "6.6.6.6", "dev": "wan"}]' "nat44 as JSON" list nat44
json '[{"prefix": "5.6.7.8"}]' "excludes as JSON" list excludes
same "V4            V6               TYPE   IDLE EXPIRES
192.0.2.2     2001:db8:1::2    static
198.18.0.0/24 2001:db8:6::/120 static" "$(nat64 list maps)" "maps as a table"
same $'\e[1mV4\e[0m            \e[1mV6\e[0m               \e[1mTYPE\e[0m   \e[1mIDLE\e[0m \e[1mEXPIRES\e[0m' \
	"$(nat64 --color always list maps | head -n 1)" "in color"
nat64 add nat44 192.168.1.124 6.6.6.7 dev nowhere
ok "what wants attention is red" grep -qF $'\e[1;31mno\e[0m' <(nat64 list nat44 --color=always)
nat64 del nat44 192.168.1.124 dev nowhere
ok "the options before the command" nat64 --json list excludes
ok "del map by its IPv6 address" nat64 del map 2001:db8:1::2
json '[{"prefix": "192.0.2.0/24", "size": 254, "leased": 0, "free": 254}]' "pools as JSON" list pools

# --- files

ok "check of another file" nat64 check "$files/nat44-only.toml"
same "5.6.7.8" "$(nat64 list excludes | tail -n 1)" "changes nothing"
for name in example nat44-only all-keys; do
	sed 's/198\.51\.100\./100.64.100./' "$files/$name.toml" >"$tmp/$name.toml"
	sed 's/198\.51\.100\./100.64.100./' "$files/$name.ok" >"$tmp/$name.ok"
	ok "load $name" nat64 load "$tmp/$name.toml"
	# the kernel has its own order
	nat64 show | tr -d '[],' | tr ' ' '\n' | sort >"$tmp/got"
	tr -d '[],' <"$tmp/$name.ok" | tr ' ' '\n' | sort >"$tmp/wanted"
	same "$(cat "$tmp/wanted")" "$(cat "$tmp/got")" "show has it, all of it"
	nat64 show >"$tmp/shown"
	ok "load what show printed" nat64 load "$tmp/shown"
	ok "show prints the same, byte for byte" diff "$tmp/shown" <(nat64 show)
done
json '[{"file": "'"$tmp/shown"'", "changed": false, "leases_kept": 0, "leases_ended": 0}]' "check says that it changes nothing" \
	check "$tmp/shown"
same "100.64.100.7 192.0.2.0/24 203.0.113.0/25" "$(r ip -4 route show dev nat64 | awk '{print $1}' | sort | xargs)" \
	"the pools of the file are routed"

# warned NAME DESCRIPTION LINE...: load of that file says of forwarding just this.
warned() {
	ok "load $1 where nothing is forwarded" nat64 load "$tmp/$1.toml"
	same "$(printf '%s\n' "${@:3}")" "$(grep forwarding <<<"$output")" "$2"
}

r sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
off6="nat64ctl: IPv6 forwarding is off; run: sysctl -w net.ipv6.conf.all.forwarding=1"
off4="nat64ctl: IPv4 forwarding is off; run: sysctl -w net.ipv4.ip_forward=1"
warned example "warns of IPv6's" "$off6"
warned nat44-only "warns of IPv4's" "$off4"
warned all-keys "warns of both" "$off6" "$off4"
forwarding "$router"
ok "load where all is" nat64 load "$tmp/all-keys.toml"
fails "does not warn" grep forwarding <<<"$output"

# --- batches

printf 'add map 100.64.1.1 2001:db8:1::a\n# a remark\nadd map 100.64.1.1 2001:db8:1::b\n' >"$tmp/batch"
refused "^nat64ctl: $tmp/batch:3: .*2001:db8:1::a" "a batch that fails names its line" nat64 -b "$tmp/batch" --atomic
ok "nothing of an atomic one is done" bash -c "! ip netns exec $router nat64ctl list maps 100.64.1.1 | grep -q 2001"
sed -i '$d' "$tmp/batch"
ok "a right one" nat64 --atomic --batch "$tmp/batch"
ok "is done" grep -q 2001:db8:1::a <(nat64 list maps 100.64.1.1)
printf 'flush maps static\nreset\n' >"$tmp/batch"
refused "^nat64ctl: $tmp/batch:2: reset cannot be part" "what a transaction cannot hold is refused" nat64 -b "$tmp/batch" --atomic
ok "and nothing was done" grep -q 2001:db8:1::a <(nat64 list maps 100.64.1.1)
# who does not use nat64ctl
cat >"$tmp/reset.py" <<'P'
import re, socket, struct, sys
commands = re.findall(r"\bNAT64_CMD_(\w+)\b", open(sys.argv[1]).read())
sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
sock.bind((0, 0))
def ask(family, command, attrs=b"", flags=5):
    sock.send(struct.pack("=IHHIIBBH", 20 + len(attrs), family, flags, 1, 0, command, 1, 0) + attrs)
    return sock.recv(65536)
# CTRL_CMD_GETFAMILY by name; CTRL_ATTR_FAMILY_ID is the first attribute behind the name
answer = ask(16, 3, struct.pack("=HH", 10, 2) + b"nat64\0\0\0", 1)
family = struct.unpack("=H", re.search(rb"\x06\0\x01\0(..)", answer, re.S).group(1))[0]
sock.setsockopt(270, 11, 1)
print(struct.unpack("=i", ask(family, commands.index("BEGIN") + 1)[16:20])[0])
answer = ask(family, commands.index("RESET") + 1)
print(struct.unpack("=i", answer[16:20])[0], b"a transaction open" in answer)
P
same "0
-16 True" "$(r python3 "$tmp/reset.py" "$files/../../include/uapi/linux/nat64.h")" "the kernel refuses a reset in one too"
ok "and does nothing" grep -q 2001:db8:1::a <(nat64 list maps 100.64.1.1)

# --- leases, as they happen

ok "reset" nat64 reset
same "" "$(nat64 show)$(r ip -o link show nat64 2>/dev/null)" "leaves nothing, nor the link"
printf 'set prefix 64:ff9b::/96\nset max-idle 100\nadd pool 192.0.2.8\n' | nat64 -b -
start ip netns exec "$router" nat64ctl -v --json monitor
monitor=$tmp/log.$pid
busywait 20000 grep -q listening "$monitor"
ok "a host leases" h6 ping -c 1 -W 10 $host4_v6
addr "$host6" lan 2001:db8:1::77/64
fails "another one finds the pool full" h6 ping -c 1 -W 1 -I 2001:db8:1::77 $host4_v6
ok "save" nat64 save "$tmp/leases"
same "regular file 600" "$(stat -c '%F %a' "$tmp/leases")" "to a file that only its owner can read"
mkdir "$tmp/save"
echo old >"$tmp/save/old"
ln -s old "$tmp/save/link"
ln -s new "$tmp/save/dangling"
mkfifo "$tmp/save/fifo"
for name in link dangling; do
	ok "save through a symbolic link" nat64 save "$tmp/save/$name"
	same "symbolic link" "$(stat -c %F "$tmp/save/$name")" "which stays one"
done
grep -q "^192\.0\.2\.8 $host6_v6 idle" "$tmp/save/old"
point $? "what it leads to is replaced"
grep -q "^192\.0\.2\.8 $host6_v6 idle" "$tmp/save/new"
point $? "or made"
cat "$tmp/save/fifo" >"$tmp/save/out" &
ok "save into a pipe" nat64 save "$tmp/save/fifo"
wait $!
same "fifo" "$(stat -c %F "$tmp/save/fifo")" "which stays one"
grep -q "^192\.0\.2\.8 $host6_v6 idle" "$tmp/save/out"
point $? "and takes the leases"
refused "$tmp/save: Is a directory" "save to a directory" nat64 save "$tmp/save"
same "dangling fifo link new old out" "$(cd "$tmp/save" && echo *)" "nothing else is left there"
refused "192\.0\.2\.8.*--force" "del pool asks for --force" nat64 del pool 192.0.2.8
echo del pool 192.0.2.8 >"$tmp/batch"
refused "batch:1: 1 leases live in 192\.0\.2\.8.*--force" "and so in a transaction" nat64 -b "$tmp/batch" --atomic
ok "the pool and the lease live on" grep -q 192.0.2.8 <(nat64 list maps dynamic)
printf 'del pool 192.0.2.8 --force\nadd pool 192.0.2.8/31\n' >"$tmp/batch"
ok "a transaction that puts a larger pool in its place" nat64 -b "$tmp/batch" --atomic
ok "keeps the lease" grep -q 192.0.2.8 <(nat64 list maps dynamic)
printf 'del pool 192.0.2.8/31 --force\nadd pool 192.0.2.8\n' >"$tmp/batch"
ok "and back" nat64 -b "$tmp/batch" --atomic
ok "del map ends the lease" nat64 del map $host6_v6
cat >"$tmp/check.py" <<'P'
import json, sys
events = [json.loads(line) for line in open(sys.argv[1]) if line[0] == "{"]
print([(e["event"], e["v4"], e["v6"]) for e in events])
P
busywait 20000 grep -q delete "$monitor"
same "[('lease', '192.0.2.8', '2001:db8:1::2'), ('refuse', None, '2001:db8:1::77'), ('delete', '192.0.2.8', '2001:db8:1::2')]" \
	"$(python3 "$tmp/check.py" "$monitor")" "monitor told it all"
ok "restore" nat64 restore "$tmp/leases"
same "1 leases restored, 0 skipped" "$output" "says how many"
ok "the lease is back" grep -q "192\.0\.2\.8 *2001:db8:1::2 *dynamic" <(nat64 list maps dynamic)
ok "restore again" nat64 restore "$tmp/leases"
same "0 leases restored, 1 skipped" "$output" "skips what does not fit"
json '[{"restored": 0, "skipped": 1}]' "as JSON" restore "$tmp/leases"

# --- counters

ok "stats" nat64 stats --json
same "1" "$(python3 -c 'import json, sys
print([c["value"] for c in json.load(sys.stdin) if c["counter"] == "drop-pool-full"][0])' <<<"$output")" "counted the refusal"
start ip netns exec "$router" nat64ctl stats --watch
watch=$pid
busywait 20000 grep -q "^COUNTER *VALUE *RATE *TEXT" "$tmp/log.$watch"
busywait 20000 grep -qE "^drop-pool-full +1 +0 +The IPv6 source" "$tmp/log.$watch"
point $? "stats --watch goes on"
stop "$watch"
fails "and leaves a pipe without control characters" grep -q $'\033' "$tmp/log.$watch"
same "1 The" "$(awk '$1 == "drop-pool-full" { print $2, $3; exit }' "$tmp/log.$watch")" "it begins at once, without rates"
start ip netns exec "$router" nat64ctl exporter --listen 127.0.0.1:9100
wait_listen "$router" tcp 9100
ok "the exporter answers" fetch "$router" http://127.0.0.1:9100/metrics
ok "with what stats says" grep -qx 'nat64_dropped_packets_total{reason="pool-full"} 1' <<<"$output"
finish
