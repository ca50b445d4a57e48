#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Leases outlive a new configuration, and by save and restore also reset and the module. What the monitor says about
# them; lists that are read while they come and go.
#
#   $host6                        $router                      $host4
#   2001:db8:2::/48 ----- 2001:db8:1::1  198.51.100.1 ----- 198.51.100.2
#   as many hosts as wanted     pools as below
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/leases/topology"
need socat

hosts
sink
monitor

# config POOLS MAX-IDLE [LINE...]: writes the file.
config() {
	{
		echo 'Nat64Prefix = "64:ff9b::/96"'
		echo '[Pool]'
		echo "Prefixes = [$1]"
		echo "MaxIdleDuration = $2"
		[ $# -lt 3 ] || printf '%s\n' "${@:3}"
	} >"$tmp/nat64.toml"
}

idles() { nat64 list maps dynamic | awk '$3 == "dynamic" {print $4}'; }
idle_for() { idles | awk -v least="$1" '$1 < least {young++} END {exit !NR || young}'; }

# --- load

two='"192.0.2.0/29", "203.0.113.0/29"'
config "$two" 600
ok "load" nat64 load "$tmp/nat64.toml"
run send 1 2 3 4 5 6 7 8 9 a
was=$(leases)
same 10 "$(wc -l <<<"$was")" "ten hosts lease"
run busywait 10000 idle_for 2
begin
ok "load of the same file" nat64 -v load "$tmp/nat64.toml"
same "10 leases kept, 0 ended" "$output" "says that it keeps them"
same "$was" "$(leases)" "the leases are the same"
ok "so is their remaining time" idle_for 2
same "" "$(events)" "the monitor tells nothing"

# Gone: the second prefix, host 1, whom a static map takes, and its address, which another gets.
a=$(lease 1)
config '"192.0.2.0/29"' 500 \
	'Static = [{ v4 = "198.18.0.1", v6 = "2001:db8:2::1" }, { v4 = "192.0.2.6", v6 = "2001:db8:3::1" }]'
kept=$(awk -v a="$a" '$1 ~ /^192/ && $1 != a && $1 != "192.0.2.6"' <<<"$was")
n=$(grep -c . <<<"$kept")
ok "check of another file" nat64 check "$tmp/nat64.toml"
same "$tmp/nat64.toml is right; load would change the configuration, keep $n leases and end $((10 - n))" \
	"$output" "says what would become of the leases"
same "$was" "$(leases)" "it ends none"
same "" "$(events)" "nor tells anything"
ok "load of it" nat64 load "$tmp/nat64.toml"
ok "says how many are kept" grep -x "$n leases kept, $((10 - n)) ended" <<<"$output"
same "$kept" "$(leases)" "they are those that are valid"
same "$(comm -3 <(sort <<<"$was") <(sort <<<"$kept") | sed 's/^/delete /')" "$(events | sort)" \
	"the others end, and the monitor tells it"
ok "those kept keep their time" idle_for 2
same 500 "$(nat64 list maps dynamic | awk '$3 == "dynamic" {print $4 + $5}' | uniq)" "of the new max-idle"
host=$(head -n 1 <<<"$kept")
begin
ok "they work" h4 ping -c 1 -W 10 "${host% *}"
ok "from both sides" h6 ping -c 1 -W 10 -I "${host#* }" $host4_v6
same "" "$(events)" "without a new lease"
run send flood 6 8
same "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5" "$(addresses)" \
	"what was given up can be leased, but for the static map's"

config "$two" 600
sed -i 's/600/"600"/' "$tmp/nat64.toml"
was=$(leases)
begin
refused "MaxIdleDuration" "a file that is wrong" nat64 load "$tmp/nat64.toml"
same "$was" "$(leases)" "changes no lease"

# --- save and restore

run nat64 flush maps
pool 192.0.2.0/28
run nat64 set max-idle 600
run send 1 2 3 4 5 6
run busywait 10000 idle_for 2
was=$(leases)
ok "save" nat64 save "$tmp/saved"
same "$was" "$(awk '/idle/ {print $1, $2}' "$tmp/saved" | sort -k 2)" "writes all leases"
run nat64 flush maps dynamic
begin
ok "restore" nat64 restore "$tmp/saved"
same "6 leases restored, 0 skipped" "$output" "brings all back"
same "$was" "$(leases)" "with the same addresses"
ok "and their remaining time" idle_for 2
same "$(sed 's/^/lease /' <<<"$was")" "$(events | sort -k 3)" "the monitor tells it"
ok "they work" one 1
ok "restore again" nat64 restore "$tmp/saved"
same "0 leases restored, 6 skipped" "$output" "changes nothing"
run nat64 reset
same "[]" "$(json list maps)" "reset ends all"
run nat64 set prefix 64:ff9b::/96
run nat64 add pool 192.0.2.0/28
ok "restore after it" nat64 restore "$tmp/saved"
same "$was" "$(leases)" "brings all back"
ok "they work" one 2

# Skipped: by turns an address outside the pool, a network address, a host with a map, an address with a map, one of
# the router, a host that has another lease, an address that another host has, a lease too old, a host not allowed.
run nat64 set max-idle 7200
run nat64 flush maps
run nat64 add map 192.0.2.3 2001:db8:3::3
run nat64 add map 198.18.0.4 2001:db8:2::4
addr "$router" wan 192.0.2.5/32
run nat64 add allow 2001:db8:2::/48
run one 6
six=$(lease 6)
cat >"$tmp/odd" <<END
# nat64 leases 1
203.0.113.1 2001:db8:2::1 idle 0
192.0.2.0 2001:db8:2::2 idle 0
192.0.2.3 2001:db8:2::3 idle 0
192.0.2.4 2001:db8:2::4 idle 0
192.0.2.5 2001:db8:2::5 idle 0
192.0.2.$((${six##*.} == 14 ? 13 : 14)) 2001:db8:2::6 idle 0
$six 2001:db8:2::7 idle 0
192.0.2.8 2001:db8:2::8 idle 7201
192.0.2.9 2001:db8:3::9 idle 0
192.0.2.$((${six##*.} == 10 ? 11 : 10)) 2001:db8:2::a idle 7100
END
ok "restore of a file that no longer fits" nat64 -v restore "$tmp/odd"
same "1 leases restored, 9 skipped" "$(tail -n 1 <<<"$output")" "says how many it skips"
same 9 "$(grep -c "^nat64ctl: $tmp/odd:[0-9]*: skipped: ." <<<"$output")" "and why"
same "$(host 6) $(host a)" "$(leases | awk '{print $2}' | xargs)" "the rest is restored"
echo "192.0.2.12 2001:db8:2::c idle" >>"$tmp/odd"
run nat64 flush maps dynamic
refused "^nat64ctl: $tmp/odd:12: " "a damaged file is refused" nat64 restore "$tmp/odd"
same "" "$(leases)" "and restores nothing"
run in_ns "$router" ip addr del 192.0.2.5/32 dev wan
run nat64 del allow 2001:db8:2::/48
run nat64 flush maps

# With three of five seconds over, the lease ends two later.
run nat64 set max-idle 5
printf '# nat64 leases 1\n192.0.2.1 %s idle 3\n' "$(host 1)" >"$tmp/saved"
begin
lateness
run nat64 restore "$tmp/saved"
ok "a restored lease ends" busywait 10000 happened expire 1
ok "when its remaining time is over" in_time 2000 3000 "$(between lease expire 1)"

# --- the monitor

start ip netns exec "$router" nat64ctl -v --json monitor
objects=$tmp/log.$pid
busywait 20000 grep -q listening "$objects" || give_up "the other monitor does not listen"
pool 203.0.113.8
began=$(date -u +%s)
run nat64 set max-idle 1
run send 1 2
ok "a lease, a refusal, an end" busywait 10000 happened expire 1
run nat64 set max-idle 600
run send 1
run nat64 del map "$(host 1)"
busywait 10000 happened delete 1
stamp='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{9}Z'
same "TIME lease 203.0.113.8 2001:db8:2::1
TIME refuse - 2001:db8:2::2 drop-pool-full
TIME expire 203.0.113.8 2001:db8:2::1
TIME lease 203.0.113.8 2001:db8:2::1
TIME delete 203.0.113.8 2001:db8:2::1" "$(sed -E "s/^$stamp/TIME/" "$monitor")" "the monitor tells them, a line each"
cat >"$tmp/check.py" <<'P'
import calendar, json, sys, time
last = int(sys.argv[2])
for line in open(sys.argv[1], encoding="ascii"):
    if line[0] == "{":
        e = json.loads(line)
        when, fraction = e["time"].rstrip("Z").split(".")
        when = calendar.timegm(time.strptime(when, "%Y-%m-%dT%H:%M:%S"))
        print(last <= when <= time.time(), e["event"], e["v4"], e["v6"], e.get("reason"))
        last = when
P
busywait 10000 grep -q delete "$objects"
same "True lease 203.0.113.8 2001:db8:2::1 None
True refuse None 2001:db8:2::2 drop-pool-full
True expire 203.0.113.8 2001:db8:2::1 None
True lease 203.0.113.8 2001:db8:2::1 None
True delete 203.0.113.8 2001:db8:2::1 None" "$(python3 "$tmp/check.py" "$objects" "$began")" \
	"as JSON, each line an object, and with the right time"

# --- a monitor that is too slow

stop "${objects##*.}"
pool 10.128.0.0/16
run nat64 set max-idle 600
numbered_leases 40000 >"$tmp/saved"
run kill -STOP "$monitor_pid"
ok "40,000 leases while nobody reads of them" nat64 restore "$tmp/saved"
ok "a host gets another meanwhile" one 1
ok "all end" nat64 flush maps dynamic
run kill -CONT "$monitor_pid"
ok "the monitor says that it missed some" busywait 20000 grep -qx \
	"nat64ctl: events came faster than they were read, and some were missed" "$monitor"
begin
ok "a lease after it" one 2
ok "is told again" busywait 10000 happened lease 2

# --- lists while leases come and go

pool 198.18.0.0/21
run nat64 add pool 203.0.96.0/20 drain
run nat64 set max-idle 30
ok "300 leases stay, others come and go, in 12 lists one after another" py churn 12
same "0 duplicates, 0 lost" "$output" "none is listed twice, none that stays is missing"
same 0 "$(events expire | grep -c " 2001:db8:2:2::")" "those 300 did stay"

# --- a network namespace in which nothing is up yet

run nat64 set max-idle 600
pool 192.0.2.0/28
run send 1 2 3
run nat64 save "$tmp/saved"
early=early-${tmp##*.}
run ip netns add "$early"
namespaces+=("$early")
run nat64ctl -n "$early" set prefix 64:ff9b::/96
run nat64ctl -n "$early" add pool 192.0.2.0/28
same "3 leases restored, 0 skipped" "$(nat64ctl -n "$early" restore "$tmp/saved")" "where not even lo is up leases are restored"

# --- the module

ko=${NAT64_KO:-/out/nat64.ko}
if [ -e "$ko" ]; then
	pool 192.0.2.0/28
	run nat64 set max-idle 600
	run send 1 2 3 4 5 6
	was=$(leases)
	run nat64 save "$tmp/saved"
	run rmmod nat64
	run insmod "$ko"
	run nat64 set prefix 64:ff9b::/96
	run nat64 add pool 192.0.2.0/28
	ok "restore when the module is back" nat64 restore "$tmp/saved"
	same "6 leases restored, 0 skipped" "$output" "brings all back"
	same "$was" "$(leases)" "with the same addresses"
	ok "they work" one 1
fi
echo "# a process woke up $(late) ms late, at worst"
finish
