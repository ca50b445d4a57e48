#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# RFC 4884: extensions of ICMP errors survive translation, their length field
# in the other family's unit. The rows are in wire/rfc4884.py.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"

wires
table rfc4884.py
finish
