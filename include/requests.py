#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The tool's names of requests and of what they may say, from the operations of the specification."""
import sys
import yaml

spec = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))


def ident(*words):
    return "_".join(words).upper().replace("-", "_")


print("/* SPDX-License-Identifier: GPL-2.0 */")
print("/* Made from include/nat64.yaml by include/regen; do not edit. */")
print("/* REQUEST(command, attribute or 0 for the command itself, name) */")
for op in spec["operations"]["list"]:
    if "event" in op:
        continue
    cmd = ident("nat64-cmd", op["name"])
    print('REQUEST(%s, 0, "%s")' % (cmd, op["name"]))
    mode = op.get("do") or op["dump"]
    for name in mode.get("request", {}).get("attributes", []):
        print('REQUEST(%s,\n\t%s, "%s")' % (cmd, ident("nat64-a", op["attribute-set"], name), name))
