"""The five tests: one deployment, two at once, a full queue, an orphan, a timeout."""

import os
import pathlib
import signal

import sshd


def one_deployment(report, place):
    report.step("a run of CI deploys over SSH: deploy-with-lock … ./deploy.sh first")
    result = sshd.finish(place.deployment("first", "--tier", "lightning"))
    report.code(0, result)
    report.says("it says how it ended", result, r"#1 succeeded: waited .*, ran ")
    report.equal("in production", "first", place.production())
    report.step("then, with nothing but flock(1): flock -n LOCK echo 'Lock free'")
    report.says("it prints Lock free", place.ssh(f"flock -n {place.lock} echo 'Lock free'"), "^Lock free$")


def two_at_once(report, place):
    report.step("a run of CI deploys, and takes its time")
    first = place.deployment("ci", "--tier", "docker", hold=True)
    place.until_began("ci")
    report.step("meanwhile a person tries over SSH, and waits for 2s at most")
    second = sshd.finish(place.deployment("shell", "--timeout", "2s", source="ssh"))
    report.code(1, second)
    report.says("while it waits it says for whom", second, r"waiting for the lock.* held by #1 ")
    report.says("in the end it says that it gave up", second, r"#2 gave up after .*, nothing was run: held by #1 ")
    report.equal("what ran", ["ci"], place.lines("began"))
    place.let_go("ci")
    report.step("the first one ends as if nothing had been")
    report.code(0, sshd.finish(first))
    report.equal("deployments that ran beside another", 0, len(place.lines("collisions")))


def full_queue(report, place):
    report.step("four pushes within seconds; each run asks check-deploy-queue, then deploys under the lock")
    waiting, outputs = [], {}
    for commit in ("one", "two", "three"):
        run = place.push(commit)
        _, outputs[commit] = place.check_queue(run)
        waiting.append((run, place.deployment(commit, "--run-url", run["html_url"], hold=commit == "one")))
        if commit == "one":
            place.until_began(commit)
        else:
            place.until_waiting(len(waiting) - 1)
    for pending, commit in enumerate(outputs):
        report.equal(f"should_skip and queue_length of {commit}", ["false", str(pending)],
                     decision(outputs[commit]))
    run = place.push("four")
    result, skipped = place.check_queue(run)
    report.code(0, result)
    report.equal("should_skip and queue_length of four", ["true", "3"], decision(skipped))
    report.says("it says why", result, r"^SKIP: 3 deployments are pending and the threshold is 3\.$")
    report.says("it says how to deploy it now", result, r"gh workflow run deploy\.yml --repo example/app")
    place.complete(run, "skipped")
    report.step("the same limit on the server, for deployments from anywhere: --max-queue 3")
    limited = sshd.finish(place.deployment("five", "--max-queue", "3", source="cron"))
    report.code(0, limited)
    report.says("it says so", limited, r"SKIPPED, nothing was run: 3 deployments run or wait")
    place.let_go("one")
    for run, deployment in waiting:
        report.code(0, sshd.finish(deployment), f"exit code of {run['head_sha']}")
        place.complete(run)
    report.equal("what ran", ["one", "two", "three"], place.lines("began"))
    outcomes = place.outcomes()
    report.equal("the outcomes of one to five", ["succeeded"] * 3 + ["skipped"] * 2,
                 [outcomes.get(commit) for commit in ("one", "two", "three", "four", "five")])


def decision(outputs):
    return [outputs["should_skip"], outputs["queue_length"]]


def orphan(report, place):
    pid = next(pid for pid in range(99999, 1, -1) if not pathlib.Path(f"/proc/{pid}").exists())
    report.step(f"a lock with the facts of a process {pid} that does not exist")
    place.ssh(f"""
        printf 'PID: {pid}\\nUser: test\\nStarted: 2026-02-13 10:00:00 UTC\\n' >{place.lock}.facts
        printf 'Timestamp: %s\\nCommand: test\\n' "$(date +%s)" >>{place.lock}.facts
        mv {place.lock}.facts {place.lock.with_suffix('.info')}; touch {place.lock}""")
    seen = place.ssh("check-deploy-lock --exit-code")
    report.code(2, seen)
    report.says("the lock is free, and an orphan was left", seen, "is free; it was left by a dead orphan")
    report.says("its process is dead", seen, rf"pid {pid}, dead")
    if os.geteuid() == 0:
        report.step("clean up: check-deploy-lock --force-unlock, asked on a terminal")
        unlocked = answer(place, "check-deploy-lock --force-unlock", (b"Reason", b"left behind\n"),
                          (b"Type yes", b"yes\n"))
    else:
        # Not every machine lets anybody else's SSH server have terminals.
        report.step("clean up: check-deploy-lock --force-unlock --yes")
        unlocked = place.ssh("check-deploy-lock --force-unlock --yes --reason 'left behind'")
    report.code(0, unlocked)
    report.says("the facts are cleared", unlocked, rf"unlocked: pid {pid}, nothing of it ran any more")
    report.says("the lock is free", place.ssh("check-deploy-lock --exit-code"), r"\.lock is free$")

    report.step("a real one: the wrapper and its keeper are killed with kill -9")
    place.deployment("dies", hold=True)
    place.until_began("dies")
    holder = place.status()["holder"]
    keepers = pathlib.Path(f"/proc/{holder['pid']}/task/{holder['pid']}/children").read_text().split()
    for pid in (*map(int, keepers), holder["pid"]):
        os.kill(pid, signal.SIGKILL)
    report.says("while its command runs, it holds the lock", place.ssh("check-deploy-lock"),
                "is held by a running orphan")
    place.let_go("dies")
    sshd.wait_for(lambda: place.status()["state"] == "dead_orphan", "the command to end")
    report.says("afterwards nobody has to free anything", place.ssh("check-deploy-lock"),
                "is free; it was left by a dead orphan")
    report.code(0, sshd.finish(place.deployment("next")))
    report.equal("in the ledger", {"dies": "orphaned", "next": "succeeded"}, place.outcomes())


def timeout(report, place, seconds):
    report.step(f"a deployment that lasts longer than the others wait: {seconds}s")
    long = place.deployment("long", hold=True)
    place.until_began("long")
    short = sshd.finish(place.deployment("short", "--timeout", f"{seconds}s", source="ssh"))
    report.code(1, short)
    report.says("it waits", short, r"waiting for the lock, giving up in ")
    report.says("it gives up", short, r"#2 gave up after ")
    ended = place.deployments()["short"]
    waited = ended["wait_seconds"]
    report.expect(f"it waited for {seconds}s at least", f"it waited for {waited:.3f}s", waited >= seconds)
    report.equal("its outcome", "timed_out", ended["outcome"])
    place.let_go("long")
    report.code(0, sshd.finish(long))
    report.step("with the default timeout of 30m again, and the lock free")
    report.code(0, sshd.finish(place.deployment("after")))


def answer(place, command, *answers):
    """Types answers on a terminal, each when it is asked for."""
    process = place.server.start(f"cd {place.app} && {command}", terminal=True)
    seen = b""
    for question, reply in answers:
        while question not in seen and (piece := os.read(process.stdout.fileno(), 4096)):
            seen += piece
        if question in seen:
            process.stdin.write(reply)
            process.stdin.flush()
    seen += process.stdout.read()
    process.wait(timeout=120)
    return sshd.Result(process.returncode, seen.decode(errors="replace").replace("\r\n", "\n"))
