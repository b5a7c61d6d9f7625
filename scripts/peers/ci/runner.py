"""A machine on which jobs of a CI run: each with a home, a workspace and a folder for what passes."""

import os
import pathlib
import signal
import subprocess


class Runner:
    def __init__(self, folder, environment):
        self.folder, self.environment = pathlib.Path(folder), environment
        self.folder.mkdir(parents=True)
        self.process = None

    def place(self, job):
        place = self.folder / job
        for name in ("home", "temp", "workspace"):
            (place / name).mkdir(parents=True)
        return place

    def execute(self, argv, place, environment):
        """Runs a program where the home of root is that of a job; its exit code."""
        enter = 'mount --bind "$0" /root && cd "$1" && shift && exec "$@"'
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "bash", "-c", enter,
                 place / "home", place / "workspace", *argv],
                env={name: str(value) for name, value in (self.environment | environment).items()},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            try:
                return self.process.wait(timeout=180)
            finally:
                if self.process.poll() is None:
                    os.killpg(self.process.pid, signal.SIGKILL)

    def interrupt(self):
        """As the button that cancels does it: the process of the step is told first."""
        self.process.send_signal(signal.SIGINT)

    def log(self):
        return (self.folder / "log").read_text(errors="replace").replace("\r\n", "\n")
