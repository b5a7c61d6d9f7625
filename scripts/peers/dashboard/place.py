"""A place to deploy in: a lock, a ledger, and commands that end when they are told to."""

import json
import os
import pathlib
import signal
import subprocess
import time

TOOLS = pathlib.Path(os.environ["DEPLOY_TOOLS"])


def wait_until(holds, what, seconds=15.0):
    """Waits for a condition; returns what it returned, and fails with `what`, or what that says, when it
    never holds."""
    end = time.monotonic() + seconds
    while True:
        if result := holds():
            return result
        assert time.monotonic() < end, f"never: {what() if callable(what) else what}"
        time.sleep(0.02)


class Deployment:
    """One that runs until it is told to end."""

    def __init__(self, place, name, arguments, code, health=None):
        self.place, self.name = place, name
        self.go = place.path / f"{name}.go"
        self.log = place.path / f"{name}.log"
        script = f'until [ -e "{self.go}" ]; do sleep 0.02; done; exit {code}'
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*place.wrapper(*arguments), "--", "sh", "-c", script, name],
                env=place.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def end(self):
        """Lets the command end, waits for all that follows and returns the wrapper's code."""
        self.go.touch()
        return self.process.wait(30)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


class Place:
    """A lock and a ledger in a folder."""

    def __init__(self, path):
        self.path = path
        self.lock = path / "deploy.lock"
        self.ledger = path / "ledger.db"
        self.count = 0
        self.running = []
        self.environment = {
            **os.environ, "DEPLOY_LOCK_FILE": str(self.lock), "DEPLOY_LEDGER": str(self.ledger)}

    def wrapper(self, *arguments):
        return [TOOLS / "deploy-with-lock", *map(str, arguments)]

    def deploy(self, *arguments, command=("true",), code=0):
        """A whole deployment, which ends with `code`."""
        result = subprocess.run(
            [*self.wrapper(*arguments), "--", *command], env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        assert result.returncode == code, result.stderr.decode()

    def start(self, *arguments, code=0):
        """One that runs, or waits, until it is told to end with `code`."""
        self.count += 1
        deployment = Deployment(self, f"deployment-{self.count}", arguments, code)
        self.running.append(deployment)
        return deployment

    def stats(self, *arguments):
        """What deploystats prints, as text."""
        return subprocess.run(
            [TOOLS / "deploystats", *map(str, arguments)], env=self.environment,
            check=True, capture_output=True, timeout=60).stdout.decode()

    def json(self, *arguments):
        return json.loads(self.stats(*arguments, "--format", "json"))

    def holder(self, waiting=0):
        """Waits until somebody has the lock, and that many are waiting for it."""
        def is_held():
            lock = self.json("queue")["locks"][0]
            return lock["state"] == "held" and lock["waiting"] == waiting

        wait_until(is_held, f"somebody has the lock and {waiting} are waiting")

    def close(self):
        for deployment in self.running:
            deployment.go.touch()
        for deployment in self.running:
            deployment.process.wait(30)
