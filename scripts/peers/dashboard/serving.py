"""The dashboard's own process, and requests to it without a browser."""

import http.client
import re
import signal
import socket
import subprocess
import threading

from place import TOOLS, wait_until

PAGE = "/super-admin/deployments"


class Answer:
    """What a server said to one request."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()


class UnixConnection(http.client.HTTPConnection):
    """A connection to a socket in the file system."""

    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Server:
    """`deploy-dashboard` with a token, on a port of its own unless `arguments` say otherwise."""

    def __init__(self, place, *arguments, base="", port=0, tokens=None):
        self.place, self.base = place, base
        self.tokens = tokens or place.path / "tokens"
        self.arguments = [*arguments, "--lock-file", place.lock, "--ledger", place.ledger]
        if base:
            self.arguments += ["--base-path", base]
        self.port = port
        self.lines = []
        self.process = None
        if not self.tokens.exists():
            self.token = self.tool("token", "tests").split()[-1]
        self.start()

    def command(self, *arguments):
        """What runs the program; as another user where a test has one."""
        return [TOOLS / "deploy-dashboard", *arguments]

    def tool(self, command, *arguments):
        """The output of another command of the program, for the same tokens."""
        return subprocess.run(
            self.command(command, *arguments, "--token-file", self.tokens),
            env=self.place.environment, check=True, capture_output=True, text=True, timeout=30,
        ).stdout

    def start(self):
        arguments = self.arguments
        if "--socket" not in arguments:
            arguments = ["--port", self.port, *arguments]
        self.process = subprocess.Popen(
            self.command("serve", *map(str, arguments), "--token-file", str(self.tokens)),
            env=self.place.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self.read, args=[self.process.stderr], daemon=True).start()
        address = wait_until(self.address, "the server listens", 30)
        if address.startswith("/"):
            return
        # The same after a restart.
        self.port = int(address.rpartition(":")[2])

    def read(self, stream):
        for line in stream:
            self.lines.append(line)

    def address(self):
        assert self.process.poll() is None, "".join(self.lines)
        for line in self.lines:
            if found := re.search(r"listening on (?:https?://)?(\S+?)/?$", line):
                return found[1]

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"{self.origin}{self.base}{PAGE}"

    def link(self):
        """A one-time link to log in with."""
        return self.tool("link", *self.link_arguments()).split()[-1]

    def link_arguments(self):
        return ["--url", f"{self.origin}{self.base}"]

    def ask(self, path, headers=None, method="GET", token=True):
        """One request with the token, below the base path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        fields = dict(headers or {})
        if token:
            fields.setdefault("Authorization", f"Bearer {self.token}")
        connection.request(method, self.base + path, headers=fields)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def stop(self, number=signal.SIGTERM):
        """Ends the process and returns its code."""
        self.process.send_signal(number)
        code = self.process.wait(20)
        self.lines.clear()
        return code

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.stop()
