"""Runs a job of GitLab's CI."""

import workflow


def play(runner, repository, commit, name, variables, commands):
    """Whether it succeeded. `commands` is a folder that is searched for commands first."""
    job = workflow.load_of(repository, commit, ".gitlab-ci.yml")[name]
    place = runner.place(name)
    depth = int(job["variables"].get("GIT_DEPTH", 20))
    workflow.check_out(repository, commit, place / "workspace", depth)
    script = place / "temp" / "script"
    script.write_text("\n".join(["set -eo pipefail", *job["before_script"], *job["script"], ""]))
    environment = {"GITLAB_CI": "true", "CI": "true", **job["variables"], **variables,
                   "PATH": f"{commands}:{runner.environment['PATH']}"}
    return runner.execute(["bash", script], place, environment) == 0
