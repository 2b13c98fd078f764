"""Every command explains itself, with an example that is a command line that works."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from etl.cli import COMMANDS, DISTRIBUTION, run
from etl.commands.failures import exit_code_lines
from etl.settings import Settings

README = Path("README.md").read_text(encoding="utf-8")
WITHOUT_JSON = {"sql"}
HEAVY = {"pandas", "duckdb", "great_expectations", "pandera", "sqlalchemy", "pyarrow", "numpy", "alembic", "sqlglot"}


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run([*arguments, "--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    about, _, examples = help_of(capsys, command).partition("Example:")
    assert len(about.split()) > 10
    assert f"hcc {command}" in examples


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_uses_arguments_that_exist(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(capsys, command)
    lines = re.findall(rf"hcc {command}[^\n]*(?:\n +\S[^\n]*)?", text.partition("Example:")[2])
    assert lines
    for line in lines:
        options = {word for word in shlex.split(" ".join(line.split())) if word.startswith("--")}
        missing = [option for option in options if option not in text.partition("Example:")[0]]
        assert not missing, line


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in WITHOUT_JSON])
def test_every_command_that_answers_takes_json(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--json" in help_of(capsys, command)


def test_the_overview_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(help_of(capsys).replace("│", " ").split())
    assert [name for name in COMMANDS if f" {name} " not in text] == []
    assert [line for line in exit_code_lines() if line not in text] == []


def test_no_arguments_show_the_overview(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert "check-mapping" in "".join(capsys.readouterr())


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom etl.cli import run\nrun(['--help'])\nrun(['ingest', '--help'])\nrun(['--version'])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stderr.split()) == set()


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"hcc {project['version']}\n"
    assert project["name"] == DISTRIBUTION


def test_the_changelog_has_news_of_this_version_first() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    releases = re.findall(r"^## (\S+)$", Path("CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert releases[0] == project["version"]
    assert releases == sorted(releases, key=lambda release: [int(part) for part in release.split(".")], reverse=True)


def test_readme_lists_every_exit_code() -> None:
    listed = dict(re.findall(r"^\| (\d+) \| (.*) \|$", README, flags=re.MULTILINE))
    assert listed == dict(line.split(": ", 1) for line in exit_code_lines())


def test_readme_lists_every_setting() -> None:
    listed = re.findall(r"^\| `(\w+)` \| `(.*)` \| (.*) \|$", README, flags=re.MULTILINE)
    assert listed == [(name, str(field.default), field.description) for name, field in Settings.model_fields.items()]


@pytest.mark.parametrize("command", re.findall(r"\bhcc ([a-z][a-z-]*)", README))
def test_readme_names_commands_that_exist(command: str) -> None:
    assert command in COMMANDS
