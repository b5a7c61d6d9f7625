"""Situations in which system calls are made to fail: what is there before, and what is traced."""

import os
import shutil
import signal
import subprocess
import time

import oracles
from place import Place, children, keeper_of, wait_for

CODE = 5


class Situation:
    """One situation: `prepare` makes it once, as a template; `begin` starts what runs beside."""

    name = ""
    is_possible = True
    # Whether the tool runs a command that leaves marks.
    runs = True
    # Deployments of which nobody saw the end.
    dead = 0
    # The call behind which the calls are made that are to fail.
    after = None
    # How many of a call are the runtime's own, which ends the process when one fails.
    spared = {}
    # Oracles of the place that do not apply, by name.
    but = ()

    def prepare(self, place):
        place.run(place.deploy())

    def begin(self, place):
        return []

    def argv(self, place):
        return place.deploy(code=CODE)

    def launch(self, place, tracer):
        """Starts the tool under the tracer."""
        return place.start([*tracer, *self.argv(place)], stderr=subprocess.PIPE)

    def meanwhile(self, place, process, beside):
        """What happens once the traced tool runs."""

    def end(self, place, beside):
        for process in beside:
            if process.stdin:
                process.stdin.close()
            process.wait(60)

    def wrong(self, place):
        """What else does not hold, after the end."""
        return []

    def is_met(self, place):
        """Whether a run without any fault was in this situation, as far as the ledger tells."""
        return place.query("SELECT 1 FROM deployment WHERE exit_code = ?", CODE) != []

    @staticmethod
    def holder(place):
        """A deployment that has the lock until its input ends."""
        before = place.starts()
        holder = place.start(place.deploy(seconds=-1), stdin=subprocess.PIPE)
        if not wait_for(lambda: place.starts() > before, 10):
            raise RuntimeError("the holder does not start")
        return holder


class FirstStart(Situation):
    name = "first start"

    def prepare(self, place):
        pass

    def is_met(self, place):
        return super().is_met(place) and place.query("SELECT min(seq) FROM event")[0][0] == 1


class Ordinary(Situation):
    name = "acquire, append, release"


class SlowCommand(Situation):
    name = "append beside a command"

    def argv(self, place):
        return place.deploy(code=CODE, seconds=0.06)


class Checking(Situation):
    name = "check"

    def argv(self, place):
        return place.deploy(
            "--health-check", place.step(1, 0.005), "--health-delay", "0", "--health-retries", "1",
            "--health-exit-code", str(CODE))

    def is_met(self, place):
        return place.query("SELECT 1 FROM event WHERE kind = 'health_checked'") != []


class RollingBack(Situation):
    name = "roll back"

    def argv(self, place):
        return place.deploy("--rollback", place.step(0, 0.005), code=CODE)

    def is_met(self, place):
        return super().is_met(place) and place.query(
            "SELECT 1 FROM event WHERE kind = 'rolled_back'") != []


class Waiting(Situation):
    name = "wait"

    def begin(self, place):
        return [self.holder(place)]

    def meanwhile(self, place, process, beside):
        wait_for(lambda: len(place.tickets()) > 1 or process.poll() is not None, 2)
        # Until it waits in the kernel.
        time.sleep(0.03)
        beside[0].stdin.close()

    def end(self, place, beside):
        beside[0].wait(60)

    def is_met(self, place):
        return place.query(
            "SELECT 1 FROM deployment WHERE exit_code = ? AND wait_us > 20000", CODE) != []


class Refusing(Situation):
    name = "refuse"
    runs = False

    def begin(self, place):
        return [self.holder(place)]

    def argv(self, place):
        return place.deploy("--no-wait", code=CODE)

    def is_met(self, place):
        return place.query("SELECT 1 FROM deployment WHERE outcome = 'refused'") != []


class Sweeping(Situation):
    name = "sweep"
    dead = 1

    def begin(self, place):
        """A deployment of which nothing lives any more, known to the ledger."""
        # In the place itself: a ledger knows its lock by its path.
        child = self.holder(place)
        wait_for(lambda: place.query("SELECT 1 FROM deployment WHERE outcome IS NULL"), 5)
        for pid in (keeper_of(child.pid), child.pid, int(place.log()[-1][3])):
            os.kill(pid, signal.SIGKILL)
        child.wait()
        wait_for(place.is_free, 10)
        return []

    def is_met(self, place):
        return place.query("SELECT 1 FROM deployment WHERE outcome = 'orphaned'") != []


class Looking(Sweeping):
    name = "look and record"
    runs = False

    def argv(self, place):
        return [place.tool("check-deploy-lock")]


class SteppingAside(Situation):
    name = "step aside"
    runs = False

    def begin(self, place):
        return [self.holder(place)]

    def argv(self, place):
        return place.deploy("--yield-to-newer", "--batch-key", "x", code=CODE)

    def meanwhile(self, place, process, beside):
        wait_for(lambda: len(place.tickets()) > 1 or process.poll() is not None, 2)
        # The newer one comes while this one waits.
        before = len(place.tickets())
        beside.append(place.start(place.deploy("--batch-key", "x")))
        wait_for(lambda: len(place.tickets()) > before, 2)
        beside[0].stdin.close()

    def end(self, place, beside):
        for process in beside:
            process.wait(60)

    def is_met(self, place):
        return place.query("SELECT 1 FROM deployment WHERE outcome = 'superseded'") != []


class Nested(Situation):
    name = "nest"

    def launch(self, place, tracer):
        """The outer deployment, whose command is traced."""
        outer = [place.tool("deploy-with-lock"), "--quiet", "--"]
        return place.start([*outer, *tracer, *self.argv(place)], stderr=subprocess.PIPE)

    def is_met(self, place):
        return place.query("SELECT 1 FROM event WHERE kind = 'nested'") != []


class Unlocking(Situation):
    name = "forced unlock"
    runs = False

    def begin(self, place):
        return [self.holder(place)]

    def argv(self, place):
        return [place.tool("check-deploy-lock"), "--force-unlock", "--yes", "--reason", "x",
                "--grace", "0.2s"]

    def is_met(self, place):
        return place.query("SELECT 1 FROM deployment WHERE outcome = 'force_unlocked'") != []


class SecondLife(Situation):
    """The keeper becomes the program again when its wrapper is lost."""

    name = "second life"
    runs = False
    # Calls before it are the keeper's own, in C.
    after = "execveat"
    # How it finds its program.
    spared = {"readlink": 3}
    lost = "SELECT 1 FROM event WHERE kind = 'wrapper_lost'"

    def begin(self, place):
        holder = self.holder(place)
        place.victim = holder.pid
        return [holder]

    def launch(self, place, tracer):
        """Traces the keeper, which is there already."""
        keeper = keeper_of(place.victim)
        process = place.start([*tracer, "-p", str(keeper)], stderr=subprocess.PIPE)
        wait_for(lambda: process.poll() is not None or is_traced(keeper), 10)
        return process

    def meanwhile(self, place, process, beside):
        os.kill(place.victim, signal.SIGKILL)
        wait_for(lambda: process.poll() is not None or place.query(self.lost), 0.15)
        beside[0].stdin.close()

    def end(self, place, beside):
        beside[0].wait(60)

    def is_met(self, place):
        return place.query(self.lost) != [] and oracles.seen_ends(place, 0) == []


class InnerSecondLife(SecondLife):
    """The same of a call that runs inside another deployment."""

    name = "second life inside"
    # It has nothing to tell before the end.
    lost = "SELECT 1 FROM event WHERE reason = 'its wrapper was lost'"

    def begin(self, place):
        outer = place.start(
            [place.tool("deploy-with-lock"), "--quiet", "--", *place.deploy(seconds=-1)],
            stdin=subprocess.PIPE)
        wait_for(place.starts, 10)
        place.victim = children(keeper_of(outer.pid))[0][0]
        return [outer]


def is_traced(pid):
    """Whether a tracer has attached itself."""
    try:
        with open(f"/proc/{pid}/status") as status:
            return any(
                line.startswith("TracerPid:") and line.split()[1] != "0" for line in status)
    except OSError:
        return False


OF_THE_LOCK = (
    FirstStart, Ordinary, SlowCommand, Checking, RollingBack, Waiting, Refusing, Sweeping,
    SteppingAside, Nested,
    Unlocking, Looking, SecondLife, InnerSecondLife)


def templates(tools, situations):
    """A prepared directory for each situation; the caller removes them."""
    made = {}
    for situation in situations:
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
