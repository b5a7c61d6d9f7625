"""The expressions of workflow files, as much of them as the examples use."""

import re

TOKEN = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||==|!=|[!(),]|[\w.*-]+)")


class Expression:
    def __init__(self, text, context, functions):
        self.tokens, end = [], 0
        text = text.strip()
        while end < len(text):
            found = TOKEN.match(text, end)
            if not found:
                raise ValueError(f"not understood: {text[end:]}")
            self.tokens.append(found[1])
            end = found.end()
        self.context, self.functions = context, functions

    def value(self):
        result = self._either()
        if self.tokens:
            raise ValueError(f"left over: {self.tokens}")
        return result

    def _next(self, *wanted):
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def _either(self):
        left = self._both()
        while self._next("||"):
            right = self._both()
            left = left or right
        return left

    def _both(self):
        left = self._comparison()
        while self._next("&&"):
            right = self._comparison()
            left = left and right
        return left

    def _comparison(self):
        left = self._operand()
        while operator := self._next("==", "!="):
            left = (left == self._operand()) == (operator == "==")
        return left

    def _operand(self):
        if self._next("!"):
            return not self._operand()
        if self._next("("):
            inner = self._either()
            assert self._next(")")
            return inner
        token = self.tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if not self._next("("):
            return self._look_up(token)
        arguments = []
        while not self._next(")"):
            arguments.append(self._either())
            self._next(",")
        return self.functions[token](*arguments)

    def _look_up(self, name):
        value = self.context
        for part in name.split("."):
            if part == "*":
                value = list(value.values())
            elif isinstance(value, list):
                value = [one.get(part, "") for one in value]
            else:
                value = value.get(part, "")
        return value


def interpolate(text, context):
    """Text with the values of its expressions."""
    functions = {"join": lambda values, separator: separator.join(values)}
    return re.sub(r"\$\{\{(.*?)\}\}",
                  lambda found: str(Expression(found[1], context, functions).value()), str(text))
