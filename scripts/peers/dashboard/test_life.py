"""A page that nobody reloads shows the whole life of deployments."""

import fcntl
import time

from looking import LOST
from place import wait_until
from serving import PAGE

SHA = "4f2a9c1e8b7d6c5b4a39281706f5e4d3c2b1a099"


def test_a_deployment_is_seen_within_a_second_as_it_starts_waits_and_ends(place, server, window):
    page = window.page
    page.evaluate(OBSERVER)
    loads = window.loads
    before = time.time()
    first = place.start("--sha", SHA, "--tier", "lightning", "--actor", "ann")
    window.shows("lock", "running")
    # From the record of the start to the moment the page had it, by the same clock.
    started = wait_until(lambda: acquired(place), "the start is recorded")
    seen = page.evaluate("window.changes.find(c => /running/i.test(c.text))?.at")
    assert before <= seen / 1000 and seen / 1000 - started <= 1.0, (before, started, seen)
    window.shows("lock", "ann")
    window.shows("lock", SHA[:7])

    second = place.start("--sha", "b" * 40, "--actor", "bob")
    window.shows("queue", "bob")
    third = place.start("--sha", "c" * 40, "--actor", "carol")
    window.shows("queue", "carol")
    queue = window.words("queue")
    assert queue.index("bob") < queue.index("carol"), queue

    assert first.end() == 0
    window.shows("recent", "succeeded")
    window.shows("lock", "bob")
    wait_until(lambda: "bob" not in window.words("queue"), "bob left the queue")
    assert second.end() == 0 and third.end() == 0
    window.shows("lock", "free")
    assert window.loads == loads, "the page was loaded again"
    assert LOST.search(page.locator("body").inner_text()) is None


def acquired(place):
    """When the newest deployment had the lock, in seconds."""
    for line in place.stats("sql", "SELECT max(acquired_at_us) FROM deployment").splitlines():
        if line.strip().isdigit():
            return int(line) / 1e6


# Records when a region changed, and to what.
OBSERVER = """() => {
    window.changes = [];
    const note = () => window.changes.push({
        at: Date.now(), text: document.querySelector('#part-lock').innerText });
    new MutationObserver(note).observe(
        document.querySelector('main') ?? document.body,
        {subtree: true, childList: true, characterData: true});
}"""


def test_a_failure_a_failed_check_and_a_rollback_are_shown_as_they_are(place, server, window):
    loads = window.loads
    assert place.start("--sha", "a" * 40, code=7).end() == 7
    window.shows("recent", r"failed")

    check = ["--health-check", "exit 1", "--health-delay", "0", "--health-retries", "1"]
    unhealthy = place.start("--sha", "d" * 40, *check)
    assert unhealthy.end() == 69
    window.shows("recent", "d" * 7)
    window.shows("recent", "unhealthy|health")

    back = place.start("--sha", "e" * 40, *check, "--rollback", "true")
    assert back.end() == 69
    window.shows("recent", "e" * 7)
    window.shows("recent", "rolled back")
    window.shows("alerts", "rolled back")
    assert window.loads == loads


def test_a_check_that_runs_is_shown_while_it_runs(place, server, window):
    ready = place.path / "ready"
    check = f'until [ -e "{ready}" ]; do sleep 0.02; done'
    deployment = place.start("--sha", "f" * 40, "--health-check", check, "--health-delay", "0")
    window.shows("lock", "running")
    deployment.go.touch()
    window.shows("lock", "check")
    ready.touch()
    assert deployment.process.wait(30) == 0
    window.shows("lock", "free")
    window.shows("recent", "succeeded")


def test_an_orphan_is_named_and_so_is_a_freeze(place, server, window):
    deployment = place.start("--actor", "ann")
    window.shows("lock", "running")
    deployment.kill()
    window.shows("lock", "orphan")
    window.shows("alerts", "orphan")
    deployment.go.touch()
    window.shows("lock", "free")

    place.stats("freeze", "--until", "+1h", "--reason", "an incident")
    window.shows("lock", "frozen")
    window.shows("lock", "an incident")
    place.stats("unfreeze")
    wait_until(lambda: "frozen" not in window.words("lock").lower(), "the freeze is over")


def test_a_process_that_bypasses_the_tools_is_shown(place, server, window):
    place.deploy()
    with open(place.lock, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        window.shows("lock", "unrecorded process")
    window.shows("lock", "free")


def test_the_page_of_a_running_deployment_changes_too(place, server, windows):
    deployment = place.start("--sha", SHA)
    place.holder()
    window = windows().open(f"{PAGE}/1")
    wait_until(lambda: "running" in window.page.inner_text("main").lower(), "it is running")
    assert deployment.end() == 0
    wait_until(lambda: "succeeded" in window.page.inner_text("main").lower(), "it has succeeded")
    assert window.loads == 1
