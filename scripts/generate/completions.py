#!/usr/bin/env python3
"""Writes the completion of the tools for bash, zsh and fish into completions/.

Usage: scripts/generate/completions.py [--check] [FOLDER OF THE TOOLS]

The parser's own scripts offer nothing for options of a default command, and do not complete the
command that deploy-with-lock runs. With --check nothing is written: the result is 1 when a file is
not what it would be.
"""

from pathlib import Path

from commandline import binaries, load, names, settle

HERE = Path(__file__).resolve().parent
NOTICE = "# Written by scripts/generate/completions.py; do not edit."


def kind(argument):
    """What completes a value: (list, words), (file, -), (directory, -), (queries, -), (none, -)."""
    completion = argument.get("completionKind") or {}
    if "list" in completion:
        return "list", completion["list"]["values"]
    for name in ("file", "directory"):
        if name in completion:
            return name, []
    return ("queries", []) if "custom" in completion else ("none", [])


def takes_value(argument):
    return argument["kind"] == "option"


def options(command):
    found = [
        a for a in command.arguments
        if a["kind"] != "positional" and names(a)[-1] not in ("--help", "--version")
    ]
    labels = [name for a in found for name in names(a)]
    more = [name for name in ("-h", "--help") if name not in labels]
    if len(command.words) == 1 and "--version" not in labels:
        more.append("--version")
    return found, labels + more


def positionals(command):
    return [a for a in command.arguments if a["kind"] == "positional"]


def commands(tool):
    """Every command that has options to offer: what it is called, and what runs then."""
    return list(tool.walk())


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


# bash

def bash(tool):
    lines = [f"# bash completion for {tool.name}", NOTICE, "", f"_{ident(tool)}_tables() {{",
             "    commands=() options=() valued=() positional=none", "    case $1 in"]
    for command in commands(tool):
        found, labels = options(command)
        rest = positionals(command)
        lines += [
            f"        {quoted(command.name)})",
            f"            commands=({' '.join(c.words[-1] for c in command.commands)})",
            f"            options=({' '.join(labels)})",
            f"            valued=({' '.join(n for a in found if takes_value(a) for n in names(a))})",
        ]
        if rest and tool.name != "deploy-with-lock":
            what, words = kind(rest[0])
            lines.append(f"            positional={quoted(' '.join([what] + words))}")
        lines.append("            ;;")
    lines += ["    esac", "}", "", f"_{ident(tool)}_value() {{", "    case $1 in"]
    lines += [f"        {quoted(key)}) value={quoted(text)} ;;" for key, text in values(tool)]
    lines += ["        *) value=none ;;", "    esac", "}", ""]
    engine = (HERE / "completion.bash").read_text()
    engine = engine[engine.index("\n\n") + 2:]
    engine = engine.replace("TOOL_IDENTIFIER", ident(tool)).replace("TOOL_NAME", tool.name)
    return "\n".join(lines) + engine


def values(tool):
    """What completes the value of each option; the same option has the same values everywhere but
    for its format, so its command stands before it."""
    for command in commands(tool):
        for argument in command.arguments:
            if takes_value(argument):
                what, words = kind(argument)
                if what != "none":
                    for name in names(argument):
                        yield f"{command.name} {name}", " ".join([what] + words)


def ident(tool):
    return tool.name.replace("-", "_")


# zsh

def zsh(tool):
    lines = [f"#compdef {tool.name}", NOTICE, ""]
    for command in reversed(commands(tool)):
        lines += zsh_function(command)
    if any(kind(a)[0] == "queries" for c in commands(tool) for a in c.arguments):
        lines += [
            "_deploystats_queries() {", "    local -a names",
            "    names=(${(f)\"$(_call_program queries deploystats query list --format ndjson |",
            "        sed -n 's/^{\"name\":\"\\([^\"]*\\)\".*/\\1/p')\"})",
            "    _describe query names", "}", "",
        ]
    lines += [f"_{ident(tool)} \"$@\"", ""]
    return "\n".join(lines)


def zsh_function(command):
    name = "_" + "_".join(command.words).replace("-", "_")
    lines = [f"{name}() {{"]
    if command.commands:
        lines += ["    local -a commands", "    commands=("]
        lines += [
            f"        {quoted(c.words[-1] + ':' + c.abstract)}" for c in command.commands]
        lines.append(f"        {quoted('help:Show help of a command.')}" if len(command.words) == 1
                     else "")
        lines = [line for line in lines if line]
        lines += [
            "    )", "    case $words[2] in",
        ]
        for c in command.commands:
            lines.append(
                f"        {c.words[-1]}) if (( CURRENT > 2 )); then shift words; (( CURRENT-- )); "
                f"_{'_'.join(c.words).replace('-', '_')}; return; fi ;;")
        if len(command.words) == 1:
            lines.append("        help) (( CURRENT > 2 )) && { _describe command commands; return; } ;;")
        lines += ["    esac"]
        lines += ["    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then",
                  "        _describe command commands"]
        first = positionals(command)
        if not first:
            lines += ["        return"]
        lines += ["    fi"]
    lines.append("    _arguments -s -S \\")
    found, _ = options(command)
    specs = []
    for argument in found:
        specs.append(zsh_option(argument))
    specs.append("'(- *)'{-h,--help}'[Show help.]'")
    if len(command.words) == 1:
        specs.append("'(- *)--version[Show the version.]'")
    if command.name == "deploy-with-lock":
        specs += ["'(-)1:command:_command_names -e'", "'*::arguments:_normal'"]
    else:
        rest = positionals(command)
        for position, argument in enumerate(rest):
            many = argument.get("isRepeating")
            what, _ = kind(argument)
            place = "1" if what == "queries" else "*" if many else str(position + 1)
            specs.append(f"'{place}:{argument['valueName']}:{zsh_action(argument)}'")
    lines.append(" \\\n".join(f"        {spec}" for spec in specs))
    return lines + ["}", ""]


def zsh_text(text):
    for sign in "\\[]:":
        text = text.replace(sign, "\\" + sign)
    return text.replace("'", "'\\''")


def zsh_action(argument):
    what, words = kind(argument)
    return {
        "list": f"({' '.join(words)})", "file": "_files", "directory": "_directories",
        "queries": "_deploystats_queries", "none": " ",
    }[what]


def zsh_option(argument):
    labels = names(argument)
    about = zsh_text(argument.get("abstract", ""))
    value = ""
    repeats = argument.get("isRepeating")
    if takes_value(argument):
        value = f":{zsh_text(argument['valueName'])}:{zsh_action(argument)}"
    if len(labels) == 1:
        sign = "=" if value and labels[0].startswith("--") else ""
        return f"'{'*' if repeats else ''}{labels[0]}{sign}[{about}]{value}'"
    excluded = "*" if repeats else f"({' '.join(labels)})"
    spelt = ",".join(
        label + ("=" if value and label.startswith("--") else "") for label in labels)
    return f"'{excluded}'{{{spelt}}}'[{about}]{value}'"


# fish

def fish(tool):
    lines = [f"# fish completion for {tool.name}", NOTICE, ""]
    if tool.name == "deploy-with-lock":
        return "\n".join(lines + fish_wrapper(tool)) + "\n"
    start = f"complete -c {tool.name}"
    place = f"__fish_{ident(tool)}"
    paths = " ".join(
        quoted(" " + " ".join(c.words[1:])) for c in commands(tool) if len(c.words) > 1)
    if paths:
        lines += [
            "# Whether the words so far name this command; with -e, whether no other word follows.",
            f"function {place}_in",
            "    set -l exact no",
            "    if test \"$argv[1]\" = -e",
            "        set exact yes",
            "        set -e argv[1]",
            "    end",
            "    set -l words (commandline -opc)",
            "    set -l path",
            "    set -l rest",
            "    for word in $words[2..-1]",
            f"        if test -z \"$rest\"; and contains -- \"$path $word\" {paths}",
            "            set path \"$path $word\"",
            "        else",
            "            set rest $rest $word",
            "        end",
            "    end",
            "    test \"$path\" = \"$argv\"; and test $exact = no -o -z \"$rest\"",
            "end",
            "",
        ]
    if tool.name == "deploystats":
        lines += [
            "function __fish_deploystats_queries",
            "    deploystats query list --format ndjson 2>/dev/null |",
            "        string replace -rf '^\\{\"name\":\"([^\"]*)\".*' '$1'",
            "end",
            "",
        ]
    lines.append(f"{start} -f")
    for command in commands(tool):
        path = quoted("".join(" " + word for word in command.words[1:]))
        inside = f"-n {quoted(f'{place}_in {path}')} " if paths else ""
        alone = f"-n {quoted(f'{place}_in -e {path}')} " if paths else ""
        for below in command.commands:
            lines.append(
                f"{start} {alone}-a {below.words[-1]} -d {quoted(below.abstract)}")
        for argument in options(command)[0]:
            lines.append(f"{start} {inside}{fish_option(argument)}")
        for argument in positionals(command)[:1]:
            where = alone if kind(argument)[0] == "queries" else inside
            lines.append(f"{start} {where}{fish_action(argument)}")
        if len(command.words) == 1:
            lines.append(f"{start} {inside}-l version -d 'Show the version.'")
    lines.append(f"{start} -s h -l help -d 'Show help.'")
    return "\n".join(lines) + "\n"


def fish_action(argument):
    what, words = kind(argument)
    return {
        "list": f"-fa {quoted(' '.join(words))}", "file": "-F",
        "directory": "-fa '(__fish_complete_directories)'",
        "queries": "-fa '(__fish_deploystats_queries)'",
        "none": "-f",
    }[what]


def fish_option(argument):
    parts = []
    for label in names(argument):
        parts.append(f"-l {label[2:]}" if label.startswith("--") else f"-s {label[1:]}")
    if takes_value(argument):
        parts.append("-r " + fish_action(argument))
    return " ".join(parts + ["-d", quoted(argument.get("abstract", ""))])


def fish_wrapper(tool):
    found, _ = options(tool)
    specs = []
    for argument in found:
        labels = [label.lstrip("-") for label in names(argument)]
        label = "/".join(labels) if len(labels) > 1 or len(labels[0]) == 1 else labels[0]
        specs.append(label + ("=" if takes_value(argument) else ""))
    specs += ["h/help", "version"]
    lines = [
        "# The words of the command that is to run; false while there is none.",
        "function __fish_deploy_with_lock_command",
        "    set -l tokens (commandline -opc) (commandline -ct)",
        "    set -e tokens[1]",
        f"    argparse -s {' '.join(specs)} -- $tokens 2>/dev/null",
        "    test -n \"$argv\"; and not string match -qr '^-' -- $argv[1]; or return 1",
        "    string join0 -- $argv",
        "end",
        "",
        "function __fish_deploy_with_lock_complete_command",
        "    set -l words (__fish_deploy_with_lock_command | string split0)",
        "    set -l last $words[-1]",
        "    set -e words[-1]",
        "    complete -C (string join -- ' ' (string escape -- $words) \"$last\")",
        "end",
        "",
        f"complete -c {tool.name} -f",
    ]
    for argument in found:
        lines.append(
            f"complete -c {tool.name} -n 'not __fish_deploy_with_lock_command >/dev/null' "
            + fish_option(argument))
    lines += [
        f"complete -c {tool.name} -n 'not __fish_deploy_with_lock_command >/dev/null' -s h -l help "
        "-d 'Show help.'",
        f"complete -c {tool.name} -n 'not __fish_deploy_with_lock_command >/dev/null' -l version "
        "-d 'Show the version.'",
        f"complete -c {tool.name} -xa '(__fish_deploy_with_lock_complete_command)'",
    ]
    return lines


def main():
    files = {}
    for tool in load(binaries()).values():
        files[f"completions/bash/{tool.name}"] = bash(tool)
        files[f"completions/zsh/_{tool.name}"] = zsh(tool)
        files[f"completions/fish/{tool.name}.fish"] = fish(tool)
    settle(files, "scripts/generate/completions.py")


main()
