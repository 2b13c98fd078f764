"""Commands about the loads of the warehouse: status, rollback, prune."""

from typing import Annotated

import typer

from etl.commands.connections import asking, writing
from etl.commands.options import AsJson, Output, Site, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import print_on_stderr, show_answer, show_json

STATUS = (
    "site_id",
    "load_id",
    "delivery",
    "state",
    "is_current",
    "verdict",
    "is_synthetic",
    "is_accepted",
    "started_at",
    "published_at",
    "verdict_sentence",
)


def status(*, output: Output = None, as_json: AsJson = False) -> None:
    """Show every hospital's loads: which is current, since when, and the verdict on each; first what was turned away.

    A newer delivery that was turned away is reported on stderr, above the table: when, and why.

    Example:
    hcc status
    """
    from etl.loads.attempts import read_turned_away
    from etl.report.read_verdicts import read_verdicts
    from warehouse.reading.status import list_loads

    with asking(read_settings()) as con:
        turned_away, answer, verdicts = read_turned_away(con), list_loads(con), read_verdicts(con)
    for each in turned_away.values():
        print_on_stderr(each.line, style="red")
    rows = []
    for values in answer.rows:
        row = dict(zip(answer.columns, values, strict=True))
        verdict = verdicts.get(row["load_id"])
        row |= {"verdict": verdict and verdict.grade, "verdict_sentence": verdict and verdict.sentence}
        rows.append([row[name] for name in STATUS])
    show_answer(STATUS, rows, output=output, as_json=as_json)


def rollback(
    site: Site,
    to: Annotated[
        int | None,
        typer.Option(help="The load to show; the newest of the delivery before, when not named.", metavar="LOAD"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Go back to the delivery that a hospital showed before; rebuild the views and write its report again.

    What is left stays in the warehouse as withdrawn until it is pruned. It is not brought in again until a newer
    delivery comes, or until it is named: hcc ingest SITE --delivery NAME. With --to any load that is kept is shown.

    Example:
    hcc rollback snuh
    hcc rollback snuh --to 3
    """
    from etl.loads.publish import roll_back
    from etl.report.all_hospitals.write import write_index
    from etl.report.load.write import write_report
    from warehouse.file.connect import raw_connection

    settings = read_settings()
    with ProgressBar() as progress, writing(settings, progress) as draft:
        with raw_connection(draft.engine) as con:
            done = roll_back(con, site, to=to)
        draft.publish()
        with raw_connection(draft.engine) as con:
            report = write_report(con, site, load_id=done.current.load_id, reports_dir=settings.reports_dir)
            write_index(con, reports_dir=settings.reports_dir)
    if as_json:
        show_json(
            {
                "site_id": site,
                "current_load_id": done.current.load_id,
                "withdrawn_load_id": done.withdrawn.load_id,
                "report": str(report),
            }
        )
    else:
        print_on_stderr(f"{done.sentence} Report: {report}")


def prune(
    keep: Annotated[
        int,
        typer.Option(help="How many deliveries each hospital keeps, with one load each, the shown one first.", min=1),
    ] = 3,
    as_json: AsJson = False,
) -> None:
    """Forget old deliveries and loads and rewrite the warehouse file, so that their rows are gone from the disk.

    No older version of the file stays. Who has one open keeps it until it is closed.

    The landed copies of deliveries go too; they are made again from data/raw when a delivery is ingested again.

    Example:
    hcc prune --keep 3
    """
    from etl.landing.land import forget_landed
    from etl.loads.publish import prune as prune_loads
    from warehouse.file.connect import raw_connection

    settings = read_settings()
    with ProgressBar() as progress, writing(settings, progress) as draft:
        with raw_connection(draft.engine) as con:
            gone = prune_loads(con, keep)
        progress.begin("Rewriting the warehouse")
        done = draft.compact()
        draft.publish()
        forget_landed(settings)
    if as_json:
        show_json(
            {
                "pruned": [
                    {"site_id": load.site_id, "load_id": load.load_id, "delivery": load.delivery} for load in gone
                ],
                "bytes_before": done.bytes_before,
                "bytes_after": done.bytes_after,
            }
        )
        return
    for load in gone:
        print_on_stderr(f"{load.site_id}: load {load.load_id} ({load.delivery}) is forgotten.")
    before, after = done.bytes_before / 1e6, done.bytes_after / 1e6
    print_on_stderr(f"{len(gone)} loads are forgotten. The warehouse takes {after:,.1f} MB; it took {before:,.1f}.")
