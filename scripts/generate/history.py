#!/usr/bin/env python3
"""Prints the events of 41 deployments, the last of which ended five minutes ago.

Usage: scripts/generate/history.py LOCK | deploystats import --events - --ledger PATH

Every time the same but for the moment: #10 and #30 failed, every fifth waited for the one before.
"""

import hashlib
import json
import socket
import sys
import time

SECOND = 1_000_000
MINUTE = 60 * SECOND
COUNT = 41


def canonical(members):
    return json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def uuid(at_us, number):
    """UUIDv7, as those of the tools."""
    low = hashlib.sha1(f"{at_us} {number}".encode()).hexdigest()
    return f"{at_us // 1000:012x}7{low[:3]}"[:8] + "-" + f"{at_us // 1000:012x}"[8:] \
        + f"-7{low[:3]}-8{low[3:6]}-{low[6:18]}"


def held(number):
    """How long a deployment has the lock: two to five minutes."""
    return (130 + number * 37 % 160) * SECOND


def times():
    """When each asked, got the lock and released it, from the first."""
    asked = [0]
    for number in range(2, COUNT + 1):
        waits = number % 5 == 0
        asked.append(asked[-1] + (held(number - 1) - MINUTE if waits else 25 * MINUTE))
    free = 0
    for number, at in enumerate(asked, 1):
        turn = max(at + 3000, free)
        free = turn + held(number)
        yield number, at, turn, free


def main():
    lock = sys.argv[1]
    planned = list(times())
    begin = time.time_ns() // 1000 - 5 * MINUTE - planned[-1][3]
    events = []
    for number, asked, turn, end in planned:
        facts = {
            "deployment": uuid(begin + asked, 0), "host": socket.gethostname(), "lock": lock,
            "number": number, "pid": 4000 + number, "user": "deploy",
        }
        failed = number in (10, 30)
        detail = canonical({"command": ["./deploy.sh", "web"], "directory": "/srv/app"})
        salt = hashlib.md5(str(number).encode()).hexdigest()
        events.append((begin + asked, {
            **facts, "kind": "requested", "actor": "deploy", "claimed_actor": "ann", "ahead": int(turn - asked > MINUTE / 2),
            "boot": "8f7e1b52-5d0d-4e0e-9a53-6f2d0f3c1c11", "pid_start": 1000 + number, "source": "gha",
            "tier": "docker", "ref": "main", "sha": hashlib.sha1(str(number).encode()).hexdigest()[:10],
            "run_url": f"https://github.com/example/shop/actions/runs/{460 + number}", "uid": 1001,
            "detail_hash": hashlib.sha256(bytes.fromhex(salt) + detail.encode()).hexdigest(),
        }, canonical({"detail": detail, "salt": salt})))
        events.append((begin + turn, {**facts, "kind": "acquired", "wait_us": turn - asked}, None))
        events.append((begin + end, {
            **facts, "kind": "released", "wait_us": turn - asked, "held_us": end - turn,
            "exit_code": 3 if failed else 0, "outcome": "failed" if failed else "succeeded",
        }, None))
    for number, (at, facts, detail) in enumerate(sorted(events, key=lambda event: event[0])):
        print(canonical({"at_us": at, "id": uuid(at, number + 1), "mono_us": at, "v": 1, **facts}))
        if detail:
            print(detail)


main()
