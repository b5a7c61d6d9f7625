"""The work behind scripts/campaign-faults: every system call made to fail, or to be the last."""

import argparse
import concurrent.futures
import os
import random
import signal
import subprocess
import sys
import time

import oracles
import selftest
import situations
from place import Place, wait_for

ERRORS = ("EIO", "ENOSPC", "EROFS", "EDQUOT", "EMFILE", "ENOMEM", "ENOLCK", "EINTR")

# What cannot fail, or not so that anything could be done about it: memory of the process itself,
# its start and end, waiting for a child that is there, and the calls of the runtime before main.
HARMLESS = {
    "execve": "the start itself", "exit": "", "exit_group": "", "rt_sigreturn": "", "brk": "",
    "mmap": "the runtime ends the process", "munmap": "cannot fail", "mprotect": "the runtime",
    "arch_prctl": "", "set_tid_address": "", "set_robust_list": "", "rseq": "", "prlimit64": "",
    "futex": "the runtime's own", "madvise": "a hint", "wait4": "gives none of these errors",
    "waitid": "gives none of these errors", "rt_sigprocmask": "cannot fail", "getpid": "",
    "gettid": "", "geteuid": "", "getuid": "", "getppid": "", "sched_yield": "", "vfork": "",
    "clock_gettime": "", "clock_nanosleep": "", "restart_syscall": "", "getrandom": "",
}
# Errors a call cannot give, so that nothing is learnt from them.
CANNOT = {
    "poll": ("ENOSPC", "EROFS", "EDQUOT", "EMFILE", "ENOLCK", "EIO"),
    "close": ("ENOMEM", "EMFILE", "ENOLCK", "EROFS"),
    "rt_sigaction": ERRORS, "prctl": ERRORS, "kill": ERRORS, "getpgid": ERRORS, "getsid": ERRORS,
}


class Campaign:
    """Draws faults, tries each in a place of its own, and asks the oracles."""

    def __init__(self, tools, seed):
        self.tools, self.random = tools, random.Random(seed)
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
            argv = situations.trace_argv(situation.argv(place), self.inject(name, nth, error))
            if hasattr(situation, "wrap"):
                argv = situation.wrap(place, argv)
            before = len(place.log())
            process = place.start(argv, stderr=subprocess.PIPE)
            try:
                _, words = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return ["it hangs"]
            wrong = []
            if situation.runs and error != "KILL":
                wrong += self.code(process.returncode, place.log()[before:], words)
            situation.end(place, beside)
            wait_for(place.is_free, 20)
            wait_for(lambda: not place.names("run/deploy.lock.queue", "ticket-*"), 0.05)
            but = []
            if situation.name == "quarantine":
                # That a ledger was set aside is said until a person settles it.
                but = [oracles.tidiness, oracles.records]
            return wrong + oracles.everything(place, but)

    @staticmethod
    def code(code, log, words):
        """The command's own code; or it did not run, and that was said."""
        ran = any(line[0] == "start" for line in log)
        if ran and code != situations.CODE:
            return [f"exit code {code} for {situations.CODE}: {words.decode(errors='replace')[:200]}"]
        if not ran and (code in (0, situations.CODE) or not words.strip()):
            return [f"nothing ran, exit code {code}: {words.decode(errors='replace')[:200]}"]
        return []


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
        f"{kills} kills) in {len(situations.ALL)} situations, "
        f"{time.monotonic() - began:.0f} s: {len(failures)} failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
