"""Behind nginx and Caddy, as a site of its own, below a path of another, and over a socket."""

import http.client
import os
import pathlib
import re
import ssl
import time

import pytest

from looking import Window
from proxies import PORT, caddy, nginx
from serving import Answer, Server

SITE = "deploys.example.com"
OTHER = "www.example.com"
SOCKET = pathlib.Path("/run/deploy-dashboard/http.sock")
WAYS = {
    "nginx": (SITE, "", lambda folder: nginx(folder, sites=["deploy-dashboard.conf"])),
    "nginx, below a path": (
        OTHER, "/deploys", lambda folder: nginx(folder, snippet="deploy-dashboard-path.conf")),
    "nginx, over a socket": (
        SITE, "", lambda folder: nginx(folder, sites=["deploy-dashboard-socket.conf"])),
    "caddy": (SITE, "", lambda folder: caddy(folder, "deploy-dashboard.Caddyfile")),
    "caddy, below a path": (
        OTHER, "/deploys", lambda folder: caddy(folder, "deploy-dashboard-path.Caddyfile")),
}


class Behind(Server):
    """A dashboard that is reached through a proxy."""

    def __init__(self, place, host, base, *arguments):
        self.host = host
        super().__init__(place, *arguments, "--allowed-host", host, base=base, port=PORT)

    @property
    def origin(self):
        return f"https://{self.host}"

    def connection(self):
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(self.host, 443, timeout=20, context=trusting)

    def ask(self, path, headers=None, method="GET", token=True):
        connection = self.connection()
        fields = {"Authorization": f"Bearer {self.token}"} if token else {}
        connection.request(method, self.base + path, headers={**fields, **(headers or {})})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer


@pytest.fixture(params=WAYS)
def server(request, place, folder):
    """A dashboard with its proxy, in each of the ways."""
    host, base, start = WAYS[request.param]
    if "socket" in request.param:
        SOCKET.parent.mkdir(mode=0o750, exist_ok=True)
        server = Behind(place, host, base, "--socket", SOCKET, "--trusted-proxy", "unix")
    else:
        server = Behind(place, host, base, "--trusted-proxy", "127.0.0.1")
    proxy = start(folder)
    yield server
    proxy.close()
    server.close()


def test_the_page_is_live_through_a_proxy(place, server, window):
    page = window.page
    deployment = place.start("--actor", "ann")
    began = time.monotonic()
    window.shows("lock", "ann")
    assert time.monotonic() - began < 5, "the proxy held the stream back"
    assert deployment.end() == 0
    window.shows("lock", "free")
    assert page.url == server.url, page.url


def test_a_stream_is_passed_on_as_it_comes(place, server):
    connection = server.connection()
    connection.request(
        "GET", server.base + "/events",
        headers={"Authorization": f"Bearer {server.token}", "Accept-Encoding": "gzip"})
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.headers["Content-Encoding"] is None
    first = response.readline()
    assert first, "the first bytes come at once"
    place.deploy()
    began = time.monotonic()
    while b"event: change" not in response.readline():
        assert time.monotonic() - began < 5
    response.close()
    connection.close()


def test_every_link_of_every_page_leads_somewhere(place, server, context):
    for code, command in ((0, "true"), (1, "false")):
        place.deploy("--sha", "a" * 40, "--tier", "docker", command=[command], code=code)
    window = Window(context, server).open()
    waiting, seen = {window.page.url}, {}
    while waiting and len(seen) < 150:
        address = waiting.pop()
        path = address.removeprefix(server.origin)
        assert path.startswith(server.base + "/"), f"{address} is outside of the base path"
        answer = server.ask(path.removeprefix(server.base))
        seen[address] = answer.status
        assert answer.status in (200, 303, 302, 301, 307, 308), (address, answer.status)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        window.page.goto(address)
        found = window.page.evaluate(
            "[...document.querySelectorAll('[href], [src], [action]')]"
            ".filter(e => e.method !== 'post')"
            ".map(e => new URL(e.getAttribute('href') ?? e.getAttribute('src')"
            " ?? e.getAttribute('action'), document.baseURI).href)")
        for link in found:
            link = link.partition("#")[0]
            if link.startswith(server.origin + "/") and link not in seen:
                waiting.add(link)
            # What leads elsewhere was meant to.
            assert link.startswith((server.origin + "/", "https://", "data:")), link
            assert not link.startswith(f"http://127.0.0.1:{PORT}"), link
    assert len(seen) > 10
    assert window.complaints == []


def test_the_cookie_is_for_this_site_and_path_and_secure(server, context):
    cookies = context.cookies()
    assert len(cookies) == 1, cookies
    cookie = cookies[0]
    assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Lax", cookie
    assert cookie["domain"] == server.host
    assert cookie["path"].rstrip("/") == server.base, cookie


def test_redirects_stay_on_the_site(server):
    answer = server.ask("/")
    assert answer.status in (302, 303, 307, 308), answer.status
    place = answer.headers["Location"]
    assert re.match(rf"({re.escape(server.origin)})?{re.escape(server.base)}/", place), place


def test_a_foreign_host_gets_nothing_even_through_the_proxy(server):
    assert server.ask("/healthz", token=False).status == 200
    answer = server.ask("/healthz", headers={"Host": "evil.example.net"}, token=False)
    # Whether the proxy refuses it or passes it on.
    assert answer.status in (400, 403, 404, 421) or b"ok" not in answer.body, answer.status


def test_a_client_cannot_choose_its_own_address(place, server):
    # A limit on failed logins counts by the address that the proxy saw.
    statuses = [
        server.ask("/api/admin/status", token=False, headers={
            "Authorization": "Bearer wrong", "X-Forwarded-For": f"203.0.113.{n}"}).status
        for n in range(3)]
    assert set(statuses) <= {401, 429}, statuses
    assert not any("203.0.113." in line for line in server.lines), server.lines


def test_an_unchanged_page_costs_no_body(place, server):
    place.deploy()
    first = server.ask("/api/admin/deployments", headers={"Accept-Encoding": "gzip"})
    tag = first.headers["ETag"]
    assert first.status == 200 and tag
    again = server.ask(
        "/api/admin/deployments", headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
    assert again.status == 304 and again.body == b""


def test_the_proxy_survives_a_restart_of_the_dashboard(place, server, window):
    assert server.stop() == 0
    assert server.ask("/healthz", token=False).status in (502, 503, 504)
    server.start()
    window.live()
    place.deploy("--sha", "b" * 40)
    window.shows("recent", "b" * 7)
    # What the proxy answered meanwhile.
    window.complaints = [each for each in window.complaints if "status of 50" not in each]
    if SOCKET.exists() and "--socket" in server.arguments:
        assert os.stat(SOCKET).st_mode & 0o007 == 0, "everybody may open the socket"
