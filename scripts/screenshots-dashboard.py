#!/usr/bin/env python3
"""Takes the pictures of the dashboard for scripts/screenshots: nine weeks of made-up deployments, one that
runs, and two that are waiting. Usage: scripts/screenshots-dashboard.py TOOLS FOLDER"""

import itertools
import os
import pathlib
import re
import subprocess
import sys
import time

from playwright.sync_api import sync_playwright

tools, folder = map(pathlib.Path, sys.argv[1:])
lock, ledger = folder / "deploy.lock", folder / "dashboard.db"
environment = {
    **os.environ, "DEPLOY_LEDGER_CONFIG": "/dev/null", "DEPLOY_LEDGER": str(ledger),
    "DEPLOY_LOCK_FILE": str(lock)}


def deploy(actor, sha, tier, *options, seconds=0.0):
    """A deployment on its way."""
    return subprocess.Popen(
        [tools / "deploy-with-lock", "--quiet", "--actor", actor, "--sha", sha, "--tier", tier,
         "--source", "gha", "--ref", "main", *options, "--", "./deploy.sh", "web"],
        cwd=folder, env={**environment, "TAKES": str(seconds)})


script = folder / "deploy.sh"
script.write_text('#!/bin/sh\nexec sleep "$TAKES"\n')
script.chmod(0o755)
events = subprocess.run(
    [pathlib.Path(__file__).with_name("make-events"), "--deployments", "1500", "--days", "63", "--locks",
     "1", "--until", time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400))],
    check=True, capture_output=True).stdout.decode()
# All of them on the lock that is shown, and none that would be going on now.
made = re.search(r'"lock":"([^"]+)"', events)[1]
now = time.time() * 1e6 - 600e6
lines = itertools.takewhile(
    lambda line: (at := re.search(r'"at_us":(\d+)', line)) is None or int(at[1]) < now,
    events.replace(f'"{made}"', f'"{lock}"').splitlines(keepends=True))
subprocess.run(
    [tools / "deploystats", "import", "--events", "-"], input="".join(lines).encode(), env=environment,
    check=True, stdout=subprocess.DEVNULL)
check = ["--health-check", "exit 1", "--health-delay", "0", "--health-retries", "2",
         "--health-interval", "1"]
deploy("carol", "5d0c1b7e" * 5, "docker", *check, "--rollback", "true", seconds=0.5).wait()
deploy("ann", "9b4e27f1" * 5, "lightning", seconds=1).wait()
running = [deploy("bob", "c07a33d8" * 5, "docker", "--message", "Ship the new basket", seconds=600)]
time.sleep(1)
running += [
    deploy(*facts, seconds=600) for facts in (
        ("dave", "1f6e0a94" * 5, "lightning"), ("erin", "e8b2d5c3" * 5, "docker"))]

server = subprocess.Popen(
    [tools / "deploy-dashboard", "--public", "--port", "0", "--name", "production", "--colour", "#c2262f",
     "--lock-file", lock],
    env=environment, stderr=subprocess.PIPE, text=True)
for line in server.stderr:
    if found := re.search(r"listening on \S*?:(\d+)/?$", line):
        break
origin = f"http://127.0.0.1:{found[1]}"


def take():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

        def picture(name, path, width, height, **options):
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(origin + path)
            page.locator("#part-queue tbody tr").nth(1).wait_for()
            page.locator("#live[data-live=live]").wait_for()
            page.screenshot(path=folder / f"{name}.png")
            context.close()

        home = "/super-admin/deployments"
        picture("dashboard", home, 1200, 1400, color_scheme="light")
        picture("dashboard-dark", home, 1200, 1000, color_scheme="dark")
        picture("dashboard-phone", home, 390, 1300, color_scheme="light", device_scale_factor=2)
        browser.close()


try:
    take()
finally:
    server.terminate()
    server.wait()
    for deployment in running:
        deployment.terminate()
