#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What makes no sense is refused, the message names the other party, and nothing
# has changed: from the command line, from a file, by raw netlink; and only who
# may change a namespace does.
. "$(dirname "$0")/lib.sh"
need python3 setpriv unshare
python3 -c "import yaml" 2>/dev/null || skip "no python3-yaml"

basic
run r nat64ctl add pool 203.0.113.0/24
run r nat64ctl add map 198.18.0.0/24 2001:db8:6::/120
config=$(r nat64ctl show)

nat64() { nat64ctl -n "$router" "$@"; }

# refuse_all < "COMMAND... | PATTERN": exit status 1, a message that matches.
refuse_all() {
	local line words
	while IFS= read -r line; do
		read -ra words <<<"${line%% | *}"
		refused "${line##* | }" "${line%% | *}" nat64 "${words[@]}"
	done
	same "$config" "$(nat64 show)" "nothing has changed"
}

# Duplicates: the message has the entry that is there.
refuse_all <<'END'
add map 192.0.2.2 2001:db8:1::3 | 192\.0\.2\.2.*2001:db8:1::2
add map 192.0.2.3 2001:db8:1::2 | 192\.0\.2\.2.*2001:db8:1::2
add map 192.0.2.2 2001:db8:1::2 | 192\.0\.2\.2.*2001:db8:1::2
add map 198.18.0.0/24 2001:db8:7::/120 | 198\.18\.0\.0/24.*2001:db8:6::/120
add map 198.18.1.0/24 2001:db8:6::/120 | 198\.18\.0\.0/24.*2001:db8:6::/120
add pool 203.0.113.0/24 | 203\.0\.113\.0/24
add pool 203.0.113.128/25 | 203\.0\.113\.0/24
add pool 203.0.112.0/23 | 203\.0\.113\.0/24
END

# Inside the prefix.
refuse_all <<'END'
add map 192.0.2.5 64:ff9b::1234 | 64:ff9b::/96
add map 192.0.2.5 64:ff9b::192.0.2.6 | 64:ff9b::/96
add map 192.0.2.0/24 64:ff9b::198.18.5.0/120 | 64:ff9b::/96
add map 192.0.2.0/24 64:ff9b::/64 | 64:ff9b::/96
set prefix 2001:db8:1::/96 | 2001:db8:1::2
set prefix 2001:db8::/32 | 2001:db8:[16]::
END

# No unicast address, or none of a host.
refuse_all <<'END'
add map 127.0.0.1 2001:db8:1::9 | 127\.0\.0\.1
add map 0.0.0.0 2001:db8:1::9 | 0\.0\.0\.0
add map 0.1.2.3 2001:db8:1::9 | 0\.1\.2\.3
add map 224.0.0.1 2001:db8:1::9 | 224\.0\.0\.1
add map 240.0.0.1 2001:db8:1::9 | 240\.0\.0\.1
add map 255.255.255.255 2001:db8:1::9 | 255\.255\.255\.255
add map 192.0.2.9 :: | ::
add map 192.0.2.9 ::1 | ::1
add map 192.0.2.9 ff02::1 | ff02::1
add map 192.0.2.9 fe80::1 | fe80::1
add map 224.0.0.0/24 2001:db8:7::/120 | 224\.0\.0\.0
add map 192.0.2.0/24 ff02::/120 | ff02::
add pool 224.0.0.0/24 | 224\.0\.0\.0
add pool 127.0.0.0/24 | 127\.0\.0\.0
add pool 240.0.0.0/8 | 240\.0\.0\.0
set icmp-source 224.0.0.1 | 224\.0\.0\.1
set prefix ff00::/96 | ff00::|unicast
set prefix fe80::/96 | fe80::|unicast
END

# Lengths.
refuse_all <<'END'
add map 192.0.2.1/24 2001:db8:7::/120 | 192\.0\.2\.1/24
add map 192.0.2.0/24 2001:db8:7::1/120 | 2001:db8:7::1/120
add map 192.0.2.0/24 2001:db8:7::/124 | 2001:db8:7::/124
add pool 192.0.2.1/24 | 192\.0\.2\.1/24
set prefix 64:ff9b::/95 | 32, 40, 48, 56, 64 or 96
set prefix 64:ff9b::/33 | 32, 40, 48, 56, 64 or 96
set prefix 64:ff9b::/128 | 32, 40, 48, 56, 64 or 96
set prefix 3fff::1/96 | 3fff::1/96|behind its length
set prefix 3fff:0:0:0:ff00::/96 | 3fff:0?:|bits 64 to 71
set lowest-ipv6-mtu 1279 | 1279.*1280
set lowest-ipv6-mtu 99999999999 | 99999999999.*1280 to 65535
END

# The router's own addresses: the message has the link.
refuse_all <<'END'
add map 198.51.100.1 2001:db8:1::9 | 198\.51\.100\.1.*wan
add map 198.51.100.0/24 2001:db8:7::/120 | 198\.51\.100\.1.*wan
END

# What is not there.
refuse_all <<'END'
del map 192.0.2.77 | 192\.0\.2\.77
del map 2001:db8:1::77 | 2001:db8:1::77
del map 198.18.0.0/25 | 198\.18\.0\.0/25
del pool 192.0.2.0/24 | 192\.0\.2\.0/24
del pool 203.0.113.0/25 | 203\.0\.113\.0/25
END

# A map's own RFC 6052 form is not refused.
ok "an address inside the prefix that is the map's own form" nat64 add map 203.0.113.7 64:ff9b::203.0.113.7
ok "is deleted" nat64 del map 203.0.113.7
same "$config" "$(nat64 show)" "nothing else has changed"

# What makes no sense as a command: exit status 2.
while IFS= read -r line; do
	read -ra words <<<"$line"
	status 2 "nat64ctl $line" nat64 "${words[@]}"
done <<'END'
frobnicate
add
add map
add map 192.0.2.9
add map 192.0.2.9 2001:db8:1::9 more
add map 192.0.2.300 2001:db8:1::9
add map 192.0.2 2001:db8:1::9
add map 2001:db8:1::9 192.0.2.9
add map 192.0.2.9 2001:db8:1::g
add map 192.0.2.0/33 2001:db8:1::/120
add map 192.0.2.0/24 2001:db8:1::/129
add pool 192.0.2.0/-1
add pool 2001:db8::/64
set prefix 64:ff9b::/129
set prefix 192.0.2.0/24
set prefix
set max-idle soon
set max-idle -1
set udp-zero-checksum perhaps
list maps foreign
--frobnicate list maps
END
same "$config" "$(nat64 show)" "nothing has changed"

# A file is loaded whole or not at all.
cat >"$tmp/bad.toml" <<'END'
Nat64Prefix = "3fff:64::/96"
[Pool]
Prefixes = ["192.0.2.0/24"]
Static = [
	{ v4 = "192.0.2.10", v6 = "2001:db8:1::10" },
	{ v4 = "192.0.2.11", v6 = "3fff:64::77" },
]
END
refused "^$tmp/bad\.toml:6:[0-9]+: .*3fff:64::/96" "the last line of a file is wrong" nat64 load "$tmp/bad.toml"
refused "^$tmp/bad\.toml:6:[0-9]+: " "check says the same" nat64 check "$tmp/bad.toml"
sed -i 's/3fff:64::77/2001:db8:1::11/; s/192.0.2.11/198.51.100.1/' "$tmp/bad.toml"
refused "^$tmp/bad\.toml:6:[0-9]+: .*wan" "a file maps the router's own address" nat64 load "$tmp/bad.toml"
refused "none\.toml: No such file" "there is no such file" nat64 load "$tmp/none.toml"
same "$config" "$(nat64 show)" "nothing has changed"

# --- raw netlink

targeted() { r python3 "$(dirname "$0")/badnetlink.py" targeted; }
ok "malformed messages" targeted
ok "none was accepted" grep -E "^[0-9]{3,} messages, 0 accepted" <<<"$output"
same "$config" "$(nat64 show)" "nothing has changed"
ok "still translates" h6 ping -c 1 -W 10 $host4_v6
victim=
setup_ns victim
fuzz() { in_ns "$victim" python3 "$(dirname "$0")/badnetlink.py" random; }
ok "messages at random, where they may do harm" fuzz
echo "# $output"
ok "what they left there can be shown" in_ns "$victim" nat64ctl show
ok "and listed" in_ns "$victim" nat64ctl list maps
ok "and reset" in_ns "$victim" nat64ctl reset
same "" "$(in_ns "$victim" nat64ctl show | grep -v '^#')" "to nothing"
same "$config" "$(nat64 show)" "and nothing has changed elsewhere"

# --- who may

chmod 755 "$tmp"
install -m 755 "$(command -v nat64ctl)" "$tmp/nat64ctl"
nobody() { r setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
ok "an unprivileged user may read" nobody "$tmp/nat64ctl" --json list maps
ok "what is there" grep -F "$host6_v6" <<<"$output"
ok "the settings too" nobody "$tmp/nat64ctl" show
ok "and the counters" nobody "$tmp/nat64ctl" stats
for words in "add map 192.0.2.9 2001:db8:1::9" "set prefix none" reset; do
	# shellcheck disable=SC2086 # several words
	refused "[Pp]ermi|privilege|root|CAP_NET_ADMIN" "but not change: $words" nobody "$tmp/nat64ctl" $words
	# shellcheck disable=SC2086
	refused "[Pp]ermi|privilege|root|CAP_NET_ADMIN" "nor as root of a user namespace that does not own this one: $words" \
		nobody unshare -Ur "$tmp/nat64ctl" $words
done
same "$config" "$(nat64 show)" "nothing has changed"
own() {
	nobody unshare -Urn sh -ec "
		'$tmp/nat64ctl' set prefix 64:ff9b::/96
		'$tmp/nat64ctl' add map 192.0.2.9 2001:db8:1::9
		'$tmp/nat64ctl' --json list maps
		ip -6 route show
		'$tmp/nat64ctl' reset
		'$tmp/nat64ctl' --json list maps"
}
echo 1000 >/proc/sys/user/max_user_namespaces
ok "root of a user namespace configures its own network namespace" own
printed=$output
ok "there is its map" grep -F 192.0.2.9 <<<"$printed"
ok "and its route" grep -F "64:ff9b::/96 dev nat64" <<<"$printed"
same "$config" "$(nat64 show)" "nothing has changed here"
finish
