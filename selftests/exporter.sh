#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A real Prometheus scrapes the exporter, which runs as nobody, and has what stats and list pools say; every query of the
# dashboard gives data; and whatever other clients do, a scrape is answered.
#
#   $host6                           $router                       $host4
#   Prometheus, hostile clients ---- exporter, [::]:9464 --------- hostile clients
. "$(dirname "$0")/lib.sh"
need curl socat prometheus promtool setpriv
dir=$(dirname "$0")
ko=${NAT64_KO:-/out/nat64.ko}
# helper NS WORD...: see exporter.py.
helper() { ip netns exec "$1" /usr/bin/python3 -B "$dir/exporter.py" "${@:2}"; }

topology
chmod 755 "$tmp"
install -m 755 "$(command -v nat64ctl)" "$tmp/nat64ctl"
cat >"$tmp/nat64.toml" <<'END'
Nat64Prefix = "64:ff9b::/96"
Prometheus = ["[::]:9464", "127.0.0.1:9465"]
[Pool]
Prefixes = ["192.0.2.0/24"]
Static = [{ v4 = "192.0.2.2", v6 = "2001:db8:1::2" }]
END
run r nat64ctl load "$tmp/nat64.toml"
run r nat64ctl add pool 203.0.113.0/30 drain

# --- it listens

exporter() { exec ip netns exec "$router" setpriv --reuid 65534 --regid 65534 --clear-groups "$tmp/nat64ctl" exporter "$@"; }
start exporter
exporter=$pid
wait_listen "$router" tcp 9464
wait_listen "$router" tcp 9465
same "65534" "$(awk '$1 == "Uid:" { print $2 }' "/proc/$exporter/status")" "the exporter runs as nobody"
refused "^nat64ctl: cannot listen on \[::\]:9464: Address already in use$" "another one is told that the address is taken" exporter
# It says nothing, until the exporter hangs up.
start timeout 60 ip netns exec "$host4" bash -c "exec cat </dev/tcp/$router_v4/9464"
silent=$pid

# The README's, of this router.
"$dir/block" "Prometheus and Grafana" yaml |
	sed "s/router.example:8080/[$router_v6]:9464/" >"$tmp/prometheus.yml"
ok "the README has a scrape of it" grep -F "[$router_v6]:9464" "$tmp/prometheus.yml"
sed -i '1i global: { scrape_interval: 1s }' "$tmp/prometheus.yml"
start ip netns exec "$host6" prometheus --config.file="$tmp/prometheus.yml" --storage.tsdb.path="$tmp/tsdb" \
	--web.listen-address=127.0.0.1:9090 --log.level=warn
prometheus=$pid

# --- what it answers, while Prometheus starts

url=http://$router_v4:9464
ok "promtool has nothing to say" h4 bash -o pipefail -c "curl -sS $url/metrics | promtool check metrics"
same "" "$output" "indeed"
fetch "$host4" $url/metrics >"$tmp/metrics"
same "$(grep -oE '\*nat64_[a-z0-9_]+\*' "$dir/../tools/man/nat64ctl.8.scd" | tr -d '*' | sort)" \
	"$(sed -n 's/^# TYPE \([^ ]*\).*/\1/p' "$tmp/metrics" | sort)" "the manual has the same metrics"
ok "it answers on its other address" fetch "$router" http://127.0.0.1:9465/metrics
ask_for() { h4 curl -sS --max-time 20 -o /dev/null -w '%{http_code} %{content_type}' "$@"; }
same "200 text/plain; version=0.0.4; charset=utf-8" "$(ask_for -I $url/metrics)" "HEAD is answered"
same "404 text/plain; charset=utf-8" "$(ask_for $url/)" "there is nothing else"
ok "POST is not allowed" h4 curl -sSi --max-time 20 -d x $url/metrics
same "405 GET, HEAD" "$(tr -d '\r' <<<"$output" | sed -nE 's/^HTTP[^ ]* ([0-9]+).*/\1/p; s/^Allow: //p' | paste -sd ' ')" "which it says"

# --- Prometheus

wait_listen "$host6" tcp 9090
busywait 60000 h6 curl -sSf --max-time 20 http://127.0.0.1:9090/-/ready || give_up "Prometheus is not ready"
query() { h6 curl -sS --max-time 20 -G --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query; }
up() { query 'up{job="nat64"}' | grep -q '"1"'; }
busywait 30000 up
point $? "Prometheus scrapes it"

run ip -n "$host6" addr add 2001:db8:1::9/64 dev lan nodad
http_server "$host4" $host4_v4 80
echo_server "$host4" udp4 7
ok "TCP" fetch "$host6" "http://[$host4_v6]/page"
ok "UDP" echoes "$host6" udp $host4_v6 7
ok "ICMP, by a host that leases" h6 ping -c 1 -W 10 -I 2001:db8:1::9 $host4_v6
ok "ICMP from IPv4" h4 ping -c 1 -W 10 $host6_v4
fails "an address that nobody holds" h4 ping -c 1 -W 1 192.0.2.77
r nat64ctl --json stats >"$tmp/stats"
r nat64ctl --json list pools >"$tmp/pools"
r nat64ctl --json list icmp >"$tmp/icmp"
same "6to4 128 0 1 6to4 129 0 1 4to6 0 0 1 4to6 8 0 1" "$(r nat64ctl list icmp | awk 'NR > 1 { print $1, $2, $3, $4 }' | xargs)" \
	"list icmp has the echoes"
same $'"leases-given","value":1\n"drop-unmapped","value":1' "$(grep -oE '"(leases-given|drop-unmapped)","value":[0-9]+' "$tmp/stats")" \
	"stats has the lease and the drop"
ok "Prometheus has what these and list pools say" helper "$host6" same 127.0.0.1:9090 "$tmp/stats" "$tmp/pools" "$tmp/icmp"
echo "# $output"
ok "the queries of the dashboard give data" helper "$host6" dashboard 127.0.0.1:9090 "$dir/../tools/grafana/nat64.json"
echo "${output//$'\n'/$'\n'# }" | sed '1s/^/# /'
stop "$prometheus"

# --- other clients

wait "$silent"
point $? "who says nothing is hung up on"
ok "no client keeps it from answering" helper "$host4" hostile $router_v4 9464 "$exporter"
echo "${output//$'\n'/$'\n'# }" | sed '1s/^/# /'

# --- without the module

if [ -e "$ko" ]; then
	modprobe=$(cat /proc/sys/kernel/modprobe)
	printf '#!/bin/sh\necho "$@" >>%s/modprobe.log\n' "$tmp" >"$tmp/modprobe"
	chmod +x "$tmp/modprobe"
	echo "$tmp/modprobe" >/proc/sys/kernel/modprobe
	run rmmod nat64
	same $'the module nat64 is not loaded\n503' "$(h4 curl -sS --max-time 20 -w '%{http_code}' $url/metrics)" \
		"without the module it says so"
	fails "and does not have it loaded" grep nat64 "$tmp/modprobe.log"
	echo "$modprobe" >/proc/sys/kernel/modprobe
	run insmod "$ko"
	same "200" "$(h4 curl -sS --max-time 20 -o /dev/null -w '%{http_code}' $url/metrics)" "it answers when it is loaded again"
fi
run kill "$exporter"
wait "$exporter"
point $? "SIGTERM ends it, with status 0"
finish
