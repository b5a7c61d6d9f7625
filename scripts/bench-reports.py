#!/usr/bin/env python3
"""The measurements behind scripts/bench-reports."""

import argparse
import os
import pathlib
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone

parser = argparse.ArgumentParser()
parser.add_argument("--tool", required=True)
parser.add_argument("--rounds", type=int, default=9)
parser.add_argument("--duckdb", help="a Python that has DuckDB, for the peer")
parser.add_argument("--deployments", type=int, nargs="+", default=[100_000, 1_000_000])
options = parser.parse_args()

here = tempfile.mkdtemp(prefix="deploy-ledger-bench-", dir="/var/tmp")
maker = pathlib.Path(__file__).with_name("make-events")
env = dict(os.environ, DEPLOY_LEDGER_CONFIG="/dev/null")
week = ["--since", "2025-12-25", "--until", "2026-01-01"]


def note(text):
    print(text, file=sys.stderr, flush=True)


def median(ledger, arguments, rounds):
    """Milliseconds of a whole process whose output goes to a file nobody reads."""
    argv = [options.tool, *arguments, "--ledger", ledger]
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(argv, env=env, stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def text(milliseconds):
    return f"{milliseconds:.1f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.2f} s"


def named_queries(base, count):
    """The questions of an incident, in the middle of the ledger and at its end."""
    queries = {}
    for place, day, n in [("middle", "2025-01-01", count // 2), ("end", "2025-12-31", count - 999)]:
        waiter, lock = base.execute(
            "SELECT number, lock FROM deployment WHERE n >= ? AND wait_us > 60000000 LIMIT 1", (n,)
        ).fetchone()
        sha, person = base.execute(
            "SELECT sha, actor FROM deployment WHERE n >= ? AND sha IS NOT NULL LIMIT 1", (n,)
        ).fetchone()
        next_day = f"{day[:-2]}{int(day[-2:]) + 1:02}" if place == "middle" else "2026-01-01"
        window = ["--param", f"since={day}", "--param", f"until={next_day}"]
        at = f"{day}T12:00:00Z"
        queries |= {
            f"holder-at`, {place}": ["holder-at", at],
            f"queue-at`, {place}": ["queue-at", at],
            f"last-good-before`, {place}": ["last-good-before", at],
            f"overlap`, an hour, {place}": ["overlap", at, f"{day}T13:00:00Z"],
            f"timeline`, an hour, {place}": ["timeline", at],
            f"blocked-by`, {place}": ["blocked-by", str(waiter), "--param", f"lock={lock}"],
            f"commit`, {place}": ["commit", sha[:8]],
            f"actor`, a day, {place}": ["actor", person, *window],
            **{
                f"{name}`, a day, {place}": [name, *window]
                for name in (
                    "forced-unlocks", "double-holders", "orphans", "timeouts", "skips", "slow",
                    "gaps", "retries", "integrity",
                )
            },
        }
    queries |= {f"{name}`, all": [name] for name in ("forced-unlocks", "orphans", "timeouts")}
    return queries


# The same figures by DuckDB from a native copy of the table of deployments: percentiles, rates and
# counts in one statement each, the queue as a step function over all starts and ends.
PEER = """
import duckdb, sys, time
path, since, until = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
base = duckdb.connect(path, read_only=True)
args = {"since": since, "until": until}
statements = [
    '''SELECT count(*), quantile_disc(wait_us, 0.5), quantile_disc(wait_us, 0.95), max(wait_us),
              count(*) FILTER (WHERE outcome = 'timed_out'), count(acquired_at_us),
              count(*) FILTER (WHERE acquired_at_us IS NULL AND outcome = 'cancelled')
       FROM deployment WHERE queue_left_at_us >= $since AND queue_left_at_us < $until
         AND (acquired_at_us IS NOT NULL OR outcome IN ('timed_out', 'cancelled'))''',
    '''SELECT tier, count(*), quantile_disc(held_us, 0.5), quantile_disc(held_us, 0.95), max(held_us)
       FROM deployment WHERE ended_at_us >= $since AND ended_at_us < $until
         AND outcome = 'succeeded' GROUP BY tier''',
    '''SELECT outcome, reason, count(*), count(acquired_at_us), count(*) FILTER (WHERE overran)
       FROM deployment WHERE ended_at_us >= $since AND ended_at_us < $until
       GROUP BY outcome, reason''',
    '''WITH waiter AS (
           SELECT lock, greatest(requested_at_us, $since) AS from_us,
                  least(coalesce(queue_left_at_us, $until), $until) AS to_us
           FROM deployment
           WHERE coalesce(queue_left_at_us, $until) >= $since AND requested_at_us < $until
             AND (acquired_at_us IS NOT NULL OR outcome IS NULL
                  OR outcome NOT IN ('skipped', 'refused'))
             AND NOT (acquired_at_us IS NOT NULL AND ahead = 0 AND wait_us < 10000)
       ), step AS (
           SELECT lock, from_us AS at_us, 1 AS step FROM waiter WHERE to_us > from_us
           UNION ALL SELECT lock, to_us, -1 FROM waiter WHERE to_us > from_us
       ), level AS (
           SELECT lock, at_us, sum(step) OVER w AS length,
                  lead(at_us, 1, $until) OVER w - at_us AS us
           FROM step
           WINDOW w AS (PARTITION BY lock ORDER BY at_us, step ROWS UNBOUNDED PRECEDING)
       )
       SELECT lock, max(length), sum(length * us), sum(us) FILTER (WHERE length >= 3)
       FROM level GROUP BY lock''',
]
def run():
    start = time.perf_counter()
    for statement in statements: base.execute(statement, args).fetchall()
    return (time.perf_counter() - start) * 1e3
run()
print(sorted(run() for _ in range(5))[2])
"""
COPY = """
import duckdb, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute('''
    SELECT lock, tier, outcome, reason, requested_at_us, queue_left_at_us, acquired_at_us,
           ended_at_us, wait_us, held_us, ahead,
           outcome IS 'failed' AND EXISTS (SELECT 1 FROM event WHERE event.deployment = deployment.id
                                           AND kind = 'overran')
    FROM deployment ORDER BY n''')
import csv, os, tempfile
with tempfile.NamedTemporaryFile('w', suffix='.csv', dir=os.path.dirname(sys.argv[2])) as file:
    csv.writer(file).writerows(rows)
    file.flush()
    duckdb.connect(sys.argv[2]).execute(f'''
        CREATE TABLE deployment AS SELECT * FROM read_csv('{file.name}', header = false, columns = {{
            'lock': 'VARCHAR', 'tier': 'VARCHAR', 'outcome': 'VARCHAR', 'reason': 'VARCHAR',
            'requested_at_us': 'BIGINT', 'queue_left_at_us': 'BIGINT', 'acquired_at_us': 'BIGINT',
            'ended_at_us': 'BIGINT', 'wait_us': 'BIGINT', 'held_us': 'BIGINT', 'ahead': 'BIGINT',
            'overran': 'BOOLEAN'}})''')
"""


def peer(copy, since, until):
    """Milliseconds of DuckDB's queries alone, in a process that has everything open."""
    times = [
        str(int(datetime.fromisoformat(day).replace(tzinfo=timezone.utc).timestamp()) * 10**6)
        for day in (since, until)]
    result = subprocess.run(
        [options.duckdb, "-c", PEER, copy, *times], check=True, capture_output=True, text=True)
    return float(result.stdout)


def measure(count):
    ledger = f"{here}/{count}.db"
    note(f"a ledger of {count} deployments")
    events_file = f"{here}/{count}.ndjson"
    with open(events_file, "w") as file:
        subprocess.run([maker, "--deployments", str(count)], stdout=file, check=True)
    median(ledger, ["import", "--events", events_file], 1)
    os.remove(events_file)
    with sqlite3.connect(ledger) as base:
        middle = base.execute("SELECT id FROM deployment WHERE n = ?", (count // 2,)).fetchone()[0]
        events = base.execute("SELECT max(seq) FROM event").fetchone()[0]
        queries = named_queries(base, count)
    base.close()
    figures = {
        "events in it": str(events), "size": f"{os.path.getsize(ledger) / 2**20:.0f} MiB",
    }
    cases = {
        "`metrics`, the last 7 days": (["metrics", *week], options.rounds),
        "`metrics`, 7 days in the middle": (
            ["metrics", "--since", "2025-01-01", "--until", "2025-01-08"], options.rounds),
        "`report`, the last week, as a page": (
            ["report", "--week", "2025-W52", "--format", "html"], options.rounds),
        "`report`, a week in the middle, as JSON": (
            ["report", "--week", "2025-W01", "--format", "json"], options.rounds),
        "`metrics`, all of 2 years": (["metrics", "--since", "2023-12-01", *week[2:]], 3),
        "`metrics --tier docker`, all of 2 years": (
            ["metrics", "--since", "2023-12-01", *week[2:], "--tier", "docker"], 3),
        "`metrics --source gha`, all of 2 years": (
            ["metrics", "--since", "2023-12-01", *week[2:], "--source", "gha"], 3),
        "`metrics --format prometheus`": (["metrics", "--format", "prometheus"], 3),
        "`explain lock-wait-time`, the last 7 days": (
            ["explain", "lock-wait-time", *week, "--format", "ndjson"], options.rounds),
        "`events --limit 50`": (["events", "--limit", "50"], options.rounds),
        "`events`, the last day, NDJSON": (
            ["events", "--since", "2025-12-31", "--format", "ndjson"], options.rounds),
        "`deployments`": (["deployments"], options.rounds),
        "`deployments --limit 0`, the last day": (
            ["deployments", "--since", "2025-12-31", "--limit", "0"], options.rounds),
        "`show ID`": (["show", middle], options.rounds),
        **{f"`query {name}": (["query", *arguments, "--format", "json"], options.rounds)
           for name, arguments in queries.items()},
    }
    for name, (arguments, rounds) in cases.items():
        note(name)
        if rounds > 1:
            median(ledger, arguments, 1)
        figures[name] = text(median(ledger, arguments, rounds))
    if options.duckdb:
        note("DuckDB")
        copy = f"{here}/{count}.duckdb"
        subprocess.run([options.duckdb, "-c", COPY, ledger, copy], check=True)
        for name, since in (("the last 7 days", "2025-12-25"), ("all of 2 years", "2023-12-01")):
            figures[f"the same by DuckDB, {name}, queries alone"] = text(
                peer(copy, since, "2026-01-01"))
        os.remove(copy)
    return figures


def growth(counts):
    """How many times the 7 days take in the largest ledger as in the smallest, interleaved."""
    times = {count: [] for count in counts}
    for _ in range(41):
        for count in counts:
            times[count].append(median(f"{here}/{count}.db", ["metrics", *week], 1))
    return statistics.median(times[counts[-1]]) / statistics.median(times[counts[0]])


try:
    busy = os.getloadavg()[0]
    columns = [measure(count) for count in options.deployments]
    cpu = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    heading = " | ".join(f"{count:,} deployments" for count in options.deployments)
    print(
        f"""## Reports over large ledgers

Printed by `scripts/bench-reports`: whole processes of the static release binary, the ledger in the
page cache, medians of {options.rounds} runs (3 of all years). The events
come from `scripts/make-events`: 8 locks, 2 years, so 7 days are about one in a hundred deployments.
DuckDB computes the same figures from a native copy, in a process that has it open.

Machine: {cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, \
{time.strftime('%Y-%m-%d')}; load
{busy:.1f} before and {os.getloadavg()[0]:.1f} after (ours is 1).

| what | {heading} |
|---|{'---|' * len(columns)}"""
    )
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(figures[name] for figures in columns) + " |")
    if len(columns) > 1:
        print(
            f"\n`metrics`, the last 7 days, in the largest ledger against the smallest, 41 rounds "
            f"interleaved: {growth(options.deployments):.2f} ×."
        )
finally:
    shutil.rmtree(here, ignore_errors=True)
