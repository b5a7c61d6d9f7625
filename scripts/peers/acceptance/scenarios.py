"""The two scenarios: pushes in quick succession, and a person beside CI."""

import sshd


def pushes(report, place):
    report.step("A, B and C are pushed within ten seconds, D when their three runs are pending")
    runs, deployments = {}, {}
    for commit in "ABC":
        runs[commit] = place.push(commit)
        _, outputs = place.check_queue(runs[commit])
        report.equal(f"should_skip of {commit}", "false", outputs["should_skip"])
        deployments[commit] = place.deployment(commit, "--ref", "main", hold=True)
        if commit == "A":
            place.until_began("A")
        place.until_waiting(len(deployments) - 1)
    status = place.status()
    report.equal("the lock, then the queue", ["A", "B", "C"],
                 [row["sha"] for row in (status["holder"], *status["waiting"])])
    runs["D"] = place.push("D")
    result, outputs = place.check_queue(runs["D"])
    report.equal("should_skip of D", "true", outputs["should_skip"])
    report.says("it says what will happen to D", result, "It is older and does NOT contain this commit")
    place.complete(runs["D"], "skipped")
    for commit in "ABC":
        place.until_began(commit)
        report.equal(f"in production while {commit} is at work", {"A": "nothing", "B": "A", "C": "B"}[commit],
                     place.production())
        place.let_go(commit)
        report.code(0, sshd.finish(deployments[commit]), f"exit code of {commit}")
        place.complete(runs[commit])
    report.equal("in production in the end", "C", place.production())
    report.equal("deployments that ran beside another", 0, len(place.lines("collisions")))
    report.step("D is asked for by hand: such a run is never skipped")
    run = place.push("D", event="workflow_dispatch")
    _, outputs = place.check_queue(run)
    report.equal("should_skip and reason of D", ["false", "asked_for"],
                 [outputs["should_skip"], outputs["reason"]])
    report.code(0, sshd.finish(place.deployment("D", "--ref", "main")))
    place.complete(run)
    report.equal("in production", "D", place.production())

    report.step("the same four pushes with --yield-to-newer: the newest commit is the one that is kept")
    deployments = {}
    for commit in ("A2", "B2", "C2", "D2"):
        deployments[commit] = place.deployment(
            commit, "--ref", "main", "--yield-to-newer", hold=commit == "A2")
        if commit == "A2":
            place.until_began(commit)
        place.until_waiting(len(deployments) - 1)
    place.let_go("A2")
    for commit, deployment in deployments.items():
        report.code(0, sshd.finish(deployment), f"exit code of {commit}")
    outcomes = place.outcomes()
    report.equal("the outcomes", ["succeeded", "superseded", "superseded", "succeeded"],
                 [outcomes[commit] for commit in deployments])
    report.equal("in production", "D2", place.production())


def beside_ci(report, place):
    report.step("a run of CI has the lock")
    ci = place.deployment("ci", "--tier", "docker", hold=True)
    place.until_began("ci")
    report.step("an admin deploys over SSH, with the default timeout of 30m")
    admin = place.deployment("admin", "--tier", "docker", source="ssh")
    place.until_waiting(1)
    report.equal("what has begun", ["ci"], place.lines("began"))
    place.let_go("ci")
    report.code(0, sshd.finish(ci))
    report.step("when the run ends, the admin's turn has come at once")
    result = sshd.finish(admin)
    report.code(0, result)
    report.says("it was told for whom it waits", result, r"waiting for the lock, giving up in (30m|29m)")
    report.says("and when its turn came", result, r"#2 acquired after ")
    report.equal("the order", ["ci", "admin"], place.lines("began"))
    made = place.deployments()
    released = place.ssh("deploystats events --format ndjson | jq -r 'select(.kind | IN(\"acquired\", "
                         "\"released\")) | \"\\(.kind) \\(.number)\"'").output.splitlines()
    report.equal("in the ledger", ["acquired 1", "released 1", "acquired 2", "released 2"], released)
    report.equal("where from", ["gha", "ssh"], [made["ci"]["source"], made["admin"]["source"]])
    report.equal("deployments that ran beside another", 0, len(place.lines("collisions")))
