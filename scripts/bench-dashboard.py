#!/usr/bin/env python3
"""The measurements behind scripts/bench-dashboard. Everything is on loopback and ends by itself."""

import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_left

parser = argparse.ArgumentParser()
parser.add_argument("--tools", type=pathlib.Path, required=True)
parser.add_argument("--load", required=True, help="the program of scripts/bench-dashboard.c")
parser.add_argument("--rounds", type=int, default=20, help="blocks of deployments for each contestant")
parser.add_argument("--block", type=int, default=25, help="deployments in a block")
parser.add_argument("--streams", type=int, default=500)
parser.add_argument("--rate", type=int, default=200, help="requests per second")
parser.add_argument("--seconds", type=int, default=60, help="how long answers and changes are timed")
parser.add_argument("--deployments", type=int, nargs="+", default=[0, 1_000_000])
options = parser.parse_args()

maker = pathlib.Path(__file__).with_name("make-events")
PAGE = "/super-admin/deployments"
# What browsers and scripts ask for, in turn; after "=" with the tag of the last answer.
PATHS = [
    "=" + PAGE, f"={PAGE}?fragment=lock", f"={PAGE}?fragment=queue", f"={PAGE}?fragment=recent",
    f"={PAGE}?fragment=metrics", f"={PAGE}?fragment=alerts", "/api/admin/deployment-status",
    "=/api/admin/deployments", "=/api/admin/status", "/metrics", "/healthz", f"{PAGE}?outcome=failed",
]


def note(text):
    print(text, file=sys.stderr, flush=True)


def percentile(values, share):
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


class Place:
    """A ledger, a lock and a token file."""

    def __init__(self, deployments):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="deploy-ledger-bench-", dir="/var/tmp"))
        self.locks = pathlib.Path(tempfile.mkdtemp(prefix="deploy-ledger-bench-", dir="/run/lock"))
        self.ledger = self.path / "ledger.db"
        self.environment = {
            **os.environ, "DEPLOY_LEDGER_CONFIG": "/dev/null", "DEPLOY_LEDGER": str(self.ledger),
            "DEPLOY_LOCK_FILE": str(self.locks / "deploy.lock")}
        self.tokens = self.path / "tokens"
        self.token = self.run("deploy-dashboard", "token", "bench").split()[-1]
        if deployments:
            note(f"a ledger of {deployments} deployments")
            events = self.path / "events"
            with open(events, "w") as file:
                subprocess.run([maker, "--deployments", str(deployments)], stdout=file, check=True)
            subprocess.run(
                [options.tools / "deploystats", "import", "--events", events],
                env=self.environment, stdout=subprocess.DEVNULL, check=True)
            events.unlink()
        self.deploy()

    def run(self, tool, *arguments):
        return subprocess.run(
            [options.tools / tool, *arguments, "--token-file", self.tokens], check=True,
            env=self.environment, capture_output=True, text=True).stdout

    def deploy(self, *arguments):
        """Milliseconds of a whole deployment of `true`."""
        argv = [str(options.tools / "deploy-with-lock"), "--quiet", *arguments, "true"]
        start = time.perf_counter_ns()
        pid = os.posix_spawn(argv[0], argv, self.environment)
        _, status = os.waitpid(pid, 0)
        elapsed = (time.perf_counter_ns() - start) / 1e6
        assert os.waitstatus_to_exitcode(status) == 0
        return elapsed

    def events(self, since):
        """Numbers and times (µs) of the events after one."""
        with sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True) as base:
            return base.execute(
                "SELECT seq, at_us FROM event WHERE seq > ? ORDER BY seq", [since]).fetchall()

    def head(self):
        with sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True) as base:
            return base.execute("SELECT max(seq) FROM event").fetchone()[0]

    def remove(self):
        shutil.rmtree(self.path)
        shutil.rmtree(self.locks)


class Server:
    """The dashboard's process."""

    def __init__(self, place):
        self.place = place
        self.process = subprocess.Popen(
            [options.tools / "deploy-dashboard", "--port", "0", "--token-file", place.tokens,
             "--ledger", place.ledger, "--lock-file", place.environment["DEPLOY_LOCK_FILE"]],
            env=place.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"listening on \S*?:(\d+)/?$", line):
                self.port = int(found[1])
                break
        # What it says from now on, so that it never waits for a reader.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def memory(self, field="VmRSS"):
        """MiB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+)", text, re.M)[1]) / 1024

    def processor(self):
        """Seconds of processor time so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Ends it; returns the seconds that took."""
        start = time.monotonic()
        self.process.terminate()
        assert self.process.wait(30) == 0
        return time.monotonic() - start


class Load:
    """Streams and requests, until it is told to end."""

    def __init__(self, place, server):
        self.output = place.path / "load"
        self.process = subprocess.Popen(
            [options.load, str(server.port), place.token, str(options.streams), str(options.rate),
             self.output, "/events", *PATHS],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", self.output.read_text()

    def end(self):
        """What happened: answers as (path, status, µs, bytes), changes as (stream, µs, seq), and what
        went wrong."""
        self.process.stdin.close()
        assert self.process.wait(30) == 0
        answers, changes, wrong = [], [], []
        for line in self.output.read_text().splitlines():
            kind, *fields = line.split()
            if kind == "e":
                wrong.append(line)
            else:
                (answers if kind == "r" else changes).append(tuple(map(int, fields)))
        return answers, changes, wrong


def interleaved(place):
    """Milliseconds of deployments without a server, beside an idle one, and beside one under load,
    in blocks that take turns; one deployment each 50 ms."""
    times = {"none": [], "idle": [], "load": []}
    for turn in range(options.rounds):
        if turn % 5 == 0:
            note(f"round {turn + 1} of {options.rounds}")
        for name in times:
            server = Server(place) if name != "none" else None
            load = Load(place, server) if name == "load" else None
            place.deploy()
            for _ in range(options.block):
                start = time.monotonic()
                times[name].append(place.deploy())
                time.sleep(max(0, 0.05 - (time.monotonic() - start)))
            if load:
                _, _, wrong = load.end()
                assert not wrong, wrong[:5]
            if server:
                server.stop()
    return times


def watched(place, server):
    """Times of answers and changes while a deployment ends each second, also in a browser."""
    memory = {"idle": server.memory()}
    used = server.processor()
    load = Load(place, server)
    # The streams begin with what is the case: those are no changes.
    time.sleep(3)
    head = place.head()
    start = time.time()
    browser = Browser(place, server)
    for number in range(options.seconds):
        place.deploy("--sha", f"{number:040x}")
        time.sleep(max(0, start + number + 1 - time.time()))
    memory["load"] = server.memory()
    memory["most"] = server.memory("VmHWM")
    processor = (server.processor() - used) / (time.time() - start + 3)
    shown = browser.end()
    answers, changes, wrong = load.end()
    assert not wrong, wrong[:5]
    return answers, delays(place.events(head), changes), shown, memory, processor


def delays(events, changes):
    """For each event and stream, the milliseconds until the stream brought it or a later one."""
    streams = {}
    for stream, at_us, seq in changes:
        streams.setdefault(stream, []).append((seq, at_us))
    assert len(streams) == options.streams, f"{len(streams)} streams brought something"
    found = []
    for times in streams.values():
        times.sort()
        numbers = [seq for seq, _ in times]
        for seq, at_us in events:
            place = bisect_left(numbers, seq)
            assert place < len(times), f"event {seq} never reached a stream"
            found.append((times[place][1] - at_us) / 1e3)
    return found


class Browser:
    """A page in Chromium, in a process of its own that writes down when commits appeared."""

    CODE = r"""
import json, sys
from playwright.sync_api import sync_playwright
link, page_url, token = sys.argv[1:]
with sync_playwright() as driver:
    browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = browser.new_page()
    page.goto(link)
    page.locator("input[type=password]").fill(token)
    page.locator("button").first.click()
    page.wait_for_url("**" + page_url)
    page.evaluate('''() => {
        window.seen = {};
        const newest = () => document.querySelector('#part-recent tbody tr th')?.textContent.trim();
        const first = newest();
        new MutationObserver(() => {
            const name = newest();
            if (name && name !== first) seen[name] ??= Date.now();
        }).observe(document.querySelector('main'), {subtree: true, childList: true});
    }''')
    print("ready", flush=True)
    sys.stdin.read()
    print(json.dumps(page.evaluate("seen")))
    browser.close()
"""

    def __init__(self, place, server):
        self.place = place
        origin = f"http://127.0.0.1:{server.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.CODE, f"{origin}/login", PAGE, place.token],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def end(self):
        """Milliseconds from the end of each deployment to the page that showed its row."""
        time.sleep(2)
        seen = json.loads(self.process.communicate()[0])
        with sqlite3.connect(f"file:{self.place.ledger}?mode=ro", uri=True) as base:
            times = dict(base.execute(
                "SELECT number, requested_at_us FROM deployment ORDER BY n DESC LIMIT 1000"))
        return [
            at - times[int(number)] / 1e3 for text, at in seen.items()
            if (number := re.sub(r"\D", "", text)) and int(number) in times]


def measure(place):
    times = interleaved(place)
    server = Server(place)
    answers, news, shown, memory, processor = watched(place, server)
    # All of them still open.
    load = Load(place, server)
    ended = server.stop()
    load.process.kill()
    load.process.wait()
    medians = {name: statistics.median(values) for name, values in times.items()}
    assert all(status in (200, 304) for _, status, _, _ in answers), {
        (PATHS[path], status) for path, status, _, _ in answers if status not in (200, 304)}
    figures = {
        "`deploy-with-lock true`, no dashboard": f"{medians['none']:.2f} ms",
        "beside an idle dashboard": f"{medians['idle']:.2f} ms",
        "beside one under load": f"{medians['load']:.2f} ms",
        "under load against none (target ≤ 1.05 ×)": f"{medians['load'] / medians['none']:.3f} ×",
        "the slowest: none, idle, under load (target ≤ 50 ms)": ", ".join(
            f"{max(values):.1f}" for values in times.values()) + " ms",
        "answers, p50, p99, max": ", ".join(
            f"{value / 1e3:.1f}" for value in spread([each[2] for each in answers])) + " ms",
        "a change on a stream, p50, p99, max (target ≤ 1 s)": ", ".join(
            f"{value:.0f}" for value in spread(news)) + " ms",
        "a new row in a browser, p50, p99, max (target ≤ 1 s)": ", ".join(
            f"{value:.0f}" for value in spread(shown)) + f" ms, of {len(shown)}",
        "memory: idle, under load, most": f"{memory['idle']:.0f}, {memory['load']:.0f}, "
        f"{memory['most']:.0f} MiB",
        "of it for each stream": f"{(memory['load'] - memory['idle']) * 1024 / options.streams:.0f} KiB",
        "processor, of one": f"{processor * 100:.0f} %",
        f"SIGTERM with {options.streams} streams (target ≤ 10 s)": f"{ended:.1f} s",
    }
    for index, path in enumerate(PATHS):
        mine = [each[2] / 1e3 for each in answers if each[0] == index]
        tag = " with the last tag" if path.startswith("=") else ""
        figures[f"`GET {path.lstrip('=')}`{tag}, p50, p99"] = (
            f"{percentile(mine, 0.5):.1f}, {percentile(mine, 0.99):.1f} ms")
    return figures


def spread(values):
    return percentile(values, 0.5), percentile(values, 0.99), max(values)


busy = os.getloadavg()[0]
# Filling a ledger takes minutes; what is measured follows without a pause.
places = [Place(count) for count in options.deployments]
try:
    columns = [measure(place) for place in places]
finally:
    for place in places:
        place.remove()
cpu = next(
    (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "?")
memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
heading = " | ".join(
    f"{count:,} deployments" if count else "a new ledger" for count in options.deployments)
print(f"""## The dashboard

Printed by `scripts/bench-dashboard`: the static binaries, {options.streams} open streams and
{options.rate} requests a second from a program on the same machine, whose share of it is in the figures.
Deployments in blocks of {options.block}, one each 50 ms, in turns without a dashboard, beside an idle
one and beside one under load, {options.rounds} rounds. Answers and changes are timed for
{options.seconds} s, with a deployment each second: an answer from when it was due to be asked for, a
change from the time of its event.

Machine: {cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, \
{time.strftime('%Y-%m-%d')}; load
{busy:.1f} before and {os.getloadavg()[0]:.1f} after.

| what | {heading} |
|---|{'---|' * len(columns)}""")
for name in columns[0]:
    print(f"| {name} | " + " | ".join(figures[name] for figures in columns) + " |")
