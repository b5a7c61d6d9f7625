"""A scratch lock and ledger, the tools under test, and commands that leave marks."""

import fcntl
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time

# Marks its start and end, and proves that it is alone with a lock of its own process, which goes away
# with it however it ends. Arguments: exit code, how long in seconds (negative: until its input ends),
# what to do with descriptors.
COMMAND = r"""
use Fcntl ':flock';
use POSIX ();
my ($code, $seconds, $descriptors) = @ARGV;
my $here = $ENV{HERE};
if ($descriptors eq 'close') { POSIX::close($_) for 3 .. 1023 }
sub mark { open my $log, '>>', "$here/$_[0]" or die; syswrite $log, "$_[1]\n"; close $log }
open my $alone, '>>', "$here/alone" or die;
mark('overlaps', $ENV{DEPLOY_NUMBER}) unless flock $alone, LOCK_EX | LOCK_NB;
mark('log', "start $ENV{DEPLOY_NUMBER} $ENV{DEPLOY_ID} $$");
select undef, undef, undef, $seconds if $seconds > 0;
if ($seconds < 0) { 1 while <STDIN> }
mark('log', "end $ENV{DEPLOY_NUMBER} $code");
exit $code;
"""


class Place:
    """One scratch directory; `with` removes it."""

    def __init__(self, tools, template=None):
        root = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.here = pathlib.Path(tempfile.mkdtemp(prefix="deploy-campaign-", dir=root))
        self.tools = pathlib.Path(tools)
        if template:
            shutil.copytree(template, self.here, dirs_exist_ok=True)
        self.lock = self.here / "run" / "deploy.lock"
        self.lock.parent.mkdir(exist_ok=True)
        self.ledger = self.here / "state" / "ledger.db"
        self.command = self.here / "command"
        if not self.command.exists():
            self.command.write_text(COMMAND)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("DEPLOY_")}
        self.env.update(
            DEPLOY_LOCK_FILE=str(self.lock), DEPLOY_LEDGER=str(self.ledger),
            DEPLOY_LEDGER_CONFIG="/dev/null", HERE=str(self.here), NO_COLOR="1",
            XDG_RUNTIME_DIR=str(self.here / "runtime"), HOME=str(self.here))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.here, ignore_errors=True)

    def tool(self, name):
        return str(self.tools / name)

    def deploy(self, *options, code=0, seconds=0.0, descriptors="keep", session=False):
        """The command line of a deployment whose command leaves marks."""
        marks = ["perl", str(self.command), str(code), f"{seconds:.3f}", descriptors]
        if session:
            marks = ["setsid", *marks]
        return [self.tool("deploy-with-lock"), "--quiet", *options, "--", *marks]

    def step(self, code, seconds):
        """A command line for a check or a rollback, which has to be alone as the command has."""
        return (
            f"flock -n -o -E 77 $HERE/alone sh -c 'sleep {seconds:.3f}; exit {code}'; c=$?; "
            "[ $c = 77 ] && echo $DEPLOY_NUMBER >> $HERE/overlaps; exit $c")

    def start(self, argv, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", subprocess.DEVNULL)
        more.setdefault("stderr", subprocess.DEVNULL)
        return subprocess.Popen(argv, env=self.env, start_new_session=True, **more)

    def run(self, argv, timeout=60):
        return subprocess.run(
            argv, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=timeout, errors="replace")

    def is_free(self):
        """Whether plain flock(2) gets the lock."""
        try:
            with open(self.lock) as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def is_deserted(self):
        """Whether no process has a ticket any more: neither in the queue nor for its last step."""
        for path in (self.here / "run" / "deploy.lock.queue").glob("ticket-*"):
            try:
                with open(path) as file:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except FileNotFoundError:
                pass
            except OSError:
                return False
        return True

    def tickets(self):
        return self.names("run/deploy.lock.queue", "ticket-*")

    def log(self):
        try:
            return [line.split() for line in (self.here / "log").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def starts(self):
        """How many commands have begun."""
        return sum(line[0] == "start" for line in self.log())

    def query(self, sql, *values):
        if not self.ledger.exists():
            return []
        connection = sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def names(self, directory, *patterns):
        return sorted(
            str(path.name) for pattern in patterns for path in (self.here / directory).glob(pattern))


def wait_for(condition, seconds=30.0):
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.003)
    return bool(condition())


def children(pid):
    """Pids and names of a process's children."""
    found = []
    try:
        for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found.append((int(child), pathlib.Path(f"/proc/{child}/comm").read_text().strip()))
    except OSError:
        pass
    return found


def keeper_of(wrapper):
    """The keeper of a wrapper; None while there is none."""
    return next((pid for pid, name in children(wrapper) if name == "deploy-keeper"), None)
