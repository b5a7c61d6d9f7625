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


def seen_ends(place, dead):
    """Where no process was killed every end was seen, except those of the given number that died before."""
    orphans = place.query("SELECT number FROM deployment WHERE outcome = 'orphaned' ORDER BY number")
    return [f"#{number} is recorded as orphaned" for (number,) in orphans[dead:]]


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
    """Nothing is left that nobody needs, at once."""
    needed = {
        "command", "log", "alone", "overlaps", "trace", "run/deploy.lock",
        *(f"run/deploy.lock.queue/{name}" for name in ("gate", "unlock")),
        *(f"state/ledger.db{suffix}" for suffix in ("", "-wal", "-shm", ".lock"))}
    found = (path.relative_to(place.here) for path in place.here.rglob("*") if not path.is_dir())
    return [
        f"left: {path}" for path in map(str, sorted(found))
        if path not in needed and ".corrupt-" not in path] + [
        f"left: {path.relative_to(place.here)}/" for path in place.here.glob("run/*queue/*/")]


def set_aside(place):
    """No ledger was taken for a damaged one."""
    return [f"a ledger was set aside: {name}" for name in place.names("state", "*.corrupt-*")]


# What a run says whose own events did not reach the ledger in time. They are for the next one, so it
# is not one without trouble.
LATE = ("the ledger did not respond in time", "will be added by the next run")
# On a loaded machine; more in a row are a defect.
MOST_LATE = 5


def healthy(place):
    """One deployment without any trouble succeeds, and leaves nothing for a second one.

    What the dead left has to be gone after it, whenever they died: it looks through the queue when it
    has the lock and again when it has freed it, and takes what waits in the spool with its own first
    commit. Only one whose ledger did not answer within its budget leaves its own ticket to the
    next, and says so.
    """
    for _ in range(MOST_LATE):
        run = place.run(place.deploy(code=0))
        if run.returncode != 0:
            return [f"a healthy run ends with {run.returncode}: {run.stderr[:300]}"]
        if not any(words in run.stderr for words in LATE):
            return []
    return ["no healthy run reaches the ledger in time"]


def linked(place):
    """Each ledger that was set aside is known to the one after it, or nobody would miss it."""
    known = [record for (record,) in place.query("SELECT record FROM event WHERE kind = 'continued'")]
    return [
        f"no event names {name}" for name in place.names("state", "*.corrupt-*")
        if not name.endswith(("-wal", "-shm")) and not any(name in record for record in known)]


ALL = (exclusion, order, freedom, healthy, outcomes, records, tidiness, set_aside, linked)


def everything(place, but=()):
    """Everything that is wrong, except for the findings of these oracles."""
    return [words for oracle in ALL if oracle.__name__ not in but for words in oracle(place)]
