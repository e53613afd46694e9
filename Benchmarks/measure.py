"""What the benchmarks share: a server under load, what it costs, and ratios of medians."""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "Tests/Integration"))
import ttlv  # noqa: E402

BATCH = 1_000
TAGGED = 10  # objects that share a tag
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def say(text):
    print(text, file=sys.stderr, flush=True)


def spaced(number):
    return f"{number:,}".replace(",", " ")


class Process:
    """A server under load: its address, and what it costs."""

    def __init__(self, name, command, log):
        self.name = name
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [str(part).replace("{port}", str(self.port)) for part in command]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("KMS_", "COSMIAN_"))}
        self.log = log
        started = time.monotonic()
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                break
            if self.process.poll() is not None or time.monotonic() - started > 20:
                sys.exit(f"{name} did not start:\n{pathlib.Path(log).read_text(errors='replace')}")
            time.sleep(0.001)
        self.listening_s = time.monotonic() - started

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/kmip/2_1"

    def cpu_s(self):
        """User and system time of the process so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024

    def post(self, body):
        data = body if isinstance(body, bytes) else ttlv.dumps(body).encode()
        request = urllib.request.Request(self.url, data, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            sys.exit(f"{self.name} answered {error.code}: {error.read().decode(errors='replace')[:400]}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()


class Figures:
    """Measurements by name, one for each round."""

    def __init__(self, folder, seconds):
        self.folder, self.seconds = folder, seconds
        self.figures = {}  # name -> list over rounds of {per_s, p50_us, p99_us, cpu_us}
        self.servers = {}

    def start(self, name, command):
        self.servers[name] = Process(name, command, self.folder / f"{name}.log")
        return self.servers[name]

    def kmsd(self, name, binary, *options):
        """A server that has answered once."""
        server = self.start(name, [binary, *options, "--hostname=127.0.0.1", "--port={port}"])
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{server.port}/version", timeout=5).read()
                return server
            time.sleep(0.001)

    def stop(self):
        for server in self.servers.values():
            server.stop()

    def fill(self, server, count):
        """Creates `count` keys; every ten share a tag."""
        def fill_batch(first):
            answer = server.post(ttlv.message(*(
                ttlv.create(tagged=[f"group-{(first + i) // TAGGED}"]) for i in range(min(BATCH, count - first)))))
            statuses = {ttlv.child(i, "ResultStatus") for i in answer["value"][1]["value"]}
            if statuses != {"Success"}:
                raise RuntimeError(f"could not fill the database: {statuses}")

        # Side by side, since writes that wait together are committed together.
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(fill_batch, range(0, count, BATCH)))

    def body(self, name, item):
        path = self.folder / f"{name}.json"
        path.write_bytes(ttlv.dumps(item).encode())
        return path

    def load(self, name, server, body, connections, items=1):
        """Runs wrk once; files the figures under `name`, CPU time for each of a request's items."""
        environment = {**os.environ, "BODY": str(body)}
        before = server.cpu_s()
        out = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{self.seconds}s", "--latency", "--timeout", "30s",
             "-s", str(HERE / "wrk/post.lua"), server.url],
            env=environment, capture_output=True, text=True, check=True).stdout
        spent = server.cpu_s() - before
        found = json.loads(out.strip().splitlines()[-1])
        if found["requests"] == 0 or found["not_2xx"] or found["broken"]:
            sys.exit(f"{name}: not every request was answered well: {found}\n{out}")
        self.file(name, per_s=found["requests"] / found["seconds"], p50_us=found["p50_us"],
                  p99_us=found["p99_us"], cpu_us=spent * 1e6 / found["requests"] / items)

    def file(self, name, **figures):
        self.figures.setdefault(name, []).append(figures)

    def median(self, name, figure="per_s"):
        values = [r[figure] for r in self.figures.get(name, []) if figure in r]
        return statistics.median(values) if values else None

    def ratio(self, over, under, figure):
        pairs = zip(self.figures[over], self.figures[under])
        return statistics.median(a[figure] / b[figure] for a, b in pairs)

    def row(self, title, name, note=""):
        if name not in self.figures:
            return None

        def cell(figure, form):
            value = self.median(name, figure)
            return "" if value is None else format(value, form)

        return (f"| {title} | {cell('per_s', ',.0f')} | {cell('p50_us', ',.0f')} | {cell('p99_us', ',.0f')} "
                f"| {cell('cpu_us', '.1f')} | {note} |")


def verdicts(found):
    """The table of targets, of (title, value, sense, limit) each, and how many were missed."""
    rows, missed = ["| target | found | wanted | |", "| --- | --: | --: | --- |"], 0
    for title, value, sense, limit in found:
        met = value >= limit if sense == ">=" else value <= limit if sense == "<=" else value < limit
        missed += not met
        rows.append(f"| {title} | {value:.2f} | {sense} {limit:g} | {'pass' if met else 'FAIL'} |")
    return rows, missed
