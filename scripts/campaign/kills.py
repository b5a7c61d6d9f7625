"""The work behind scripts/campaign-kills: processes killed at random times."""

import argparse
import os
import random
import signal
import sys
import threading
import time

import oracles
import selftest
from place import Place, children, keeper_of, wait_for

TARGETS = ("wrapper", "keeper", "second life", "command", "all", "group")
LONGEST = 90
# The keeper was ended, by us or by a forced unlock, before the command started.
NOT_STARTED = 71
UNHEALTHY = 69


class Worker(threading.Thread):
    """Runs deployments one after the other and kills some of them."""

    def __init__(self, place, seed, state):
        super().__init__()
        self.place, self.random, self.state = place, random.Random(seed), state
        self.seed, self.runs = seed.replace(" ", "."), 0

    def run(self):
        while self.state.goes_on():
            try:
                self.once()
            except Exception as error:  # a thread must not die unseen
                self.state.fail(f"campaign: {error!r}")
                return

    def argv(self):
        """A command line, the code of its command, and the codes it may end with when it is spared."""
        r, place = self.random, self.place
        kind = r.choice(("plain", "plain", "supersede", "covered", "max-queue", "nested", "no-wait",
                         "timeout", "session", "close", "force", "life", "life"))
        seconds, code = r.choice((0, 0, 0.01, 0.03)), r.choice((0, 0, 0, 3))
        health = r.choice((0, 0, 1))
        options, others = {
            # Killed, a check is none that passed.
            "life": ((
                "--health-check", place.step(health, 0.005), "--health-delay", "0",
                "--health-retries", "2", "--health-interval", "0.01s",
                "--rollback", place.step(r.choice((0, 9)), 0.005)), {UNHEALTHY}),
            "supersede": (("--yield-to-newer", "--ref", "main"), {0}),
            # The code is that of the deployment that covers it.
            "covered": (("--yield-to-newer", "--ref", "main", "--wait-covered", "--timeout", "20s"),
                        {0, 1, 3}),
            "max-queue": (("--max-queue", "3"), {0}), "no-wait": (("--no-wait",), {1}),
            "timeout": (("--timeout", "0.1s"), {1}),
        }.get(kind, ((), set()))
        if kind == "force":
            return [place.tool("check-deploy-lock"), "--force-unlock", "--yes", "--reason", "x",
                    "--grace", "0.1s"], None, set()
        self.runs += 1
        # Of one whose check was lost with its wrapper nobody can say that it succeeded.
        self.is_checked = kind == "life"
        inner = place.deploy(
            *(() if kind == "nested" else ("--run-url", self.mark())), *options, code=code,
            seconds=seconds, session=kind == "session",
            descriptors="close" if kind == "close" else "keep")
        if kind == "life" and code == 0 and health:
            code = UNHEALTHY
        # A forced unlock of another worker ends a command with TERM, then KILL.
        codes = {code, 128 + signal.SIGTERM, 128 + signal.SIGKILL, NOT_STARTED} | others
        if kind == "nested":
            # The inner one has the outer one's number; only that one leaves marks.
            return [place.tool("deploy-with-lock"), "--quiet", "--run-url", self.mark(), "--",
                    *inner], code, codes
        return inner, code, codes

    def mark(self):
        """What tells this run's deployment from others in the ledger."""
        return f"https://campaign.invalid/{self.seed}/{self.runs}"

    def once(self):
        argv, code, codes = self.argv()
        process = self.place.start(argv)
        target = self.random.choice(TARGETS) if self.random.random() < 0.7 else None
        is_killed = False
        if target and code is not None:
            if target in ("wrapper", "group"):
                time.sleep(self.random.random() ** 2 * 0.08)
            else:
                wait_for(lambda: keeper_of(process.pid) or process.poll() is not None, 5)
                time.sleep(self.random.random() ** 2 * 0.02)
            is_killed = self.kill(process, target)
        try:
            result = process.wait(LONGEST)
        except Exception:
            self.state.fail(f"a process hangs: {argv}")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return
        self.state.count(target if is_killed else None)
        if code is None:
            return
        if not is_killed or target in (
                ("keeper", "command") if self.is_checked else ("wrapper", "keeper", "command")):
            # Somebody lives who saw the end, so it is known.
            self.state.seen.append(self.mark())
        if result == NOT_STARTED:
            self.state.unstarted.append(self.mark())
        if (not is_killed or target in ("keeper", "command")) and result not in codes:
            killed = f", {target} killed" if is_killed else ""
            self.state.fail(f"exit code {result} for {code}{killed}: {argv}")

    def kill(self, process, target):
        keeper = keeper_of(process.pid)
        command = next((pid for pid, _ in children(keeper)), None) if keeper else None
        victims = {
            "wrapper": [process.pid], "keeper": [keeper], "second life": [process.pid, keeper],
            "command": [command], "all": [process.pid, keeper, command], "group": [-process.pid],
        }[target]
        hit = False
        for victim in victims:
            if victim is None or process.poll() is not None:
                return hit
            try:
                os.kill(victim, signal.SIGKILL)
                hit = True
            except ProcessLookupError:
                pass
            if target == "second life" and victim == process.pid:
                # The keeper takes over meanwhile.
                time.sleep(self.random.random() * 0.02)
                if keeper is not None:
                    try:
                        os.kill(keeper, signal.SIGKILL)
                    except ProcessLookupError:
                        pass
                return hit
        return hit


class State:
    """What the workers share."""

    def __init__(self, kills):
        self.wanted, self.kills, self.runs = kills, 0, 0
        self.by_target = dict.fromkeys(TARGETS, 0)
        self.failures, self.lock = [], threading.Lock()
        # Marks of runs whose end somebody saw.
        self.seen = []
        # Marks of runs that are said not to have begun.
        self.unstarted = []

    def goes_on(self):
        return self.kills < self.wanted and len(self.failures) < 20

    def count(self, target):
        with self.lock:
            self.runs += 1
            if target:
                self.kills += 1
                self.by_target[target] += 1

    def fail(self, words):
        with self.lock:
            self.failures.append(words)


def campaign(tools, kills, workers, seed):
    """One place, many workers; what came of it."""
    state = State(kills)
    with Place(tools) as place:
        began = time.monotonic()
        threads = [Worker(place, f"{seed} {index}", state) for index in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # What lives on without its wrapper ends by itself.
        if not wait_for(place.is_free, 60):
            state.fail("the lock stays stuck")
        wait_for(lambda: not place.names("run/deploy.lock.queue", "ticket-*"), 1)
        for words in [
                *oracles.everything(place), *oracles.true_ends(place, state.seen),
                *oracles.not_started(place, state.unstarted)]:
            state.fail(words)
        commands = sum(line[0] == "start" for line in place.log())
    by_target = ", ".join(f"{name} {count}" for name, count in state.by_target.items())
    print(
        f"campaign-kills: seed {seed}, {state.kills} kills ({by_target}) in {state.runs} runs, "
        f"{commands} commands, {time.monotonic() - began:.0f} s: {len(state.failures)} failed")
    for words in state.failures[:50]:
        print(f"  {words}")
    return not state.failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--kills", type=int, default=20000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        sys.exit(not selftest.main(options.tools))
    left, part, passed = options.kills, 0, True
    # Several places, so that a ledger does not grow beyond what one looks through.
    while left > 0:
        count = min(left, 5000)
        passed &= campaign(options.tools, count, options.workers, f"{options.seed}.{part}")
        left, part = left - count, part + 1
    sys.exit(not passed)


if __name__ == "__main__":
    main()
