"""Many tabs, tabs that sleep, servers that go away, and what a person is doing meanwhile."""

import signal
import time

from looking import LIVE, LOST
from place import wait_until

TABS = 7


def test_seven_tabs_of_one_profile_all_load_and_all_change(place, server, windows):
    # Over HTTP/1.1 a browser has six connections to a host, for all its tabs together.
    tabs = [windows().open().live() for _ in range(TABS)]
    deployment = place.start("--actor", "ann")
    for tab in tabs:
        tab.page.bring_to_front()
        tab.shows("lock", "ann")
    # None of them holds up what a person asks for.
    for tab in tabs:
        began = time.monotonic()
        tab.page.reload()
        tab.live()
        assert time.monotonic() - began < 10
    assert deployment.end() == 0
    for tab in tabs:
        tab.page.bring_to_front()
        tab.shows("lock", "free")


def test_when_the_leading_tab_closes_another_leads(place, server, windows):
    first, *others = [windows().open().live() for _ in range(3)]
    first.page.close()
    deployment = place.start("--actor", "ann")
    for tab in others:
        tab.page.bring_to_front()
        tab.shows("lock", "ann")
    assert deployment.end() == 0
    for tab in others:
        tab.shows("lock", "free")


def test_one_profile_has_one_stream(place, server, windows):
    for _ in range(4):
        windows().open().live()
    # One tab leads, so that one connection is enough.
    wait_until(lambda: streams(server) == 1, "there is one stream", 10)


def streams(server):
    """How many streams the server says are open."""
    for line in server.ask("/metrics").text.splitlines():
        if line.startswith("deploy_dashboard_streams{"):
            return float(line.split()[-1])


def test_a_server_that_stops_is_noticed_and_one_that_returns_too(place, server, window):
    place.deploy("--sha", "a" * 40)
    window.shows("recent", "a" * 7)
    assert server.stop() == 0
    window.state(LOST)
    place.deploy("--sha", "b" * 40)
    server.start()
    window.state(LIVE)
    window.shows("recent", "b" * 7)
    assert window.loads == 1


def test_a_server_that_hangs_is_noticed_by_what_does_not_come(place, server, window):
    place.deploy("--sha", "a" * 40)
    window.shows("recent", "a" * 7)
    server.process.send_signal(signal.SIGSTOP)
    # The connection stays open; only the ticks are missing.
    window.state(LOST, 90)
    place.deploy("--sha", "b" * 40)
    server.process.send_signal(signal.SIGCONT)
    window.state(LIVE)
    window.shows("recent", "b" * 7)


def test_a_machine_that_slept_shows_what_it_missed(place, server, context, window):
    place.deploy("--sha", "a" * 40)
    window.shows("recent", "a" * 7)
    devices = context.new_cdp_session(window.page)
    devices.send("Network.enable")
    devices.send("Network.emulateNetworkConditions", {
        "offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
    # A stream that is open already may outlive the emulation: it goes with the tab's life cycle.
    devices.send("Page.setWebLifecycleState", {"state": "frozen"})
    place.deploy("--sha", "b" * 40)
    devices.send("Page.setWebLifecycleState", {"state": "active"})
    devices.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    window.shows("recent", "b" * 7, 60)
    window.state(LIVE)
    assert window.loads == 1


def test_a_page_left_and_returned_to_is_fresh(place, server, window):
    place.deploy("--sha", "a" * 40)
    window.shows("recent", "a" * 7)
    window.page.goto(f"{server.origin}{server.base}/super-admin/ledger")
    place.deploy("--sha", "b" * 40)
    window.page.go_back()
    window.live()
    window.shows("recent", "b" * 7)


def test_an_update_keeps_focus_selection_scroll_and_open_details(place, server, window):
    for _ in range(25):
        place.deploy("--sha", "a" * 40)
    running = place.start("--sha", "b" * 40, "--message", "Say hello")
    window.shows("lock", "running")
    window.shows("recent", "running")
    page = window.page
    # A link in the region that changes, which has the focus; details that a person opened; a text
    # that they have marked; the place they scrolled to.
    kept = page.evaluate("""() => {
        window.link = [...document.querySelectorAll('#part-recent tbody tr a')].at(8);
        link.focus();
        window.opened = [...document.querySelectorAll('#part-lock details')];
        opened.forEach(each => each.open = true);
        const range = document.createRange();
        range.selectNodeContents(document.querySelectorAll('#part-recent tbody tr')[2]);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        scrollTo(0, 150);
        return [link.textContent, opened.length, getSelection().toString(), scrollY];
    }""")
    assert kept[0] and kept[1] > 0 and kept[2] and kept[3] > 0, kept

    place.deploy("--sha", "c" * 40, "--max-queue", "1")
    window.shows("recent", "c" * 7)
    assert page.evaluate("""() => [
        document.activeElement === link && link.isConnected && link.textContent,
        opened.filter(each => each.isConnected && each.open).length,
        getSelection().toString(), scrollY]""") == kept
    running.end()
    window.shows("lock", "free")
    assert page.evaluate("document.activeElement === link && link.textContent") == kept[0]


def test_a_person_can_pause_and_continue(place, server, window):
    place.deploy("--sha", "a" * 40)
    window.shows("recent", "a" * 7)
    window.page.get_by_role("button", name="Pause").click()
    wait_until(lambda: "paused" in window.page.inner_text("#live").lower(), "it is paused")
    place.deploy("--sha", "b" * 40)
    place.deploy("--sha", "c" * 40)
    assert "b" * 7 not in window.words("recent")
    window.page.get_by_role("button", name="Resume").click()
    window.shows("recent", "c" * 7)
