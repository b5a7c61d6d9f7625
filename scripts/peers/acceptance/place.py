"""A server with an application, the tools and a GitHub of its own, all in one folder."""

import json
import os
import pathlib
import shlex
import subprocess

import sshd

# Deploys a commit: notes that it began, stays until it is let go, and changes the application. Two of
# it at once would be noticed.
DEPLOY = """\
#!/bin/sh
echo "$1" >>began
mkdir at-work || { echo "$1" >>collisions; exit 9; }
while [ -e "hold-$1" ]; do sleep 0.05; done
echo "$1" >production
rmdir at-work
"""


class Place:
    def __init__(self, here, tools):
        self.here = pathlib.Path(here)
        self.tools = tools
        self.app = self.here / "app"
        self.app.mkdir()
        script = self.app / "deploy.sh"
        script.write_text(DEPLOY)
        script.chmod(0o755)
        self.lock = self.here / "app-deploy.lock"
        (self.here / "deploy-ledger.conf").write_text(
            f"DEPLOY_LOCK_FILE={self.lock}\nDEPLOY_LEDGER={self.here}/ledger.db\n")
        self.environment = {
            "PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin",
            "DEPLOY_LEDGER_CONFIG": f"{self.here}/deploy-ledger.conf", "NO_COLOR": "1", "TZ": "UTC",
        }
        self.server = sshd.Server(self.here, self.environment)
        self.github = None

    # The server.

    def ssh(self, command, **more):
        return self.server.run(f"cd {self.app} && {command}", **more)

    def deployment(self, commit, *options, source="gha", hold=False):
        """Starts a deployment of a commit over SSH and does not wait for its end."""
        if hold:
            (self.app / f"hold-{commit}").touch()
        words = ["deploy-with-lock", "--source", source, "--sha", commit, *options, "--",
                 "./deploy.sh", commit]
        return self.server.start(f"cd {self.app} && {shlex.join(words)}")

    def let_go(self, commit):
        (self.app / f"hold-{commit}").unlink()

    def lines(self, name):
        path = self.app / name
        return path.read_text().split() if path.exists() else []

    def until_began(self, commit):
        sshd.wait_for(lambda: commit in self.lines("began"), f"the deployment of {commit} to begin")

    def status(self):
        return json.loads(self.ssh("check-deploy-lock --json --no-record").output)

    def until_waiting(self, count):
        sshd.wait_for(lambda: len(self.status()["waiting"]) == count, f"{count} waiting deployments")

    def deployments(self):
        """What the ledger has of each commit; of one that was deployed twice, the newest."""
        rows = json.loads(self.ssh("deploystats deployments --format json").output)["deployments"]
        return {row["sha"]: row for row in reversed(rows)}

    def outcomes(self):
        return {commit: row["outcome"] for commit, row in self.deployments().items()}

    def production(self):
        return " ".join(self.lines("production")) or "nothing"

    # GitHub and a runner.

    def start_github(self):
        folder = self.here / "github"
        folder.mkdir()
        self.runs = []
        self.write_runs()
        (folder / "config.yml").write_text(f"http_unix_socket: {folder}/socket\n")
        self.github = subprocess.Popen(
            ["Tests/github-stand-in", folder / "socket", folder / "state.json"])
        sshd.wait_for((folder / "socket").exists, "the stand-in for GitHub")

    def write_runs(self):
        folder = self.here / "github"
        commits = list(dict.fromkeys(run["head_sha"] for run in self.runs))
        # Each commit was made after the one that was pushed before it.
        compare = {f"{commit}...{earlier}": "behind" for place, commit in enumerate(commits)
                   for earlier in commits[:place]}
        (folder / "new").write_text(json.dumps(
            {"repo": "example/app", "runs": self.runs, "compare": compare}))
        os.rename(folder / "new", folder / "state.json")

    def push(self, commit, event="push"):
        """A run of the workflow for a commit."""
        number = len(self.runs) + 1
        at = f"2026-02-13T10:00:{5 * number:02}Z"
        self.runs.append({
            "id": 1000 + number, "run_number": number, "run_attempt": 1, "status": "in_progress",
            "conclusion": None, "head_sha": commit, "head_branch": "main", "event": event,
            "display_title": f"Commit {commit}", "created_at": at, "run_started_at": at,
            "updated_at": at, "path": ".github/workflows/deploy.yml", "actor": {"login": "ann"},
            "html_url": f"https://github.com/example/app/actions/runs/{1000 + number}"})
        self.write_runs()
        return self.runs[-1]

    def complete(self, run, conclusion="success"):
        run.update(status="completed", conclusion=conclusion)
        self.write_runs()

    def check_queue(self, run, *options):
        """What the first job of a run does; its outputs as a dictionary."""
        output = self.here / "github" / f"output-{run['id']}"
        output.touch()
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("GH_", "GITHUB_"))}
        environment |= {
            "GH_CONFIG_DIR": f"{self.here}/github", "GH_TOKEN": "secret", "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "example/app", "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKFLOW_REF": "example/app/.github/workflows/deploy.yml@refs/heads/main",
            "GITHUB_RUN_ID": str(run["id"]), "GITHUB_RUN_ATTEMPT": "1", "GITHUB_REF_NAME": "main",
            "GITHUB_EVENT_NAME": run["event"], "GITHUB_ACTOR": "ann", "GITHUB_SHA": run["head_sha"],
            "GITHUB_OUTPUT": str(output), "DEPLOY_LEDGER_CONFIG": "/dev/null", "NO_COLOR": "1"}
        via = f"ssh -F {self.here}/ssh_config server"
        result = subprocess.run(
            [f"{self.tools}/check-deploy-queue", "--max-age", "100000d", "--record-via", via, *options],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=120)
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return sshd.Result(result.returncode, result.stdout), outputs

    def stop(self):
        self.server.stop()
        if self.github:
            self.github.terminate()
            self.github.wait()
