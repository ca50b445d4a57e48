#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What the tool says of counters (COUNTER(attribute, name, text) for each) or, asked for "pool", of a pool's figures."""
import sys
import yaml

spec = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
sets = {s["name"]: s["attributes"] for s in spec["attribute-sets"]}


def ident(prefix, name):
    return "NAT64_A_%s_%s" % (prefix, name.upper().replace("-", "_"))


print("/* SPDX-License-Identifier: GPL-2.0 */")
print("/* Made from include/nat64.yaml by include/regen; do not edit. */")
if sys.argv[2:] == ["pool"]:
    for a in sets["pool"]:
        if a["name"] in ("drain", "size", "leased", "static", "free"):
            print('[%s] =\n\t"%s",' % (ident("POOL", a["name"]), a["doc"]))
else:
    for a in sets["counter"]:
        if a["type"] == "u64":
            print('COUNTER(%s, "%s",\n\t"%s")' % (ident("COUNTER", a["name"]), a["name"], a["doc"]))
