"""A browser's window on the dashboard, which records what goes wrong in it."""

import re

from place import wait_until
from serving import PAGE

# What a page says about its connection, in words.
LIVE = re.compile("live", re.IGNORECASE)
LOST = re.compile("connection lost", re.IGNORECASE)


class Window:
    """A tab, and what it complained of: errors of scripts, refused content, dialogs."""

    def __init__(self, context, server):
        self.server = server
        self.page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints = []
        self.loads = 0
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", self.dialog)
        self.page.on("console", self.console)
        self.page.on("load", lambda _: self.loaded())

    def loaded(self):
        self.loads += 1

    def dialog(self, dialog):
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def console(self, message):
        # A connection that is cut on purpose is an error on the console, too.
        if message.type == "error" and "net::ERR_" not in message.text:
            self.complaints.append(f"console: {message.text} {message.location.get('url')}")

    def open(self, path=PAGE):
        """A page; a relative path is below the base path."""
        self.status = self.page.goto(self.server.origin + self.server.base + path).status
        return self

    def part(self, name):
        """A region that changes by itself."""
        return self.page.locator(f"#part-{name}")

    def words(self, name):
        return self.part(name).inner_text()

    def shows(self, name, text, seconds=15.0):
        """Waits until a region has a text, in whatever case style sheets make of it."""
        wait_until(
            lambda: re.search(text, self.words(name), re.IGNORECASE),
            lambda: f"the part {name} has {text!r}, but {self.words(name)!r}", seconds)

    def state(self, words, seconds=60.0):
        """Waits until the page says this of its connection."""
        said = self.page.locator("#live")
        wait_until(
            lambda: words.search(said.inner_text()),
            lambda: f"the connection is {words.pattern}, but {said.inner_text()!r}", seconds)

    def live(self):
        self.state(LIVE)
        return self


def log_in(context, server):
    """Logs the browser in with the token, as a person does."""
    page = context.new_page()
    page.goto(f"{server.origin}{server.base}/login")
    page.locator("input[type=password]").fill(server.token)
    page.get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.close()
