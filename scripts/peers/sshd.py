"""An SSH server on loopback with keys of its own, and a client that is let in.

It runs as whoever starts it and lets that user in. As root it expects namespaces of its own, where /run
and /etc/shadow may be replaced.
"""

import dataclasses
import functools
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import time


@dataclasses.dataclass
class Result:
    code: int
    output: str

    def line(self, pattern):
        """The first line with a match, or None."""
        return next((line for line in self.output.splitlines() if re.search(pattern, line)), None)


def wait_for(condition, what, seconds=60):
    """Waits for a condition; the time is for a machine that is stuck."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds}s in vain for {what}")
        time.sleep(0.02)
    return value


@functools.cache
def let_root_in():
    """With a key, also where root is locked."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"], check=True)
    pathlib.Path("/run/sshd").mkdir(mode=0o755)
    shadow = pathlib.Path("/run/shadow")
    shadow.touch(mode=0o600)
    shadow.write_text(re.sub(
        r"(?m)^(\w+):!?[^:]*:", r"\1:*:", pathlib.Path("/etc/shadow").read_text()))
    subprocess.run(["mount", "--bind", shadow, "/etc/shadow"], check=True)


class Server:
    """`environment` is what a login finds there."""

    def __init__(self, here, environment, user=None):
        self.here = pathlib.Path(here)
        self.user = user or pwd.getpwuid(os.geteuid()).pw_name
        for name in ("host_key", "client_key"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.here / name], check=True)
        if os.geteuid() == 0:
            let_root_in()
        program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
        # A port that nobody has; another may take it first, then it is the next one's turn.
        for _ in range(20):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
            self._write_configuration(environment)
            self.log = open(self.here / "sshd.log", "a")
            self.process = subprocess.Popen(
                [program, "-D", "-e", "-f", self.here / "sshd_config"],
                stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
            wait_for(lambda: self._answers() or self.process.poll() is not None, "sshd")
            if self.process.poll() is None:
                return
        raise RuntimeError((self.here / "sshd.log").read_text())

    def _write_configuration(self, environment):
        settings = " ".join(f'"{name}={value}"' for name, value in environment.items())
        (self.here / "sshd_config").write_text(f"""\
Port {self.port}
ListenAddress 127.0.0.1
HostKey {self.here}/host_key
AuthorizedKeysFile {self.here}/client_key.pub
PermitRootLogin prohibit-password
PasswordAuthentication no
StrictModes no
UsePAM no
PrintMotd no
PrintLastLog no
PidFile none
MaxStartups 100
SetEnv {settings}
""")
        key = (self.here / "host_key.pub").read_text().split()
        self.known_host = f"[127.0.0.1]:{self.port} {key[0]} {key[1]}"
        (self.here / "known_hosts").write_text(self.known_host + "\n")
        (self.here / "ssh_config").write_text(f"""\
Host server
    HostName 127.0.0.1
    Port {self.port}
    User {self.user}
    IdentityFile {self.here}/client_key
    UserKnownHostsFile {self.here}/known_hosts
    IdentitiesOnly yes
    BatchMode yes
    LogLevel ERROR
""")

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def start(self, command, terminal=False):
        """A command on the server; standard error is in the output, as a person sees it."""
        argv = ["ssh", "-F", str(self.here / "ssh_config"), *(["-tt"] if terminal else []), "server"]
        return subprocess.Popen(
            [*argv, command], stdin=subprocess.PIPE if terminal else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, command, timeout=300):
        return finish(self.start(command), timeout)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def finish(process, timeout=300):
    """What a command that was started has said when it has ended."""
    output = process.communicate(timeout=timeout)[0].decode(errors="replace")
    return Result(process.returncode, output.replace("\r\n", "\n"))
