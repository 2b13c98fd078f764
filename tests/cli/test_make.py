"""make: its help, what it asks for, and a set-up that says what a machine lacks."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path("Makefile").read_text(encoding="utf-8")
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # A make around this test hands its own flags down; they are not meant for this one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment |= {"SITE": "", "Q": ""}
    return subprocess.run(["make", *arguments], capture_output=True, text=True, check=False, env=environment)


def test_help_tells_every_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE)) - {"need-site", "need-q"}
    told = set(re.findall(r"^make (\S+) +\S", make("help").stdout, flags=re.MULTILINE))
    assert told == targets
    assert {"ingest", "test", "test-all", "check", "sql", "query", "report", "bench", "clean"} <= told


def test_make_alone_is_help() -> None:
    assert make().stdout == make("help").stdout


@pytest.mark.parametrize("target", ["ingest", "report"])
def test_a_hospital_is_asked_for(target: str) -> None:
    done = make(target)
    assert done.returncode == 2
    assert f"Which hospital? Name it: make {target} SITE=snuh" in done.stderr


def test_a_question_is_asked_for() -> None:
    assert "Which question? Write it: make query Q=" in make("query").stderr


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with no environment, and a PATH with what every machine has and no Python."""
    for name in ("tools/make_environment.sh", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for program in ("sh", "dirname", "rm", "env", "mkdir"):
        (tmp_path / "bin" / program).symlink_to(shutil.which(program) or program)
    return tmp_path


def set_up(clone: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["tools/make_environment.sh"],
        cwd=clone,
        env={"PATH": str(clone / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def add_program(clone: Path, name: str, script: str) -> None:
    path = clone / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_machine_without_python_is_told_what_to_install(clone: Path) -> None:
    done = set_up(clone)
    assert done.returncode != 0
    assert done.stderr.startswith("No Python 3.11, 3.12 or 3.13 was found on the PATH: install one")
    assert done.stderr.count("\n") == 1
    assert not (clone / ".venv" / ".stamp").exists()


def test_a_python_without_venv_is_told_what_to_install(clone: Path) -> None:
    add_program(clone, "python3.13", "echo shim that does not run >&2; exit 127")
    add_program(
        clone, "python3.12", 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; *version_info*) exit 0;; esac'
    )
    done = set_up(clone)
    assert done.returncode != 0
    assert done.stderr == (
        "python3.12 cannot make environments: install its venv (Debian, Ubuntu: apt install python3.12-venv) or uv, "
        "then run this again.\n"
    )


def test_no_stamp_when_the_packages_cannot_be_had(clone: Path) -> None:
    add_program(clone, "uv", 'case "$1" in --version) exit 0;; *) exit 1;; esac')
    done = set_up(clone)
    assert done.returncode != 0
    assert "uv could not do it; trying pip." in done.stderr
    assert not (clone / ".venv" / ".stamp").exists()


def test_uv_may_not_download_a_python(clone: Path) -> None:
    add_program(clone, "uv", 'echo "$1 $UV_PYTHON_DOWNLOADS" >> calls; test "$1" != pip || mkdir -p .venv')
    assert set_up(clone).returncode == 0
    assert (clone / "calls").read_text().splitlines()[1:] == ["venv never", "pip never", "pip never"]
    assert (clone / ".venv" / ".stamp").exists()
