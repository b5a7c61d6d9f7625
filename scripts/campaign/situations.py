"""Situations in which system calls are made to fail: what is there before, and what is traced."""

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import time

from place import Place, keeper_of, wait_for

CODE = 5


class Situation:
    """One situation: `prepare` makes it once, as a template; `begin` starts what runs beside."""

    name = ""
    # Whether the tool runs a command that leaves marks.
    runs = True

    def prepare(self, place):
        place.run(place.deploy())

    def begin(self, place):
        return []

    def argv(self, place):
        return place.deploy(code=CODE)

    def end(self, place, beside):
        for process in [*beside, *filter(None, [getattr(place, "newer", None)])]:
            process.wait(60)


class FirstStart(Situation):
    name = "first start"

    def prepare(self, place):
        pass


class Ordinary(Situation):
    name = "acquire, append, release"


class SlowCommand(Situation):
    name = "append beside a command"

    def argv(self, place):
        return place.deploy(code=CODE, seconds=0.06)


class Waiting(Situation):
    name = "wait"

    def begin(self, place):
        holder = place.start(place.deploy(seconds=0.15))
        wait_for(lambda: len(place.log()) > 1, 10)
        return [holder]


class Refusing(Waiting):
    name = "refuse"
    runs = False

    def begin(self, place):
        holder = place.start(place.deploy(seconds=0.4))
        wait_for(lambda: len(place.log()) > 1, 10)
        return [holder]

    def argv(self, place):
        return place.deploy("--no-wait", code=CODE)


class Spooling(Situation):
    name = "spool"

    def begin(self, place):
        place.blocker = open(f"{place.ledger}.lock")
        fcntl.flock(place.blocker, fcntl.LOCK_EX)
        return []

    def end(self, place, beside):
        place.blocker.close()


class Draining(Situation):
    name = "drain"

    def prepare(self, place):
        super().prepare(place)
        with open(f"{place.ledger}.lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            place.run(place.deploy())


class Checkpoint(Situation):
    name = "checkpoint"

    def prepare(self, place):
        while True:
            place.run(place.deploy())
            if os.path.getsize(f"{place.ledger}-wal") > 360_000:
                return


class Sweeping(Situation):
    name = "sweep"

    def prepare(self, place):
        super().prepare(place)
        child = place.start(place.deploy(seconds=30))
        wait_for(lambda: len([line for line in place.log() if line[0] == "start"]) > 1, 10)
        keeper = keeper_of(child.pid)
        for pid in (keeper, child.pid):
            os.kill(pid, signal.SIGKILL)
        child.wait()
        command = [line[3] for line in place.log() if line[0] == "start"][-1]
        os.kill(int(command), signal.SIGKILL)
        wait_for(place.is_free, 10)


class SteppingAside(Situation):
    name = "step aside"
    runs = False

    def begin(self, place):
        holder = place.start(place.deploy(seconds=0.25))
        wait_for(lambda: len(place.log()) > 1, 10)
        return [holder]

    def argv(self, place):
        # The newer one comes while this one waits.
        newer = " ".join(f"'{word}'" for word in place.deploy("--batch-key", "x"))
        place.newer = place.start(["sh", "-c", f"sleep 0.1; exec {newer}"])
        return place.deploy("--supersede", "--batch-key", "x", code=CODE)


class Nested(Situation):
    name = "nest"

    def wrap(self, place, argv):
        """The outer deployment, whose command is traced."""
        return [place.tool("deploy-with-lock"), "--quiet", "--", *argv]


class Unlocking(Situation):
    name = "forced unlock"
    runs = False

    def begin(self, place):
        holder = place.start(place.deploy(seconds=20))
        wait_for(lambda: len(place.log()) > 1, 10)
        return [holder]

    def argv(self, place):
        return [place.tool("check-deploy-lock"), "--force-unlock", "--yes", "--reason", "x",
                "--grace", "0.2s"]

    def end(self, place, beside):
        for process in beside:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGTERM)
        super().end(place, beside)


class Looking(Sweeping):
    name = "look and record"
    runs = False

    def argv(self, place):
        return [place.tool("check-deploy-lock")]


class Migrating(Situation):
    name = "migrate"

    def prepare(self, place):
        """A ledger as the first version made it, with nothing in it."""
        folder = os.path.join(os.path.dirname(__file__), "..", "..", "migrations")
        first = sorted(os.listdir(folder))[0]
        place.ledger.parent.mkdir(parents=True)
        connection = sqlite3.connect(place.ledger)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(open(os.path.join(folder, first)).read())
        now = int(time.time() * 1e6)
        connection.execute("INSERT INTO ledger (id, created_at_us) VALUES (randomblob(32), ?)", (now,))
        connection.execute("PRAGMA application_id = 1146113095")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
        connection.close()


class Quarantine(Situation):
    name = "quarantine"

    def prepare(self, place):
        for _ in range(3):
            place.run(place.deploy())
        connection = sqlite3.connect(place.ledger)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        for suffix in ("-wal", "-shm"):
            if os.path.exists(f"{place.ledger}{suffix}"):
                os.remove(f"{place.ledger}{suffix}")
        with open(place.ledger, "r+b") as file:
            file.seek(4096)
            file.write(os.urandom(64 * 1024))


ALL = [
    situation() for situation in (
        FirstStart, Ordinary, SlowCommand, Waiting, Refusing, Spooling, Draining, Checkpoint,
        Sweeping, SteppingAside, Nested, Unlocking, Looking, Migrating, Quarantine)]


def templates(tools):
    """A prepared directory for each situation; the caller removes them."""
    made = {}
    for situation in ALL:
        place = Place(tools)
        situation.prepare(place)
        # What commands leave is not the copy's.
        for name in ("log", "alone"):
            path = place.here / name
            if path.exists():
                path.unlink()
        made[situation.name] = place
    return made


def remove(made):
    for place in made.values():
        shutil.rmtree(place.here, ignore_errors=True)


def trace_argv(argv, inject):
    """Traces a tool, its threads and its keeper, but not the command."""
    return ["strace", "-f", "-qq", "-b", "execve", *inject, *argv]


def count_calls(place, argv):
    """Which system calls it makes, and how often the busiest thread makes each."""
    out = place.here / "calls"
    subprocess.run(
        ["strace", "-f", "-qq", "-b", "execve", "-o", str(out), *argv], env=place.env,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    counts = {}
    for line in out.read_text(errors="replace").splitlines():
        pid, _, rest = line.partition(" ")
        name = rest.strip().partition("(")[0]
        if name.isidentifier():
            counts.setdefault(name, {}).setdefault(pid, 0)
            counts[name][pid] += 1
    out.unlink()
    return {name: max(by_pid.values()) for name, by_pid in counts.items()}
