#!/usr/bin/env python3
"""Writes the manual pages in docs/man from what the tools say of themselves.

Usage: scripts/generate/man-pages.py [--check] [FOLDER OF THE TOOLS]

docs/man/parts/PAGE.roff has the sections that only a person can write (EXAMPLES, FILES, …). With
--check nothing is written: the result is 1 when a page is not what it would be.
"""

import re
import textwrap

from commandline import ROOT, SHOWING_DEFAULT, binaries, load, names, run, settle

DATE = "2026-11-28"


def escaped(text):
    """Text as roff takes it, in ASCII: dashes that can be copied, nothing at the start of a line
    that would be a request."""
    for sign, plain in {
        "\\": "\\e", "-": "\\-", "…": "...", "≤": "\\(<=", "≥": "\\(>=", "±": "\\(+-", "'": "\\(aq",
        "`": "\\(ga", "^": "\\(ha", "~": "\\(ti",
    }.items():
        text = text.replace(sign, plain)
    text = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)
    return re.sub(r"^\.", r"\\&.", text, flags=re.M)


def bold(text):
    return f"\\fB{escaped(text)}\\fR"


def italic(text):
    return f"\\fI{escaped(text)}\\fR"


def paragraph(text):
    """Options stand out."""
    parts = re.split(r"((?<![\w-])--?[a-z][\w-]*)", text)
    return "".join(bold(p) if i % 2 else escaped(p) for i, p in enumerate(parts))


def blocks(discussion):
    """The paragraphs of a discussion, each with the lines of a table apart."""
    for text in discussion.split("\n\n"):
        if text.strip() and not text.startswith("Options override the environment"):
            yield text.split("\n")


def exit_status(lines):
    entries = []
    for line in lines:
        row = re.match(r"  (\S.*?)  +(\S.*)$", line)
        if row and not line.startswith("    "):
            entries += [".TP", bold(row[1]), paragraph(row[2])]
        elif line.startswith("     "):
            entries.append(paragraph(line.strip()))
        else:
            entries += [".PP", paragraph(line.strip())]
    return entries


def description(command):
    text, status = [], []
    for lines in blocks(command.discussion):
        if lines[0] == "EXIT CODES":
            status += exit_status(lines[1:])
            continue
        if all(line.startswith("  ") for line in lines):
            text += [".PP", ".RS 4", ".EX"] + [escaped(line[2:]) for line in lines] + [".EE", ".RE"]
        else:
            text += [".PP", paragraph(" ".join(lines))]
    return text, status


def tag(argument):
    value = italic(argument["valueName"])
    if argument["kind"] == "positional":
        return value
    label = ", ".join(bold(name) for name in names(argument))
    return label if argument["kind"] == "flag" else f"{label} {value}"


def about(argument):
    text = argument.get("abstract", "")
    values = argument.get("allValues")
    # Those of a list of words are in its completion.
    if not values and argument["kind"] == "option":
        values = argument.get("allValueStrings")
    notes = []
    if values:
        notes.append("values: " + ", ".join(values))
    if argument.get("defaultValue"):
        notes.append("default: " + argument["defaultValue"])
    return paragraph(text + (f" ({'; '.join(notes)})" if notes else ""))


def options(command):
    sections = {}
    for argument in command.arguments:
        if names(argument) == ["-h", "--help"] or names(argument) == ["--version"]:
            continue
        sections.setdefault(argument.get("sectionTitle", ""), []).append(argument)
    lines = []
    for title in sorted(sections, key=lambda title: title != ""):
        if title:
            lines.append(f".SS {escaped(title)}")
        for argument in sorted(sections[title], key=lambda a: a["kind"] != "positional"):
            lines += [".TP", tag(argument), about(argument)]
    common = [".TP", f"{bold('-h')}, {bold('--help')}", "Show help."]
    if len(command.words) == 1:
        common += [".TP", bold("--version"), "Show the version."]
    return lines + ([".SS Help"] if lines else []) + common


def synopsis(command):
    lines = []
    for usage in command.usage:
        words = usage[len(command.name):] if usage.startswith(command.name) else None
        name = command.name if words is not None else usage.split(" ")[0]
        rest = words if words is not None else usage[len(name):]
        rest = re.sub(r" <options>", " [<options>]", rest)
        rest = re.sub(r"<([^>]*)>", lambda found: f"\0{found[1]}\1", rest)
        rest = escaped(rest).replace("\0", "\\fI").replace("\1", "\\fR")
        lines += ([".br"] if lines else []) + [bold(name) + rest]
    return lines


def see_also(command, tools):
    tool = tools[command.words[0]]
    pages = [c.page for c in tool.walk() if c is not command and has_page(c, tool)]
    if len(command.words) == 1:
        pages += [name for name in tools if name != command.page]
    else:
        # The whole tool, and what lies beside or below.
        pages = [tool.page] + [
            c.page for c in tool.walk()
            if has_page(c, tool) and c is not command and len(c.words) > 1
            and (c.words[:2] == command.words[:2])
        ]
    pages = [(page, 1) for page in dict.fromkeys(pages)] + [("deploy-ledger.conf", 5)]
    return [f".BR {escaped(page)} ({section})" for page, section in pages]


def has_page(command, tool):
    """The page of a command that has a default has its options; that of the tool has them only
    where the tool's own help is that of its default."""
    for parent in tool.walk():
        if parent.default is command:
            return parent is tool and tool.words == ["deploystats"]
    return True


def render(command, tools):
    shown = command
    text, status = description(command)
    if command.default and command.words != ["deploystats"]:
        shown = command.default
        more, its_status = description(command.default)
        text, status = more + text if not text else text + more, its_status or status
        if shown.words[0] in SHOWING_DEFAULT:
            text = more
    abstract = command.abstract.rstrip(".")
    lines = [
        f".\\\" Written by scripts/generate/man-pages.py; do not edit.",
        f'.TH "{escaped(command.page.upper())}" 1 {DATE} "deploy\\-ledger {version(command)}" "deploy\\-ledger manual"',
        # Names of options and files stay whole.
        ".nh", ".ad l",
        ".SH NAME",
        f"{escaped(command.page)} \\- {escaped(abstract[:1].lower() + abstract[1:])}",
        ".SH SYNOPSIS",
    ]
    lines += synopsis(shown if shown.words[0] in SHOWING_DEFAULT else command)
    body = text[1:] if text[:1] == [".PP"] else text
    lines += [".SH DESCRIPTION"] + (body or [escaped(command.abstract)])
    if command.commands:
        below = [c for c in command.commands if has_page(c, tools[command.words[0]])]
        if below:
            lines.append(".SH COMMANDS")
            for c in below:
                lines += [".TP", f"\\fB{escaped(c.page)}\\fR(1)", escaped(c.abstract)]
    listed = command if command.words != ["deploystats"] else None
    if listed:
        lines += [".SH OPTIONS"] + options(listed)
    else:
        lines += [
            ".SH OPTIONS",
            "Without a command the options are those of", "\\fBdeploystats\\-metrics\\fR(1).",
            ".TP", f"{bold('-h')}, {bold('--help')}", "Show help; also after a command.",
            ".TP", bold("--version"), "Show the version.",
        ]
    if not status:
        status = [
            ".TP", bold("0"), "Done.", ".TP", bold("1"), "It could not be done; a message says why.",
            ".TP", bold("64"), "Usage error.",
        ]
    lines += [".SH EXIT STATUS"] + (status[1:] if status[0] == ".PP" else status)
    part = ROOT / f"docs/man/parts/{command.page}.roff"
    if part.exists():
        lines += part.read_text().rstrip().split("\n")
    lines += [".SH SEE ALSO"]
    references = see_also(command, tools)
    lines += [r + "," for r in references[:-1]] + references[-1:]
    return "\n".join(filled(lines)) + "\n"


def filled(lines):
    """Long lines of text broken, for whoever reads the difference between two versions."""
    is_example = False
    for line in lines:
        is_example = line == ".EX" or (is_example and line != ".EE")
        if is_example or line.startswith((".", "\"", "'")):
            yield line
            continue
        for part in textwrap.wrap(
                line, 78, break_long_words=False, break_on_hyphens=False) or [line]:
            # What would be a request at the start of a line.
            yield "\\&" + part if part.startswith((".", "'")) else part


def version(command):
    return run(command.binaries, [command.words[0], "--version"]).strip()


def main():
    tools = load(binaries())
    files = {}
    for tool in tools.values():
        for command in tool.walk():
            if has_page(command, tool):
                files[f"docs/man/{command.page}.1"] = render(command, tools)
    conf = ROOT / "docs/man/parts/deploy-ledger.conf.5.roff"
    files["docs/man/deploy-ledger.conf.5"] = "\n".join(
        filled(conf.read_text().replace("@VERSION@", version(next(iter(tools.values()))))
               .rstrip().split("\n"))) + "\n"
    settle(files, "scripts/generate/man-pages.py")


main()
