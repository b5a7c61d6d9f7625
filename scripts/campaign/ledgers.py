"""Situations of the ledger in which system calls are made to fail."""

import fcntl
import hashlib
import os
import sqlite3
import time

from situations import Situation


class Spooling(Situation):
    name = "spool"

    def begin(self, place):
        place.blocker = open(f"{place.ledger}.lock")
        fcntl.flock(place.blocker, fcntl.LOCK_EX)
        return []

    def end(self, place, beside):
        place.blocker.close()

    def is_met(self, place):
        return place.names("state/spool", "*.event") != []


class Draining(Situation):
    name = "drain"

    def prepare(self, place):
        super().prepare(place)
        with open(f"{place.ledger}.lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            place.run(place.deploy())

    def is_met(self, place):
        # Those of three deployments.
        return super().is_met(place) and place.query("SELECT count(*) FROM event")[0][0] == 9


class Checkpoint(Situation):
    name = "checkpoint"

    def prepare(self, place):
        while True:
            place.run(place.deploy())
            if os.path.getsize(f"{place.ledger}-wal") > 360_000:
                return

    def is_met(self, place):
        return super().is_met(place) and os.path.getsize(f"{place.ledger}-wal") < 360_000


MIGRATIONS = os.path.join(os.path.dirname(__file__), "..", "..", "migrations")


class Migrating(Situation):
    """Takes part as soon as there is a second migration."""

    name = "migrate"
    is_possible = len(os.listdir(MIGRATIONS)) > 1

    def prepare(self, place):
        """A ledger as the first version made it, with nothing in it."""
        first = sorted(os.listdir(MIGRATIONS))[0]
        place.ledger.parent.mkdir(parents=True)
        connection = sqlite3.connect(place.ledger)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(open(os.path.join(MIGRATIONS, first)).read())
        now = int(time.time() * 1e6)
        connection.execute("INSERT INTO ledger (id, created_at_us) VALUES (randomblob(32), ?)", (now,))
        connection.execute("PRAGMA application_id = 1146113095")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
        connection.close()

    def is_met(self, place):
        return super().is_met(place) and place.query("PRAGMA user_version")[0][0] > 1


PAGE = 4096


def damage(place, first, pages):
    """Overwrites pages of a ledger, counted from 1."""
    connection = sqlite3.connect(place.ledger)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for suffix in ("-wal", "-shm"):
        if os.path.exists(f"{place.ledger}{suffix}"):
            os.remove(f"{place.ledger}{suffix}")
    with open(place.ledger, "r+b") as file:
        file.seek((first - 1) * PAGE)
        file.write(os.urandom(pages * PAGE))


class Quarantine(Situation):
    name = "quarantine"
    # That a ledger was set aside is said until a person settles it.
    but = ("records", "set_aside")

    def prepare(self, place):
        for _ in range(3):
            place.run(place.deploy())
        damage(place, 2, 16)

    def is_met(self, place):
        return super().is_met(place) and place.names("state", "*.corrupt-*") != []


class Recovering(Situation):
    """Events of a ledger that was set aside are brought back, from a file that stays as it is."""

    name = "recover"
    runs = False
    # The file stays.
    but = ("set_aside",)
    deployments = 6

    def prepare(self, place):
        for _ in range(self.deployments):
            place.run(place.deploy())
        self.spoil(place)

    @staticmethod
    def spoil(place):
        """Damages what follows from the events, so that all of them can be brought back."""
        (page,), = place.query("SELECT rootpage FROM sqlite_schema WHERE name = 'deployment'")
        damage(place, page, 1)

    def begin(self, place):
        # In the place itself: the link to the file has its path.
        place.run(place.deploy())
        place.aside = self.fingerprint(place)
        return []

    def argv(self, place):
        return [place.tool("deploystats"), "recover"]

    @staticmethod
    def fingerprint(place):
        """Of all that was set aside, to the last byte."""
        return {
            name: hashlib.sha256((place.here / "state" / name).read_bytes()).digest()
            for name in place.names("state", "*.corrupt-*")}

    def wrong(self, place):
        wrong = []
        if not place.aside or self.fingerprint(place) != place.aside:
            wrong.append("what was set aside is not as it was")
        # Whatever came of the first: a second one completes it.
        run = place.run(self.argv(place))
        if run.returncode != 0:
            wrong.append(f"a healthy recover ends with {run.returncode}: {run.stderr[:300]}")
        if self.fingerprint(place) != place.aside:
            wrong.append("a second recover changed what was set aside")
        back = place.query("SELECT count(*) FROM deployment WHERE outcome = 'succeeded'")[0][0]
        # And the one that set it aside.
        if back <= self.deployments:
            wrong.append(f"{back} of {self.deployments} deployments are back: {run.stdout[:300]}")
        return wrong

    def is_met(self, place):
        # Beside the one that set it aside.
        return place.query("SELECT count(*) FROM deployment")[0][0] == self.deployments + 1


OF_THE_LEDGER = (Spooling, Draining, Checkpoint, Migrating, Quarantine, Recovering)
