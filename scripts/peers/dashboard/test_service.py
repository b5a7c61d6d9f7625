"""As the service of examples/systemd runs it: by a user of its own, which may write nothing."""

import os
import pathlib
import re
import socket
import subprocess
import tempfile

import pytest

from place import TOOLS, Place, wait_until
from serving import PAGE, Server

UNIT = pathlib.Path(__file__).resolve().parents[3] / "examples/systemd/deploy-dashboard.service"
USER = "deploy-dashboard"


@pytest.fixture
def shared():
    """A place whose ledger and lock a group shares, as docs/deploy-with-lock.md says."""
    subprocess.run(["groupadd", "--force", "deploy"], check=True)
    if subprocess.run(["id", USER], capture_output=True, check=False).returncode:
        # The commands of the unit's own comment.
        for line in UNIT.read_text().splitlines():
            if re.match(r"#   (useradd|install) ", line):
                subprocess.run(line.lstrip("# ").split(), check=True)
    path = pathlib.Path(tempfile.mkdtemp(prefix="d-"))
    path.chmod(0o755)
    for folder in ("ledger", "lock"):
        (path / folder).mkdir()
        subprocess.run(["chgrp", "deploy", path / folder], check=True)
        (path / folder).chmod(0o2770)
    place = Place(path)
    place.ledger, place.lock = path / "ledger/ledger.db", path / "lock/deploy.lock"
    place.environment |= {"DEPLOY_LEDGER": str(place.ledger), "DEPLOY_LOCK_FILE": str(place.lock)}
    yield place
    place.close()


class Service(Server):
    """Started as systemd would, as far as that is possible without it."""

    def __init__(self, place):
        self.settings = dict(
            line.split("=", 1) for line in UNIT.read_text().splitlines()
            if re.match(r"[A-Z]\w+=", line))
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(place.path / "notify"))
        (place.path / "notify").chmod(0o666)
        self.notices.settimeout(30)
        place.environment["NOTIFY_SOCKET"] = str(place.path / "notify")
        # The unit's comment says how its directory is made.
        super().__init__(place, tokens=pathlib.Path("/etc/deploy-dashboard/tokens"))

    def command(self, *arguments):
        """As the user, without the right to anything, and with a file system that is read-only."""
        confined = [
            "setpriv", "--reuid", USER, "--regid", USER, "--groups",
            f"{USER},{self.settings['SupplementaryGroups']}", "--no-new-privs",
            "--bounding-set=-all", "--inh-caps=-all"]
        if arguments[0] != "serve":
            return [*confined, TOOLS / "deploy-dashboard", *arguments]
        return ["unshare", "--mount", "--propagation", "private", "sh", "-ec",
                f"mount --bind {self.place.path} {self.place.path}; "
                f"mount -o remount,bind,ro {self.place.path}; mount -o remount,bind,ro /etc; "
                'exec "$@"', "sh", *confined, TOOLS / "deploy-dashboard", *arguments]


@pytest.fixture
def service(shared):
    service = Service(shared)
    yield service
    service.close()
    os.unlink("/etc/deploy-dashboard/tokens")


def test_it_says_when_it_is_ready(shared, service):
    first = service.notices.recv(4096).decode()
    assert "READY=1" in first.splitlines(), first
    assert service.ask("/healthz", token=False).status == 200
    assert service.stop() == 0


def test_a_user_who_may_write_nothing_sees_everything(shared, service):
    # Nobody has deployed yet: there is no ledger.
    assert service.ask(PAGE).status == 200
    shared.deploy("--sha", "a" * 40)
    deployment = shared.start("--sha", "b" * 40)
    wait_until(
        lambda: b'"locked"' in service.ask("/api/admin/deployment-status").body, "it is held")
    status = service.ask("/api/admin/deployment-status").text
    assert f'"pid":{deployment.process.pid}' in status.replace(" ", ""), status
    text = service.ask(PAGE).text
    assert "a" * 7 in text and "b" * 7 in text
    assert deployment.end() == 0
    wait_until(
        lambda: b'"free"' in service.ask("/api/admin/deployment-status").body, "it is free")
