"""The tools' commands and options, from their own help."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = [
    "deploy-with-lock", "check-deploy-lock", "check-deploy-queue", "deploystats", "deploy-dashboard",
]
DEBUG = ROOT / ".build/debug"
# Those whose help is that of the command that runs when none is named.
SHOWING_DEFAULT = ["check-deploy-lock", "deploy-dashboard"]


class Command:
    """One command: a tool, or a command below one."""

    def __init__(self, data, words, binaries):
        self.words = words
        self.binaries = binaries
        self.abstract = data.get("abstract", "")
        self.discussion = data.get("discussion", "")
        self.own_arguments = [a for a in data.get("arguments", []) if a.get("shouldDisplay", True)]
        self.commands = [
            Command(below, words + [below["commandName"]], binaries)
            for below in data.get("subcommands", [])
            if below["commandName"] != "help" and below.get("shouldDisplay", True)
        ]
        name = data.get("defaultSubcommand")
        self.default = next((c for c in self.commands if c.words[-1] == name), None)

    @property
    def name(self):
        return " ".join(self.words)

    @property
    def page(self):
        """The name of the manual page, as git's have them: deploystats-query."""
        return "-".join(self.words)

    @property
    def arguments(self):
        """Its own options and those of the command that runs when none is named."""
        own = [a for a in self.own_arguments if names(a) != ["--version"]]
        more = self.default.arguments if self.default else []
        known = [names(a) for a in own if a["kind"] != "positional"]
        return own + [a for a in more if names(a) not in known]

    @property
    def usage(self):
        """The lines behind USAGE of its help."""
        text = run(self.binaries, self.words + ["--help"])
        lines = text[text.index("USAGE: ") + len("USAGE: "):].split("\n\n")[0].splitlines()
        return [line.strip() for line in lines]

    def walk(self):
        yield self
        for below in self.commands:
            yield from below.walk()


def run(binaries, words):
    # So wide that nothing is broken into lines.
    environment = dict(os.environ, COLUMNS="10000", DEPLOY_LEDGER_CONFIG="/dev/null")
    return subprocess.run(
        [os.path.join(binaries, words[0])] + words[1:], env=environment, check=True,
        capture_output=True, text=True).stdout


def load(binaries):
    """Every tool, by name."""
    tools = {}
    for tool in TOOLS:
        # A folder of static binaries may be without the dashboard.
        folder = binaries if os.path.exists(os.path.join(binaries, tool)) else DEBUG
        data = json.loads(run(folder, [tool, "--experimental-dump-help"]))
        tools[tool] = Command(data["command"], [tool], folder)
    return tools


def names(argument):
    """The names of an option with their dashes, short ones first."""
    found = [
        ("-" if name["kind"] == "short" else "--") + name["name"]
        for name in argument.get("names", [])
    ]
    return sorted(found, key=len)


def settle(files, usage):
    """Writes files below the repository, or with --check compares them; ends the process."""
    arguments = sys.argv[1:]
    if "--check" in arguments:
        wrong = [
            path for path, text in files.items()
            if not (ROOT / path).exists() or (ROOT / path).read_text() != text
        ]
        folders = {(ROOT / path).parent for path in files}
        known = {ROOT / path for path in files}
        stray = [
            file for folder in folders for file in folder.iterdir()
            if file.is_file() and file not in known
        ]
        for path in wrong:
            print(f"{path} is not what the tools say; run {usage}")
        for path in stray:
            print(f"{path.relative_to(ROOT)} belongs to nothing; remove it")
        sys.exit(1 if wrong or stray else 0)
    for path, text in files.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text)


def binaries():
    """The folder of the built tools, the first argument that is not an option."""
    given = [word for word in sys.argv[1:] if not word.startswith("-")]
    return given[0] if given else str(DEBUG)
