#!/usr/bin/env python3
"""Runs a command on a terminal of its own and answers what it asks.

Usage: scripts/generate/answer.py PROMPT=ANSWER … -- COMMAND …
"""

import os
import pty
import sys

split = sys.argv.index("--")
answers = [answer.split("=", 1) for answer in sys.argv[1:split]]
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[split + 1], sys.argv[split + 1:])
seen = b""
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        # EIO: the command has closed its side.
        break
    if not piece:
        break
    seen += piece
    sys.stdout.buffer.write(piece.replace(b"\r\n", b"\n"))
    sys.stdout.buffer.flush()
    if answers and answers[0][0].encode() in seen.rsplit(b"\n", 1)[-1]:
        os.write(terminal, answers.pop(0)[1].encode() + b"\n")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
