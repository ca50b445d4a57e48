# SPDX-License-Identifier: GPL-2.0
"""Some rows of other tables, with a listener on the router's links: each buffer is shared when the
translator comes to write it. The listener must find what was sent, the receiver what is right."""
import rfc4884
import rfc7915_46
import rfc7915_64
import rfc7915_icmp
from wire import run


def some(table, *wanted):
    rows = [row for row in table if any(text in row["desc"] for text in wanted)]
    assert len(rows) >= len(wanted)
    return rows


table = [
    *some(rfc7915_64.table, "UDP with an odd", "TCP SYN", "all of them", "hop limit 1:", "one segment left:",
          "the first fragment", "ffff"),
    *some(rfc7915_46.table, "UDP with an odd", "TCP SYN", "TTL 1:", "option skipped", "cut", "computed", "the first fragment",
          "record route"),
    *some(rfc7915_icmp.table, "1/4 becomes", "3/3 becomes", "MTU 1400", "56 bytes", "quotes TCP", "another fragment",
          "1500 bytes"),
    *rfc4884.table,
]

if __name__ == "__main__":
    run(table, tapped=True)
