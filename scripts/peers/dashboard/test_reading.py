"""Every page can be read: by eye on any screen, by ear, by keyboard, without script, on paper."""

import functools

import pytest
from axe_playwright_python.sync_playwright import Axe

from looking import Window, log_in
from place import wait_until
from serving import PAGE

SHA = "a" * 40
# What a team opens; each must be there, and be readable.
PAGES = {
    "now": PAGE,
    "wall": f"{PAGE}?view=wall",
    "deployment": f"{PAGE}/1",
    "commit": f"/super-admin/commits/{SHA}",
    "search": "/super-admin/search?q=a",
    "figure": "/super-admin/metrics/success-rate",
    "queries": "/super-admin/queries",
    "query": "/super-admin/queries/last-good-before",
    "report": "/super-admin/report",
    "ledger": "/super-admin/ledger",
    "missing": "/no-such-page",
    "login": "/login",
}
SCHEMES = ["light", "dark"]


@pytest.fixture
def lived(place):
    """A ledger with one deployment of each kind, one that runs, and one that waits."""
    check = ["--health-check", "exit 1", "--health-delay", "0", "--health-retries", "1"]
    place.deploy("--sha", SHA, "--tier", "lightning", "--message", "Say hello")
    place.deploy("--sha", "b" * 40, command=("false",), code=1)
    place.deploy("--sha", "c" * 40, *check, "--rollback", "true", code=69)
    place.start("--sha", "d" * 40, "--tier", "docker")
    place.holder()
    place.start("--sha", "e" * 40)
    place.holder(waiting=1)
    return place


@pytest.fixture
def visit(contexts, server):
    """Opens a page in a profile that is logged in, but for the login itself."""
    opened = []

    def open_page(path, **options):
        context = contexts(**options)
        if path != "/login":
            log_in(context, server)
        opened.append(Window(context, server).open(path))
        assert opened[-1].status == (404 if path == PAGES["missing"] else 200)
        return opened[-1].page

    yield open_page
    for window in opened:
        assert [c for c in window.complaints if "404" not in c] == []


@functools.cache
def axe():
    return Axe()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_a_judge_of_accessibility_has_no_findings(lived, visit, name, scheme):
    page = visit(PAGES[name], color_scheme=scheme)
    result = axe().run(page, options={"resultTypes": ["violations"]})
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_phone(lived, visit, name):
    page = visit(PAGES[name], viewport={"width": 320, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, (wide, page.evaluate(WIDE))


# What sticks out, and is not inside of what scrolls by itself.
WIDE = """() => [...document.querySelectorAll('body *')].filter(
    e => e.getBoundingClientRect().right > innerWidth).slice(0, 8).map(e => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", PAGES)
def test_text_can_be_twice_as_large(lived, visit, name):
    # As a window of half the width, which is what zoom makes of it.
    page = visit(PAGES[name], viewport={"width": 640, "height": 400}, device_scale_factor=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("name", [name for name in PAGES if name != "login"])
def test_a_page_says_the_same_without_script(lived, visit, server, name):
    page = visit(PAGES[name], java_script_enabled=False)
    words = page.locator("main").inner_text()
    assert page.locator("h1").count() == 1
    if name in ("now", "wall"):
        for word in ("running", "d" * 7, "waiting"):
            assert word in words.lower(), word
        # It comes by itself, without a script.
        assert page.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]").count() == 1
    if name == "deployment":
        assert "succeeded" in words.lower() and SHA[:7] in words
    if name == "commit":
        assert SHA[:7] in words


def test_filters_search_and_queries_work_without_script(lived, visit, server):
    page = visit(PAGE, java_script_enabled=False)
    page.get_by_role("searchbox").fill(SHA[:8])
    page.get_by_role("searchbox").press("Enter")
    assert SHA[:7] in page.locator("main").inner_text()
    page = visit(f"{PAGE}?outcome=failed", java_script_enabled=False)
    recent = page.locator("#part-recent").inner_text()
    assert "b" * 7 in recent and SHA[:7] not in recent
    page = visit("/super-admin/queries/commit", java_script_enabled=False)
    page.get_by_label("sha").fill(SHA[:8])
    page.locator("main form button").first.click()
    assert "deploystats query commit" in page.locator("body").inner_text()
    assert page.locator("main table tbody tr").count() >= 1


def test_a_keyboard_reaches_everything_and_sees_where_it_is(lived, visit):
    page = visit(PAGE)
    wanted = page.evaluate("""() => [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, summary')]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0
            && !e.closest('details:not([open]) > :not(summary)')).length""")
    reached = set()
    hidden = []
    page.evaluate("document.body.focus()")
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => {
            const e = document.activeElement;
            if (e === document.body) return null;
            window.numbers ??= new Map();
            if (!numbers.has(e)) numbers.set(e, numbers.size);
            const style = getComputedStyle(e);
            const box = e.getBoundingClientRect();
            const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
            const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
                || style.boxShadow !== 'none';
            return [numbers.get(e), inside && marked, e.outerHTML.slice(0, 100)];
        }""")
        if found:
            reached.add(found[0])
            if not found[1]:
                hidden.append(found[2])
    assert len(reached) >= wanted, (len(reached), wanted)
    assert hidden == []


def test_keys_lead_where_the_help_says_and_are_off_while_somebody_types(lived, visit):
    page = visit(PAGE)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("j?")
    assert page.get_by_role("searchbox").input_value() == "j?"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == first
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.partition("?")[0].endswith(PAGE))
    assert first in page.inner_text("h1")


def test_changes_are_announced_in_one_sentence_and_ticking_is_not(place, server, window):
    page = window.page
    status = page.locator("[role=status]")
    assert status.count() == 1
    page.evaluate("""() => {
        window.said = [];
        const status = document.querySelector('[role=status]');
        new MutationObserver(() => status.textContent.trim() && said.push(status.textContent.trim()))
            .observe(status, {childList: true, characterData: true, subtree: true});
    }""")
    deployment = place.start("--sha", SHA)
    window.shows("lock", "running")
    wait_until(lambda: page.evaluate("said.length"), "something was announced")
    assert page.evaluate("said.length") <= 2
    assert page.evaluate("document.querySelectorAll('[aria-live]:not([role=status])').length") == 0
    # What ticks is not in it.
    assert page.evaluate("document.querySelectorAll('[role=status] time').length") == 0
    deployment.end()


def test_paper_has_neither_controls_nor_dark_ink(lived, visit):
    page = visit(PAGE, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator("nav").first.is_hidden()
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), colour


def test_targets_are_large_enough_for_a_finger(lived, visit):
    page = visit(PAGE, viewport={"width": 390, "height": 800}, has_touch=True)
    small = page.evaluate("""() => [...document.querySelectorAll('button, select, input, summary, nav a')]
        .filter(e => e.checkVisibility())
        .filter(e => { const b = e.getBoundingClientRect(); return b.height < 24 || b.width < 24; })
        .map(e => e.outerHTML.slice(0, 100))""")
    assert small == []
