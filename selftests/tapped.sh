#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who listens on the router's links (tcpdump, say) sees the packets as they
# came, not as they were translated, and does not spoil the translation. The
# rows are in wire/tapped.py.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"

wires
table tapped.py
finish
