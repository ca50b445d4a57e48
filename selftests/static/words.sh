#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The words are the same everywhere: help, manual and completion name the same commands, operands and options;
# nat64.toml(5) the keys that the parser knows, each with its command; and every drop counter has advice.
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
export NAT64CTL=${NAT64CTL:-$PWD/nat64ctl}
[ -x "$NAT64CTL" ] || make -s -C tools || exit
# the completion calls it by its name
PATH=$(dirname "$NAT64CTL"):$PATH
failures=0

# agree WHAT ONE OTHER: two sorted lists must be the same, and not empty.
agree() {
	[ -s "$2" ] && diff "$2" "$3" >"$tmp/diff" && return
	echo "$1 disagree:"
	cat "$tmp/diff"
	failures=$((failures + 1))
}

# Headings of a part of a manual: what stands before an indented text, markup taken off.
headings() {
	awk -v from="$2" -v to="$3" '
		$0 == from { on = 1 } $0 == to { on = 0 }
		on && /^\t/ && last ~ /^\*/ { print last } { last = $0 }' "$1" | tr -d '*_'
}

"$NAT64CTL" --help >"$tmp/help" || exit
sed -n '/^Commands:/,/^$/s/^  //p' "$tmp/help" | sed -E 's/ {2,}.*//' | sort >"$tmp/commands"
sed -n '/^Options/,/^$/s/^  //p' "$tmp/help" | sed -E 's/ {2,}.*//' | sort >"$tmp/options"

headings tools/man/nat64ctl.8.scd '# NAT64' '# EXIT STATUS' | sed 's/, /\n/g' | sort >"$tmp/man-commands"
headings tools/man/nat64ctl.8.scd '# OPTIONS' '# NAT64' | sort >"$tmp/man-options"
agree "help and nat64ctl(8)" "$tmp/commands" "$tmp/man-commands"
agree "options in help and nat64ctl(8)" "$tmp/options" "$tmp/man-options"

# The keys: rows of settings.c and lists of words of toml.cc, and the headings of the manual.
tr -d '\n\t' <tools/settings.c | grep -oE '\{ NAT64_A_CONFIG_[^}]*' | while IFS='"' read -r _ word _ key _; do
	echo "$key = set $word"
done | sed 's/^Pool\.//' | sort >"$tmp/keys"
awk '/^\*[A-Za-z0-9]+\* = / { key = $1; gsub(/\*/, "", key) }
	key { text = text " " $0 }
	/^$/ && key {
		if (match(text, /\*(nat64ctl )?set [a-z0-9-]+\*/)) {
			word = substr(text, RSTART + 1, RLENGTH - 2); sub(/nat64ctl /, "", word)
			print key " = " word
		}
		key = ""; text = ""
	}' tools/man/nat64.toml.5.scd | sort >"$tmp/man-keys"
agree "settings.c and nat64.toml(5)" "$tmp/keys" "$tmp/man-keys"
{
	grep -oE '_words\[\] = \{[^}]*' tools/toml.cc | grep -oE '"[A-Za-z0-9]+"' | tr -d '"' | grep -vE '^(v4|v6|Pool|Nat44)$'
	sed 's/ = .*//' "$tmp/keys"
} | sort >"$tmp/all-keys"
sed -nE 's/^\*([A-Za-z0-9]+)\* = .*/\1/p' tools/man/nat64.toml.5.scd | sort >"$tmp/man-all-keys"
agree "toml.cc and nat64.toml(5)" "$tmp/all-keys" "$tmp/man-all-keys"

# complete_line LINE: what completion offers at the end of this line, by the words that readline makes of it.
complete_line() {
	local COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=() COMP_CWORD COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
	mapfile -t COMP_WORDS < <(grep -oE '[:=]+|[^:= ]+' <<<"$COMP_LINE")
	[[ $COMP_LINE != *[:=\ ] ]] || COMP_WORDS+=("")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	_nat64ctl
	[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort
}
complete_words() { complete_line "nat64ctl $*"; }
# shellcheck source=/dev/null
. tools/completion/nat64ctl
complete_words '' >"$tmp/got"
sed 's/ .*//' "$tmp/commands" | sort -u >"$tmp/wanted"
agree "first words of help and completion" "$tmp/wanted" "$tmp/got"
for verb in $(grep -oE '^[a-z0-9]+ [a-z0-9-]+( |$)' "$tmp/commands" | sed 's/ .*//' | sort -u); do
	sed -nE "s/^$verb ([a-z0-9-]+)( .*|\$)/\1/p" "$tmp/commands" | sort -u >"$tmp/wanted"
	complete_words "$verb" '' >"$tmp/got"
	agree "words after $verb in help and completion" "$tmp/wanted" "$tmp/got"
done
complete_words - >"$tmp/got"
grep -oE '^(-., )?--[a-z-]+' "$tmp/options" | tr -d , | tr ' ' '\n' | sort >"$tmp/wanted"
agree "options of help and completion" "$tmp/wanted" "$tmp/got"
complete_words --json flush maps '' >"$tmp/got"
printf 'dynamic\nstatic\n' >"$tmp/wanted"
agree "operands of flush maps and completion" "$tmp/wanted" "$tmp/got"

# offers LINE WORD...: just these, of a router that has some maps.
offers() {
	complete_line "$1" >"$tmp/got"
	printf '%s\n' "${@:2}" >"$tmp/wanted"
	agree "what is wanted and what is offered after '$1'" "$tmp/wanted" "$tmp/got"
}
nat64ctl() {
	case $* in
	"-n foo list maps")
		echo V4 V6 TYPE
		echo 192.0.2.7 2001:db8:7::7 static
		;;
	"list maps")
		echo V4 V6 TYPE
		echo 192.0.2.2 2001:db8:1::2 static
		echo 192.0.2.3 2001:db8:1::3 static
		echo 198.51.100.4 2001:db8:2::4 dynamic
		;;
	*) command nat64ctl "$@" ;;
	esac
}
all_offers() {
	offers 'nat64ctl --netns=foo sho' show
	offers 'nat64ctl --netns foo sho' show
	offers 'nat64ctl -nfoo -v sho' show
	offers 'nat64ctl --batch x --jso' --json
	offers 'nat64ctl --color al' always
	offers 'nat64ctl --color=al' always
	offers 'nat64ctl del map 192.0.2.' 192.0.2.2 192.0.2.3
	offers 'nat64ctl del map 2001:db8:' 1::2 1::3 2::4
	offers 'nat64ctl del map 2001:db8:1::' 2 3
	offers 'nat64ctl del map 2001:db8:2::' 4
	offers 'nat64ctl --netns=foo del map 2' 2001:db8:7::7
	offers 'nat64ctl list maps ' dynamic static
}
# with the functions of the package bash-completion, and without
all_offers
: "${BASH_COMPLETION:=/usr/share/bash-completion/bash_completion}"
if [ -e "$BASH_COMPLETION" ]; then
	# shellcheck source=/dev/null
	. "$BASH_COMPLETION"
	all_offers
fi
unset -f nat64ctl

# Advice is the second line of explain.
for counter in $(grep -oE '"drop-[a-z0-9-]+"' tools/counters-gen.h | tr -d '"'); do
	[ "$("$NAT64CTL" explain "$counter" | wc -l)" -ge 2 ] ||
		{ echo "no advice about $counter in explain.c"; failures=$((failures + 1)); }
done

[ $failures = 0 ]
