#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The tool's table of counters, from the attribute set 'counter' of the specification."""
import sys
import yaml

spec = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
counters = next(s for s in spec["attribute-sets"] if s["name"] == "counter")
print("/* SPDX-License-Identifier: GPL-2.0 */")
print("/* Made from include/nat64.yaml by include/regen; do not edit. */")
print("/* COUNTER(attribute, name, text) */")
for a in counters["attributes"]:
    if a["type"] == "u64":
        ident = "NAT64_A_COUNTER_" + a["name"].upper().replace("-", "_")
        print('COUNTER(%s, "%s",\n\t"%s")' % (ident, a["name"], a["doc"]))
