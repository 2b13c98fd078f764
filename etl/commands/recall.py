"""The command `hcc recall`: measure how many planted defects are found (recall), and the false alarms."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import AsJson, Output, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import print_on_stderr, show_answer


def recall(
    sites: Annotated[
        list[str] | None, typer.Argument(help="Hospitals; all when none is named.", metavar="SITE")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed plants the same defects.")] = 2021,
    write: Annotated[Path | None, typer.Option(help="Also write the table as Markdown into this file.")] = None,
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Plant every known defect into synthetic deliveries, ingest them aside, and report what was caught.

    Takes some minutes. Neither the warehouse nor the reports are touched. Ends with 1 when anything was missed or said
    in vain.

    Example:
    hcc recall jbuh
    hcc recall --write docs/explanation/recall.md
    """
    from etl.synthetic.recall import measure_recall
    from etl.synthetic.recall_table import recall_markdown, recall_rows
    from warehouse.file.whole_file import write_whole

    with ProgressBar() as progress:
        found = measure_recall(sites or (), settings=read_settings(), seed=seed, progress=progress)
    headers, rows = recall_rows(found)
    missed = [each.defect for each in found.judged if not each.is_caught]
    if write is not None:
        write_whole(write, recall_markdown(found))
    show_answer(headers, rows, output=output, as_json=as_json)
    for defect in missed:
        place = " ".join(filter(None, (defect.file, defect.sheet, str(defect.record or ""), defect.column)))
        print_on_stderr(
            f"missed: {defect.site_id} {defect.defect_set} {place}: {defect.kind} (expected {defect.rule or 'silence'})"
        )
    for alarm in found.false_alarms:
        print_on_stderr(f"false alarm: {alarm.site_id} {alarm.defect_set}: {alarm.what}")
    if missed or found.false_alarms:
        raise typer.Exit(1)
