"""The work behind scripts/campaign-faults: every system call made to fail, or to be the last."""

import argparse
import concurrent.futures
import os
import random
import sys
import time

import ledgers
import oracles
import selftest
import situations
import tracing
from place import Place, wait_for

ERRORS = ("EIO", "ENOSPC", "EROFS", "EDQUOT", "EMFILE", "ENOMEM", "ENOLCK", "EINTR")

# Calls that are not made to fail, with the reason; they may be the last ones all the same.
HARMLESS = {
    "execve": "starts the traced program", "exit": "does not return", "exit_group": "does not return",
    "rt_sigreturn": "returns no error", "restart_syscall": "the kernel's own",
    "vfork": "the tracer's bookkeeping breaks",
    **dict.fromkeys(
        ("brk", "mmap", "mprotect", "madvise", "arch_prctl", "set_tid_address", "set_robust_list",
         "rseq", "prlimit64", "futex", "getrandom"),
        "the C library's and the runtime's own, who end the process"),
    **dict.fromkeys(
        ("munmap", "rt_sigprocmask", "getpid", "gettid", "getppid", "getuid", "geteuid",
         "sched_yield", "clock_gettime", "clock_nanosleep"),
        "gives none of these errors with right arguments"),
    **dict.fromkeys(("wait4", "waitid"), "gives none of these errors; EINTR only with a handler"),
}
# Errors a call cannot give, so that nothing is learnt from them.
CANNOT = {
    "poll": ("ENOSPC", "EROFS", "EDQUOT", "EMFILE", "ENOLCK", "EIO"),
    "close": ("ENOMEM", "EMFILE", "ENOLCK", "EROFS"),
    # EINVAL, EPERM and ESRCH are all they know.
    **dict.fromkeys(("rt_sigaction", "prctl", "kill", "getpgid", "getsid"), ERRORS),
}
# How long a situation may last.
LONGEST = 60

ALL = [
    situation() for situation in (*situations.OF_THE_LOCK, *ledgers.OF_THE_LEDGER)
    if situation.is_possible]


class Campaign:
    """Draws faults, tries each in a place of its own, and asks the oracles."""

    def __init__(self, tools, seed, names):
        self.tools, self.random, self.reached = tools, random.Random(seed), []
        self.situations = [one for one in ALL if not names or one.name in names]
        self.templates = situations.templates(tools, self.situations)
        self.calls = {one.name: self.count(one) for one in self.situations}

    def count(self, situation):
        """The calls of a run without any fault, which shows that the situation is the one it is
        called."""
        with Place(self.tools, self.templates[situation.name].here) as place:
            out = place.here / "trace"
            if self.go(situation, place, tracing.counting(out, situation.after))[1] is None:
                raise RuntimeError(f"{situation.name}: it hangs without any fault")
            if not situation.is_met(place):
                raise RuntimeError(f"{situation.name}: a run without any fault is not in it")
            return tracing.calls(out, situation.after)

    def go(self, situation, place, tracer):
        """Runs it; the exit code and the words of the traced process, without words if it hung."""
        beside = situation.begin(place)
        place.before = len(place.log())
        try:
            process = situation.launch(place, tracer)
            situation.meanwhile(place, process, beside)
            words = oracles.words_at_end(process, LONGEST)
        finally:
            situation.end(place, beside)
        wait_for(place.is_free, 20)
        wait_for(place.is_deserted, 20)
        return process.returncode, words

    def draw(self):
        """A situation, a system call, which occurrence of it, and an error or a kill."""
        situation = self.random.choice(self.situations)
        calls = self.calls[situation.name]
        while True:
            name = self.random.choice(sorted(calls))
            nth = self.random.randint(*calls[name])
            error = self.random.choice((*ERRORS, "KILL", "KILL", "KILL", "KILL"))
            if error == "KILL" and name not in ("execve", "exit_group"):
                return situation, name, nth, error
            if nth <= situation.spared.get(name, 0):
                continue
            if name not in HARMLESS and error not in CANNOT.get(name, ()):
                return situation, name, nth, error

    def named(self, text):
        """The fault that `SITUATION: CALL #N ERROR` names."""
        name, _, words = text.partition(": ")
        call, nth, error = words.split()
        situation = next(one for one in self.situations if one.name == name)
        return situation, call, int(nth.lstrip("#")), error

    def attempt(self, fault):
        """What is wrong after one fault."""
        situation, name, nth, error = fault
        with Place(self.tools, self.templates[situation.name].here) as place:
            trace = place.here / "trace"
            code, words = self.go(
                situation, place, tracing.injecting(trace, name, nth, error, situation.after))
            if words is None:
                return ["it hangs"]
            if tracing.was_reached(trace, situation.after):
                self.reached.append(fault)
            wrong = []
            if situation.runs and error != "KILL":
                wrong += oracles.own_code(situations.CODE, code, place.log()[place.before:], words)
            wrong += situation.wrong(place) + oracles.everything(place, situation.but)
            if error != "KILL":
                wrong += oracles.seen_ends(place, situation.dead)
            return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--faults", type=int, default=10000)
    # Most of the time of a fault is waiting.
    parser.add_argument("--workers", type=int, default=6 * os.cpu_count())
    parser.add_argument("--seed", default="1")
    parser.add_argument("--situation", action="append", default=[], help="only this one")
    parser.add_argument("--fault", help="only this one, as a failure names it")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        sys.exit(not selftest.main(options.tools))
    began = time.monotonic()
    campaign = Campaign(options.tools, options.seed, options.situation)
    faults = [
        campaign.named(options.fault) if options.fault else campaign.draw()
        for _ in range(options.faults)]
    failures = []
    try:
        with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
            for fault, wrong in zip(faults, pool.map(campaign.attempt, faults)):
                if wrong:
                    situation, name, nth, error = fault
                    failures.append(f"{situation.name}: {name} #{nth} {error}: {'; '.join(wrong)}")
                    print(f"  {failures[-1]}", flush=True)
    finally:
        situations.remove(campaign.templates)
    kills = sum(fault[3] == "KILL" for fault in faults)
    print(
        f"campaign-faults: seed {options.seed}, {len(faults)} faults ({len(faults) - kills} errors, "
        f"{kills} kills), {len(campaign.reached)} reached, in {len(campaign.situations)} situations, "
        f"{time.monotonic() - began:.0f} s: {len(failures)} failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
