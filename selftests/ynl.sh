#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The specification is enough: the kernel tree's own netlink client, which knows nothing else of nat64, does in one
# namespace what nat64ctl does in another; what either lists is the same, and no operation is left out.
#
#   $host6                    $router: by ynl                   $host4         $twin: by nat64ctl
#   2001:db8:1::2 ------- 2001:db8:1::1  198.51.100.1 ------- 198.51.100.2
. "$(dirname "$0")/lib.sh"
need_ynl

here=$(readlink -f "$(dirname "$0")")
spec=$here/../include/nat64.yaml
topology
setup_ns twin
# shellcheck disable=SC2154 # setup_ns gives it its name
twin() { nat64ctl -n "$twin" "$@"; }

mkfifo "$tmp/ask" "$tmp/told"
exec {ask}<>"$tmp/ask" {told}<>"$tmp/told"
# shellcheck disable=SC2016 # expanded by the inner shell
start bash -c 'exec ip netns exec "$1" python3 -B "${@:2}" <"$0/ask" >"$0/told"' "$tmp" "$router" "$here/ynl.py" "$ynl" "$spec"
read -r -t 60 -u "$told" line && [ "$line" = ready ] || give_up "the client does not come up"

# ynl WORD...: what the client is told, and what it answers.
ynl() {
	local line
	echo "# ynl $*" >&2
	echo "$*" >&"$ask"
	read -r -t 10 -u "$told" line || line="no answer"
	echo "$line"
}

# does WORD...: it does that, and the reply, if there is one, is not interesting.
does() {
	local line
	line=$(ynl "$@")
	case $line in null | "{"*) return ;; esac
	echo "# ynl $*: $line"
	point 1 "ynl does $*"
}

# agree DESCRIPTION: both namespaces show the same, and it is not nothing.
agree() {
	local shown
	shown=$(twin show)
	[ -n "$shown" ] || point 1 "the twin has a configuration"
	same "$shown" "$(r nat64ctl show)" "$1"
}

# --- configured step by step

run twin set prefix 2001:db8:64::/96
run twin set max-idle 100
run twin set icmp-source 198.51.100.9
run twin set lowest-ipv6-mtu 1400
run twin set udp-zero-checksum drop
run twin set allow-private on
run twin set zero-tos on
run twin set max-per-prefix 3
run twin set per-prefix-length 56
run twin set accounting on
run twin set prometheus 127.0.0.1:9100
does config-set '{"prefix": "2001:db8:64::", "prefix-len": 96, "max-idle": 100, "icmp-source": "198.51.100.9", "lowest-ipv6-mtu": 1400,' \
	'"udp-zero-checksum": "drop", "allow-private": 1, "zero-tos": 1, "max-per-prefix": 3, "per-prefix-length": 56, "accounting": 1,' \
	'"prometheus": "127.0.0.1:9100"}'
agree "the settings"

run twin add pool 192.0.2.0/24
run twin add pool 203.0.113.0/25 drain
run twin add map 198.18.0.1 2001:db8:1::1:1
run twin add map 198.18.0.1 2001:db8:1::1:2 --replace
run twin add map 198.18.1.0/24 2001:db8:6::/120
run twin add nat44 192.168.1.123 6.6.6.6 dev wan
run twin add nat44 10.0.0.0/24 7.7.7.0/24 dev wan
run twin add exclude 5.6.7.8
run twin add exclude 10.0.0.0/8
run twin add allow 2001:db8:1::/48
does pool-add '{"prefix": "192.0.2.0", "len": 24}'
does pool-add '{"prefix": "203.0.113.0", "len": 25, "drain": true}'
does map-add '{"v4": "198.18.0.1", "v6": "2001:db8:1::1:1"}'
does map-add '{"v4": "198.18.0.1", "v6": "2001:db8:1::1:2", "replace": true}'
does map-add '{"v4": "198.18.1.0", "v4-len": 24, "v6": "2001:db8:6::", "v6-len": 120, "type": "static"}'
does nat44-add '{"internal": "192.168.1.123", "external": "6.6.6.6", "dev": "wan"}'
does nat44-add '{"internal": "10.0.0.0", "external": "7.7.7.0", "len": 24, "dev": "wan"}'
does exclude-add '{"prefix": "5.6.7.8"}'
does exclude-add '{"prefix": "10.0.0.0", "len": 8}'
does allow-add '{"prefix": "2001:db8:1::", "len": 48}'
agree "pools, maps, rules of nat44, exclusions and the allow list"

# --- and listed: what the client decodes, said in nat64ctl's words

cat >"$tmp/words.py" <<'P'
import json, sys

def prefix(entry, name, length, host):
    return entry[name] if entry[length] == host else f"{entry[name]}/{entry[length]}"

WORDS = {
    "pools": lambda e: {"prefix": prefix(e, "prefix", "len", 32), **{k: e[k] for k in ("size", "leased", "free")}},
    "maps": lambda e: {"v4": prefix(e, "v4", "v4-len", 32), "v6": prefix(e, "v6", "v6-len", 128), "type": e["type"]},
    "nat44": lambda e: {"internal": prefix(e, "internal", "len", 32), "external": prefix(e, "external", "len", 32), "dev": e["dev"]},
    "excludes": lambda e: {"prefix": prefix(e, "prefix", "len", 32)},
    "allow": lambda e: {"prefix": prefix(e, "prefix", "len", 128)},
}

def lines(entries):
    return "\n".join(sorted(json.dumps(e, sort_keys=True) for e in entries))

what = sys.argv[1]
text = sys.stdin.read()
try:
    entries = json.loads(text)
except ValueError:
    sys.exit(text)
if sys.argv[2:]:
    wanted = [WORDS[what](e) for e in entries]
    print(lines(wanted))
else:
    keys = {"pools": ("prefix", "size", "leased", "free"), "maps": ("v4", "v6", "type")}.get(what)
    print(lines({k: e[k] for k in keys or e} for e in entries))
P
# listed OBJECT ATTRIBUTES WORD...: the dump by ynl is the list by nat64ctl, and has something in it.
listed() {
	local object=$1 op=$2 attributes=$3 by_ynl by_ctl
	shift 3
	by_ynl=$(ynl "$op" "$attributes" | python3 "$tmp/words.py" "$object" ynl)
	by_ctl=$(r nat64ctl --json list "$object" "$@" | python3 "$tmp/words.py" "$object")
	[ -n "$by_ynl" ] || point 1 "there is something to list"
	same "$by_ctl" "$by_ynl" "list $object${*:+ $*} is the dump $op"
}
listed pools pool-get '{}'
listed maps map-get '{}'
listed maps map-get '{"v4": "198.18.1.0", "v4-len": 24}' 198.18.1.0/24
listed maps map-get '{"v6": "2001:db8:1::", "v6-len": 48}' 2001:db8:1::/48
listed maps map-get '{"type": "static"}' static
listed nat44 nat44-get '{}'
listed excludes exclude-get '{}'
listed allow allow-get '{}'
same "[]" "$(ynl map-get '{"type": "dynamic"}')" "and there are no leases"
index=$(cat <(r ip -o link show nat64) | cut -d: -f1)
same "{'accounting': 1, 'allow-private': 1, 'anchor': $index, 'icmp-source': '198.51.100.9', 'lowest-ipv6-mtu': 1400, 'max-idle': 100, \
'max-per-prefix': 3, 'per-prefix-length': 56, 'prefix': '2001:db8:64::', 'prefix-len': 96, 'prometheus': '127.0.0.1:9100', \
'udp-zero-checksum': 'drop', 'zero-tos': 1}" \
	"$(ynl config-get | python3 -c 'import json, sys
told = json.load(sys.stdin); del told["generation"]; print(dict(sorted(told.items())))')" "config-get tells all settings"

# --- refusals

same "EEXIST .v4 198.18.0.1 is already mapped to 2001:db8:1::1:2" \
	"$(ynl map-add '{"v4": "198.18.0.1", "v6": "2001:db8:1::1:3"}')" "a refusal names the attribute and the other party"
same "EINVAL v6" "$(ynl map-add '{"v4": "198.18.0.1"}')" "what is missing is named"
[[ $(ynl config-set '{"lowest-ipv6-mtu": 1279}') == "ERANGE .lowest-ipv6-mtu "* ]]
point $? "what is out of its range, too"
[[ $(ynl pool-del '{"prefix": "192.0.2.0", "len": 25}') == "ENOENT .prefix "* ]]
point $? "and what is not there"

# --- transactions

does begin
does pool-add '{"prefix": "192.0.2.0", "len": 24}'
agree "what is staged is not what runs"
same '{"changed": 1, "leases-kept": 0, "leases-ended": 0}' "$(ynl commit '{"dry-run": true}')" "a dry run tells what would change"
agree "and changes nothing"
does begin
does exclude-add '{"prefix": "9.9.9.9"}'
same "done" "$(ynl reopen)" "a closed socket"
same "ENOENT this socket has not begun a transaction" "$(ynl commit)" "takes its transaction along"
agree "which leaves nothing behind"
does begin '{"copy": true}'
does exclude-add '{"prefix": "9.9.9.9"}'
same '{"changed": 1, "leases-kept": 0, "leases-ended": 0}' "$(ynl commit)" "a commit"
run twin add exclude 9.9.9.9
agree "is what nat64ctl does"
does begin '{"copy": true}'
same '{"changed": 0, "leases-kept": 0, "leases-ended": 0}' "$(ynl commit)" "one that changes nothing says so"

# --- leases and counters

same "done" "$(ynl subscribe events)" "events are subscribed to"
run r ip route add 2001:db8:64::/96 dev nat64
run r ip route add 192.0.2.0/24 dev nat64
ok "a host leases" h6 ping -c 1 -W 10 2001:db8:64::$host4_v4
lease=$(ynl map-get '{"type": "dynamic"}')
same "2001:db8:1::2 1 1" "$(python3 -c 'import json, sys
e, = json.load(sys.stdin); print(e["v6"], e["packets64"], e["packets46"])' <<<"$lease")" "ynl lists the lease, with what it has carried"
a=$(python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["v4"])' <<<"$lease")
listed maps map-get '{"type": "dynamic"}' dynamic
same "1 1" "$(ynl stats-get | python3 -c 'import json, sys
c = json.load(sys.stdin); print(c["icmp-64-packets"], c["leases-given"])')" "and the counters"
same "$(r nat64ctl --json stats | python3 -c 'import json, sys
print(json.dumps({c["counter"]: c["value"] for c in json.load(sys.stdin)}, sort_keys=True))')" \
	"$(ynl stats-get | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin), sort_keys=True))')" "all of them, as nat64ctl stats does"
same "$(r nat64ctl --json list icmp | python3 -c 'import json, sys
print([(m["direction"], m["type"], m["code"], m["packets"]) for m in json.load(sys.stdin)])')" \
	"$(ynl icmp-get | python3 -c 'import json, sys
print([(m["direction"], m["type"], m["code"], m["packets"]) for m in json.load(sys.stdin)])')" "and its echo, as list icmp does"
does map-del "{\"v4\": \"$a\", \"v4-len\": 32, \"v6\": \"2001:db8:1::2\", \"v6-len\": 128}"
does map-add '{"v4": "192.0.2.77", "v6": "2001:db8:1::77", "type": "dynamic", "idle": 10}'
same "192.0.2.77 dynamic" "$(r nat64ctl list maps dynamic | awk 'NR > 1 {print $1, $3}')" "a lease is restored"
[[ $(ynl pool-del '{"prefix": "192.0.2.0", "len": 24}') == "EBUSY .prefix 1 leases live in "* ]]
point $? "its pool stays"
does pool-del '{"prefix": "192.0.2.0", "len": 24, "force": true}'
run twin del pool 192.0.2.0/24
same "lease $a 2001:db8:1::2, delete $a 2001:db8:1::2, lease 192.0.2.77 2001:db8:1::77, delete 192.0.2.77 2001:db8:1::77" \
	"$(ynl events | python3 -c 'import json, sys
print(", ".join("{type} {v4} {v6}".format(**e) for e in json.load(sys.stdin)))')" "all of it was told"

# --- and taken away again

run twin del allow 2001:db8:1::/48
run twin del exclude 10.0.0.0/8
run twin del nat44 10.0.0.0/24 dev wan
run twin del map 2001:db8:1::1:2
run twin set prefix none
does allow-del '{"prefix": "2001:db8:1::", "len": 48}'
does exclude-del '{"prefix": "10.0.0.0", "len": 8}'
does nat44-del '{"internal": "10.0.0.0", "len": 24, "dev": "wan"}'
does map-del '{"v6": "2001:db8:1::1:2"}'
does config-set '{"prefix-len": 0}'
agree "deleted one by one"
same '{"flushed": 1}' "$(ynl map-flush '{"type": "static"}')" "maps are flushed"
same '{"flushed": 1}' "$(ynl nat44-flush)" "rules of nat44"
same '{"flushed": 2}' "$(ynl exclude-flush)" "exclusions"
run twin flush maps
run twin flush nat44
run twin flush excludes
agree "the same is left"
same '{"leases-ended": 0}' "$(ynl reset)" "reset"
same "" "$(r nat64ctl show)" "leaves nothing"

same "" "$(ynl unused)" "every operation of the specification was used, with every attribute it takes"
finish
