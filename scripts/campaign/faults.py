"""The work behind scripts/campaign-faults: every system call made to fail, or to be the last."""

import argparse
import concurrent.futures
import os
import random
import subprocess
import sys
import time

import oracles
import selftest
import situations
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


class Campaign:
    """Draws faults, tries each in a place of its own, and asks the oracles."""

    def __init__(self, tools, seed):
        self.tools, self.random, self.reached = tools, random.Random(seed), []
        self.templates = situations.templates(tools)
        self.calls = {}
        for situation in situations.ALL:
            with Place(tools, self.templates[situation.name].here) as place:
                beside = situation.begin(place)
                self.calls[situation.name] = situations.count_calls(place, situation.argv(place))
                situation.end(place, beside)

    def draw(self):
        """A situation, a system call, the how manieth, and an error or a kill."""
        situation = self.random.choice(situations.ALL)
        calls = self.calls[situation.name]
        while True:
            name = self.random.choice(sorted(calls))
            nth = self.random.randint(1, calls[name])
            error = self.random.choice((*ERRORS, "KILL", "KILL", "KILL", "KILL"))
            if error == "KILL" and name not in ("execve", "exit_group"):
                return situation, name, nth, error
            if name not in HARMLESS and error not in CANNOT.get(name, ()):
                return situation, name, nth, error

    def inject(self, name, nth, error):
        what = "signal=KILL" if error == "KILL" else f"error={error}"
        return ["-e", f"trace={name}", "-e", f"inject={name}:{what}:when={nth}"]

    def attempt(self, fault):
        """What is wrong after one fault."""
        situation, name, nth, error = fault
        with Place(self.tools, self.templates[situation.name].here) as place:
            beside = situation.begin(place)
            trace = place.here / "trace"
            argv = situations.trace_argv(
                situation.argv(place), [*self.inject(name, nth, error), "-o", str(trace)])
            if hasattr(situation, "wrap"):
                argv = situation.wrap(place, argv)
            before = len(place.log())
            process = place.start(argv, stderr=subprocess.PIPE)
            words = oracles.words_at_end(process, LONGEST)
            if words is None:
                return ["it hangs"]
            if self.was_reached(trace):
                self.reached.append(fault)
            wrong = []
            if situation.runs and error != "KILL":
                wrong += oracles.own_code(
                    situations.CODE, process.returncode, place.log()[before:], words)
            situation.end(place, beside)
            wait_for(place.is_free, 20)
            wait_for(lambda: not place.names("run/deploy.lock.queue", "ticket-*"), 0.05)
            but = []
            if situation.name == "quarantine":
                # That a ledger was set aside is said until a person settles it.
                but = [oracles.tidiness, oracles.records]
            return wrong + oracles.everything(place, but)

    @staticmethod
    def was_reached(trace):
        """Whether the call was made that often: a race may have taken another way."""
        words = trace.read_text(errors="replace") if trace.exists() else ""
        return "(INJECTED)" in words or "killed by SIGKILL" in words


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--faults", type=int, default=10000)
    parser.add_argument("--workers", type=int, default=2 * os.cpu_count())
    parser.add_argument("--seed", default="1")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        sys.exit(not selftest.main(options.tools))
    began = time.monotonic()
    campaign = Campaign(options.tools, options.seed)
    faults = [campaign.draw() for _ in range(options.faults)]
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
        f"{kills} kills), {len(campaign.reached)} reached, in {len(situations.ALL)} situations, "
        f"{time.monotonic() - began:.0f} s: {len(failures)} failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
