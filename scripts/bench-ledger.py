#!/usr/bin/env python3
"""The measurements behind scripts/bench-ledger."""

import argparse
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--tool", required=True)
parser.add_argument("--before", help="an older deploystats, for comparison")
parser.add_argument("--deployments", type=int, default=1_000_000)
parser.add_argument("--rounds", type=int, default=1)
options = parser.parse_args()

here = tempfile.mkdtemp(prefix="deploy-ledger-bench-", dir="/var/tmp")
maker = pathlib.Path(__file__).with_name("make-events")
env = dict(os.environ, DEPLOY_LEDGER_CONFIG="/dev/null")
tools = {"after": options.tool} | ({"before": options.before} if options.before else {})


class Run:
    """One process: how long it took, what of the processors and of memory."""

    def __init__(self, tool, *arguments):
        print(tool, *arguments, file=sys.stderr, flush=True)
        start = time.perf_counter()
        process = subprocess.Popen([tool, *arguments], env=env, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - start
        if status:
            sys.exit(f"failed: {tool} {arguments}")
        self.processor = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024


def best(runs):
    return min(runs, key=lambda run: run.seconds)


def events_file(tool):
    """What it imports; older programs do not know every kind of event."""
    path = f"{here}/events.ndjson"
    if not os.path.exists(path):
        with open(path, "w") as file:
            subprocess.run(
                [maker, "--deployments", str(options.deployments)], stdout=file, check=True)
    if tool == options.tool:
        return path
    older = f"{here}/older.ndjson"
    if not os.path.exists(older):
        with open(path) as source, open(older, "w") as file:
            file.writelines(line for line in source if '"kind":"wrapper_lost"' not in line)
    return older


def head(tool, ledger, back=0):
    """The head a number of events before the end."""
    query = f"SELECT seq || ':' || lower(hex(hash)) FROM event ORDER BY seq DESC LIMIT 1 OFFSET {back}"
    return subprocess.run(
        [tool, "sql", query, "--ledger", ledger, "--format", "csv"], env=env, check=True,
        capture_output=True, text=True).stdout.split()[-1]


def measure(name, tool):
    ledger = f"{here}/{name}.db"
    file = events_file(tool)
    runs = {"import": [], "verify": []}
    for _ in range(options.rounds):
        for suffix in ("", "-wal", "-shm", ".lock"):
            pathlib.Path(ledger + suffix).unlink(missing_ok=True)
        runs["import"].append(Run(tool, "import", "--events", file, "--ledger", ledger))
        runs["verify"].append(Run(tool, "verify", "--ledger", ledger))
    events = int(head(tool, ledger).split(":")[0])
    importing, verifying = best(runs["import"]), best(runs["verify"])
    figures = {
        "events": f"{events:,}",
        "`import --events`, all of it": f"{importing.seconds:.1f} s",
        "events a second": f"{events / importing.seconds:,.0f}",
        "processor time of it": f"{importing.processor:.1f} s",
        "resident memory at most": f"{importing.memory:.0f} MB",
        "`verify`, all of it": f"{verifying.seconds:.1f} s",
        "processor time of `verify`": f"{verifying.processor:.1f} s",
        "resident memory of `verify` at most": f"{verifying.memory:.0f} MB",
    }
    if tool == options.tool:
        for back in (1000, 100_000):
            since = head(tool, ledger, back)
            run = best(
                [Run(tool, "verify", "--since-head", since, "--ledger", ledger) for _ in range(5)])
            figures[f"`verify --since-head`, the last {back:,} events"] = f"{run.seconds * 1e3:.0f} ms"
    return figures


try:
    busy = os.getloadavg()[0]
    columns = {name: measure(name, tool) for name, tool in tools.items()}
    cpu = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(
        f"""## All of a large ledger

Printed by `scripts/bench-ledger`: whole processes of the static release binary, {options.deployments:,}
deployments from `scripts/make-events`, files in the page cache, the best of {options.rounds}.

Machine: {cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, \
{time.strftime('%Y-%m-%d')}; load
{busy:.1f} before and {os.getloadavg()[0]:.1f} after (ours is 2).

| what | {" | ".join(columns)} |
|---|{'---|' * len(columns)}""")
    for row in columns["after"]:
        print(f"| {row} | " + " | ".join(figures.get(row, "–") for figures in columns.values()) + " |")
finally:
    shutil.rmtree(here, ignore_errors=True)
