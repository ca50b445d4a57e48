#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Leases and static maps by the ten thousand, with SLOW=1 by the million: that lists, files and the kernel have each
# of them once, what they need of the kernel's memory, and that ten times as many cost about ten times as much. Times are
# those of the CPU, and told; only one beside the other they are a claim, or this machine's speed would be one.
#
#   $host6                        $router                      $host4
#   2001:db8:2::/48 ----- 2001:db8:1::1  198.51.100.1 ----- 198.51.100.2
#   some hundred hosts          10.0.0.0/8
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/leases/topology"

many=50000
[ -z "${SLOW:-}" ] || many=1000000
# A kernel that watches its memory is slow, and takes for that alone many times what we do.
watched=
[ ! -e /sys/kernel/debug/kmemleak ] || watched=1 many=20000
few=$((many / 10))
# By packets; what the pool gives them lies in its lower half.
sent=500

# cost COMMAND...: it must succeed. What it printed is in the file $tmp/out, the milliseconds of CPU it took in $cost.
cost() {
	local TIMEFORMAT="%3U %3S %3R" user system real status=0
	# The inner group's stderr is the command's, the outer one's what the shell says of its time.
	{ time "$@" >"$tmp/out" 2>"$tmp/err"; } 2>"$tmp/time" || status=$?
	read -r user system real <"$tmp/time"
	cost=$((10#${user/./} + 10#${system/./}))
	echo "# $*: ${user} s user, ${system} s system, ${real} s passed"
	[ $status = 0 ] || { sed 's/^/# /' "$tmp/err"; point 1 "$* (exit status $status)"; }
	return $status
}

# in_proportion FEW MANY WHAT: what cost so much at a tenth of the size. Three times over, and a second, for a machine
# that has other things to do as well: what is quadratic costs a hundred times as much.
in_proportion() {
	echo "# $3: $1 ms at $few, $2 ms at $many"
	point $(($2 > 30 * $1 + 1000)) "$3: ten times as many cost about ten times as much"
}

# memory: bytes that the kernel has taken for itself. What is cached only is let go first.
memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	[ ! -e /proc/sys/vm/stat_refresh ] || echo 1 >/proc/sys/vm/stat_refresh
	awk '/^(Slab|VmallocUsed|Percpu):/ {sum += $2} END {printf "%d\n", sum * 1024}' /proc/meminfo
}

# settled: what was freed is free, once nothing of it is freed any more.
settled() {
	local now
	now=$(memory)
	[ $((was - now)) -lt 65536 ] && return
	was=$now
	return 1
}

# taken: what memory says when all that was freed is free.
taken() {
	was=$(memory)
	busywait 20000 settled
	echo "$was"
}

# bytes_each BEFORE AFTER COUNT WHAT
bytes_each() {
	local each=$((($2 - $1) / $3))
	echo "# $4: $each bytes for each of $3, $((($2 - $1) / 1024)) kB for all"
	[ -n "$watched" ] || point $((each > 200 || each < 64)) "$4: at most 200 bytes for each"
}

# lines COUNT: files with so many maps.
lines() {
	numbered_leases "$1" >"$tmp/leases.$1"
	{
		cat <<-END
			Nat64Prefix = "64:ff9b::/96"

			[Pool]
			Prefixes = ["10.0.0.0/8"]
			MaxIdleDuration = 7200
			Static = [
		END
		numbered "$1" '\t{ v4 = "%s", v6 = "%s" },'
		echo "]"
	} >"$tmp/maps.$1"
	numbered "$1" "%s %s" >"$tmp/want.$1"
}

table() { awk 'NR > 1 {print $1, $2}' "$tmp/out"; }
objects() { awk -F '"' '/"v4"/ {print $4, $8}' "$tmp/out"; }
saved() { awk '!/^#/ {print $1, $2}' "$tmp/saved"; }

# each PRINT COUNT WHAT: that prints each of them once, behind what packets have leased.
each() {
	"$1" | cmp - <(cat "$tmp/by-packets" "$tmp/want.$2")
	point $? "$3"
}

lines $few
lines $many
hosts
empty=$(taken)
run nat64 add pool 10.0.0.0/8
used=$(taken)
echo "# an empty pool of a /8 takes $((used - empty)) bytes"
[ -n "$watched" ] || point $((used - empty > 1 << 20)) "an empty pool of a /8 takes next to none"

# --- leases: a tenth

cost nat64 restore "$tmp/leases.$few"
restore=$cost
cost nat64 list maps dynamic
list=$cost
cost nat64 --json list maps dynamic
json=$cost
cost nat64 save "$tmp/saved"
save=$cost
cost nat64 show
run cp "$tmp/out" "$tmp/pool.toml"
cost nat64 load "$tmp/pool.toml"
load=$cost
cost nat64 flush maps dynamic
flush=$cost

# --- leases: all of them

run nat64 reset
run nat64 load "$tmp/pool.toml"
used=$(taken)
run send flood 6 $sent
nat64 list maps dynamic | awk 'NR > 1 {print $1, $2}' >"$tmp/by-packets"
same $sent "$(wc -l <"$tmp/by-packets")" "so many hosts lease by a packet"
cost nat64 restore "$tmp/leases.$many"
same "$many leases restored, 0 skipped" "$(cat "$tmp/out")" "$many are restored"
in_proportion "$restore" "$cost" "restore"
bytes_each "$used" "$(taken)" $((many + sent)) "leases"
cost nat64 list maps dynamic
in_proportion "$list" "$cost" "list"
each table $many "the list has each once"
cost nat64 --json list maps dynamic
in_proportion "$json" "$cost" "list as JSON"
each objects $many "so it has as JSON"
cost nat64 save "$tmp/saved"
in_proportion "$save" "$cost" "save"
each saved $many "save writes each once"
same "$((many + sent)) leases" "$(nat64 list pools | awk 'NR > 1 {print $3 " leases"}')" "the pool's figures"
cost nat64 -v load "$tmp/pool.toml"
in_proportion "$load" "$cost" "load of the file that is running"
same "$((many + sent)) leases kept, 0 ended" "$(cat "$tmp/out" "$tmp/err")" "it keeps them"
run sed -i 's/7200/7100/' "$tmp/pool.toml"
cost nat64 -v load "$tmp/pool.toml"
in_proportion "$load" "$cost" "load of another file"
same "$((many + sent)) leases kept, 0 ended" "$(cat "$tmp/out" "$tmp/err")" "it keeps them too"
cost nat64 flush maps dynamic
in_proportion "$flush" "$cost" "flush"
same "" "$(leases)" "none is left"
cost nat64 restore "$tmp/saved"
same "$((many + sent)) leases restored, 0 skipped" "$(cat "$tmp/out")" "what was saved is restored"
cost nat64 restore "$tmp/saved"
same "0 leases restored, $((many + sent)) skipped" "$(cat "$tmp/out")" "and once only"
in_proportion "$restore" "$cost" "restore of what is there"

# --- and their end, of all at once

before=$(counted leases-expired)
run nat64 set max-idle 1
ok "all of them expire" busywait 60000 grew $((before + many + sent - 1)) counted leases-expired
same "" "$(leases)" "none is left"
ok "reset" nat64 reset
left=$(($(taken) - empty))
echo "# after all of that $left bytes are not given back"
[ -n "$watched" ] || point $((left > many * 20)) "what they took is given back"

# --- of a namespace that a user made for himself

guest() {
	r unshare -Urn sh -ec 'nat64ctl set prefix 64:ff9b::/96
		nat64ctl add pool 10.0.0.0/8
		nat64ctl -v restore "$1"
		nat64ctl list pools' - "$tmp/leases.guest"
}
numbered_leases 65600 >"$tmp/leases.guest"
echo 1000 >/proc/sys/user/max_user_namespaces
cost guest
same "65536 leases restored, 64 skipped" "$(grep restored "$tmp/out")" "somebody's own namespace has 65536 leases at most"
same 65536 "$(awk '$1 == "10.0.0.0/8" {print $3}' "$tmp/out")" "as the pool's figures say"
same "this namespace has the 65536 leases it may have" "$(sed -n 's/.*: skipped: //p' "$tmp/err" | sort -u)" "and he is told"

# --- static maps

: >"$tmp/by-packets"
for n in $few $many; do
	cost nat64 check "$tmp/maps.$n"
	check[n]=$cost
	used=$(taken)
	cost nat64 load "$tmp/maps.$n"
	load[n]=$cost
	bytes=$(($(taken) - used))
	cost nat64 load "$tmp/maps.$n"
	again[n]=$cost
	cost nat64 show
	show[n]=$cost
	ok "show prints the file" cmp "$tmp/out" "$tmp/maps.$n"
	cost nat64 list maps
	lists[n]=$cost
	cost nat64 reset
	resets[n]=$cost
done
in_proportion "${check[few]}" "${check[many]}" "check of a file of static maps"
in_proportion "${load[few]}" "${load[many]}" "load"
in_proportion "${again[few]}" "${again[many]}" "load of the file that is running"
in_proportion "${show[few]}" "${show[many]}" "show"
in_proportion "${lists[few]}" "${lists[many]}" "list"
in_proportion "${resets[few]}" "${resets[many]}" "reset"
bytes_each 0 "$bytes" $many "static maps"
finish
