#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The names by which the kernel's tracepoints show the drop counters and event types of the specification."""
import sys
import yaml


def table(name, prefix, words):
    print("\nstatic const char * const %s[] = {" % name)
    for word in words:
        print('\t[%s%s] = "%s",' % (prefix, word.upper().replace("-", "_"), word))
    print("};")


spec = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
counters = next(s for s in spec["attribute-sets"] if s["name"] == "counter")
types = next(d for d in spec["definitions"] if d["name"] == "event-type")
print("/* SPDX-License-Identifier: GPL-2.0 */")
print("/* Made from include/nat64.yaml by include/regen; do not edit. */")
print("#include <uapi/linux/nat64.h>")
table("drop_names", "NAT64_A_COUNTER_",
      [a["name"] for a in counters["attributes"] if a["name"].startswith("drop-")])
table("event_names", "NAT64_EVENT_TYPE_", [e["name"] for e in types["entries"]])
