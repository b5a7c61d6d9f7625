"""What the tests have: a place to deploy in, a server, and Debian's Chromium."""

import pathlib
import shutil
import tempfile

import pytest
from playwright.sync_api import sync_playwright

from looking import Window, log_in
from place import Place
from serving import Server


@pytest.fixture
def folder():
    """Short, because a socket's path is at most 107 bytes."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="d-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def place(folder):
    place = Place(folder)
    yield place
    place.close()


@pytest.fixture
def server(place):
    server = Server(place)
    yield server
    server.close()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser
        browser.close()


@pytest.fixture
def contexts(browser):
    """Makes profiles of the browser, each with cookies of its own."""
    made = []

    def make(**options):
        options.setdefault("ignore_https_errors", True)
        context = browser.new_context(**options)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def context(contexts, server):
    """A profile that is logged in."""
    context = contexts()
    log_in(context, server)
    return context


@pytest.fixture
def windows(context, server):
    """Opens tabs of one profile; none of them may have complained in the end."""
    opened = []

    def make():
        opened.append(Window(context, server))
        return opened[-1]

    yield make
    for window in opened:
        assert window.complaints == []


@pytest.fixture
def window(windows):
    return windows().open().live()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """What the server said, beside what failed."""
    outcome = yield
    report = outcome.get_result()
    server = item.funcargs.get("server") or item.funcargs.get("service")
    if report.failed and server:
        report.sections.append(("what the server said", "".join(server.lines[-15:])))
