# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What every selftest sources. A test is a claim: it builds namespaces, runs
# what a user would type, and prints a TAP point for each thing that must hold.
#
#	. "$(dirname "$0")/lib.sh"
#	topology
#	run r nat64ctl set prefix 64:ff9b::/96
#	ok "the prefix is routed to the anchor" r ip -6 route get 64:ff9b::1
#	finish
#
# The standard topology, all by veth; IPv6 left, IPv4 right, both on the router:
#
#   $host6 (h6)                $router (r)                  $host4 (h4)
#  +----------+   +---------------------------------+   +----------+
#  |   lan    |---| lan                         wan |---|   wan    |
#  +----------+   +---------------------------------+   +----------+
#  2001:db8:1::2   2001:db8:1::1      198.51.100.1       198.51.100.2
#  192.0.2.2 when mapped              64:ff9b::198.51.100.2 through the prefix

export LC_ALL=C.UTF-8
self=$(basename "$0" .sh)
tmp=$(mktemp -d "/tmp/$self.XXXXXX")
points=0
failures=0
finished=
namespaces=()
background=()
output=
host6=
router=
host4=

host6_v6=2001:db8:1::2
host6_v4=192.0.2.2
router_v6=2001:db8:1::1
router_v4=198.51.100.1
host4_v4=198.51.100.2
host4_v6=64:ff9b::c633:6402
export host6_v6 host6_v4 router_v6 router_v4 host4_v4 host4_v6

# --- TAP

# run COMMAND...: a step that must work for the rest to mean anything.
run() {
	echo "# $*"
	"$@" && return
	echo "# failed ($?): $*"
	exit 1
}

# point STATUS DESCRIPTION: one point, for what no single command can tell.
point() {
	points=$((points + 1))
	if [ "$1" = 0 ]; then
		echo "ok $points - $2"
	else
		echo "not ok $points - $2"
		failures=$((failures + 1))
	fi
	return "$1"
}

# status WANTED DESCRIPTION COMMAND...: the command must exit so. What it printed
# is in $output, and in the log if the point fails.
status() {
	local wanted=$1 description=$2 got=0
	shift 2
	echo "# $*"
	output=$("$@" 2>&1) || got=$?
	[ "$got" = "$wanted" ] && { point 0 "$description"; return; }
	echo "# exit status $got, not $wanted: $*"
	[ -z "$output" ] || echo "${output//$'\n'/$'\n'# }" | sed '1s/^/# /'
	point 1 "$description"
}

# ok DESCRIPTION COMMAND...: the command must succeed.
ok() { status 0 "$@"; }

# fails DESCRIPTION COMMAND...: the command must not succeed (be sure it is
# for the reason meant: "refused" and "status" say more).
fails() {
	local description=$1 got=0
	shift
	echo "# ! $*"
	output=$("$@" 2>&1) || got=$?
	[ $got != 0 ] || echo "# it succeeded: $*"
	point $((got == 0)) "$description"
}

# refused PATTERN DESCRIPTION COMMAND...: exit status 1 and a message that
# matches the extended regular expression.
refused() {
	local pattern=$1 description=$2 got=0
	shift 2
	echo "# $*"
	output=$("$@" 2>&1 >/dev/null) || got=$?
	[ $got = 1 ] && [[ $output =~ $pattern ]] && { point 0 "$description"; return; }
	echo "# exit status $got, not 1, or no \"$pattern\" in: $output"
	point 1 "$description"
}

# same WANTED GOT DESCRIPTION: two texts must be equal.
same() {
	[ "$1" = "$2" ] && { point 0 "$3"; return; }
	diff <(echo "$1") <(echo "$2") | sed 's/^/# /'
	point 1 "$3"
}

# skip REASON: what the test needs is not here.
skip() {
	finished=1
	echo "1..0 # SKIP $*"
	exit 4
}

# finish: the last line of every test.
finish() {
	finished=1
	echo "1..$points"
	[ "$points" -gt 0 ] && [ "$failures" = 0 ]
	exit
}

# need COMMAND...: skips the test when one is not installed.
need() {
	local command
	for command; do
		command -v "$command" >/dev/null || skip "no $command"
	done
}

# need_ynl: skips the test when the kernel tree's own netlink client is not there; else its directory is $ynl.
need_ynl() {
	need python3
	python3 -c "import yaml" 2>/dev/null || skip "no python3-yaml"
	ynl=${YNL:-/out/ynl}
	[ -e "$ynl/lib/ynl.py" ] || skip "no kernel tree to take its netlink client from"
}

cleanup() {
	local status=$? ns
	trap - EXIT
	[ ${#background[@]} = 0 ] || kill "${background[@]}" 2>/dev/null
	for ns in "${namespaces[@]}"; do
		ip netns pids "$ns" 2>/dev/null | xargs -r kill -KILL 2>/dev/null
		ip netns del "$ns"
	done
	rm -rf "$tmp"
	[ -n "$finished" ] || echo "not ok $((points + 1)) - $self ended before its end (status $status)"
	[ -n "$finished" ] || status=1
	exit "$status"
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

# --- waiting

# An emulated CPU takes long to start a program: none to tell the time or wait.
milliseconds() { now=$((${EPOCHREALTIME/./} / 1000)); }
exec {nothing}<> <(:)

# busywait MS COMMAND...: until the command succeeds, or fails after MS.
busywait() {
	local now until
	milliseconds
	until=$((now + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		milliseconds
		[ "$now" -lt "$until" ] || return 1
		read -r -t 0.05 -u "$nothing" || :
	done
}

# --- namespaces

# setup_ns VAR...: a fresh namespace, its unique name in each VAR.
setup_ns() {
	local var ns
	for var; do
		ns=$var-${tmp##*.}
		ip netns add "$ns" || exit 1
		namespaces+=("$ns")
		printf -v "$var" %s "$ns"
		ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
			net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
		ip -n "$ns" link set lo up
	done
}

in_ns() { ip netns exec "$@"; }
h6() { ip netns exec "$host6" "$@"; }
r() { ip netns exec "$router" "$@"; }
h4() { ip netns exec "$host4" "$@"; }

# forwarding NS: makes a router of it.
forwarding() {
	ip netns exec "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# link NS1 DEV1 NS2 DEV2: a cable.
link() {
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3" || exit 1
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

# addr NS DEV ADDRESS...
addr() {
	local ns=$1 dev=$2 address
	shift 2
	for address; do
		case $address in
		*:*) ip -n "$ns" addr add "$address" dev "$dev" nodad || exit 1 ;;
		*) ip -n "$ns" addr add "$address" dev "$dev" || exit 1 ;;
		esac
	done
}

# topology: the drawing at the top. nat64 is left for the test to configure.
topology() {
	setup_ns host6 router host4
	forwarding "$router"
	link "$host6" lan "$router" lan
	link "$host4" wan "$router" wan
	addr "$host6" lan $host6_v6/64
	addr "$router" lan $router_v6/64
	addr "$router" wan $router_v4/24
	addr "$host4" wan $host4_v4/24
	ip -n "$host6" route add default via $router_v6
	ip -n "$host4" route add default via $router_v4
}

# basic: the topology, the prefix, and a static map for the IPv6 host.
basic() {
	topology
	run r nat64ctl set prefix 64:ff9b::/96
	run r nat64ctl add map $host6_v4 $host6_v6
}

# --- servers and traffic

# start COMMAND...: in the background until the test ends; its id in $pid, what
# it says in $tmp/log.$pid.
start() {
	local log

	echo "# $* &"
	# Opened here: a child that has not run yet has not made its file. To append, so that a test may
	# empty it.
	exec {log}>>"$tmp/log.new"
	"$@" </dev/null >&"$log" 2>&1 {log}>&- &
	pid=$!
	exec {log}>&-
	mv "$tmp/log.new" "$tmp/log.$pid"
	background+=("$pid")
}

# give_up REASON: what was started last did not come up; its log says why.
give_up() {
	echo "# $*"
	sed 's/^/# /' "$tmp/log.$pid"
	exit 1
}

# stop PID: and waits for it.
stop() {
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

listening() { ip netns exec "$1" ss -Hln"${2:0:1}" "sport = :$3" | grep -q .; }

# wait_listen NS tcp|udp PORT
wait_listen() { busywait 60000 listening "$@" || give_up "nothing listens: $*"; }

# resolver NAME...: unbound on the router, by the clauses on stdin, of which the first is "server:". Each NAME and what is
# www in it have an IPv4 address and nothing else, in place of the Internet.
resolver() {
	local name
	cat >"$tmp/unbound.conf"
	cat >>"$tmp/unbound.conf" <<-CONF
		server:
			directory: "$tmp"
			chroot: ""
			username: ""
			pidfile: ""
			use-syslog: no
	CONF
	for name; do
		cat >"$tmp/zone.$name" <<-ZONE
			\$ORIGIN $name.
			@ 60 IN SOA ns hostmaster 1 3600 600 86400 60
			@ 60 IN NS ns
			@ 60 IN A 192.0.0.170
			ns 60 IN A $host4_v4
			www 60 IN A $host4_v4
		ZONE
		cat >>"$tmp/unbound.conf" <<-CONF
			auth-zone:
				name: "$name."
				zonefile: "$tmp/zone.$name"
				for-downstream: no
				fallback-enabled: no
		CONF
	done
	start ip netns exec "$router" unbound -d -c "$tmp/unbound.conf"
}

# http_server NS ADDRESS PORT: serves the file "page", containing "hello from ADDRESS".
http_server() {
	mkdir -p "$tmp/www.$1.$3"
	echo "hello from $2" >"$tmp/www.$1.$3/page"
	case $2 in
	*:*) start ip netns exec "$1" busybox httpd -f -vv -p "[$2]:$3" -h "$tmp/www.$1.$3" ;;
	*) start ip netns exec "$1" busybox httpd -f -vv -p "$2:$3" -h "$tmp/www.$1.$3" ;;
	esac
	wait_listen "$1" tcp "$3"
}

# visited ADDRESS LOG: the server with this log was asked for the page from there.
visited() { busywait 10000 grep -aE "^\[?$1\]?:[0-9]+: url:/page" "$2"; }

# fetch NS URL: prints it.
fetch() { ip netns exec "$1" curl -gsS --max-time 20 "$2"; }

# echo_server NS tcp4|tcp6|udp4|udp6 PORT: sends back what it gets.
echo_server() {
	start ip netns exec "$1" socat "${2^^}-LISTEN:$3,reuseaddr,fork" EXEC:cat
	wait_listen "$1" "${2%[46]}" "$3"
}

# capture NS DEV FILE [FILTER]: from when it returns, every packet of DEV.
capture() {
	local ns=$1 dev=$2 file=$3
	shift 3
	start ip netns exec "$ns" tcpdump -Z root --immediate-mode -Uni "$dev" -w "$file" "$@"
	busywait 60000 grep -q "listening on" "$tmp/log.$pid" || give_up "no capture on $dev"
}

# quiet FILE: it has not grown for a moment.
quiet() {
	local size
	size=$(stat -c %s "$1")
	sleep 0.2
	[ "$(stat -c %s "$1")" = "$size" ]
}

# captured PID FILE [FILTER]: ends the capture when it has nothing more to
# write, and prints it.
captured() {
	local file=$2
	busywait 5000 quiet "$file"
	stop "$1"
	shift 2
	tcpdump -nnvr "$file" "$@" 2>/dev/null
}

# ask NS tcp|udp ADDRESS PORT TEXT: sends the text to an echo server and prints
# what comes back; fails if nothing does.
ask() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	timeout 10 ip netns exec "$1" bash -c \
		'exec 3<>"/dev/$1/$2/$3" && echo "$4" >&3 && exec head -n 1 <&3' - "${@:2}"
}

# echoes NS tcp|udp ADDRESS PORT: an echo server there answers with the same.
echoes() {
	local got
	got=$(ask "$1" "$2" "$3" "$4" "hello $2 $3") || return
	echo "$got"
	[ "$got" = "hello $2 $3" ]
}

# tellers NS...: servers there for "tells", which tell what they see; see tell.py.
tellers() {
	local line
	mkfifo "$tmp/ask" "$tmp/told"
	exec {ask}<>"$tmp/ask" {told}<>"$tmp/told"
	# shellcheck disable=SC2016 # expanded by the inner shell
	start bash -c 'exec /usr/bin/python3 -B "$@" <"$0/ask" >"$0/told"' "$tmp" "$(dirname "$0")/tell.py" "$@"
	read -r -t 60 -u "$told" line && [ "$line" = ready ] || give_up "nobody tells"
}

# tells NS tcp|udp|icmp SOURCE DESTINATION: asks from there, and prints the peer's address and the own
# one as the other end saw them.
tells() {
	local line
	echo "$*" >&"$ask"
	read -r -t 30 -u "$told" line
	echo "$line"
}

# seen NS SOURCE DESTINATION PEER OWN DESCRIPTION: the other end sees just this, in TCP, UDP and ICMP.
seen() {
	local proto
	for proto in tcp udp icmp; do
		same "$4 $5" "$(tells "$1" $proto "$2" "$3")" "$6, ${proto^^}"
	done
}

# --- what was counted

# packets NS FAMILY TABLE COUNTER: of a named nft counter.
packets() { ip netns exec "$1" nft list counter "$2" "$3" "$4" | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# counted NAME: of nat64ctl's own, on the router.
counted() { ip netns exec "$router" nat64ctl stats | awk -v name="$1" '$1 == name {print $2}'; }

# grew NUMBER COMMAND...: the command prints a larger number now.
grew() { [ "$("${@:2}")" -gt "$1" ]; }
