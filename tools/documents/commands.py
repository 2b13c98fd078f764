"""The reference of the command line: every command as `hcc COMMAND --help` explains it, exit codes, settings."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from etl.cli import COMMANDS, app
from etl.commands.failures import exit_code_lines
from etl.settings import Settings

KINDS: dict[Any, str] = {Path: "PATH", int: "NUMBER", float: "NUMBER", str: "TEXT", list[str]: "TEXT"}
"""How the value of an option is called that names none."""
GENERATED = "Rendered from the program by `make docs`; not to be edited here."


def render_commands() -> str:
    """Render every command: what it does, its arguments and options, an example."""
    about = (
        "`hcc` is `.venv/bin/hcc`. `hcc --version` prints the version, `hcc --traceback COMMAND` what happened in full when "
        "the program fails. Commands that answer take `--json`. Codes: [exit codes](exit_codes.md)."
    )
    parts = ["# Commands", GENERATED, about]
    parts.append(
        "\n".join(f"- [{name}](#{name}): {_first_sentence(function)}" for name, function in _functions().items())
    )
    parts += [_render_command(name, function, _parameters(name)) for name, function in _functions().items()]
    return "\n\n".join(parts) + "\n"


def render_exit_codes() -> str:
    """Render every exit code and what it means."""
    lines = [f"| {code} | {meaning} |" for code, meaning in (line.split(": ", 1) for line in exit_code_lines())]
    about = "Every failure is one whole sentence on standard error, and a code for the program that called."
    after = (
        "make itself ends with 2 when a command fails. `hcc ingest-all` ends with the gravest code of its hospitals."
    )
    return "\n".join(
        ["# Exit codes", "", GENERATED, "", about, "", "| code | meaning |", "|---|---|", *lines, "", after, ""]
    )


def render_settings() -> str:
    """Render every setting with its variable and its default."""
    lines = [
        f"| `{name}` | `HCC_{name.upper()}` | `{field.default}` | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    about = "In `hcc.toml` next to the Makefile (`threads = 4`), or in the environment, which wins (`HCC_THREADS=4`)."
    head = ["| setting | variable | default | meaning |", "|---|---|---|---|"]
    return "\n".join(["# Settings", "", GENERATED, "", about, "", *head, *lines, ""])


def _functions() -> dict[str, Callable[..., None]]:
    """Every command's function by the name that is typed, in the order of the help."""
    return dict(COMMANDS)


def _parameters(name: str) -> list[Any]:
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return list(commands[name].params)


def _render_command(name: str, function: Callable[..., None], parameters: list[Any]) -> str:
    about, _, examples = (inspect.getdoc(function) or "").partition("Example:")
    arguments = [_metavar(parameter) for parameter in parameters if parameter.param_type_name == "argument"]
    parts = [f"## {name}", _escape(about.strip()), f"```text\n{' '.join(['hcc', name, *arguments])}\n```"]
    if parameters:
        rows = [_row(parameter) for parameter in parameters]
        parts.append("\n".join(["| argument or option | meaning |", "|---|---|", *rows]))
    lines = "\n".join(line.strip() for line in examples.strip().splitlines())
    return "\n\n".join([*parts, f"```sh\n{lines}\n```"])


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"| `{_metavar(parameter)}` | {_cell(parameter.help)} |"
    flags = ", ".join(f"`{flag}`" for flag in parameter.opts)
    value = "" if parameter.is_flag else parameter.metavar or KINDS[parameter.type_descriptor.annotation]
    return f"| {f'{flags} {_cell(value)}'.rstrip()} | {_cell(parameter.help)} |"


def _metavar(parameter: Any) -> str:
    """Write an argument as the help does; in brackets when it may be left out."""
    name = parameter.metavar or parameter.name.upper()
    return str(name if parameter.required or name.startswith("[") else f"[{name}]")


def _first_sentence(function: Callable[..., None]) -> str:
    return _escape(re.split(r"[.:;](?=\s|$)", inspect.getdoc(function) or "", maxsplit=1)[0]) + "."


def _cell(text: str | None) -> str:
    return _escape(" ".join((text or "").split())).replace("|", "\\|")


def _escape(text: str) -> str:
    """Write what Markdown would read as a tag or as emphasis as it is, outside of code."""
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(piece if piece.startswith("`") else re.sub(r"([<>*])", r"\\\1", piece) for piece in pieces)
