#!/usr/bin/env python3
"""Runs the commands in the documents and compares, or writes, what they print.

Usage: scripts/generate/transcripts.py [--check | --renew | --list] [--tools FOLDER …] [PAGE …]

A block of `console` has commands after `$ ` (a line that ends with a backslash goes on), each followed
by its output, where `…` stands for any text, and alone in a line for any lines. A block of `sh` has commands whose output is
not shown; all of them must succeed. Other blocks are not run. Before a block, `<!-- scene: NAME -->`
begins again in a new sandbox prepared by the function NAME of scripts/generate/scenes.sh, and
`<!-- not run: WHY -->` leaves the block out. Blocks without either go on where the one before ended;
the first scene of a page is `fresh`.

A sandbox has directories of its own for /etc, /srv, /tmp, /usr/local, /var and /backup; in what is printed they
have their usual names again. Pids, times, ids and the like are not compared. What a scene shows is of one
run: where one output of it has changed, all are written, and --renew writes them in any case. With --check
nothing is written, and the result is 1 when a page shows what the tools do not print.
"""

import argparse
import difflib
import getpass
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCENES = ROOT / "scripts/generate/scenes.sh"
PAGES = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "docs/*.md", "examples/*/README.md"]
# What other tests play, which act in between or have a machine of their own.
PLAYED = [f"docs/{name}.md" for name in ("troubleshooting", "server", "upgrading", "backup")]
# What a script prints as a whole.
PRINTED = {"docs/incidents.md": "scripts/incident"}
# What a sandbox has of its own; a path is one of these unless something stands before it.
OWN = re.compile(r"(?<![\w./~-])/(etc|srv|tmp|var|backup|usr/local)(?=/|\b)")
DIRECTIVE = re.compile(r"<!-- (scene|not run): (.+?) -->")
LIMIT = 120


@dataclass
class Command:
    text: str
    """Lines of the page that show its output, from the first to the one after the last."""
    first: int
    last: int
    printed: str = ""


@dataclass
class Block:
    line: int
    language: str
    commands: list[Command]


@dataclass
class Scene:
    name: str
    blocks: list[Block] = field(default_factory=list)


def pages(given):
    if given:
        return [Path(page).resolve() for page in given]
    found = [page for pattern in PAGES for page in sorted(ROOT.glob(pattern))]
    return [page for page in found if str(page.relative_to(ROOT)) not in PLAYED]


def commands(lines, start, end):
    """The commands between two lines of a `console` block."""
    found, at = [], start
    while at < end:
        if not lines[at].startswith("$ "):
            raise SystemExit(f"line {at + 1}: output before the first command: {lines[at]}")
        text = [lines[at][2:]]
        while text[-1].endswith("\\"):
            at += 1
            text.append(lines[at])
        at += 1
        first = at
        while at < end and not lines[at].startswith("$ "):
            at += 1
        found.append(Command("\n".join(text), first, at))
    return found


def scenes(lines):
    """What a page runs, in order."""
    found, at, directive = [], 0, None
    while at < len(lines):
        if match := DIRECTIVE.fullmatch(lines[at].strip()):
            directive = match
        elif lines[at].lstrip().startswith("```"):
            language = lines[at].strip().lstrip("`")
            end = next(i for i in range(at + 1, len(lines)) if lines[i].strip() == "```")
            skipped = directive and directive[1] == "not run"
            if language in ("console", "sh") and not skipped:
                if directive or not found:
                    found.append(Scene(directive[2] if directive else "fresh"))
                body = (
                    commands(lines, at + 1, end) if language == "console"
                    else [Command("\n".join(lines[at + 1:end]), end, end)])
                found[-1].blocks.append(Block(at + 1, language, body))
            at, directive = end, None
        elif lines[at].strip():
            directive = None
        at += 1
    return found


class Sandbox:
    """Directories in which the commands of a scene run."""

    def __init__(self, tools, folder):
        self.tools, self.root = tools, Path(folder)
        for name in ("etc", "srv/app", "tmp", "var/lock", "var/log", "usr/local/bin", "backup", "home", "bin"):
            (self.root / name).mkdir(parents=True)
        (self.root / "etc/deploy-ledger.conf").touch()

    def inside(self, text):
        return OWN.sub(lambda path: f"{self.root}{path[0]}", text)

    def outside(self, text):
        return text.replace(str(self.root), "")

    @property
    def has_spooled(self):
        return (self.root / "var/lib/deploy-ledger/spool").exists()

    def environment(self):
        return {
            "PATH": f"{self.root}/bin:{self.root}/usr/local/bin:{self.tools}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": f"{self.root}/home", "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
            "SANDBOX": str(self.root), "ROOT": str(ROOT), "TMPDIR": f"{self.root}/tmp",
            "DEPLOY_LEDGER_CONFIG": f"{self.root}/etc/deploy-ledger.conf",
            "DEPLOY_DASHBOARD_TOKEN_FILE": f"{self.root}/etc/deploy-dashboard/tokens",
            "DEPLOY_LOCK_FILE": f"{self.root}/var/lock/deploy.lock",
            "DEPLOY_LEDGER": f"{self.root}/var/lib/deploy-ledger/ledger.db",
        }

    def run(self, scene):
        """Runs a scene and notes what each command printed; the result is what went wrong."""
        script = [f". {shlex.quote(str(SCENES))}", "{ prepare && %s; } >&2 || exit 1" % scene.name]
        for block in scene.blocks:
            for command in block.commands:
                # `$?` is still the command's before.
                script.append("{ code=$?; printf '\\0'; (exit $code); }")
                inside = self.inside(command.text)
                script.append(
                    inside if block.language == "console"
                    else f"set -eo pipefail\n{inside}\nset +eo pipefail")
        script.append("printf '\\0'")
        with open(self.root / "script", "w") as file:
            file.write("\n".join(script) + "\n")
        with open(self.root / "output", "wb") as output:
            shell = subprocess.Popen(
                ["bash", f"{self.root}/script"], cwd=self.root / "srv/app", stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, env=self.environment(),
                start_new_session=True)
            try:
                shell.wait(LIMIT)
                late = False
            except subprocess.TimeoutExpired:
                late = True
            # Deployments that a scene left running.
            try:
                os.killpg(shell.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            shell.wait()
        printed = (self.root / "output").read_text(errors="replace").split("\0")
        all_commands = [(b, c) for b in scene.blocks for c in b.commands]
        for (block, command), text in zip(all_commands, printed[1:]):
            command.printed = self.outside(text)
        if len(printed) == len(all_commands) + 2 and not late:
            return None
        number = max(len(printed) - 2, 0)
        block, command = all_commands[min(number, len(all_commands) - 1)]
        reason = f"took longer than {LIMIT} s" if late else "failed"
        return (f"the {'scene ' + scene.name if number < 0 or len(printed) < 2 else 'command'} "
                f"{reason}, line {block.line}: {command.text}\n{self.outside(printed[-1])[-2000:]}")


def play(scene, tools):
    """Runs a scene, again where a busy machine kept events from the ledger for longer than a
    deployment waits: they come later then, and in another order."""
    for _ in range(3):
        with tempfile.TemporaryDirectory(prefix="docs.", dir="/tmp") as folder:
            sandbox = Sandbox(tools, folder)
            problem = sandbox.run(scene)
            if not sandbox.has_spooled:
                break
    return problem


MASKS = [
    # Root sees all processes.
    (r"\n(Note: some processes belong to others| +\(those of other users may be missing).*", ""),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID"),
    (r"\b\d+:[0-9a-f]{8,64}\b…?", "HEAD"),
    (r"\b[0-9a-f]{8,64}\b…?", "HASH"),
    (r"(\b\w{3} )?(?<!\d)\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?( UTC|Z)?", "TIME"),
    (r"\b\d{4}-\d\d-\d\d\b", "DATE"),
    (r"\bpid \d+(, \d+)*", "pid PID"),
    (r"(?<!\w)(kill( -\w+)?|-p) \d+(,\d+)*", "\\1 PID"),
    (r"(?<![\w.])[<≥]?\d+(\.\d+)?(µs|ms|s|m|h|d)(\d+(\.\d+)?(ms|s|m|h))*\b", "LENGTH"),
    (r"\b(?:root|%s)\b" % re.escape(getpass.getuser()), "USER"),
    (r"saved facts: \{.*\}", "saved facts: {FACTS}"),
    (r"\b\d+ events\b", "N events"),
    (r"<?[\d.]+ % of the p95", "SHARE of the p95"),
    (r"\b(?:vm|%s)\b" % re.escape(socket.gethostname()), "HOST"),
    (r"\b(process +)\d+ on", "\\1PID on"),
    (r'"(value|\w+_us)":[\d.]+', "\\1:N"),
]


def masked(lines):
    """What is compared: without what differs from run to run, and without the widths of columns."""
    text = "\n".join(lines)
    for pattern, word in MASKS:
        text = re.sub(pattern, word, text)
    return [re.sub(r"(?<=\S) {2,}", "  ", line.rstrip()) for line in text.split("\n")]


def is_like(expected, actual):
    """Whether a line is as expected, where `…` stands for any text."""
    parts = [re.escape(part) for part in expected.split("…")]
    return re.fullmatch(".*".join(parts), actual) is not None


def aligned(expected, actual, at=0):
    """For each line that is expected the number of the actual one, none for `…` alone, which stands for any
    lines; None when they are not as expected."""
    if not expected:
        return [] if at == len(actual) else None
    if expected[0] == "…":
        rests = (aligned(expected[1:], actual, i) for i in range(at, len(actual) + 1))
        rest = next((rest for rest in rests if rest is not None), None)
        return None if rest is None else [None, *rest]
    if at == len(actual) or not is_like(expected[0], actual[at]):
        return None
    rest = aligned(expected[1:], actual, at + 1)
    return None if rest is None else [at, *rest]


def shown(command):
    lines = command.printed.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def is_shown(lines, command):
    """Whether a page shows what a command printed."""
    expected, actual = lines[command.first:command.last], shown(command)
    return expected == actual == [] or aligned(masked(expected), masked(actual)) is not None


def compare(page, lines, found):
    """The differences between a page and what its commands printed."""
    for scene in found:
        for block in scene.blocks:
            for command in block.commands if block.language == "console" else []:
                if not is_shown(lines, command):
                    expected = masked(lines[command.first:command.last])
                    actual = masked(shown(command))
                    yield f"{page}:{command.first}: $ {command.text}\n" + "\n".join(
                        difflib.unified_diff(expected, actual, "shown", "printed", lineterm="", n=9))


VARYING = "|".join(f"(?:{pattern})" for pattern, _ in MASKS)


def shortened(expected, actual):
    """What was printed now, with `…` for the same as on the page."""
    if "…" not in expected:
        return actual
    pattern, at, gaps = "", 0, set()
    for number, token in enumerate(re.finditer(f"…|{VARYING}", expected)):
        # Columns may have other widths.
        pattern += re.sub(r"(?:\\ ){2,}", r"\\ +", re.escape(expected[at:token.start()]))
        is_gap = token[0] == "…"
        pattern += f"(?P<token{number}>{'.*?' if is_gap else VARYING})"
        if is_gap or token[0].endswith("…"):
            gaps.add((f"token{number}", len(token[0]) - 1))
        at = token.end()
    match = re.fullmatch(pattern + re.escape(expected[at:]), actual)
    if match is None:
        return expected
    for name, length in sorted(gaps, key=lambda gap: -match.start(gap[0])):
        start, end = match.span(name)
        actual = f"{actual[:start + length]}…{actual[end:]}"
    return actual


def renewed(old, command):
    """What a page shows of a command, with what it printed now. What has `…` in it a person has
    shortened."""
    new = shown(command)
    if not any("…" in line for line in old):
        return new
    numbers = aligned(masked(old), masked(new))
    # What is another text a person has to shorten again.
    if numbers is None or len(masked(new)) != len(new):
        return old
    return ["…" if number is None else shortened(line, new[number]) for line, number in zip(old, numbers)]


def rewritten(lines, found, always=False):
    """The page with what its commands printed now, for the scenes of which it shows something else."""
    lines = list(lines)
    for scene in reversed(found):
        commands = [c for b in scene.blocks if b.language == "console" for c in b.commands]
        if always or not all(is_shown(lines, command) for command in commands):
            for command in reversed(commands):
                lines[command.first:command.last] = renewed(lines[command.first:command.last], command)
    return lines


def shape(text):
    """A page without figures, and without the lines of processes, which come and go."""
    lines = (line for line in text.split("\n") if not re.match(r"\s*(processes +)?pid \d", line))
    return [re.sub(r"\d+([.,]\d+)*", "N", line) for line in masked(lines)]


def print_page(path, script, tools, is_check):
    """Has a script print a whole page; the result is what is wrong with the one that is there."""
    printed = subprocess.run(
        [ROOT / script, "--tools", tools], capture_output=True, text=True, timeout=LIMIT)
    if printed.returncode:
        return f"{script} failed: {printed.stderr}"
    if not is_check and shape(path.read_text()) != shape(printed.stdout):
        path.write_text(printed.stdout)
    differences = list(difflib.unified_diff(
        shape(path.read_text()), shape(printed.stdout), "shown", "printed", lineterm="", n=0))
    return "\n".join([f"{path.name} is not what {script} prints", *differences]) if differences else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--renew", action="store_true", help="also write times and lengths of this run")
    parser.add_argument("--list", action="store_true", help="print the pages that have commands to run")
    parser.add_argument("--tools", action="append", type=Path, help="searched in this order")
    parser.add_argument("pages", nargs="*")
    options = parser.parse_args()
    tools = [folder.resolve() for folder in options.tools or [ROOT / ".build/debug"]]
    wrong = []
    for path in pages(options.pages):
        page, lines = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name, path.read_text().split("\n")
        found = scenes(lines)
        if options.list:
            if found or str(page) in PRINTED:
                print(page)
            continue
        if script := PRINTED.get(str(page)):
            if problem := print_page(path, script, tools[0], options.check):
                wrong.append(problem)
            continue
        failed = False
        for scene in found:
            if problem := play(scene, ":".join(map(str, tools))):
                failed = True
                wrong.append(f"{page}: {problem}")
        if failed:
            continue
        if options.check:
            wrong += compare(page, lines, found)
        elif (new := rewritten(lines, found, options.renew)) != lines:
            path.write_text("\n".join(new))
    if wrong:
        sys.exit("\n\n".join(wrong))


main()
