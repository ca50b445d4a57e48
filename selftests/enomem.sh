#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No memory: whichever allocation of a request fails, the request is refused, nothing has changed, and nothing leaks.
# In kernels with fault injection, that is, in user-mode Linux.
. "$(dirname "$0")/lib.sh"
need_ynl
failslab=/sys/kernel/debug/failslab
[ -w /proc/thread-self/fail-nth ] && [ -d $failslab ] || skip "a kernel without fault injection"

# Those that may sleep fail, too; and nothing is said about it.
echo 0 >$failslab/verbose
echo 0 >$failslab/ignore-gfp-wait

here=$(readlink -f "$(dirname "$0")")
topology
while IFS= read -r line; do
	case $line in
	"ok "*) point 0 "${line#ok }" ;;
	"not ok "*) point 1 "${line#not ok }" ;;
	*) echo "# $line" ;;
	esac
done < <(r python3 -B "$here/enomem.py" "$ynl" "$here/../include/nat64.yaml" 2>&1; echo "exit status $?" >"$tmp/status")
same "exit status 0" "$(<"$tmp/status")" "all were tried"

# --- nat64ctl says so

cat >"$tmp/old.toml" <<'END'
Nat64Prefix = "64:ff9b::/96"
Nat44 = [{ Internal = "10.0.0.1", External = "198.51.100.9", Interface = "wan" }]
Pool.Prefixes = ["192.0.2.0/24"]
Pool.Static = [{ v4 = "198.18.0.1", v6 = "2001:db8:1::7" }]
END
sed '/Nat44/d; s/198.18.0.1/198.18.0.2/' "$tmp/old.toml" >"$tmp/new.toml"
printf '# nat64 leases 1\n192.0.2.%d 2001:db8:1::%d idle 9\n' 5 5 >"$tmp/leases"
r nat64ctl load "$tmp/old.toml" >/dev/null
old=$(r nat64ctl show)
mkfifo "$tmp/words"

# short N WORD...: nat64ctl does that with its Nth allocation from then on failing; its exit status. A socket it has before.
short() {
	local words pid n=$1
	shift
	ip netns exec "$router" stdbuf -oL nat64ctl -b - <"$tmp/words" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	exec {words}>"$tmp/words"
	echo "list nat44" >&"$words"
	busywait 10000 grep -q wan "$tmp/out"
	echo "$n" >/proc/$pid/task/$pid/fail-nth
	echo "$*" >&"$words"
	exec {words}>&-
	wait $pid
}

for words in "load $tmp/new.toml" "add map 198.18.0.3 2001:db8:1::9" "list maps" "restore $tmp/leases"; do
	told=0
	wrong=
	for n in 1 2 3 4 5 6 8 10 14 20; do
		status=0
		# shellcheck disable=SC2086 # several words
		short $n $words || status=$?
		now=$(r nat64ctl show)
		if [ $status = 0 ]; then
			[ "$now" = "$old" ] || r nat64ctl load "$tmp/old.toml" >/dev/null
		elif [ $status != 1 ] || ! [ -s "$tmp/err" ]; then
			wrong+="allocation $n: exit status $status, $(<"$tmp/err"); "
		elif [ "$now" != "$old" ] && ! grep -q "answer of the kernel was lost" "$tmp/err"; then
			wrong+="allocation $n: $(<"$tmp/err"), but it was done; "
		else
			told=$((told + 1))
			[ "$now" = "$old" ] || r nat64ctl load "$tmp/old.toml" >/dev/null
		fi
	done
	echo "# $told refused: $(<"$tmp/err")"
	same "" "$wrong" "nat64ctl ${words%% *}: what is not done is said"
	# Some allocations can fail without anybody's noticing; how many come before is libnl's affair.
	[ $told -gt 0 ]
	point $? "it was refused $told times"
done
finish
