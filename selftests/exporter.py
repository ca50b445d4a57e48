# SPDX-License-Identifier: GPL-2.0
"""What exporter.sh asks of Prometheus, and does to the exporter.

exporter.py same PROMETHEUS STATS POOLS ICMP  Prometheus has just the metrics that these files make, the JSON of stats,
                                              of list pools and of list icmp; waits for it
exporter.py dashboard PROMETHEUS FILE         every query of the dashboard gives data, those of its variables too
exporter.py hostile HOST PORT PID             a scrape is answered whatever other clients do to the exporter
"""
import http.client
import json
import os
import re
import socket
import sys
import time
import urllib.parse

PATIENCE = 30
BOUND = 5  # seconds that a scrape may take here


def ask(prometheus, path, **words):
    http_ = http.client.HTTPConnection(prometheus, timeout=PATIENCE)
    http_.request("GET", f"/api/v1/{path}?" + urllib.parse.urlencode(words))
    answer = json.load(http_.getresponse())
    http_.close()
    if answer["status"] != "success":
        raise ValueError(answer["error"])
    return answer["data"]


def query(prometheus, expr):
    return ask(prometheus, "query", query=expr)["result"]


# --- what the metrics are to be

POOL = {"size": "addresses", "leased": "leased_addresses", "static": "static_addresses", "free": "free_addresses"}


def wanted(stats, pools, icmp):
    """Metrics, as (name, labels) -> value."""
    metrics = {}
    for row in stats:
        name, labels = row["counter"], ()
        if translated := re.fullmatch("([a-z]+)-(64|46)-(packets|bytes)", name):
            protocol, way, unit = translated.groups()
            name = f"translated_{unit}"
            labels = ("direction", {"64": "6to4", "46": "4to6"}[way]), ("protocol", protocol)
        elif name.startswith("drop-"):
            name, labels = "dropped_packets", (("reason", name[5:]),)
        metrics[f"nat64_{name.replace('-', '_')}_total", labels] = row["value"]
    for row in pools:
        labels = (("pool", row["prefix"]),)
        for key, name in POOL.items():
            metrics[f"nat64_pool_{name}", labels] = row.get(key, 0)
        metrics["nat64_pool_draining", labels] = int(row.get("drain", False))
    for row in icmp:
        labels = tuple((key, str(row[key])) for key in ("code", "direction", "type"))
        metrics["nat64_translated_icmp_packets_total", labels] = row["packets"]
    return metrics


def scraped(prometheus):
    metrics = {}
    for sample in query(prometheus, '{__name__=~"nat64_.+"}'):
        labels = sample["metric"]
        name = labels.pop("__name__")
        del labels["job"], labels["instance"]
        metrics[name, tuple(sorted(labels.items()))] = float(sample["value"][1])
    return metrics


def load(file):
    with open(file, encoding="utf-8") as text:
        return json.load(text)


def same(prometheus, stats, pools, icmp):
    want, until = wanted(load(stats), load(pools), load(icmp)), time.monotonic() + PATIENCE
    while (got := scraped(prometheus)) != want:
        if time.monotonic() > until:
            for key in sorted(want.keys() | got.keys()):
                if want.get(key) != got.get(key):
                    print(*key, "is", got.get(key), "and should be", want.get(key))
            return 1
        time.sleep(0.2)
    print(len(got), "samples,", sum(1 for value in got.values() if value), "of them not 0")
    return 0


# --- the dashboard

VARIABLES = {"$job": "nat64", "$instance": ".+", "$__rate_interval": "1m"}


def substituted(expr):
    for name, value in VARIABLES.items():
        expr = expr.replace(name, value)
    return expr


def choices(prometheus, file):
    """What the variables offer is as many values as are wanted below."""
    wanted, bad = {"job": ["nat64"], "instance": 1}, 0
    for variable in load(file)["templating"]["list"]:
        if variable["type"] != "query":
            continue
        series, label = re.fullmatch(r"label_values\((.+), (\w+)\)", substituted(variable["query"]["query"])).groups()
        got = ask(prometheus, f"label/{label}/values", **{"match[]": series})
        want = wanted.pop(variable["name"])
        good = variable["definition"] == variable["query"]["query"] and want in (got, len(got))
        bad += not good
        print(f"${variable['name']}: {label} of {series}: {got}", "" if good else f"and not {want}")
    return bad or len(wanted)


def dashboard(prometheus, file):
    bad, seen = choices(prometheus, file), 0
    for panel in load(file)["panels"]:
        for target in panel["targets"]:
            expr = substituted(target["expr"])
            try:
                result = query(prometheus, expr)
                why = None if result else "no data"
                if any(sample["value"][1] == "NaN" for sample in result):
                    why = "not a number"
            except ValueError as error:
                why = error
            seen += 1
            bad += bool(why)
            print(f"{panel['title']}: {expr}:", why or f"{len(result)} series")
    return not seen or bad > 0


# --- clients that one would rather not have

def connect(at, **options):
    client = socket.socket(socket.AF_INET6 if ":" in at[0] else socket.AF_INET)
    client.settimeout(PATIENCE)
    if "receive" in options:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["receive"])
    client.connect(at)
    return client


def read_all(client):
    """What the exporter says before it hangs up; None if it does not hang up."""
    said = b""
    try:
        while piece := client.recv(65536):
            said += piece
    except ConnectionError:
        pass
    except TimeoutError:
        return None
    return said


class Hostile:
    def __init__(self, host, port, pid):
        self.at, self.pid, self.bad = (host, int(port)), pid, 0

    def say(self, good, text):
        print("yes:" if good else "NO:", text)
        self.bad += not good

    def scrape(self, meanwhile):
        """Is answered soon, and the exporter does not hold more than it should."""
        begin = time.monotonic()
        http_ = http.client.HTTPConnection(*self.at, timeout=BOUND)
        try:
            http_.request("GET", "/metrics")
            answer = http_.getresponse()
            good = answer.status == 200 and b"\nnat64_leases_given_total " in answer.read()
        except OSError as error:
            print(error)
            good = False
        http_.close()
        took = time.monotonic() - begin
        files = len(os.listdir(f"/proc/{self.pid}/fd"))
        self.say(good and took < BOUND and files < 100, f"answered {meanwhile}: {took:.2f} s, {files} files open")

    def ask(self, text, status, what):
        client = connect(self.at)
        try:
            client.sendall(text)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        said = read_all(client)
        client.close()
        self.say(said is not None and re.match(status, said.decode("latin1")), f"{what}: {said and said[:40]}")

    def run(self):
        self.ask(b"GET /" + 100000 * b"a" + b" HTTP/1.1\r\n\r\n", "$|HTTP/1.1 414 ", "a long request line is refused")
        self.ask(b"GET /metrics HTTP/1.1\r\nHost: a\r\nX: " + 100000 * b"a" + b"\r\n\r\n", "$|HTTP/1.1 (413|431) ",
                 "so is a long header")
        self.ask(2000 * b"\0\xff", "$|HTTP/1.1 400 ", "and what is no HTTP")
        self.ask(b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n" + 100000 * b"a",
                 "$|HTTP/1.1 405 ", "and a long body")
        self.ask(b"GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n" + 100000 * b"a",
                 "$|HTTP/1.1 [245]", "also with GET")
        self.scrape("after what is no request")

        # None of these reads what it asked for.
        deaf = [connect(self.at, receive=1) for _ in range(20)]
        for client in deaf:
            client.settimeout(0)
            try:
                client.sendall(100 * b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
            except OSError:
                pass
        self.scrape("while 20 clients do not read")

        # The time-out is one of silence, and they are not silent.
        slow = []
        for _ in range(3):
            for _ in range(100):
                slow.append(connect(self.at))
            for client in slow:
                try:
                    client.send(b"G")
                except OSError:
                    pass
            self.scrape(f"while {len(slow)} clients say a letter now and then")
        return self.bad > 0


def hostile(host, port, pid):
    return Hostile(host, port, pid).run()


sys.exit({"same": same, "dashboard": dashboard, "hostile": hostile}[sys.argv[1]](*sys.argv[2:]))
