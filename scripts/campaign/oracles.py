"""What must hold of a place after anything was done to it. Each returns what is wrong."""

import os
import signal
import subprocess

from place import wait_for

HAD_THE_LOCK = ("succeeded", "failed", "force_unlocked", "orphaned")


def words_at_end(process, seconds):
    """What a process says on stderr; None when it does not end, and is ended."""
    try:
        return process.communicate(timeout=seconds)[1]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None


def own_code(expected, code, log, words):
    """The command's own code; or it did not run, and that was said."""
    ran = any(line[0] == "start" for line in log)
    if ran and code != expected:
        return [f"exit code {code} for {expected}: {words.decode(errors='replace')[:200]}"]
    if not ran and (code in (0, expected) or not words.strip()):
        return [f"nothing ran, exit code {code}: {words.decode(errors='replace')[:200]}"]
    return []


def exclusion(place):
    try:
        overlaps = (place.here / "overlaps").read_text().split()
    except FileNotFoundError:
        return []
    return [f"two commands at once: number {number}" for number in overlaps]


def order(place):
    numbers = [int(line[1]) for line in place.log() if line[0] == "start" and len(line) == 4]
    return [
        f"number {later} ran before {earlier}"
        for later, earlier in zip(numbers, numbers[1:]) if earlier <= later]


def freedom(place):
    return [] if wait_for(place.is_free) else ["the lock stays stuck"]


def outcomes(place):
    """Every command that began belongs to a deployment with exactly one outcome, the true one."""
    wrong = []
    finals = dict(place.query(
        "SELECT deployment, count(outcome) FROM event WHERE deployment IS NOT NULL "
        "GROUP BY deployment"))
    rows = {row[0]: row[1:] for row in place.query(
        "SELECT id, number, outcome, exit_code FROM deployment")}
    ended = {line[1]: int(line[2]) for line in place.log() if line[0] == "end"}
    for line in place.log():
        if line[0] != "start" or len(line) != 4:
            continue
        number, deployment = line[1], line[2]
        if deployment not in rows:
            wrong.append(f"#{number} ran and is not in the ledger")
            continue
        _, outcome, code = rows[deployment]
        if outcome not in HAD_THE_LOCK:
            wrong.append(f"#{number} ran and its outcome is {outcome}")
        if outcome == "succeeded" and ended.get(number) not in (0, None):
            wrong.append(f"#{number} ended with {ended[number]} and is recorded as succeeded")
        if outcome == "failed" and code is not None and number in ended and ended[number] != code:
            wrong.append(f"#{number} ended with {ended[number]}, recorded is {code}")
    wrong += [
        f"deployment {deployment} has {count} outcomes"
        for deployment, count in finals.items() if count != 1]
    return wrong


def true_ends(place, marks):
    """Of a command that began nobody may say that its end is unknown while wrapper or keeper lived."""
    began = {line[2] for line in place.log() if line[0] == "start" and len(line) == 4}
    orphaned = {url: deployment for deployment, url in place.query(
        "SELECT id, run_url FROM deployment WHERE outcome = 'orphaned'")}
    return [
        f"{mark} ran, its end was seen and is recorded as orphaned"
        for mark in marks if orphaned.get(mark) in began]


def not_started(place, marks):
    """A command that is said not to have started did not."""
    began = {line[2] for line in place.log() if line[0] == "start" and len(line) == 4}
    ids = dict(place.query("SELECT run_url, id FROM deployment WHERE run_url IS NOT NULL"))
    return [f"{mark} ended with 71, but ran" for mark in marks if ids.get(mark) in began]


def records(place):
    """The chain and all that is derived from it."""
    run = place.run([place.tool("deploystats"), "verify"])
    if run.returncode == 0:
        return []
    return [f"verify ends with {run.returncode}: {(run.stdout + run.stderr)[:300]}"]


def tidiness(place):
    """Nothing is left that nobody needs."""
    wrong = [f"left in the queue: {name}" for name in place.names(
        "run/deploy.lock.queue", "ticket-*", "new-*", "abandoned-*")]
    wrong += [f"left beside the lock: {name}" for name in place.names("run", "*.tmp", "*.new")]
    wrong += [f"left in the spool: {name}" for name in place.names("state/spool", "[!.]*")]
    wrong += [f"a ledger was set aside: {name}" for name in place.names("state", "*.corrupt-*")]
    return wrong


def healthy(place, runs=2):
    """Two deployments without any trouble bring everything in order."""
    wrong = []
    for _ in range(runs):
        run = place.run(place.deploy(code=0))
        if run.returncode != 0:
            wrong.append(f"a healthy run ends with {run.returncode}: {run.stderr[:300]}")
    # On a loaded machine the last one may give up recording after its budget; then its events are in
    # its ticket for the next one. Tickets of others had their two runs.
    for _ in range(5):
        last = [line[1] for line in place.log() if line[0] == "start"][-1:]
        if place.names("run/deploy.lock.queue", "ticket-*") != [f"ticket-{n}" for n in last]:
            break
        place.run(place.deploy(code=0))
    return wrong


ALL = (exclusion, order, freedom, healthy, outcomes, records, tidiness)


def everything(place, but=()):
    """All that is wrong."""
    return [words for oracle in ALL if oracle not in but for words in oracle(place)]
