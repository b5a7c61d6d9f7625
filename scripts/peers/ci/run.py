"""Plays the examples for CI with a project of Git, a server and containers; see scripts/peers/ci/run."""

import pathlib
import sys
import threading

import gitlab
import sshd
import workflow
from place import Place
from runner import Runner

place = None
runs = 0


def expect(what, wanted, seen):
    if wanted != seen:
        raise AssertionError(f"{what}: expected {wanted!r}, got {seen!r}")


def new_runner():
    """A machine without the tools."""
    global runs
    runs += 1
    return Runner(place.here / f"run-{runs}", {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "CI": "true", "LANG": "C.UTF-8",
        "GH_CONFIG_DIR": place.github, "DEPLOY_LEDGER_CONFIG": "/dev/null"})


def new_run(commit, event="push", file=".github/workflows/deploy.yml", **more):
    """A run for a commit that ann pushed."""
    runner = new_runner()
    github = {
        "actions": "true", "repository": "example/app", "server_url": "https://github.com",
        "workflow_ref": "example/app/.github/workflows/deploy.yml@refs/heads/main", "sha": commit,
        "run_id": 1000 + runs, "run_number": runs, "run_attempt": 1, "event_name": event,
        "ref_name": "main", "actor": "ann", "triggering_actor": "ann", "token": "secret", **more}
    settings = {
        "vars": {"DEPLOY_HOST": f"127.0.0.1:{place.server.port}",
                 "DEPLOY_KNOWN_HOSTS": place.server.known_host,
                 "DEPLOY_HEALTH_URL": f"http://127.0.0.1:{place.port}/healthz"},
        "secrets": {},
        "environments": {
            "production": {"DEPLOY_KEY": key()},
            "deploy-checks": {
                "DEPLOY_KEY": key(),
                "DEPLOY_WEBHOOK": f"http://127.0.0.1:{place.webhook.server_port}/"}},
    }
    if file != ".github/workflows/deploy.yml":
        settings["secrets"] = {"DEPLOY_KEY": key()}
    return workflow.Run(runner, place.repository, file, commit, github, settings)


def key():
    return (place.here / "client_key").read_text().rstrip("\n")


def page(text):
    return {"public/index.html": f"<p>{text}\n"}


def results(check, skip, changes, fast, docker, health, notify):
    return dict(zip(("check-queue", "notify-skip", "detect-changes", "deploy-fast", "deploy-docker",
                     "health-check", "notify"),
                    (check, skip, changes, fast, docker, health, notify)))


def play():
    well, not_run, failed = "success", "skipped", "failure"
    print("the first commit: its containers are built on the server")
    first = place.commit("First", page("one"))
    run = new_run(first)
    expect("the jobs", results(well, not_run, well, not_run, well, well, well), run.play())
    expect("what is served", "<p>one\n", place.served())
    expect("the chat", [f"example/app@{first[:10]}: deployed "
                        "(https://github.com/example/app/actions/runs/1001)"], place.told)
    (row,) = place.deployments()
    expect("the ledger", ("succeeded", "gha", "docker", first, "main", "healthy"),
           tuple(row[name] for name in ("outcome", "source", "tier", "sha", "ref", "health")))
    expect("the person", "ann via deploy", row["actor"])
    expect("the address of the run", "https://github.com/example/app/actions/runs/1001", row["run_url"])

    print("a commit that changes a page: its files are carried")
    second = place.commit("Second", page("two"))
    expect("the jobs", results(well, not_run, well, well, not_run, well, well), new_run(second).play())
    expect("what is served", "<p>two\n", place.served())
    expect("the tier", "lightning", place.deployments()[-1]["tier"])

    print("a commit whose containers do not serve: rolled back")
    broken = place.commit("Broken", page("broken") | {
        "Dockerfile": "FROM docker.io/library/busybox:1.36\nCMD [\"sleep\", \"1000\"]\n"})
    expect("the jobs", results(well, not_run, well, not_run, failed, not_run, well), new_run(broken).play())
    expect("what is served", "<p>two\n", place.served())
    row = place.deployments()[-1]
    expect("the ledger", ("failed", "unhealthy", "done"),
           tuple(row[name] for name in ("outcome", "health", "rollback")))
    expect("the chat", True, "NOT deployed, or not well" in place.told[-1])

    print("three runs are pending: a fourth is skipped, unless a person asks for it")
    place.git("revert", "-n", "HEAD")
    third = place.commit("Third", page("three"))
    place.set_pending([first, second, broken])
    expect("the jobs", results(well, well, not_run, not_run, not_run, not_run, not_run),
           new_run(third).play())
    expect("the chat", True, "Skipped: 3 deployments are pending" in place.told[-1])
    expect("the ledger", ("skipped", third), tuple(place.deployments()[-1][name]
                                                   for name in ("outcome", "sha")))
    expect("the jobs", results(well, not_run, well, well, not_run, well, well),
           new_run(third, "workflow_dispatch").play())
    expect("what is served", "<p>three\n", place.served())
    place.set_pending([])

    print("a run that is cancelled while it waits for a person who deploys")
    fourth = place.commit("Fourth", page("four"))
    hold = "while [ ! -e /srv/app/go ]; do sleep 0.1; done"
    person = place.server.start(f"deploy-with-lock --no-health-check -- sh -c '{hold}'")
    sshd.wait_for(lambda: place.deployments()[-1]["outcome"] == "running", "the person's deployment")
    run, seen = new_run(fourth), {}
    thread = threading.Thread(target=lambda: seen.update(run.play()))
    thread.start()
    sshd.wait_for(lambda: place.deployments()[-1]["outcome"] == "waiting", "the run to wait")
    run.cancel()
    thread.join()
    expect("the jobs", results(well, not_run, well, "cancelled", not_run, not_run, well), seen)
    sshd.wait_for(lambda: place.deployments()[-1]["outcome"] == "cancelled", "the end of its deployment")
    pathlib.Path("/srv/app/go").touch()
    expect("the code of the person's deployment", 0, sshd.finish(person).code)
    expect("what is served", "<p>three\n", place.served())

    print("the same project with Gitea's workflow")
    fifth = place.commit("Fifth", page("five"))
    # Names that the server's sh, which is not bash, has to get as they are.
    run = new_run(fifth, file=".gitea/workflows/deploy.yml", server_url="https://git.example.org",
                  ref_name="größe/it's", triggering_actor="jürgen")
    run.runner.environment["GITEA_ACTIONS"] = "true"
    expect("the jobs", {"deploy": well}, run.play())
    expect("what is served", "<p>five\n", place.served())
    row = place.deployments()[-1]
    expect("the ledger", ("gitea", f"https://git.example.org/example/app/actions/runs/{runs}",
                          "größe/it's", "jürgen via deploy"),
           (row["source"], row["run_url"], row["ref"], row["actor"]))

    print("and with GitLab's")
    sixth = place.commit("Sixth", page("six"))
    commands = place.here / "commands"
    commands.mkdir()
    # Its packages are here.
    (commands / "apt-get").symlink_to("/bin/true")
    expect("the job", True, gitlab.play(new_runner(), place.repository, sixth, "deploy", {
        "CI_COMMIT_SHA": sixth, "CI_COMMIT_REF_NAME": "main", "GITLAB_USER_LOGIN": "ann",
        "CI_PIPELINE_URL": "https://gitlab.example.org/app/-/pipelines/6",
        "DEPLOY_HOST": f"127.0.0.1:{place.server.port}", "DEPLOY_KEY": str(place.here / "client_key"),
        "DEPLOY_KNOWN_HOSTS": place.server.known_host}, commands))
    expect("what is served", "<p>six\n", place.served())
    row = place.deployments()[-1]
    expect("the ledger", ("gitlab", "ann via deploy", "https://gitlab.example.org/app/-/pipelines/6"),
           (row["source"], row["actor"], row["run_url"]))
    expect("the ledger as a whole", 0, place.server.run("deploystats verify").code)


place = Place(*sys.argv[1:4])
try:
    play()
except Exception:
    logs = sorted(place.here.glob("run-*/log"), key=lambda path: path.stat().st_mtime)
    for log in [*logs[-1:], place.here / "sshd.log", place.here / "podman.log"]:
        print(f"--- {log.name}\n" + log.read_text(errors="replace")[-6000:], file=sys.stderr)
    raise
finally:
    place.stop()
print("the examples for CI deployed a project, rolled it back, skipped and cancelled")
