"""Plays the installation on a server; see scripts/peers/install."""

import os
import pathlib
import shutil
import subprocess
import sys

import sshd

packages, here = (pathlib.Path(folder).resolve() for folder in sys.argv[1:])
EXAMPLE = "examples/ssh/install-on-server"


def mount(*words):
    subprocess.run(["mount", *map(str, words)], check=True)


class Target(sshd.Server):
    """The SSH server of a machine that is a copy of this one, on which nothing of ours is installed."""

    def __init__(self, name):
        place = here / name
        place.mkdir()
        # Where sshd takes a directory for the root of another system, nobody else may write above it.
        self.root = pathlib.Path("/run/server") / name
        super().__init__(place, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})

    def _write_configuration(self, environment):
        if not self.root.exists():
            self._make_root()
        super()._write_configuration(environment)
        with open(self.here / "sshd_config", "a") as file:
            file.write(f"ChrootDirectory {self.root}\n")

    def _make_root(self):
        self.root.mkdir(parents=True)
        for folder in ("upper", "work"):
            (self.here / folder).mkdir()
        mount("-t", "overlay", "overlay", "-o",
              f"lowerdir=/,upperdir={self.here}/upper,workdir={self.here}/work", self.root)
        mount("-t", "proc", "proc", self.root / "proc")
        mount("--rbind", "/dev", self.root / "dev")
        mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", self.root / "run")
        (self.root / "run/lock").mkdir()
        (self.root / "run/lock").chmod(0o1777)
        shutil.rmtree(self.root / "var/lib/deploy-ledger", ignore_errors=True)
        self.inside("rm -f /etc/deploy-ledger.conf /usr/local/bin/*deploy* && "
                    "(groupdel deploy || true) && for user in ann ci; do useradd --create-home $user; done")

    def inside(self, command, user="root"):
        return subprocess.run(
            ["chroot", self.root, "setpriv", "--reuid", user, "--regid", user, "--init-groups",
             "env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", f"HOME=/home/{user}",
             "sh", "-c", command],
            check=True, capture_output=True, text=True).stdout

    def install(self, package, *names):
        """Runs the example with an `ssh` that knows the way."""
        folder = self.here / "bin"
        folder.mkdir(exist_ok=True)
        ssh = folder / "ssh"
        ssh.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {self.here}/ssh_config "$@"\n')
        ssh.chmod(0o755)
        done = subprocess.run(
            [EXAMPLE, package, "server", *names], capture_output=True, text=True,
            env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
        return sshd.Result(done.returncode, (done.stdout + done.stderr).replace("\r\n", "\n"))


def expect(what, condition, seen=""):
    if not condition:
        sys.exit(f"FAILED {what}: {seen}")
    print(f"ok    {what}")


def only(pattern):
    return next(packages.glob(pattern))


CHANGES = [
    "added ann to the group deploy, from their next login",
    "added ci to the group deploy, from their next login",
]


def play(kind, package, program):
    target = Target(kind)
    try:
        first = target.install(package, "ann", "ci")
        expect(f"{kind}: installed and set up", first.code < 2, first.output)
        expect(f"{kind}: who may deploy", all(first.line(f"^{line}$") for line in CHANGES), first.output)
        expect(f"{kind}: the program is where it should be", target.inside(f"{program} --version").strip())
        deployment = target.run(f"setpriv --reuid ann --regid ann --init-groups env HOME=/home/ann "
                                f"{program} -- echo deployed")
        expect(f"{kind}: ann deploys over SSH", deployment.code == 0, deployment.output)
        target.inside(f"{program} --quiet true", "ci")
        count = target.inside("deploystats deployments --format ndjson").count("\n")
        expect(f"{kind}: both are in one ledger", count == 2, count)
        # While somebody deploys.
        held = target.start(f"{program} --quiet -- sleep 600 & echo $! >/run/pid; wait")
        sshd.wait_for(lambda: (target.root / "run/pid").exists() and
                      '"held"' in target.inside("check-deploy-lock --json"), "the deployment")
        again = target.install(package)
        expect(f"{kind}: installed again during a deployment", again.code < 2, again.output)
        expect(f"{kind}: nothing is left to change", again.line("^nothing to change$"), again.output)
        expect(f"{kind}: the lock is held", '"held"' in target.inside("check-deploy-lock --json"))
        target.inside("kill $(cat /run/pid)")
        sshd.finish(held)
        expect(f"{kind}: nothing is left there", not list((target.root / "tmp").glob("tmp.*/package*")))
        return target
    finally:
        target.stop()


play("archive", only("*.tar.xz"), "/usr/local/bin/deploy-with-lock")
for package in packages.glob("deploy-ledger_*.deb"):
    play("package", package, "/usr/bin/deploy-with-lock")

target = Target("refusals")
try:
    damaged = here / "damaged"
    damaged.mkdir()
    copy = shutil.copy(only("*.tar.xz"), damaged)
    (damaged / "SHA256SUMS").write_text(f"{'0' * 64}  {os.path.basename(copy)}\n")
    refused = target.install(copy, "ann")
    expect("a damaged package is refused", refused.code == 65 and
           not (target.root / "usr/local/bin/deploystats").exists(), refused.output)
    unknown = target.install(only("*.tar.xz"), "nobody-knows")
    expect("an unknown user is said", unknown.code == 64 and unknown.line("unknown user 'nobody-knows'"),
           unknown.output)
    other = target.install(__file__)
    expect("something else is no package", other.code == 64, other.output)
finally:
    target.stop()
