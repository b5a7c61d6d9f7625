"""Plays the tests and scenarios, each on a server of its own; see scripts/acceptance."""

import argparse
import pathlib
import sys
import tempfile

import scenarios
import tests
from place import Place
from report import Report

parser = argparse.ArgumentParser()
parser.add_argument("--tools", required=True, type=lambda folder: str(pathlib.Path(folder).resolve()))
parser.add_argument("--short", action="store_true")
options = parser.parse_args()

PARTS = [
    ("Test 1: one deployment succeeds, and the lock is free afterwards", tests.one_deployment, False),
    ("Test 2: a second deployment at the same time is kept out", tests.two_at_once, False),
    ("Test 3: with three pending a fourth push is skipped", tests.full_queue, True),
    ("Test 4: an orphaned lock is seen and cleaned up", tests.orphan, False),
    ("Test 5: who waits for too long gives up", lambda report, place: tests.timeout(
        report, place, 2 if options.short else 60), False),
    ("Scenario 1: three commits in quick succession, and a fourth", scenarios.pushes, True),
    ("Scenario 2: CI and a person over SSH at the same time", scenarios.beside_ci, False),
]

report = Report()
for title, play, with_github in PARTS:
    with report.part(title), tempfile.TemporaryDirectory(prefix="deploy-acceptance-") as here:
        place = Place(here, options.tools)
        try:
            if with_github:
                place.start_github()
            play(report, place)
        finally:
            place.stop()
sys.exit(report.end())
