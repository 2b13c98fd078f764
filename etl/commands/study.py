"""The commands `hcc study` and `hcc check-study`: compute a study and write its report, check its file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.commands.connections import report_what_differs
from etl.commands.options import AsJson, Output, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import out, plain, print_on_stderr, show_json
from etl.study import MAIN_STUDY
from warehouse.errors import RefusedError

if TYPE_CHECKING:
    from etl.settings import Settings

MOST_DIFFERENCES = 10


def study(
    name: Annotated[
        str | None,
        typer.Argument(
            help=f"The study, as its file under studies/ is called; {MAIN_STUDY} when not given.", metavar="[STUDY]"
        ),
    ] = None,
    *,
    frozen: Annotated[
        str | None,
        typer.Option("--from", help="Compute it from this frozen data set (hcc freeze), not from the warehouse."),
    ] = None,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Compute a study: its tables, tests, curves and models; store every number and write its report.

    What a study has is its file, studies/<name>.yaml. Afterwards analysis.table_1 and the others hold the tests, too,
    analysis.model_term the models, analysis.result every number; reports/study.html prints them, with figures (SVG,
    PNG, CSV), tables (.docx, .xlsx) and results.json next to it. -o also writes every number, analysis.result, into a file.

    Example:
    hcc study
    hcc study -o results.xlsx
    hcc study sorafenib --from 2026-12
    """
    from etl.study.pipeline import run_frozen, run_study

    if output is not None and frozen is not None:
        raise typer.BadParameter("it goes without --from: results.json has the numbers", param_hint="--output")
    settings = read_settings()
    with ProgressBar() as progress:
        if frozen is not None:
            done = run_frozen(frozen, settings=settings, progress=progress, name=name)
        else:
            done = run_study(name or MAIN_STUDY, settings=settings, progress=progress)
    if frozen is None:
        report_what_differs(settings)  # afterwards: computing the study already updated what follows from files
    if output is not None:
        print_on_stderr(f"{output}: {_write_results(done.study_id, output, settings=settings):,} rows.")
    if as_json:
        show_json(
            {
                "study": done.study_id,
                "numbers": done.numbers,
                "report": str(done.report),
                "folder": str(done.folder),
                "differing": list(done.differing),
            }
        )
    else:
        out().print(plain(f"{done.study_id}: {done.numbers:,} numbers are stored."), soft_wrap=True)
        out().print(plain(f"Report: {done.report}"), soft_wrap=True)
        print_on_stderr(f"Figures, tables and results.json: {done.folder}")
        if frozen is not None:
            _compare_with_frozen(done.differing)
    if done.differing:
        raise typer.Exit(RefusedError.exit_code)


def _write_results(study_id: str, output: Path, *, settings: "Settings") -> int:
    """Write every number of the study as it now stands in the warehouse."""
    from etl.own_files.answer_file import write_answer
    from warehouse.reading.query import reading

    with reading(settings.warehouse_path) as con:
        result = con.execute("SELECT * FROM analysis.result WHERE study_id = ? ORDER BY ALL", [study_id])
        columns = [column[0] for column in result.description or ()]
        return write_answer(output, columns, result.fetchall())


def _compare_with_frozen(differing: Sequence[str]) -> None:
    """Report whether a frozen data set reproduced its numbers."""
    if not differing:
        print_on_stderr("Every number is the one that was frozen, in ten significant digits.")
        return
    print_on_stderr(f"{len(differing):,} numbers are not those that were frozen:", style="red")
    for sentence in differing[:MOST_DIFFERENCES]:
        print_on_stderr(sentence)
    if len(differing) > MOST_DIFFERENCES:
        print_on_stderr(f"... and {len(differing) - MOST_DIFFERENCES:,} more; --json lists all of them.")


def check_study(
    name: Annotated[
        str, typer.Argument(help="The study, as its file under studies/ is called.", metavar="[STUDY]")
    ] = MAIN_STUDY,
    as_json: AsJson = False,
) -> None:
    """Check a study file: every name must lead somewhere; each mistake is reported with its line.

    Example:
    hcc check-study sorafenib
    """
    from etl.study.definition.read_study import read_study

    definition = read_study(read_settings().studies_dir, name)
    parts = {
        "populations": len(definition.study.populations),
        "variables": len(definition.study.variables),
        "tables": len(definition.study.tables),
        "curves": len(definition.study.curves),
        "models": len(definition.study.models),
    }
    if as_json:
        show_json({"study": definition.name, "file": str(definition.path), **parts})
        return
    said = ", ".join(f"{part}: {count}" for part, count in parts.items())
    out().print(plain(f"{definition.path}: the study file is right. {said}."), soft_wrap=True)
