"""Prints what was expected and what was seen."""

import contextlib


def in_words(value):
    if isinstance(value, dict):
        value = [f"{name} {what}" for name, what in value.items()]
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return str(value)


class Report:
    def __init__(self):
        self.failed = []
        self.parts = 0

    @contextlib.contextmanager
    def part(self, title):
        """One test or scenario; what goes wrong in it ends it and not those after it."""
        self.parts += 1
        self.is_well = True
        print(title, flush=True)
        try:
            yield
        except Exception as error:  # whatever it is, it is what was seen
            self.expect("nothing goes wrong in between", f"{type(error).__name__}: {error}", False)
        if not self.is_well:
            self.failed.append(title)
        print(f"  {'passed' if self.is_well else 'FAILED'}\n", flush=True)

    def step(self, what):
        print(f"  {what}", flush=True)

    def expect(self, expected, seen, passed):
        self.is_well &= passed
        print(f"    expected  {expected}")
        print(f"    {'seen     ' if passed else 'BUT SEEN '} {seen}", flush=True)

    def equal(self, what, expected, seen):
        self.expect(f"{what}: {in_words(expected)}", in_words(seen), expected == seen)

    def code(self, expected, result, of="exit code"):
        self.equal(of, expected, result.code)
        if result.code != expected:
            print("      | " + result.output.strip().replace("\n", "\n      | "), flush=True)

    def says(self, expected, result, pattern):
        """The output has a line like this one, which is shown."""
        line = result.line(pattern)
        self.expect(expected, (line or result.output or "nothing").strip(), line is not None)

    def end(self):
        """The exit code, after a last line."""
        if self.failed:
            print(f"{len(self.failed)} of {self.parts} failed:")
            for title in self.failed:
                print(f"  {title}")
            return 1
        print(f"All {self.parts} passed.")
        return 0
