#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A tool and a module of different versions: what both know works, and what one of them lacks is said by name. The other
# version is made of this one, by what stands between the two (skew.c).
. "$(dirname "$0")/lib.sh"
need gcc

here=$(readlink -f "$(dirname "$0")")
run gcc -O1 -shared -fPIC -I"$here/../include/uapi" -I"$here/../tools" -o "$tmp/skew.so" "$here/skew.c" -ldl
topology
# skewed VARIABLE=VALUE... -- WORD...: nat64ctl, with the other side of that kind.
skewed() {
	local variables=()
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	r env "${variables[@]}" LD_PRELOAD="$tmp/skew.so" nat64ctl "$@"
}

cat >"$tmp/old.toml" <<'END'
Nat64Prefix = "64:ff9b::/96"
Nat44 = [{ Internal = "10.0.0.1", External = "198.51.100.9", Interface = "wan" }]
Nat44Exclude = ["9.9.9.9"]
[Pool]
Prefixes = ["192.0.2.0/24"]
AllowFrom = ["2001:db8::/32"]
Accounting = true
Static = [{ v4 = "198.18.0.1", v6 = "2001:db8:1::7" }]
END
run r nat64ctl load "$tmp/old.toml"
ok "a host leases" h6 ping -c 1 -W 10 "$host4_v6"
old=$(r nat64ctl show)

# --- an older module

while IFS=, read -r request attribute what words; do
	# shellcheck disable=SC2086 # several words
	refused "too old to know $what" "a module that does not know $what" \
		skewed SKEW_REQUEST="$request" ${attribute:+SKEW_ATTRIBUTE="$attribute"} -- $words
done <<END
allow-add,,the request allow-add,add allow 2001:db9::/32
exclude-get,,the request exclude-get,list excludes
nat44-flush,,the request nat44-flush,flush nat44
icmp-get,,the request icmp-get,list icmp
begin,,the request begin,load $tmp/old.toml
map-add,replace,replace of the request map-add,add map 198.18.0.1 2001:db8:1::9 --replace
pool-add,drain,drain of the request pool-add,add pool 203.0.113.0/24 drain
map-get,v6,v6 of the request map-get,list maps 2001:db8::/32
config-set,zero-tos,zero-tos of the request config-set,set zero-tos on
END
cat >"$tmp/new.toml" <<'END'
Nat64Prefix = "2001:db8:64::/96"
ZeroTos = true
END
refused "^$tmp/new.toml:2:.*too old to know zero-tos of the request config-set" "a file with a key that the module does not know" \
	skewed SKEW_REQUEST=config-set SKEW_ATTRIBUTE=zero-tos -- load "$tmp/new.toml"
same "$old" "$(r nat64ctl show)" "nothing has changed"
ok "what it does know" skewed SKEW_REQUEST=map-add SKEW_ATTRIBUTE=replace -- add map 198.18.0.2 2001:db8:1::8
ok "works" skewed SKEW_REQUEST=map-add SKEW_ATTRIBUTE=replace -- del map 198.18.0.2
same "$old" "$(skewed SKEW_REPLY=1 SKEW_UNTOLD=13 -- show)" "a module that tells neither its link nor how often it was changed"

# --- an older tool

for words in show "list pools" "list maps static" "list nat44" "list excludes" "list allow" "list icmp" stats; do
	# shellcheck disable=SC2086
	same "$(r nat64ctl $words)" "$(skewed SKEW_REPLY=1 -- $words)" \
		"a module that tells more than the tool knows: $words"
done
ok "it loads a file" skewed SKEW_REPLY=1 -- load "$tmp/old.toml" -v
ok "and keeps the lease" grep -q "1 leases kept, 0 ended" <<<"$output"
ok "it saves the lease" skewed SKEW_REPLY=1 -- save "$tmp/leases"
ok "in full" grep -q "^192.0.2.*2001:db8:1::2 idle" "$tmp/leases"
finish
