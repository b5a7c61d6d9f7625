"""Runs workflow files as GitHub, Gitea and Forgejo do, one job after the other on this machine.

Each job has a home and a workspace of its own. What the examples do not use is not understood.
"""

import subprocess

import ruamel.yaml
from expressions import Expression, interpolate


def load(source):
    return ruamel.yaml.YAML(typ="safe").load(source)


def load_of(repository, commit, name):
    """A file of YAML as a commit has it."""
    return load(subprocess.run(["git", "show", f"{commit}:{name}"], cwd=repository, check=True,
                               capture_output=True, text=True).stdout)


def check_out(repository, commit, workspace, depth):
    """With this many commits of its history; 0 for all."""
    for command in (["init", "-q"], ["fetch", "-q", *([f"--depth={depth}"] if depth else []),
                                     f"file://{repository}", commit],
                    ["checkout", "-q", "FETCH_HEAD"]):
        subprocess.run(["git", *command], cwd=workspace, check=True)


class Job:
    def __init__(self, run, name, definition):
        self.run, self.name, self.definition = run, name, definition
        self.result, self.outputs = "skipped", {}

    def is_due(self):
        needs = self._needs()
        states = [job.result for job in needs.values()]
        condition = str(self.definition.get("if", "success()")).removeprefix("${{").removesuffix("}}")
        if not any(word in condition for word in ("always(", "cancelled(", "failure(", "success(")):
            condition = f"success() && ({condition})"
        return Expression(condition, self._context(), {
            "success": lambda: all(state == "success" for state in states),
            "failure": lambda: "failure" in states,
            "cancelled": lambda: self.run.is_cancelled, "always": lambda: True,
        }).value()

    def execute(self):
        self.place = self.run.runner.place(self.name)
        self.steps = {}
        self.result = "success"
        for step in self.definition["steps"]:
            if not self._step(step, self._context(), {}):
                self.result = "cancelled" if self.run.is_cancelled else "failure"
                return
        context = self._context()
        self.outputs = {name: interpolate(text, context)
                        for name, text in self.definition.get("outputs", {}).items()}

    def _needs(self):
        needs = self.definition.get("needs", [])
        return {name: self.run.jobs[name] for name in ([needs] if isinstance(needs, str) else needs)}

    def _context(self):
        return self.run.context(self.definition.get("environment")) | {
            "needs": {name: {"result": job.result, "outputs": job.outputs}
                      for name, job in self._needs().items()},
            "steps": getattr(self, "steps", {})}

    def _step(self, step, context, environment):
        """Whether it succeeded; its outputs are in the context afterwards."""
        environment = environment | {
            name: interpolate(text, context) for name, text in step.get("env", {}).items()}
        action = step.get("uses", "")
        outputs, is_well = {}, True
        if action.startswith("actions/checkout@"):
            check_out(self.run.repository, self.run.commit, self.place / "workspace",
                      step.get("with", {}).get("fetch-depth", 1))
        elif action.startswith("./"):
            outputs, is_well = self._composite(action, step.get("with", {}), context, environment)
        elif "run" in step:
            more = ["-o", "pipefail"] if step.get("shell") == "bash" else []
            outputs, is_well = self._shell(more, interpolate(step["run"], context), environment)
        else:
            raise ValueError(f"not understood: {step}")
        if "id" in step:
            context["steps"][step["id"]] = {"outputs": outputs}
        return is_well

    def _composite(self, action, given, context, environment):
        definition = load(self.place / "workspace" / action / "action.yml")
        inputs = {name: interpolate(given.get(name, about.get("default", "")), context)
                  for name, about in definition["inputs"].items()}
        unknown = set(given) - set(inputs)
        assert not unknown, f"{action} has no {unknown}"
        inner = context | {"inputs": inputs, "steps": {}}
        is_well = all(self._step(step, inner, environment) for step in definition["runs"]["steps"])
        return {name: interpolate(about["value"], inner)
                for name, about in definition.get("outputs", {}).items()}, is_well

    def _shell(self, options, script, environment):
        temp = self.place / "temp"
        (temp / "script").write_text(script)
        output = temp / "output"
        output.write_text("")
        code = self.run.runner.execute(
            ["bash", "-e", *options, temp / "script"], self.place,
            environment | {"GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": self.place / "summary.md",
                           "GITHUB_WORKSPACE": self.place / "workspace", "RUNNER_TEMP": temp}
            | {f"GITHUB_{name.upper()}": value for name, value in self.run.github.items()})
        # The last value of an output counts.
        return dict(line.split("=", 1) for line in output.read_text().splitlines()), code == 0


class Run:
    """One run of a workflow. `settings` has vars, secrets and, by environment, more secrets."""

    def __init__(self, runner, repository, workflow, commit, github, settings):
        self.runner, self.repository, self.commit = runner, repository, commit
        self.github, self.settings, self.is_cancelled = github, settings, False
        definition = load_of(repository, commit, workflow)
        self.jobs = {name: Job(self, name, job) for name, job in definition["jobs"].items()}

    def play(self):
        """Runs the jobs, each after those that it needs; what they came to."""
        for job in self.jobs.values():
            if job.is_due():
                job.execute()
        return {name: job.result for name, job in self.jobs.items()}

    def cancel(self):
        self.is_cancelled = True
        self.runner.interrupt()

    def context(self, environment):
        secrets = self.settings["secrets"] | self.settings["environments"].get(environment, {})
        return {"github": self.github, "vars": self.settings["vars"], "secrets": secrets}
