"""The description of the API holds for every request that a generator thinks of."""

import os
import pathlib
import subprocess
import sys

PATH = "/api/openapi.json"


def test_a_generator_of_requests_finds_nothing_that_the_description_denies(place, server):
    check = ["--health-check", "exit 1", "--health-delay", "0", "--health-retries", "1"]
    place.deploy("--sha", "a" * 40, "--tier", "lightning", "--message", "Say hello")
    place.deploy("--sha", "b" * 40, command=("false",), code=1)
    place.deploy("--sha", "c" * 40, *check, "--rollback", "true", code=69)
    place.start("--sha", "d" * 40, "--tier", "docker")
    place.holder()
    assert server.ask(PATH).status == 200
    result = subprocess.run(
        [pathlib.Path(sys.executable).with_name("schemathesis"), "--config-file",
         pathlib.Path(__file__).with_name("schemathesis.toml"), "run", server.origin + PATH,
         "--header", f"Authorization: Bearer {server.token}", "--checks", "all",
         # Streams have no end.
         "--exclude-path-regex", "events$",
         "--max-examples", os.environ.get("DEPLOY_EXAMPLES", "60"), "--seed", "1",
         "--request-timeout", "20", "--continue-on-failure", "--no-color"],
        cwd=place.path, capture_output=True, text=True, timeout=900)
    assert result.returncode == 0, result.stdout[-12000:] + result.stderr[-2000:]
    # And it did ask.
    assert server.process.poll() is None
    assert server.ask("/healthz").status == 200
