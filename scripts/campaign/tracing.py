"""Tracing a tool, its threads and its keeper, but not the command."""

STRACE = ("strace", "-f", "-qq")


def tracer(out, after):
    """What is common to all; the output goes to a file.

    Detaching from a command when it is executed would lose a keeper that executes the program, too.
    """
    return [*STRACE, *(() if after else ("-b", "execve")), "-o", str(out)]


def counting(out, after=None):
    """The tracer that notes each call."""
    return tracer(out, after)


def injecting(out, name, nth, error, after=None):
    """The tracer that makes the n-th call of a name in a thread fail, or the last one."""
    what = "signal=KILL" if error == "KILL" else f"error={error}"
    names = ",".join(filter(None, (name, after)))
    return [*tracer(out, after), "-e", f"trace={names}", "-e", f"inject={name}:{what}:when={nth}"]


def calls(out, after=None):
    """Which calls were made: the first n that counts, and how often the busiest thread made each.

    What the thread did before the call `after` does not count.
    """
    before, counts = {}, {}
    for line in out.read_text(errors="replace").splitlines():
        pid, _, rest = line.partition(" ")
        name = rest.strip().partition("(")[0]
        if not name.isidentifier():
            continue
        if name == after:
            before = {other: by_pid.get(pid, 0) for other, by_pid in counts.items()}
        counts.setdefault(name, {}).setdefault(pid, 0)
        counts[name][pid] += 1
    busiest = {name: max(by_pid.values()) for name, by_pid in counts.items()}
    return {
        name: (before.get(name, 0) + 1, count)
        for name, count in busiest.items() if count > before.get(name, 0)}


def was_reached(out, after=None):
    """Whether the call was made that often, not before `after`: a race may have taken another way."""
    words = out.read_text(errors="replace") if out.exists() else ""
    if after:
        _, found, rest = words.partition(f"{after}(")
        words = found + rest
    return "(INJECTED)" in words or "killed by SIGKILL" in words
