"""The command `hcc export`: write tables for R, SPSS, Stata and Excel."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.connections import asking
from etl.commands.options import AsJson, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import out, plain, print_on_stderr, show_json
from etl.export.formats import Format


def export(
    to: Annotated[Path, typer.Argument(help="The folder to make.", metavar="TO")],
    *,
    schemas: Annotated[
        list[str] | None,
        typer.Option(
            "--schema",
            "-s",
            help="A schema (analysis, clinical, current) or a table; again for another. These three when not given.",
            metavar="NAME",
        ),
    ] = None,
    form: Annotated[
        Format,
        typer.Option("--format", "-f", help=f"The format of the tables: {', '.join(Format)}.", metavar="FORMAT"),
    ] = Format.csv,
    is_korean: Annotated[bool, typer.Option("--korean", help="Korean labels of values in .sav and .dta.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write whole schemas for R, SPSS, Stata or Excel, with a codebook, the codes' labels, loads, versions and hashes.

    A table is a file, named after schema and table; in Excel a sheet of its schema's workbook. codebook.csv says of every
    column what it means, its unit, its code list and how it is written; code_lists.csv has every code with its labels. SPSS
    and Stata files carry the labels themselves; in Stata files a number stands for a code.

    The folder is written whole or not at all, for its owner alone. An export that nobody touched gives way to a new one;
    anything else that is there is not overwritten. The rows are patients' data under pseudonyms.

    Example:
    hcc export for_r
    hcc export for_spss --schema analysis --format sav
    hcc export cohort --schema analysis.cohort --schema clinical.survival --format dta
    hcc export for_excel --schema clinical --format xlsx --json
    """
    from etl.export.export import export as write_export

    with ProgressBar() as progress, asking(read_settings()) as con:
        done = write_export(
            con, schemas or (), folder=to, form=form, language="ko" if is_korean else "en", progress=progress
        )
    if as_json:
        show_json(
            {
                "folder": str(done.folder),
                "format": str(done.form),
                "rows": done.row_count,
                "seal": done.seal,
                "warning": done.warning,
                "notes": done.sentences,
                "tables": [
                    {"table": each.table.name, "file": each.file, "sheet": each.sheet, "rows": each.table.row_count}
                    for each in done.tables
                ],
            }
        )
        return
    out().print(
        plain(f"{done.folder}: {len(done.tables):,} tables, {done.row_count:,} rows, as .{done.form}."), soft_wrap=True
    )
    for sentence in done.sentences:
        print_on_stderr(sentence)
    print_on_stderr(done.warning, style="yellow")
