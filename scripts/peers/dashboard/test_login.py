"""Getting in, staying in and leaving, as a person does it."""

import time

from looking import Window
from place import wait_until
from serving import PAGE


def test_a_link_lets_one_person_in_once(server, contexts):
    link = server.link()
    # Programs that look at links before people do use none up.
    for _ in range(3):
        assert server.ask(path_of(link, server), token=False).status == 200
    context = contexts()
    window = Window(context, server)
    window.page.goto(link)
    window.page.get_by_role("button").first.click()
    window.page.wait_for_url(lambda url: "/login" not in url)
    window.live()
    cookies = context.cookies()
    assert len(cookies) == 1, cookies
    assert cookies[0]["httpOnly"] and cookies[0]["sameSite"] == "Lax", cookies
    # Nothing of the token is in it, and it ends today.
    assert server.token not in cookies[0]["value"]
    assert 0 < cookies[0]["expires"] - time.time() <= 24 * 3600

    other = Window(contexts(), server)
    other.page.goto(link)
    other.page.get_by_role("button").first.click()
    assert asks_for_token(other)
    other.open()
    assert asks_for_token(other)


def asks_for_token(window):
    """Whether a page is the login, at whatever address."""
    return window.page.locator("input[type=password]").count() == 1


def path_of(link, server):
    return link.removeprefix(server.origin + server.base)


def test_a_token_typed_into_the_form_lets_in_and_logout_lets_out(server, contexts):
    context = contexts()
    window = Window(context, server)
    window.open(f"{PAGE}?outcome=failed")
    assert asks_for_token(window)
    token = window.page.locator("input[type=password]")
    token.fill("wrong")
    with window.page.expect_navigation():
        token.press("Enter")
    assert asks_for_token(window)
    window.page.locator("input[type=password]").fill(server.token)
    window.page.locator("input[type=password]").press("Enter")
    # To where they were going.
    window.page.wait_for_url(lambda url: url.endswith(f"{PAGE}?outcome=failed"))
    window.live()
    window.page.get_by_role("button", name="Log out").click()
    window.page.wait_for_url(lambda url: "/login" in url)
    window.open()
    assert asks_for_token(window)
    window.complaints = [each for each in window.complaints if "401" not in each]
    assert window.complaints == []


def test_a_restart_logs_nobody_out(place, server, window):
    assert server.stop() == 0
    place.deploy("--sha", "b" * 40)
    server.start()
    window.page.reload()
    window.live()
    window.shows("recent", "b" * 7)


def test_a_token_that_is_taken_away_ends_the_stream_and_the_login(place, server, window):
    lines = server.tokens.read_text().splitlines(keepends=True)
    server.tool("token", "others")
    kept = [line for line in server.tokens.read_text().splitlines(keepends=True)
            if line not in lines]
    assert kept
    server.tokens.write_text("".join(kept))
    wait_until(lambda: server.ask("/api/admin/status").status == 401, "the token is refused")
    place.deploy("--sha", "b" * 40)
    wait_until(lambda: asks_for_token(window), "the page says that one has to log in", 60)
    assert "b" * 7 not in window.page.locator("body").inner_text()
    window.complaints.clear()


def test_no_address_leads_to_another_site_after_the_login(server, contexts):
    for next_page in ("//example.net/", "https://example.net/", "/\\example.net", "javascript:alert(1)"):
        window = Window(contexts(), server)
        window.page.goto(f"{server.origin}{server.base}/login?next={next_page}")
        window.page.locator("input[type=password]").fill(server.token)
        window.page.locator("input[type=password]").press("Enter")
        window.page.wait_for_url(lambda url: "/login" not in url)
        assert window.page.url.startswith(server.origin + "/"), window.page.url
        window.page.close()
