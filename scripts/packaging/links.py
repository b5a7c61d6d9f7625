#!/usr/bin/env python3
"""Leads the links between packed documents to what is there once they are installed.

Usage: scripts/packaging/links.py [--beside NAME=FOLDER] FOLDER

FOLDER has the documents of a package, as the source has them. What it lacks is looked for where the
package has it under another name, and in FOLDER of --beside, the documents of the package NAME, which
are installed beside it. A link that leads nowhere is an error.
"""

import argparse
import os
import re
import sys
from pathlib import Path

LINK = re.compile(r"\]\(([^)\s#]+)(#[^)\s]*)?\)")
# Also where pages of the manual are installed, seen from the documents.
ELSEWHERE = {"LICENSE": "copyright", "docs/man": "../../man/man1"}


def target(link, page, root, beside):
    """Where a page's link has to lead, or None."""
    path = os.path.normpath(page.parent / link)
    if (root / path).exists():
        return link
    if path in ELSEWHERE:
        return os.path.relpath(ELSEWHERE[path], page.parent)
    for name, folder in beside:
        if (folder / path).exists():
            return os.path.relpath(f"../{name}/{path}", page.parent)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    beside = [(name, Path(folder)) for name, _, folder in (one.partition("=") for one in options.beside)]
    lost = []
    for file in sorted(options.folder.rglob("*.md")):
        page = file.relative_to(options.folder)

        def led(link):
            if re.match(r"[a-z]+:", link[1]):
                return link[0]
            path = target(link[1], page, options.folder, beside)
            if path is None:
                lost.append(f"{page} links to {link[1]}, which is not packed")
            return f"]({path}{link[2] or ''})"

        text = file.read_text()
        if (changed := LINK.sub(led, text)) != text:
            file.write_text(changed)
    if lost:
        sys.exit("\n".join(lost))


main()
