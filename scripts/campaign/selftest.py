"""Shows that each oracle can fail: a healthy place, one seeded defect, and who notices."""

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess

import ledgers
import oracles
from place import Place, keeper_of, wait_for


def overlap(place):
    """A lock that two have at once: another lock file for every second run."""
    other = dict(place.env, DEPLOY_LOCK_FILE=f"{place.lock}2")
    before = len(place.log())
    first = place.start(place.deploy(seconds=0.5))
    while len(place.log()) == before:
        pass
    place.env, kept = other, place.env
    place.run(place.deploy())
    place.env = kept
    first.wait()


def disorder(place):
    """A later number that ran before an earlier one."""
    with open(place.here / "log", "a") as log:
        log.write("start 900 x 1\nstart 899 y 1\n")


def stuck(place):
    """A lock that stays taken."""
    place.kept = place.start(["flock", str(place.lock), "sleep", "60"])
    while place.is_free():
        pass


def lost(place):
    """A deployment that ran and is in no ledger."""
    with open(place.here / "log", "a") as log:
        log.write("start 901 00000000-0000-7000-8000-000000000000 1\n")


def forged(place):
    """An outcome that is not the true one."""
    number = [line[1] for line in place.log() if line[0] == "end"][0]
    lines = (place.here / "log").read_text().replace(f"end {number} 0", f"end {number} 7")
    (place.here / "log").write_text(lines)


def twice(place):
    """A second outcome, by somebody who may write the file."""
    connection = sqlite3.connect(place.ledger)
    for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    seq, record = connection.execute(
        "SELECT seq, record FROM event WHERE outcome IS NOT NULL ORDER BY seq DESC").fetchone()
    connection.execute(
        "INSERT INTO event (seq, record, hash) VALUES (?, ?, randomblob(32))",
        (seq + 100, record.replace('"id":"0', '"id":"1', 1)))
    connection.commit()
    connection.close()


def edited(place):
    """A record that somebody changed."""
    connection = sqlite3.connect(place.ledger)
    for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE event SET record = replace(record, 'root', 'toor') WHERE seq = 1")
    connection.commit()
    connection.close()


def litter(place):
    """A ticket that nobody removes."""
    os.makedirs(f"{place.lock}.queue/ticket-77")


def draft(place):
    """A draft of an event that stays."""
    os.makedirs(place.here / "state" / "spool", exist_ok=True)
    (place.here / "state" / "spool" / ".x.event.4711.tmp").write_text("x")


def aside(place):
    """A sound ledger that was set aside."""
    shutil.copy(place.ledger, f"{place.ledger}.corrupt-20260101T000000Z")


def broken(place):
    """A lock file that cannot be one."""
    os.remove(place.lock)
    os.mkdir(place.lock)


def wrapped(place, script):
    """The answers of a wrapper around the tool that does not do as the tool does."""
    path = place.here / "wrapped"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    argv = place.deploy(code=5)
    before = len(place.log())
    process = place.start([str(path), *argv], stderr=subprocess.PIPE)
    words = oracles.words_at_end(process, 5 if "exec sleep" not in script else 0.3)
    return process.returncode, place.log()[before:], words


def other_code(place):
    """A wrapper that ends with another code than its command."""
    return oracles.own_code(5, *wrapped(place, '"$@"; exit 0'))


def silent(place):
    """A wrapper that runs nothing and does not say so."""
    return oracles.own_code(5, *wrapped(place, "exit 71"))


def hang(place):
    """A wrapper that does not end."""
    return wrapped(place, "exec sleep 60")[2] is None


def unseen(place):
    """A deployment whose end is unknown, although its keeper is said to have lived."""
    mark = "https://campaign.invalid/self-test"
    before = len(place.log())
    child = place.start(place.deploy("--run-url", mark, seconds=30))
    wait_for(lambda: len(place.log()) > before, 10)
    pids = (keeper_of(child.pid), child.pid, int(place.log()[-1][3]))
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    child.wait()
    wait_for(place.is_free, 10)
    oracles.healthy(place)
    return oracles.true_ends(place, [mark])


def denied(place):
    """A command that ran, although its wrapper said that it could not be started."""
    mark = "https://campaign.invalid/self-test"
    place.run(place.deploy("--run-url", mark))
    return oracles.not_started(place, [mark])


def orphan(place):
    """An end that nobody saw, although no process was killed."""
    return unseen(place) and oracles.seen_ends(place, 0)


def late(place):
    """A ledger that no run reaches in time."""
    with open(f"{place.ledger}.lock") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return oracles.healthy(place)


def recovery(place):
    """A recovery that changes what it reads, and one that leaves deployments behind."""
    recovering = ledgers.Recovering()
    recovering.deployments = place.query("SELECT count(*) FROM deployment")[0][0]
    recovering.spoil(place)
    recovering.begin(place)
    if recovering.wrong(place):
        return False
    recovering.deployments += 1
    left = len(recovering.wrong(place)) == 1
    recovering.deployments -= 1
    place.aside = dict.fromkeys(place.aside, b"")
    return left and len(recovering.wrong(place)) == 2


ANSWERS = [other_code, silent, hang, unseen, denied, orphan, late, recovery]

SEEDED = [
    (overlap, oracles.exclusion), (disorder, oracles.order), (stuck, oracles.freedom),
    (broken, oracles.healthy), (lost, oracles.outcomes), (forged, oracles.outcomes),
    (twice, oracles.outcomes), (edited, oracles.records), (litter, oracles.tidiness),
    (draft, oracles.tidiness), (aside, oracles.set_aside), (aside, oracles.linked),
]


def main(tools):
    """Whether a healthy place passes and each defect is caught by its oracle; prints a line."""
    failed = []
    template = Place(tools)
    template.run(template.deploy())
    template.run(template.deploy())
    failed += [f"healthy place: {words}" for words in oracles.everything(template)]
    for seed, oracle in SEEDED:
        with Place(tools, template.here) as place:
            seed(place)
            if oracle is oracles.freedom:
                caught = not place.is_free()
            else:
                caught = oracle(place)
            if not caught:
                failed.append(f"{oracle.__name__} does not see: {seed.__doc__}")
            if hasattr(place, "kept"):
                place.kept.terminate()
                place.kept.wait()
    for seed in ANSWERS:
        with Place(tools, template.here) as place:
            if not seed(place):
                failed.append(f"nobody sees: {seed.__doc__}")
    shutil.rmtree(template.here, ignore_errors=True)
    print(f"campaign self-test: {len(SEEDED) + len(ANSWERS)} seeded defects: {len(failed)} failed")
    for words in failed:
        print(f"  {words}")
    return not failed
