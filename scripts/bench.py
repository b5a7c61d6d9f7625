#!/usr/bin/env python3
"""The measurements behind scripts/bench. Everything runs on this machine and ends by itself."""

import argparse
import fcntl
import glob
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--tool", required=True)
parser.add_argument("--hammer", required=True)
parser.add_argument("--rounds", type=int, default=300)
parser.add_argument("--before", help="an older deploy-with-lock to compare with")
options = parser.parse_args()

here = tempfile.mkdtemp(prefix="deploy-ledger-bench-", dir="/var/tmp")
locks = tempfile.mkdtemp(prefix="deploy-ledger-bench-", dir="/run/lock")
env = dict(
    os.environ,
    DEPLOY_LOCK_FILE=f"{locks}/deploy.lock",
    DEPLOY_LEDGER=f"{here}/ledger.db",
    DEPLOY_LEDGER_CONFIG="/dev/null",
)
ours = [options.tool, "--quiet"]
# A lock and a ledger of its own: an older program does not write a newer ledger.
older = [options.before, "--quiet", "--lock-file", f"{locks}/before.lock",
         "--ledger", f"{here}/before.db"] if options.before else None
flock = ["flock", f"{locks}/flock.lock"]
rows = []


def note(text):
    print(text, file=sys.stderr, flush=True)


def run(argv, count=1):
    """Wall time in ms of a whole process, from spawn to wait."""
    start = time.perf_counter_ns()
    pid = os.posix_spawnp(argv[0], argv, env)
    _, status = os.waitpid(pid, 0)
    elapsed = (time.perf_counter_ns() - start) / 1e6
    assert os.waitstatus_to_exitcode(status) == 0, argv
    return elapsed


def spawn(argv):
    return os.posix_spawnp(argv[0], argv, env)


def median(values):
    return statistics.median(values)


def row(what, figure, target="", verdict=""):
    rows.append(f"| {what} | {figure} | {target} | {verdict} |")


def verdict(value, limit):
    return "met" if value <= limit else "missed"


# The script a team would write: flock, and two inserts that are as durable as ours.
script = f"{here}/script.sh"
with open(script, "w") as file:
    file.write(
        f"""#!/bin/bash
exec 9>{locks}/script.lock
flock 9
sqlite3 {here}/script.db "PRAGMA synchronous=FULL; INSERT INTO log VALUES (1, 'start')" >/dev/null
"$@"
code=$?
sqlite3 {here}/script.db "PRAGMA synchronous=FULL; INSERT INTO log VALUES (2, 'end')" >/dev/null
exit $code
"""
    )
os.chmod(script, 0o755)
subprocess.run(
    ["sqlite3", f"{here}/script.db", "PRAGMA journal_mode=WAL; CREATE TABLE log (a, b)"],
    check=True,
    stdout=subprocess.DEVNULL,
)

# Prints the time it starts or, with an argument, sleeps and prints the time just before it ends.
stamp = f"{here}/stamp"
source = r"""
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
int main(int argc, char **argv) {
    struct timespec now;
    if (argc > 2) usleep(atoi(argv[2]));
    FILE *file = fopen(argv[1], "w");
    clock_gettime(CLOCK_MONOTONIC, &now);
    fprintf(file, "%ld%09ld", (long)now.tv_sec, now.tv_nsec);
    fclose(file);
    return 0;
}
"""
subprocess.run(
    ["gcc", "-O2", "-static", "-x", "c", "-", "-o", stamp], input=source, text=True, check=True
)


# What a keeper adds to starting a command and waiting for it, in a process as large as the wrapper.
keeper = r"""
#define _GNU_SOURCE
#include "CKeeper.h"
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
extern char **environ;
static char title[64];
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}
static int order(const void *a, const void *b) {
    return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b);
}
int main(int argc, char **argv) {
    enum { rounds = 400 };
    static double plain[rounds], kept[rounds];
    char *command[] = {"/bin/true", NULL}, *successor[] = {title, title, NULL};
    memset(malloc(6 << 20), 1, 6 << 20);
    int image = open("/proc/self/exe", O_PATH | O_CLOEXEC);
    for (int round = 0; round < rounds; round++) {
        double start = now();
        pid_t pid;
        posix_spawn(&pid, command[0], NULL, NULL, command, environ);
        waitpid(pid, NULL, 0);
        plain[round] = now() - start;
        start = now();
        int ends[2];
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
        struct deploy_keeper_plan plan = {
            .arguments = command, .environment = environ, .inherited = -1, .ticket = -1,
            .line = -1, .image = image, .socket = ends[1], .successor = successor,
            .title = title, .title_length = sizeof title};
        pid = deploy_keeper_start(&plan);
        close(ends[1]);
        struct deploy_keeper_message message = {0};
        while (recv(ends[0], &message, sizeof message, 0) == sizeof message &&
               message.kind != DEPLOY_KEEPER_ENDED) {}
        message.kind = DEPLOY_KEEPER_DONE;
        send(ends[0], &message, sizeof message, 0);
        waitpid(pid, NULL, 0);
        close(ends[0]);
        kept[round] = now() - start;
    }
    qsort(plain, rounds, sizeof *plain, order);
    qsort(kept, rounds, sizeof *kept, order);
    printf("%f\n", kept[rounds / 2] - plain[rounds / 2]);
    return 0;
}
"""


def keeper_time():
    """ms that a keeper adds."""
    program = f"{here}/keeper"
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Sources", "CKeeper")
    subprocess.run(
        ["gcc", "-O2", "-std=gnu11", f"-I{folder}/include", "-o", program,
         "-x", "c", "-", *sorted(glob.glob(f"{folder}/*.c"))],
        input=keeper, text=True, check=True)
    return float(subprocess.run([program], capture_output=True, text=True, check=True).stdout)


def hand_off(wrapper):
    """µs from the end of the holder's command to the start of the waiter's."""
    end, start = f"{here}/end", f"{here}/start"
    holder = spawn(wrapper + [stamp, end, "60000"])
    time.sleep(0.02)
    waiter = spawn(wrapper + [stamp, start])
    for pid in (holder, waiter):
        os.waitpid(pid, 0)
    with open(end) as a, open(start) as b:
        return (int(b.read()) - int(a.read())) / 1000


def contended(wrapper, count=200):
    """Deployments a second when `count` ask for the lock at once."""
    start = time.perf_counter()
    pids = [spawn(wrapper + ["true"]) for _ in range(count)]
    for pid in pids:
        os.waitpid(pid, 0)
    return count / (time.perf_counter() - start)


def waiter_memory():
    """MB resident and, of these, private to the process; the rest is the program file itself,
    which all waiters share."""
    # As after a start of the machine: just written files lie in the page cache in larger pieces.
    with open(options.tool, "rb") as tool:
        os.fsync(tool.fileno())
        os.posix_fadvise(tool.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    holder = spawn(ours + ["sleep", "1"])
    time.sleep(0.3)
    waiter = spawn(ours + ["true"])
    time.sleep(0.4)
    with open(f"/proc/{waiter}/status") as status:
        size = {name: int(rest.split()[0]) / 1024 for name, _, rest in
                (line.partition(":") for line in status) if name in ("VmRSS", "RssAnon")}
    for pid in (holder, waiter):
        os.waitpid(pid, 0)
    return size["VmRSS"], size["RssAnon"]


def held_up():
    """ms that a deployment takes longer while another process keeps the ledger locked."""
    healthy, hindered = [], []
    with open(f"{here}/ledger.db.lock") as lock:
        for _ in range(5):
            healthy.append(run(ours + ["true"]))
            fcntl.flock(lock, fcntl.LOCK_EX)
            hindered.append(run(ours + ["true"]))
            fcntl.flock(lock, fcntl.LOCK_UN)
    return median(hindered) - median(healthy)


def appends(processes=8, count=200):
    ledger, spool = f"{here}/hammer.db", f"{here}/hammer-spool"
    start = time.perf_counter()
    children = [
        subprocess.Popen(
            [options.hammer, "append", ledger, spool, str(count), "60000"],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(processes)
    ]
    assert all(child.wait() == 0 for child in children)
    return processes * count * 2 / (time.perf_counter() - start)


try:
    note("whole process")
    contestants = {"ours": ours + ["true"], "flock": flock + ["true"], "script": [script, "true"]}
    if older:
        contestants["before"] = older + ["true"]
    times = {name: [] for name in contestants}
    for name, argv in contestants.items():
        for _ in range(10):
            run(argv)
    for _ in range(options.rounds):
        for name, argv in contestants.items():
            times[name].append(run(argv))
    own, other, shell = (median(times[name]) for name in ("ours", "flock", "script"))
    low = {name: min(values) for name, values in times.items()}
    row("`deploy-with-lock true`, free lock", f"{own:.2f} ms (min {low['ours']:.2f})")
    row("`flock FILE true`", f"{other:.2f} ms (min {low['flock']:.2f})")
    row("bash with flock and two `sqlite3` inserts", f"{shell:.2f} ms (min {low['script']:.2f})")
    row("against flock(1)", f"{own / other:.2f} ×", "≤ 3 ×", verdict(own / other, 3))
    row("against the script", f"{own / shell:.2f} ×", "≤ 0.5 ×", verdict(own / shell, 0.5))

    if older:
        before = median(times["before"])
        row("against the older program", f"{own / before:.2f} × ({own - before:+.2f} ms)")
    added = keeper_time()
    row("of it the keeper", f"{added:.2f} ms", "≤ 0.4 ms", verdict(added, 0.4))

    note("hand-off")
    rounds = [
        (hand_off(ours), hand_off(flock), hand_off(older) if older else 0) for _ in range(60)]
    own, other, before = (median(column) for column in zip(*rounds))
    if older:
        row("hand-off against the older program", f"{own / before:.2f} × ({own - before:+.0f} µs)")
    row("hand-off, ours", f"{own:.0f} µs")
    row("hand-off, flock(1)", f"{other:.0f} µs")
    row("hand-off against flock(1)", f"{own / other:.2f} ×", "≤ 1.5 ×", verdict(own / other, 1.5))

    note("contended")
    pairs = [(contended(ours), contended(flock)) for _ in range(5)]
    own, other = median([a for a, _ in pairs]), median([b for _, b in pairs])
    row("200 contended deployments, ours", f"{own:.0f} a second")
    row("200 contended, flock(1)", f"{other:.0f} a second ({own / other:.2f} × of it is ours)")

    note("memory")
    sizes = [waiter_memory() for _ in range(3)]
    resident, private = (median(column) for column in zip(*sizes))
    row(
        "resident memory of a waiter",
        f"{resident:.1f} MB, {private:.1f} MB of it private",
        "≤ 10 MB",
        verdict(resident, 10),
    )

    note("ledger kept by somebody else")
    added = held_up()
    row("added by a ledger that somebody keeps", f"{added:.0f} ms", "≤ 500 ms", verdict(added, 500))

    note("appends")
    row("durable events from 8 processes", f"{appends():.0f} a second")

    cpu = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kind = subprocess.run(
        ["stat", "-f", "-c", "%T", here], capture_output=True, text=True
    ).stdout.strip()
    print(
        f"""# Benchmarks

Printed by `scripts/bench`: static release binaries, `synchronous=FULL`, contestants interleaved
in one run of {options.rounds} rounds, medians. The ledger is on {kind}, the lock files on tmpfs.

Machine: {cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, \
{time.strftime('%Y-%m-%d')}.

| what | figure | target | |
|---|---|---|---|"""
    )
    print("\n".join(rows))
finally:
    shutil.rmtree(here, ignore_errors=True)
    shutil.rmtree(locks, ignore_errors=True)
