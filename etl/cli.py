"""The command line `hcc`: its commands, and the message and exit code of a failure."""

import inspect
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Annotated, NoReturn

import typer

from etl.commands import (
    answers,
    audit_table,
    deliveries,
    derive,
    export,
    freeze,
    grading,
    ingest_all,
    loads,
    mappings,
    option,
    recall,
    respond,
    score,
    study,
    survive,
    timeline,
)
from etl.commands.failures import INTERRUPTED, exit_code_lines, log_dir, report_failure, show_traceback
from etl.commands.show import print_on_stderr
from warehouse.file.owner_only import write_for_owner_only

DISTRIBUTION = "hcc-harmonisation"
"""The name under which the project is installed."""

app = typer.Typer(
    name="hcc",
    help="Bring hospitals' raw exports into one warehouse, and ask it.",
    epilog="Exit codes:\n\n" + "\n\n".join(exit_code_lines()),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[str, Callable[..., None]] = {
    "ingest": deliveries.ingest,
    "ingest-all": ingest_all.ingest_all,
    "report": deliveries.report,
    "findings": deliveries.findings,
    "quarantine": deliveries.quarantine,
    "questions": deliveries.questions,
    "synthesize": deliveries.synthesize,
    "recall": recall.recall,
    "check-mapping": mappings.check_mapping,
    "explain": mappings.explain,
    "grade": grading.grade,
    "derive": derive.derive,
    "option": option.option,
    "status": loads.status,
    "rollback": loads.rollback,
    "prune": loads.prune,
    "query": answers.query,
    "sql": answers.sql,
    "describe": answers.describe,
    "export": export.export,
    "respond": respond.respond,
    "score": score.score,
    "survive": survive.survive,
    "study": study.study,
    "check-study": study.check_study,
    "timeline": timeline.timeline,
    "freeze": freeze.freeze,
    "audit-table": audit_table.audit_table,
}
"""Every command by its name; the docstring is its help, and what follows 'Example:' in it the help's last lines."""


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"hcc {version(DISTRIBUTION)}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    *,
    is_traceback_wanted: Annotated[
        bool,
        typer.Option(
            "--traceback", help="Show what happened in full when the program fails; may show cells of the data."
        ),
    ] = False,
    is_version_wanted: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Print the version and leave.")
    ] = False,
) -> None:
    """Bring hospitals' raw exports into one warehouse, and ask it."""
    context.obj = {"is_traceback_wanted": is_traceback_wanted}


def main() -> NoReturn:
    """Run `hcc`, then exit with os._exit, so that native libraries do not print at shutdown."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or 1
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run `hcc` with these arguments and give its exit code."""
    write_for_owner_only()
    try:
        app(args=list(arguments), prog_name="hcc")
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 0
        if code == INTERRUPTED:
            print_on_stderr("Interrupted. What was published before is unchanged.")
        return code
    except Exception as error:
        if "--traceback" in arguments:
            show_traceback()
        return report_failure(error, log_dir=log_dir())
    return 0


def _register_commands() -> None:
    for name, function in COMMANDS.items():
        about, _, examples = (inspect.getdoc(function) or "").partition("Example:")
        paragraphs = [" ".join(paragraph.split()) for paragraph in about.strip().split("\n\n")]
        lines = [line.strip() for line in examples.strip().splitlines()]
        app.command(name, help="\n\n".join(paragraphs), epilog="\n\n".join(["Example:", *lines]))(function)


_register_commands()
