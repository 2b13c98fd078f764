"""The command `hcc timeline`: draw one patient's time line."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.connections import asking
from etl.commands.options import AsJson, Site, read_settings
from etl.commands.show import out, plain, print_on_stderr, show_json


def timeline(
    site: Site,
    patient: Annotated[str, typer.Argument(help="The patient's pseudonym, as in analysis.cohort.")],
    *,
    folder: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the files; reports/timeline when not given.")
    ] = None,
    analytes: Annotated[
        list[str] | None, typer.Option("--lab", help="A laboratory value to show, e.g. bilirubin_total; AFP when none.")
    ] = None,
    is_korean: Annotated[bool, typer.Option("--korean", help="Korean words.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draw one patient's time line: doses, other treatments, scans with their response, adverse events, AFP, death.

    Writes time_line.svg, .png and .csv. They show one person's course: handle them as the warehouse itself.

    Example:
    hcc timeline snuh 4f2a9c --lab afp --lab bilirubin_total -o reports/one
    """
    from etl.study.patient.time_line import draw_time_line

    settings = read_settings()
    with asking(settings) as con:
        written = draw_time_line(
            con,
            site,
            patient,
            folder=folder or settings.reports_dir / "timeline",
            analytes=analytes or ["afp"],
            language="ko" if is_korean else "en",
        )
    if as_json:
        show_json({"svg": str(written.svg), "png": str(written.png), "csv": str(written.csv)})
        return
    out().print(plain(f"Time line: {written.svg}"), soft_wrap=True)
    for note in written.notes:
        print_on_stderr(note)
