#!/usr/bin/env python3
"""Prints the configuration file that a package brings: DEPLOY_LEDGER, and every other setting as a
comment, in the words of the manual page.

Usage: scripts/generate/configuration.py >examples/deploy-ledger.conf
"""

import re
import textwrap
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/man/parts/deploy-ledger.conf.5.roff"
LEDGER = "DEPLOY_LEDGER=/var/lib/deploy-ledger/ledger.db"


def plain(roff):
    """A line of roff as text."""
    for sign, text in {"\\-": "-", "\\(aq": "'", "\\(lq": '"', "\\(rq": '"', "\\e": "\\"}.items():
        roff = roff.replace(sign, text)
    return re.sub(r"\\f[BIR]", "", re.sub(r"^\.(?:BI|BR|B|I) ", "", roff))


def main():
    """Walks through the section SETTINGS."""
    lines = PAGE.read_text().split(".SH SETTINGS\n")[1].split(".SH ENVIRONMENT\n")[0].splitlines()
    print(textwrap.dedent(f"""\
        # Settings of deploy-with-lock and the tools beside it: deploy-ledger.conf(5).
        # Options override the environment, the environment overrides this file.

        # One ledger for all who are in the group deploy.
        {LEDGER}"""))
    words, keys, heading = [], [], []

    def flush():
        if keys and keys != [LEDGER.split("=")[0] + "=path"]:
            if heading:
                print(f"\n# --- {heading.pop()}")
            print()
            for line in textwrap.wrap(" ".join(words), 96):
                print(f"# {line}")
            for key in keys:
                print(f"#{key}")
        words.clear()
        keys.clear()

    for line in lines:
        if line.startswith(".SS "):
            flush()
            heading[:] = [line[4:]]
        elif line == ".TP":
            flush()
        elif line.startswith(".BI DEPLOY_"):
            # A blank stands between the parts of a macro's line, not in the text.
            keys.append(plain(line).replace("= ", "=", 1))
        elif line != ".TQ":
            words.append(plain(line))
    flush()


main()
