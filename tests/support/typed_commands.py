"""Type the commands of a page of the manual, one after the other, in a folder of its own."""

import io
import shlex
import subprocess
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from support.written_page import TypedCommand, WrittenFile

from etl.cli import run

HCC = ".venv/bin/hcc"


def do_as_written(steps: Iterable[WrittenFile | TypedCommand], folder: Path) -> None:
    """Write each file and type each command; an answer that is not the page's fails."""
    for step in steps:
        if isinstance(step, WrittenFile):
            step.write_in(folder)
            continue
        printed = typed(step.line)
        assert step.is_answered_by(printed), f"$ {step.line}\nshows:\n{step.answer}\nbut it is:\n{printed}"


def typed(line: str) -> str:
    """Type a command and give all that it prints; `hcc` runs in this process, which has imported it already."""
    if not line.startswith(HCC):
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
        return done.stdout + done.stderr
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        run(shlex.split(line)[1:])
    return printed.getvalue()
