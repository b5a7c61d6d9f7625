"""Text that people and programs fill in stays text, wherever it is shown."""

import json
import re
import sqlite3
import subprocess
import xml.etree.ElementTree as tree
from urllib.parse import quote

import pytest

from looking import Window, log_in
from serving import PAGE

# One grapheme for a renderer that escapes characters rather than scalars.
MARKS = ["\u0301", "\ufe0f", "\u200d", "\u20e3"]
SIGNS = "\"<'&"
ATTACKS = [
    f'{sign}{mark} onmouseover=bad() autofocus onfocus=bad() x={sign}{mark}'
    for sign in "\"'" for mark in MARKS
] + [
    f"<{mark}script>bad()</script><{mark}img src=x onerror=bad()>" for mark in MARKS
] + [
    "<script>bad()</script>", "<img src=x onerror=bad()>", "</title><script>bad()</script>",
    "<svg/onload=bad()>", "{{{x}}}{{> page}}", "&#60;script&#62;", "]]><script>bad()</script>",
    "=cmd|' /C calc'!A0", "\u202egpj.exe", "\r\nSet-Cookie: a=b", "data:text/html,<script>bad()</script>",
]
FIELDS = ["--message", "--ref", "--actor", "--tier", "--source", "--sha"]


@pytest.fixture
def hostile(place):
    """A ledger in which every attack was made in every field, also as an argument of the command."""
    for attack in ATTACKS:
        arguments = [part for field in FIELDS for part in (field, attack)]
        # What a field does not accept goes into those that do.
        if not tried(place, arguments, attack):
            for field in FIELDS:
                tried(place, [field, attack], attack)
    for address in ("javascript:bad()", "JaVaScRiPt:bad()", "\x01javascript:bad()",
                    "data:text/html,<script>bad()</script>",
                    "https://ci.example.org/1\"\u0301 onclick=bad()"):
        tried(place, ["--run-url", address], "x")
    return place


def tried(place, arguments, attack):
    result = subprocess.run(
        [*place.wrapper("--quiet", *arguments), "--", "true", attack],
        env=place.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    return result.returncode == 0


# What an attack would leave behind: handlers, elements, or its own script having run.
INJECTED = """() => {
    const bad = [];
    for (const e of document.querySelectorAll('*'))
        for (const a of e.attributes) {
            if (/^on/i.test(a.name)) bad.push(e.outerHTML.slice(0, 200));
            if (['href', 'src', 'action', 'formaction', 'xlink:href'].includes(a.name)
                && /^[\\s\\x00-\\x1f]*(javascript|data):/i.test(a.value)
                && !(e.localName === 'link' && e.rel.includes('icon')))
                bad.push(e.outerHTML.slice(0, 200));
        }
    for (const e of document.querySelectorAll('script'))
        if (!e.src || new URL(e.src).origin !== location.origin) bad.push(e.outerHTML.slice(0, 200));
    for (const e of document.querySelectorAll('img, iframe, object, embed, base'))
        if (!e.getAttribute('src')?.startsWith('/')) bad.push(e.outerHTML.slice(0, 200));
    if (window.bad) bad.push('it ran');
    return bad;
}"""


def test_no_page_runs_or_obeys_what_somebody_filled_in(hostile, server, contexts):
    context = contexts()
    context.add_init_script("""
        window.refused = [];
        document.addEventListener('securitypolicyviolation', e => refused.push(
            e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));""")
    log_in(context, server)
    window = Window(context, server)
    window.open()
    window.live()
    numbers = [int(line) for line in hostile.stats(
        "sql", "SELECT DISTINCT number FROM deployment ORDER BY number").split() if line.isdigit()]
    assert len(numbers) >= len(ATTACKS)
    pages = [PAGE, f"{PAGE}?view=wall", "/super-admin/report",
             "/super-admin/ledger", "/super-admin/queries/timeline"]
    pages += [f"{PAGE}/{number}" for number in numbers]
    for page in pages:
        window.open(page)
        assert window.page.evaluate(INJECTED) == [], page
        assert window.page.evaluate("refused") == [], page
    # An update of a region brings nothing else in than a page.
    window.open()
    window.live()
    assert tried(hostile, ["--message", ATTACKS[0]], ATTACKS[0])
    window.shows("recent", f"#{numbers[-1] + 1}|\\b{numbers[-1] + 1}\\b")
    assert window.page.evaluate(INJECTED) == []
    assert window.page.evaluate("refused") == []
    assert window.complaints == []
    # And it is shown, as text.
    window.open(f"{PAGE}/{numbers[-1] + 1}")
    assert "onmouseover=bad()" in window.page.inner_text("main")


@pytest.mark.parametrize("attack", ["<script>bad()</script>", "\"\u0301 onfocus=bad() autofocus x=\"\u0301"])
def test_no_address_puts_anything_into_a_page(place, server, contexts, attack):
    place.deploy()
    context = contexts()
    log_in(context, server)
    window = Window(context, server)
    value = quote(attack, safe="")
    for path in (f"{PAGE}?outcome={value}", f"{PAGE}?source={value}", f"{PAGE}?tz={value}",
                 f"{PAGE}?{value}=1", f"/super-admin/commits/{value}", f"/super-admin/search?q={value}",
                 f"/{value}",
                 f"{PAGE}/{value}", f"/super-admin/queries/{value}",
                 f"/super-admin/queries/commit?sha={value}", f"/super-admin/metrics/{value}",
                 f"/super-admin/report?week={value}", f"/login?next={value}"):
        window.open(path)
        assert window.page.evaluate(INJECTED) == [], path
    assert [each for each in window.complaints if "status of 4" not in each] == []


def test_feeds_and_documents_are_whole(hostile, server):
    feed = server.ask("/feed.atom")
    assert feed.status == 200
    assert len(tree.fromstring(feed.body).findall("{http://www.w3.org/2005/Atom}entry")) > 5
    document = json.loads(server.ask("/api/admin/deployments?limit=200").body)
    texts = json.dumps(document, ensure_ascii=False)
    assert "onmouseover" in texts
    sample = r"([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? ([0-9eE+.-]+|NaN|[+-]Inf)"
    for line in server.ask("/metrics").text.splitlines():
        assert line.startswith("#") or re.fullmatch(sample, line), line


def test_the_ledger_is_not_touched_by_being_read(hostile, server):
    before = dump(hostile)
    for path in (PAGE, "/super-admin/report", "/super-admin/ledger", "/metrics", "/feed.atom",
                 "/api/admin/status"):
        server.ask(path)
    assert dump(hostile) == before


def dump(place):
    with sqlite3.connect(f"file:{place.ledger}?mode=ro", uri=True) as base:
        return list(base.iterdump())
