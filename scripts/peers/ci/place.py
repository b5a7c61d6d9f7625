"""A server that runs containers for a user 'deploy', a project in Git, and what the CI has beside it."""

import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time

import sshd

EXAMPLES = pathlib.Path("examples").resolve()
# Where the pages beside the examples say that they are copied to.
FILES = {
    "project": ".", "ci": "ci", "github-actions/connect": ".github/actions/connect",
    "github-actions/check-deploy-queue": ".github/actions/check-deploy-queue",
    "github-actions/deploy.yml": ".github/workflows/deploy.yml",
    "gitlab-ci/gitlab-ci.yml": ".gitlab-ci.yml", "gitea/deploy.yml": ".gitea/workflows/deploy.yml",
}
STORAGE = """\
[storage]
driver = "vfs"
runroot = "{here}/containers/run"
graphroot = "{here}/containers/graph"
"""
CONTAINERS = """\
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
"""
SETTINGS = """\
DEPLOY_LEDGER=/srv/ledger/ledger.db
DEPLOY_HEALTH_URL=http://127.0.0.1:{port}/healthz
DEPLOY_HEALTH_EXPECT="ok {{sha}}"
DEPLOY_HEALTH_DELAY=0
DEPLOY_HEALTH_INTERVAL=1s
DEPLOY_HEALTH_RETRIES=10
DEPLOY_ROLLBACK="/srv/app/releases/${{DEPLOY_LAST_GOOD_SHA:?none is known}}/deploy.sh docker"
"""


class Place:
    """In namespaces of its own: /srv, /run and who there is are replaced. `here` is an empty folder in
    memory; other folders are mounted in it, so it is never emptied.
    """

    def __init__(self, here, tools, compose):
        self.here = pathlib.Path(here)
        self.here.chmod(0o755)
        # Also where the user may not read the originals.
        venv = pathlib.Path(compose).parents[1]
        python, packages = subprocess.run(
            [venv / "bin/python", "-c", "import sys; print(sys.base_prefix, sys.path[-1])"],
            check=True, capture_output=True, text=True).stdout.split()
        for name, folder in (("tools", tools), ("venv", venv), ("python", python)):
            (self.here / name).mkdir()
            mount("--bind", folder, self.here / name)
            mount("-o", "remount,bind,ro", self.here / name)
        self._add_user()
        self.port = free_port()
        (self.here / "deploy-ledger.conf").write_text(SETTINGS.format(port=self.port))
        self.server = sshd.Server(self.here, {
            "PATH": f"{self.here}/tools:/usr/local/bin:/usr/bin:/bin", "TZ": "UTC",
            "DEPLOY_LEDGER_CONFIG": f"{self.here}/deploy-ledger.conf",
            "COMPOSE": f"{self.here}/python/bin/python3 {self.here}/venv/bin/podman-compose",
            "PYTHONPATH": packages.replace(str(venv), f"{self.here}/venv"),
            "CONTAINER_HOST": f"unix://{self.here}/podman.sock",
        }, user="deploy")
        pathlib.Path("/run/lock").mkdir()
        pathlib.Path("/run/lock").chmod(0o1777)
        self._start_containers()
        self._make_repository()
        self._start_github()
        self._start_webhook()

    def _add_user(self):
        for file, line in (("passwd", f"deploy:x:4711:4711::{self.here}/deploy:/bin/sh"),
                           ("group", "deploy:x:4711:"), ("shadow", "deploy:*:19000:0:99999:7:::")):
            text = pathlib.Path(f"/etc/{file}").read_text()
            (self.here / file).write_text(re.sub(r"(?m)^deploy:.*\n", "", text) + line + "\n")
            shutil.copymode(f"/etc/{file}", self.here / file)
            mount("--bind", self.here / file, f"/etc/{file}")
        mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/srv")
        for folder in (f"{self.here}/deploy", "/srv/app", "/srv/ledger"):
            os.mkdir(folder)
            os.chown(folder, 4711, 4711)

    def _start_containers(self):
        """Podman's socket, open for the user as that of Docker is for its group; an image to build on."""
        (self.here / "storage.conf").write_text(STORAGE.format(here=self.here))
        (self.here / "containers.conf").write_text(CONTAINERS)
        self.podman = os.environ | {"CONTAINERS_STORAGE_CONF": f"{self.here}/storage.conf",
                                    "CONTAINERS_CONF": f"{self.here}/containers.conf"}
        busybox = self.here / "busybox"
        busybox.mkdir()
        shutil.copy(shutil.which("busybox"), busybox / "busybox")
        (busybox / "Containerfile").write_text(
            "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"--install\", \"/bin\"]\n")
        subprocess.run(["podman", "build", "-q", "-t", "docker.io/library/busybox:1.36", busybox],
                       env=self.podman, check=True, stdout=subprocess.DEVNULL)
        door = self.here / "podman.sock"
        self.containers = subprocess.Popen(
            ["podman", "system", "service", "--time", "0", f"unix://{door}"], env=self.podman,
            stdout=open(self.here / "podman.log", "w"), stderr=subprocess.STDOUT)
        sshd.wait_for(door.exists, "podman's socket")
        os.chown(door, 4711, 4711)
        # What differs between servers.
        pathlib.Path("/srv/app/.env").write_text(f"PORT={self.port}\n")

    def _make_repository(self):
        self.repository = self.here / "repository"
        self.repository.mkdir()
        for source, target in FILES.items():
            source, target = EXAMPLES / source, self.repository / target
            target.parent.mkdir(parents=True, exist_ok=True)
            (functools.partial(shutil.copytree, dirs_exist_ok=True) if source.is_dir()
             else shutil.copy)(source, target)
        self.git("init", "-q", "-b", "main")
        # As those that host repositories let anybody ask for any commit.
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.git("config", "user.name", "Ann")
        self.git("config", "user.email", "ann@example.org")

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.repository, check=True,
                              capture_output=True, text=True).stdout.strip()

    def commit(self, message, files):
        """Writes files and commits them; the commit."""
        for name, text in files.items():
            (self.repository / name).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def _start_github(self):
        self.github = self.here / "github"
        self.github.mkdir()
        self.set_pending([])
        (self.github / "config.yml").write_text(f"http_unix_socket: {self.github}/socket\n")
        self.stand_in = subprocess.Popen(
            ["Tests/github-stand-in", self.github / "socket", self.github / "state.json"])
        sshd.wait_for((self.github / "socket").exists, "the stand-in for GitHub")

    def set_pending(self, commits):
        """Other runs of the workflow that are pending, and began now."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        runs = [{
            "id": 500 + number, "run_number": number, "run_attempt": 1, "status": "queued",
            "conclusion": None, "head_sha": commit, "head_branch": "main", "event": "push",
            "display_title": "Something", "created_at": now,
            "run_started_at": now, "updated_at": now,
            "path": ".github/workflows/deploy.yml", "actor": {"login": "ben"},
            "html_url": f"https://github.com/example/app/actions/runs/{500 + number}",
        } for number, commit in enumerate(commits, 1)]
        (self.github / "new").write_text(json.dumps(
            {"repo": "example/app", "workflows": ["deploy.yml"], "runs": runs}))
        os.rename(self.github / "new", self.github / "state.json")

    def _start_webhook(self):
        """Takes what is posted to a chat."""
        place = self
        self.told = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                place.told.append(json.loads(body)["text"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.webhook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.webhook.serve_forever, daemon=True).start()

    def served(self, path="index.html"):
        return subprocess.run(["curl", "-fsS", "--max-time", "5", f"http://127.0.0.1:{self.port}/{path}"],
                              capture_output=True, text=True).stdout

    def deployments(self):
        """What the ledger has, oldest first."""
        text = self.server.run("deploystats deployments --limit 0 --format ndjson").output
        return [json.loads(line) for line in reversed(text.splitlines())]

    def stop(self):
        subprocess.run(["podman", "rm", "-fa", "-t", "0"], env=self.podman, stdout=subprocess.DEVNULL)
        for process in (self.containers, self.stand_in):
            process.terminate()
            process.wait()
        self.webhook.shutdown()
        self.server.stop()


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
